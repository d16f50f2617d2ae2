"""A home with a real study to look at: models that learn in milliseconds, baselines, a failed trial and a repeat."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from agent.studies.study import Study
from agent.studies.study_spec import StudySpec
from agent.workspace import Workspace
from tests.homes import open_home
from ui.views.asked import Asked

Asks = Callable[..., Asked]


def _write_tastes(path: Path) -> Path:
    """Four groups of users, each with ten items of its own that it mostly takes."""
    rng = np.random.default_rng(0)
    rows = []
    for user in range(60):
        own = (user % 4) * 10 + rng.integers(10, size=8)
        items = np.where(rng.random(8) < 0.8, own, rng.integers(40, size=8))
        rows += [f"u{user},i{item},{1_600_000_000 + t}" for t, item in enumerate(items)]
    path.write_text("user,item,timestamp\n" + "\n".join(rows))
    return path


@pytest.fixture(scope="session")
def viewed_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed home with `tastes` and the studies `shop` (6 trials of two models) and `club` (3); copy it."""
    home = tmp_path_factory.mktemp("viewed") / "home"
    with open_home(home, measures_baselines=True) as workspace:
        workspace.catalogue.add(_write_tastes(home / "tastes.csv"))
        for name, models, n in (("shop", ["bpr_mf", "item_knn"], 6), ("club", ["item_knn"], 3)):
            spec = StudySpec.create(name=name, dataset="tastes", models=models, n_trials=n, epochs=3, uses_rules=False)
            for _ in workspace.runner.create(spec).run():
                pass
    return home


@pytest.fixture
def viewed(viewed_home: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace on a copy of it, to change at will."""
    with open_home(Path(shutil.copytree(viewed_home, tmp_path / "home")), measures_baselines=True) as workspace:
        yield workspace


@pytest.fixture(scope="module")
def looking(viewed_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """One workspace for a file whose tests leave it as it is."""
    home = Path(shutil.copytree(viewed_home, tmp_path_factory.mktemp("looking") / "home"))
    with open_home(home, measures_baselines=True) as workspace:
        yield workspace


@pytest.fixture
def shop(viewed: Workspace) -> Study:
    """The study with six trials."""
    return viewed.runner.peek("shop")


@pytest.fixture
def asked(looking: Workspace) -> Asks:
    """`asked(study="shop", of="3")`: what a tab asks for; nothing may be changed by it."""

    def make(study: str | None = "shop", width: int = 600, **options: str) -> Asked:
        return Asked(workspace=looking, study=study, width=width, options=options)

    return make
