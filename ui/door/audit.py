"""Who comes in and who is turned away, a line each in the home's log: time, what, name, address; never a password."""

import logging
import time
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from recmodels.outside import on_one_line, visible
from ui.door.hosts import LOOPBACK

NAME_LENGTH = 64  # characters of a name that are kept
MOST_A_MINUTE = 120  # lines, so that a flood of refusals does not push all else out of the log
REFUSED = (403, 421, 429)
_FORM_BYTES = 4_096
_log = logging.getLogger(__name__)


class Audit:
    """Notes logins, logouts and refusals of the application inside it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._minute, self._n_lines = 0, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        form = bytearray()
        is_form = scope["type"] == "http" and scope["path"] == "/login" and scope["method"] == "POST"

        async def hear() -> Message:
            message = await receive()
            if is_form and message["type"] == "http.request" and len(form) < _FORM_BYTES:
                form.extend(message.get("body", b"")[:_FORM_BYTES])
            return message

        async def tell(message: Message) -> None:
            status = _status(message)
            if status is not None and (words := _words(scope, status, bytes(form))):
                self._write(f"{words}, from {_shown(address_of(scope))}")
            await send(message)

        await self._app(scope, hear, tell)

    def _write(self, line: str) -> None:
        minute = int(time.monotonic() // 60)
        self._n_lines = self._n_lines + 1 if minute == self._minute else 1
        self._minute = minute
        if self._n_lines < MOST_A_MINUTE:
            _log.info("%s", line)
        elif self._n_lines == MOST_A_MINUTE:
            _log.info("%s; more of this minute is left out", line)


def address_of(scope: Scope) -> str:
    """Where a request comes from; a proxy on this machine says it last in the header, which others cannot write."""
    client = scope.get("client")
    host: str = client[0] if client else ""
    said = Headers(scope=scope).get("x-forwarded-for", "").rpartition(",")[2].strip()
    return said if said and host in LOOPBACK else host


def _words(scope: Scope, status: int, form: bytes) -> str | None:
    """What is to be noted of an answer; None: nothing."""
    is_form = scope["type"] == "http" and scope["path"] in ("/login", "/logout") and scope["method"] == "POST"
    if is_form and status not in (403, 421):  # which say that it never came to the form
        if scope["path"] == "/logout":
            return "logged out"
        name = parse_qs(form.decode("utf-8", "replace"), max_num_fields=8).get("name", [""])[0]
        return f"{'logged in' if status == 303 else f'login refused with {status}'}: {_shown(name)}"
    if status not in REFUSED:
        return None
    host = Headers(scope=scope).get("host", "")
    return f"refused with {status}: {_shown(scope['path'])} under the name {_shown(host)}"


def _status(message: Message) -> int | None:
    """Of the start of an answer; a WebSocket that is closed before it opens was forbidden."""
    if message["type"] == "websocket.close":
        return 403 if message.get("code") == 1008 else None
    return int(message["status"]) if message["type"] == "http.response.start" else None


def _shown(text: str) -> str:
    return repr(visible(on_one_line(text))[:NAME_LENGTH])
