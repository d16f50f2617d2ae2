"""A tab of the page without a browser: it makes the requests that the page's script makes, and sees when words arrive.

Own code over asyncio's streams, since a usual HTTP client takes as much of a processor as the server that is measured.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

MOST_S = 600.0  # for an answer


class Wire:
    """The connections of one browser, kept open between requests."""

    def __init__(self, host: str, port: int) -> None:
        self._address = host, port
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, method: str, path: str, body: Any = None) -> bytes:
        """The body of an answer.

        Raises:
            RefusedError: Its status is not 200.
        """
        while self._free:
            with suppress(ConnectionError, asyncio.IncompleteReadError):  # it was closed since
                return await self._ask(*self._free.pop(), method, path, body)
        return await self._ask(*await asyncio.open_connection(*self._address), method, path, body)

    async def lines(self, path: str) -> AsyncIterator[bytes]:
        """The pieces of a stream, until the server ends it."""
        reader, writer = await asyncio.open_connection(*self._address)
        try:
            headers = await self._send(reader, writer, "GET", path, None)
            assert headers.get("transfer-encoding") == "chunked", headers
            while piece := await _chunk(reader):
                yield piece
        finally:
            writer.close()

    def close(self) -> None:
        for _, writer in self._free:
            writer.close()

    async def _ask(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, method: str, path: str, body: Any
    ) -> bytes:
        headers = await self._send(reader, writer, method, path, body)
        if headers.get("transfer-encoding") == "chunked":
            answer = b""
            while piece := await _chunk(reader):
                answer += piece
        else:
            answer = await reader.readexactly(int(headers["content-length"]))
        if headers.get("connection") == "close":
            writer.close()
        else:
            self._free.append((reader, writer))
        if headers["status"] != "200":
            raise RefusedError(f"{path.partition('?')[0]}: {headers['status']} {answer[:200].decode(errors='replace')}")
        return answer

    async def _send(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, method: str, path: str, body: Any
    ) -> dict[str, str]:
        host, port = self._address
        data = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: {len(data)}\r\n"
        writer.write(f"{head}Content-Type: application/json\r\n\r\n".encode() + data)
        status, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().rstrip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        return headers | {"status": status.split(" ")[1]}


class RefusedError(Exception):
    """The server answers otherwise than with 200, or a handler failed."""


async def _chunk(reader: asyncio.StreamReader) -> bytes:
    """One piece of a body; empty: it was the last."""
    size = int(await reader.readline(), 16)
    return (await reader.readexactly(size + 2))[:-2]


@dataclass(slots=True, kw_only=True)
class Answer:
    """One message, and what was seen of its answer; times in seconds since it was sent."""

    text: str
    sent_at: float
    first_s: float | None = None  # to the first word
    end_s: float | None = None
    problem: str = ""


class Tab:
    """One open page with its chat, and one stream of what the server says."""

    def __init__(self, host: str, port: int, chat: str = "new") -> None:
        """`chat`: the id of the one that is shown; new: a new one."""
        self.chat = chat
        self._wire = Wire(host, port)
        self._study: str | None = None
        self._titles: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._hello = asyncio.Event()
        self._quiet = asyncio.Event()  # no answer is being given
        self._answers: list[Answer] = []
        self._turns: dict[int, Answer] = {}
        self.n_bytes = 0  # that came through the stream
        self.problems: list[str] = []  # other than those of answers

    async def open(self) -> None:
        """Loads the page, and listens from now on."""
        await self._wire.ask("GET", "/")
        await self._wire.ask("GET", "/config")
        self._begin(self._listen())
        await self._hello.wait()
        await self._wire.ask("GET", f"/api/view?at=overview&chat={self.chat}")

    def close(self) -> None:
        """Leaves the page."""
        for task in self._tasks:
            task.cancel()
        self._wire.close()

    async def say(self, text: str) -> Answer:
        """Sends a message and waits for the whole of its answer."""
        answer = Answer(text=text, sent_at=time.monotonic())
        self._answers.append(answer)
        self._quiet.clear()
        try:
            await self._wire.ask("POST", "/api/say", {"chat": self.chat, "study": self._study, "text": text})
            await asyncio.wait_for(self._quiet.wait(), MOST_S)
            answer.end_s = time.monotonic() - answer.sent_at
        except (RefusedError, OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            answer.problem = f"{type(error).__name__}: {error}"
        if not answer.problem and answer.first_s is None:
            answer.problem = "no word of an answer was shown"
        return answer

    async def load_s(self) -> float:
        """Seconds until the page at `/` is there."""
        began = time.monotonic()
        await self._wire.ask("GET", "/")
        return time.monotonic() - began

    def titles(self) -> list[str]:
        """Of the folded steps that the chat shows."""
        return list(self._titles.values())

    async def _listen(self) -> None:
        rest = b""
        try:
            async for piece in self._wire.lines(f"/api/feed?chat={self.chat}"):
                self.n_bytes += len(piece)
                *whole, rest = (rest + piece).split(b"\n\n")
                for message in whole:
                    if message.startswith(b"event: "):
                        name, _, data = message.partition(b"\n")
                        self._hear(name.removeprefix(b"event: ").decode(), json.loads(data.removeprefix(b"data: ")))
        except (RefusedError, OSError, asyncio.IncompleteReadError) as error:
            self.problems.append(f"the stream: {type(error).__name__}: {error}")

    def _hear(self, name: str, said: Any) -> None:
        if name == "hello":
            self.chat = said["chat"]
            self._hello.set()
        elif name == "study":
            self._study = said["name"]
        elif name == "answering" and not said["is"] and said["turn"] >= len(self._answers) - 1:
            self._quiet.set()
        elif name == "entries":
            for entry in said["entries"]:
                self._see(entry)

    def _see(self, entry: dict[str, Any]) -> None:
        """Notes when the first word of each answer stands in the chat."""
        if entry["role"] == "user" and len(self._turns) < len(self._answers):
            self._turns[entry["turn"]] = self._answers[len(self._turns)]
        if entry.get("title"):
            self._titles[entry["key"]] = entry["title"]
        answer = self._turns.get(entry["turn"])
        has_words = any(entry.get(part) for part in ("html", "add", "plan", "columns"))
        if answer and answer.first_s is None and entry["kind"] == "answer" and has_words:
            answer.first_s = time.monotonic() - answer.sent_at

    def _begin(self, what: Any) -> None:
        task = asyncio.create_task(what)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
