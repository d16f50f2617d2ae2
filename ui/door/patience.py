"""Connections that ask nothing, or ask it letter by letter, are closed: half-open ones would fill the server."""

import asyncio
from typing import Any

try:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as Protocol
except ImportError:
    from uvicorn.protocols.http.h11_impl import H11Protocol as Protocol  # type: ignore[assignment]

REQUEST_S = 15.0  # from the first byte, or from the connection, until a request's headers are whole


class PatientProtocol(Protocol):
    """uvicorn's own protocol, which waits for ever for the headers of a request, with an end to that."""

    request_s = REQUEST_S
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def _watch(self) -> None:
        if not self._waits():
            self._stop()
        elif self._timer is None:
            self._timer = self.loop.call_later(self.request_s, self._too_slow)

    def _waits(self) -> bool:
        """Whether no request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self) -> None:
        self._timer = None
        if self._waits():
            self.transport.close()
