"""What the first lines of a text file say about its format."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from recmodels.data.column_names import ROLE_NAMES, plain

TextKind = Literal["csv", "tsv", "atomic", "movielens", "sequences", "prose"]

HEAD_BYTES, HEAD_LINES = 1 << 20, 200
_ATOMIC_NAME = re.compile(r"[^:\s]+:(token|token_seq|float|float_seq)")
_NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|\.\d+)([eE][+-]?\d+)?%?", re.ASCII)
_ID = re.compile(r"[\w.\-]*\d[\w.\-]*")
_BARE_COMMA = re.compile(r",(?! )")
_SEPARATORS = "\t,;|"
MIN_ITEMS = 5  # of a matrix of ratings
_MAX_TABLE_OF_SPACES = 4  # user item rating timestamp; a longer line of ids is a sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class TextShape:
    """How to read a text file."""

    kind: TextKind
    separator: str = ","
    has_header: bool = False
    n_columns: int = 1
    names: tuple[str, ...] = ()  # as they stand in the header
    is_aligned: bool = False  # fields are apart by runs of blanks
    n_above: int = 0  # lines above the table that were left out


def shape_of(data: bytes, separator: str | None = None) -> TextShape:
    """The format of UTF-8 text that is not JSON; `separator` where the file names it."""
    lines = head_lines(data)
    if not lines:
        return TextShape(kind="prose")
    if "::" in lines[0]:
        return TextShape(kind="movielens", separator="::", n_columns=lines[0].count("::") + 1)
    separator = separator or _separator(lines)
    if separator is None:
        return _spaced(lines)
    rows = fields(lines, separator)
    if all(_ATOMIC_NAME.fullmatch(name) for name in rows[0]):
        return TextShape(
            kind="atomic", separator=separator, has_header=True, n_columns=len(rows[0]), names=tuple(rows[0])
        )
    kind: TextKind = "tsv" if separator == "\t" else "csv"
    return _table(kind, separator, rows)


def head_lines(data: bytes) -> list[str]:
    """The first lines that are not blank, each of them whole where there is more than one."""
    lines = [line for line in data[:HEAD_BYTES].decode(errors="ignore").splitlines() if line.strip()]
    return (lines[:-1] if len(data) > HEAD_BYTES and len(lines) > 1 else lines)[:HEAD_LINES]


def _table(kind: TextKind, separator: str, rows: Sequence[Sequence[str]]) -> TextShape:
    named = has_header(rows)
    names = tuple(rows[0]) if named else ()
    return TextShape(kind=kind, separator=separator, has_header=named, n_columns=len(rows[0]), names=names)


def fields(lines: Sequence[str], separator: str) -> list[list[str]]:
    """The fields of each line, quotes honoured where they enclose a field."""
    try:
        return list(csv.reader(lines, delimiter=separator))
    except csv.Error:  # a field beyond the module's limit
        return [line.split(separator) for line in lines]


def is_number(text: str) -> bool:
    """Whether a field is a number, with a point or a comma, or a per cent."""
    return _NUMBER.fullmatch(text.strip()) is not None


def _separator(lines: Sequence[str]) -> str | None:
    """The separator that most lines agree on; None when no line of them has one."""
    best, best_score, best_width = None, 0.0, 0
    for separator in _SEPARATORS:
        if separator not in lines[0]:
            continue
        counts = Counter(len(row) for row in fields(lines, separator))
        n_columns, agreeing = counts.most_common(1)[0]
        score = agreeing / len(lines)
        is_tie = best == "," and score == best_score
        is_decimal_comma = separator == ";" and n_columns >= best_width
        is_in_texts = n_columns > best_width and not any(_BARE_COMMA.search(line) for line in lines)
        if n_columns > 1 and (score > best_score or (is_tie and (is_decimal_comma or is_in_texts))):
            best, best_score, best_width = separator, score, n_columns
    if best is None and lines[0].strip() and all(_ATOMIC_NAME.fullmatch(name) for name in lines[0].split()):
        return " "
    return best


def _spaced(lines: Sequence[str]) -> TextShape:
    if lines[0].startswith('"'):
        quoted = fields(lines, " ")
        if len(quoted[0]) > 1 and len({len(row) for row in quoted}) == 1:
            return _table("csv", " ", quoted)
    rows = [line.split() for line in lines]
    widths = {len(row) for row in rows}
    tokens = [token for row in rows for token in row]
    n_ids = sum(_ID.fullmatch(token) is not None for token in tokens)
    if max(widths) == 1:
        return TextShape(kind="csv", has_header=not is_number(lines[0]))
    is_aligned = any("  " in line.strip() or line != line.strip() for line in lines)
    if len(widths) == 1 and (len(rows[0]) <= _MAX_TABLE_OF_SPACES or is_aligned):
        return replace(_table("csv", " ", rows), is_aligned=is_aligned)
    users = [row[0] for row in rows]
    if n_ids >= 0.95 * len(tokens) and len(set(users)) > 0.9 * len(users):
        return TextShape(kind="sequences", separator=" ")
    return TextShape(kind="prose")


def _names_a_matrix(first: Sequence[str]) -> bool:
    """Whether a first row names a matrix of ratings: a word for the users, then the items' ids, which are numbers."""
    user, *items = (name.strip() for name in first)
    is_user = not user or any(plain(user) in tier for tier in ROLE_NAMES["user"])
    return is_user and len(items) >= MIN_ITEMS and len({*items}) == len(items) and all(map(is_number, items))


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """A first row of names: no number in it, though there are numbers below, or its fields are never seen again."""
    first, rest = rows[0], rows[1:]
    if _names_a_matrix(first):
        return True
    if any(is_number(name) for name in first):
        return False
    if any(is_number(value) for row in rest for value in row):
        return True
    below = {value for row in rest for value in row}
    return not below.intersection(first)
