"""What a browser is told to keep the page from: scripts that are not ours, pictures and requests to other servers."""

import base64
import hashlib
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SCRIPT = re.compile(rb"<script(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.DOTALL | re.IGNORECASE)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # not `no-referrer`, under which a browser sends the login with `Origin: null`
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def policy(scripts: tuple[str, ...] = ()) -> str:
    """The content security policy; `scripts` are the hashes of the page's own inline scripts.

    Gradio compiles the handlers that run in the browser (`unsafe-eval`) and sets styles on elements.
    """
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(("'self'", "'unsafe-eval'", *scripts)),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "object-src": "'none'",
        "frame-src": "'none'",
        "frame-ancestors": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def script_hashes(html: bytes) -> tuple[str, ...]:
    """Of the inline scripts of a page, as the policy names them."""
    inline = [found["text"] for found in SCRIPT.finditer(html) if b"src=" not in found["attributes"]]
    return tuple(f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'" for text in inline)


class SafeHeaders:
    """Adds the headers to every answer; the page at `/` is read whole, since its policy names its own scripts."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] == "/":
            await self._app(_uncompressed(scope), receive, _WholePage(send))
        else:
            await self._app(scope, receive, _Headed(send))


class _Headed:
    """Sends an answer on with the headers."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            _add(message, policy())
        await self._send(message)


class _WholePage:
    """Keeps an answer until it is whole, and sends it with the hashes of its scripts."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if not message.get("more_body", False):
            is_page = Headers(raw=self._start["headers"]).get("content-type", "").startswith("text/html")
            _add(self._start, policy(script_hashes(self._body) if is_page else ()))
            await self._send(self._start)
            await self._send({"type": "http.response.body", "body": self._body})


def _add(start: Message, content_policy: str) -> None:
    start.setdefault("headers", [])
    headers = MutableHeaders(scope=start)
    headers.update({"Content-Security-Policy": content_policy, **FIXED})


def _uncompressed(scope: Scope) -> Scope:
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]}
