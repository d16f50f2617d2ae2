"""One JSON object that holds a whole table: pandas' five ways to write one, or a list of rows under a key."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from recmodels.data.reading.layouts.list_names import is_item_list, is_named
from recmodels.data.reading.table import listed
from recmodels.errors import DataError

Rows = list[dict[str, Any]]


def rows_of(path: Path, whole: Mapping[str, Any]) -> tuple[Rows, tuple[str, ...]]:
    """The rows that one object holds, and a note on how they were found; the object itself where it is a row.

    Raises:
        DataError: Several lists in it could be the rows.
    """
    columns = whole.get("columns")
    if isinstance(columns, list) and isinstance(whole.get("data"), list):  # orient="split"
        return _zipped(path, [str(name) for name in columns], whole["data"]), (_said(path, "split"),)
    if whole and all(isinstance(value, dict) for value in whole.values()):
        return _of_objects(path, whole)
    if _is_list_oriented(whole):
        return _zipped(path, list(whole), [*zip(*whole.values(), strict=True)]), (_said(path, "list"),)
    if events := _of_users(whole):
        said = f"{path.name} is one object of lists of objects, it was read as {{user: [event, …]}}"
        return events, (said,)
    return _under_a_key(path, whole)


def _of_users(whole: Mapping[str, Any]) -> Rows:
    """The events of `{user: [{"item": 5, "time": …}, …], …}`, where all name an item; none where it is no such."""
    names = {name for value in whole.values() if isinstance(value, list) for row in value[:1] for name in _names(row)}
    is_item = any(is_named(name, "item") for name in names) and not any(is_named(name, "user") for name in names)
    if (
        len(whole) < 2
        or not is_item
        or any(is_named(key, "user") for key in whole)
        or not all(map(_is_table, whole.values()))
    ):
        return []
    if len({frozenset(row) for value in whole.values() for row in value[:1]}) > 1:  # tables of different things
        return []
    return [{"user_id": user, **event} for user, events in whole.items() for event in events]


def _names(row: object) -> Sequence[str]:
    return list(row) if isinstance(row, dict) else []


def rows_of_lists(path: Path, lists: Sequence[Sequence[Any]]) -> Rows:
    """Rows under numbered columns, as the lists of orient="values" have no names.

    Raises:
        DataError: They differ in length.
    """
    return _zipped(path, [f"column_{i}" for i in range(1, len(lists[0]) + 1)], lists)


def _zipped(path: Path, names: list[str], lists: Sequence[Sequence[Any]]) -> Rows:
    for number, values in enumerate(lists, 1):
        if not isinstance(values, list | tuple) or len(values) != len(names):
            got = len(values) if isinstance(values, list | tuple) else "none"
            raise DataError(f"each row of {path.name} must have {len(names):,} values, row {number:,} has {got}")
    return [dict(zip(names, values, strict=True)) for values in lists]


def _of_objects(path: Path, whole: Mapping[str, Mapping[str, Any]]) -> tuple[Rows, tuple[str, ...]]:
    """`{column: {row: value}}` (orient="columns"), `{row: {column: value}}` (orient="index") or `{user: {item: 5}}`."""
    inner = {name: None for value in whole.values() for name in value}
    if _has_roles(whole):
        rows = [{name: values.get(row) for name, values in whole.items()} for row in inner]
        return rows, (_said(path, "columns"),)
    if _has_roles(inner):
        named = "_key" if "_key" in inner else "key"
        return [{named: key, **value} for key, value in whole.items()], (_said(path, "index"),)
    leaves = [leaf for value in whole.values() for leaf in value.values()]
    if leaves and all(isinstance(leaf, int | float) and not isinstance(leaf, bool) for leaf in leaves):
        triples = [
            {"user_id": user, "item_id": item, "rating": leaf}
            for user, value in whole.items()
            for item, leaf in value.items()
        ]
        return triples, (f"{path.name} is one object of objects, it was read as {{user: {{item: rating}}}}",)
    return [dict(whole)], ()


def _is_list_oriented(whole: Mapping[str, Any]) -> bool:
    """`{"user_id": [1, 2], "item_id": [3, 4]}`."""
    lists = list(whole.values())
    same = all(isinstance(value, list) for value in lists) and len({len(value) for value in lists}) == 1
    return same and _has_roles(whole)


def _has_roles(names: Mapping[str, Any]) -> bool:
    is_item = any(is_named(name, "item") or is_item_list(name) for name in names)
    return is_item and any(is_named(name, "user") for name in names)


def _under_a_key(path: Path, whole: Mapping[str, Any]) -> tuple[Rows, tuple[str, ...]]:
    tables = [key for key, value in whole.items() if _is_table(value) and not _names_columns(value)]
    if not tables or any(is_named(key, "user") for key in whole if key not in tables):  # it is one user's row
        return [dict(whole)], ()
    if len(tables) > 1:
        raise DataError(
            f"{path.name} is one object with several lists of rows, {listed(tables)}: put the one of interactions "
            "into a file of its own"
        )
    rest = [key for key in whole if key not in tables]
    left = f"; what stands beside them, under {listed(rest)}, was not read" if rest else ""
    return whole[tables[0]], (f"the rows of {path.name} are those under its key `{tables[0]}`{left}",)


def _names_columns(rows: list[dict[str, Any]]) -> bool:
    """`[{"name": "user_id", "type": "UInt64"}, …]`, which ClickHouse writes beside the rows."""
    return all({*row} == {"name", "type"} for row in rows)


def _is_table(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _said(path: Path, orient: str) -> str:
    return f'{path.name} is one object, read as pandas writes a table with orient="{orient}"'
