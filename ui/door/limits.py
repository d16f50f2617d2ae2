"""How much one request, one person and one server take; bodies that are too long, too slow or no text are refused."""

import codecs
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import anyio
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.door.paths import UPLOAD
from ui.door.refusing import Refusal, refuse

MEBIBYTE = 2**20
UPLOAD_MIB = 1024  # of one file, unless `--max-upload` says otherwise
MOST_FILES = 10  # in one request
REQUEST_MIB = 1  # of any other request
BODY_S = 30.0  # for a body that is no upload; for an upload, without a byte of it
MESSAGE_LENGTH = 10_000  # characters
MESSAGES_PER_MINUTE, MESSAGES_AT_ONCE = 60, 20  # of one person; without logins, of one chat
MESSAGES_WAITING = 20  # in one chat
CONNECTIONS = 512
MOST_KEYS = 10_000

TOO_LARGE = Refusal(
    status=413, sentence="The request is too large; `recpilot ui --max-upload MIB` allows larger files."
)
TOO_SLOW = Refusal(status=408, sentence="The request came too slowly.")
NO_TEXT = Refusal(status=400, sentence="The request is no text in UTF-8.")


class BodyGuard:
    """Refuses a request that is longer or slower than it may be, or no text where it is no upload."""

    def __init__(self, app: ASGIApp, upload_mib: int = UPLOAD_MIB, body_s: float = BODY_S) -> None:
        self._app = app
        self._upload_mib = upload_mib
        self._body_s = body_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_upload = scope["path"] == UPLOAD
        most = (self._upload_mib * MOST_FILES + REQUEST_MIB if is_upload else REQUEST_MIB) * MEBIBYTE
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or int(announced) > most:
            await refuse(TOO_LARGE, scope, receive, send)
            return
        body = _Body(receive, most, self._body_s, is_upload=is_upload)
        answer = _Answer(send)
        try:
            await self._app(scope, body, answer)
        except _RefusedError as error:
            if not answer.has_begun:
                await refuse(error.refusal, scope, receive, send)


class _RefusedError(Exception):
    """A body that is not read on."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal


class _Body:
    """Reads a body within its bounds; what comes after it, the end of the connection, is waited for without one."""

    def __init__(self, receive: Receive, most: int, wait_s: float, *, is_upload: bool) -> None:
        self._receive = receive
        self._left = most
        self._until = None if is_upload else time.monotonic() + wait_s
        self._wait_s = wait_s
        self._is_whole = False
        self._decoder = None if is_upload else codecs.getincrementaldecoder("utf-8")()

    async def __call__(self) -> Message:
        if self._is_whole:
            return await self._receive()
        left_s = self._wait_s if self._until is None else max(0.0, self._until - time.monotonic())
        with anyio.move_on_after(left_s) as waited:
            message = await self._receive()
        if waited.cancelled_caught:
            raise _RefusedError(TOO_SLOW)
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise _RefusedError(TOO_LARGE)
        self._is_whole = not message.get("more_body", False)
        self._check_text(message.get("body", b""))
        return message

    def _check_text(self, piece: bytes) -> None:
        try:
            if self._decoder is not None:
                self._decoder.decode(piece, final=self._is_whole)
        except UnicodeDecodeError:
            raise _RefusedError(NO_TEXT) from None


class _Answer:
    """Knows whether an answer has begun, after which none can be put in its place."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.has_begun = False

    async def __call__(self, message: Message) -> None:
        self.has_begun = True
        await self._send(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What a person may still send, and since when."""

    messages: float
    at: float


class Rates:
    """How many messages each may send: a few at once, then one a second."""

    def __init__(
        self,
        per_minute: int = MESSAGES_PER_MINUTE,
        at_once: int = MESSAGES_AT_ONCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_s = per_minute / 60
        self._at_once = at_once
        self._clock = clock
        self._left: OrderedDict[str, Left] = OrderedDict()  # the latest used last

    def takes(self, who: str) -> bool:
        """Whether one more message of theirs is taken now."""
        now = self._clock()
        before = self._left.get(who, Left(messages=self._at_once, at=now))
        messages = min(self._at_once, before.messages + (now - before.at) * self._per_s)
        is_taken = messages >= 1
        self._left[who] = Left(messages=messages - is_taken, at=now)
        self._left.move_to_end(who)
        if len(self._left) > MOST_KEYS:
            self._left.popitem(last=False)
        return is_taken
