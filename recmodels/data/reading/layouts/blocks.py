"""Lines in blocks: an item's id and a colon, then its users, as the Netflix Prize has them.

1:
1488844,3,2005-09-06
822109,5,2005-05-13
"""

import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from recmodels.data.reading.table import Table
from recmodels.errors import DataError

_KEY = re.compile(r"[\w.\-]+:")
_LINE = re.compile(r"[\w.\-]*\d[\w.\-]*(,[\w.\-: /]*){0,2}")
_NAMES = {1: ("user_id",), 2: ("user_id", "date"), 3: ("user_id", "rating", "date")}


def fits(lines: Sequence[str]) -> bool:
    """Whether the first lines are such blocks."""
    if not lines or not _KEY.fullmatch(lines[0].strip()):
        return False
    rest = [line.strip() for line in lines[1:]]
    return any(map(_LINE.fullmatch, rest)) and all(_KEY.fullmatch(line) or _LINE.fullmatch(line) for line in rest)


def read(path: Path, data: bytes) -> Table:
    """user_id, item_id and, where the lines have them, rating and date.

    Raises:
        DataError: A line has another number of fields than the second one, with its place.
    """
    lines = pl.DataFrame({"line": data.decode().splitlines()}).with_columns(pl.col("line").str.strip_chars())
    lines = lines.with_row_index("number", 1).filter(pl.col("line") != "")
    key = pl.when(pl.col("line").str.ends_with(":")).then(pl.col("line").str.strip_suffix(":"))
    rows = lines.with_columns(item_id=key.forward_fill()).filter(~pl.col("line").str.ends_with(":"))
    if rows.is_empty():
        raise DataError(f"{path.name} has items and no user below them")
    counts = rows["line"].str.count_matches(",", literal=True) + 1
    n_fields = int(counts[0])
    if n_fields not in _NAMES or (counts != n_fields).any():
        at = (counts != n_fields).arg_max() or 0
        raise DataError(
            f"each line below an item of {path.name} must have {n_fields} fields like the first one, line "
            f"{rows['number'][at]:,} has {counts[at]}"
        )
    fields = rows["line"].str.split_exact(",", n_fields - 1).struct.unnest()
    fields.columns = list(_NAMES[n_fields])
    n_items = lines.height - rows.height
    note = f"{path.name} has the users of each item below its id and a colon (as the Netflix Prize): {n_items:,} items"
    return Table(path=path, kind="blocks", frame=fields.insert_column(1, rows["item_id"]), notes=(note,))
