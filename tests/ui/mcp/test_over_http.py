"""A real `recpilot mcp --http`: who is let in, sessions of several clients, and how it ends."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from agent.errors import SetupError
from ui.door.listening import bound
from ui.mcp.http import TOKEN_VARIABLE, Place, token_of

HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
HTTP = httpx.Client(timeout=30, trust_env=False)


@dataclass
class Server:
    """The process, its address and its token."""

    process: subprocess.Popen[str]
    url: str
    token: str

    def status(self, method: str = "POST", **headers: str) -> int:
        """Of a request that begins a session, with other headers."""
        usual = {"Authorization": f"Bearer {self.token}", "Accept": "application/json, text/event-stream"}
        body = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": HELLO} if method == "POST" else None
        sent = {name: value.encode("latin-1") for name, value in (usual | headers).items()}
        return HTTP.request(method, self.url, headers=sent, json=body).status_code

    @asynccontextmanager
    async def client(self, person: Any = None, mode: str = "auto") -> AsyncIterator[Client]:
        async with (
            httpx2.AsyncClient(headers={"Authorization": f"Bearer {self.token}"}, timeout=30) as http,
            Client(
                streamable_http_client(self.url, http_client=http), mode=mode, elicitation_callback=person
            ) as client,
        ):
            yield client


@pytest.fixture(scope="module")
def server(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("http") / "home"
    shutil.copytree(planted, home, ignore=shutil.ignore_patterns("memory"))  # of another embedder
    env = os.environ | {"RECPILOT_HOME": str(home), "PYTHONPATH": str(Path.cwd()), "OMP_NUM_THREADS": "1"}
    env.pop(TOKEN_VARIABLE, None)
    command = [sys.executable, "-c", "from ui.cli import main; main()", "mcp", "--http", "--port", "0"]
    process = subprocess.Popen(command, env=env, cwd=home, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stderr is not None
    said = [process.stderr.readline(), process.stderr.readline()]
    url, token = re.search(r"http://127\.0\.0\.1:\d+/mcp", said[0]), re.search(r"token (\S{40,})", said[1])
    assert url and token, said
    yield Server(process, url.group(), token[1])
    HTTP.close()
    process.kill()
    process.communicate()


METHODS = ("POST", "GET", "DELETE")


def test_who_has_not_the_token_is_not_let_in(server: Server) -> None:
    for given in ("", "Bearer", f"Bearer {server.token}x", f"Bearer {server.token[:-1]}", server.token, "Bearer \xfc"):
        assert {server.status(method, Authorization=given) for method in METHODS} == {401}


def test_a_page_or_a_name_from_elsewhere_is_not_let_in_even_with_the_token(server: Server) -> None:
    port = httpx.URL(server.url).port
    for host in ("evil.example", f"evil.example:{port}", f"127.0.0.1.evil.example:{port}", "127.0.0.1:1"):
        assert {server.status(method, Host=host) for method in METHODS} == {421}
        assert server.status(**{"Host": host, "Mcp-Protocol-Version": "2026-07-28"}) == 421
    for origin in ("http://evil.example", f"http://evil.example:{port}", "null", "http://127.0.0.1:1"):
        assert {server.status(method, Origin=origin) for method in METHODS} == {403}
    assert server.status(Origin=f"http://127.0.0.1:{port}", Host=f"localhost:{port}") == 200


def test_no_other_address_answers(server: Server) -> None:
    assert HTTP.get(server.url.removesuffix("/mcp")).status_code == 401
    token = {"Authorization": f"Bearer {server.token}"}
    assert HTTP.get(server.url.removesuffix("/mcp") + "/docs", headers=token).status_code == 404


@pytest.mark.anyio
async def test_each_session_has_its_own_study_at_hand_and_its_own_person(server: Server, kit: Any) -> None:
    person = kit.Person()
    async with server.client(person) as one, server.client() as other:
        assert len((await one.list_tools()).tools) > len((await other.list_tools()).tools)
        await one.call_tool("open_study", {"study": "first"})
        await other.call_tool("open_study", {"study": "second"})
        found = kit.facts(await one.call_tool("rename_study", {"name": "mine"}))
        assert found == {"study": "mine", "before": "first"}
        assert kit.facts(await other.call_tool("study_status", {}))["study"] == "second"
        assert "takes a person's yes" in kit.facts(await other.call_tool("rename_study", {"name": "x"}))["error"]
        kit.facts(await one.call_tool("undo", {}))
    assert [("first" in card, "mine" in card) for card in person.asked] == [(True, True), (True, True)]


@pytest.mark.anyio
async def test_a_client_without_a_session_names_its_study_in_each_call(server: Server, kit: Any) -> None:
    person = kit.Person()
    async with server.client() as other, server.client(person, mode="2026-07-28") as client:
        await other.call_tool("open_study", {"study": "first"})
        for tool, args in (("study_status", {}), ("rename_study", {"name": "x"})):
            found = kit.facts(await client.call_tool(tool, args))
            assert found["error"].startswith("say which study is meant, with `study`; the latest are: ")
        assert "has no session" in kit.facts(await client.call_tool("open_study", {"study": "first"}))["error"]
        assert "this client has none" in kit.facts(await client.call_tool("undo", {}))["error"]
        assert person.asked == []
        for before, after in (("second", "third"), ("third", "second")):
            found = kit.facts(await client.call_tool("rename_study", {"study": before, "name": after}))
            assert found == {"study": after, "before": before}
        assert kit.facts(await client.call_tool("study_status", {"study": "second"}))["study"] == "second"
    assert len(person.asked) == 2


def test_told_to_end_it_stops_what_trains_and_ends(server: Server) -> None:
    server.process.send_signal(signal.SIGTERM)
    _, errors = server.process.communicate(timeout=60)
    assert server.process.returncode == 128 + signal.SIGTERM
    assert "Traceback" not in errors
    assert server.token not in errors  # it was told once


def test_a_token_comes_from_a_file_or_the_variable_else_it_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(TOKEN_VARIABLE, raising=False)
    (one, is_new), (other, _) = token_of(None), token_of(None)
    assert is_new and one != other and len(one) > 40
    monkeypatch.setenv(TOKEN_VARIABLE, "from the variable")
    assert token_of(None) == ("from the variable", False)
    (tmp_path / "token").write_text("from the token file\n")
    assert token_of(tmp_path / "token") == ("from the token file", False)


@pytest.mark.parametrize("token", ["", "short", "long enough but not ü", "with a line\nbreak in it"])
def test_a_token_that_is_no_secret_is_refused(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, token)
    with pytest.raises(SetupError, match="16 characters or more"):
        token_of(None)


def test_a_token_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="cannot be read"):
        token_of(tmp_path / "none")


@pytest.mark.parametrize(
    ("place", "host", "is_let_in"),
    [
        (Place(), "localhost:80", True),
        (Place(), "box.local:80", False),
        (Place(host="192.168.1.5"), "192.168.1.5:80", True),
        (Place(host="0.0.0.0"), "192.168.1.5:80", False),  # noqa: S104 - listens nowhere
        (Place(host="0.0.0.0"), "0.0.0.0:80", False),  # noqa: S104
        (Place(host="0.0.0.0", names=("box.local",)), "box.local:80", True),  # noqa: S104
        (Place(names=("box.local",)), "box.local", True),
        (Place(host="::1"), "[::1]:80", True),
    ],
)
def test_only_hosts_that_were_asked_for_are_served(place: Place, host: str, is_let_in: bool) -> None:
    security = place.security(80)
    assert security.enable_dns_rebinding_protection
    assert (host in security.allowed_hosts) is is_let_in
    assert not any("*" in one for one in (*security.allowed_hosts, *security.allowed_origins))


def test_a_port_in_use_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SetupError, match="choose another with --port"):
        bound("127.0.0.1", taken.getsockname()[1])
