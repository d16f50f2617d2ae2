"""A tab of the page without a browser: it makes the requests that Gradio's script makes, and sees when words arrive.

Own code over asyncio's streams, since a usual HTTP client takes as much of a processor as the server that is measured.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

TICK_S = 1.0  # of the page's timer, see `ui.app.POLL_S`
API = "/gradio_api"


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


@dataclass(slots=True)
class Running:
    """An event that the server works on."""

    heard: Callable[[list[Any]], None]
    done: "asyncio.Future[None]"
    values: list[Any] = field(default_factory=list)


class Tab:
    """One open page with its chat, its timer, and one stream of what the server says."""

    def __init__(self, host: str, port: int, session: str) -> None:
        self.session = session
        self._wire = Wire(host, port)
        self._functions: dict[str, dict[str, Any]] = {}
        self._chat: list[Any] = []
        self._study: str | None = None
        self._running: dict[str, Running] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_streaming = False
        self._answers: list[Answer] = []
        self.problems: list[str] = []  # other than those of answers

    async def open(self) -> None:
        """Loads the page; its timer runs from now on."""
        await self._wire.ask("GET", "/")
        config = json.loads(await self._wire.ask("GET", "/config"))
        for function in config["dependencies"]:
            self._functions.setdefault(function["api_name"], function)
        self._parts = {part["props"].get("elem_id"): part["id"] for part in config["components"]}
        self._begin(self._alive())
        await self._call("arrive", [""])
        await self._call("new_chat", [])  # a page without a past shows the person's latest chat
        await asyncio.gather(self._call("draw", [None, None]), self._call("settings", [None]), self._call("login", []))
        self._begin(self._tick())

    def close(self) -> None:
        """Leaves the page."""
        for task in self._tasks:
            task.cancel()
        self._wire.close()

    async def say(self, text: str) -> Answer:
        """Sends a message and waits for the whole of its answer."""
        answer = Answer(text=text, sent_at=time.monotonic())
        self._answers.append(answer)
        try:
            await self._call("say", [{"text": text, "files": []}, None])
            await self._call("watch", [None])
            answer.end_s = time.monotonic() - answer.sent_at
            await self._call("titles", [None])
        except (RefusedError, OSError, asyncio.IncompleteReadError) as error:
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
        return [title for message in self._chat if (title := (message.get("metadata") or {}).get("title"))]

    async def _alive(self) -> None:
        async for _ in self._wire.lines(f"{API}/heartbeat/{self.session}"):
            pass

    async def _tick(self) -> None:
        """Once a second, unless the last one is still on its way, as a browser does."""
        while True:
            due = time.monotonic() + TICK_S
            try:
                await self._call("tick", [None, self._study] + [None] * (len(self._functions["tick"]["inputs"]) - 2))
            except (RefusedError, OSError, asyncio.IncompleteReadError) as error:
                self.problems.append(f"tick: {type(error).__name__}: {error}")
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def _call(self, name: str, data: list[Any]) -> None:
        """Has the server run a handler, and shows what it returns."""
        function = self._functions[name]
        body = {"data": data, "fn_index": function["id"], "session_hash": self.session, "event_data": None}
        if not function["queue"]:
            answer = json.loads(await self._wire.ask("POST", f"{API}/run/predict", body))
            self._show(function["outputs"], answer["data"])
            return
        event = json.loads(await self._wire.ask("POST", f"{API}/queue/join", body))["event_id"]
        done = asyncio.get_running_loop().create_future()
        self._running[event] = Running(lambda values: self._show(function["outputs"], values), done)
        if not self._is_streaming:
            self._is_streaming = True
            self._begin(self._listen())
        await done

    async def _listen(self) -> None:
        """Hears the stream while events run; the server ends it when none is left, which may cross with a new one."""
        while self._running:
            rest = b""
            async for piece in self._wire.lines(f"{API}/queue/data?session_hash={self.session}"):
                *whole, rest = (rest + piece).split(b"\n\n")
                for message in whole:
                    self._hear(json.loads(message.removeprefix(b"data: ")))
        self._is_streaming = False

    def _hear(self, said: dict[str, Any]) -> None:
        running = self._running.get(said.get("event_id") or "")
        if running is None:
            return
        if said["msg"] == "process_generating":
            new = said["output"]["data"]
            is_first = not running.values
            pairs = zip(running.values, new, strict=True)
            running.values = list(new) if is_first else [changed(old, steps) for old, steps in pairs]
            running.heard(running.values)
        elif said["msg"] == "process_completed":
            del self._running[said["event_id"]]
            if running.done.done():
                return
            if said["success"]:
                running.heard(said["output"].get("data") or [])
                running.done.set_result(None)
            else:
                running.done.set_exception(RefusedError(str(said["output"].get("error"))))

    def _show(self, outputs: list[int], values: list[Any]) -> None:
        """Takes over what the page would draw."""
        for part, value in zip(outputs, values, strict=False):
            is_update = isinstance(value, dict) and value.get("__type__") == "update"
            if is_update and "value" not in value:
                continue
            new = value["value"] if is_update else value
            if part == self._parts["studies"]:
                self._study = new
            elif part == self._parts["chat"]:
                self._chat = new or []
                self._see()

    def _see(self) -> None:
        """Notes when the first word of each answer stands in the chat."""
        spoken = -1
        for message in self._chat:
            if message["role"] == "user":
                spoken += 1
            elif not (message.get("metadata") or {}).get("title") and 0 <= spoken < len(self._answers):
                answer = self._answers[spoken]
                if answer.first_s is None:
                    answer.first_s = time.monotonic() - answer.sent_at

    def _begin(self, what: Any) -> None:
        task = asyncio.create_task(what)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def changed(old: Any, steps: list[Any]) -> Any:
    """A value after the steps that Gradio sends instead of the whole; `old` is used up."""
    for action, path, value in steps:
        if not path:
            if action == "append" and isinstance(old, str | list):
                old = old + value
            elif action != "append":
                old = value
            continue
        inner = old
        for key in path[:-1]:
            inner = inner[key]
        key = path[-1]
        if action == "replace":
            inner[key] = value
        elif action == "append":
            inner[key] += value
        elif action == "add" and isinstance(inner, list):
            inner.insert(int(key), value)
        elif action == "add":
            inner[key] = value
        elif action == "delete":
            del inner[key]
    return old
