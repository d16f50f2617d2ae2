"""Moments as people and programs write them - seconds, milliseconds, dates - as unix seconds."""

import time
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from recmodels.data.reading.buddhist_years import with_common_years
from recmodels.data.reading.calendar_numbers import calendar, order_of
from recmodels.data.reading.coarse_times import first_days
from recmodels.data.reading.kinds import are_coarse
from recmodels.data.reading.missing import MAX_UNREADABLE, is_missing
from recmodels.data.reading.month_days import month_days
from recmodels.data.reading.table import Table, listed
from recmodels.data.reading.time_columns import clocks_beside, with_joined
from recmodels.data.reading.time_forms import dates
from recmodels.data.reading.time_numbers import mixed_units, other_clock, rounded, unit
from recmodels.data.reading.values import finite, numbers_or_text, plain_numbers, text_error
from recmodels.errors import DataError

_DAY_S = 86_400
_EARLY_S = 365 * _DAY_S  # times of 1970 and before are more often a 0 than a moment
_RULE = "a time (seconds since 1970, or a date such as 2024-01-31 12:00)"
_NUMBER = r"^[-+]?(?:\d+[.,]?\d*|\d{1,3}(?:[,' \u00a0\u202f]\d{3})+(?:[.,]\d+)?)(?:[eE][-+]?\d+)?$"
_ROUNDED = r"^\s*\d(?:[.,]\d{1,7})?[eE]\+?(?:09|9|1[0-9])\s*$"
_JSON_DATE = r"^\\?/Date\((-?\d+)(?:[+-]\d{4})?\)\\?/$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """A column of moments, or of positions when the numbers are too small to be moments."""

    values: pl.Series  # Int64: unix seconds or positions; null where missing
    exact: pl.Series | None = None  # the same before rounding to whole numbers, where that lost something
    kind: Literal["timestamp", "order"]
    notes: tuple[str, ...] = ()
    date_order: str | None = None  # day-first or month-first, where the text may be either


def read_times(table: Table, column: str) -> Times:
    """Read a column of numbers, text dates, or Parquet's own dates; `date+clock` reads several columns as one.

    Up to `MAX_UNREADABLE` of the rows may hold what cannot be read: they have no time, and a note says so.

    Raises:
        DataError: More values are no time, with the first one's place; or a date may be read in two ways.
    """
    clocks = clocks_beside(table, column)
    table, said_of_years = with_common_years(with_joined(table, column), column)
    values = table.frame[column]
    if values.dtype in (pl.Date, pl.Datetime):
        times = _timestamps(values.cast(pl.Datetime("us")).dt.epoch("us"), 10**6)
    elif values.dtype == pl.String and are_coarse(_sample(values)):
        times = _coarse(table, column)
    elif values.dtype == pl.String and _are_dates(values):
        times = _dates(table, column)
    else:
        times = _numeric(table, column)
    if clocks:
        said = (
            f"`{column}` tells the day alone, so events of a day stay in the order of the file; {listed(clocks)} may "
            f"tell the time of day: `time={column}+{clocks[0]}` joins them"
        )
        times = replace(times, notes=(*times.notes, said))
    return _with_doubts(table, column, replace(times, notes=(*said_of_years, *times.notes)))


def positions(values: pl.Series, notes: tuple[str, ...] = ()) -> Times:
    """Numbers that only tell the order, as whole numbers from 0."""
    whole = values.cast(pl.Int64, strict=False)
    if (whole != values).any() or whole.null_count() > values.null_count():
        whole = values.rank("dense").cast(pl.Int64) - 1
    return Times(values=whole, kind="order", notes=notes)


def _are_dates(values: pl.Series) -> bool:
    """Whether most of the first values are no numbers, and one of them looks like a date."""
    sample = _sample(values)
    sample = sample.filter(~sample.str.contains(_JSON_DATE))
    n_numbers = sample.str.contains(_NUMBER).sum()
    return 2 * n_numbers < len(sample) and bool(sample.str.contains(r"\d\D+\d|\d\pL+\d").any())


def _sample(values: pl.Series) -> pl.Series:
    """The first known values."""
    sample = values.drop_nulls().head(1000).str.strip_chars()
    return sample.filter(~is_missing(sample))


def _coarse(table: Table, column: str) -> Times:
    text = table.frame[column]
    seconds, what = first_days(text)
    bad = seconds.is_null() & text.is_not_null() & ~is_missing(text.str.strip_chars())
    notes = [f"`{column}` tells {what} alone, and each was read as its first day"]
    notes += [_left_out(table, column, _RULE, bad)] if bad.any() else []
    return _timestamps(seconds, 1, tuple(notes))


def _timestamps(moments: pl.Series, per_second: float, notes: tuple[str, ...] = ()) -> Times:
    if per_second == 1 and moments.dtype.is_integer():
        return Times(values=moments, kind="timestamp", notes=notes)
    if per_second == 1 and (whole := moments.cast(pl.Int64, strict=False)).eq_missing(moments).all():
        return Times(values=whole, kind="timestamp", notes=notes)
    seconds = (moments if per_second == 1 else moments / per_second).floor().cast(pl.Int64, strict=False)
    exact = None if (seconds * per_second == moments).all() else moments
    return Times(values=seconds, exact=exact, kind="timestamp", notes=notes)


def _numeric(table: Table, column: str) -> Times:
    values = table.frame[column]
    notes: tuple[str, ...] = ()
    if values.dtype == pl.String and (plain := plain_numbers(column, values)) is not None:
        values = plain
    else:
        if values.dtype == pl.String and values.str.contains(_JSON_DATE).any():
            values = values.str.replace(_JSON_DATE, "$1")
            table = replace(table, frame=pl.DataFrame({column: values}))
        values, unread, notes = numbers_or_text(table, column, "a time")
        if unread is not None and unread.any():
            notes = (*notes, _left_out(table, column, "a time", unread))
    if note := _rounded(table, column):
        notes = (*notes, note)
    values = finite(values)
    times = _of_numbers(table, column, values)
    return replace(times, notes=(*notes, *times.notes))


def _rounded(table: Table, column: str) -> str | None:
    """A note on times of few digits in scientific notation, as spreadsheets show large numbers."""
    text = table.frame[column]
    if text.dtype != pl.String or not text.head(1000).str.contains(_ROUNDED).any():
        return None
    rows = text.str.contains(_ROUNDED).fill_null(value=False).arg_true()
    return (
        f"check `{column}`: {len(rows):,} of {len(text):,} rows have a time that scientific notation has rounded, the "
        f"first is {text[rows[0]]!r} in {table.place(rows[0])}; those of one rounded time stay in the order of the file"
    )


def _of_numbers(table: Table, column: str, values: pl.Series) -> Times:
    known = values.drop_nulls()
    some = known.gather_every(max(len(known) // 10_000, 1))
    size = float(some.abs().median() or 0.0)  # type: ignore[arg-type]  # a median of floats
    if found := calendar(table, column, values):
        seconds, form = found
        bad = seconds.is_null() & values.is_not_null()
        doubt = (_left_out(table, column, _RULE, bad),) if bad.any() else ()
        notes = (f"`{column}` was read as {form}", *doubt)
        return Times(values=seconds, kind="timestamp", notes=notes, date_order=order_of(form))
    if len(known) and (clock := other_clock(column, known)):
        epoch, per_second, name = clock
        seconds = (values - epoch) / per_second
        seconds = rounded(seconds) if per_second < 1 else seconds
        return _timestamps(seconds, 1, (f"`{column}` is in {name}; it was converted to seconds",))
    if told := unit(size):
        per_second, name = told
        if mixed := mixed_units(table, column, values, per_second):
            return _timestamps(mixed[0], 1, (mixed[1],))
        notes = () if per_second == 1 else (f"`{column}` is in {name}; it was converted to seconds",)
        return _timestamps(values, per_second, notes)
    if found_days := month_days(table, column, values):
        days, note = found_days
        if days is None:
            return positions(values, (note,))
        bad = days.is_null() & values.is_not_null()
        doubt = (_left_out(table, column, _RULE, bad),) if bad.any() else ()
        return Times(values=days, kind="timestamp", notes=(note, *doubt))
    note = f"`{column}` is too small for a time since 1970; it was taken as the order of a user's events"
    return positions(values, (note,))


def _dates(table: Table, column: str) -> Times:
    text = table.frame[column]
    moments, notes, order = dates(table, column, text)
    bad = moments.is_null() & text.is_not_null()
    if bad.any():
        rows = bad.arg_true()
        rows = rows.filter(~is_missing(text.gather(rows).str.strip_chars()))
        bad = pl.select(pl.int_range(len(text)).is_in(rows.implode())).to_series()
    notes = (*notes, _left_out(table, column, _RULE, bad)) if bad.any() else notes
    return replace(_timestamps(moments, 10**6, notes), date_order=order)


def _left_out(table: Table, column: str, rule: str, unread: pl.Series) -> str:
    """A note on the rows whose time cannot be read.

    Raises:
        DataError: They are more than `MAX_UNREADABLE` of all.
    """
    rows = unread.arg_true()
    share = len(rows) / len(unread)
    error = text_error(table, column, rule, rows[0])
    if share > MAX_UNREADABLE:
        raise DataError(f"{error}; {share:.0%} of the rows are so, at most {MAX_UNREADABLE:.0%} are left out")
    return f"{len(rows):,} of {len(unread):,} rows ({share:.1%}) were left out, since {error}"


def _with_doubts(table: Table, column: str, times: Times) -> Times:
    """With a note on times of 1970 and before, and of the future."""
    seconds = times.values
    if times.kind != "timestamp" or not (known := seconds.drop_nulls()).len():
        return times
    latest = int(time.time()) + _DAY_S
    notes = []
    low, high = float(known.min()), float(known.max())  # type: ignore[arg-type]  # whole numbers
    for is_so, what in ((low < _EARLY_S, "of 1970 or before"), (high > latest, "in the future")):
        if is_so:
            unlikely = seconds < _EARLY_S if "1970" in what else seconds > latest
            rows = unlikely.fill_null(value=False).arg_true()
            said = pl.from_epoch(seconds.gather(rows[:1])).dt.strftime("%Y-%m-%d")[0]
            notes.append(
                f"check `{column}`: {len(rows):,} of {len(seconds):,} rows ({len(rows) / len(seconds):.1%}) have a "
                f"time {what}, the first, {said}, in {table.place(rows[0])}"
            )
    return replace(times, notes=(*times.notes, *notes))
