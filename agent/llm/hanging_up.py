"""Hanging up on a server at once, from any thread, even while it has not begun to answer."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

from agent.stopping import on_stop

_CONNECTED = (".connect_tcp.complete", ".connect_unix_socket.complete", ".start_tls.complete")  # of httpcore's trace


class _Line:
    """The connection of one request."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._is_cut = False

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Told by httpcore of each step of the request."""
        if event.endswith(_CONNECTED):
            self._socket = info["return_value"].get_extra_info("socket")
            if self._is_cut:
                self.cut()

    def cut(self) -> None:
        self._is_cut = True
        if self._socket is not None:
            with suppress(OSError):  # it is closed already
                self._socket.shutdown(socket.SHUT_RDWR)


_LINE: ContextVar[_Line | None] = ContextVar("line", default=None)


@contextmanager
def hanging_up_on_stop() -> Iterator[None]:
    """Within this block a request ends when what runs here shall end."""
    line = _Line()
    token = _LINE.set(line)
    try:
        with on_stop(line.cut):
            yield
    finally:
        _LINE.reset(token)


def watch(request: Any) -> None:
    """A hook of an HTTP client: lets the request be cut off."""
    line = _LINE.get()
    if line is not None:
        request.extensions = {**request.extensions, "trace": line.trace}
