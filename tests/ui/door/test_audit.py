"""What is noted of who comes in and who is turned away."""

import logging
from collections.abc import Callable

import pytest
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from ui.door.audit import MOST_A_MINUTE, Audit
from ui.door.hosts import HostGuard, Hosts

Behind = Callable[..., TestClient]


def answering(status: int) -> Callable[..., object]:
    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        await Response(status_code=status)(scope, receive, send)

    return page


@pytest.fixture(autouse=True)
def heard(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "ui.door.audit")
    return caplog


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/login", 303, "logged in: 'anna'"),
        ("/login", 401, "login refused with 401: 'anna'"),
        ("/login", 429, "login refused with 429: 'anna'"),
        ("/logout", 303, "logged out"),
        ("/gradio_api/upload", 403, "refused with 403: '/gradio_api/upload' under the name '127.0.0.1:7860'"),
        ("/", 421, "refused with 421: '/'"),
        ("/x", 429, "refused with 429: '/x'"),
    ],
)
def test_each_is_one_line_with_the_address(behind: Behind, heard, path: str, status: int, says: str) -> None:
    client = behind(Audit, page=answering(status))
    client.post(path, data={"name": "anna", "password": "open sesame"}, follow_redirects=False)
    [record] = heard.records
    assert record.getMessage().startswith(says) and record.getMessage().endswith(", from '192.0.2.7'")
    assert "sesame" not in heard.text


def test_what_is_answered_is_no_line_and_reaches_the_page_whole(behind: Behind, heard) -> None:
    async def echo(scope: Scope, receive: Receive, send: Send) -> None:
        body = (await receive())["body"]
        await PlainTextResponse(body)(scope, receive, send)

    assert behind(Audit, page=echo).post("/x", content=b"abc").text == "abc"
    behind(Audit).get("/login")
    assert heard.records == []


def test_a_name_is_cut_and_made_visible(behind: Behind, heard) -> None:
    client = behind(Audit, page=answering(401))
    client.post("/login", data={"name": "a\n\u202e\x1b[31m" + "x" * 500, "password": "p"})
    text = heard.records[0].getMessage()
    assert text.isascii() and text.isprintable() and len(text) < 200


def test_a_refused_host_and_its_web_socket_are_noted_and_a_flood_is_cut(behind: Behind, heard) -> None:
    client = behind(lambda page: Audit(HostGuard(page, Hosts.of("127.0.0.1", 7860))))
    for _ in range(2 * MOST_A_MINUTE):
        assert client.get("/", headers={"Host": "evil.example"}).status_code == 421
    assert "under the name 'evil.example'" in heard.records[0].getMessage()
    assert len(heard.records) <= 2 * MOST_A_MINUTE - 1  # a minute may end meanwhile
    assert any("is left out" in record.getMessage() for record in heard.records)
