"""The addresses that the page itself asks for; others of Gradio (its functions, files, proxies) are not offered."""

from starlette.types import ASGIApp, Receive, Scope, Send

from ui.door.refusing import Refusal, refuse

OWN_FILES = "/recpilot/"  # scripts of the page and its stylesheet
API = "/api/"
SAY = "/api/say"
UPLOAD = "/gradio_api/upload"
PATHS = frozenset(
    ("/", "/config", "/favicon.ico", "/manifest.json", "/robots.txt", "/theme.css", UPLOAD, "/gradio_api/app_id")
)
FOLDERS = (API, OWN_FILES, "/assets/", "/static/")
NOTHING_HERE = Refusal(status=404, sentence="There is nothing at this address.")


def is_of_page(path: str) -> bool:
    """Whether the page asks for it."""
    return path in PATHS or path.startswith(FOLDERS)


class PathGuard:
    """Lets through what the page asks for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not is_of_page(scope["path"]):
            await refuse(NOTHING_HERE, scope, receive, send)
        else:
            await self._app(scope, receive, send)
