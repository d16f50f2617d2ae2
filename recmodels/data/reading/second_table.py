"""A second table below the first, after a blank line, as exports of web analytics have it: no rows of the first."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from recmodels.data.reading.sniffing import fields, is_number
from recmodels.data.reading.table import shown
from recmodels.errors import DataError

_LOOKED_AT = 20  # lines below a blank one
_MAX_BLANKS = 10_000
_BYTES = 1 << 16


def start_of_second(path: Path, data: bytes, separator: str, above: Sequence[str], first_line: int) -> int | None:
    """Where in the text the second table begins; None where there is none.

    A line after a blank one begins it where neither it nor the next lines have as many fields as those above, or where
    it has names over numbers.

    Args:
        above: The first lines of the table, down to the first blank one.
        first_line: The number of the first of them in the file.

    Raises:
        DataError: The second table has more lines than the first, so that either may be meant.
    """
    rows = fields(above, separator)
    widths = {len(_filled(row)) for row in rows} | {len(rows[0])}
    for start in _starts(data, separator, len(rows[0])):
        below = _lines(data[start : start + _BYTES])
        if not below or not _is_another(fields(below, separator), rows, widths):
            continue
        if data.count(b"\n", start) > data.count(b"\n", 0, start):
            line = first_line + data.count(b"\n", 0, start)
            raise DataError(
                f"{path.name} holds two tables, and the second one, from line {line:,} on, {shown(below[0])!r}, is the "
                "longer: put the one of interactions into a file of its own"
            )
        return start
    return None


def _starts(data: bytes, separator: str, width: int) -> Iterator[int]:
    """Where a line stands below a blank one, texts in quotes aside."""
    blanks = (b"\n\n", b"\n" + separator.encode() * (width - 1) + b"\n")
    for blank in blanks:
        at, counted, n_quotes = 0, 0, 0
        for _ in range(_MAX_BLANKS):
            at = data.find(blank, at)
            if at < 0:
                break
            n_quotes += data.count(b'"', counted, at)
            counted = at
            at += len(blank) - 1
            if n_quotes % 2 == 0:
                yield at + 1


def _lines(text: bytes) -> list[str]:
    lines = text.decode(errors="replace").lstrip("\n").split("\n")
    block = lines[: lines.index("")] if "" in lines else lines
    return block[:_LOOKED_AT]


def _is_another(below: Sequence[list[str]], above: Sequence[list[str]], widths: set[int]) -> bool:
    if all(len(_filled(row)) not in widths for row in below):
        return True
    names, *rows = below
    if names == above[0] or not rows or len(set(names)) < len(names) or not all(names) or any(map(is_number, names)):
        return False
    if len(names) != len(above[0]) or any(len(row) != len(names) for row in rows):
        return False
    numeric = [i for i in range(len(names)) if all(is_number(row[i]) for row in rows)]
    return any(not _has_words(above, i) or _share_of_numbers(above, i) == 0 for i in numeric)


def _has_words(rows: Sequence[list[str]], column: int) -> bool:
    """Whether some value below the first line is no number."""
    return any(len(row) > column and row[column].strip() and not is_number(row[column]) for row in rows[1:])


def _share_of_numbers(rows: Sequence[list[str]], column: int) -> float:
    values = [row[column] for row in rows[1:] if len(row) > column]
    return sum(map(is_number, values)) / max(len(values), 1)


def _filled(row: Sequence[str]) -> list[str]:
    """Without empty fields at the end."""
    n = max((i for i, cell in enumerate(row, 1) if cell.strip()), default=0)
    return list(row[:n])
