"""A real HTTP server that speaks the OpenAI protocol and fails on purpose, in one of many ways at a time.

with FaultServer() as server:
    server.plan("call", "429 in bursts", then="good")   # what the next requests get; from then on the last
"""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

GOOD = "Everything stands as it was."
READ_CALL = ("describe_dataset", {"dataset": "tiny"})
ACT_CALL = ("start_study", {"dataset": "tiny", "models": ["bpr_mf"], "n_trials": 2})
HTML = "<!DOCTYPE html><html><head><title>Bad Gateway</title></head><body><p>nginx</p></body></html>"
DICT = {"error": {"message": "CUDA out of memory", "type": "server_error", "code": None}}
HANGS_S = 30.0  # much longer than a test waits, however busy the machine is

Fault = Callable[["Exchange"], None]
FAULTS: dict[str, Fault] = {}


class Exchange(BaseHTTPRequestHandler):
    """One request and what is sent back."""

    server: "Server"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.close_connection = True
        self.whole({"object": "list", "data": [{"id": "faulty"}]})

    def do_POST(self) -> None:
        self.close_connection = True
        self.body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with suppress(BrokenPipeError, ConnectionResetError):  # nobody reads any more, which is right
            self.server.next_answer()(self)

    def whole(self, body: object, status: int = 200, kind: str = "application/json", **headers: str) -> None:
        data = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def begin(self, kind: str = "text/event-stream", **headers: str) -> None:
        """Headers of a stream, whose end is told by closing the connection."""
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def raw(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()

    def chunk(self, delta: object, finish: object = None, **more: object) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        body = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "faulty", "choices": [choice]}
        self.raw(f"data: {json.dumps(body | more)}\n\n".encode())

    def says(self, text: str, finish: object = "stop") -> None:
        """A whole stream of one text."""
        self.begin()
        self.chunk({"role": "assistant", "content": text})
        self.chunk({}, finish)
        self.raw(b"data: [DONE]\n\n")

    def calls(self, *calls: tuple[object, object, str], finish: object = "tool_calls") -> None:
        """A whole stream of calls: name, arguments as text, id."""
        self.begin()
        for place, (name, arguments, id_) in enumerate(calls):
            function = {"name": name, "arguments": arguments}
            self.chunk({"tool_calls": [{"index": place, "id": id_, "type": "function", "function": function}]})
        self.chunk({}, finish)
        self.raw(b"data: [DONE]\n\n")

    def cut(self) -> None:
        """Break the connection off as a crash does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    @property
    def asks_for_params(self) -> bool:
        return "tools" not in self.body

    def good_text(self) -> str:
        if not self.asks_for_params:
            return GOOD
        return json.dumps({"rationale": "Good.", "choice": {"candidate": 0}, "expected": 0.1, "evidence": []})

    def log_message(self, *_: object) -> None: ...


def good(it: Exchange) -> None:
    it.says(it.good_text())


def call(it: Exchange) -> None:
    """A proper call of a tool that only reads."""
    it.calls((READ_CALL[0], json.dumps(READ_CALL[1]), "call_1"))


class Server(ThreadingHTTPServer):
    daemon_threads = True
    answers: list[Fault]
    last: Fault = staticmethod(good)
    n_asked = 0
    lock = threading.Lock()
    is_over: threading.Event

    def next_answer(self) -> Fault:
        with self.lock:
            self.n_asked += 1
            return self.answers.pop(0) if self.answers else self.last

    def handle_error(self, *_: object) -> None: ...  # of connections that were cut on purpose


class FaultServer:
    """The server in a thread."""

    def __enter__(self) -> "FaultServer":
        self._server = Server(("127.0.0.1", 0), Exchange)
        self._server.answers, self._server.is_over = [], threading.Event()
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.is_over.set()
        self._server.shutdown()
        self._server.server_close()

    def plan(self, *names: str, then: str = "good") -> None:
        """What the next requests get, and all after them."""
        ways = FAULTS | {"good": good, "call": call}
        self._server.answers, self._server.last, self._server.n_asked = [ways[n] for n in names], ways[then], 0

    @property
    def n_asked(self) -> int:
        """Requests since the last plan."""
        return self._server.n_asked


def fault(name: str) -> Callable[[Fault], Fault]:
    def keep(way: Fault) -> Fault:
        FAULTS[name] = way
        return way

    return keep


def of_status(status: int, body: object = "", kind: str = "application/json", **headers: str) -> Fault:
    return lambda it: it.whole(body, status, kind, **headers)


def of_text(text: str, finish: object = "stop") -> Fault:
    return lambda it: it.says(text, finish)


def of_call(name: object, arguments: object, finish: object = "tool_calls") -> Fault:
    return lambda it: it.calls((name, arguments, "call_1"), finish=finish)


def of_raw(data: bytes, kind: str = "text/event-stream", **headers: str) -> Fault:
    def send(it: Exchange) -> None:
        it.begin(kind, **headers)
        it.raw(data)

    return send


def event(body: object) -> bytes:
    return f"data: {json.dumps(body)}\n\n".encode()


def written(name: str, args: dict[str, object]) -> dict[str, str]:
    """A call as text, in the styles of several families."""
    as_json = json.dumps(args)
    named = json.dumps({"name": name, "arguments": args})
    tags = "".join(f"<parameter={key}>\n{value if isinstance(value, str) else json.dumps(value)}\n</parameter>\n"
                   for key, value in args.items())  # fmt: skip
    words = ", ".join(f"{key}={value!r}" for key, value in args.items())
    return {
        "Hermes": f"<tool_call>\n{named}\n</tool_call>",
        "Qwen tags": f"<tool_call>\n<function={name}>\n{tags}</function>\n</tool_call>",
        "Mistral list": f"[TOOL_CALLS][{named}]",
        "Mistral name": f"[TOOL_CALLS]{name}[ARGS]{as_json}",
        "Llama tag": f'<|python_tag|>{{"name": "{name}", "parameters": {as_json}}}',
        "Llama function": f"<function={name}>{as_json}</function>",
        "fenced": f"One moment.\n```json\n{json.dumps({'tool': name} | args)}\n```\nIt is done already.",
        "bare": json.dumps({"name": name, "parameters": args}),
        "python": f"[{name}({words})]",
        "Action": f"Action: {name}\nAction Input: {as_json}",
        "functools": f"functools[{named}]",
        "OpenAI": json.dumps({"tool_calls": [{"type": "function", "function": {"name": name, "arguments": as_json}}]}),
    }


CUT_ARGUMENTS = '{"dataset": "tiny", "models": ["bpr_mf"], "n_tri'
FAULTS |= {
    "429 in bursts": of_status(429, {"error": {"message": "slow down"}}, Retry_After="0"),
    "429 for ten minutes": of_status(429, {"error": {"message": "slow down"}}, Retry_After="600"),
    "429 until a date": of_status(429, "", Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"),
    "429 with a retry-after of no sense": of_status(429, "", Retry_After="soon"),
    "429 without credit": of_status(429, {"error": {"message": "no credit", "code": "insufficient_quota"}}),
    "500 in bursts": of_status(500, DICT),
    "500 with an empty body": of_status(500),
    "502 with a web page": of_status(502, HTML, "text/html"),
    "503 with a list": of_status(503, [{"msg": "loading"}, {"msg": "model"}]),
    "504 with broken JSON": of_status(504, '{"error": {"mess'),
    "400 for the context": of_status(400, {"error": {"message": "maximum context length is 4096 tokens"}}),
    "400 for tools": of_status(400, {"error": {"message": "tools are not supported"}}),
    "401 in the middle": of_status(401, {"error": {"message": "bad key"}}),
    "404 for the model": of_status(404, {"error": {"message": "model 'faulty' not found"}}),
    "418 of no sense": of_status(418, "teapot", "text/plain"),
    "redirect elsewhere": of_status(307, "", Location="http://127.0.0.2:9/v1/chat/completions"),
    "web page": of_status(200, HTML, "text/html"),
    "web page as JSON": of_status(200, HTML),
    "web page as a stream": of_raw(HTML.encode()),
    "plain text": of_status(200, "hello there", "text/plain"),
    "empty body": of_status(200, ""),
    "204": of_status(204),
    "nothing but DONE": of_raw(b"data: [DONE]\n\n"),
    "broken JSON in a chunk": of_raw(b"data: {broken\n\n"),
    "a list as chunk": of_raw(b"data: [1, 2]\n\n"),
    "a number as chunk": of_raw(b"data: 7\n\n"),
    "choices as object": of_raw(event({"choices": {"delta": {"content": "hi"}}})),
    "choices of numbers": of_raw(event({"choices": [1]})),
    "content as number": of_raw(event({"choices": [{"delta": {"content": 7}, "finish_reason": "stop"}]})),
    "delta as text": of_raw(event({"choices": [{"delta": "hi", "finish_reason": "stop"}]})),
    "another shape": of_status(200, {"data": [{"id": "faulty"}]}),
    "choices are null": of_status(200, {"choices": None}),
    "half a JSON body": of_status(200, '{"choices": [{"message": {"content": "All tri'),
    "nested without end": of_raw(b'data: {"choices": ' + b"[" * 100_000 + b"\n\n"),
    "error in the stream": of_raw(event({"choices": [{"delta": {"content": "It is "}}]}) + event(DICT)),
    "error as text in the stream": of_raw(event({"error": "<html>overloaded</html>"})),
    "not gzip": of_raw(b"data: hello\n\n", Content_Encoding="gzip"),
    "cut by the length": of_text("All trials are done and the best one is trial seven, which i", "length"),
    "cut by a filter": of_text("All trials", "content_filter"),
    "an unknown end": of_text("All trials are done.", "<b>weird</b>"),
    "an end that is a number": of_text("All trials are done.", 7),
    "arguments cut by the length": of_call("start_study", CUT_ARGUMENTS, "length"),
    "arguments cut without a word": of_call("start_study", CUT_ARGUMENTS, "tool_calls"),
    "arguments said twice": of_call("start_study", '{"dataset": "tiny", "dataset": "demo"}'),
    "arguments as list": of_call("describe_dataset", '["tiny"]'),
    "arguments as number": of_call("describe_dataset", "7"),
    "arguments with NaN": of_call("explain_trial", '{"trial": NaN}'),
    "arguments and more": of_call("describe_dataset", '{"dataset": "tiny"} and so on'),
    "arguments encoded twice": of_call("describe_dataset", json.dumps(json.dumps({"dataset": "tiny"}))),
    "arguments of wrong types": of_call("describe_dataset", '{"dataset": 3}'),
    "arguments that do not exist": of_call("describe_dataset", '{"data": "tiny"}'),
    "half characters in arguments": of_call("describe_dataset", '{"dataset": "\\ud83d"}'),
    "null arguments": of_call("list_datasets", None),
    "an unknown tool": of_call("rm_rf", '{"path": "/"}'),
    "a tool without a name": of_call(None, "{}"),
    "a tool whose name is empty": of_call("", "{}"),
    "an act that nobody asked for": of_call("start_study", json.dumps(ACT_CALL[1])),
    "a call that is a number": of_raw(event({"choices": [{"delta": {"tool_calls": [7]}, "finish_reason": "stop"}]})),
    "empty answer": of_text(""),
    "blank answer": of_text(" \n\t\n "),
    "no content at all": of_raw(event({"choices": [{"delta": {}, "finish_reason": "stop"}]})),
    "calls announced, none made": of_text("", "tool_calls"),
    "nothing but thinking": of_text("<think>the person wants to know</think>"),
    "thinking without end": of_text("<think>the person wants to know"),
    "a cut call as text": of_text('<tool_call>{"name": "start_study", "arguments": {"dataset": "tiny", "n_tri'),
    "a cut call in a fence": of_text('```json\n{"tool": "start_study", "dataset": "tiny", "n_tri'),
    "a marker and no call": of_text("<tool_call>never mind</tool_call>"),
    "an unknown tool as text": of_text('<tool_call>{"name": "rm_rf", "arguments": {"path": "/"}}</tool_call>'),
    "half a character": of_raw(
        event({"choices": [{"delta": {"content": "Stands"}}]}).replace(b"Stands", b"Stands \xf0\x9f")
    ),
    "control characters": of_text("It stands.\x00\x1b[31m\x07"),
    "half of a pair": of_text("It stands \ud83d."),
}  # fmt: skip
for _style, _text in written(*READ_CALL).items():
    FAULTS[f"call as text: {_style}"] = of_text(_text)
for _style, _text in written(*ACT_CALL).items():
    FAULTS[f"act as text: {_style}"] = of_text(_text)


@fault("closed before an answer")
def _closed(it: Exchange) -> None:
    it.connection.shutdown(socket.SHUT_RDWR)


@fault("reset before an answer")
def _reset(it: Exchange) -> None:
    it.cut()


@fault("stalls before the headers")
def _stalls(it: Exchange) -> None:
    it.server.is_over.wait(HANGS_S)


@fault("stalls after the headers")
def _stalls_after(it: Exchange) -> None:
    it.begin()
    it.server.is_over.wait(HANGS_S)


@fault("stalls in the middle")
def _stalls_within(it: Exchange) -> None:
    it.begin()
    it.chunk({"content": "All trials are "})
    it.server.is_over.wait(HANGS_S)


def dripping(*pieces: bytes) -> Fault:
    def drip(it: Exchange) -> None:
        it.begin()
        ends = time.monotonic() + HANGS_S
        while time.monotonic() < ends and not it.server.is_over.is_set():
            for piece in pieces:
                it.raw(piece)
                time.sleep(0.02)

    return drip


FAULTS["drips words"] = dripping(event({"choices": [{"delta": {"content": "so "}}]}))
FAULTS["drips comments"] = dripping(b": ping\n\n")
FAULTS["drips bytes without a line"] = dripping(b"d", b"a")
FAULTS["drips empty chunks"] = dripping(event({"choices": []}))
FAULTS["drips thinking"] = dripping(event({"choices": [{"delta": {"reasoning_content": "hm "}}]}))


HANGS = {name for name in FAULTS if name.startswith(("stalls", "drips"))}


@fault("cut before a word")
def _cut_first(it: Exchange) -> None:
    it.begin(Transfer_Encoding="chunked")
    it.cut()


@fault("cut in the middle")
def _cut(it: Exchange) -> None:
    it.begin(Content_Length="9999")
    it.chunk({"content": "All trials are done and the best one is trial seven, which i"})


@fault("cut in a call")
def _cut_call(it: Exchange) -> None:
    it.begin()
    function = {"name": "start_study", "arguments": '{"dataset": "tiny"}'}
    it.chunk({"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": function}]})


@fault("ends without a reason")
def _no_reason(it: Exchange) -> None:
    it.begin()
    it.chunk({"content": "All trials are done."})
    it.raw(b"data: [DONE]\n\n")


@fault("cut within a chunk")
def _cut_chunk(it: Exchange) -> None:
    it.begin()
    it.chunk({"content": "All trials"})
    it.raw(b'data: {"choices": [{"delta": {"con')


def huge(delta: Callable[[str], object]) -> Fault:
    def send(it: Exchange) -> None:
        it.begin()
        for _ in range(100):
            it.chunk(delta("word " * 800))
        it.chunk({}, "stop")

    return send


FAULTS["400,000 characters"] = huge(lambda text: {"content": text})
FAULTS["800,000 characters of thinking"] = lambda it: huge(lambda text: {"reasoning_content": text * 2})(it)
FAULTS["400,000 characters of arguments"] = huge(
    lambda text: {"tool_calls": [{"index": 0, "function": {"name": "", "arguments": text}}]}
)


@fault("a line without end")
def _long_line(it: Exchange) -> None:
    it.begin()
    with suppress(BrokenPipeError, ConnectionResetError):
        for _ in range(40):
            it.raw(b"x" * 2**20)


@fault("forty calls with one id")
def _forty(it: Exchange) -> None:
    it.calls(*[(READ_CALL[0], json.dumps(READ_CALL[1]), "call_1")] * 40)


@fault("calls without end")
def _endless(it: Exchange) -> None:
    call(it)


@fault("calls that share a place")
def _one_place(it: Exchange) -> None:
    it.begin()
    for number in range(2):
        function = {"name": READ_CALL[0], "arguments": json.dumps(READ_CALL[1])}
        it.chunk({"tool_calls": [{"index": 0, "id": f"call_{number}", "type": "function", "function": function}]})
    it.chunk({}, "tool_calls")


# -- unusual, but an answer: these must be understood -------------------------------------------------------

CLEANED = {"control characters": "It stands.", "half of a pair": "It stands \ufffd."}  # what is shown of these
PASSES = (
    "429 in bursts",
    "429 until a date",
    "429 with a retry-after of no sense",
    "500 in bursts",
    "500 with an empty body",
    "502 with a web page",
    "503 with a list",
    "504 with broken JSON",
    "not gzip",
    "closed before an answer",
    "reset before an answer",
    "cut before a word",
)  # and the request is sent again
UNUSABLE = (
    "arguments said twice",
    "arguments as list",
    "arguments with NaN",
    "half characters in arguments",
    "a tool without a name",
    "empty answer",
    "blank answer",
    "no content at all",
    "calls announced, none made",
    "nothing but thinking",
    "thinking without end",
    "a cut call as text",
    "a cut call in a fence",
    "a marker and no call",
)  # and the model is asked again
ODD: set[str] = set()


def odd(name: str) -> Callable[[Fault], Fault]:
    ODD.add(name)
    return fault(name)


def completion(it: Exchange) -> dict[str, object]:
    message = {"role": "assistant", "content": it.good_text(), "tool_calls": None, "function_call": None}
    return {"id": None, "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}]}


@odd("no stream, one JSON body")
def _not_streamed(it: Exchange) -> None:
    it.whole(completion(it))


@odd("one JSON body, called text")
def _json_as_text(it: Exchange) -> None:
    it.whole(completion(it), kind="text/html")


def good_events(it: Exchange) -> bytes:
    said = {"role": "assistant", "content": it.good_text(), "tool_calls": None, "refusal": None}
    first = {"id": None, "created": None, "model": None, "usage": None, "choices": [{"delta": said}]}
    last = {"choices": [{"delta": {"content": None}, "finish_reason": "stop"}]}
    return b"".join(map(event, (first, {"choices": []}, last))) + b"data: [DONE]\n\n"


@odd("null fields")
def _nulls(it: Exchange) -> None:
    it.begin()
    it.raw(good_events(it))


@odd("a stream, called bytes")
def _octets(it: Exchange) -> None:
    it.begin("application/octet-stream")
    it.raw(good_events(it))


@odd("lines that end in CR LF")
def _crlf(it: Exchange) -> None:
    it.begin()
    it.raw(b"\xef\xbb\xbf" + good_events(it).replace(b"\n", b"\r\n"))


@odd("a byte at a time")
def _bytewise(it: Exchange) -> None:
    it.begin()
    for byte in good_events(it):
        it.raw(bytes([byte]))


@odd("content as parts")
def _parts(it: Exchange) -> None:
    it.begin()
    it.chunk({"content": [{"type": "text", "text": it.good_text()}]}, "stop")


@odd("comments and events between")
def _comments(it: Exchange) -> None:
    it.begin()
    it.raw(b": hello\n\nevent: ping\nid: 3\nretry: 10\n\n" + good_events(it))


@odd("thinks first")
def _thinks(it: Exchange) -> None:
    it.says(f"<think>{{hm}}</think>\n\n{it.good_text()}")


@odd("no last line")
def _no_last_line(it: Exchange) -> None:
    it.begin()
    it.raw(event({"choices": [{"delta": {"content": it.good_text()}, "finish_reason": "stop"}]}).rstrip())


@odd("goes on after its end")
def _after_end(it: Exchange) -> None:
    it.begin()
    it.chunk({"content": it.good_text()})
    it.chunk({}, "stop")
    for _ in range(50):
        it.chunk({"content": "and more "})
        time.sleep(0.02)
