"""A memory in a folder and one on a real Chroma server, and records to put in them."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from memory.embedding import HashingEmbedder
from memory.record import TrialRecord
from memory.store import TrialMemory

Make = Callable[..., TrialRecord]
Start = Callable[..., tuple[str, subprocess.Popen[bytes]]]


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture
def trial() -> Make:
    """Makes a trial from what matters to the test."""

    def make(number: int = 0, **fields: object) -> TrialRecord:
        fields = {
            "id": f"study/{number}",
            "study": "study",
            "number": number,
            "dataset": "books",
            "model": "sasrec",
            "params": {"learning_rate": 0.01},
            "state": "complete",
            "objective": "ndcg@10",
            "value": number / 100,
        } | fields
        return TrialRecord(**fields)  # type: ignore[arg-type]

    return make


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def free_port() -> int:
    """A port of 127.0.0.1 where nothing listens."""
    return _free_port()


@pytest.fixture(scope="session")
def start_server() -> Start:
    """Starts `chroma run`, on a free port unless one is given, and waits until it answers."""

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
def server_url(start_server: Start, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    url, server = start_server(tmp_path_factory.mktemp("server"))
    yield url
    server.kill()
    server.wait()


@pytest.fixture(params=["folder", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store: a folder, or the server."""
    if request.param == "folder":
        return str(tmp_path / "memory")
    import chromadb
    from chromadb.config import Settings

    url: str = request.getfixturevalue("server_url")
    host, _, port = url.removeprefix("http://").partition(":")
    client = chromadb.HttpClient(host=host, port=int(port), settings=Settings(anonymized_telemetry=False))
    for collection in client.list_collections():
        client.delete_collection(collection.name)
    return url


@pytest.fixture
def memory(place: str, embedder: HashingEmbedder) -> Iterator[TrialMemory]:
    opened = TrialMemory(place, embedder)
    yield opened
    opened.close()


@pytest.fixture
def folder_memory(tmp_path: Path, embedder: HashingEmbedder) -> Iterator[TrialMemory]:
    opened = TrialMemory(tmp_path / "memory", embedder)
    yield opened
    opened.close()


@pytest.fixture
def read_only_folder() -> Iterator[Path]:
    """A folder in which this process may write nothing; root becomes nobody for as long as it is used."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o555)
    was_root = os.geteuid() == 0
    if was_root:
        os.seteuid(65534)
    yield folder
    if was_root:
        os.seteuid(0)
    shutil.rmtree(folder)
