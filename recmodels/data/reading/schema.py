"""Which column plays which role, guessed from the names people use and, without names, from the shape."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import polars as pl

from recmodels.data.column_names import PATTERNS, ROLE_NAMES, TIME_NAMES, Role, plain
from recmodels.data.reading.table import Table
from recmodels.errors import AmbiguousColumns, DataError

ROLES: tuple[Role, ...] = get_args(Role)
_BINARY = frozenset(ROLE_NAMES["weight"][2])
_EPOCH_S = (3e8, 5e9)  # 1979 to 2128


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The column of each role, and how sure that is in words."""

    user: str
    item: str
    weight: str | None = None
    time: str | None = None
    order: str | None = None  # the position in a user's history
    split: str | None = None  # train, valid or test
    notes: tuple[str, ...] = ()

    def roles(self) -> dict[str, str]:
        """Role → column, for the roles that were found."""
        return {role: column for role in ROLES if (column := getattr(self, role)) is not None}


def infer_schema(table: Table, given: Mapping[str, str] | None = None) -> Schema:
    """Guess the role of each column; `given` (role → column, "" for none) goes before any guess.

    A column may be given by its name, or by its number from 1 where the file has no names.

    Raises:
        AmbiguousColumns: Two columns could be the user, the item or the weight.
        DataError: No user or item column, or `given` names a role or column that does not exist.
    """
    found: dict[str, str | None] = _given(table, given or {})
    if not table.has_names:
        return _by_shape(table, found)
    for role in ("user", "item", "weight", "order", "split", "time"):
        if role not in found:
            free = [name for name in table.frame.columns if name not in found.values()]
            found[role] = _first_time(free) if role == "time" else _by_name(role, free, table)
    if found["time"] and "order" not in (given or {}):
        found["order"] = None  # moments tell the order
    _require(table, found)
    schema = Schema(**found)  # type: ignore[arg-type]  # user and item are there: see `_require`
    guessed = {role: column for role, column in schema.roles().items() if role not in (given or {})}
    if table.kind == "sequences" or not guessed:
        return schema
    words = ", ".join(f"{role} = {column}" for role, column in guessed.items())
    return replace(schema, notes=(f"columns guessed from their names: {words}",))


def is_binary(column: str) -> bool:
    """Whether a weight of this name says yes (1) or no (0), so that a 0 is no interaction."""
    return plain(column) in _BINARY


def _given(table: Table, given: Mapping[str, str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for role, wanted in given.items():
        if role not in ROLES:
            raise DataError(f"there is no role {role!r} for a column; the roles are: {', '.join(ROLES)}")
        found[role] = _column(table, str(wanted)) if wanted else None
    taken = [column for column in found.values() if column]
    if twice := next((column for column in taken if taken.count(column) > 1), None):
        raise DataError(f"the column {twice!r} of {table.path.name} was given two roles; a column has one")
    return found


def _column(table: Table, wanted: str) -> str:
    names = table.frame.columns
    if wanted in names:
        return wanted
    alike = [name for name in names if plain(name) == plain(wanted)]
    if len(alike) == 1:
        return alike[0]
    if not table.has_names and wanted.isdigit() and 1 <= int(wanted) <= len(names):
        return names[int(wanted) - 1]
    near = difflib.get_close_matches(wanted, names, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ";"
    raise DataError(f"{table.path.name} has no column {wanted!r}{hint} its columns are: {_listed(names)}")


def _by_name(role: Role, names: Sequence[str], table: Table) -> str | None:
    for tier in ROLE_NAMES[role]:
        hits = [name for name in names if plain(name) in tier]
        if len(hits) > 1 and role in ("user", "item", "weight"):
            raise AmbiguousColumns(role, hits, table.path.name)
        if hits:
            return hits[0]
    hits = [name for name in names if role in PATTERNS and re.fullmatch(PATTERNS[role], plain(name))]
    if len(hits) > 1:
        raise AmbiguousColumns(role, hits, table.path.name)
    return hits[0] if hits else None


def _first_time(names: Sequence[str]) -> str | None:
    by_plain = {plain(name): name for name in reversed(names)}
    known = (by_plain[word] for word in TIME_NAMES if word in by_plain)
    alike = (name for word, name in by_plain.items() if re.fullmatch(PATTERNS["time"], word))
    return next(known, None) or next(alike, None)


def _by_shape(table: Table, found: dict[str, str | None]) -> Schema:
    """Without names: the first two free columns are user and item; of the rest, moments are time, numbers a weight."""
    free = [name for name in table.frame.columns if name not in found.values()]
    for role in ("user", "item"):
        if role not in found and free:
            found[role] = free.pop(0)
    for column in free:
        shape = _shape(table.frame[column])
        if shape is not None and shape not in found:
            found[shape] = column
    _require(table, found)
    words = ", ".join(f"{role} = {column.replace('_', ' ')}" for role, column in found.items() if column)
    return Schema(**found, notes=(f"{table.path.name} names no columns, so they were guessed by shape: {words}",))  # type: ignore[arg-type]


def _shape(values: pl.Series) -> Literal["time", "weight"] | None:
    sample = values.drop_nulls().head(1000).cast(pl.String)
    numbers = sample.cast(pl.Float64, strict=False)
    if numbers.null_count():
        return "time" if sample.str.contains(r"^\d{4}-\d\d-\d\d([T ]|$)").all() else None
    if not len(numbers):
        return None
    low, high = float(numbers.min()), float(numbers.max())  # type: ignore[arg-type]
    is_moment = any(_EPOCH_S[0] * unit <= low <= high <= _EPOCH_S[1] * unit for unit in (1, 10**3, 10**6, 10**9))
    return "time" if is_moment else "weight"


def _require(table: Table, found: Mapping[str, str | None]) -> None:
    for role in ("user", "item"):
        if not found.get(role):
            raise DataError(
                f"no column of {table.path.name} looks like the {role}; its columns are: "
                f"{_listed(table.frame.columns)}. Say which one it is: {role}=COLUMN"
            )


def _listed(names: Sequence[str], at_most: int = 20) -> str:
    short = [name[:40] for name in names[:at_most]]
    return ", ".join(short) + (f" and {len(names) - at_most} more" if len(names) > at_most else "")
