"""Commands with a made-up secret in every way in: none is printed, written below the home or recorded, or sent on."""

import http.server
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import canaries

if TYPE_CHECKING:
    from conftest import Recpilot


class Repeating(http.server.ThreadingHTTPServer):
    """A language model that repeats the key that it is sent: in an answer, or in why it gives none."""

    fails = False
    asked = b""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Repeating

    def do_GET(self) -> None:
        self._send("application/json", json.dumps({"data": [{"id": "tiny"}]}))

    def do_POST(self) -> None:
        self.server.asked += self.rfile.read(int(self.headers["Content-Length"]))
        said = f"I was sent {self.headers['Authorization']} by you."
        if self.server.fails:
            self._send("application/json", json.dumps({"error": {"message": said}}), 400)
            return
        pieces = [{"content": piece} for piece in re.findall(".{1,7}", said)]
        chunks = [{"choices": [{"index": 0, "delta": piece, "finish_reason": None}]} for piece in pieces]
        chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        self._send("text/event-stream", "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks))

    def _send(self, kind: str, text: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def model() -> Iterator[Repeating]:
    server = Repeating()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_no_secret_is_printed_kept_recorded_or_sent_on(recpilot: "Recpilot", model: Repeating, tmp_path: Path) -> None:
    recpilot.changed |= canaries.IN_ENVIRONMENT | {"RECPILOT_LLM": model.url, "RECPILOT_RECORD": str(tmp_path / "kept")}
    lesson = {"kind": "lesson", "id": "lesson/1", "text": canaries.PASTED, "source": "user", "created_at": "2026-01-01"}
    (tmp_path / "lessons.jsonl").write_text(json.dumps(lesson))
    printed = [
        recpilot.here("ask", f"what is there? Here are {canaries.PASTED} and {canaries.API_KEY}."),
        recpilot.here("ask", canaries.PASTED, "--json"),
        recpilot.here("memory", "import", str(tmp_path / "lessons.jsonl")),
        recpilot.here("memory", "search", "key"),
        recpilot.here("memory", "export", str(recpilot.home / "memory.jsonl")),
        recpilot.here("models", "list", "--json"),
    ]
    assert [run.returncode for run in printed] == [0] * len(printed), [run.stderr for run in printed]
    assert "I was sent Bearer *** by you" in printed[0].stdout and "RECPILOT_LLM_API_KEY" in printed[0].stdout
    model.fails = True
    printed += [
        recpilot.here("ask", "hello"),
        recpilot.here("ask", "hello", "--llm", f"http://u:CANARYinURL9@127.0.0.1:{model.server_port}/v1"),
        recpilot.here("ask", "hello", "--llm", f"{model.url}?api_key=CANARYinURL9"),
        recpilot.here("ask", "hello", "--llm", "u:CANARYinURL9@127.0.0.1"),
        recpilot.here("memory", "stats", "--memory-url", "http://u:CANARYinURL9/?@127.0.0.1:9"),
        recpilot.here("users", "add", "eve", "CANARYinURL9"),
        recpilot.here("ui", "--auth", "eve:CANARYinURL9"),
    ]
    for url in (
        "postgresql:/u:CANARYinURL9@h",
        "postgresql://u:CANARYinURL9@h:p/d",
        "postgresql://h/d?password=CANARYinURL9",
    ):
        recpilot.changed["RECPILOT_LEDGER_URL"] = url
        printed.append(recpilot.here("study", "list"))
    for run in printed:
        assert canaries.leaks(str(run.args), run.stdout + run.stderr) == []
        assert "Traceback" not in run.stderr, run.stderr
    assert canaries.leaks_below(recpilot.home) == []
    assert canaries.leaks_below(tmp_path / "kept") == []
    assert canaries.leaks("what the model was sent", model.asked) == []
