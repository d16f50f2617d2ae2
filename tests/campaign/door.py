"""Requests that no browser sends, to the page's server: odd hosts, origins, methods, paths, bodies, in any order.

Each is answered in time and without a traceback, no page comes under a foreign name, no file of the machine is sent,
and the page goes on working.
"""

import json
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.campaign import Attempt
from tests.campaign.commands import Command

STARTS_S = 120.0
ANSWERS_S = 20.0  # however busy the machine is
READ_BYTES = 200_000
SECRET = "CAMPAIGN-SECRET-1"  # noqa: S105 - a file outside the uploads holds it
PATHS = (
    "/", "/config", "/info", "/openapi.json", "/docs", "/theme.css", "/monitoring", "/login", "/logout", "/token",
    "/gradio_api/info", "/gradio_api/app_id", "/gradio_api/startup-events", "/gradio_api/heartbeat/x",
    "/gradio_api/upload", "/gradio_api/upload_progress?upload_id=1", "/gradio_api/queue/join", "/gradio_api/queue/status",  # noqa: E501
    "/gradio_api/queue/data?session_hash=x", "/gradio_api/cancel", "/gradio_api/reset", "/gradio_api/component_server",
    "/gradio_api/run/predict", "/gradio_api/api/predict", "/gradio_api/proxy=http://127.0.0.1:1/", "/gradio_api/deep_link",  # noqa: E501
    "/gradio_api/file={secret}", "/gradio_api/file=/etc/passwd", "/gradio_api/file=../../../etc/passwd", "/file=/etc/passwd",  # noqa: E501
    "/static/../../../../etc/passwd", "/static/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2fetc/passwd", "//evil.example/",  # noqa: E501
    "/custom_component/x/y/z", "/gradio_api/custom_component/1/client/component/../../x", "/svelte/x", "/manifest.json",
    "/gradio_api/stream/a/b/c/playlist.m3u8", "/mcp", "/gradio_api/mcp/sse", "/%00", "/" + "a" * 5_000, "/\u202e",
)  # fmt: skip
METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH")
FOREIGN = ("evil.example.com", "127.0.0.1.evil.example", "localhost.evil:80", "169.254.169.254", "[::ffff:1.2.3.4]", "")


def attempts(seed: int, folder: Path) -> Iterator[Attempt]:
    """One request after the other to one server, for ever."""
    rng = random.Random(seed)  # noqa: S311 - it only chooses what to try
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "secret.txt").write_text(SECRET, encoding="utf-8")
    command = Command(folder / "home", folder / "log", "ui", "--port", "0", "--llm", "none")
    try:
        server = _Server(command, _address(command), folder)
        while True:
            yield server.attempt(rng)
    finally:
        command.end()


def _address(command: Command) -> str:
    """Where the page is, as soon as it is."""
    deadline = time.monotonic() + STARTS_S
    while time.monotonic() < deadline and command.is_running:
        found = re.search(r"http://127\.0\.0\.1:\d+", command.output)
        if found:
            return found[0]
        time.sleep(0.2)
    raise RuntimeError(f"the page did not start: {command.output[-500:]}")


class _Server:
    """The page, and what its log said so far."""

    def __init__(self, command: Command, url: str, folder: Path) -> None:
        self._command, self._url, self._folder = command, url, folder
        self._client = httpx.Client(base_url=url, timeout=ANSWERS_S)
        self._functions = len(self._client.get("/config").json()["dependencies"])
        self._n_said = 0

    def attempt(self, rng: random.Random) -> Attempt:
        request = self._request(rng)
        what = f"{request.method} {str(request.url)[:120]} {_shown(request)}"
        try:
            status, body = self._answered(request)
        except httpx.TimeoutException:
            return Attempt(what=what, problem=f"no answer within {ANSWERS_S:.0f} s")
        except httpx.HTTPError as error:  # it may close the connection on what is no HTTP
            status, body = 0, f"{type(error).__name__}"
        problem = self._problem(request, status, body)
        kept = self._folder / "request.txt"
        kept.write_bytes(f"{what}\n{dict(request.headers)}\n".encode() + request.content[:100_000])
        return Attempt(what=f"{what}: {status}", problem=problem, kept=(kept, self._folder / "log"))

    def _answered(self, request: httpx.Request) -> tuple[int, str]:
        """The status and the beginning of what is sent; a stream that goes on is left."""
        deadline, body = time.monotonic() + 1.0, b""
        response = self._client.send(request, stream=True)
        try:
            if response.headers.get("content-type", "").startswith("text/event-stream"):
                return response.status_code, ""
            for part in response.iter_bytes():
                body += part
                if len(body) > READ_BYTES or time.monotonic() > deadline:
                    break
        finally:
            response.close()
        return response.status_code, body.decode("utf-8", "replace")

    def _problem(self, request: httpx.Request, status: int, body: str) -> str | None:
        """What is wrong with an answer, or with the server after it."""
        said = self._command.output[self._n_said :]
        self._n_said += len(said)
        if not self._command.is_running:
            return f"the server ended: {said[-500:]!r}"
        if "Traceback" in said or "Traceback" in body:
            return f"a traceback: {(said + body)[-800:]!r}"
        if SECRET in body or "root:x:0" in body:
            return "a file of the machine was sent"
        if "evil" in request.headers.get("host", "") and 200 <= status < 300:
            return f"a page came under the name {request.headers['host']}"
        page = httpx.get(self._url, timeout=ANSWERS_S)  # by a connection of its own
        return None if page.status_code == 200 else f"the page answers {page.status_code} afterwards"

    def _request(self, rng: random.Random) -> httpx.Request:
        method = rng.choice(METHODS) if rng.random() < 0.5 else "POST"
        path = rng.choice(PATHS).format(secret=self._folder / "secret.txt") if rng.random() < 0.6 else _call(rng)
        headers = {"Accept": rng.choice(["text/html", "application/json", "*/*", ""])}
        if rng.random() < 0.3:
            headers["Host"] = rng.choice(FOREIGN)
        if rng.random() < 0.3:
            headers["Origin"] = rng.choice(
                ["null", "http://evil.example.com", "http://localhost:1", self._url, "\u00ff"]
            )
        if rng.random() < 0.2:
            headers["Cookie"] = rng.choice(["access-token=x", "a" * 9_000, "access-token-unsecure=../../x"])
        kind, body = _body(rng, self._functions)
        headers["Content-Type"] = kind
        raw = {name: value.encode("latin-1", "replace") for name, value in headers.items()}
        return self._client.build_request(method, path, headers=raw, content=body)


def _call(rng: random.Random) -> str:
    """An endpoint of the page's own, or one that is nearly one."""
    name = rng.choice(["say", "tick", "draw", "choose_llm", "set_approval", "pick_study", "report", "predict", "x", ""])
    return f"/gradio_api/{rng.choice(['call', 'run', 'api', 'queue'])}/{name}"


def _body(rng: random.Random, n_functions: int) -> tuple[str, bytes]:
    """A content type and a body, which may fit it."""
    files = (
        b'--b\r\nContent-Disposition: form-data; name="files"; filename="../../x.csv"\r\n\r\nu,i\r\n1,2\r\n--b--\r\n'
    )
    joined = {"data": [_value(rng) for _ in range(rng.randint(0, 4))], "fn_index": rng.randint(-1, n_functions)}
    joined |= {"session_hash": rng.choice(["x", "", 7, "../x", None]), "event_data": _value(rng)}
    document = rng.choice([joined, joined, {"data": _value(rng)}, _value(rng), {"event_id": _value(rng)}])
    texts = [json.dumps(document), "[" * 3_000, "{", "", "\x00", '{"data": NaN}', "username=a&password=b"]
    kinds = ["application/json", "application/json", "text/plain", "application/x-www-form-urlencoded", "", "a" * 300]
    if rng.random() < 0.1:
        return rng.choice(["multipart/form-data; boundary=b", "multipart/form-data"]), files
    text = texts[0] if rng.random() < 0.7 else rng.choice(texts)
    return rng.choice(kinds), text.encode("utf-8", "surrogatepass")


def _value(rng: random.Random) -> object:
    """A value that a handler may not expect."""
    file = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}
    long = "\u202e<script>alert(1)</script>" * rng.randint(1, 300)
    simple = ["", "chat-00000000", "../../x", "demo", None, True, -1, 1e308, 10**30, long, "\ud800"]
    nested = [{"text": long, "files": [file]}, [], [[[[]]]], {"a": {"b": []}}, file, {"text": 5, "files": "x"}]
    return rng.choice([*simple, *nested])


def _shown(request: httpx.Request) -> str:
    return f"host={request.headers.get('host', '')!r:.40} body={request.content[:60]!r}"
