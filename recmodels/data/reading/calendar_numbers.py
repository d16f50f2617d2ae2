"""Dates written as one number: 20240131, 31012024, 24013112. The whole column decides which form it is.

A form with dates in the future, or spread over decades, is not likely; where two are likely, the person is asked.
"""

import re
import time

import polars as pl

from recmodels.data.reading.missing import MAX_UNREADABLE
from recmodels.data.reading.question import date_order_asked, date_order_refused
from recmodels.data.reading.table import Table
from recmodels.errors import DataError

_FORMS = {  # digits → forms, the better guess first
    14: ("YYYYMMDDHHMMSS", "DDMMYYYYHHMMSS", "MMDDYYYYHHMMSS"),
    12: ("YYYYMMDDHHMM", "DDMMYYYYHHMM", "MMDDYYYYHHMM", "YYMMDDHHMMSS"),
    10: ("YYYYMMDDHH", "YYMMDDHHMM"),
    8: ("YYYYMMDD", "DDMMYYYY", "MMDDYYYY", "YYMMDDHH"),
    6: ("YYYYMM", "YYMMDD", "DDMMYY", "MMDDYY"),
}
_ENOUGH = 20  # values of a form that other numbers resemble
_YEAR_S = 365 * 86_400
_MAX_SPAN_S = 15 * _YEAR_S  # between the first and the last hundredth of a likely form
_FEW = 0.01  # of the values, that may lie in the future
_MARKS = {"day-first": "DD", "month-first": "MM", "year-first": "YY"}


def calendar(table: Table, column: str, values: pl.Series) -> tuple[pl.Series, str] | None:
    """Seconds since 1970 of numbers that write a date, null for those that are none, and the form; None for no dates.

    Args:
        values: Float64.

    Raises:
        DataError: Two forms are likely and give another order of events, or the only one is not as was said.
    """
    known = values.drop_nulls()
    sample = known.gather_every(max(len(known) // 10_000, 1))
    n_digits = _n_digits(table.frame[column], sample)
    wanted = _MARKS.get(table.date_order or "", "")
    every = {
        form: seconds
        for form in _FORMS.get(n_digits, ())
        if (seconds := _fitting(sample, form)) is not None and (form.startswith(wanted) or _is_other(form, seconds))
    }
    fit = {form: seconds for form, seconds in every.items() if form.startswith(wanted)}
    if every and not fit and not _is_certain(next(iter(every))):
        other = next(order for order, mark in _MARKS.items() if next(iter(every)).startswith(mark))
        raise DataError(date_order_refused(table, column, other, values.is_not_null().arg_true()[0]))
    fit = fit or every
    likely = [form for form in fit if wanted or _is_certain(form) or _is_likely(fit[form])]
    if not likely:
        return None
    form = likely[0]
    others = [] if _is_certain(form) else [other for other in likely[1:] if not _same_order(fit[form], fit[other])]
    if others:
        row = values.is_not_null().arg_true()[0]
        raise DataError(date_order_asked(table, column, form, others[0], row))
    seconds = _seconds(values, form)
    is_readable = seconds.null_count() - values.null_count() <= MAX_UNREADABLE * len(values)
    return (seconds, form) if is_readable else None


def _is_other(form: str, seconds: pl.Series) -> bool:
    """Whether a form that is not the wanted one can be what a file is written in all the same."""
    return _is_certain(form) or _is_likely(seconds)


def _is_certain(form: str) -> bool:
    """Whether hardly any other number looks so."""
    return form.startswith("YYYYMMDD")


def _n_digits(written: pl.Series, sample: pl.Series) -> int:
    """As nearly all are written, else of nearly the largest; 0 where they are no whole positive numbers."""
    top = sample.quantile(0.95, "lower")
    is_whole = float((sample % 1 == 0).mean() or 0) >= 1 - MAX_UNREADABLE  # type: ignore[arg-type]  # a share
    if top is None or top < 1 or not is_whole:
        return 0
    if written.dtype == pl.String:
        lengths = written.drop_nulls().head(1000).str.strip_chars().str.len_chars()
        if len(lengths) and float((lengths == lengths.mode()[0]).mean() or 0) >= 1 - MAX_UNREADABLE:
            return int(lengths.mode()[0])
    n_digits, n_most = (len(str(int(number))) for number in (top, sample.max() or 0))  # type: ignore[arg-type]  # floats
    return n_most if n_most == n_digits + 1 else n_digits  # days and months below 10 have lost their 0


def order_of(form: str) -> str | None:
    """day-first or month-first, where a form is one of them."""
    return next((order for order, mark in _MARKS.items() if form.startswith(mark) and mark != "YY"), None)


def _fitting(sample: pl.Series, form: str) -> pl.Series | None:
    """The seconds of a sample in this form; None where it is not in it."""
    seconds = _seconds(sample, form)
    if not _is_certain(form) and (len(sample) < (3 if form == "YYMMDDHH" else _ENOUGH)):
        return None
    return seconds if seconds.null_count() <= MAX_UNREADABLE * len(sample) else None


def _is_likely(seconds: pl.Series) -> bool:
    known = seconds.drop_nulls()
    first, last = known.quantile(_FEW, "nearest"), known.quantile(1 - _FEW, "nearest")
    is_future = float((known > time.time() + 86_400).mean() or 0) > _FEW  # type: ignore[arg-type]  # a share
    return not is_future and first is not None and last is not None and last - first <= _MAX_SPAN_S


def _same_order(one: pl.Series, other: pl.Series) -> bool:
    return bool((one.rank("dense") == other.rank("dense")).all())


def _seconds(values: pl.Series, form: str) -> pl.Series:
    text = pl.col("text")
    digits = values.cast(pl.Int64, strict=False).cast(pl.String).str.zfill(len(form))
    digits = digits.set(digits.str.len_chars() != len(form), None)
    places = {"YYYY": "year", "YY": "short year", "DD": "day", "HH": "hour", "SS": "second"}
    parts: dict[str, pl.Expr] = {}
    for match in re.finditer("YYYY|YY|DD|HH|SS|MM", form):
        part = places.get(match[0]) or ("minute" if "hour" in parts else "month")
        parts[part] = text.str.slice(match.start(), len(match[0]))
    if "short year" in parts:
        short = parts.pop("short year")
        parts["year"] = pl.when(short < pl.lit("70")).then(pl.lit("20") + short).otherwise(pl.lit("19") + short)
    zero, first = pl.lit("00"), pl.lit("01")
    date = [parts["year"], parts["month"], parts.get("day", first)]
    whole = pl.concat_str(*date, *(parts.get(part, zero) for part in ("hour", "minute", "second")))
    moments = pl.DataFrame({"text": digits}).select(
        whole.str.to_datetime("%Y%m%d%H%M%S", strict=False, time_unit="us").dt.epoch("s")
    )
    seconds = moments.to_series()
    return seconds.set((seconds < 0).fill_null(value=False), None)
