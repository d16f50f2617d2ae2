"""What values are, told by their form: moments, parts of them, ratings, coordinates, ids, texts, lists."""

import re
from typing import Literal

import polars as pl

from recmodels.data.column_names import COORDINATE_NAMES, PART_NAMES, plain
from recmodels.data.reading.id_names import is_called_id
from recmodels.data.reading.time_forms import are_dates
from recmodels.data.reading.yes_words import NO, YES

Kind = Literal[
    "empty",
    "constant",
    "moment",  # a date, or seconds since 1970
    "part",  # of a moment: 13:21, Monday, the hour, an offset from UTC
    "row number",
    "label",  # 0 or 1, true or false
    "coordinate",
    "fraction",  # a number with decimals
    "rating",  # one of a few small numbers
    "number",  # whole; an id or a count
    "id",  # a token, or whole numbers of one length
    "category",  # one of a few words
    "text",
    "list",
]
ENOUGH = 20  # rows, for what is told from how values repeat
FEW = 20  # values, of a category
MOST = 0.95  # of the values, for a form that dirt may stand among
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_WEEKDAY = r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_MOMENT = (
    r"(?i)^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([t ,].*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}([ ,].*)?|\d\d \d{1,2}, \d{4}"
    rf"|{_WEEKDAY},? .*\d\d:\d\d.*|{_MONTH} \d{{1,2}},? \d{{4}}.*|\d{{1,2}}[- ]{_MONTH}[- ]\d{{2,4}}.*)$"
)
_YEAR, _MONTH_NUMBER, _WEEK = r"(19|20)\d\d", r"(0?[1-9]|1[0-2])", r"(0[1-9]|[1-4]\d|5[0-3])"
_COARSE = (  # weeks, months and quarters
    rf"(?i)^({_YEAR}[- ]?(w|kw)-?{_WEEK}|(w|kw)[- ]?{_WEEK}[-/ ]{_YEAR}|{_YEAR}[- ]?q[1-4]|q[1-4][-/ ]?{_YEAR}"
    rf"|{_YEAR}[-/.](0[1-9]|1[0-2])|{_MONTH_NUMBER}[-/.]{_YEAR}|{_MONTH}\.?([- /]?{_YEAR}|[-/']\d\d)"
    rf"|{_YEAR}[- /]{_MONTH})$"
)
_PART = rf"(?i)^(\d{{1,2}}:\d\d(:\d\d(\.\d+)?)?( ?[ap]m)?|{_WEEKDAY}|{_MONTH})$"
_LABEL_WORDS = frozenset((*YES, *NO)) - {"x", "on", "off", "0", "1"}
_CASES = 3  # in which a word is written: ja, Ja, JA
_LIST = r"^[\[(]?\s*['\"]?[\w.:-]*\d[\w.:-]*['\"]?([\s,|]+['\"]?[\w.:-]*\d[\w.:-]*['\"]?)+\s*[\])]?$"
_CLIENT = r"^\d{4,10}\.1\d{9}$"  # of Google Analytics: a random number and the second of the first visit
_EPOCH_S = (3e8, 5e9)  # 1979 to 2128
_LIKELY_S = (6.3e8, 2.2e9)  # 1990 to 2039
_UNITS = (1, 10**3, 10**6, 10**9)  # seconds to nanoseconds


def kind_of_text(known: pl.Series, n_values: int) -> Kind:
    """Of text that is no number.

    Args:
        known: String, none missing.
        n_values: How many different ones there are.
    """
    if share(known, _MOMENT) >= MOST or are_coarse(known) or are_dates(known):
        return "moment"
    if share(known, _PART) >= MOST:
        return "part"
    if n_values <= _CASES * 2 and _are_yes_and_no(known):
        return "label"
    if share(known, _LIST) >= 0.8:
        return "list"
    if n_values <= FEW and n_values * 20 <= len(known):
        return "category"
    return "text" if share(known, r"\pL\S*\s+\S") >= 0.3 else "id"


def _are_yes_and_no(known: pl.Series) -> bool:
    words = set(known.unique().str.to_lowercase())
    return len(words) <= 2 and words <= _LABEL_WORDS


def kind_of_numbers(column: str, numbers: pl.Series, known: pl.Series, n_values: int) -> Kind:
    """Of numbers.

    Args:
        column: Its name: latitudes and hours look like much else, and ids like moments.
        numbers: Float64, none missing.
        known: The same as text.
        n_values: How many different ones there are.
    """
    is_told, name = len(numbers) >= ENOUGH, plain(column)
    if name in COORDINATE_NAMES:
        return "coordinate"
    if look_like_moments(numbers, n_values) and not is_called_id(column):
        return "moment"
    if is_told and n_values <= 2 and set(numbers.unique()) in ({0.0, 1.0}, {-1.0, 1.0}):
        return "label"
    if name in PART_NAMES:
        return "part"
    if (numbers % 1 != 0).any():
        if share(known, _CLIENT) >= MOST:
            return "id"
        return "rating" if is_told and _are_ratings(numbers, n_values) else "fraction"
    if is_told and _are_offsets(numbers, n_values):
        return "part"
    if is_told and _are_ratings(numbers, n_values):
        return "rating"
    n_digits = known.str.len_chars()
    return "id" if n_digits.min() == n_digits.max() and int(n_digits[0]) >= 5 else "number"


def look_like_moments(numbers: pl.Series, n_values: int) -> bool:
    """Whether they may be dates written as one number, or seconds since 1970; ids may look so too."""
    if _are_calendar(numbers):
        return True
    if not is_epoch(numbers):
        return False
    if len(numbers) < ENOUGH or (numbers % 3600 == 0).all():
        return True
    # ids repeat, moments hardly do
    return n_values >= len(numbers) * (0.1 if _lies_in(numbers, _LIKELY_S) else 0.5)


def _are_calendar(numbers: pl.Series) -> bool:
    """YYYYMMDD or YYYYMMDDHHMMSS, and where there are enough rows YYMMDDHH."""
    if len(numbers) < 3 or (numbers % 1 != 0).any() or float(numbers.min()) < 0:  # type: ignore[arg-type]
        return False
    whole = numbers.cast(pl.Int64, strict=False)
    if whole.null_count():
        return False
    days = whole // 10**6 if float(numbers.min()) > 10**12 else whole  # type: ignore[arg-type]
    if _are_days(days // 10_000, days // 100 % 100, days % 100):
        return True
    is_hour = bool((whole % 100 <= 23).all()) and bool((whole // 10**6).is_between(1, 40).all())
    return (
        is_hour
        and len(numbers) >= ENOUGH
        and _are_days(2000 + whole // 10**6, whole // 10**4 % 100, whole // 100 % 100)
    )


def _are_days(years: pl.Series, months: pl.Series, days: pl.Series) -> bool:
    return bool(years.is_between(1970, 2100).all() and months.is_between(1, 12).all() and days.is_between(1, 31).all())


def _are_ratings(numbers: pl.Series, n_values: int) -> bool:
    """Few values on a scale: 1 to 5, 0.5 to 10, 20 to 100 in tens."""
    if n_values > 21 or n_values * 5 > len(numbers):
        return False
    low, high = float(numbers.min()), float(numbers.max())  # type: ignore[arg-type]
    is_half = bool((numbers * 2 % 1 == 0).all())
    return (is_half and low >= -10 and high <= 10) or (low >= 0 and high <= 100 and bool((numbers % 10 == 0).all()))


def _are_offsets(numbers: pl.Series, n_values: int) -> bool:
    """Minutes from UTC."""
    high = largest(numbers)
    return n_values <= 40 and 60 <= high <= 840 and float(numbers.min()) < 0 and bool((numbers % 15 == 0).all())  # type: ignore[arg-type]


def _lies_in(numbers: pl.Series, seconds: tuple[float, float]) -> bool:
    low, high = float(numbers.min()), float(numbers.max())  # type: ignore[arg-type]
    return any(seconds[0] * unit <= low <= high <= seconds[1] * unit for unit in _UNITS)


def largest(values: pl.Series) -> float:
    """The largest number, whatever its sign; 0 where there is none."""
    return float(values.cast(pl.Float64, strict=False).abs().max() or 0.0)  # type: ignore[arg-type]


def share(known: pl.Series, form: str) -> float:
    """How many of the values have a form, in [0, 1]."""
    return float(known.str.contains(form).mean() or 0.0) if len(known) else 0.0  # type: ignore[arg-type]


def is_epoch(numbers: pl.Series) -> bool:
    """Whether all are seconds (or milli-, micro-, nanoseconds) since 1970 of 1979 to 2128."""
    return _lies_in(numbers, _EPOCH_S)


def are_moments(known: pl.Series, is_number_enough: bool) -> bool:
    """Whether nearly all are dates as text or YYYYMMDD, or, if that is enough, seconds since 1970 of 1990 to 2039."""
    numbers = known.cast(pl.Float64, strict=False)
    if numbers.null_count():
        return share(known, _MOMENT) >= MOST or are_dates(known)
    return _are_calendar(numbers) or (is_number_enough and _lies_in(numbers, _LIKELY_S))


def are_coarse(known: pl.Series) -> bool:
    """Whether nearly all are weeks, months or quarters: 2023-W16, 2023-04, Apr-23, 2023-Q2."""
    return known.dtype == pl.String and share(known, _COARSE) >= MOST


def is_session(column: str) -> bool:
    """Whether a column of this name numbers visits, not people."""
    return re.search(r"session|basket|order|visit(?!or)|impression|display|invoice", plain(column)) is not None
