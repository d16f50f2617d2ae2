"""Sparse matrices as text: Matrix Market, which scipy and R write, with a line `row column value` for each entry."""

import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from recmodels.data.reading.limits import Limits
from recmodels.data.reading.table import POLARS_ERRORS, Table, shown
from recmodels.errors import DataError

_BANNER = "%%matrixmarket"
_NAMES = ("user_id", "item_id", "value")


def fits(lines: Sequence[str]) -> bool:
    """Whether the first line is its banner."""
    return bool(lines) and lines[0].lower().startswith(_BANNER)


def read(path: Path, data: bytes) -> Table:
    """user_id (the row, from 1), item_id (the column, from 1) and value.

    Raises:
        DataError: It is dense or symmetric, or has another number of entries than it says.
    """
    text, _, rest = data.partition(b"\n")
    banner = text.decode().lower().split()[1:]
    if banner[1:2] != ["coordinate"] or banner[3:4] != ["general"] or banner[2:3] == ["complex"]:
        raise DataError(
            f"{path.name} must be a Matrix Market file of `coordinate` entries that is `general`, it says "
            f"{shown(' '.join(banner))!r}; write a sparse matrix of users and items with scipy.io.mmwrite"
        )
    while rest.lstrip().startswith(b"%"):
        rest = rest.lstrip().partition(b"\n")[2]
    size, _, entries = rest.lstrip().partition(b"\n")
    if not re.fullmatch(rb"\s*\d+\s+\d+\s+\d+\s*", size):
        raise DataError(f"{path.name} must say rows, columns and entries, it says {shown(size.decode())!r}")
    n_entries = int(size.split()[2])
    n_fields = 2 if banner[2] == "pattern" else 3
    Limits.current().check_cells(path, entries.count(b"\n"), n_fields)
    try:
        frame = pl.read_csv(
            re.sub(rb"[ \t]+", b" ", entries), separator=" ", has_header=False, infer_schema=False, quote_char=None
        )
    except POLARS_ERRORS as error:
        raise DataError(f"{path.name} has no entries that can be read: {shown(error)}") from error
    if frame.width < n_fields or frame.height != n_entries or frame[:, :n_fields].null_count().sum_horizontal()[0]:
        raise DataError(
            f"{path.name} must have {n_entries:,} entries of {n_fields} numbers, it has {frame.height:,} of "
            f"{frame.width}; it may be cut off"
        )
    frame = frame[:, :n_fields]
    frame.columns = list(_NAMES[:n_fields])
    note = f"{path.name} is a sparse matrix: its rows were read as users and its columns as items, numbered from 1"
    return Table(path=path, kind="matrix", frame=frame, notes=(note,))
