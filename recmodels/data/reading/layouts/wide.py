"""Matrices of ratings: a row a user, a column an item. With names they are made long; without, they are refused.

Jester has 99 where a user has not rated, others a blank or a 0.
"""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from recmodels.data.column_names import ROLE_NAMES, TIME_NAMES, plain
from recmodels.data.reading.layouts.list_names import is_named, singular
from recmodels.data.reading.sniffing import MIN_ITEMS
from recmodels.data.reading.table import Table, shown
from recmodels.errors import DataError

MIN_WIDTH, MIN_BARE_WIDTH = MIN_ITEMS + 1, 10
_MOST_LEVELS = 12  # of ratings: half stars from 0.5 to 5, and what is missing
_MIN_MISSING = 0.3  # of the cells
_FILLERS = (99.0, 0.0, -1.0)
_UNNAMED = ("", "unnamed0", "index", "column1", "id")
_BLANK = ["", "nan", "NaN", "NA", "null"]
_KINDS = ("csv", "tsv", "parquet", "json", "jsonl")


def as_long(table: Table) -> Table:
    """The table with a row for each rating where it is such a matrix; else unchanged.

    Raises:
        DataError: It is such a matrix and has no names.
    """
    if table.kind not in _KINDS or table.frame.width < MIN_WIDTH:
        return table
    if not table.has_names:
        _refuse_bare(table)
        return table
    user, *items = table.frame.columns
    if not _may_be_user(table.frame[user]) or any(map(_has_role, items)):
        return table
    cells = _cells(table.frame.select(items))
    if cells is None:
        return table
    filler = _filler(cells)
    n_levels = pl.concat([column.drop_nulls() for column in cells]).n_unique()
    if n_levels > _MOST_LEVELS and _share_missing(cells, filler) < _MIN_MISSING:
        return table
    prefix = items[0].split(".", 1)[0] + "."
    if all(item.startswith(prefix) for item in items):  # of an object `{item: rating}` in each row
        cells.columns = [item.removeprefix(prefix) for item in items]
    long = (
        cells.insert_column(0, table.frame[user].alias("user_id"))
        .unpivot(index="user_id", variable_name="item_id", value_name="rating")
        .filter(pl.col("rating").is_not_null() & (pl.col("rating") != filler if filler is not None else pl.lit(True)))
    )
    if long.is_empty():
        return table
    missing = "blank" if filler is None else f"{filler:g}"
    note = (
        f"{table.path.name} is a matrix of {table.frame.height:,} users (its rows) and {len(items):,} items (its "
        f"columns); its {long.height:,} values were read as ratings, {missing} as missing"
    )
    return replace(table, kind="wide", frame=long, first_line=None, notes=(*table.notes, note))


def _may_be_user(values: pl.Series) -> bool:
    is_called = (
        plain(values.name) in _UNNAMED or is_named(values.name, "user") or is_named(singular(values.name), "user")
    )
    return is_called and values.drop_nulls().n_unique() == len(values)


def _has_role(name: str) -> bool:
    word = plain(name)
    return word in TIME_NAMES or any(word in tier for role in ROLE_NAMES for tier in ROLE_NAMES[role])


def _cells(frame: pl.DataFrame) -> pl.DataFrame | None:
    """The cells as numbers, null where blank; None where some are no numbers."""
    if any(dtype != pl.String and not dtype.is_numeric() and dtype != pl.Null for dtype in frame.dtypes):
        return None
    if any(some.cast(pl.Float64, strict=False).null_count() for some in _first_texts(frame)):
        return None
    texts = frame.select(pl.all().cast(pl.String).str.strip_chars())
    texts = texts.select(pl.all().replace(_BLANK, None))
    numbers = texts.select(pl.all().cast(pl.Float64, strict=False))
    same = zip(numbers.null_count().row(0), texts.null_count().row(0), strict=True)
    return numbers if all(found == known for found, known in same) else None


def _first_texts(frame: pl.DataFrame) -> Iterator[pl.Series]:
    """The first values of each column that has texts, so that a table of words is known without a look at all of it."""
    for column in frame:
        if column.dtype == pl.String:
            yield column.drop_nulls().head(20).str.strip_chars().replace(_BLANK, None).drop_nulls()


def _filler(cells: pl.DataFrame) -> float | None:
    """The number that stands for missing; None where blanks do."""
    n_cells = cells.width * cells.height
    if sum(column.null_count() for column in cells) >= _MIN_MISSING * n_cells:
        return None
    for filler in _FILLERS:
        if sum(int((column == filler).sum()) for column in cells) >= _MIN_MISSING * n_cells:
            return filler
    return None


def _share_missing(cells: pl.DataFrame, filler: float | None) -> float:
    n_missing = sum(column.null_count() if filler is None else int((column == filler).sum()) for column in cells)
    return n_missing / max(cells.width * cells.height, 1)


def _refuse_bare(table: Table) -> None:
    if table.frame.width < MIN_BARE_WIDTH:
        return
    first, *rest = table.frame.columns
    cells = _cells(table.frame)
    if cells is None and table.frame[first].is_unique().all():  # the users' ids
        cells = _cells(table.frame.select(rest))
    if cells is None:
        return
    filler = _filler(cells)
    share = _share_missing(cells, filler)
    if share < _MIN_MISSING:
        return
    what = "nothing" if filler is None else f"{filler:g}"
    raise DataError(
        f"{shown(table.path.name)} looks like a matrix with a row a user and a column an item, as Jester has it: "
        f"{table.frame.width:,} columns without names, {what} in {share:.0%} of the cells; write it as "
        "user,item,rating, or give it a first line of item names and a first column `user` to have it read"
    )
