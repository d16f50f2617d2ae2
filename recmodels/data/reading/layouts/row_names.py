"""Tables that R's `write.table` writes: rows begin with a row name, for which the first line has no column name."""

from dataclasses import replace
from pathlib import Path

from recmodels.data.reading.sniffing import fields, head_lines, is_number
from recmodels.data.reading.table import Table

_SEPARATORS = ("\t", ",", ";", " ")
_NAME = "row.names"


def with_a_name(path: Path, data: bytes) -> tuple[bytes, str | None]:
    """The text with a name for the row names, and what separates its fields; unchanged and None where it has none."""
    lines = head_lines(data)
    for separator in _SEPARATORS:
        if len(lines) > 2 and separator in lines[0] and _are_named(lines, separator):
            start = data.find(lines[0].encode())
            return data[:start] + f"{_NAME}{separator}".encode() + data[start:], separator
    return data, None


def without_row_names(table: Table) -> Table:
    """The table without the column that was given that name."""
    note = (
        f"the rows of {table.path.name} have one field more than its first line has names, as R writes row names; the "
        "first field of each row was not read"
    )
    return replace(table, frame=table.frame.drop(_NAME), notes=(*table.notes, note))


def _are_named(lines: list[str], separator: str) -> bool:
    first, *rows = fields(lines, separator)
    if len(first) < 2 or any(map(is_number, first)) or any(len(row) != len(first) + 1 for row in rows):
        return False
    if all(not row[-1].strip() for row in rows):
        return False  # lines that end with a separator, which the first one lacks
    names = [row[0] for row in rows]
    is_quoted = lines[0].lstrip().startswith('"') and all(line.lstrip().startswith('"') for line in lines)
    return names == [str(i) for i in range(1, len(names) + 1)] or (is_quoted and len({*names}) == len(names))
