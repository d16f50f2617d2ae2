"""A real `recpilot ui` process and a real headless Chromium; skipped, with the reason, where there is no Chromium."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
OPENED = "new URLSearchParams(location.search).get('chat')?.length > 3"  # the address names the chat that is shown
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ARGS += ["--disable-component-update", "--disable-sync"]
MOST_S = float(os.environ.get("RECPILOT_TEST_WAIT_S", "240"))  # for what is waited for, however busy the machine
sync_api.expect.set_options(timeout=MOST_S * 1000)


@dataclass
class Server:
    """`recpilot ui` on a home folder; it can be killed and started again."""

    home: Path
    options: tuple[str, ...] = ()
    url: str = ""
    lines: list[str] = field(default_factory=list)
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        environment = os.environ | {"RECPILOT_HOME": str(self.home), "PYTHONUNBUFFERED": "1", "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-c", "from ui.cli import main; main()", "ui", "--port", "0", *self.options]
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self.home
        )
        ready = threading.Event()
        threading.Thread(target=self._read, args=(ready,), daemon=True).start()
        assert ready.wait(MOST_S), "the server did not start:\n" + "\n".join(self.lines)

    def _read(self, ready: threading.Event) -> None:
        assert self.process and self.process.stdout
        with suppress(ValueError):  # closed while it was read: the server was killed
            for line in self.process.stdout:
                self.lines.append(line.rstrip())
                if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                    self.url = found.group()
                    ready.set()

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        if self.process and self.process.stdout:
            self.process.stdout.close()


@pytest.fixture(scope="module")
def make_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Starts servers with the options given, each on a home folder of its own."""
    servers: list[Server] = []

    def make(*options: str, home: Path | None = None) -> Server:
        servers.append(Server(home or tmp_path_factory.mktemp("home"), options))
        servers[-1].start()
        return servers[-1]

    yield make
    for running in servers:
        running.kill()


@pytest.fixture(scope="module")
def server(make_server: Callable[..., Server]) -> Server:
    """One for all tests of a file, each in a chat of its own, since a start takes ten seconds."""
    return make_server()


@pytest.fixture(scope="module")
def chromium() -> Iterator["sync_api.Browser"]:
    """Gone with its file: while playwright runs, no other test of the process can run an event loop."""
    path = os.environ.get("RECPILOT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("there is no Chromium here; apt-get install chromium brings one")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: "sync_api.Browser", server: Server) -> Iterator["sync_api.Page"]:
    """A page with a new chat."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(MOST_S * 1000)
    opened = context.new_page()
    opened.goto(f"{server.url}/?chat=new")
    sync_api.expect(opened.locator("#say textarea")).to_be_enabled()
    opened.wait_for_function(OPENED)
    sync_api.expect(opened.locator("#chat")).to_contain_text("What shall we tune?")
    yield opened
    context.close()
    print("\n".join(server.lines))  # pytest shows it beside a failure
