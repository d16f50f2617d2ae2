"""One line a user that begins with how many items follow, as CiteULike's users.dat: the user is the line's number."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from recmodels.data.reading.layouts.sequences import read_sequences
from recmodels.data.reading.table import Table

_MIN_LINES = 3
_COUNT = re.compile(rb"^[ \t]*\d+(?=\s)", re.MULTILINE)


def fits(lines: Sequence[str]) -> bool:
    """Whether each line has as many numbers as its first one says, and they differ."""
    rows = [line.split() for line in lines]
    if len(rows) < _MIN_LINES or not all(token.isdecimal() for row in rows for token in row):
        return False
    counts = [int(row[0]) if len(row[0]) < 10 else -1 for row in rows]
    return len({*counts}) > 1 and all(count == len(row) - 1 for count, row in zip(counts, rows, strict=True))


def read(path: Path, data: bytes) -> Table:
    """As lines `user item item …` are read, the lines numbered from 1."""
    lines = [line for line in data.splitlines() if line.strip()]
    numbered = b"\n".join(_COUNT.sub(b"%d" % number, line) for number, line in enumerate(lines, 1))
    note = f"each line of {path.name} begins with how many items follow; its users are the lines, numbered from 1"
    table = read_sequences(path, numbered)
    return replace(table, notes=(note, *table.notes))
