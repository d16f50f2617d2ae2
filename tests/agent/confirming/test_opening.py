"""Single runs are counted as readings of test, in the ledger that confirmations count in."""

from pathlib import Path

import pytest

from agent.confirming.opening import count_reading
from agent.confirming.readings import Readings
from agent.studies.ledger import Ledger
from recmodels.data.demo import demo_interactions
from recmodels.data.interactions import Interactions
from recmodels.data.split import resolve
from recmodels.request import SplitSpec


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "demo"
    demo_interactions().save(folder)
    return folder


def test_each_single_run_is_a_reading_of_its_own_of_the_split_that_auto_became(dataset: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'studies.db'}"
    kind = resolve(Interactions.load(dataset), SplitSpec())
    assert kind not in ("auto", "random")
    specs = (SplitSpec(), SplitSpec(), SplitSpec(kind=kind), SplitSpec(kind="random"), SplitSpec(kind="random", seed=1))
    assert [count_reading(url, dataset, spec) for spec in specs] == [1, 2, 3, 1, 1]


def test_single_runs_and_confirmations_are_counted_together(dataset: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'studies.db'}"
    count_reading(url, dataset, SplitSpec(kind="random"))
    ledger = Ledger(url)
    try:
        data = Interactions.load(dataset).fingerprint()
        assert Readings(ledger.storage.engine).read(data, "random", 0, "confirm/s/1") == 2
    finally:
        ledger.close()
