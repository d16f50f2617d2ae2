"""What the columns of a table hold, told from a sample of the rows, whatever they are called or where they stand."""

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import Literal

import polars as pl

from recmodels.data.reading.kinds import ENOUGH, MOST, Kind, kind_of_numbers, kind_of_text, largest, share
from recmodels.data.reading.missing import is_missing
from recmodels.data.reading.number_forms import with_points
from recmodels.data.reading.table import Table

MAX_ROWS = 10_000
MAX_COLUMNS = 40  # that are looked at where no name says what they are; the first ones, where ids stand
_TOLD: dict[Kind, str] = {
    "empty": "empty",
    "constant": "one value",
    "moment": "moments",
    "part": "parts of moments",
    "row number": "row numbers",
    "label": "yes or no",
    "coordinate": "coordinates",
    "fraction": "fractions",
    "rating": "a scale",
    "list": "lists",
}
_DIRT = 0.05  # of the keys, for a name that is sometimes written otherwise
_BLOCK = 500  # rows in a row, so that the sample shows which rows lie together
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

    def told(self, column: str) -> str:
        """The column for a sentence, with what it holds where that is no id: `column_3 (moments)`."""
        what = _TOLD.get(self.kind(column)) if self.n_rows >= ENOUGH else None
        return f"{column[:40]} ({what})" if what else column[:40]

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
        n_told, n_keys, n_others = self._repeats(key, column)
        return n_told >= ENOUGH and n_others <= _DIRT * n_keys

    def varies(self, key: str, column: str) -> bool:
        """Whether rows with the same key have different values, as a user's ratings; False where too few say so."""
        n_told, n_keys, n_others = self._repeats(key, column)
        return n_told >= ENOUGH and n_others > _DIRT * n_keys

    def _repeats(self, key: str, column: str) -> tuple[int, int, int]:
        """Rows beyond the first of their key, keys with several rows, and values beyond the first of their key."""
        rows = pl.DataFrame({"key": self.values(key), "value": self.values(column)}).drop_nulls()
        sizes = rows["key"].value_counts()["count"]
        return rows.height - len(sizes), int((sizes > 1).sum()), rows.n_unique() - len(sizes)

    def repeated(self, columns: Sequence[str]) -> float:
        """The share of rows whose values in these columns another row has too; rows with a gap are not counted."""
        rows = pl.DataFrame({name: self.values(name) for name in columns}).drop_nulls()
        return float(rows.is_duplicated().mean() or 0.0) if rows.height else 0.0  # type: ignore[arg-type]

    def counts_rows(self, column: str) -> bool:
        """Whether it is 0, 1, 2, … or 1, 2, 3, … in the order of the rows."""
        numbers = self.values(column).cast(pl.Int64, strict=False)
        first = numbers[0] if len(numbers) else None
        return first in (0, 1) and bool((numbers == self._places + first).all()) and not numbers.null_count()

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
        if any(share(known, form) >= MOST for form in _USER_IDS):
            return "user"
        return "item" if any(share(known, form) >= MOST for form in _ITEM_IDS) else None

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
        if numbers.null_count() > (1 - MOST) * len(known):
            return kind_of_text(known, n_values)
        if is_told and self.counts_rows(column):
            return "row number"
        return kind_of_numbers(column, numbers.drop_nulls(), known, n_values)

    def _is_constant(self, column: str) -> bool:
        values = self._table.frame[column].drop_nulls()
        return bool((values == values[0]).all()) if len(self._places) < self._table.frame.height else True


def pairs_of_coordinates(evidence: Evidence, columns: Sequence[str]) -> set[str]:
    """Columns without names that are a latitude next to a longitude, of which one has three decimals or more."""
    found: set[str] = set()
    for one, other in pairwise(columns):
        if evidence.kind(one) != "fraction" or evidence.kind(other) != "fraction":
            continue
        sizes = sorted(largest(evidence.values(name)) for name in (one, other))
        is_fine = any(share(evidence.values(name).drop_nulls(), r"\.\d{3,}") > 0.5 for name in (one, other))
        if is_fine and 1 < sizes[0] <= 90 and sizes[1] <= 180:
            found |= {one, other}
    return found
