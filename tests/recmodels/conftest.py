"""A small shop whose right answers are known: four groups of ten books, read by a group's members in a fixed circle."""

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from unittest import mock

import numpy as np
import polars as pl
import pytest

from recmodels.data.interactions import Interactions
from recmodels.data.reading.read import read_interactions

N_GROUPS, N_BOOKS, N_USERS, N_READ = 4, 10, 80, 7


def circle_of(user: int) -> list[str]:
    """The books of a user in the order read, and what would be read next."""
    group, start = user % N_GROUPS, user // N_GROUPS
    return [f"book-{group}-{(start + step) % N_BOOKS}" for step in range(N_READ + 1)]


def circles(n_users: int = N_USERS) -> Interactions:
    events = [
        {"user": f"user-{user}", "item": book, "time": step}
        for user in range(n_users)
        for step, book in enumerate(circle_of(user)[:N_READ])
    ]
    interactions = Interactions.from_events("circles", pl.DataFrame(events), time_kind="order")
    titles = [
        f"Volume {book[-1]} of the {['red', 'blue', 'green', 'black'][int(book[5])]} saga"
        for book in interactions.item_ids
    ]
    table = pl.DataFrame({"item_id": interactions.item_ids, "title": titles})
    return Interactions.from_events(
        "circles", pl.DataFrame(events), time_kind="order", item_table=table, text_columns=("title",)
    )


def click_lines(n: int = 6000, seed: int = 0, noise: float = 0.05) -> list[str]:
    """A CSV of offers: taken when the offer's kind is odd and the hour is too, or neither is; some at random."""
    rng = np.random.default_rng(seed)
    users, items, hours = rng.integers(0, 40, n), rng.integers(0, 30, n), rng.integers(0, 6, n)
    is_taken = (items + hours) % 2 == 0
    labels = np.where(rng.random(n) < noise, rng.random(n) < 0.5, is_taken).astype(int)
    rows = zip(users, items, hours, labels, strict=True)
    return ["user,item,hour,clicked", *(f"user-{u},item-{i},h{h},{y}" for u, i, h, y in rows)]


@pytest.fixture(scope="session")
def clicks_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clicks as a saved dataset, with a title to each offer; read only."""
    folder = tmp_path_factory.mktemp("clicks")
    titles = [f"item-{item},Offer {item} of the day" for item in range(30)]
    (folder / "titles.csv").write_text("\n".join(["item,title", *titles]))
    (folder / "clicks.csv").write_text("\n".join(click_lines()))
    read_interactions(folder / "clicks.csv", items_path=folder / "titles.csv").save(folder / "saved")
    return folder / "saved"


@pytest.fixture(scope="session")
def circles_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop as a saved dataset; read only."""
    folder = tmp_path_factory.mktemp("datasets") / "circles"
    circles().save(folder)
    return folder


@pytest.fixture(scope="session")
def few_circles_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first users of the shop, for a model that takes long; read only."""
    folder = tmp_path_factory.mktemp("datasets") / "circles"
    circles(6).save(folder)
    return folder


@pytest.fixture(scope="session")
def tiny() -> ModuleType:
    """The module `tests/tiny_causal_lm.py`."""
    path = Path(__file__).parent.parent / "tiny_causal_lm.py"
    spec = importlib.util.spec_from_file_location("tiny_causal_lm", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def causal_folder(tiny: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A causal language model with random weights; read only."""
    return tiny.write_tiny_causal_lm(tmp_path_factory.mktemp("models") / "tiny", chat_template=None)


@pytest.fixture
def causal_model(causal_folder: Path) -> Iterator[Path]:
    """The same, named in the environment."""
    with mock.patch.dict(os.environ, {"RECPILOT_CAUSAL_MODEL": str(causal_folder)}):
        yield causal_folder
