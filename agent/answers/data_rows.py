"""Rows of a dataset as facts: its head, one person's history, one item, repeats, what is popular, its columns.

Ids and texts come from a file: they travel quoted and capped.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import polars as pl

from agent.answers import data_counts
from agent.answers.facts import quoted
from agent.errors import ToolInputError
from agent.results.result import Result
from agent.results.rows import Columns, Head, OneItem, OneUser, Popular, PopularItem, RepeatedPair, Repeats, Row
from recmodels.data.how_to_change import in_chat
from recmodels.data.interactions import Interactions

MAX_ROWS = 10
_MAX_HEAD = 30  # rows that can be asked for
MAX_HISTORY = 20
_MAX_ID = 60  # characters


def head(dataset: str, data: Interactions, id: str | None, n_rows: int = MAX_ROWS) -> Head:
    """The first rows as they are kept, sorted by person and time; with an id, the first of that person or item."""
    rows = np.arange(len(data))
    if id is not None:
        user = _number(data.user_ids, id)
        item = _number(data.item_ids, id) if user is None else None
        if user is None and item is None:
            raise ToolInputError(f"there is no user or item {quoted(id, _MAX_ID)}; {_examples(data)}")
        rows = np.flatnonzero(data.users == user if user is not None else data.items == item)
    shown = None if id is None else quoted(id, _MAX_ID)
    return Head(
        dataset=dataset, what="head", filter=shown, n=len(rows), rows=_rows(data, rows[: min(n_rows, _MAX_HEAD)])
    )


def user(dataset: str, data: Interactions, id: str | None) -> OneUser:
    """One person's history, the latest first; where the data have no order, as the file has it."""
    number = _required(data.user_ids, id, "user", data)
    rows = np.flatnonzero(data.users == number)
    has_order = data.time_kind != "none"
    return OneUser(
        dataset=dataset,
        what="user",
        user=quoted(id, _MAX_ID),
        n=len(rows),
        n_items=len(np.unique(data.items[rows])),
        order="latest" if has_order else "file",
        about=None if data.user_table is None else _described(data.user_table, number),
        rows=_rows(data, (rows[::-1] if has_order else rows)[:MAX_HISTORY]),
    )


def item(dataset: str, data: Interactions, id: str | None) -> OneItem:
    """One item: how often and by how many it was taken, its place by popularity, and what is known of it."""
    number = _required(data.item_ids, id, "item", data)
    counts = np.bincount(data.items, minlength=data.n_items)
    rows = np.flatnonzero(data.items == number)
    has_times = data.times is not None and data.time_kind == "timestamp"
    latest = rows[np.argsort(-data.times[rows], kind="stable")] if has_times and data.times is not None else rows
    return OneItem(
        dataset=dataset,
        what="item",
        item=quoted(id, _MAX_ID),
        n=len(rows),
        n_users=len(np.unique(data.users[rows])),
        rank=int((counts > counts[number]).sum()) + 1,
        of=data.n_items,
        about=None if data.item_table is None else _described(data.item_table, number),
        order="latest" if has_times else "file",
        rows=_rows(data, latest[:MAX_ROWS]),
    )


def repeats(dataset: str, data: Interactions, id: str | None) -> Repeats:
    """Pairs of a person and an item that stand in several rows, the most frequent first."""
    pairs, counts = np.unique(data.users * max(data.n_items, 1) + data.items, return_counts=True)
    again = counts > 1
    order = np.argsort(-counts[again], kind="stable")[:MAX_ROWS]
    found = zip(pairs[again][order].tolist(), counts[again][order].tolist(), strict=True)
    return Repeats(
        dataset=dataset,
        what="repeats",
        n_rows=len(data),
        n_pairs=len(pairs),
        n_repeated_pairs=int(again.sum()),
        n_repeated_rows=len(data) - len(pairs),
        n_same_moment_rows=_same_moment(data),
        n_users=data.n_users,
        n_users_again=len(np.unique(pairs[again] // max(data.n_items, 1))),
        rows=tuple(
            RepeatedPair(
                user=_id(data.user_ids, pair // data.n_items), item=_id(data.item_ids, pair % data.n_items), n=n
            )
            for pair, n in found
        ),
    )


def _same_moment(data: Interactions) -> int | None:
    """Rows that repeat an earlier one with its time."""
    if data.times is None or data.time_kind != "timestamp":
        return None
    order = np.lexsort((data.times, data.items, data.users))
    users, items, times = data.users[order], data.items[order], data.times[order]
    same = (users[1:] == users[:-1]) & (items[1:] == items[:-1]) & (times[1:] == times[:-1])
    return int(same.sum())


def popular(dataset: str, data: Interactions, id: str | None) -> Popular:
    """The items with the most rows."""
    counts = np.bincount(data.items, minlength=data.n_items)
    order = np.argsort(-counts, kind="stable")[:MAX_ROWS].tolist()
    texts = data.item_texts() if data.text_columns else None
    return Popular(
        dataset=dataset,
        what="popular",
        n_items=data.n_items,
        share=float(counts[order].sum() / max(len(data), 1)),
        top_1_share=_top_share(counts, 0.01),
        top_10_share=_top_share(counts, 0.1),
        rows=tuple(
            PopularItem(
                rank=rank,
                item=_id(data.item_ids, n),
                n=int(counts[n]),
                text=quoted(texts[n], 100) if texts else None,
            )
            for rank, n in enumerate(order, start=1)
        ),
    )


def _top_share(counts: npt.NDArray[np.int64], share: float) -> float:
    """Of all rows, those that go to this share of the items, the most popular; to one item at least."""
    n = max(1, round(share * len(counts)))
    return float(np.sort(counts)[-n:].sum() / max(counts.sum(), 1))


def columns(dataset: str, data: Interactions, id: str | None) -> Columns:
    """What the file's columns are read as, and what else is known of items and people."""
    tables = {"items": data.item_table, "users": data.user_table}
    context = data.examples.context if data.examples is not None else None
    return Columns(
        dataset=dataset,
        what="columns",
        roles={role: quoted(column, _MAX_ID) for role, column in data.columns.items()},
        time_kind=data.time_kind,
        text=tuple(quoted(column, _MAX_ID) for column in data.text_columns),
        groups=tuple(quoted(column, _MAX_ID) for column in data.group_columns),
        tables={name: _types(table) for name, table in tables.items() if table is not None},
        context=_types(context) if context is not None else {},
        notes=tuple(quoted(in_chat(note)) for note in data.notes[:MAX_ROWS]),
    )


LOOKS: dict[str, Callable[[str, Interactions, str | None], Result]] = {
    "head": head,
    "user": user,
    "item": item,
    "repeats": repeats,
    "popular": popular,
    "columns": columns,
    "values": data_counts.values,
    "times": data_counts.times,
    "counts": data_counts.counts,
}
"""What can be looked at, by its name: of a dataset by its name, its data, and a user's or item's id."""


def _rows(data: Interactions, rows: npt.NDArray[np.int64]) -> tuple[Row, ...]:
    texts = data.item_texts() if data.text_columns else None
    has_time = data.times is not None and data.time_kind == "timestamp"
    return tuple(
        Row(
            user=_id(data.user_ids, int(data.users[row])),
            item=_id(data.item_ids, int(data.items[row])),
            text=quoted(texts[int(data.items[row])], 100) if texts else None,
            weight=float(data.weights[row]) if data.weights is not None else None,
            time=data_counts.told_time(int(data.times[row])) if has_time and data.times is not None else None,
        )
        for row in rows
    )


def _required(ids: pl.Series, id: str | None, what: str, data: Interactions) -> int:
    if id is None:
        raise ToolInputError(f"say which {what}; {_examples(data)}")
    number = _number(ids, id)
    if number is None:
        raise ToolInputError(f"there is no {what} {quoted(id, _MAX_ID)}; {_examples(data)}")
    return number


def _number(ids: pl.Series, id: str) -> int | None:
    found = (ids == id).arg_max() if len(ids) else None
    return int(found) if found is not None and ids[int(found)] == id else None


def _examples(data: Interactions) -> str:
    users = ", ".join(_id(data.user_ids, n) for n in range(min(3, data.n_users)))
    items = ", ".join(_id(data.item_ids, n) for n in range(min(3, data.n_items)))
    return f"users are {users}, …; items are {items}, …"


def _id(ids: pl.Series, number: int) -> str:
    return quoted(ids[number], _MAX_ID)


def _described(table: pl.DataFrame, row: int) -> dict[str, str]:
    return {
        quoted(name, 40): quoted(value, 100) for name, value in table.row(row, named=True).items() if value is not None
    }


def _types(table: pl.DataFrame) -> dict[str, str]:
    return {quoted(name, 40): str(kind) for name, kind in list(table.schema.items())[:MAX_HISTORY]}
