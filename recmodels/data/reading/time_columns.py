"""A time in several columns: date and clock, or year, month and day. `date+clock` names them, joined as one text."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from recmodels.data.column_names import plain
from recmodels.data.reading.missing import is_missing
from recmodels.data.reading.table import Table

_PARTS: dict[str, tuple[str, ...]] = {
    "year": ("year", "yr", "yyyy", "dateyear", "jahr", "annee", "ano"),
    "month": ("month", "mon", "mm", "datemonth", "monat", "mois", "mes"),
    "day": ("day", "dd", "dateday", "dayofmonth", "tag", "jour", "dia"),
    "hour": ("hour", "hr", "hh", "datehour", "stunde", "heure", "hora"),
    "minute": ("minute", "min", "mi", "dateminute"),
    "second": ("second", "sec", "ss", "datesecond"),
}
_YEAR_FIRST, _YEAR_LAST = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}", r"\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})"
_DATE = rf"^({_YEAR_FIRST}|{_YEAR_LAST}|\d{{1,2}}[- ]\pL{{3,9}}\.?[- ](\d{{4}}|\d{{2}})|(19|20)\d{{6}})"
_HOUR_NAMES = ("hour", "hr", "hh")
_MIDNIGHT = r"[ T]00:00(:00(\.0+)?)?$"
_CLOCK = r"(?i)^\d{1,2}:\d\d(:\d\d(\.\d+)?)?( ?[ap]\.?m\.?)?(z|[+-]\d\d:?\d\d)?$"
_CLOCK_NAMES = ("time", "clock", "timeofday", "eventtime", "uhrzeit", "heure", "hora", "hhmm", "hhmmss")


def names_of(table: Table, column: str) -> tuple[str, ...]:
    """The columns that a time names: `date+clock` names two, unless a column is called so."""
    return (column,) if column in table.frame.columns else tuple(column.split("+"))


def completed(table: Table, time: str | None, free: Sequence[str]) -> str | None:
    """The time with the columns that it lacks: `date` with the clock, or a part of a date with the others.

    Args:
        time: The column that was found.
        free: Other columns without a role.
    """
    names = [time, *free] if time else list(free)
    by_part = {part: name for part in _PARTS for name in reversed(names) if plain(name) in _PARTS[part]}
    if {"year", "month", "day"} <= {*by_part} and (time is None or time in by_part.values()):
        if all(_holds_part(table, by_part[part], part) for part in by_part):
            return "+".join(by_part[part] for part in _PARTS if part in by_part)
        return time
    if time is None:
        return None
    if _is_date(table, time):
        clocks = [name for name in free if _is_clock(table, name)] or [
            name for name in free if plain(name) in ("hour", "hr", "hh", *_CLOCK_NAMES) and is_clock_number(table, name)
        ]
        clock = next((name for name in clocks if plain(name) in _CLOCK_NAMES), clocks[0] if len(clocks) == 1 else None)
        return f"{time}+{clock}" if clock else time
    if _is_clock(table, time) or (plain(time) in (*_HOUR_NAMES, *_CLOCK_NAMES) and is_clock_number(table, time)):
        days = [name for name in free if _is_date(table, name)]
        day = next((name for name in days if "date" in plain(name)), days[0] if len(days) == 1 else None)
        return f"{day}+{time}" if day else time
    return time


def clocks_beside(table: Table, time: str) -> list[str]:
    """The columns with a time of day next to a column of days alone."""
    if time not in table.frame.columns or not _is_date(table, time):
        return []
    return [name for name in table.frame.columns if name != time and _is_clock(table, name)]


def with_joined(table: Table, column: str) -> Table:
    """The table with the columns of a time as one text."""
    names = names_of(table, column)
    if len(names) == 1:
        return table
    parts = {part: name for name in names for part, known in _PARTS.items() if plain(name) in known}
    if {"year", "month", "day"} <= {*parts} and len(parts) == len(names):
        text = _of_parts({part: _text(table, name) for part, name in parts.items()})
    else:
        date, *clocks = (_text(table, name) for name in names)
        shown = [
            date.str.replace(r"^(\d{4})(\d\d)(\d\d)$", "$1-$2-$3").str.replace(_MIDNIGHT, ""),
            *map(_as_clock, clocks),
        ]
        text = pl.select(pl.concat_str(shown, separator=" ")).to_series()
    return replace(table, frame=table.frame.with_columns(text.alias(column)))


def _text(table: Table, name: str) -> pl.Series:
    text = table.frame[name].cast(pl.String).str.strip_chars()
    text = text.str.replace(r"^(\d+)\.0+$", "$1")
    return text.set(is_missing(text), None)


def _of_parts(parts: dict[str, pl.Series]) -> pl.Series:
    """`2024-1-31 12:05:00` out of its parts; a month may be a name."""
    date = pl.concat_str([parts["year"], parts["month"], parts["day"]], separator="-")
    clock = [parts[part].str.zfill(2) for part in ("hour", "minute", "second") if part in parts]
    if not clock:
        return pl.select(date).to_series()
    zeros = [pl.lit("00")] * (3 - len(clock))
    return pl.select(pl.concat_str([date, pl.concat_str([*clock, *zeros], separator=":")], separator=" ")).to_series()


def _as_clock(text: pl.Series) -> pl.Series:
    """`13`, `1305` and `130500` as 13:00, 13:05 and 13:05:00."""
    known = text.drop_nulls()
    if not known.str.contains(r"^\d{1,6}$").all():
        return text
    longest = max(known.str.len_chars().to_list(), default=2)
    padded = text.str.zfill(longest + longest % 2) + "0000"
    return padded.str.replace(r"^(\d\d)(\d\d)(\d\d)?.*$", "$1:$2:$3").str.replace(r":$", ":00")


def _sample(table: Table, name: str) -> pl.Series:
    known = _text(replace(table, frame=table.frame.select(name).head(1000)), name)
    return known.drop_nulls()


def _holds_part(table: Table, name: str, part: str) -> bool:
    sample = _sample(table, name)
    numbers = sample.cast(pl.Int64, strict=False)
    if numbers.null_count():
        return part == "month" and bool(sample.str.contains(r"^\pL{3,9}$").all())
    low, high = {"year": (1900, 2100), "month": (1, 12), "day": (1, 31), "hour": (0, 23)}.get(part, (0, 59))
    return len(numbers) > 0 and bool(numbers.is_between(low, high).all())


def _is_date(table: Table, name: str) -> bool:
    """Whether most values are a day without a clock."""
    if table.frame[name].dtype == pl.Date:
        return True
    return _most(_sample(table, name), rf"(?:{_DATE})(?:{_MIDNIGHT[:-1]})?$")


def _is_clock(table: Table, name: str) -> bool:
    return table.frame[name].dtype == pl.Time or _most(_sample(table, name), _CLOCK)


def is_clock_number(table: Table, name: str) -> bool:
    """Whether all are hours, HHMM or HHMMSS."""
    sample = _sample(table, name)
    numbers = sample.cast(pl.Int64, strict=False)
    if not len(sample) or numbers.null_count():
        return False
    if plain(name) in _HOUR_NAMES:
        return bool(numbers.is_between(0, 23).all())
    is_clock = sample.str.contains(r"^([01]?\d|2[0-3])?[0-5]?\d([0-5]\d)?$").all()
    return bool((numbers > 100).any()) and bool(is_clock)


def _most(sample: pl.Series, pattern: str) -> bool:
    return len(sample) > 0 and float(sample.str.contains(pattern).mean() or 0) >= 0.95  # type: ignore[arg-type]
