"""Objects written in the cells of a text file: `[{"sku": "A", "quantity": 2}]`, as JSON or as Python writes it."""

import ast
import json
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from recmodels.data.reading.layouts.json_text import MAX_LITERAL_BYTES, plain_values
from recmodels.data.reading.layouts.list_names import is_item_list, is_named, names_one
from recmodels.data.reading.limits import Limits
from recmodels.data.reading.missing import is_missing
from recmodels.data.reading.nesting import check_lines, n_keys
from recmodels.data.reading.table import POLARS_ERRORS, Table, shown
from recmodels.errors import DataError

_SAMPLE = 1000
_MIN_SHARE = 0.9  # of the cells, that must be objects for a column to hold them
_OBJECTS = r"(?s)^\s*(\[\s*)?\{.*\}(\s*\])?\s*$|^\s*\[\s*\]\s*$"
_FIRST_KEY = r"""^\s*\[?\s*\{\s*(?:'[^']*'|"[^"]*")\s*:"""
_CELL_BYTES = 8


def with_objects(table: Table, given: Mapping[str, str]) -> Table:
    """The table with those cells as lists of objects that hold a user's items; else unchanged.

    Objects under a name that is none of items, as genres often are, stay text, unless no column names an item.

    Args:
        given: Role → column that a person named; it may be a field, as `items.sku`.

    Raises:
        DataError: A cell of such a column cannot be read, with its place.
    """
    frame = table.frame
    if not table.has_names:
        return table
    held = [name for name, dtype in frame.schema.items() if dtype == pl.String and _holds_objects(frame[name])]
    if not held:
        return table
    wanted = given.get("item") or ""
    named = [name for name in held if name == wanted or wanted.startswith(f"{name}.")]
    named = named or [name for name in held if is_item_list(name) or is_named(name, "item")]
    if not named and len(held) == 1 and not any(names_one(frame, name, "item") for name in frame.columns):
        named = held
    return replace(table, frame=frame.with_columns(_decoded(table, name) for name in named)) if named else table


def _holds_objects(values: pl.Series) -> bool:
    some = values.drop_nulls().head(_SAMPLE)
    some = some.filter(~is_missing(some.str.strip_chars()))
    if not len(some) or not some.str.contains(_FIRST_KEY).any():
        return False
    return float(some.str.contains(_OBJECTS).mean() or 0) >= _MIN_SHARE  # type: ignore[arg-type]


def _decoded(table: Table, name: str) -> pl.Series:
    """The column as lists of objects, null where a cell is empty."""
    values = table.frame[name].str.strip_chars()
    values = values.set(is_missing(values), None)
    lines = "\n".join(f'{{"cell":{_json(table, name, row, text)}}}' for row, text in enumerate(values))
    data = lines.encode()
    check_lines(table.path, data)
    Limits.current().check(table.path, _CELL_BYTES * n_keys(table.path, data) * len(values), len(data))
    try:
        return pl.read_ndjson(data, infer_schema_length=None)["cell"].alias(name)
    except POLARS_ERRORS as error:
        raise DataError(f"the objects in `{name}` of {table.path.name} must have the same fields: {error}") from error


def _json(table: Table, name: str, row: int, text: str | None) -> str:
    if text is None:
        return "null"
    whole = text if text.startswith("[") else f"[{text}]"
    try:
        return json.dumps(plain_values(_parsed(whole)))
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError) as error:
        raise DataError(
            f"`{name}` holds lists of objects, and {shown(text)!r} in {table.place(row)} is none that can be read; "
            'write it as JSON, [{"item_id": "A", "quantity": 2}]'
        ) from error


def _parsed(text: str) -> object:
    try:
        value = json.loads(text)
    except ValueError:
        if len(text) > MAX_LITERAL_BYTES:
            raise
        value = ast.literal_eval(text)
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ValueError("no list of objects")
    return value
