"""Records of `key: value` lines with a blank line between them, as SNAP's reviews of Amazon, BeerAdvocate and RateBeer.

product/productId: B00006HAXW
review/userId: A1RSDE90N6RSZF
review/score: 5.0
review/time: 1042502400
"""

import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from recmodels.data.reading.limits import Limits, check_columns
from recmodels.data.reading.table import Table
from recmodels.errors import DataError

_LINE = re.compile(r"[a-z_]+/[A-Za-z_]+:( |$)")
_FIELD = r"^[a-z_]+/([A-Za-z_]+): ?(.*)$"


def fits(lines: Sequence[str]) -> bool:
    """Whether the first lines are such records."""
    return len(lines) > 2 and all(_LINE.match(line) for line in lines[:3])


def read(path: Path, data: bytes) -> Table:
    """A row a record, under the names after the slash.

    Raises:
        DataError: A line is no `key: value`, with its place.
    """
    lines = pl.DataFrame({"line": data.decode().splitlines()}).with_row_index("number", 1)
    lines = lines.with_columns(record=(pl.col("line").str.strip_chars() == "").cum_sum())
    lines = lines.filter(pl.col("line").str.strip_chars() != "").with_columns(
        name=pl.col("line").str.extract(_FIELD, 1), value=pl.col("line").str.extract(_FIELD, 2).str.strip_chars()
    )
    lines = lines.with_columns(is_text=pl.col("name").is_null())
    n_more = int(lines["is_text"].sum())  # a text that goes over several lines
    kept = lines.filter(~pl.col("is_text"))
    names = kept["name"].unique(maintain_order=True).to_list()
    check_columns(path, len(names))
    Limits.current().check_cells(path, kept["record"].n_unique(), len(names))
    twice = kept.select("record", "name").is_duplicated()
    if twice.any():
        row = twice.arg_max() or 0
        raise DataError(
            f"a record of {path.name} must have each key once, {kept['name'][row]!r} in line "
            f"{kept['number'][row]:,} stands there twice"
        )
    frame = kept.pivot("name", index="record", values="value").sort("record").drop("record").select(names)
    notes = [f"{path.name} has records of `key: value` lines: {frame.height:,} of them"]
    notes += [f"{n_more:,} lines of {path.name} have no key and were left out"] if n_more else []
    return Table(path=path, kind="records", frame=frame, notes=tuple(notes))
