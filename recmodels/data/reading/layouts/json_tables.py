"""JSON as a table: lines of objects, a list of them, or one object that holds them; Python's dicts too."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from recmodels.data.reading.layouts.json_documents import rows_of, rows_of_lists
from recmodels.data.reading.layouts.json_text import are_python_dicts, from_python, objects_in_a_row, repaired
from recmodels.data.reading.limits import Limits
from recmodels.data.reading.nesting import check_document, check_lines, n_keys
from recmodels.data.reading.table import POLARS_ERRORS, Table, shown
from recmodels.errors import DataError

_CELL_BYTES = 8  # of a key, an object, there or not
_BROKEN = (*POLARS_ERRORS, ValueError, RecursionError)


def is_json(data: bytes) -> bool:
    """Whether text begins as JSON does."""
    return data.lstrip()[:1] in (b"{", b"[")


def read_json(path: Path, data: bytes) -> Table:
    """The rows as they are, nested values and all.

    Raises:
        DataError: It is no JSON, with the line; or no objects of one kind.
    """
    if are_python_dicts(data):
        data, notes = from_python(path, data)
        try:
            return _with(_read(path, data), notes)
        except _BROKEN as error:
            raise _error(path, data) from error
    try:
        return _read(path, data)
    except _BROKEN as error:
        again, notes = repaired(path, data)
        try:
            return _with(_read(path, again) if notes else _in_a_row(path, data), notes)
        except _BROKEN:
            pass
        try:
            return _with(_in_a_row(path, again), notes)
        except _BROKEN:
            raise _error(path, data) from error


def _with(table: Table, notes: tuple[str, ...]) -> Table:
    return replace(table, notes=(*table.notes, *notes))


def _read(path: Path, data: bytes) -> Table:
    """Raises one of `_BROKEN` where it is not quite JSON."""
    is_lines = data.lstrip()[:1] == b"{"
    if is_lines and not _is_one_document(data):
        check_lines(path, data)
        _check_cells(path, data, data.count(b"\n"))
        return Table(
            path=path, kind="jsonl", frame=pl.read_ndjson(data, infer_schema_length=None), first_line=_first(data)
        )
    check_document(path, data)
    if is_lines:  # its keys may be those of rows, as pandas writes them: they are counted when rows are made
        return _document(path, json.loads(data))
    _check_cells(path, data, data.count(b"{"))
    if data.lstrip()[1:].lstrip()[:1] == b"[":
        return _lists(path, json.loads(data))
    return Table(path=path, kind="json", frame=pl.read_json(data, infer_schema_length=None))


def _first(data: bytes) -> int | None:
    """The line of the first row, where each further line is a row too."""
    return None if b"\n\n" in data or data[:1].isspace() else 1


def _is_one_document(data: bytes) -> bool:
    """Whether an object goes over all lines, as when it is indented, or is the only line."""
    first, _, rest = data.strip().partition(b"\n")
    if not rest:
        return True
    if first.rstrip().endswith(b"}"):
        return False
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def _in_a_row(path: Path, data: bytes) -> Table:
    """Objects, or lists of values, that follow each other."""
    check_document(path, data)
    values = objects_in_a_row(data)
    if len(values) > 1 and all(isinstance(value, list) for value in values):
        return _lists(path, values)
    if not all(isinstance(value, dict) for value in values):
        raise ValueError("not all are objects")
    return Table(path=path, kind="json", frame=_frame(path, values))


def _lists(path: Path, lists: list[Any]) -> Table:
    if not lists or any(isinstance(value, list | dict) for row in lists for value in (row if row else [[]])):
        raise ValueError("lists within lists")
    return Table(path=path, kind="json", frame=_frame(path, rows_of_lists(path, lists)), has_names=False)


def _document(path: Path, whole: Mapping[str, Any]) -> Table:
    rows, notes = rows_of(path, whole)
    if not notes and (table := _of_lists(path, whole)):
        return table
    if not rows:
        raise DataError(f"{path.name} has column names but no rows")
    return Table(path=path, kind="json", frame=_frame(path, rows), notes=notes)


def _frame(path: Path, rows: list[Any]) -> pl.DataFrame:
    lines = "\n".join(map(json.dumps, rows)).encode()
    _check_cells(path, lines, len(rows))
    return pl.read_ndjson(lines, infer_schema_length=None)


def _of_lists(path: Path, whole: Mapping[str, Any]) -> Table | None:
    """`{user: [item, …]}`, or `{item: [attribute, …]}` as S3-Rec has beside its sequences; `{user: [[item, 5], …]}`."""
    if not whole or not all(isinstance(value, list) for value in whole.values()):
        return None
    inner = [value for values in whole.values() for value in values]
    if inner and all(isinstance(value, list) and value for value in inner):
        rows = [[user, *value] for user, values in whole.items() for value in values]
        said = f"{path.name} is one object of lists of lists, it was read as {{user: [[item, …], …]}}"
        return replace(_lists(path, rows), notes=(said,))
    if any(isinstance(value, list | dict) for value in inner):
        return None
    texts = pl.Series([[str(value) for value in values] for values in whole.values()], dtype=pl.List(pl.String))
    return Table(path=path, kind="attributes", frame=pl.DataFrame({"item": list(whole), "attributes": texts}))


def _check_cells(path: Path, data: bytes, n_rows: int) -> None:
    """Refuse objects that would become far too large a table, since each key takes room in every row."""
    Limits.current().check(path, _CELL_BYTES * n_keys(path, data) * n_rows, len(data))


def _error(path: Path, data: bytes) -> DataError:
    is_lines = data.lstrip()[:1] == b"{"
    for number, part in enumerate(data.splitlines() if is_lines else [data], 1):
        try:
            if part.strip() and not isinstance(json.loads(part), dict | list):
                return DataError(f"line {number:,} of {path.name} must be a JSON object, got {shown(part.decode())!r}")
        except (ValueError, RecursionError) as error:
            line = number + getattr(error, "lineno", 1) - 1
            return DataError(f"line {line:,} of {path.name} is not valid JSON: {shown(error, 200)}")
    return DataError(f"{path.name} must hold JSON objects with the same fields, one an interaction")
