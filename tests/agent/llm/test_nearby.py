"""Servers on this machine are found by what they list; nothing else is taken from them."""

import http.server
import json
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from agent.llm.nearby import LONGEST_NAME, nearby_models

Serve = Callable[[Any], int]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A server that answers with this; its port."""
    running: list[http.server.HTTPServer] = []

    def start(answer: Any) -> int:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                assert "authorization" not in {name.lower() for name in self.headers}
                self.send_response(200 if self.path == "/v1/models" else 404)
                self.end_headers()
                self.wfile.write(answer if isinstance(answer, bytes) else json.dumps(answer).encode())

            def log_message(self, *_: object) -> None: ...

        running.append(http.server.HTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=running[-1].serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return running[-1].server_port

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def test_each_model_of_each_server_is_named_as_it_is_chosen(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECPILOT_LLM_API_KEY", "sk-SECRET-KEY-123")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-SECRET-KEY-123")
    one = serve({"data": [{"id": "qwen3"}, {"id": "owner/model-2"}]})
    other = serve({"data": [{"id": "tiny"}]})
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # and does not listen
        found = nearby_models((one, closed.getsockname()[1], other))
    urls = [f"http://127.0.0.1:{port}/v1" for port in (one, other)]
    assert found == [f"{urls[0]} qwen3", f"{urls[0]} owner/model-2", f"{urls[1]} tiny"]


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>",
        {},
        [],
        {"data": None},
        {"data": ["x"]},
        {"data": [{}]},
        {"data": {"id": "x"}},
        {"data": [{"id": name} for name in (7, "", "a b", "a\n", "\u202ex", "x" * (LONGEST_NAME + 1))]},
    ],
)
def test_what_is_no_list_of_models_brings_none(serve: Serve, answer: Any) -> None:
    assert nearby_models((serve(answer),)) == []
