"""Features of users, items and rows as codes: 0 is unknown (a missing value), 1, 2, … are a column's values, sorted.

Text and whole numbers are categories, `Drama|War` is two of them; other numbers of users and items are put into ten
buckets of equal size, those of a row's context stay numbers. Columns that name rather than describe are left out.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from recmodels.data.interactions import Interactions

Codes = npt.NDArray[np.int64]
NO_VALUE = -1  # fills the places behind the last of several values
MAX_VALUES = 16  # of one row in one column; further ones are left out
N_BUCKETS = 10
MAX_DISTINCT = 0.5  # of the filled rows; columns with more distinct values name rather than describe


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column of categories."""

    name: str
    size: int  # codes, 0 included
    length: int = 1  # places in the table of codes: above 1 where rows have several values


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What is known of users, items and examples beside their ids."""

    user_fields: tuple[Field, ...] = ()
    user_codes: Codes  # (n_users, places of the user fields)
    item_fields: tuple[Field, ...] = ()
    item_codes: Codes  # (n_items, places of the item fields)
    context_fields: tuple[Field, ...] = ()  # each has one place
    context_codes: Codes  # (m, C), a row for each of `Interactions.all_examples`
    number_names: tuple[str, ...] = ()
    context_numbers: npt.NDArray[np.float32]  # (m, N), NaN where missing


def features_of(interactions: Interactions) -> Features:
    """The features of a dataset; the codes do not depend on how it is divided."""
    examples = interactions.all_examples()
    context = examples.context if examples.context is not None else pl.DataFrame()
    numbers = [column for column in context if column.dtype.is_float()]
    categories = [_coded(column) for column in context if not column.dtype.is_float()]
    user_fields, user_codes = _table(interactions.user_table, interactions.n_users)
    item_fields, item_codes = _table(interactions.item_table, interactions.n_items)
    return Features(
        user_fields=user_fields,
        user_codes=user_codes,
        item_fields=item_fields,
        item_codes=item_codes,
        context_fields=tuple(field for field, _ in categories),
        context_codes=_side_by_side([codes for _, codes in categories], len(examples), np.int64),
        number_names=tuple(column.name for column in numbers),
        context_numbers=_side_by_side(
            [column.cast(pl.Float32).fill_null(float("nan")).to_numpy()[:, None] for column in numbers],
            len(examples),
            np.float32,
        ),
    )


def _table(frame: pl.DataFrame | None, n: int) -> tuple[tuple[Field, ...], Codes]:
    columns = [] if frame is None else [column for column in map(_prepared, frame) if column is not None]
    coded = [_several(column) if column.dtype == pl.List else _coded(column) for column in columns]
    return tuple(field for field, _ in coded), _side_by_side([codes for _, codes in coded], n, np.int64)


def _prepared(column: pl.Series) -> pl.Series | None:
    """The column as categories or lists of them; None where it does not describe."""
    filled = column.drop_nulls()
    if column.dtype.is_numeric() and filled.n_unique() > N_BUCKETS:
        column = _buckets(column.cast(pl.Float64))
    elif not column.dtype.is_nested():
        column = column.cast(pl.String)
    if column.dtype == pl.String and filled.cast(pl.String).str.contains("|", literal=True).any():
        column = column.str.split("|")
    values = column.drop_nulls().explode() if column.dtype == pl.List else column.drop_nulls()
    if column.dtype.is_nested() and column.dtype != pl.List(pl.String):
        return None
    return column if 1 < values.n_unique() <= max(MAX_DISTINCT * len(filled), N_BUCKETS) else None


def _buckets(numbers: pl.Series) -> pl.Series:
    finite = numbers.set(~numbers.is_finite(), None)
    edges = np.unique(np.quantile(finite.drop_nulls().to_numpy(), np.linspace(0, 1, N_BUCKETS + 1)[1:-1]))
    bucket = pl.Series(numbers.name, np.digitize(finite.fill_null(0.0).to_numpy(), edges))
    return bucket.set(finite.is_null(), None)


def _coded(column: pl.Series) -> tuple[Field, Codes]:
    codes = column.rank("dense").cast(pl.Int64).fill_null(0).to_numpy()
    return Field(name=column.name, size=int(codes.max(initial=0)) + 1), codes[:, None]


def _several(column: pl.Series) -> tuple[Field, Codes]:
    """The codes of each row's values side by side; a row without any has the unknown one."""
    lists = column.list.eval(pl.element().str.strip_chars().replace("", None).drop_nulls()).list.head(MAX_VALUES)
    lengths = lists.list.len().fill_null(0).to_numpy().astype(np.int64)
    values = lists.filter(lists.list.len() > 0).explode()
    field, codes = _coded(values)
    rows = np.repeat(np.arange(len(column)), lengths)
    places = np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    width = int(lengths.max(initial=1))
    table = np.full((len(column), width), NO_VALUE, dtype=np.int64)
    table[rows, places] = codes[:, 0]
    table[lengths == 0, 0] = 0
    return Field(name=column.name, size=field.size, length=width), table


def _side_by_side(columns: list[npt.NDArray], n: int, dtype: type) -> npt.NDArray:  # type: ignore[type-arg]
    return np.concatenate([np.zeros((n, 0), dtype=dtype), *columns], axis=1, dtype=dtype)
