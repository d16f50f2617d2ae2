"""A planted home with a dataset and a study that has run, for the views of the page."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from agent.studies.study_spec import StudySpec
from agent.workspace import Workspace
from tests.homes import open_home


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed home with the dataset `shop` and the finished studies `first` (4 trials) and `second` (1); copy it."""
    home = tmp_path_factory.mktemp("planted") / "home"
    home.mkdir()
    rng = np.random.default_rng(0)
    rows = [
        f"u{u},i{(u % 4) * 8 + rng.integers(8)},{1 + rng.integers(5)},{1_600_000_000 + 90_000 * t}"
        for u in range(40)
        for t in range(8)
    ]
    (home / "shop.csv").write_text("\n".join(["user,item,rating,timestamp", *rows]))
    with open_home(home) as workspace:
        workspace.catalogue.add(home / "shop.csv")
        for name, model, n_trials in (("second", "popularity", 1), ("first", "item_knn", 4)):
            spec = StudySpec.create(name=name, dataset="shop", models=[model], n_trials=n_trials)
            for _ in workspace.runner.create(spec).run():
                pass
    return home


@pytest.fixture
def home(tmp_path: Path, planted: Path) -> Path:
    """A copy of the planted home, to change at will."""
    return Path(shutil.copytree(planted, tmp_path / "home"))


@pytest.fixture
def workspace(home: Path) -> Iterator[Workspace]:
    with open_home(home) as opened:
        yield opened


@pytest.fixture(scope="module")
def unchanged(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """One workspace for a file whose tests leave it as it is."""
    with open_home(Path(shutil.copytree(planted, tmp_path_factory.mktemp("unchanged") / "home"))) as opened:
        yield opened


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Workspace]:
    """An open workspace with nothing in it."""
    with open_home(tmp_path / "home") as opened:
        yield opened
