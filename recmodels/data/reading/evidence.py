"""What the values of a column are, told from a sample of its rows, whatever the column is called or where it stands."""

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import Literal

import polars as pl

from recmodels.data.column_names import COORDINATE_NAMES, PART_NAMES, plain
from recmodels.data.reading.missing import is_missing
from recmodels.data.reading.number_forms import with_points
from recmodels.data.reading.table import Table

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
MAX_ROWS = 10_000
ENOUGH = 20  # rows, for what is told from how values repeat
FEW = 20  # values, of a category
_BLOCK = 500  # rows in a row, so that the sample shows which rows lie together
_MOST = 0.95  # of the values, for a form that dirt may stand among
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_WEEKDAY = r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_MOMENT = (
    r"(?i)^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([t ,].*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}([ ,].*)?|\d\d \d{1,2}, \d{4}"
    rf"|{_WEEKDAY},? .*\d\d:\d\d.*|{_MONTH} \d{{1,2}},? \d{{4}}.*|\d{{1,2}}[- ]{_MONTH}[- ]\d{{2,4}}.*)$"
)
_PART = rf"(?i)^(\d{{1,2}}:\d\d(:\d\d(\.\d+)?)?( ?[ap]m)?|{_WEEKDAY}|{_MONTH})$"
_LABEL_WORDS = frozenset(("true", "false", "yes", "no", "t", "f", "y", "n"))
_LIST = r"^[\[(]?\s*['\"]?[\w.:-]*\d[\w.:-]*['\"]?([\s,|]+['\"]?[\w.:-]*\d[\w.:-]*['\"]?)+\s*[\])]?$"
_EPOCH_S = (3e8, 5e9)  # 1979 to 2128
_LIKELY_S = (6.3e8, 2.2e9)  # 1990 to 2039
_UNITS = (1, 10**3, 10**6, 10**9)  # seconds to nanoseconds
# the form of ids that documented layouts have
_USER_IDS = (
    r"^A[0-9A-Z]{12,14}$|^AE[0-9A-Z]{26}$|^AG[0-9A-Z]{26}$|^AH[0-9A-Z]{26}$|^AF[0-9A-Z]{26}$",  # Amazon
    r"^[0-9a-f]{40}$",  # sha1: Last.fm 360K, Echo Nest
    r"^7656119\d{10}$",  # Steam
    r"(?i)^(u|user|usr|cust|customer|member|visitor|reader|reviewer|account|client|person)[_:-]?\d+$",
)
_ITEM_IDS = (
    r"^B0[0-9A-Z]{8}$|^\d{9}[\dX]$",  # Amazon, ISBN
    r"^97[89]\d{10}$",  # ISBN-13
    r"^SO[0-9A-Z]{16}$|^TR[0-9A-Z]{16}$",  # Echo Nest
    r"^tt\d{7,8}$",  # IMDb
    r"(?i)^(i|item|product|prod|movie|film|book|song|track|artist|game|article|video|news|sku|p|m)[_:-]?\d+$",
)


class Evidence:
    """What the columns of a table hold; each is looked at once, in at most `MAX_ROWS` rows spread over the table."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._known: dict[str, pl.Series] = {}
        self._kinds: dict[str, Kind] = {}

    def kind(self, column: str) -> Kind:
        """What its values are."""
        if column not in self._kinds:
            self._kinds[column] = self._kind(column)
        return self._kinds[column]

    def values(self, column: str) -> pl.Series:
        """Those of the sample as text, null where missing."""
        if column not in self._known:
            text = self._sample[column].cast(pl.String).str.strip_chars()
            self._known[column] = with_points(text.set(is_missing(text), None))
        return self._known[column]

    @property
    def n_rows(self) -> int:
        """Of the sample."""
        return len(self._places)

    def n_values(self, column: str) -> int:
        """How many different ones there are in the sample."""
        return self.values(column).drop_nulls().n_unique()

    def is_number(self, column: str) -> bool:
        """Whether all its values are numbers."""
        known = self.values(column).drop_nulls()
        return len(known) > 0 and not known.cast(pl.Float64, strict=False).null_count()

    def missing(self, column: str) -> float:
        """The share of rows without a value."""
        values = self.values(column)
        return values.null_count() / max(len(values), 1)

    def is_unique(self, column: str) -> bool:
        """Whether each row has a value of its own; False where too few say so."""
        known = self.values(column).drop_nulls()
        return len(known) >= ENOUGH and known.n_unique() == len(known)

    def determines(self, key: str, column: str) -> bool:
        """Whether rows with the same key have the same value, as an item's category; False where too few say so."""
        n_told, n_others = self._repeats(key, column)
        return n_told >= ENOUGH and n_others <= 0.01 * n_told

    def varies(self, key: str, column: str) -> bool:
        """Whether rows with the same key have different values, as a user's ratings; False where too few say so."""
        n_told, n_others = self._repeats(key, column)
        return n_told >= ENOUGH and n_others > 0.01 * n_told

    def _repeats(self, key: str, column: str) -> tuple[int, int]:
        """Rows beyond the first of their key, and values beyond the first of their key."""
        rows = pl.DataFrame({"key": self.values(key), "value": self.values(column)}).drop_nulls()
        n_keys = rows["key"].n_unique()
        return rows.height - n_keys, rows.n_unique() - n_keys

    def lies_together(self, column: str) -> bool:
        """Whether rows with the same value follow each other, far more often than by chance."""
        same, chance = self._adjacent(column)
        return same >= 0.3 and same > 5 * chance

    def is_mixed(self, column: str) -> bool:
        """Whether rows with the same value follow each other about as often as by chance."""
        same, chance = self._adjacent(column)
        return same <= 0.05 + 2 * chance

    def side(self, column: str) -> Literal["user", "item"] | None:
        """Whose ids have this form in documented layouts."""
        known = self.values(column).drop_nulls()
        if not len(known):
            return None
        if any(_share(known, form) >= _MOST for form in _USER_IDS):
            return "user"
        return "item" if any(_share(known, form) >= _MOST for form in _ITEM_IDS) else None

    @cached_property
    def _places(self) -> pl.Series:
        """The rows of the sample: all, or blocks spread over the table."""
        n = self._table.frame.height
        if n <= MAX_ROWS:
            return pl.int_range(n, eager=True)
        n_blocks = MAX_ROWS // _BLOCK
        starts = [i * (n - _BLOCK) // (n_blocks - 1) for i in range(n_blocks)]
        return pl.concat(pl.int_range(start, start + _BLOCK, eager=True) for start in starts)

    @cached_property
    def _sample(self) -> pl.DataFrame:
        frame = self._table.frame
        return frame if len(self._places) == frame.height else frame[self._places]

    def _adjacent(self, column: str) -> tuple[float, float]:
        """How often a row has the value of the row before it, and how often two rows have by chance. Both in [0, 1]."""
        values = self.values(column)
        if len(values) < ENOUGH:
            return 0.0, 1.0
        known = values.drop_nulls()
        shares = known.value_counts()["count"] / max(len(known), 1)
        return float((values == values.shift(1)).mean() or 0.0), float((shares**2).sum())  # type: ignore[arg-type]

    def _kind(self, column: str) -> Kind:
        known = self.values(column).drop_nulls()
        if not len(known):
            return "empty"
        if self._table.frame[column].dtype.is_temporal():
            return "moment"
        n_values, is_told = known.n_unique(), len(known) >= ENOUGH
        if is_told and n_values == 1 and self._is_constant(column):
            return "constant"
        numbers = known.cast(pl.Float64, strict=False)
        if numbers.null_count() > (1 - _MOST) * len(known):
            return _kind_of_text(known, n_values)
        if is_told and self._counts_rows(column):
            return "row number"
        return _kind_of_numbers(plain(column), numbers.drop_nulls(), known, n_values)

    def _is_constant(self, column: str) -> bool:
        values = self._table.frame[column].drop_nulls()
        return bool((values == values[0]).all()) if len(self._places) < self._table.frame.height else True

    def _counts_rows(self, column: str) -> bool:
        """Whether it is 0, 1, 2, … or 1, 2, 3, … in the order of the rows."""
        numbers = self.values(column).cast(pl.Int64, strict=False)
        first = numbers[0]
        return first in (0, 1) and bool((numbers == self._places + first).all()) and not numbers.null_count()


def pairs_of_coordinates(evidence: Evidence, columns: Sequence[str]) -> set[str]:
    """Columns without names that are a latitude next to a longitude, of which one has three decimals or more."""
    found: set[str] = set()
    for one, other in pairwise(columns):
        if evidence.kind(one) != "fraction" or evidence.kind(other) != "fraction":
            continue
        sizes = sorted(_largest(evidence.values(name)) for name in (one, other))
        is_fine = any(_share(evidence.values(name).drop_nulls(), r"\.\d{3,}") > 0.5 for name in (one, other))
        if is_fine and 1 < sizes[0] <= 90 and sizes[1] <= 180:
            found |= {one, other}
    return found


def is_epoch(numbers: pl.Series) -> bool:
    """Whether all are seconds (or milli-, micro-, nanoseconds) since 1970 of 1979 to 2128."""
    return _lies_in(numbers, _EPOCH_S)


def _kind_of_text(known: pl.Series, n_values: int) -> Kind:
    if _share(known, _MOMENT) >= _MOST:
        return "moment"
    if _share(known, _PART) >= _MOST:
        return "part"
    if n_values <= 2 and set(known.unique().str.to_lowercase()) <= _LABEL_WORDS:
        return "label"
    if _share(known, _LIST) >= 0.8:
        return "list"
    if n_values <= FEW and n_values * 20 <= len(known):
        return "category"
    return "text" if _share(known, r"\pL\S*\s+\S") >= 0.3 else "id"


def _kind_of_numbers(name: str, numbers: pl.Series, known: pl.Series, n_values: int) -> Kind:
    is_told = len(numbers) >= ENOUGH
    if name in COORDINATE_NAMES:
        return "coordinate"
    if _are_moments(numbers, n_values):
        return "moment"
    if is_told and n_values <= 2 and set(numbers.unique()) in ({0.0, 1.0}, {-1.0, 1.0}):
        return "label"
    if name in PART_NAMES:
        return "part"
    if (numbers % 1 != 0).any():
        return "rating" if is_told and _are_ratings(numbers, n_values) else "fraction"
    if is_told and _are_offsets(numbers, n_values):
        return "part"
    if is_told and _are_ratings(numbers, n_values):
        return "rating"
    n_digits = known.str.len_chars()
    return "id" if n_digits.min() == n_digits.max() and int(n_digits[0]) >= 5 else "number"


def _are_moments(numbers: pl.Series, n_values: int) -> bool:
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
    high = _largest(numbers)
    return n_values <= 40 and 60 <= high <= 840 and float(numbers.min()) < 0 and bool((numbers % 15 == 0).all())  # type: ignore[arg-type]


def _lies_in(numbers: pl.Series, seconds: tuple[float, float]) -> bool:
    low, high = float(numbers.min()), float(numbers.max())  # type: ignore[arg-type]
    return any(seconds[0] * unit <= low <= high <= seconds[1] * unit for unit in _UNITS)


def _largest(values: pl.Series) -> float:
    return float(values.cast(pl.Float64, strict=False).abs().max() or 0.0)  # type: ignore[arg-type]


def _share(known: pl.Series, form: str) -> float:
    return float(known.str.contains(form).mean() or 0.0) if len(known) else 0.0  # type: ignore[arg-type]


def is_session(column: str) -> bool:
    """Whether a column of this name numbers visits, not people."""
    return re.search(r"session|basket|order|visit(?!or)|impression|display|invoice", plain(column)) is not None
