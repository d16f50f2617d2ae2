"""A tiny dataset with planted tastes, and a runner over real parts."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from agent.executor import Executor, InProcessExecutor
from agent.studies.ledger import Ledger
from agent.studies.runner import StudyRunner
from recmodels.data.catalogue import Catalogue
from recmodels.data.reading.writing import read_here


def write_tiny(path: Path, n_users: int = 60, n_items: int = 40) -> Path:
    """Two groups of users, each with items of its own group, in time order."""
    rng = np.random.default_rng(0)
    lines = ["user_id,item_id,timestamp"]
    for user in range(n_users):
        own = np.arange(n_items // 2) + (user % 2) * (n_items // 2)
        lines += [f"u{user},i{item},{1_000_000 + step}" for step, item in enumerate(rng.permutation(own)[:8])]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture(scope="session")
def tiny_csv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny(tmp_path_factory.mktemp("data") / "tiny.csv")


@pytest.fixture
def catalogue(tmp_path: Path, tiny_csv: Path) -> Catalogue:
    found = Catalogue(tmp_path / "datasets", read=read_here)
    found.add(tiny_csv, name="tiny")
    return found


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger(f"sqlite:///{tmp_path / 'studies.db'}")
    yield opened
    opened.close()


@pytest.fixture
def make_runner(tmp_path: Path, ledger: Ledger, catalogue: Catalogue) -> Iterator[Callable[..., StudyRunner]]:
    made: list[StudyRunner] = []

    def make(executor: Executor | None = None, **parts: object) -> StudyRunner:
        runner = StudyRunner(
            ledger=ledger,
            catalogue=catalogue,
            executor=executor or InProcessExecutor(),
            checkpoints=tmp_path / "checkpoints",
            device="cpu",
            n_threads=1,
            **parts,  # type: ignore[arg-type]
        )
        made.append(runner)
        return runner

    yield make
    for runner in made:
        runner.shutdown()


@pytest.fixture
def runner(make_runner: Callable[..., StudyRunner]) -> StudyRunner:
    return make_runner()
