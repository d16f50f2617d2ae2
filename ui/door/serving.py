"""The server that runs the page: it listens on one socket, and ends with the program."""

import socket
import threading

import uvicorn
from starlette.types import ASGIApp

from ui.door.limits import CONNECTIONS
from ui.door.patience import PatientProtocol

KEEP_ALIVE_S = 10  # between two requests of one connection
CLOSE_S = 2  # for requests that run when the program ends


def config_of(app: ASGIApp) -> uvicorn.Config:
    """No WebSockets, since the page uses none, and no line for each request; what fails is told by `quiet`."""
    return uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=CLOSE_S,
    )


def serve_until_interrupted(app: ASGIApp, listening: socket.socket) -> None:
    """Serves in a thread, so that Ctrl-C and other signals come to the program as they come to every command."""
    server = uvicorn.Server(config_of(app))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="server", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(0.5)
    except KeyboardInterrupt:
        return
    finally:
        server.should_exit = True
        thread.join(2 * CLOSE_S)
