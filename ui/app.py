"""The chat in the browser: `recpilot ui` serves it on this machine only, unless asked."""

import sys
import threading

import gradio as gr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from agent.origins import is_loopback
from agent.workspace import Workspace
from ui.address import Address
from ui.door.entrance import door
from ui.door.hosts import ANY_ADDRESS, Hosts, bracketed
from ui.door.incoming import incoming
from ui.door.limits import MEBIBYTE
from ui.door.listening import bound
from ui.door.login import person_of
from ui.door.paths import OWN_FILES
from ui.door.quiet import quiet
from ui.door.serving import serve_until_interrupted
from ui.page.hull import ASSETS, head, hull, theme
from ui.page.routes import routes
from ui.page.site import Site


def serve(workspace: Workspace, address: Address) -> None:
    """Serves the chat until Ctrl-C."""
    listening = bound(address.host, address.port)
    port = listening.getsockname()[1]
    hosts = Hosts.of(address.host, port, address.names)
    with incoming(workspace.settings.home), quiet():
        app = door(site(workspace, address), hosts, address.people, address.upload_mib)
        listening.listen()  # so that a browser that is given the address is not turned away
        print(*_told(address, port), sep="\n", file=sys.stderr, flush=True)  # noqa: T201
        threading.Thread(target=workspace.warm_up, name="warm-up", daemon=True).start()  # after the page is there
        serve_until_interrupted(app, listening)


def _told(address: Address, port: int) -> list[str]:
    """Where the chat is, and what passes in the open."""
    host = "127.0.0.1" if address.host in ANY_ADDRESS else bracketed(address.host)
    lines = [f"recpilot: the chat is at http://{host}:{port}"]
    if not is_loopback(f"http://{bracketed(address.host)}"):
        lines += ["recpilot: others on the network can read what passes, passwords too: put TLS in front"]
    return lines


def site(workspace: Workspace, address: Address) -> ASGIApp:
    """The page and what it asks for, as an application of a web server."""
    own = Site.of(workspace, takes_any_llm=address.takes_any_llm, upload_mib=address.upload_mib)
    app = Starlette(routes=[*routes(own), Route(OWN_FILES + "{name}", _own_file)])
    page = hull()
    page.has_launched = True  # else Gradio takes any file of the machine for an upload
    return gr.mount_gradio_app(  # type: ignore[no-any-return]
        app,
        page,
        path="/",
        auth_dependency=person_of if address.people is not None else None,
        theme=theme(),
        head=head(),
        favicon_path=str(ASSETS / "icon.svg"),
        ssr_mode=False,
        run_history=False,
        enable_monitoring=False,
        max_file_size=address.upload_mib * MEBIBYTE,
        footer_links=[],
        show_error=True,
    )


def _own_file(request: Request) -> Response:
    """A script of the page, or its stylesheet."""
    name = request.path_params["name"]
    folder = ASSETS / "page" if name.endswith(".js") else ASSETS
    if name != "style.css" and name not in {one.name for one in (ASSETS / "page").iterdir()}:
        return Response(status_code=404)
    kind = "text/javascript" if name.endswith(".js") else "text/css"
    return FileResponse(str(folder / name), media_type=kind, headers={"Cache-Control": "no-cache"})
