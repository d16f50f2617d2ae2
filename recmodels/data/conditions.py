"""Conditions on the rows of a dataset by one column each, as people write them: `status=delivered`, `price>=10`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from recmodels.errors import DataError, ParamError

HOW_TO_SAY = '`"status=delivered"`, `"event!=view"`, `"event=cart|purchase"` or `"price>=10"`'
_FORM = re.compile(r"(?P<column>[^=!<>≠≤≥]+)(?P<sign>!=|<>|≠|>=|≥|<=|≤|==?|>|<)(?P<value>.*)", re.DOTALL)
_SIGNS = {"==": "=", "<>": "!=", "≠": "!=", "≥": ">=", "≤": "<="}
_LISTED = 8  # values in a message


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a column must hold for a row to be kept. Several alternatives are separated by `|`; no value means blank."""

    column: str
    sign: str  # = != >= > <= <
    value: str

    def in_words(self) -> str:
        """As it was written, without blanks: `status=delivered`."""
        return f"{self.column}{self.sign}{self.value}"


def parse_condition(text: str) -> Condition:
    """The condition that somebody wrote.

    Raises:
        ParamError: It is none.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None or not found["column"].strip():
        raise ParamError(f"a condition is a column, a sign and a value: {HOW_TO_SAY}, got {text[:60]!r}")
    sign, value = _SIGNS.get(found["sign"], found["sign"]), found["value"].strip()
    if sign not in ("=", "!=") and _number(value) is None:
        raise ParamError(f"what comes after `{sign}` must be a number, got {text[:60]!r}; {HOW_TO_SAY}")
    return Condition(column=found["column"].strip(), sign=sign, value=value)


def parse_conditions(texts: Sequence[str]) -> tuple[Condition, ...]:
    """Raises ParamError: one is none."""
    return tuple(map(parse_condition, texts))


def holds(condition: Condition, values: pl.Series, place: str, *, is_strict: bool = True) -> pl.Series:
    """Whether each value is as the condition says; a blank one is never a number and is no named value. (n,) Boolean

    Args:
        values: Of the column, numbers or text.
        place: What the column belongs to, for messages.
        is_strict: A value that is not there is a slip; else it is none of these.

    Raises:
        DataError: No value is called so, or the values are no numbers.
    """
    if condition.sign not in ("=", "!="):
        return _compared(condition, values, place, is_strict=is_strict)
    text = values.cast(pl.String).str.strip_chars().fill_null("")
    wanted = _wanted(condition, text, place, is_number=values.dtype.is_numeric(), is_strict=is_strict)
    found = text.is_in(wanted)
    return found if condition.sign == "=" else ~found


def _wanted(condition: Condition, text: pl.Series, place: str, *, is_number: bool, is_strict: bool) -> list[str]:
    """The values that are meant, as they stand in the column."""
    known = text.unique()
    there = set(known.to_list())
    said = [condition.value] if condition.value in there else [one.strip() for one in condition.value.split("|")]
    wanted: list[str] = []
    for one in said:
        number = _number(one) if is_number and one not in there else None
        as_written = [] if number is None else [text for text in there if _number(text) == number]
        if is_strict and not as_written and one not in there:
            raise DataError(f"no row of {place} has `{condition.column}` {one[:60]!r}; it has {_listed(text)}")
        wanted += as_written or [one]
    return wanted


def _compared(condition: Condition, values: pl.Series, place: str, *, is_strict: bool) -> pl.Series:
    numbers = values.cast(pl.Float64, strict=False)
    if is_strict and numbers.null_count() == len(numbers) and len(numbers):
        raise DataError(
            f"`{condition.column}` of {place} holds no numbers to compare with {condition.value}; "
            f"it holds {_listed(values.cast(pl.String).fill_null(''))}"
        )
    bound = float(condition.value)
    signs = {">=": numbers >= bound, ">": numbers > bound, "<=": numbers <= bound, "<": numbers < bound}
    return signs[condition.sign].fill_null(value=False)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _listed(text: pl.Series) -> str:
    """The most frequent values with their rows."""
    counts = text.value_counts(sort=True, name="n").iter_rows()
    all_counts = list(counts)
    few = ", ".join(f"{' '.join(str(value).split())[:40] or 'blank'} ({n:,})" for value, n in all_counts[:_LISTED])
    return few + (f" and {len(all_counts) - _LISTED:,} more" if len(all_counts) > _LISTED else "")
