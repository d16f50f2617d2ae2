"""Bounds of requests, messages and connections, and what is left of files that were uploaded."""

import asyncio
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from agent.privacy import keep_private
from ui.door import quiet
from ui.door.incoming import PREFIX, VARIABLE, incoming, let_go
from ui.door.limits import BodyGuard, Rates
from ui.door.paths import UPLOAD
from ui.door.patience import PatientProtocol
from ui.door.uploads import FAILED, UploadGuard

Behind = Callable[..., TestClient]


@pytest.mark.parametrize(
    ("path", "n_bytes", "status"),
    [
        ("/api/say", 2**20, 200),
        ("/api/say", 2**20 + 1, 413),
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
    asyncio.run(UploadGuard(fails)(scope, None, send))  # type: ignore[arg-type]
    assert [message.get("status") for message in sent] == [500, None]
    assert sent[1]["body"].decode() == FAILED.sentence
    assert "KeyError: 'a name'" in caplog.text


def test_a_few_messages_at_once_and_then_one_a_second() -> None:
    clock = SimpleNamespace(now=0.0)
    rates = Rates(clock=lambda: clock.now)
    assert [rates.takes("ann") for _ in range(21)] == [True] * 20 + [False]
    assert rates.takes("bob")
    clock.now += 2.5
    assert [rates.takes("ann") for _ in range(3)] == [True, True, False]
    clock.now += 3600
    assert [rates.takes("ann") for _ in range(21)] == [True] * 20 + [False]


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
