"""Whose an uploaded file is: a message names files of its own person only.

Gradio takes what is uploaded and answers with where it lies; a message that names another file of the machine is
refused here, before anything opens it.
"""

import json
import logging
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.door.login import PERSON
from ui.door.paths import SAY, UPLOAD
from ui.door.refusing import Refusal, refuse

_log = logging.getLogger(__name__)
MOST_UPLOADS = 10_000  # whose owners are kept
NO_CALL = Refusal(status=400, sentence="This is no message.")
NOT_UPLOADED = Refusal(status=403, sentence="A file that a message names has to be uploaded first, by the same person.")
FAILED = Refusal(status=500, sentence="This request could not be answered; the log of the server says why.")


class UploadGuard:
    """Refuses a message that names a file of the machine, or of another person."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._owners: OrderedDict[str, set[str | None]] = OrderedDict()  # of the files that were uploaded

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] == "http" and path == UPLOAD:
            await self._upload(scope, receive, send)
        elif scope["type"] == "http" and path == SAY:
            await self._message(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _message(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _whole(receive)
        refusal = self._refusal(body, scope.get(PERSON))
        if refusal is not None:
            await refuse(refusal, scope, receive, send)
            return
        is_read = False

        async def again() -> Message:
            nonlocal is_read
            if is_read:
                return await receive()
            is_read = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, again, send)

    def _refusal(self, body: bytes, person: str | None) -> Refusal | None:
        try:
            message = json.loads(body)
        except (ValueError, RecursionError):
            return NO_CALL
        return None if all(self._is_own(path, person) for path in _paths(message)) else NOT_UPLOADED

    def _is_own(self, path: object, person: str | None) -> bool:
        return isinstance(path, str) and person in self._owners.get(path, ())

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, content = 500, b""

        async def noted(message: Message) -> None:
            nonlocal status, content
            status = message.get("status", status)
            content += message.get("body", b"") if status == 200 else b""
            is_whole = message["type"] == "http.response.body" and not message.get("more_body", False)
            if status == 200 and is_whole:  # before the answer has gone, since the call may come at once
                self._keep(content, scope.get(PERSON))
            await send(message)

        await self._answered(scope, receive, noted)

    def _keep(self, answer: bytes, person: str | None) -> None:
        try:
            paths = json.loads(answer)
        except ValueError:
            return
        for path in paths if isinstance(paths, list) else ():
            self._owners.setdefault(str(path), set()).add(person)
            self._owners.move_to_end(str(path))
        while len(self._owners) > MOST_UPLOADS:
            self._owners.popitem(last=False)

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers; what Gradio cannot is one sentence and one line of the log, and the connection stays whole."""
        has_failed = False

        async def whole(message: Message) -> None:
            nonlocal has_failed
            has_failed = has_failed or message.get("status") == FAILED.status
            if not has_failed:
                await send(message)

        try:
            await self._app(scope, receive, whole)
        except Exception as error:
            if not has_failed:
                raise
            _log.warning("a request to the page failed: %s: %s", type(error).__name__, error)
        if has_failed:
            await refuse(FAILED, scope, receive, send)


async def _whole(receive: Receive) -> bytes:
    body: bytes = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return body


def _paths(call: object) -> Iterator[object]:
    """What stands where a file object has its path, however deep."""
    left: list[Any] = [call]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            if "path" in one:
                yield one["path"]
            left.extend(one.values())
        elif isinstance(one, list):
            left.extend(one)
