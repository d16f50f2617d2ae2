"""A real `recpilot ui` process behind its door."""

import asyncio
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
from types import SimpleNamespace
from typing import Any

import gradio as gr
import httpx
import psutil
import pytest
from gradio.context import LocalContext
from gradio.exceptions import InvalidPathError
from gradio.processing_utils import _check_allowed

from tests import canaries
from ui import app
from ui.address import Address
from ui.door.headers import FIXED
from ui.door.paths import CALLS
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

    def joins(self, function: int, data: list[Any], tab: str = "") -> Any:
        """Calls a handler of the page as a browser does, and returns the last that comes of it."""
        tab = tab or f"s{function}"
        body = {"data": data, "fn_index": function, "session_hash": tab}
        assert self.ann.post("/gradio_api/queue/join", json=body).status_code == 200
        with self.ann.stream("GET", "/gradio_api/queue/data", params={"session_hash": tab}) as stream:
            for line in stream.iter_lines():
                if '"process_completed"' in line:
                    return json.loads(line.removeprefix("data: "))
        return None


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
    for path in ("/config", "/theme.css", "/gradio_api/queue/data?session_hash=x", "/gradio_api/heartbeat/x"):
        assert httpx.get(server.url + path).status_code == 401
    for path in ("cancel", "reset", "queue/join", "upload"):
        assert httpx.post(f"{server.url}/gradio_api/{path}", json={}).status_code == 401
    config = server.ann.get("/config").json()
    assert config["username"] == "ann"
    assert "recpilot" in server.ann.get("/").text


def test_the_page_names_its_own_scripts_and_every_answer_carries_the_headers(server: Server) -> None:
    page = server.ann.get("/")
    assert page.headers["content-security-policy"].count("'sha256-") >= 3
    assert "server" not in page.headers
    for path in ("/theme.css", "/gradio_api/upload_progress?upload_id=x", "/nowhere", "/login"):
        answer = server.ann.get(path)
        assert {answer.headers[name] for name in FIXED} == set(FIXED.values())
        assert "img-src 'self' data:" in answer.headers["content-security-policy"]


def test_a_name_or_a_page_from_elsewhere_is_refused_even_with_the_cookie(server: Server) -> None:
    for path in ("/", "/config", "/gradio_api/queue/data?session_hash=x", "/gradio_api/heartbeat/x", "/login"):
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
    for path in ("call/choose_llm", "run/choose_llm", "component_server", "run-history/connect"):
        assert server.ann.post(f"/gradio_api/{path}", json={"data": ["http://127.0.0.1:1/v1 evil"]}).status_code == 404
    assert server.ann.get("/gradio_api/file=http://127.0.0.1:1/x").status_code == 404
    assert server.ann.get(f"/gradio_api/file={server.home}/users.json").status_code == 403


def test_an_upload_is_bounded_and_only_its_owners(server: Server) -> None:
    def upload(n_bytes: int) -> httpx.Response:
        return server.ann.post("/gradio_api/upload", files={"files": ("orders.csv", b"x" * n_bytes)})

    assert upload(2**20 + 1).status_code == 413
    kept = Path(upload(100).json()[0])
    assert kept.is_relative_to(server.home)
    assert stat.S_IMODE(next(server.home.glob("incoming-*")).stat().st_mode) == 0o700
    assert stat.S_IMODE(kept.stat().st_mode) & 0o077 == 0


def test_a_call_names_no_file_but_what_the_same_person_uploaded(server: Server, tmp_path: Path) -> None:
    say = next(one["id"] for one in server.ann.get("/config").json()["dependencies"] if one["api_name"] == "say")
    People(server.home / "users.json", cost=Cost(log_n=2, r=1, p=1)).add("ben", PASSWORD)
    ben = httpx.Client(base_url=server.url, timeout=60, trust_env=False)
    assert ben.post("/login", data={"name": "ben", "password": PASSWORD}).status_code == 303
    theirs = ben.post("/gradio_api/upload", files={"files": ("orders.csv", b"user,item\n1,2\n")}).json()[0]
    os.mkfifo(pipe := tmp_path / "pipe")
    (hidden := tmp_path / ".hidden.csv").write_text("user,item\n1,2\n")
    others = ["/proc/self/environ", f"{server.home}/users.json", str(pipe), str(hidden), "http://127.0.0.1:1/x", theirs]
    before = sorted(server.home.glob("incoming-*/*/*"))
    for path in others:
        file = {"path": path, "meta": {"_type": "gradio.FileData"}}
        for data in ([{"text": "use this", "files": [file]}, None], [file, None], [[[{"deep": file}]], None]):
            body = {"data": data, "fn_index": say, "session_hash": "f"}
            for address in CALLS:
                answer = server.ann.post(address, json=body)
                assert answer.status_code == 403, path
                assert "hunter2" not in answer.text and "RECPILOT" not in answer.text
    assert sorted(server.home.glob("incoming-*/*/*")) == before, "nothing was copied"
    assert server.ann.get(f"/gradio_api/file={theirs}").status_code == 404
    assert ben.get(f"/gradio_api/file={theirs}").status_code == 200
    file = {"path": theirs, "meta": {"_type": "gradio.FileData"}}
    body = {"data": [{"text": "", "files": [file]}, None], "fn_index": say, "session_hash": "f"}
    assert ben.post("/gradio_api/queue/join", json=body).status_code == 403, "it is Ann's tab"
    assert ben.post("/gradio_api/queue/join", json=body | {"session_hash": "b"}).status_code == 200
    ben.close()


def test_gradios_own_check_of_files_is_on_too(tmp_path: Path) -> None:
    async def checked() -> None:
        with gr.Blocks() as page:
            gr.Textbox()
        workspace: Any = SimpleNamespace(settings=SimpleNamespace(reports=tmp_path))
        app.site(page, workspace, Address.parse("127.0.0.1", 0, ()))
        LocalContext.blocks.set(page)
        _check_allowed("/proc/self/environ", check_in_upload_folder=True)

    with pytest.raises(InvalidPathError, match="not uploaded by a user"):
        asyncio.run(checked())  # in a loop, else Gradio makes one that it never closes


def test_what_lies_in_the_home_is_its_owners_alone(server: Server) -> None:
    server.ann.get("/")
    open_to_others = [path for path in server.home.iterdir() if stat.S_IMODE(path.lstat().st_mode) & 0o077]
    assert not open_to_others


def test_wrong_calls_leave_one_line_each(server: Server) -> None:
    config = server.ann.get("/config").json()
    named = {one["api_name"]: one["id"] for one in config["dependencies"]}
    assert not server.joins(named["choose_llm"], ["http://127.0.0.1:1/v1 evil", None])["success"]
    assert not server.joins(named["report"], [])["success"]
    for path in ("queue/join", "cancel", "reset"):
        answer = server.ann.post(f"/gradio_api/{path}", content=b'{"data": ["\xff"]}')
        assert answer.status_code == 400, answer.text
    for number in (10**6, -1, "0", None, [0]):
        body = {"data": [], "fn_index": number, "session_hash": "x"}
        assert [server.ann.post(address, json=body).status_code for address in CALLS] == [400, 400]
    server.ann.get("/gradio_api/file=%00")
    assert not server.joins(named["choose_llm"], [{"a": 1}, None])["success"]
    deadline = time.monotonic() + 60
    while sum("a request to the page failed" in line for line in server.lines) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert sum("a request to the page failed" in line for line in server.lines) >= 3, server.lines
    assert not [line for line in server.lines if line.startswith(("Traceback", "  File"))]


def test_no_secret_is_told_or_kept_whoever_gave_it(server: Server) -> None:
    named = {one["api_name"]: one["id"] for one in server.ann.get("/config").json()["dependencies"]}
    told = [server.ann.get("/").text, server.ann.get("/config").text]
    server.joins(named["new_chat"], [], "tab")
    models = ("http://u:CANARYinURL9@127.0.0.1:1/v1", "http://127.0.0.1:1/v1?token=CANARYinURL9", canaries.PASTED)
    for model in models:
        server.joins(named["choose_llm"], [model, None], "tab")
    for message in (f"use this key {canaries.PASTED}", f"which datasets are there? {canaries.API_KEY}"):
        server.joins(named["say"], [{"text": message, "files": []}, None], "tab")
        told.append(json.dumps(server.joins(named["watch"], [None], "tab")))
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
