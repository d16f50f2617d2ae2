"""Matrices of ratings: a row a user, a column an item. With names they are made long; without, they are refused.

Jester has 99 where a user has not rated, others a blank or a 0. A survey has a row for each respondent, and may have
columns that tell of them before the answers.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from recmodels.data.column_names import ROLE_NAMES, TIME_NAMES, plain
from recmodels.data.reading.layouts.list_names import is_named, singular
from recmodels.data.reading.sniffing import MIN_ITEMS
from recmodels.data.reading.table import Table, listed, shown
from recmodels.errors import DataError

MIN_WIDTH, MIN_BARE_WIDTH = MIN_ITEMS + 1, 10
_MOST_LEVELS = 12  # of ratings: half stars from 0.5 to 5, and what is missing
_MOST_WORDS = 7  # of a scale in words, from `hate` to `love`
_MIN_MISSING = 0.3  # of the cells
_FILLERS = (99.0, 0.0, -1.0)
_UNNAMED = ("", "unnamed0", "index", "column1", "id")
_SURVEY = (
    "respondent",
    "respondentid",
    "responseid",
    "response",
    "participant",
    "participantid",
    "subject",
    "subjectid",
)
_BLANK = ["", "nan", "NaN", "NA", "null"]
_KINDS = ("csv", "tsv", "parquet", "json", "jsonl")
_STEM = re.compile(r"[^\W\d_]{2,}")  # the first word of a name


@dataclass(frozen=True, slots=True, kw_only=True)
class _Matrix:
    """The ratings of a table, a column an item."""

    user: str
    cells: pl.DataFrame  # null where blank
    kept: tuple[str, ...] = ()  # columns that tell of the users
    filler: float | None = None  # what stands for missing, where blanks do not


def as_long(table: Table, given: Mapping[str, str]) -> Table:
    """The table with a row for each rating where it is such a matrix; else unchanged.

    Args:
        given: Role → column that a person named.

    Raises:
        DataError: It is such a matrix and has no names.
    """
    if table.kind not in _KINDS or table.frame.width < MIN_WIDTH:
        return table
    if not table.has_names:
        _refuse_bare(table)
        return table
    matrix = _matrix(table.frame, given)
    if matrix is None:
        return table
    cells, filler = matrix.cells, matrix.filler
    items = cells.columns
    prefix = items[0].split(".", 1)[0] + "."
    if all(item.startswith(prefix) for item in items):  # of an object `{item: rating}` in each row
        cells.columns = [item.removeprefix(prefix) for item in items]
    user = matrix.user if matrix.user == given.get("user") else "user_id"
    index = table.frame.select(pl.col(matrix.user).alias(user), *matrix.kept)
    long = (
        pl.concat([index, cells], how="horizontal")
        .unpivot(index=index.columns, variable_name="item_id", value_name="rating")
        .filter(pl.col("rating").is_not_null() & (pl.col("rating") != filler if filler is not None else pl.lit(True)))
    )
    if long.is_empty():
        return table
    missing = "blank" if filler is None else f"{filler:g}"
    beside = f"; columns that tell of the users: {listed([*matrix.kept])}" if matrix.kept else ""
    note = (
        f"{table.path.name} is a matrix of {table.frame.height:,} users (its rows, named by `{shown(matrix.user)}`) "
        f"and {len(items):,} items (its columns); its {long.height:,} values were read as ratings, {missing} as missing"
        f"{beside}"
    )
    return replace(table, kind="wide", frame=long, first_line=None, notes=(*table.notes, note))


def _matrix(frame: pl.DataFrame, given: Mapping[str, str]) -> _Matrix | None:
    """The ratings of a table with a row a user; None where it is none."""
    if any(given.get(role) in frame.columns for role in ("item", "weight")):
        return None
    user = given["user"] if given.get("user") in frame.columns else frame.columns[0]
    is_called = user == given.get("user") or _is_called(user)
    if is_named(user, "item") or plain(user) in TIME_NAMES or not _is_unique(frame[user]):
        return None
    others = [name for name in frame.columns if name != user]
    alike = _of_one_stem(others)
    for items in [others, alike] if is_called and 0 < len(alike) < len(others) else [others]:
        kept = tuple(name for name in others if name not in items)
        if any(map(_has_role, items)) or any(is_named(name, role) for name in kept for role in ("item", "weight")):
            continue
        cells = _cells(frame.select(items))
        if cells is None and items == alike:
            cells = _words(frame.select(items))
        if cells is None:
            continue
        filler = _filler(cells)
        n_levels = pl.concat([column.drop_nulls() for column in cells]).n_unique()
        is_sparse = _share_missing(cells, filler) >= _MIN_MISSING
        is_scale = n_levels <= _MOST_LEVELS
        if (is_scale or is_sparse) if is_called else is_scale and is_sparse and n_levels > 1 and items == alike:
            return _Matrix(user=user, cells=cells, kept=kept, filler=filler)
    return None


def _is_called(name: str) -> bool:
    return plain(name) in (*_UNNAMED, *_SURVEY) or is_named(name, "user") or is_named(singular(name), "user")


def _is_unique(values: pl.Series) -> bool:
    return values.drop_nulls().n_unique() == len(values)


def _of_one_stem(names: Sequence[str]) -> list[str]:
    """Names that begin with one word, `Film 1`, `Film 2`, …, where most do; none where they do not."""
    stems = [found[0] if (found := _STEM.match(name.strip())) else "" for name in names]
    most = max(stems, key=stems.count)
    alike = [name for name, stem in zip(names, stems, strict=True) if stem and stem == most]
    return alike if len(alike) >= max(MIN_ITEMS, len(names) / 2) else []


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


def _words(frame: pl.DataFrame) -> pl.DataFrame | None:
    """The cells as answers of one scale in words, null where blank; None where they are no such."""
    if any(dtype != pl.String for dtype in frame.dtypes):
        return None
    texts = frame.select(pl.all().str.strip_chars().replace(_BLANK, None))
    said = pl.concat([column.drop_nulls() for column in texts])
    return texts if 1 < said.n_unique() <= _MOST_WORDS else None


def _first_texts(frame: pl.DataFrame) -> Iterator[pl.Series]:
    """The first values of each column that has texts, so that a table of words is known without a look at all of it."""
    for column in frame:
        if column.dtype == pl.String:
            yield column.drop_nulls().head(20).str.strip_chars().replace(_BLANK, None).drop_nulls()


def _filler(cells: pl.DataFrame) -> float | None:
    """The number that stands for missing; None where blanks do."""
    n_cells = cells.width * cells.height
    if not all(dtype.is_numeric() for dtype in cells.dtypes):
        return None
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
