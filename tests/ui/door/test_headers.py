"""The headers that every answer carries, and the policy that names the page's own scripts."""

import base64
import hashlib
from collections.abc import Callable

import pytest
from starlette.responses import HTMLResponse, StreamingResponse
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from ui.door.entrance import door
from ui.door.headers import FIXED, SafeHeaders, policy, script_hashes
from ui.door.hosts import Hosts
from ui.door.paths import is_of_page

Behind = Callable[..., TestClient]
PAGE = '<script>one()</script><script type="module" src="./a.js"></script><SCRIPT data-x>\ntwo()\n</SCRIPT>'


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/theme.css", {}, 200),
        ("/", {}, 200),
        ("/nowhere", {}, 404),
        ("/", {"Host": "evil.example"}, 421),
        ("/", {"Origin": "null"}, 403),
    ],
)
def test_every_answer_carries_the_headers_a_refusal_too(
    behind: Behind, path: str, headers: dict[str, str], status: int
) -> None:
    answer = behind(door, Hosts.of("127.0.0.1", 7860)).get(path, headers=headers)
    assert answer.status_code == status
    assert FIXED.items() <= {name.title(): value for name, value in answer.headers.items()}.items()
    for rule in ("default-src 'self'", "img-src 'self' data:", "connect-src 'self'", "frame-ancestors 'none'"):
        assert rule in answer.headers["content-security-policy"].split("; ")


def test_of_inline_scripts_only_the_pages_own_may_run(behind: Behind) -> None:
    def page(body: ASGIApp) -> str:
        return behind(SafeHeaders, page=body).get("/").headers["content-security-policy"]

    expected = [base64.b64encode(hashlib.sha256(text).digest()).decode() for text in (b"one()", b"\ntwo()\n")]
    hashes = tuple(f"'sha256-{one}'" for one in expected)
    assert script_hashes(PAGE.encode()) == hashes
    assert page(HTMLResponse(PAGE)) == policy(hashes)
    pieces = StreamingResponse(iter([PAGE[:20], PAGE[20:]]), media_type="text/html")
    assert page(pieces) == policy(hashes)
    assert page(HTMLResponse("<p onclick='x()'>")) == policy()
    assert "script-src 'self' 'unsafe-eval';" in policy()


def test_the_page_arrives_whole_and_as_it_is(behind: Behind) -> None:
    for body in (HTMLResponse(PAGE), StreamingResponse(iter([PAGE[:20], PAGE[20:]]), media_type="text/html")):
        assert behind(SafeHeaders, page=body).get("/").text == PAGE


@pytest.mark.parametrize(
    ("path", "is_offered"),
    [
        ("/", True),
        ("/assets/index.js", True),
        ("/api/say", True),
        ("/recpilot/main.js", True),
        ("/gradio_api/upload", True),
        ("/gradio_api/queue/join", False),
        ("/gradio_api/queue/data", False),
        ("/gradio_api/heartbeat/x", False),
        ("/gradio_api/file=/home/x/report.html", False),
        ("/gradio_api/file=http://127.0.0.1:9/x", False),
        ("/gradio_api/file=HTTPS:/evil.example/x", False),
        ("/gradio_api/call/say", False),
        ("/gradio_api/run/predict", False),
        ("/gradio_api/run/say", False),
        ("/gradio_api/info", False),
        ("/gradio_api/openapi.json", False),
        ("/gradio_api/proxy=https://x.hf.space/", False),
        ("/gradio_api/component_server", False),
        ("/gradio_api/run-history/connect", False),
        ("/gradio_api/deep_link", False),
        ("/monitoring", False),
        ("/monitoring/summary", False),
        ("/docs", False),
        ("/login", False),
    ],
)
def test_only_what_the_page_asks_for_is_offered(path: str, is_offered: bool) -> None:
    assert is_of_page(path) == is_offered
