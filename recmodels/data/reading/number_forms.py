"""Numbers as spreadsheets, databases and people write them: the way of a whole column decides how each is read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from recmodels.data.checks import CHECK
from recmodels.data.column_names import WHOLE_COUNTS, plain
from recmodels.data.reading.missing import is_missing
from recmodels.data.reading.options import DECIMALS, THOUSANDS
from recmodels.data.reading.table import Table
from recmodels.data.reading.verdict_words import are_not_rated, numbers_of
from recmodels.data.reading.yes_words import NO, YES
from recmodels.errors import DataError

_CURRENCY = r"(?:US\$|R\$|[$€£¥₹₽₩₺฿₫₪]|USD|EUR|GBP|CHF|JPY|INR|kr|zł|Fr|Rs)\.?"
_WIDE = {chr(0xFEE0 + ord(char)): char for char in "0123456789.,%$+-()/"}  # full-width forms of East Asian keyboards
_MINUS = "[\u2212\u2013\u2014\u2010\u2011]"
_GAPS = "[ \u00a0\u202f\u2009'\u2019]"  # between thousands
_THOUSANDS, _DECIMALS = (r"[.,](\d{3})\b", "$1"), (",", ".")  # what is replaced by what where somebody said so
_FEW = 0.1  # the share of numbers below 1000 without a separator that shows what a separator means
_EXPONENT = r"([eE][+-]?\d+)?$"
_STAR = r"^[★⭐✭]*½?[☆✩]*$"
_TOPS = {5, 7, 10, 20, 100}  # of scales
_PART = r"^(\d+(?:\.\d+)?) ?(?:/|of|out of) ?(\d+)(?: stars?)?$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The numbers of a column; `unread` tells the rows with text that is neither a number nor a word for none."""

    values: pl.Series  # Float64
    unread: pl.Series  # Boolean
    notes: tuple[str, ...] = ()


def read_numbers(table: Table, column: str) -> Numbers:
    """Numbers out of a column of text, each distinct one read once.

    Raises:
        DataError: `1,234` may be 1234 or 1.234 and nothing decides it, or several currencies or per cents and plain
            numbers stand in one column.
    """
    written = table.frame[column].cast(pl.Categorical)
    distinct = written.unique().drop_nulls()
    found = _Reading(table, column, distinct.cast(pl.String))
    number = found.read()
    unread = number.is_null() & ~found.missing
    rows = pl.DataFrame({"as": written}).join(
        pl.DataFrame({"as": distinct, "number": number, "unread": unread}), on="as", how="left", maintain_order="left"
    )
    values = rows["number"].fill_null(0.0) if found.is_ticked else rows["number"]
    return Numbers(values=values, unread=rows["unread"].fill_null(value=False), notes=tuple(found.notes))


def with_points(text: pl.Series) -> pl.Series:
    """`0,5` as `0.5`, where all known values are numbers with a comma or whole."""
    comma = text.str.contains(r"^[-+]?\d*,\d+$")
    if not comma.any() or not text.drop_nulls().str.contains(r"^[-+]?\d*(,\d+)?$").all():
        return text
    return text.str.replace(",", ".", literal=True)


def are_grouped(values: pl.Series) -> bool:
    """Whether `.` parts thousands though all values read as numbers: `1.234` beside `56`, and never `1.5`."""
    return _dots_group(values.head(1000).drop_nulls().unique()) and _dots_group(values.drop_nulls().unique())


def _dots_group(distinct: pl.Series) -> bool:
    dotted = distinct.str.contains(".", literal=True)
    if not dotted.any() or not distinct.filter(dotted).str.contains(r"^-?[1-9]\d{0,2}(\.\d{3})+$").all():
        return False
    plain = distinct.filter(~dotted)
    return len(plain) >= _FEW * len(distinct) and bool(plain.str.contains(r"^-?\d{1,3}$").all())


def may_be_thousands(column: str, values: pl.Series) -> bool:
    """Whether each value of a column of counts has three digits after a dot: 5.018 plays are 5018, or no count."""
    if plain(column) not in WHOLE_COUNTS:
        return False
    distinct = values.drop_nulls().unique().str.strip_chars()
    known = distinct.filter(~is_missing(distinct))
    return len(known) > 0 and bool(known.str.contains(r"^-?[1-9]\d{0,2}\.\d{3}$").all())


def as_said(table: Table, thousands: Sequence[str], decimals: Sequence[str]) -> Table:
    """The table with numbers in the columns whose `.` and `,` part thousands or stand before decimals, as was said."""
    changed, notes = [], []
    for names, way in ((thousands, _THOUSANDS), (decimals, _DECIMALS)):
        for name in names:
            if table.frame[name].dtype == pl.String:
                text = table.frame[name].str.strip_chars().str.replace_all(*way)
                numbers = text.set(is_missing(text), None).cast(pl.Float64, strict=False)
                is_read = numbers.null_count() == text.set(is_missing(text), None).null_count()
                changed.append((numbers if is_read else text).alias(name))
                does = "part thousands" if way is _THOUSANDS else "stand before decimals"
                notes.append(f"`{name[:60]}`: `.` and `,` {does}, as you said")
    return replace(table, frame=table.frame.with_columns(changed), notes=(*table.notes, *notes)) if changed else table


class _Reading:
    """One column's distinct texts on their way to numbers."""

    def __init__(self, table: Table, column: str, written: pl.Series) -> None:
        self.table, self.column, self.written = table, column, written
        text = written.str.strip_chars()
        if text.str.contains(r"[\uff01-\uff5e]").any():
            text = text.str.replace_many(list(_WIDE), list(_WIDE.values()))
        self.text = text
        self.missing = is_missing(text)
        self.is_ticked = False  # an `x` says yes, and an empty cell no
        self.notes: list[str] = []

    def read(self) -> pl.Series:
        """Float64, null where a text is no number."""
        for form in (self._words, self._verdicts, self._stars, self._fractions):
            if (number := form()) is not None:
                return number
        return self._numerals()

    def _words(self) -> pl.Series | None:
        said = self.text.str.to_lowercase()
        known = said.filter(~self.missing)
        if not len(known) or not known.is_in((*YES, *NO)).all() or known.is_in(("0", "1")).all():
            return None
        number = pl.select(pl.when(said.is_in(YES)).then(1.0).when(said.is_in(NO)).then(0.0)).to_series()
        self.is_ticked = set(known) == {"x"}
        words = "`, `".join(sorted(self.text.filter(~self.missing).to_list())[:6])
        self._say(f"words say yes (1) or no (0): `{words}`{', and an empty field no' if self.is_ticked else ''}")
        return number

    def _verdicts(self) -> pl.Series | None:
        missing = self.missing | are_not_rated(self.text)
        known = self.text.filter(~missing)
        if not len(known) or numbers_of(known).null_count():
            return None
        self.missing = missing
        words = "`, `".join(sorted(known.to_list())[:12])
        self._say(f"words were read as 1 for a like, -1 for a dislike and 0 for neither: `{words}`")
        return numbers_of(self.text)

    def _stars(self) -> pl.Series | None:
        if not self._all(_STAR):
            return None
        self._say("the stars were counted")
        half = self.text.str.contains("½").cast(pl.Float64) / 2
        return pl.select(pl.when(~self.missing).then(self.text.str.count_matches("[★⭐✭]") + half)).to_series()

    def _fractions(self) -> pl.Series | None:
        if not self._all(_PART):
            self._refuse_some_fractions()
            return None
        above, below = (self.text.str.extract(_PART, i).cast(pl.Float64, strict=False) for i in (1, 2))
        tops = sorted(below.drop_nulls().unique())
        if len(tops) == 1:
            self._say(f"each is so much of {tops[0]:g}; what stands before it was read")
            return above
        if {*tops} <= _TOPS:
            first = (below == tops[0]).arg_true()[0]
            read: pl.Series = above / below * tops[-1]
            self.notes.append(
                f"{CHECK}`{self.column}` holds ratings of {' and '.join(f'{top:g}' for top in tops)}; each was brought "
                f"to the scale to {tops[-1]:g}, so `{self.text[first]}` was read as {read[first]:g}"
            )
            return read
        self._say("fractions such as 4/5 were read as 0.8")
        return pl.select(pl.when(below != 0).then(above / below)).to_series()

    def _refuse_some_fractions(self) -> None:
        """Raise a DataError where some numbers say of how many they are, and others do not."""
        number = self.text.str.contains(r"^\d+(?:[.,]\d+)?$")
        part = self.text.str.contains(_PART)
        if part.any() and number.any() and (part | number | self.missing).all():
            rule = f"must say of how many in all rows, as {self.text.filter(part)[0]!r} does, or in none; it is"
            self._refuse(number, rule)

    def _all(self, pattern: str) -> bool:
        known = self.text.filter(~self.missing)
        return len(known) > 0 and bool(known.str.contains(pattern).all())

    def _numerals(self) -> pl.Series:
        text = self.text.str.replace_all(_MINUS, "-")
        if text.str.contains(r"^\(.*\d.*\)$").any():
            self._say("numbers in parentheses are negative, as in accounts")
            text = text.str.replace(r"^\((.*\d.*)\)$", "-$1")
        text = self._without_percent(self._without_currency(text))
        text = text.str.replace(r"^(\d.*)-$", "-$1").str.replace(r"^\+", "")
        grouped = text.str.contains(rf"^-?\d{{1,3}}({_GAPS}\d{{3}})+([.,]\d+)?$")
        if grouped.any():
            self._say("blanks or apostrophes part thousands")
            text = pl.select(pl.when(grouped).then(text.str.replace_all(_GAPS, "")).otherwise(text)).to_series()
        return self._with_point(text).cast(pl.Float64, strict=False)

    def _without_currency(self, text: pl.Series) -> pl.Series:
        before, after = rf"(?i)^([-+]?)\s*({_CURRENCY})\s*([-+]?[\d.,])", rf"(?i)(\d)\s*({_CURRENCY})$"
        sign = text.str.extract(before, 2).fill_null(text.str.extract(after, 2))
        if not sign.is_not_null().any():
            return text
        if sign.drop_nulls().n_unique() > 1:
            first, other = sign.drop_nulls().unique(maintain_order=True)[:2]
            self._refuse(sign == other, f"must hold amounts of one currency, it has {first} and {other}: it says")
        self._say(f"`{sign.drop_nulls()[0]}` was left out")
        return text.str.replace(before, "$1$3").str.replace(after, "$1")

    def _without_percent(self, text: pl.Series) -> pl.Series:
        per_cent = text.str.ends_with("%")
        if not per_cent.any():
            return text
        self._refuse(~per_cent & ~self.missing & (text != "0"), "must hold per cents in all rows or in none, it is")
        self._say("per cents were read as 20 for `20%`")
        return text.str.replace(r"\s*%$", "")

    def _with_point(self, text: pl.Series) -> pl.Series:
        """With `.` before the decimals and nothing between thousands."""
        is_comma = text.str.contains(r"^-?[\d.]*,[\d,.]*" + _EXPONENT)
        if not is_comma.any():
            if may_be_thousands(self.column, text):
                rule = "counts, which are whole, so `.` may part thousands or stand before decimals"
                self._refuse(~self.missing, f"must hold {rule}; {self._how_to_say()}; it is")
            dotted = text.str.contains(r"^-?\d{1,3}(\.\d{3}){2,}$").any() or _dots_group(text.filter(~self.missing))
            return self._ungrouped(text, ".", r"^-?\d{1,3}(\.\d{3})+$") if dotted else text
        decimal, thousands = self._comma_means(text, is_comma)
        if decimal.any() and thousands.any():
            self._refuse(
                thousands if decimal.sum() > thousands.sum() else decimal, "must write numbers in one way, it is"
            )
        if decimal.any():
            text = self._ungrouped(text, ".", r"^-?\d{1,3}(\.\d{3})+(,\d+)?$", say=False)
            read = text.str.replace(",", ".", literal=True)
            self._say(
                f"`,` stands before decimals, so `{text.filter(decimal)[0]}` was read as {read.filter(decimal)[0]}"
            )
            return read
        return self._ungrouped(text, ",", r"^-?\d{1,3}(,\d{3})+(\.\d+)?$")

    def _comma_means(self, text: pl.Series, is_comma: pl.Series) -> tuple[pl.Series, pl.Series]:
        """The values that show a comma before decimals, and those that show it between thousands."""
        decimal = (
            is_comma & text.str.contains(r"^-?[\d.]*,\d*" + _EXPONENT) & ~text.str.contains(r"^-?[1-9]\d{0,2},\d{3}$")
        )
        thousands = is_comma & text.str.contains(r"^-?\d{1,3}(,\d{3}){2,}(\.\d+)?$|,\d{3}\.\d+$")
        if not decimal.any():
            thousands |= text.str.contains(r"^-?\d*\.(\d{1,2}|\d{4,})$")
        if decimal.any() or thousands.any():
            return decimal, thousands
        plain = text.filter(~is_comma & ~self.missing)
        if plain.str.contains(r"^-?\d{4,}$").any():
            return is_comma, thousands
        if len(plain) and len(plain) < _FEW * len(text):
            self._refuse(
                is_comma,
                f"must show whether `,` stands before decimals or between thousands; {self._how_to_say()}; it is",
            )
        return decimal, is_comma

    def _ungrouped(self, text: pl.Series, separator: str, pattern: str, *, say: bool = True) -> pl.Series:
        grouped = text.str.contains(pattern)
        if say and grouped.any():
            first = text.filter(grouped)[0]
            self._say(f"`{separator}` parts thousands, so `{first}` was read as {first.replace(separator, '')}")
        plain = text.str.replace_all(separator, "", literal=True)
        return pl.select(pl.when(grouped).then(plain).otherwise(text)).to_series()

    def _how_to_say(self) -> str:
        name = self.column[:60]
        return f"say `{THOUSANDS}={name}` or `{DECIMALS}={name}` (`--column` on the terminal)"

    def _say(self, words: str) -> None:
        self.notes.append(f"`{self.column}`: {words}")

    def _refuse(self, is_wrong: pl.Series, rule: str) -> None:
        """Raise a DataError with the first row of a wrong text, if there is one."""
        if is_wrong.any():
            rows = self.table.frame[self.column].is_in(self.written.filter(is_wrong).implode()).arg_true()
            value = str(self.table.frame[self.column][rows[0]])[:60]
            raise DataError(f"column {self.column[:60]!r} {rule} {value!r} in {self.table.place(rows[0])}")
