"""Moments as people write them - seconds, milliseconds, dates - as unix seconds."""

from dataclasses import dataclass
from typing import Literal

import polars as pl

from recmodels.data.reading.table import Table
from recmodels.data.reading.values import numbers, text_error

_FORMATS = (
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f%#z",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%m %d, %Y",
    "%a %b %d %H:%M:%S %#z %Y",
)
# the unit of a number is told by its size: 1e8 s is 1973 and 1e11 s is beyond the year 5000
_UNITS = (
    (1e17, 10**9, "nanoseconds"),
    (1e14, 10**6, "microseconds"),
    (1e11, 10**3, "milliseconds"),
    (1e8, 1, "seconds"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """A column of moments, or of positions when the numbers are too small to be moments."""

    values: pl.Series  # Int64: unix seconds or positions; null where missing
    exact: pl.Series | None = None  # the same before rounding to whole numbers, where that lost something
    kind: Literal["timestamp", "order"]
    notes: tuple[str, ...] = ()


def read_times(table: Table, column: str) -> Times:
    """Read a column of numbers, text dates, or Parquet's own dates.

    Raises:
        DataError: A value that is neither, with its place.
    """
    values = table.frame[column]
    if values.dtype in (pl.Date, pl.Datetime):
        return _timestamps(values.cast(pl.Datetime("us")).dt.epoch("us"), 10**6)
    first = values.drop_nulls().head(1)
    is_number = first.cast(pl.Float64, strict=False).null_count() == 0
    is_date = values.dtype == pl.String and not is_number and first.str.contains(r"\d\D+\d").any()
    return _dates(table, column) if is_date else _numeric(column, numbers(table, column, "a time").values)


def positions(values: pl.Series, notes: tuple[str, ...] = ()) -> Times:
    """Numbers that only tell the order, as whole numbers from 0."""
    whole = values.cast(pl.Int64, strict=False)
    if (whole != values).any() or whole.null_count() > values.null_count():
        whole = values.rank("dense").cast(pl.Int64) - 1
    return Times(values=whole, kind="order", notes=notes)


def _timestamps(moments: pl.Series, per_second: int, notes: tuple[str, ...] = ()) -> Times:
    if per_second == 1 and moments.dtype.is_integer():
        return Times(values=moments, kind="timestamp", notes=notes)
    seconds = (moments if per_second == 1 else moments / per_second).floor().cast(pl.Int64, strict=False)
    exact = None if (seconds * per_second == moments).all() else moments
    return Times(values=seconds, exact=exact, kind="timestamp", notes=notes)


def _numeric(column: str, values: pl.Series) -> Times:
    known = values.drop_nulls()
    some = known.gather_every(max(len(known) // 10_000, 1))
    size = float(some.abs().median() or 0.0)  # type: ignore[arg-type]  # a median of floats
    if 1.9e7 < size < 2.1e7:  # 20240131
        days = values.cast(pl.Int64, strict=False).cast(pl.String).str.to_date("%Y%m%d", strict=False)
        if days.null_count() == values.null_count():
            seconds = days.cast(pl.Datetime("us")).dt.epoch("s")
            return Times(values=seconds, kind="timestamp", notes=(f"`{column}` was read as YYYYMMDD",))
    for least, per_second, unit in _UNITS:
        if size >= least:
            notes = () if per_second == 1 else (f"`{column}` is in {unit}; it was converted to seconds",)
            return _timestamps(values, per_second, notes)
    note = f"`{column}` is too small for a time since 1970; it was taken as the order of a user's events"
    return positions(values, (note,))


def _dates(table: Table, column: str) -> Times:
    text = table.frame[column].str.strip_chars().replace("", None)
    plain = text.str.replace(r"^(\d{4}-\d\d-\d\d)T", "$1 ").str.replace(r"\s*(Z|UTC)$", "")
    parsed = [(form, _parse(plain, form)) for form in _formats(plain)]
    form, moments = min(parsed, key=lambda pair: pair[1].null_count())
    bad = (moments.is_null() & text.is_not_null()).arg_true()
    if len(bad):
        raise text_error(table, column, "a time (seconds since 1970, or a date such as 2024-01-31 12:00)", bad[0])
    notes = (f"`{column}` was read as month/day/year",) if form.startswith("%m/%d") else ()
    return _timestamps(moments, 10**6, notes)


def _formats(text: pl.Series) -> list[str]:
    """The formats that fit the most of the first rows; not all are tried on a million."""
    sample = text.drop_nulls().head(1000)
    failures = {form: _parse(sample, form).null_count() for form in _FORMATS}
    fewest = min(failures.values())
    return [form for form, n_failed in failures.items() if n_failed == fewest]


def _parse(text: pl.Series, form: str) -> pl.Series:
    if "%#z" in form:
        return text.str.to_datetime(form, strict=False, time_zone="UTC").dt.epoch("us")
    return text.str.to_datetime(form, strict=False, time_unit="us").dt.epoch("us")
