"""Ids, numbers and part names out of a column of text; the first value that does not fit is named with its place."""

import polars as pl

from recmodels.data.reading.table import Table
from recmodels.errors import DataError

_MISSING = ("", "na", "n/a", "nan", "null", "none", "\\n", "-", "?")
_LARGEST = 3.0e38  # that a float32 holds
_WIDE = (pl.UInt64, pl.Int128, pl.UInt128)
_LEAST = pl.Series([0, 0, *(10**n for n in range(1, 19))], dtype=pl.Int64)  # the least number of n digits
_PARTS = {"train": 0, "training": 0, "valid": 1, "validation": 1, "val": 1, "dev": 1, "test": 2, "testing": 2}


def ids(table: Table, column: str) -> pl.Series:
    """Ids as a Categorical, null where missing; as Int64, which is quicker, where all are written as whole numbers are.

    `7.0` becomes `7` where all are so, pandas' way to write ids.
    """
    values = table.frame[column]
    if values.dtype.is_float() and (values.drop_nulls() % 1 == 0).all():
        values = values.cast(pl.Int64)
    if (whole := _whole(values)) is not None:
        return whole
    text = values.cast(pl.String).str.strip_chars().replace("", None)
    if text.drop_nulls().head(100).str.ends_with(".0").all() and text.drop_nulls().str.contains(r"^\d+\.0$").all():
        text = text.str.strip_suffix(".0")
    return text.cast(pl.Categorical)


def _whole(values: pl.Series) -> pl.Series | None:
    """Whole numbers without a sign or leading zeros: `7`, but not `007` or `+7`, which are other ids."""
    if values.dtype.is_integer():
        return values.cast(pl.Int64, strict=False) if values.dtype not in _WIDE else None
    if values.dtype != pl.String or values.head(100).cast(pl.Int64, strict=False).null_count():
        return None
    whole = values.cast(pl.Int64, strict=False)
    if whole.null_count() > values.null_count():
        return None
    least = _LEAST.gather(values.str.len_bytes().clip(upper_bound=len(_LEAST) - 1))
    return whole if (whole >= least).all() else None


def numbers(table: Table, column: str, what: str) -> pl.Series:
    """Numbers, null where missing, NaN or infinite.

    Raises:
        DataError: Text that is no number.
    """
    values = table.frame[column]
    if values.dtype == pl.String:
        parsed = values.cast(pl.Float64, strict=False)
        if parsed.null_count() > values.null_count():
            parsed = values.str.strip_chars().cast(pl.Float64, strict=False)
            _refuse_text(table, column, what, parsed)
        values = parsed
    if not (values.dtype.is_numeric() or values.dtype == pl.Boolean):
        raise DataError(f"column {column!r} of {table.path.name} must hold {what}, it holds {values.dtype}")
    values = values.cast(pl.Float64)
    usable = values.is_finite() & (values.abs() <= _LARGEST)
    return values if usable.all() else values.set(~usable, None)


def _refuse_text(table: Table, column: str, what: str, parsed: pl.Series) -> None:
    rows = parsed.is_null().arg_true()
    left = table.frame[column].gather(rows).str.strip_chars().str.to_lowercase()
    bad = rows.filter(left.is_not_null() & ~left.is_in(_MISSING))
    if len(bad):
        raise text_error(table, column, what, bad[0])


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
