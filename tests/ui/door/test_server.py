"""A real `recpilot ui` process behind its door."""

import json
import os
import re
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests import canaries
from ui.door.headers import FIXED
from ui.door.people import Cost, People

PASSWORD = "correct horse"  # noqa: S105 - of a person that is made up


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The process, its home, and a browser that has logged in."""

    home: Path
    url: str
    ann: httpx.Client
    lines: list[str]  # what it printed so far
    pid: int

    def listens(self, chat: str = "", until: str = "chats") -> dict[str, Any]:
        """What a tab hears, by the name of the event, until one of that name has come."""
        heard: dict[str, Any] = {}
        with self.ann.stream("GET", "/api/feed", params={"chat": chat}) as stream:
            name = ""
            for line in stream.iter_lines():
                name = line.removeprefix("event: ") if line.startswith("event: ") else name
                if line.startswith("data: "):
                    heard[name] = json.loads(line.removeprefix("data: "))
                    if name == until:
                        break
        return heard


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("door") / "home"
    home.mkdir()
    (home / "studies.db").touch(0o644)
    People(home / "users.json", cost=Cost(log_n=2, r=1, p=1)).add("ann", PASSWORD)
    env = os.environ | {"RECPILOT_HOME": str(home), "PYTHONPATH": str(Path.cwd()), "OMP_NUM_THREADS": "1"}
    env |= canaries.IN_ENVIRONMENT
    command = [sys.executable, "-c", "from ui.cli import main; main()", "ui", "--port", "0", "--max-upload", "1"]
    command += ["--llm", "none", "--allow-host", "box.local"]
    process = subprocess.Popen(command, env=env, cwd=home, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert process.stderr is not None
    said = process.stderr.readline()
    lines: list[str] = []
    reader = threading.Thread(target=lambda: lines.extend(iter(process.stderr.readline, "")), daemon=True)  # type: ignore[union-attr]
    url = re.search(r"http://127\.0\.0\.1:\d+", said)
    assert url, said + process.stderr.read()
    reader.start()
    once = {"Connection": "close"}  # uvicorn resets a kept connection after an error
    with closing(httpx.Client(base_url=url.group(), timeout=60, trust_env=False, headers=once)) as ann:
        form = {"name": "Ann", "password": PASSWORD}
        assert ann.post("/login", data=form, follow_redirects=False).status_code == 303
        yield Server(home=home, url=url.group(), ann=ann, lines=lines, pid=process.pid)
    process.kill()
    process.wait()
    reader.join()
    process.stderr.close()


def test_no_one_comes_in_without_a_login_and_ann_does(server: Server) -> None:
    for path in ("/config", "/theme.css", "/recpilot/main.js", "/api/feed", "/api/view?at=studies", "/api/alive"):
        assert httpx.get(server.url + path).status_code == 401
    for path in ("gradio_api/upload", "api/say", "api/studies/x/stop", "api/chats/ann-00000001/delete"):
        assert httpx.post(f"{server.url}/{path}", json={}).status_code == 401
    config = server.ann.get("/config").json()
    assert config["username"] == "ann"
    assert "recpilot" in server.ann.get("/").text


def test_the_page_names_its_own_scripts_and_every_answer_carries_the_headers(server: Server) -> None:
    page = server.ann.get("/")
    assert page.headers["content-security-policy"].count("'sha256-") >= 3
    assert "server" not in page.headers
    for path in ("/theme.css", "/recpilot/main.js", "/api/alive", "/nowhere", "/login"):
        answer = server.ann.get(path)
        assert {answer.headers[name] for name in FIXED} == set(FIXED.values())
        assert "img-src 'self' data:" in answer.headers["content-security-policy"]


def test_a_name_or_a_page_from_elsewhere_is_refused_even_with_the_cookie(server: Server) -> None:
    for path in ("/", "/config", "/api/feed", "/api/alive", "/login"):
        assert server.ann.get(path, headers={"Host": "evil.example"}).status_code == 421
        foreign = server.ann.get(path, headers={"Origin": "http://localhost:3000"})
        assert foreign.status_code == 403
        assert not [name for name in foreign.headers if name.startswith("access-control")]
    files = {"files": ("a.csv", b"u,i\n")}
    assert server.ann.post("/gradio_api/upload", files=files, headers={"Origin": "null"}).status_code == 403
    assert server.ann.get("/config", headers={"Host": "box.local", "Origin": "https://box.local"}).status_code == 200


def test_gradios_other_addresses_are_not_there(server: Server) -> None:
    for path in ("monitoring", "monitoring/summary", "gradio_api/info", "gradio_api/openapi.json", "gradio_api/runs"):
        assert server.ann.get(f"/{path}").status_code == 404
    for path in ("call/x", "run/predict", "queue/join", "component_server", "run-history/connect"):
        assert server.ann.post(f"/gradio_api/{path}", json={"data": ["http://127.0.0.1:1/v1 evil"]}).status_code == 404
    for path in ("http://127.0.0.1:1/x", f"{server.home}/users.json"):
        assert server.ann.get(f"/gradio_api/file={path}").status_code == 404
    for path in ("../style.css", "..%2f..%2fapp.py", "login.html.j2", "chat.png"):
        assert server.ann.get(f"/recpilot/{path}").status_code == 404


def test_an_upload_is_bounded_and_only_its_owners(server: Server) -> None:
    def upload(n_bytes: int) -> httpx.Response:
        return server.ann.post("/gradio_api/upload", files={"files": ("orders.csv", b"x" * n_bytes)})

    assert upload(2**20 + 1).status_code == 413
    kept = Path(upload(100).json()[0])
    assert kept.is_relative_to(server.home)
    assert stat.S_IMODE(next(server.home.glob("incoming-*")).stat().st_mode) == 0o700
    assert stat.S_IMODE(kept.stat().st_mode) & 0o077 == 0


def test_a_message_names_no_file_but_what_the_same_person_uploaded(server: Server, tmp_path: Path) -> None:
    People(server.home / "users.json", cost=Cost(log_n=2, r=1, p=1)).add("ben", PASSWORD)
    ben = httpx.Client(base_url=server.url, timeout=60, trust_env=False)
    assert ben.post("/login", data={"name": "ben", "password": PASSWORD}).status_code == 303
    theirs = ben.post("/gradio_api/upload", files={"files": ("orders.csv", b"user,item\n1,2\n")}).json()[0]
    os.mkfifo(pipe := tmp_path / "pipe")
    (hidden := tmp_path / ".hidden.csv").write_text("user,item\n1,2\n")
    others = ["/proc/self/environ", f"{server.home}/users.json", str(pipe), str(hidden), "http://127.0.0.1:1/x", theirs]
    for path in others:
        for files in ([{"path": path}], {"deep": [{"path": path}]}):
            body = {"chat": "ann-00000009", "text": "use this", "files": files}
            answer = server.ann.post("/api/say", json=body)
            assert answer.status_code == 403, path
            assert "hunter2" not in answer.text and "RECPILOT" not in answer.text
    body = {"chat": "ben-00000001", "text": "", "files": [{"path": theirs}]}
    assert ben.post("/api/say", json={**body, "chat": "ann-00000001"}).status_code == 403, "it is Ann's chat"
    assert ben.post("/api/say", json=body).status_code == 200
    ben.close()


def test_what_lies_in_the_home_is_its_owners_alone(server: Server) -> None:
    server.ann.get("/")
    open_to_others = [path for path in server.home.iterdir() if stat.S_IMODE(path.lstat().st_mode) & 0o077]
    assert not open_to_others


def test_wrong_calls_are_one_sentence_each_and_no_traceback(server: Server) -> None:
    for content in (b'{"text": ["\xff"]}', b"[", b"[1]", b"null", b'{"chat": 3}', b"[" * 100_000):
        answer = server.ann.post("/api/say", content=content)
        assert 400 <= answer.status_code < 500, answer.text
        assert len(answer.text) < 200
    for path in ("view?at=nothing", "file?what=report&study=x", "chats/x/earlier"):
        answer = server.ann.get(f"/api/{path}")
        assert 400 <= answer.status_code < 500 and answer.json()["error"]
    for path in ("chats/ann-00000001/nothing", "studies/x/stop"):
        assert server.ann.post(f"/api/{path}", json={}).json()["error"]
    assert not [line for line in server.lines if line.startswith(("Traceback", "  File"))]


def test_no_secret_is_told_or_kept_whoever_gave_it(server: Server) -> None:
    told = [server.ann.get("/").text, server.ann.get("/config").text]
    chat = server.listens("new")["hello"]["chat"]
    for message in (f"use this key {canaries.PASTED}", f"which datasets are there? {canaries.API_KEY}"):
        assert server.ann.post("/api/say", json={"chat": chat, "text": message}).status_code == 200
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        heard = server.listens(chat)
        if not heard["answering"]["is"]:
            break
    told.append(json.dumps(heard))
    assert told[-1].count("key removed") >= 2 and "RECPILOT_LLM_API_KEY" in told[-1]
    deadline = time.monotonic() + 60
    while not (children := psutil.Process(server.pid).children()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert children, "the process that reads files is there before it is needed"
    for child in children:
        told += [json.dumps(child.environ()), json.dumps(child.cmdline())]
    assert [leak for text in told for leak in canaries.leaks("an answer", text)] == []
    assert canaries.leaks("the terminal", "".join(server.lines)) == []
    assert canaries.leaks_below(server.home) == []
