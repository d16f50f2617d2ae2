"""How many users, items or rows are of what was said, by the columns that a dataset keeps: "from Austria", "storniert"."""

import re
from dataclasses import replace

import numpy as np
import polars as pl

from agent.answers.data_asked import left_out, notes_about
from agent.answers.facts import quoted
from agent.results.asked import ColumnCounted, Counted, Side, ValueOf
from recmodels.data.column_names import plain
from recmodels.data.how_to_change import in_chat
from recmodels.data.interactions import Interactions
from recmodels.data.stored_dataset import StoredDataset

_MAX_VALUES = 8
_MAX_DIFFERENT = 30  # values of a column that can be asked for
_MAX_COLUMNS = 4
_MAX_NOTES = 3
_CAME_TO_NOTHING = re.compile(r"`(?P<column>[^`]+)` says that rows came to nothing: (?P<values>[^;]+)")
_VALUE = re.compile(r"([^,(]+?) \(([\d,]+) rows?\)")


def share(stored: StoredDataset, data: Interactions, said: str, of: Side | None, *, without: bool = False) -> Counted:
    """The column whose values, or whose name, were said, counted; else the columns that could be asked for.

    Args:
        without: Whether it is asked how many rows would be left without them.
    """
    if (noted := _noted(stored, data, said)) is not None:
        return replace(noted, of=of, is_without=without)
    kept = _columns(data)
    found = [(name, side, values, value) for name, side, values in kept if (value := _value_in(values, said))]
    by_name = [(name, side, values, None) for name, side, values in kept if plain(name) and _is_said(name, said)]
    shown = found or by_name or [(name, side, values, None) for name, side, values in kept]
    n_rows, n_users = _of(data, found[0]) if found else (0, None)
    return Counted(
        dataset=stored.name,
        what="share",
        said=quoted(said, 100),
        of=of,
        columns=tuple(_counted(name, side, values, value) for name, side, values, value in shown[:_MAX_COLUMNS]),
        is_found=bool(found or by_name),
        n_rows=n_rows,
        n_users=n_users,
        n_all=len(found[0][2]) if found and found[0][1] == "rows" else len(data),
        is_without=without,
        notes=() if found else tuple(quoted(in_chat(one)) for one in notes_about(stored.notes, said)[:_MAX_NOTES]),
    )


def _noted(stored: StoredDataset, data: Interactions, said: str) -> Counted | None:
    """Rows of a value that only a note counts: one that says that they came to nothing, of a column that is not kept."""
    for note in stored.notes:
        if (told := _CAME_TO_NOTHING.search(note)) is None or ": " in note[: told.start()].removeprefix("check this: "):
            continue
        values = [(value.strip(), int(n.replace(",", ""))) for value, n in _VALUE.findall(told["values"])]
        meant = next((pair for pair in values if _is_said(pair[0], said)), None)
        if meant is None or stored.derived is not None:
            continue
        shown = tuple(ValueOf(value=quoted(value, 60), n=n, is_asked=value == meant[0]) for value, n in values)
        first = sorted(shown, key=lambda one: not one.is_asked)
        column = ColumnCounted(column=quoted(told["column"], 60), side="rows", n=len(data), values=tuple(first))
        return Counted(
            dataset=stored.name,
            what="share",
            said=quoted(said, 100),
            columns=(column,),
            is_found=True,
            n_rows=meant[1],
            is_about=left_out(stored).n_left_out > 0,
            n_all=len(data),
        )
    return None


def _columns(data: Interactions) -> list[tuple[str, Side, pl.Series]]:
    """The columns with few values, of users, of items and of rows."""
    context = None if data.examples is None else data.examples.context
    tables: tuple[tuple[Side, pl.DataFrame | None], ...] = (
        ("users", data.user_table),
        ("items", data.item_table),
        ("rows", context),
    )
    return [
        (name, side, table[name].cast(pl.String))
        for side, table in tables
        if table is not None
        for name in table.columns
        if table[name].dtype != pl.List and 1 < table[name].n_unique() <= _MAX_DIFFERENT
    ]


def _value_in(values: pl.Series, said: str) -> str | None:
    """The value that was said, the longest of several."""
    known = sorted(values.drop_nulls().unique().to_list(), key=len, reverse=True)
    return next((value for value in known if value.strip() and _is_said(value, said)), None)


def _is_said(name: str, said: str) -> bool:
    edge = "" if re.search("[\u3400-\u9fff]", name) else r"(?!\w)"
    start = "" if re.search("[\u3400-\u9fff]", name) else r"(?<!\w)"
    return re.search(f"{start}{re.escape(name.strip())}{edge}", said, re.IGNORECASE) is not None


def _of(data: Interactions, found: tuple[str, Side, pl.Series, str | None]) -> tuple[int, int]:
    """Rows and users of a value."""
    _, side, values, value = found
    is_it = (values == value).fill_null(False).to_numpy()
    if side == "rows":
        users = data.examples.users if data.examples is not None else data.users
        return int(is_it.sum()), len(np.unique(users[is_it]))
    rows = is_it[data.users if side == "users" else data.items]
    return int(rows.sum()), len(np.unique(data.users[rows]))


def _counted(name: str, side: Side, values: pl.Series, asked: str | None) -> ColumnCounted:
    counts = values.drop_nulls().value_counts(sort=True, name="n")
    rows = list(counts.iter_rows())
    first = [row for row in rows if row[0] == asked] + [row for row in rows if row[0] != asked]
    return ColumnCounted(
        column=quoted(name, 60),
        side=side,
        n=len(values),
        values=tuple(
            ValueOf(value=quoted(value, 60), n=int(n), is_asked=value == asked) for value, n in first[:_MAX_VALUES]
        ),
        n_more=max(0, len(rows) - _MAX_VALUES),
    )
