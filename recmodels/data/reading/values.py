"""Ids, numbers and part names out of a column; the first value that does not fit is named with its place."""

import math
from dataclasses import dataclass

import polars as pl

from recmodels.data.reading.id_forms import EXACT, read_ids
from recmodels.data.reading.number_forms import are_grouped, may_be_thousands, read_numbers
from recmodels.data.reading.table import Table
from recmodels.errors import DataError

_LARGEST = 3.0e38  # that a float32 holds
_WIDE = (pl.UInt64, pl.Int128, pl.UInt128)
_PARTS = {"train": 0, "training": 0, "valid": 1, "validation": 1, "val": 1, "dev": 1, "test": 2, "testing": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The values of a column, and what was decided or is doubtful about them."""

    values: pl.Series
    notes: tuple[str, ...] = ()


def ids(table: Table, column: str) -> Column:
    """Ids as a Categorical, null where missing; as Int64, which is quicker, where all are written as whole numbers are.

    See `recmodels.data.reading.id_forms` for what spreadsheets and databases do to ids.

    Raises:
        DataError: Many ids have lost digits to scientific notation.
    """
    values = table.frame[column]
    notes: tuple[str, ...] = ()
    if values.dtype.is_float():
        values, notes = _from_floats(table, column, values)
    if (whole := _whole(values)) is not None:
        return Column(values=whole, notes=notes)
    read, told = read_ids(table, column, values.cast(pl.String))
    return Column(values=read, notes=notes + told)


def _from_floats(table: Table, column: str, values: pl.Series) -> tuple[pl.Series, tuple[str, ...]]:
    values = values.fill_nan(None)
    known = values.drop_nulls()
    if not (known % 1 == 0).all() or not len(known) or float(known.abs().max()) >= 2**63:  # type: ignore[arg-type]
        return values, ()
    large = (values.abs() > EXACT).arg_true()
    if not len(large):
        return values.cast(pl.Int64), ()
    note = (
        f"`{column}` is a float64, which is exact to 16 digits: {len(large):,} ids are longer, the first in "
        f"{table.place(large[0])}, so different ids may look alike; store ids as whole numbers or text"
    )
    return values.cast(pl.Int64), (note,)


def _whole(values: pl.Series) -> pl.Series | None:
    """Whole numbers without a sign or leading zeros: `7`, but not `007` or `+7`, which are other ids."""
    if values.dtype.is_integer():
        return values.cast(pl.Int64, strict=False) if values.dtype not in _WIDE else None
    if values.dtype != pl.String or values.head(100).cast(pl.Int64, strict=False).null_count():
        return None
    whole = values.cast(pl.Int64, strict=False)
    if whole.null_count() > values.null_count() or int(whole.min() or 0) < 0:  # type: ignore[arg-type]  # an int
        return None
    n_bytes = int(values.str.len_bytes().cast(pl.UInt64).sum())
    return whole if n_bytes == _n_digits(whole) else None


def _n_digits(whole: pl.Series) -> int:
    """Of all these numbers together; no text of a number has fewer characters."""
    most = int(whole.max() or 0)  # type: ignore[arg-type]  # an int
    longer = (int((whole >= 10**n).sum()) for n in range(1, len(str(most))))
    return len(whole) - whole.null_count() + sum(longer)


def numbers(table: Table, column: str, what: str) -> Column:
    """Numbers, null where missing, NaN or infinite; see `recmodels.data.reading.number_forms` for how they are written.

    Raises:
        DataError: Text that is no number, or that may be one of two numbers.
    """
    values, unread, notes = numbers_or_text(table, column, what)
    if unread is not None and unread.any():
        raise text_error(table, column, what, unread.arg_true()[0])
    return Column(values=finite(values), notes=notes)


def numbers_or_text(table: Table, column: str, what: str) -> tuple[pl.Series, pl.Series | None, tuple[str, ...]]:
    """Numbers, the rows that hold other text (None for no such row), and notes."""
    values = table.frame[column]
    if values.dtype == pl.String:
        if (plain := plain_numbers(column, values)) is None:
            found = read_numbers(table, column)
            return found.values, found.unread, found.notes
        values = plain
    if not (values.dtype.is_numeric() or values.dtype == pl.Boolean):
        raise DataError(f"column {column!r} of {table.path.name} must hold {what}, it holds {values.dtype}")
    return values.cast(pl.Float64), None, ()


def plain_numbers(column: str, text: pl.Series) -> pl.Series | None:
    """Float64 where all known values are numbers as programs write them, and none may be another; else None."""
    parsed = text.cast(pl.Float64, strict=False)
    is_doubtful = parsed.null_count() > text.null_count() or are_grouped(text) or may_be_thousands(column, text)
    return None if is_doubtful else parsed


def finite(values: pl.Series) -> pl.Series:
    """Null for what is infinite, NaN, or too large for a float32."""
    low, high = (float(bound or 0) for bound in (values.min(), values.max()))  # type: ignore[arg-type]  # without NaN
    if math.isfinite(values.sum() or 0) and max(high, -low) <= _LARGEST:
        return values
    usable = values.is_finite() & (values.abs() <= _LARGEST)
    return values if usable.all() else values.set(~usable, None)


def parts(table: Table, column: str) -> pl.Series:
    """0 train, 1 valid, 2 test.

    Raises:
        DataError: Any other name.
    """
    text = table.frame[column].cast(pl.String).str.strip_chars().str.to_lowercase()
    known = text.replace_strict(_PARTS, default=None, return_dtype=pl.Int8)
    bad = known.is_null().arg_true()
    if len(bad):
        raise text_error(table, column, "train, valid or test", bad[0])
    return known


def text_error(table: Table, column: str, what: str, row: int) -> DataError:
    """`rating` must be a number, it is 'good' in line 7 of ratings.csv."""
    value = str(table.frame[column][row])
    short = value[:60] + ("…" if len(value) > 60 else "")
    return DataError(f"column {column[:60]!r} must hold {what}, it is {short!r} in {table.place(row)}")
