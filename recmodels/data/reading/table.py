"""A file as it was read: rows under column names, and where each row stands in the file."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

POLARS_ERRORS = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)  # of a file that polars cannot read


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file as it was read. Text formats give String columns; Parquet and JSON their own types."""

    path: Path
    kind: str  # csv, tsv, parquet, json, jsonl, atomic, movielens, sequences, attributes
    frame: pl.DataFrame
    has_names: bool = True  # the file names its columns
    first_line: int | None = None  # the line that row 0 stands in, where rows are lines
    lines: pl.Series | None = None  # the line of each row, where some between them were left out
    rows: pl.Series | None = None  # the row of each in the file, where some were left out as a person chose
    ordered_list: str | None = None  # whose positions became the column `order`, since it has no times
    notes: tuple[str, ...] = ()
    date_order: str | None = None  # as a person said: day-first, month-first or year-first

    def place(self, row: int) -> str:
        """Where a row stands, for people."""
        row = row if self.rows is None else int(self.rows[row])
        line = self.lines[row] if self.lines is not None else self.first_line and row + self.first_line
        where = f"row {row + 1:,}" if line is None else f"line {line:,}"
        return f"{where} of {self.path.name}"


def shown(values: object, at_most: int = 60) -> str:
    """The start of a value from a file, on one line, for a sentence."""
    text = " ".join(str(values).split())
    return text[:at_most] + ("…" if len(text) > at_most else "")


def listed(names: list[str], at_most: int = 8) -> str:
    """Names of columns for a sentence: `a`, `b` and 3 more."""
    few = ", ".join(f"`{shown(name, 40)}`" for name in names[:at_most])
    return few + (f" and {len(names) - at_most} more" if len(names) > at_most else "")
