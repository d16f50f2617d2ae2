"""The server that runs the page: it listens on one socket, and ends with the program."""

import socket
import threading

import uvicorn
from starlette.types import ASGIApp

CLOSE_S = 2  # for requests that run when the program ends


def config_of(app: ASGIApp) -> uvicorn.Config:
    """No WebSockets, since the page uses none, and no line for each request."""
    return uvicorn.Config(
        app,
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
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
