"""A memory in a folder and one on a real Chroma server, and records to put in them."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from memory.embedding import HashingEmbedder
from memory.record import TrialRecord
from memory.store import TrialMemory

Make = Callable[..., TrialRecord]


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


@pytest.fixture(params=["folder", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store: a folder, or the server."""
    if request.param == "folder":
        return str(tmp_path / "memory")
    return str(request.getfixturevalue("chroma_server"))


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
