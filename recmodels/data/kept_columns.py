"""The columns that a dataset keeps of the files it was read from, and its rows by conditions on them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from recmodels.data.column_names import plain
from recmodels.data.conditions import Condition, holds, parse_conditions
from recmodels.data.interactions import Interactions
from recmodels.data.pseudonyms import as_kept
from recmodels.errors import DataError

_LISTED = 20  # columns in a message
_FEW = 200  # values of a column that are looked for in what people write


def rows_where(
    interactions: Interactions, rows: pl.DataFrame, where: Sequence[Condition], *, is_strict: bool = True
) -> pl.DataFrame:
    """The rows for which all conditions hold.

    Args:
        rows: Columns user, item and maybe weight, as `recmodels.data.deriving.events_of` gives them.
        is_strict: A value that the dataset does not have is a slip.

    Raises:
        DataError: The dataset keeps no such column, two of that name, or no such value.
    """
    for condition in where:
        rows = _held(interactions, rows, condition, is_strict=is_strict)
    return rows


def with_pseudonyms(interactions: Interactions, where: Sequence[str], folder: Path) -> tuple[str, ...]:
    """Conditions on ids that the dataset keeps as hashes, with the hashes of what somebody typed; others as they are.

    Args:
        folder: Of the datasets, where the key is.

    Raises:
        ParamError: One is no condition.
        SetupError: The key cannot be read.
    """
    hashed, told = interactions.choices.hashed, []
    for condition in parse_conditions(where):
        role = next(
            (role for role, values in _places(interactions, condition.column) if values is _ids(interactions, role)), ""
        )
        if role in hashed and condition.sign in ("=", "!="):
            ids = _ids(interactions, role)
            kept = (as_kept(folder, hashed, role, one.strip(), ids) for one in condition.value.split("|"))
            condition = replace(condition, value="|".join(kept))
        told.append(condition.in_words())
    return tuple(told)


def values_of(interactions: Interactions) -> dict[str, tuple[str, ...]]:
    """The values of each column that can stand in a condition, by its name there; none where they are too many."""
    found: dict[str, tuple[str, ...]] = {interactions.columns.get("weight", "weight"): ()}
    tables = {"item": interactions.item_table, "user": interactions.user_table}
    both = set.intersection(
        *({*map(plain, table.columns)} if table is not None else set() for table in tables.values())
    )
    for role, table in tables.items():
        for column in () if table is None else table:
            values = column.drop_nulls().unique()
            is_told = not column.dtype.is_nested() and len(values) <= _FEW
            name = f"{role}.{column.name}" if plain(column.name) in both else column.name
            found[name] = tuple(values.cast(pl.String).str.strip_chars()) if is_told else ()
    return found


def _held(interactions: Interactions, rows: pl.DataFrame, condition: Condition, *, is_strict: bool) -> pl.DataFrame:
    found = _places(interactions, condition.column)
    if len(found) > 1:
        raise DataError(
            f"`{condition.column}` describes the items and the users of {interactions.name!r}; say "
            f"`item.{condition.column}` or `user.{condition.column}`"
        )
    if not found:
        raise _not_kept(interactions, condition)
    (role, values), place = found[0], repr(interactions.name)
    if role == "weight":
        if "weight" not in rows.columns:
            return rows
        return rows.filter(holds(condition, rows["weight"], place, is_strict=is_strict))
    ids = _ids(interactions, role)
    wanted = ids.filter(holds(condition, values, f"the {role}s of {place}", is_strict=is_strict))
    return rows.filter(pl.col(role).is_in(wanted.implode()))


def _ids(interactions: Interactions, role: str) -> pl.Series:
    return interactions.user_ids if role == "user" else interactions.item_ids


def _places(interactions: Interactions, column: str) -> list[tuple[str, pl.Series]]:
    """Where a column is kept: as a role, or in the table of the items or of the users. (role, one value an id)"""
    side, _, name = column.rpartition(".")
    roles: dict[str, pl.Series] = {"user": interactions.user_ids, "item": interactions.item_ids}
    if interactions.weights is not None:
        roles["weight"] = pl.Series(interactions.weights)
    for role, values in roles.items():
        if plain(column) in {plain(role), plain(interactions.columns.get(role, role))}:
            return [(role, values)]
    tables = {"item": interactions.item_table, "user": interactions.user_table}
    found = []
    for role, table in tables.items():
        wanted = name if side == role else column
        if table is not None and (not side or side == role or column in table.columns):
            found += [(role, table[known]) for known in table.columns if plain(known) == plain(wanted)][:1]
    return found


def _not_kept(interactions: Interactions, condition: Condition) -> DataError:
    tables = (interactions.item_table, interactions.user_table)
    kept = [*interactions.columns.values(), *(name for table in tables if table is not None for name in table.columns)]
    if plain(condition.column) in {plain(interactions.columns.get("time", "time")), "time"}:
        return DataError(
            f"`{condition.column}` holds the times of {interactions.name!r}; keep them by `--since` and `--until`"
        )
    few = ", ".join(kept[:_LISTED]) + (f" and {len(kept) - _LISTED} more" if len(kept) > _LISTED else "")
    return DataError(
        f"{interactions.name!r} keeps no column `{condition.column}`; it keeps {few or 'user and item'}. Read its file "
        f'once more by it: `recpilot data add FILE --name NAME --where "{condition.in_words()}"`'
    )
