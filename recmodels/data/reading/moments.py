"""Which of several columns of moments is the time of a row: the one that comes first, as what was booked or lent.

What follows it - due, returned, checked out - is known only later, and is no input (see `context`).
"""

import re
from collections.abc import Sequence

import polars as pl

from recmodels.data.column_names import THING, plain
from recmodels.data.reading.evidence import MAX_COLUMNS, Evidence
from recmodels.data.reading.kinds import are_coarse
from recmodels.data.reading.question import ambiguous
from recmodels.data.reading.table import Table, listed
from recmodels.data.reading.time_forms import dates
from recmodels.errors import DataError

_NEARLY_ALL = 0.95  # of the rows that have both moments
_FIRST = re.compile(
    r".*(book(ed|ing)|creat(ed|ion)|loan(ed)?|borrow(ed)?|lent|issued?|order(ed)?|plac(ed|ing)|purchas(ed?|ing)|bought|"
    r"rent(ed|al)?|reserv(ed|ation)|request(ed)?|submit(ted)?|post(ed)?|opened|start(ed)?|begin|began|click(ed)?|"
    r"view(ed)?|watched|played|rated).*"
)
_LATER = re.compile(
    r".*(due|return|checkout|checkin|departure|arriv|end|finish|stop|clos|updat|modif|chang|edit|delet|remov|expir|deliver|"
    r"shipp|cancel|complet|resolv|paid|payment|until|dropoff).*"
)

_OF_A_SIDE = re.compile(  # of a user or an item, not of a row: user_created_at, product_start
    rf"({THING.pattern}|user|customer|member|account|profile|seller).*(creat|open|start|beg[ai]n|post|submit|issue|plac).*"
)


def moment_of_rows(
    table: Table, evidence: Evidence, free: Sequence[str], keys: Sequence[str | None]
) -> tuple[str | None, str]:
    """The column of the events' moments that no name says, and a sentence; None where there is none.

    Args:
        free: The columns without a role.
        keys: The user's and the item's column: what is the same for all rows of one is no moment of an event.

    Raises:
        AmbiguousColumns: Each of several could be it.
    """
    moments = [name for name in free[:MAX_COLUMNS] if evidence.kind(name) == "moment"]
    if not moments or not all(keys):
        return None, ""
    moments = [name for name in moments if not any(evidence.determines(key or "", name) for key in keys)]
    varying = [name for name in moments if any(evidence.varies(key or "", name) for key in keys)]
    if moments and not varying:
        return _told_by_name(table, evidence, moments)
    fine = [name for name in varying if not are_coarse(evidence.values(name).drop_nulls())]
    moments = fine or varying
    if len(moments) < 2:
        return (moments[0], f"`{moments[0]}` holds moments and was taken for the time") if moments else (None, "")
    return _first_of(table, evidence, moments)


def _told_by_name(table: Table, evidence: Evidence, moments: Sequence[str]) -> tuple[str | None, str]:
    """Where too few rows show which moments are of a row: what is called as the first of a row is."""
    early = [name for name in moments if _comes_first_by_name(name) and not _OF_A_SIDE.fullmatch(plain(name))]
    if len(early) > 1:
        return _first_of(table, evidence, early)
    if not early:
        shows = "moments, and too few rows show whether they are of a row, of a user or of an item"
        return None, f"{listed([*moments])}: {shows}, so none was taken for the time: time=COLUMN says which one is"
    others = listed([name for name in moments if name != early[0]])
    not_these = f", and not {others}: time=COLUMN says another" if others else ""
    return early[0], f"`{early[0]}` was taken for the time of a row, since its name says so{not_these}"


def _comes_first_by_name(name: str) -> bool:
    return _FIRST.fullmatch(plain(name)) is not None and _LATER.fullmatch(plain(name)) is None


def _first_of(table: Table, evidence: Evidence, moments: Sequence[str]) -> tuple[str, str]:
    early = [name for name in moments if not _LATER.fullmatch(plain(name))]
    named = [name for name in early if _comes_first_by_name(name)]
    comes_first = _earliest(table, evidence, moments)
    if len(named) == 1 and comes_first in (named[0], None):
        chosen, why = named[0], "its name says so"
    elif comes_first in early and not (named and comes_first not in named):
        chosen, why = comes_first, "it comes first in nearly all rows"
    else:
        raise ambiguous(table, "time", moments, "several columns hold moments")
    others = listed([name for name in moments if name != chosen])
    return (
        chosen,
        f"`{chosen}` was taken for the time of a row, since {why}, and not {others}: time=COLUMN says another",
    )


def _earliest(table: Table, evidence: Evidence, moments: Sequence[str]) -> str | None:
    """The one that is before or at each of the others in nearly all rows; None where there is none such, or many."""
    read = {name: _seconds(table, evidence, name) for name in moments}
    first = [name for name in moments if all(_precedes(read[name], read[other]) for other in moments if other != name)]
    return first[0] if len(first) == 1 else None


def _precedes(one: pl.Series | None, other: pl.Series | None) -> bool:
    if one is None or other is None:
        return False
    return float((one <= other).mean() or 0.0) >= _NEARLY_ALL  # type: ignore[arg-type]  # a share; gaps do not count


def _seconds(table: Table, evidence: Evidence, name: str) -> pl.Series | None:
    """What can be compared with another column; None where a date may be read in two ways."""
    values = evidence.values(name)
    numbers = values.cast(pl.Float64, strict=False)
    if numbers.null_count() == values.null_count():
        return numbers
    try:
        return dates(table, name, values)[0]
    except DataError:
        return None
