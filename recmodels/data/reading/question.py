"""A question to the person about the columns of a file, with rows that help to answer it."""

from collections.abc import Sequence

import polars as pl

from recmodels.data.reading.options import DATES
from recmodels.data.reading.table import Table
from recmodels.errors import AmbiguousColumns

MAX_COLUMNS, MAX_VALUE = 12, 40  # shown of a row, characters of a value
N_ROWS = 3


def ambiguous(table: Table, role: str, candidates: Sequence[str], why: str = "") -> AmbiguousColumns:
    """Which of the candidates has the role?

    Args:
        why: What was seen, in words.
    """
    return AmbiguousColumns(role, candidates, table.path.name, why, sample_rows(table, candidates))


def date_order_asked(table: Table, column: str, one: str, other: str, row: int) -> str:
    """That two readings of a date are possible, and how a person says which."""
    value = str(table.frame[column][row])[:MAX_VALUE]
    return (
        f"column {column[:MAX_VALUE]!r} must show whether it says {one} or {other}: both fit all its values, such as "
        f"{value!r} in {table.place(row)}, and give another order of events; say it with {DATES}=day-first, "
        f"{DATES}=month-first or {DATES}=year-first, or write dates as 2024-01-31"
    )


def date_order_refused(table: Table, column: str, other: str, row: int) -> str:
    """That a file is to be read in one order of day and month, as its dataset was, and is written in the other."""
    value = str(table.frame[column][row])[:MAX_VALUE]
    return (
        f"column {column[:MAX_VALUE]!r} is to be read {table.date_order}, as was said or as the dataset was read, and "
        f"{value!r} in {table.place(row)} is {other}: say {DATES}={other} with this file if it alone is so, or, if the "
        f"dataset was read the wrong way, add its own file again with {DATES}={other}"
    )


def sample_rows(table: Table, first: Sequence[str] = ()) -> tuple[dict[str, str], ...]:
    """Three rows spread over the table, as text; of many columns these and as many others as can be shown."""
    others = [name for name in table.frame.columns if name not in first]
    shown = {*first, *others[: max(MAX_COLUMNS - len(first), 0)]}
    names = [name for name in table.frame.columns if name in shown]
    n = table.frame.height
    places = sorted({i * n // N_ROWS for i in range(N_ROWS)}) if n else []
    rows = table.frame.select(pl.col(names).cast(pl.String))[places].rows(named=True)
    return tuple({name: _short(value) for name, value in row.items()} for row in rows)


def _short(value: str | None) -> str:
    text = "" if value is None else value
    return text if len(text) <= MAX_VALUE else text[:MAX_VALUE] + "…"
