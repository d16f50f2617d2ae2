"""Bounds of requests, messages and connections, and what is left of files that were uploaded."""

import asyncio
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from agent.privacy import keep_private
from ui.door import limits, quiet
from ui.door.calls import FAILED, CallGuard
from ui.door.incoming import PREFIX, VARIABLE, incoming, let_go
from ui.door.limits import BodyGuard, Rates
from ui.door.login import PERSON
from ui.door.paths import UPLOAD
from ui.door.patience import PatientProtocol
from ui.page import Page

Behind = Callable[..., TestClient]


@pytest.mark.parametrize(
    ("path", "n_bytes", "status"),
    [
        ("/gradio_api/queue/join", 2**20, 200),
        ("/gradio_api/queue/join", 2**20 + 1, 413),
        ("/gradio_api/upload", 11 * 2**20, 200),
        ("/gradio_api/upload", 11 * 2**20 + 1, 413),
    ],
)
@pytest.mark.parametrize("is_announced", [True, False])
def test_a_body_is_as_long_as_it_may_be(
    behind: Behind, path: str, n_bytes: int, status: int, is_announced: bool
) -> None:
    body = b"x" * n_bytes
    content: Any = body if is_announced else iter([body[:1000], body[1000:]])
    answer = behind(BodyGuard, 1).post(path, content=content)
    assert answer.status_code == status
    assert status == 200 or "--max-upload" in answer.text


@pytest.mark.parametrize("length", ["-1", "1e9", "9" * 30, "x"])
def test_a_length_that_is_none_is_refused(behind: Behind, length: str) -> None:
    assert behind(BodyGuard).post("/", headers={"Content-Length": length}).status_code == 413


def test_a_body_that_stops_coming_is_given_up_and_a_long_answer_is_not() -> None:
    async def read_all(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        await receive()  # waits for the end of the connection, as a stream of events does
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def answered(pieces: list[Any]) -> Any:
        sent: list[Any] = []

        async def receive() -> Any:
            if pieces:
                return pieces.pop(0)
            await asyncio.sleep(0.2)
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "path": "/", "headers": []}
        await BodyGuard(read_all, body_s=0.05)(scope, receive, send)
        return sent[0]["status"]

    piece = {"type": "http.request", "body": b"x", "more_body": True}
    assert asyncio.run(answered([piece])) == 408
    assert asyncio.run(answered([piece, {**piece, "more_body": False}])) == 200


def test_a_request_that_gradio_fails_on_is_one_sentence_and_one_line(caplog: pytest.LogCaptureFixture) -> None:
    async def fails(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 500, "headers": []})
        await send({"type": "http.response.body", "body": b"Internal Server Error"})
        raise KeyError("a name")

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "path": UPLOAD, "headers": [], "method": "POST"}
    asyncio.run(CallGuard(fails, ())(scope, None, send))  # type: ignore[arg-type]
    assert [message.get("status") for message in sent] == [500, None]
    assert sent[1]["body"].decode() == FAILED.sentence
    assert "KeyError: 'a name'" in caplog.text


@pytest.mark.parametrize("first", ["/gradio_api/queue/data?session_hash=tab1", "/gradio_api/heartbeat/tab1", "join"])
def test_what_a_tab_is_sent_goes_to_the_person_who_has_it(first: str) -> None:
    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("the page")(scope, receive, send)

    guard = CallGuard(page, (0,))

    def of(person: str) -> TestClient:
        async def entered(scope: Scope, receive: Receive, send: Send) -> None:
            await guard(scope | {PERSON: person}, receive, send)

        return TestClient(entered)

    def get(person: str, path: str) -> int:
        if path == "join":
            call = {"fn_index": 0, "data": [], "session_hash": "tab1"}
            return of(person).post("/gradio_api/queue/join", json=call).status_code
        return of(person).get(path).status_code

    assert get("alice", first) == 200
    for path in ("/gradio_api/queue/data?session_hash=tab1", "/gradio_api/heartbeat/tab1", "join"):
        assert [get("alice", path), get("bob", path)] == [200, 403]
    assert get("bob", "/gradio_api/queue/data?session_hash=tab2") == 200


def test_a_few_messages_at_once_and_then_one_a_second() -> None:
    clock = SimpleNamespace(now=0.0)
    rates = Rates(clock=lambda: clock.now)
    assert [rates.takes("ann") for _ in range(21)] == [True] * 20 + [False]
    assert rates.takes("bob")
    clock.now += 2.5
    assert [rates.takes("ann") for _ in range(3)] == [True, True, False]
    clock.now += 3600
    assert [rates.takes("ann") for _ in range(21)] == [True] * 20 + [False]


class Chat:
    """Keeps what is said."""

    def __init__(self) -> None:
        self.id, self.study, self.n_waiting = "chat-00000001", None, 0
        self.said: list[str] = []

    def say(self, text: str, files: tuple[str, ...] = ()) -> None:
        self.said.append(text)


def test_a_message_too_long_too_many_and_too_soon_is_refused_with_its_sentence() -> None:
    chat, request = Chat(), SimpleNamespace(username=None)
    page = Page(None, SimpleNamespace(get=lambda *_: chat))  # type: ignore[arg-type]

    def say(text: str, files: list[str] | None = None) -> None:
        page.say({"text": text, "files": files}, chat.id, request)  # type: ignore[arg-type]

    say("x" * limits.MESSAGE_LENGTH)
    for refused, words in ((("x" * 10_001,), "10,000 characters"), (("answer: " + "x" * 10_001,), "10,000 characters")):
        with pytest.raises(gr.Error, match=words):
            say(*refused)
    with pytest.raises(gr.Error, match="Up to 10 files"):
        say("", ["f"] * 11)
    for i in range(limits.MESSAGES_AT_ONCE - 1):
        say(f"{i}")
    with pytest.raises(gr.Error, match="faster"):
        say("one more")
    with pytest.raises(gr.Error, match="faster"):
        page.pick_example(chat.id, SimpleNamespace(value={"text": "x"}), request)  # type: ignore[arg-type]
    assert len(chat.said) == limits.MESSAGES_AT_ONCE
    other = Page(None, SimpleNamespace(get=lambda *_: chat))  # type: ignore[arg-type]
    chat.n_waiting = limits.MESSAGES_WAITING
    with pytest.raises(gr.Error, match="faster"):
        other.say({"text": "x"}, chat.id, request)  # type: ignore[arg-type]


class Transport:
    is_closed = False

    def close(self) -> None:
        self.is_closed = True


@pytest.mark.parametrize(
    ("cycle", "is_closed"),
    [(None, True), (SimpleNamespace(response_complete=True), True), (SimpleNamespace(response_complete=False), False)],
)
def test_a_connection_that_asks_nothing_is_closed_and_one_that_is_answered_is_not(cycle: Any, is_closed: bool) -> None:
    protocol, timers = object.__new__(PatientProtocol), []
    loop = SimpleNamespace(call_later=lambda seconds, act: timers.append((seconds, act)) or SimpleNamespace(cancel=int))
    protocol.loop, protocol.transport, protocol.cycle = loop, Transport(), None  # type: ignore[assignment]
    protocol._watch()
    protocol._watch()
    assert [seconds for seconds, _ in timers] == [PatientProtocol.request_s]
    protocol.cycle = cycle
    timers[0][1]()
    assert protocol.transport.is_closed is is_closed  # type: ignore[attr-defined]


def test_uploads_end_when_they_are_kept_when_the_server_ends_and_when_one_was_killed(tmp_path: Path) -> None:
    left, other = tmp_path / f"{PREFIX}old", tmp_path / "orders.csv"
    left.mkdir()
    other.write_text("mine")
    os.utime(left, (time.time() - 100_000,) * 2)
    with incoming(tmp_path) as folder:
        assert os.environ[VARIABLE] == str(folder)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert not left.exists()
        file = folder / "0a" / "orders.csv"
        file.parent.mkdir()
        file.write_text("x")
        (folder / "link.csv").symlink_to(other)
        let_go([str(file), str(other), str(folder / "link.csv"), str(folder / "gone"), "\0"])
        assert not file.exists()
        assert other.exists()
    assert not folder.exists()


def test_what_lies_in_the_home_is_its_owners_alone_and_the_rest_is_left_alone(tmp_path: Path) -> None:
    for name in ("studies.db", "studies.db-wal", "users.json", "notes.txt"):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(0o644)
    for name in ("uploads", "memory", "elsewhere"):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(0o755)
    (tmp_path / "reports").symlink_to(tmp_path / "elsewhere")
    keep_private(tmp_path)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert {name for name, mode in modes.items() if mode & 0o077} == {"notes.txt", "elsewhere", "reports"}
    assert (modes["studies.db"], modes["memory"]) == (0o600, 0o700)


def test_a_request_that_fails_leaves_one_line(caplog: pytest.LogCaptureFixture, capsys: Any) -> None:
    with quiet.quiet():
        try:
            raise ValueError("wrong\nin " + "x" * 1000)
        except ValueError:
            for module in quiet._PRINTING:
                vars(module)["traceback"].print_exc()
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 2
    lines = [record.getMessage() for record in caplog.records]
    assert all(line.startswith("a request to the page failed: ValueError: wrong in x") for line in lines)
    assert all("\n" not in line and len(line) < 400 for line in lines)
    assert "Traceback" not in "".join(capsys.readouterr())
    assert all(vars(module)["traceback"].__name__ == "traceback" for module in quiet._PRINTING)
