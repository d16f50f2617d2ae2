"""A tiny dataset, a study that has run on it, and workspaces on a home folder of their own."""

import functools
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.language_models import BaseChatModel

from agent.studies.study_spec import StudySpec
from agent.tools import make_tools
from agent.workspace import Workspace
from tests.homes import open_home

OpenHome = Callable[..., Workspace]


def write_tiny(path: Path, n_users: int = 60, header: str = "user,item,timestamp") -> Path:
    """Four groups of users, each with ten items of its own that it mostly takes."""
    rng = np.random.default_rng(0)
    rows = []
    for user in range(n_users):
        own = (user % 4) * 10 + rng.integers(10, size=8)
        items = np.where(rng.random(8) < 0.8, own, rng.integers(40, size=8))
        rows += [f"u{user},i{item},{1_600_000_000 + t}" for t, item in enumerate(items)]
    path.write_text(header + "\n" + "\n".join(rows))
    return path


@pytest.fixture(scope="session")
def tuned_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed home folder with the dataset `tiny` and a finished study `first`; copy it, do not change it."""
    home = tmp_path_factory.mktemp("tuned") / "home"
    with open_home(home) as workspace:
        workspace.catalogue.add(write_tiny(home / "tiny.csv"))
        spec = StudySpec.create(name="first", dataset="tiny", models=["bpr_mf"], n_trials=6, epochs=4, uses_rules=False)
        for _ in workspace.runner.create(spec).run():
            pass
    return home


@pytest.fixture(scope="session")
def tuned_facts(tuned_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, Any]]:
    """`tuned_facts("recommend_items", user="u3")`: what a reading tool finds in a copy of `tuned_home`."""
    home = Path(shutil.copytree(tuned_home, tmp_path_factory.mktemp("facts") / "home"))

    @functools.cache
    def found(tool: str, **args: Any) -> dict[str, Any]:
        with open_home(home) as workspace:
            return json.loads(next(one for one in make_tools(workspace) if one.name == tool).invoke(args))

    return found


@pytest.fixture
def opened() -> Iterator[OpenHome]:
    """`opened(home, chat_model)` opens a workspace that is closed at the end of the test."""
    workspaces: list[Workspace] = []

    def make(home: Path, chat_model: BaseChatModel | None = None, data_folder: Path | None = None) -> Workspace:
        workspaces.append(open_home(home, chat_model, data_folder))
        return workspaces[-1]

    yield make
    for workspace in workspaces:
        workspace.close()


@pytest.fixture
def home(tmp_path: Path, tuned_home: Path) -> Path:
    """A home folder with `tiny` and the study `first`, to change at will."""
    return Path(shutil.copytree(tuned_home, tmp_path / "home"))


@pytest.fixture
def tuned(home: Path, opened: OpenHome) -> Workspace:
    """An open workspace with `tiny` and the study `first`."""
    return opened(home)


@pytest.fixture
def fresh(tmp_path: Path, opened: OpenHome) -> Workspace:
    """An open workspace with nothing in it."""
    return opened(tmp_path / "home")


@pytest.fixture(name="write_tiny", scope="session")
def _write_tiny() -> Callable[..., Path]:
    return write_tiny
