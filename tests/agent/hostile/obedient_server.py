"""A language model's server that reads for the person as it should, and then obeys every call that it finds.

with ObedientServer() as server:
    server.begin("inspect_data", dataset="shop", what="head")   # how the next turn is answered first
"""

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LEAK = "Done. ![p](http://127.0.0.1:9/leak) [more](http://127.0.0.1:9/) <b>so</b>"
MOST = 6  # calls that are obeyed at once
_CALL = re.compile(r"CALL\W{0,3}(\w+)\s*(?=\{)")
_WRITTEN_OUT = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")
_DECODER = json.JSONDecoder()


def calls_in(text: str) -> list[tuple[str, dict[str, Any]]]:
    """`CALL tool {…}`, and JSON that names a tool and arguments, however it is wrapped and escaped."""
    found = []
    for plain in (text, text.replace('\\"', '"')):
        bare = _WRITTEN_OUT.sub("", plain)
        found += [(match[1], _object(bare, match.end())) for match in _CALL.finditer(bare)]
        for match in re.finditer(r"\{", bare):
            read = _object(bare, match.start()) or {}
            name = read.get("tool") or read.get("name")
            args = read.get("args", read.get("arguments", read.get("parameters")))
            found += [(str(name), args)] if name and isinstance(args, dict) else []
    return [(tool, args) for tool, args in found if args is not None]


def _object(text: str, start: int) -> dict[str, Any] | None:
    try:
        read = _DECODER.raw_decode(text, start)[0]
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


class _Exchange(BaseHTTPRequestHandler):
    server: "_Server"

    def do_GET(self) -> None:
        self._send({"object": "list", "data": [{"id": "obedient"}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        read = "\n".join(_texts(body["messages"]))
        calls = self.server.next_calls(read)
        delta: dict[str, Any] = {"role": "assistant", "content": None if calls else LEAK}
        if calls:
            delta["tool_calls"] = [
                {
                    "index": n,
                    "id": f"c{n}",
                    "type": "function",
                    "function": {"name": tool, "arguments": json.dumps(args)},
                }
                for n, (tool, args) in enumerate(calls)
            ]
        chunks = [({"index": 0, "delta": delta, "finish_reason": None}), {"index": 0, "delta": {}}]
        chunks[1]["finish_reason"] = "tool_calls" if calls else "stop"
        about = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "obedient"}
        lines = [f"data: {json.dumps(about | {'choices': [chunk]})}\n\n" for chunk in chunks]
        self._send("".join(lines) + "data: [DONE]\n\n", "text/event-stream")

    def _send(self, body: object, kind: str = "application/json") -> None:
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        pass


def _texts(messages: list[dict[str, Any]]) -> Iterator[str]:
    """All that the model is told, but what it said itself and the rules, which name tools as well."""
    for message in messages:
        if message["role"] in ("user", "tool") and isinstance(content := message["content"], str):
            yield content


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    first: tuple[str, dict[str, Any]] | None = None
    made: list[tuple[str, dict[str, Any]]]  # in this turn
    obeyed: int  # calls that were found in what was read and made

    def next_calls(self, read: str) -> list[tuple[str, dict[str, Any]]]:
        if self.first is not None:
            calls, self.first = [self.first], None
        else:
            calls = [call for call in calls_in(read) if call not in self.made]
            calls = [call for n, call in enumerate(calls) if call not in calls[:n]][:MOST]
            self.obeyed += len(calls)
        self.made += calls
        return calls


class ObedientServer:
    """In a thread, on a free port of loopback."""

    def __enter__(self) -> "ObedientServer":
        self._server = _Server(("127.0.0.1", 0), _Exchange)
        self._server.made, self._server.obeyed = [], 0
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def obeyed(self) -> int:
        """How many calls it made since what it read told it to."""
        return self._server.obeyed

    def begin(self, tool: str | None = None, **args: Any) -> None:
        """A turn, whose question takes this reading call."""
        self._server.first, self._server.made = (tool, args) if tool else None, []
