"""Moments written as numbers: seconds to nanoseconds, days and ticks of other programs."""

import polars as pl

from recmodels.data.column_names import TIME_NAMES, plain
from recmodels.data.reading.table import Table

# the unit of a number is told by its size: 1e8 s is 1973 and 1e11 s is beyond the year 5000
_UNITS = (
    (1e17, 10**9, "nanoseconds"),
    (1e14, 10**6, "microseconds"),
    (1e11, 10**3, "milliseconds"),
    (1e8, 1, "seconds"),
)
_LIKELY_S = (3e8, 5e9)  # 1979 to 2128: what a number must be in its own unit to be said to have another
_LAST_DAY = (253_402_214_400, 253_402_300_800)  # of the year 9999, in seconds: no milliseconds of 1978
# (least, most) of all values, what is 1970, how many a second, and what it is
_OTHER_CLOCKS = (
    (6.2e17, 6.7e17, 621_355_968e9, 1e7, "ticks of .NET"),
    (1.2e17, 1.6e17, 116_444_736e9, 1e7, "ticks of Windows"),
    (1.2e16, 1.6e16, 11_644_473_600e6, 1e6, "microseconds since 1601, as browsers count"),
    (2.44e6, 2.49e6, 2_440_587.5, 1 / 86_400, "Julian days"),
)
_EXCEL = (36_526, 54_789)  # days since 1900 of 2000 to 2049
_EXCEL_1970 = 25_569
_LOST_MS = 0.05  # of days with nine decimals or more


def unit(size: float) -> tuple[int, str] | None:
    """How many a second, and the name, for numbers of such a size; None for what is no moment."""
    return next(((per_second, name) for least, per_second, name in _UNITS if size >= least), None)


def other_clock(column: str, known: pl.Series) -> tuple[float, float, str] | None:
    """What 1970 is, how many a second, and what it is, where numbers count from another moment or in days."""
    low, high = float(known.min()), float(known.max())  # type: ignore[arg-type]
    for least, most, epoch, per_second, name in _OTHER_CLOCKS:
        if least <= low and high <= most:
            return epoch, per_second, name
    if _EXCEL[0] <= low and high < _EXCEL[1]:
        word = plain(column)
        if bool((known % 1 != 0).any()) or word in TIME_NAMES or "date" in word:
            return _EXCEL_1970, 1 / 86_400, "days since 1900, as spreadsheets count"
    return None


def rounded(seconds: pl.Series) -> pl.Series:
    """Seconds that come of days with decimals, whose last digits are lost: to the millisecond where all have one.

    45123.4999999 is noon, and not a second before.
    """
    millis = (seconds * 1000).round()
    is_fine = bool(((seconds * 1000 - millis).abs() <= _LOST_MS).all())
    return millis / 1000 if is_fine else seconds.round()


def mixed_units(table: Table, column: str, values: pl.Series, per_second: int) -> tuple[pl.Series, str] | None:
    """Seconds of numbers that have several units, each in its own, and a note; None where all have one.

    Args:
        per_second: Of the unit that most have.
    """
    low, high = (bound * per_second for bound in _LIKELY_S)
    known = values.drop_nulls()
    if low <= float(known.min()) and float(known.max()) <= high:  # type: ignore[arg-type]  # floats
        return None
    size = values.abs()
    seconds, said = values / per_second, []
    for _, other, name in _UNITS:
        if other == per_second:
            continue
        is_other = (size >= _LIKELY_S[0] * other) & (size <= _LIKELY_S[1] * other) & ((size < low) | (size > high))
        is_other &= ~size.is_between(*_LAST_DAY)
        rows = is_other.fill_null(value=False).arg_true()
        if len(rows):
            seconds = seconds.set(is_other.fill_null(value=False), None).fill_null(values / other)
            said.append(f"{len(rows):,} in {name}, the first in {table.place(rows[0])}")
    if not said:
        return None
    most = next(name for _, many, name in _UNITS if many == per_second)
    note = f"`{column}` is in {most} in most rows, {' and '.join(said)}: each was read in its own unit"
    return seconds, note
