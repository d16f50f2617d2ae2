"""The addresses that the page itself asks for; others of Gradio (API by name, proxies, histories) are not offered."""

from starlette.types import ASGIApp, Receive, Scope, Send

from ui.door.refusing import Refusal, refuse

SCRIPT = "/recpilot.js"
FILE = "/gradio_api/file="
UPLOAD = "/gradio_api/upload"
STREAM = "/gradio_api/queue/data"
HEARTBEAT = "/gradio_api/heartbeat/"
CALLS = ("/gradio_api/queue/join", "/gradio_api/run/predict")  # call a function of the page, in turn and at once
PATHS = frozenset(
    (
        "/",
        "/config",
        "/favicon.ico",
        "/manifest.json",
        "/robots.txt",
        "/theme.css",
        SCRIPT,
        UPLOAD,
        *CALLS,
        "/gradio_api/app_id",
        "/gradio_api/cancel",
        STREAM,
        "/gradio_api/reset",
        "/gradio_api/upload_progress",
    )
)
FOLDERS = ("/assets/", "/static/", HEARTBEAT, FILE)
NOTHING_HERE = Refusal(status=404, sentence="There is nothing at this address.")


def is_of_page(path: str) -> bool:
    """Whether the page asks for it; a file is one of this machine, since Gradio would fetch a URL from its server."""
    if path.startswith(FILE):
        return "://" not in path and not path.removeprefix(FILE).lower().startswith(("http:", "https:"))
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
