"""A small shop whose right answers are known: four groups of ten books, read by a group's members in a fixed circle."""

from pathlib import Path

import polars as pl
import pytest

from recmodels.data.interactions import Interactions

N_GROUPS, N_BOOKS, N_USERS, N_READ = 4, 10, 80, 7


def circle_of(user: int) -> list[str]:
    """The books of a user in the order read, and what would be read next."""
    group, start = user % N_GROUPS, user // N_GROUPS
    return [f"book-{group}-{(start + step) % N_BOOKS}" for step in range(N_READ + 1)]


def circles() -> Interactions:
    events = [
        {"user": f"user-{user}", "item": book, "time": step}
        for user in range(N_USERS)
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


@pytest.fixture(scope="session")
def circles_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop as a saved dataset; read only."""
    folder = tmp_path_factory.mktemp("datasets") / "circles"
    circles().save(folder)
    return folder
