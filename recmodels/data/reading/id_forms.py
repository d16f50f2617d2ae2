"""Ids as spreadsheets and databases write them: `26.0`, `1,234`, `="007"`, `1.2E+17`, NULL."""

import polars as pl

from recmodels.data.reading.missing import MAX_UNREADABLE, are_names
from recmodels.data.reading.table import Table
from recmodels.errors import DataError

EXACT = 2**53  # whole numbers up to this one are exact in a float64
_GROUPED = r"^\d{1,3}([,.'\u2019\u00a0\u202f]\d{3})+$"
_SCIENTIFIC = r"^(\d)(?:[.,](\d+))?[eE]\+?(\d+)$"
_SURE_SCIENTIFIC = r"^\d([.,]\d+[eE]\+?\d+|[eE]\+\d\d+)$"  # `1E5` may be a code
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MADE_BY_EXCEL = rf"^((?i)\d{{1,2}}-({_MONTHS})|({_MONTHS})-\d\d)$|^(TRUE|FALSE)$"


def read_ids(table: Table, column: str, text: pl.Series) -> tuple[pl.Series, tuple[str, ...]]:
    """Ids as a Categorical, null where missing, and what was changed or is doubtful, a note each.

    Raises:
        DataError: More than MAX_UNREADABLE of the rows have lost digits to scientific notation.
    """
    written = text.cast(pl.Categorical)
    distinct = written.unique().drop_nulls()
    reading = _Reading(table, column, written, distinct)
    ids = reading.read()
    if ids.equals(reading.names):
        return written, tuple(reading.notes)
    pairs = pl.DataFrame({"as": distinct, "id": ids.cast(pl.Categorical)})
    rows = pl.DataFrame({"as": written}).join(pairs, on="as", how="left", maintain_order="left")
    return rows["id"], tuple(reading.notes)


class _Reading:
    """One column's distinct texts on their way to ids."""

    def __init__(self, table: Table, column: str, written: pl.Series, distinct: pl.Series) -> None:
        self.table, self.column, self.written, self.distinct = table, column, written, distinct
        self.names = distinct.cast(pl.String)
        self.notes: list[str] = []

    def read(self) -> pl.Series:
        ids = self.names.str.strip_chars()
        for form in (self._quoted_for_excel, self._missing, self._scientific, self._whole_floats, self._thousands):
            ids = form(ids)
        self._doubt(ids)
        return ids

    def _quoted_for_excel(self, ids: pl.Series) -> pl.Series:
        pattern = r"""^(?:=\s*"(.*)"|'([+-]?\d[\d.,]*))$"""
        quoted = ids.str.contains(pattern)
        if not quoted.any():
            return ids
        self._say(
            quoted, "is Excel's way to write {} as text, so it was read as that", ids.str.replace(pattern, "$1$2")
        )
        return ids.str.replace(pattern, "$1$2").str.strip_chars()

    def _missing(self, ids: pl.Series) -> pl.Series:
        none, kept = are_names(ids, pl.Series([0] * len(ids)))
        if not (none & (ids != "")).any() and not kept.any():
            return ids if not none.any() else ids.replace("", None)
        none, kept = are_names(ids, self._counts())
        self._say(none & (ids != ""), "says that there is no value")
        self._say(kept, "was kept as an id of its own, since most others are words too")
        return pl.select(pl.when(~none).then(ids)).to_series()

    def _scientific(self, ids: pl.Series) -> pl.Series:
        sure = ids.str.contains(_SURE_SCIENTIFIC).fill_null(value=False)
        if not sure.any():
            return ids
        n_decimals = ids.str.extract(_SCIENTIFIC, 2).fill_null("").str.len_chars()
        exponent = ids.str.extract(_SCIENTIFIC, 3).cast(pl.Int64, strict=False)
        exact = sure & ((exponent <= 10) | (n_decimals >= exponent)) & (exponent <= 15)
        lost = sure & ~exact
        share, first = self._share(lost)
        advice = "so different ids look alike; write the ids as text, or as numbers with no decimals, when exporting"
        if share > MAX_UNREADABLE:
            raise DataError(
                f"column {self.column[:60]!r} must hold whole ids, {share:.0%} of its rows have lost digits to "
                f"scientific notation, the first is {first}, {advice}"
            )
        self._say(lost, f"is an id that lost digits to scientific notation, {advice}")
        whole = (
            ids.str.replace(",", ".", literal=True)
            .cast(pl.Float64, strict=False)
            .cast(pl.Int64, strict=False)
            .cast(pl.String)
        )
        self._say(exact, "was read as {}", whole)
        return pl.select(pl.when(exact).then(whole).otherwise(ids)).to_series()

    def _whole_floats(self, ids: pl.Series) -> pl.Series:
        """`26.0` as `26`, pandas' way to write ids, where all are whole numbers."""
        known = ids.drop_nulls()
        pointed = ids.str.contains(r"^-?\d+\.0+$").fill_null(value=False)
        if not pointed.any() or not known.str.contains(r"^-?\d+(\.0+)?$").all():
            return ids
        plain = ids.str.replace(r"\.0+$", "")
        long = pointed & (plain.str.len_chars() > 16)
        self._say(long, "went through a number with 16 digits, so its last digits may be another id's")
        if not pointed.filter(ids.is_not_null()).all():
            self._say(pointed, "is the same id as {}", plain)
        return plain

    def _thousands(self, ids: pl.Series) -> pl.Series:
        """`1,234` as `1234`, where all numbers of more than three digits are written so, or both ways."""
        grouped = ids.str.contains(_GROUPED).fill_null(value=False)
        if not grouped.any() or not ids.drop_nulls().str.contains(rf"{_GROUPED}|^\d+$").all():
            return ids
        plain = ids.str.replace_all(r"\D", "")
        if ids.str.contains(".", literal=True).any() and ids.filter(~grouped).str.contains(r"^\d{4,}$").any():
            return ids  # `1.234` beside `1234`: versions perhaps
        self._say(grouped, "has a separator between thousands and was read as {}", plain)
        return plain

    def _doubt(self, ids: pl.Series) -> None:
        made = ids.str.contains(_MADE_BY_EXCEL).fill_null(value=False)
        if made.sum() < len(ids) / 2:
            self._say(made, "may be an id that a spreadsheet turned into a date or a truth value")

    def _counts(self) -> pl.Series:
        """The rows of each distinct text."""
        counts = self.written.value_counts()
        pairs = pl.DataFrame({"as": self.distinct}).join(
            counts.rename({counts.columns[0]: "as"}), on="as", how="left", maintain_order="left"
        )
        return pairs["count"]

    def _rows(self, chosen: pl.Series) -> pl.Series:
        return self.written.is_in(self.distinct.filter(chosen).implode()).fill_null(value=False).arg_true()

    def _share(self, chosen: pl.Series) -> tuple[float, str]:
        rows = self._rows(chosen)
        if not len(rows):
            return 0.0, ""
        value = str(self.table.frame[self.column][rows[0]]).strip()[:60]
        return len(rows) / len(self.written), f"`{value}` in {self.table.place(rows[0])}"

    def _say(self, chosen: pl.Series, words: str, read_as: pl.Series | None = None) -> None:
        """A note with the rows of the chosen texts and the first of them; `{}` is what that one was read as."""
        rows = self._rows(chosen)
        if not len(rows):
            return
        _, first = self._share(chosen)
        if read_as is not None:
            shown = read_as.filter(chosen & (self.distinct == self.written[rows[0]]))
            words = words.replace("{}", f"`{shown[0]}`")
        texts = self.names.filter(chosen).str.strip_chars().sort()
        others = f" ({', '.join(f'`{text[:30]}`' for text in texts[:6])})" if 1 < len(texts) <= 6 else ""
        of = f"{len(rows):,} of {len(self.written):,} rows"
        self.notes.append(f"`{self.column}`: {first} {words}; so in {of}{others}")
