"""How the tests run: one thread a process, since several share two cores, and the longest files first."""

import ctypes
import gc
import multiprocessing
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ.setdefault(name, "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
gc.disable()  # until all is imported: a million objects that stay, which it would walk through again and again

import pytest  # noqa: E402 - the threads are counted when numpy is first imported
from hypothesis import settings  # noqa: E402

settings.register_profile("no test is timed", deadline=None)
settings.load_profile("no test is timed")

Start = Callable[..., tuple[str, subprocess.Popen[bytes]]]
_SLOW_IMPORTS = ["pytest", "chromadb", "memory.store", "agent.studies.runner", "agent.executor.local"]
_SLOW_IMPORTS += ["alembic.command", "optuna.storages._rdb.models"]  # else made when a ledger is opened
_LONGEST = ("browser", "end_to_end", "studies", "test_campaign.py", "ui", "recmodels", "memory", "llm")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes goes first and what takes a second last, so that no process is left with much at the end."""
    items.sort(key=lambda item: next((i for i, name in enumerate(_LONGEST) if name in item.path.parts), len(_LONGEST)))


def pytest_collection_finish() -> None:
    """What was imported is not looked at again: that took a quarter of the time of the tests."""
    if "agent.studies.ledger" in sys.modules:
        _open_ledgers_quickly()
    gc.freeze()
    gc.enable()


def _open_ledgers_quickly() -> None:
    """Optuna's migrations are read once, and nothing waits for the disk, as no test cuts the power."""
    versions = import_module("optuna.storages._rdb.storage")._VersionManager
    read, migrations = versions._create_alembic_script, []
    versions._create_alembic_script = lambda self: (migrations or migrations.append(read(self)) or migrations)[0]
    sqlalchemy = import_module("sqlalchemy")
    sqlalchemy.event.listen(sqlalchemy.Engine, "connect", _without_waiting_for_the_disk)


def _without_waiting_for_the_disk(connection: object, _: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        with suppress(sqlite3.Error):  # a damaged file is the product's to find
            connection.execute("PRAGMA synchronous=OFF")


class Processes:
    """Starts processes to be killed; each is forked from a clean one that made the slow imports and nothing else."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(_SLOW_IMPORTS)

    def start(self, code: str, **names: object) -> tuple[ForkServerProcess, Connection]:
        """Runs the code with these names and `pipe`, whose other end is returned."""
        ours, theirs = self._context.Pipe()
        arguments = (textwrap.dedent(code), {"pipe": theirs, **names})
        process = self._context.Process(target=exec, args=arguments, daemon=True)  # a failed test leaves none behind
        process.start()
        theirs.close()
        return process, ours

    def run(self, code: str, **names: object) -> int:
        """The exit status, negative for a signal."""
        process, _ = self.start(code, **names)
        process.join()
        assert process.exitcode is not None
        return process.exitcode


@pytest.fixture(scope="session")
def processes() -> Processes:
    return Processes()


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder whose rights bind this thread for as long as the test runs, though it may be root's."""
    with tempfile.TemporaryDirectory() as name:
        libc, header = ctypes.CDLL(None), (ctypes.c_uint32 * 2)(0x2008_0522, 0)  # version 3, this thread
        effective = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; twice 32 of each
        if os.geteuid() == 0:
            libc.capget(header, effective)
            before, effective[0] = effective[0], effective[0] & ~0b110  # neither DAC_OVERRIDE nor DAC_READ_SEARCH
            libc.capset(header, effective)
        try:
            yield Path(name)
        finally:
            if os.geteuid() == 0:
                effective[0] = before
                libc.capset(header, effective)
            for place in (Path(name), *Path(name).rglob("*")):
                place.chmod(0o700)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def free_port() -> int:
    """A port of 127.0.0.1 where nothing listens."""
    return _free_port()


@pytest.fixture(scope="session")
def start_chroma() -> Start:
    """Starts `chroma run`, on a free port unless one is given, and waits until it answers."""

    import httpx

    def start(folder: Path, port: int | None = None) -> tuple[str, subprocess.Popen[bytes]]:
        chroma = Path(sys.executable).with_name("chroma")
        if not chroma.exists():
            pytest.skip(f"no Chroma server: {chroma} is missing")
        port = port or _free_port()
        command = [str(chroma), "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        url = f"http://127.0.0.1:{port}"
        for _ in range(600):
            try:
                httpx.get(f"{url}/api/v2/heartbeat", timeout=1).raise_for_status()
                return url, server
            except httpx.HTTPError:
                assert server.poll() is None, "the Chroma server ended"
                time.sleep(0.1)
        server.kill()
        raise TimeoutError("the Chroma server did not start in a minute")

    return start


@pytest.fixture(scope="session")
def server_url(start_chroma: Start, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    url, server = start_chroma(tmp_path_factory.mktemp("server"))
    yield url
    server.kill()
    server.wait()


@pytest.fixture
def chroma_server(server_url: str) -> str:
    """The URL of a server that holds nothing."""
    import chromadb
    from chromadb.config import Settings

    host, _, port = server_url.removeprefix("http://").partition(":")
    client = chromadb.HttpClient(host=host, port=int(port), settings=Settings(anonymized_telemetry=False))
    for collection in client.list_collections():
        client.delete_collection(collection.name)
    return server_url
