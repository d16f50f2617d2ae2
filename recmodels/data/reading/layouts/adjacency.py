"""One line a user, a colon, and the user's items: `17: 5 9 2`, or with commas."""

import re
from collections.abc import Sequence
from pathlib import Path

from recmodels.data.reading.layouts.sequences import read_sequences
from recmodels.data.reading.table import Table

_LINE = re.compile(r"[\w.\-]+\s?:[\s,]*(?:[\w.\-]*\d[\w.\-]*(?:[\s,]+|$))*")
_COLON = re.compile(rb"^([^:\s]+)[ \t]*:", re.MULTILINE)


def fits(lines: Sequence[str]) -> bool:
    """Whether all lines are so, and most name several items."""
    if len(lines) < 2 or not all(":" in line and _LINE.fullmatch(line.strip()) for line in lines):
        return False
    users = [line.split(":", 1)[0].strip() for line in lines]
    n_long = sum(len(line.replace(",", " ").split()) > 2 for line in lines)
    return n_long >= len(lines) / 2 and len(set(users)) > 0.9 * len(users)


def read(path: Path, data: bytes) -> Table:
    """As lines `user item item …` are read."""
    return read_sequences(path, _COLON.sub(rb"\1 ", data).replace(b",", b" "))
