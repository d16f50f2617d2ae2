"""The rows of a file that a person wants, by conditions on any of its columns."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from recmodels.data.conditions import Condition, holds
from recmodels.data.reading.schema import column_of
from recmodels.data.reading.table import Table, shown
from recmodels.data.reading.values import numbers_or_text
from recmodels.errors import DataError


def wanted_rows(table: Table, where: Sequence[Condition]) -> pl.Series | None:
    """Whether each row is wanted; None where all are, without a condition.

    Raises:
        DataError: A column or a value is not there.
    """
    if not where:
        return None
    held = pl.Series([True]).new_from_index(0, table.frame.height)
    for condition in where:
        held &= holds(condition, _values(table, condition), table.path.name)
    if not held.any():
        raise DataError(f"no row of {table.path.name} is left where {_all_of(where)}")
    return held


def only(table: Table, held: pl.Series | None) -> Table:
    """The rows that are wanted; their places in the file stay known."""
    if held is None:
        return table
    rows = held.arg_true()
    return replace(table, frame=table.frame.filter(held), rows=rows if table.rows is None else table.rows.gather(rows))


def note(where: Sequence[Condition], n_kept: int, n_rows: int) -> str:
    """How many rows were kept."""
    return (
        f"as you said, only rows with {shown(_all_of(where), 200)} are kept: {n_kept:,} of {n_rows:,}, "
        f"{n_rows - n_kept:,} are left out"
    )


def _values(table: Table, condition: Condition) -> pl.Series:
    name = column_of(table, condition.column)
    if condition.sign in ("=", "!="):
        return table.frame[name]
    if table.frame[name].dtype.is_temporal():
        raise DataError(f"`{name}` of {table.path.name} holds moments; `recpilot data filter` keeps times by `--since`")
    numbers, _, _ = numbers_or_text(table, name, "numbers to compare")
    return table.frame[name] if numbers.null_count() == len(numbers) else numbers


def _all_of(where: Sequence[Condition]) -> str:
    return " and ".join(f"`{condition.in_words()}`" for condition in where)
