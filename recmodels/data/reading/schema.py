"""Which column plays which role, guessed from the names people use and, without names, from the shape."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from recmodels.data.checks import CHECK
from recmodels.data.column_names import ROLE_NAMES, Role, plain
from recmodels.data.reading.evidence import Evidence
from recmodels.data.reading.named import roles_by_name
from recmodels.data.reading.options import OPTIONS
from recmodels.data.reading.ordering import settle_order
from recmodels.data.reading.other_side import other_side
from recmodels.data.reading.table import Table
from recmodels.data.reading.time_columns import completed, names_of
from recmodels.data.reading.unnamed import counts_few_rows, roles_by_shape
from recmodels.errors import DataError

ROLES: tuple[Role, ...] = get_args(Role)
_LISTED = 20  # names in a message
_BINARY = frozenset(ROLE_NAMES["weight"][2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The column of each role, and how sure that is in words."""

    user: str
    item: str
    weight: str | None = None
    time: str | None = None  # `date+clock` where it stands in several columns
    order: str | None = None  # the position in a user's history, or within a time; `visit+position` where it has two
    split: str | None = None  # train, valid or test
    notes: tuple[str, ...] = ()

    def roles(self) -> dict[str, str]:
        """Role → column, for the roles that were found."""
        return {role: column for role in ROLES if (column := getattr(self, role)) is not None}

    def columns(self, table: Table) -> set[str]:
        """Those of the table that have a role; a time and an order may have several."""
        return {name for column in self.roles().values() for name in names_of(table, column)}


def infer_schema(table: Table, given: Mapping[str, str] | None = None) -> Schema:
    """Guess the role of each column; `given` (role → column, "" for none) goes before any guess.

    A column may be given by its name, or where none is called so by its number from 1: `2`, `column 2`.

    Raises:
        AmbiguousColumns: Two columns could be the user, the item or the weight.
        DataError: No user or item column, or `given` names a role or column that does not exist.
    """
    found: dict[str, str | None] = _given(table, given or {})
    if not table.has_names:
        return _by_shape(table, found)
    evidence = Evidence(table)
    found, seen = roles_by_name(table, evidence, found)
    _complete_time(table, found, given or {})
    seen |= settle_order(table, evidence, found, given or {})
    _require(table, evidence, found)
    schema = Schema(**found)  # type: ignore[arg-type]  # user and item are there: see `_require`
    by_name = {role: name for role, name in schema.roles().items() if role not in {*(given or {}), *seen}}
    words = ", ".join(f"{role} = {column}" for role, column in by_name.items())
    guess = [f"columns guessed from their names: {words}"] if words and table.kind != "sequences" else []
    others = other_side(table, evidence, found) if "user" not in (given or {}) else None
    return replace(schema, notes=(*guess, *seen.values(), *([others] if others else [])))


def is_binary(column: str) -> bool:
    """Whether a weight of this name says yes (1) or no (0), so that a 0 is no interaction."""
    return plain(column) in _BINARY


def _complete_time(table: Table, found: dict[str, str | None], given: Mapping[str, str | None]) -> None:
    if "time" not in given and table.kind != "sequences":
        free = [name for name in table.frame.columns if name not in found.values()]
        found["time"] = completed(table, found.get("time"), free)


def _given(table: Table, given: Mapping[str, str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for role, wanted in given.items():
        if role not in ROLES:
            raise DataError(f"there is no role {role!r} for a column; the roles are: {', '.join((*ROLES, *OPTIONS))}")
        several = role in ("time", "order") and "+" in wanted and wanted not in table.frame.columns
        parts = str(wanted).split("+") if several else [str(wanted)]
        found[role] = "+".join(column_of(table, part.strip(), role) for part in parts) if wanted else None
    taken = [name for column in found.values() if column for name in names_of(table, column)]
    if twice := next((column for column in taken if taken.count(column) > 1), None):
        raise DataError(f"the column {twice!r} of {table.path.name} was given two roles; a column has one")
    return found


def column_of(table: Table, wanted: str, role: str | None = None) -> str:
    """The column that somebody named, in other case or by its number.

    Args:
        role: What it was said to be; where there is no such column, the one that is called like that is offered.

    Raises:
        DataError: There is none.
    """
    names = table.frame.columns
    if wanted in names:
        return wanted
    alike = [name for name in names if plain(name) == plain(wanted)]
    if len(alike) == 1:
        return alike[0]
    number = re.fullmatch(r"(?:(?:the )?column[ _])?(\d{1,4})", wanted.strip().lower())
    if number and 1 <= int(number[1]) <= len(names):
        return names[int(number[1]) - 1]
    near = difflib.get_close_matches(wanted, names, n=1) or _called_like(role, names)
    hint = f"; did you mean {near[0]!r}?" if near else ";"
    raise DataError(f"{table.path.name} has no column {wanted!r}{hint} its columns are: {_listed(names)}")


def _called_like(role: str | None, names: Sequence[str]) -> list[str]:
    """The only column that is called like a user, an item or a weight."""
    tiers = next((tiers for one, tiers in ROLE_NAMES.items() if one == role), ())
    alike = ([name for name in names if plain(name) in tier] for tier in tiers)
    found = next((hits for hits in alike if hits), [])
    return found if len(found) == 1 else []


def _by_shape(table: Table, given: dict[str, str | None]) -> Schema:
    evidence = Evidence(table)
    found, why = roles_by_shape(table, evidence, given)
    _complete_time(table, found, given)
    _require(table, evidence, found)
    words = ", ".join(f"{role} = {column.replace('_', ' ')}" for role, column in found.items() if column)
    told = f" (user and item were told apart {why})" if why else ""
    note = f"{table.path.name} names no columns, so they were guessed by shape: {words}{told}"
    notes = [note]
    if not given.get("user") and counts_few_rows(evidence, found["user"] or ""):
        notes.append(f"{CHECK}`{found['user']}`, taken for the user, counts the rows, so each row is another user")
    return Schema(**found, notes=tuple(notes))  # type: ignore[arg-type]  # user and item are there: see `_require`


def _require(table: Table, evidence: Evidence, found: Mapping[str, str | None]) -> None:
    for role in ("user", "item"):
        if not found.get(role):
            names = [evidence.told(name) for name in table.frame.columns[:_LISTED]]
            raise DataError(
                f"no column of {table.path.name} looks like the {role}; its columns are: "
                f"{_listed(names, table.frame.width)}. Say which one it is: {role}=COLUMN"
            )


def _listed(names: Sequence[str], n_all: int = 0) -> str:
    short = [name[:60] for name in names[:_LISTED]]
    n_more = max(n_all, len(names)) - _LISTED
    return ", ".join(short) + (f" and {n_more} more" if n_more > 0 else "")
