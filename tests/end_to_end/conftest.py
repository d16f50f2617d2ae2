"""Runs `recpilot` as a person does; every attempt to leave this machine is written down."""

import io
import json
import os
import runpy
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

ROOT = Path(__file__).parent.parent.parent
GUARD = '''
"""Refuses and writes down every connection and name look-up that leaves this machine."""
import os, socket

LOCAL = {"localhost", "127.0.0.1", "::1", "0.0.0.0", "::", "", None}

def _refuse(what):
    with open(os.environ["RECPILOT_TEST_NETWORK_LOG"], "a") as log:
        log.write(f"{what}\\n")
    raise OSError(f"no network in this test: {what}")

def _is_local(address):
    return not isinstance(address, tuple) or address[0] in LOCAL or str(address[0]).startswith("127.")

class Guarded(socket.socket):
    def connect(self, address):
        return super().connect(address) if _is_local(address) else _refuse(address)

    def connect_ex(self, address):
        return super().connect_ex(address) if _is_local(address) else _refuse(address)

    def sendto(self, data, *rest):
        return super().sendto(data, *rest) if _is_local(rest[-1]) else _refuse(rest[-1])

_look_up = socket.getaddrinfo

def getaddrinfo(host, *rest, **more):
    name = host.decode() if isinstance(host, bytes) else host
    return _look_up(host, *rest, **more) if name in LOCAL or str(name).startswith("127.") else _refuse(name)

socket.socket = Guarded
socket.getaddrinfo = getaddrinfo
'''


class Recpilot:
    """The command line on one home folder."""

    SHOP = ("--name", "shop", "--model", "bpr_mf", "--model", "ease", "--trials", "4", "--epochs", "3", "--seed", "7")

    def __init__(self, home: Path, folder: Path) -> None:
        self.home = home
        self.network_log = folder / "network.log"
        self.guard = folder / "guard" / "sitecustomize.py"
        self.guard.parent.mkdir()
        self.guard.write_text(GUARD)
        self.changed = {
            "RECPILOT_HOME": str(home),
            "RECPILOT_TEST_NETWORK_LOG": str(self.network_log),
            "PYTHONPATH": os.pathsep.join((str(self.guard.parent), str(ROOT))),
            "OMP_NUM_THREADS": "1",
            "COLUMNS": "160",
        }

    def __call__(self, *args: str, timeout: float = 280, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Runs one command; never raises for its exit status."""
        return subprocess.run(
            self.command(*args),
            env=os.environ | self.changed,
            capture_output=True,
            text=True,
            timeout=timeout,
            input=stdin,
            cwd=ROOT,
        )

    def here(self, *args: str) -> subprocess.CompletedProcess[str]:
        """The same in this process, its trials too, where nothing depends on a process of its own: torch loads once."""
        from agent.executor import InProcessExecutor
        from ui.cli import main

        out, errors, status = io.StringIO(), io.StringIO(), 0
        with (
            mock.patch.dict(os.environ, self.changed),
            mock.patch.multiple(socket, socket=socket.socket, getaddrinfo=socket.getaddrinfo),
            mock.patch.object(sys, "argv", ["recpilot", *args]),
            mock.patch("agent.assembly.LocalExecutor", lambda _: InProcessExecutor()),
            redirect_stdout(out),
            redirect_stderr(errors),
            chdir(ROOT),
        ):
            runpy.run_path(str(self.guard))  # puts other things in place of these two
            try:
                main()
            except SystemExit as end:
                status = end.code if isinstance(end.code, int) else 0
        return subprocess.CompletedProcess(args, status, out.getvalue(), errors.getvalue())

    def command(self, *args: str) -> list[str]:
        return [sys.executable, "-c", "from ui.cli import main; main()", *args]

    def json(self, *args: str) -> Any:
        """The JSON document that a command prints on stdout, run in this process."""
        run = self.here(*args, "--json")
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)

    def attempts_to_leave(self) -> list[str]:
        """Addresses outside this machine that were asked for."""
        return self.network_log.read_text().splitlines() if self.network_log.exists() else []


@pytest.fixture
def recpilot(tmp_path: Path) -> Recpilot:
    """A command line on a home folder of its own."""
    (tmp_path / "recpilot").mkdir()
    return Recpilot(tmp_path / "recpilot" / "home", tmp_path / "recpilot")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Recpilot, dict[str, Any]]:
    """A home with the finished study `shop`, and what `tune --json` printed of it in a process of its own."""
    folder = tmp_path_factory.mktemp("shop")
    recpilot = Recpilot(folder / "home", folder)
    run = recpilot("tune", str(write_orders(folder / "orders.csv")), *recpilot.SHOP, "--json")
    assert run.returncode == 0, run.stderr
    return recpilot, json.loads(run.stdout)


@pytest.fixture
def tiny_csv(tmp_path: Path) -> Path:
    return write_orders(tmp_path / "orders.csv")


def write_orders(path: Path) -> Path:
    """60 users in three groups with tastes of their own, 45 items."""
    rows = [
        f"u{user},i{user % 3 * 15 + (user * 7 + step * 4) % 15},{1_600_000_000 + step * 3600}"
        for user in range(60)
        for step in range(8)
    ]
    path.write_text("customer_id,sku,timestamp\n" + "\n".join(rows) + "\n")
    return path


@pytest.fixture
def shared_data() -> Callable[[str], Path]:
    """A real dataset's folder, or a skip with the reason."""

    def find(name: str) -> Path:
        root = Path(os.environ.get("RECPILOT_TEST_DATA") or ROOT.parent / "shared" / "data")
        if not (root / name).exists():
            pytest.skip(f"real data not found: {root / name} (set RECPILOT_TEST_DATA)")
        return root / name

    return find
