"""An OpenAI-compatible server whose answers come as the test sends them, so that nothing depends on the clock."""

import json
import queue
import select
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAME = "held"
LOOK_S = 0.02  # between two looks at whether the one who asked is still there


class WordByWord:
    """One answer at a time: `write` sends a piece of it, `end` ends it; what comes early waits for a request."""

    def __init__(self) -> None:
        self._pieces: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        handler = type("Handler", (_Handler,), {"pieces": self._pieces})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def write(self, text: str) -> None:
        self._pieces.put(text)

    def end(self, text: str = "") -> None:
        self._pieces.put(text)
        self._pieces.put(None)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    pieces: "queue.SimpleQueue[str | None]"

    def do_GET(self) -> None:
        self._reply(json.dumps({"object": "list", "data": [{"id": NAME}]}).encode())

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        while not self._is_left():
            try:
                piece = self.pieces.get(timeout=LOOK_S)
            except queue.Empty:
                continue
            if piece is None:
                self._event({}, "stop")
                self.wfile.write(b"data: [DONE]\n\n")
                return
            self._event({"content": piece})

    def _is_left(self) -> bool:
        """Whether who asked has hung up: what is sent later is meant for the next request."""
        readable, _, _ = select.select([self.connection], [], [], 0)
        return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)

    def _event(self, delta: dict[str, str], finish_reason: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": NAME, "choices": [choice]}
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()

    def _reply(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...
