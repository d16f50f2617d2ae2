"""What orders the events of a user: a time, positions within it, and for positions within a visit the visit first.

A position in a basket or session is none in a user's history: the number of the basket goes before it, as
`order_number+add_to_cart_order`.
"""

import re
from collections.abc import Mapping, Sequence

from recmodels.data.checks import CHECK
from recmodels.data.column_names import VISIT_NUMBERS, plain
from recmodels.data.reading.evidence import MAX_COLUMNS, Evidence
from recmodels.data.reading.kinds import is_session
from recmodels.data.reading.table import Table
from recmodels.data.reading.time_columns import is_clock_number, names_of

_CLOCK_NAME = re.compile(r".*(time|clock|hhmm|hhmmss|uhrzeit|hora|heure)")
_MANY = 0.2  # of the rows, that have a position of their user more than once
_SOME = 0.01  # of the rows, that share a moment of their user


def settle_order(
    table: Table, evidence: Evidence, found: dict[str, str | None], given: Mapping[str, str | None]
) -> dict[str, str]:
    """Put into `found` what orders the events; returns a sentence for `order` where that is worth one.

    Args:
        found: Role → column.
        given: The roles that the person named: an order alone goes before any time.
    """
    user, time, order = found.get("user"), found.get("time"), found.get("order")
    if order is None and user and time in table.frame.columns and evidence.is_number(time):
        order = found["order"] = _clock(table, found)
    if "order" in given:
        found["time"] = None if order and "time" not in given else time
        return {}
    if not user or not order or user == order:
        return {}
    known = [user, *(names_of(table, time) if time else ())]
    if time and not _tells_more(evidence, known, order):
        found["order"] = None
        return {}
    said = f"rows of one `{time}` of a user are in the order of `{order}`" if time else ""
    if evidence.repeated([*known, order]) < _MANY:
        return {"order": said} if time else {}
    free = [name for name in table.frame.columns[:MAX_COLUMNS] if name not in found.values()]
    found["order"], why = _by_visit(evidence, known, order, free)
    return {"order": f"{said}; {why}" if said and not why.startswith(CHECK) else why}


def _clock(table: Table, found: Mapping[str, str | None]) -> str | None:
    """A time of day as a number, 941 or 1605, beside a day that is counted from a day that nobody names."""
    free = [name for name in table.frame.columns[:MAX_COLUMNS] if name not in found.values()]
    return next((name for name in free if _CLOCK_NAME.fullmatch(plain(name)) and is_clock_number(table, name)), None)


def _tells_more(evidence: Evidence, known: Sequence[str], order: str) -> bool:
    """Whether many rows share the moment of their user, and the position tells them apart."""
    n_alike = evidence.repeated(known)
    return n_alike >= _SOME and evidence.is_number(order) and evidence.repeated([*known, order]) <= n_alike / 2


def _by_visit(evidence: Evidence, known: Sequence[str], order: str, free: Sequence[str]) -> tuple[str, str]:
    """The position with the number of its visit before it, and a sentence."""
    fit = [name for name in free if evidence.is_number(name) and evidence.repeated([*known, name, order]) < _MANY]
    if numbers := [name for name in fit if plain(name) in VISIT_NUMBERS]:
        first = f"`{order}` counts within a visit, so the order is by `{numbers[0]}` first"
        return f"{numbers[0]}+{order}", first
    lacks = f"`{order}` repeats within users, as a position within a visit does, and no column numbers the visits"
    helps = f"name what orders them, order=NUMBER+{order} or time=COLUMN"
    if visits := [name for name in fit if is_session(name)]:
        return f"{visits[0]}+{order}", f"{CHECK}{lacks}; they were sorted by `{visits[0]}`: {helps}"
    return order, f"{CHECK}{lacks}; all first positions of a user come before all second ones: {helps}"
