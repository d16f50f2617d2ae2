"""`user item item …`, a line a user, as SASRec's successors, LightGCN and UltraGCN have them."""

from pathlib import Path

import polars as pl

from recmodels.data.reading.table import Table


def read_sequences(path: Path, data: bytes) -> Table:
    """A row an item; the position in the line is kept as the order."""
    lines = pl.Series("line", data.decode().splitlines()).str.strip_chars()
    parts = pl.DataFrame({"line": lines.filter(lines != "")}).select(
        user=pl.col("line").str.extract(r"^(\S+)"), item=pl.col("line").str.extract_all(r"\S+").list.slice(1)
    )
    n_empty = parts.filter(pl.col("item").list.len() == 0).height
    rows = parts.with_columns(order=pl.int_ranges(pl.col("item").list.len())).explode("item", "order").drop_nulls()
    notes = (f"{n_empty:,} lines of {path.name} name a user without items; they were left out",) if n_empty else ()
    return Table(path=path, kind="sequences", frame=rows, notes=notes)
