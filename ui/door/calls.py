"""What a call of the page's functions may hold: a function that there is, files and a tab of the same person.

Gradio copies any file that a call names, of the whole machine, unless its own check is on (`has_launched`, which a page
that is mounted lacks): it is turned on in `ui.app`, and here a call is read before Gradio sees it.
"""

import json
import logging
from collections import OrderedDict
from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import parse_qs, unquote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.door.login import PERSON
from ui.door.paths import CALLS, FILE, HEARTBEAT, NOTHING_HERE, STREAM, UPLOAD
from ui.door.refusing import Refusal, refuse

_log = logging.getLogger(__name__)
MOST_UPLOADS = 10_000  # whose owners are kept
MOST_TABS = 10_000
NO_CALL = Refusal(status=400, sentence="This is no call of the page's functions.")
NOT_UPLOADED = Refusal(status=403, sentence="A file that a message names has to be uploaded first, by the same person.")
NOT_OWN_TAB = Refusal(status=403, sentence="This tab of the page is another person's.")
FAILED = Refusal(status=500, sentence="This request could not be answered; the log of the server says why.")


class CallGuard:
    """Refuses a call that names a file of the machine, a file or a tab of another person, or no function that there is.

    What a tab is sent comes through a stream that its number opens; the first person who names a number has it.
    """

    def __init__(self, app: ASGIApp, functions: Collection[int]) -> None:
        self._app = app
        self._functions = functions
        self._owners: OrderedDict[str, set[str | None]] = OrderedDict()  # of the files that were uploaded
        self._tabs: OrderedDict[str, str | None] = OrderedDict()  # whose each is

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif path == UPLOAD:
            await self._upload(scope, receive, send)
        elif path in CALLS:
            await self._call(scope, receive, send)
        elif path.startswith(FILE) and not self._may_read(path.removeprefix(FILE), scope.get(PERSON)):
            await refuse(NOTHING_HERE, scope, receive, send)
        elif not self._has_tab(_tab_of(scope), scope.get(PERSON)):
            await refuse(NOT_OWN_TAB, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _has_tab(self, tab: object, person: str | None) -> bool:
        if not isinstance(tab, str):
            return tab is None
        owner = self._tabs.setdefault(tab, person)
        self._tabs.move_to_end(tab)
        while len(self._tabs) > MOST_TABS:
            self._tabs.popitem(last=False)
        return owner == person

    async def _call(self, scope: Scope, receive: Receive, send: Send) -> None:
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

        await self._answered(scope, again, send)

    def _refusal(self, body: bytes, person: str | None) -> Refusal | None:
        try:
            call = json.loads(body)
        except (ValueError, RecursionError):
            return NO_CALL
        number = call.get("fn_index") if isinstance(call, dict) else None
        if not isinstance(number, int) or number not in self._functions:
            return NO_CALL
        if not self._has_tab(call.get("session_hash"), person):
            return NOT_OWN_TAB
        return None if all(self._is_own(path, person) for path in _paths(call)) else NOT_UPLOADED

    def _is_own(self, path: object, person: str | None) -> bool:
        return isinstance(path, str) and person in self._owners.get(path, ())

    def _may_read(self, path: str, person: str | None) -> bool:
        owners = self._owners.get(path) or self._owners.get(unquote(path))
        return owners is None or person in owners

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


def _tab_of(scope: Scope) -> str | None:
    """The number of the tab that a request listens for, None where it is for none."""
    path = scope.get("path", "")
    if path == STREAM:
        query: bytes = scope.get("query_string", b"")
        return (parse_qs(query.decode("latin-1")).get("session_hash") or [""])[0]
    return unquote(str(path).removeprefix(HEARTBEAT)) if path.startswith(HEARTBEAT) else None


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
