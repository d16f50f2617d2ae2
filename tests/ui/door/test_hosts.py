"""Under which names the server answers, and to which pages."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from agent.errors import SetupError
from ui.door.hosts import HostGuard, Hosts, allowed_name

Behind = Callable[..., TestClient]
OURS = Hosts.of("127.0.0.1", 7860, ("box.local", "Proxy.Example:8443"))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:7860",
        "localhost:7860",
        "LOCALHOST:7860",
        "[::1]:7860",
        "box.local",
        "box.local:7860",
        "box.local:443",
        "Box.Local.",
        "box.local.:8443",
        "proxy.example:8443",
    ],
)
def test_the_address_and_the_names_that_were_allowed_are_answered(behind: Behind, host: str) -> None:
    assert behind(HostGuard, OURS).get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    (
        "",
        *[
            "evil.example",
            "evil.example:7860",
            "127.0.0.1.evil.example:7860",
            "localhost.:7860",
            "127.0.0.1",
            "127.0.0.1:1",
        ],
        *[
            "127.0.0.1:7860@evil.example",
            "proxy.example",
            "proxy.example:1",
            "box.local:x",
            "box.local:7860:1",
            "box.local@evil",
            "0.0.0.0:7860",
            "192.0.2.1:7860",
            "127.0.0.1:07860",
        ],
    ),
)
def test_a_name_that_was_pointed_at_this_machine_is_not_answered(behind: Behind, host: str) -> None:
    answer = behind(HostGuard, OURS).get("/", headers={"Host": host})
    assert (answer.status_code, answer.text.count("."), "--allow-host" in answer.text) == (421, 1, True)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize(
    "origin",
    (
        "",
        *[
            "http://evil.example",
            "null",
            "http://localhost:3000",
            "http://127.0.0.1",
            "http://127.0.0.1:7860.evil.example",
        ],
        *["file://", "http://evil.example/127.0.0.1:7860", "ws://127.0.0.1:7860", "//127.0.0.1:7860"],
    ),
)
def test_a_page_of_another_site_is_not_answered_whatever_it_asks(behind: Behind, origin: str, method: str) -> None:
    answer = behind(HostGuard, OURS).request(method, "/", headers={"Origin": origin})
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("origin", ["http://127.0.0.1:7860", "HTTP://LocalHost:7860", "https://box.local", None])
def test_our_own_page_and_a_program_are_answered(behind: Behind, origin: str | None) -> None:
    assert behind(HostGuard, OURS).post("/", headers={"Origin": origin} if origin else {}).status_code == 200


@pytest.mark.parametrize(
    ("site", "mode", "method", "status"),
    [
        ("same-origin", "cors", "POST", 200),
        ("none", "navigate", "GET", 200),
        ("cross-site", "navigate", "GET", 200),  # a link somewhere that a person follows
        ("cross-site", "navigate", "POST", 403),
        ("cross-site", "no-cors", "GET", 403),  # a picture or script of ours in a page of others
        ("same-site", "no-cors", "GET", 403),  # of another port of this machine
    ],
)
def test_what_the_browser_says_of_the_asking_page_is_heeded(
    behind: Behind, site: str, mode: str, method: str, status: int
) -> None:
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode}
    assert behind(HostGuard, OURS).request(method, "/", headers=headers).status_code == status


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}])
def test_a_web_socket_goes_through_the_same_door(behind: Behind, headers: dict[str, str]) -> None:
    client = behind(HostGuard, OURS)
    with client.websocket_connect("ws://127.0.0.1:7860/"):
        pass
    with (
        pytest.raises((WebSocketDisconnect, WebSocketDenialResponse)),
        client.websocket_connect("ws://127.0.0.1:7860/", headers=headers),
    ):
        pass


def test_two_names_in_one_request_are_no_name(behind: Behind) -> None:
    two = [("Host", "127.0.0.1:7860"), ("Host", "evil.example")]
    assert behind(HostGuard, OURS).get("/", headers=two).status_code == 421


@pytest.mark.parametrize(
    ("host", "origin", "is_answered"),
    [
        ("box.local:443", "https://box.local", True),  # a proxy that names its port to the server
        ("box.local:8443", "https://box.local:8443", True),
        ("box.local:8443", "https://box.local:3000", False),  # another program of that machine
        ("box.local", "http://box.local:3000", False),
    ],
)
def test_under_a_name_with_any_port_only_its_own_page_is_answered(
    behind: Behind, host: str, origin: str, is_answered: bool
) -> None:
    answer = behind(HostGuard, OURS).post("/", headers={"Host": host, "Origin": origin})
    assert (answer.status_code == 200) == is_answered


def test_what_is_allowed_is_a_name_as_browsers_send_it() -> None:
    known = {"Box.Local.": "box.local", " box ": "box", "::1": "[::1]", "b\xfccher.example": "xn--bcher-kva.example"}
    assert {text: allowed_name(text) for text in known} == known
    assert allowed_name("box.local.:8443") == "box.local:8443"
    assert Hosts.of("127.0.0.1", 7860, ("localhost",)).refusal(asked_for("localhost")) is None
    for text in ("https://rec.team.example", "box.local/x", "*.team.example", "", "a b", "box.local:port"):
        with pytest.raises(SetupError, match="--allow-host takes a host name"):
            allowed_name(text)


def asked_for(host: str) -> dict[str, object]:
    return {"type": "http", "method": "GET", "headers": [(b"host", host.encode())]}


def test_on_every_address_of_the_machine_the_one_that_a_connection_came_to_is_answered() -> None:
    hosts = Hosts.of("0.0.0.0", 7860)  # noqa: S104 - listens nowhere
    scope = {"type": "http", "method": "GET", "server": ("192.0.2.5", 7860)}

    def refusal(host: str) -> object:
        return hosts.refusal(scope | {"headers": [(b"host", host.encode())]})

    assert refusal("192.0.2.5:7860") is None
    assert refusal("localhost:7860") is None
    assert refusal("192.0.2.6:7860") is not None
    assert refusal("0.0.0.0:7860") is not None
    assert refusal("box.local:7860") is not None


def test_on_the_usual_port_a_browser_names_none() -> None:
    assert Hosts.of("192.0.2.5", 80).names >= {"192.0.2.5", "localhost"}
    assert "192.0.2.5" not in Hosts.of("192.0.2.5", 7860).names
    assert "[2001:db8::1]:7860" in Hosts.of("2001:db8::1", 7860).names


@given(host=st.text(max_size=40))
def test_no_other_text_is_a_name_of_ours(host: str) -> None:
    scope = {"type": "http", "method": "GET", "headers": [(b"host", host.encode("latin-1", "ignore"))]}
    assert (Hosts.of("127.0.0.1", 7860).refusal(scope) is None) == (
        host.lower() in {"127.0.0.1:7860", "localhost:7860"}
    )
