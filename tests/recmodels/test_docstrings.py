"""Every example in a docstring of recmodels runs and shows what it says; `datasets` and `checkpoints` are there."""

import doctest
import importlib
import pkgutil
from pathlib import Path

import polars as pl
import pytest

import recmodels
from recmodels.data.interactions import Interactions
from recmodels.request import TrainRequest
from recmodels.training import train

MODULES = ["recmodels", *sorted(found.name for found in pkgutil.walk_packages(recmodels.__path__, "recmodels."))]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Readers of every fifth of forty books: who had two of those wants the others."""
    home = tmp_path_factory.mktemp("home")
    events = [
        {"user": f"reader-{reader}", "item": f"book-{(reader % 5) + 5 * ((reader // 5 + step) % 8)}", "time": step}
        for reader in range(40)
        for step in range(6)
    ]
    Interactions.from_events("books", pl.DataFrame(events), time_kind="order").save(home / "datasets" / "books")
    checkpoint = home / "checkpoints" / "books-3"
    train(TrainRequest(dataset=home / "datasets" / "books", model="item_knn", checkpoint=checkpoint, device="cpu"))
    return home


def examples_of(name: str) -> list[doctest.DocTest]:
    module = importlib.import_module(name)
    return [test for test in doctest.DocTestFinder().find(module, extraglobs={"Path": Path}) if test.examples]


def test_examples_are_found_where_they_stand() -> None:
    found = {name for name in MODULES if examples_of(name)}
    assert {"recmodels.search_space", "recmodels.training", "recmodels.serving", "recmodels.export"} <= found


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_show_what_they_say(name: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    for test in examples_of(name):
        said: list[str] = []
        result = doctest.DocTestRunner().run(test, out=said.append)
        assert not result.failed, "".join(said)
