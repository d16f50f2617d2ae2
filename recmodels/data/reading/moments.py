"""Which of several columns of moments is the time of a row: the one that comes first, as what was booked or lent.

What follows it - due, returned, checked out - is known only later, and is no input (see `context`).
"""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from recmodels.data.checks import CHECK
from recmodels.data.column_names import THING, plain
from recmodels.data.reading.calendar_numbers import calendar
from recmodels.data.reading.evidence import MAX_COLUMNS, Evidence
from recmodels.data.reading.id_names import is_called_id
from recmodels.data.reading.kinds import are_coarse, look_like_moments
from recmodels.data.reading.question import ambiguous
from recmodels.data.reading.table import Table, listed
from recmodels.data.reading.time_forms import dates
from recmodels.data.reading.time_numbers import unit
from recmodels.errors import DataError

_NEARLY_ALL = 0.95  # of the rows that have both moments
_FEW = 0.01  # of the rows, that may lie in the future
_DAY_S = 86_400
_FAR_S, _ALIKE = 366 * _DAY_S, 0.5  # between two moments of a row in the middle of all, and how alike their ranks are
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
    if not all(keys):
        return None, ""
    moments = [name for name in moments if not any(evidence.determines(key or "", name) for key in keys)]
    moments, doubtful = without_numbers(table, evidence, moments)
    if not moments:
        return None, _told_of_numbers(doubtful or _numbered(evidence, free))
    varying = [name for name in moments if any(evidence.varies(key or "", name) for key in keys)]
    if moments and not varying:
        return _told_by_name(table, evidence, moments)
    fine = [name for name in varying if not are_coarse(evidence.values(name).drop_nulls())]
    moments = _without_days(table, evidence, fine or varying)
    if len(moments) > 1:
        return _first_of(table, evidence, moments)
    others = f", and not {listed(doubtful)}, whose numbers look like moments too" if doubtful else ""
    return moments[0], f"`{moments[0]}` holds moments and was taken for the time{others}"


def without_numbers(table: Table, evidence: Evidence, moments: Sequence[str]) -> tuple[list[str], list[str]]:
    """The columns of moments that can be believed, and those of numbers that look like moments and may be ids.

    A written date goes before a number, unless both tell about the same moments; a number is believed alone, but not
    where it would be of the future.
    """
    numbers = [name for name in moments if evidence.is_number(name) and not _is_temporal(table, name)]
    written = {name: _seconds(table, evidence, name) for name in moments if name not in numbers}
    doubtful = [name for name in numbers if _is_doubtful(_seconds(table, evidence, name), written)]
    return [name for name in moments if name not in doubtful], doubtful


def _is_doubtful(seconds: pl.Series | None, written: Mapping[str, pl.Series | None]) -> bool:
    if seconds is None:
        return bool(written)
    if float((seconds > time.time() + _DAY_S).mean() or 0) > _FEW:  # type: ignore[arg-type]  # a share
        return True
    return bool(written) and not any(_go_together(seconds, other) for other in written.values())


def _go_together(one: pl.Series, other: pl.Series | None) -> bool:
    """Whether two columns tell moments of the same time, as of a view and of a purchase."""
    if other is None:
        return False
    distance = float((one - other).abs().median() or 0.0)  # type: ignore[arg-type]  # a float
    return distance <= _FAR_S and float(pl.select(pl.corr(one, other, method="spearman")).item() or 0.0) >= _ALIKE


def _without_days(table: Table, evidence: Evidence, moments: Sequence[str]) -> list[str]:
    """Without a day alone, where another column tells the moment of that day; not one that comes later by its name."""
    if len(moments) < 2:
        return [*moments]
    read = {name: _seconds(table, evidence, name) for name in moments}
    days = {name for name, known in read.items() if known is not None and (known.drop_nulls() % _DAY_S == 0).all()}
    clocks = [read[name] for name in moments if name not in days and not _LATER.fullmatch(plain(name))]
    told = {name for name in days for clock in clocks if _is_day_of(read[name], clock)}
    return [name for name in moments if name not in told]


def _is_day_of(day: pl.Series | None, clock: pl.Series | None) -> bool:
    if day is None or clock is None:
        return False
    is_so = (clock - day).is_between(0, _DAY_S, closed="left")
    return float(is_so.mean() or 0.0) >= _NEARLY_ALL  # type: ignore[arg-type]  # a share


def _is_temporal(table: Table, name: str) -> bool:
    return table.frame[name].dtype.is_temporal()


def _numbered(evidence: Evidence, free: Sequence[str]) -> list[str]:
    """The columns that are called like an id, and whose numbers look like moments."""
    named = [name for name in free[:MAX_COLUMNS] if is_called_id(name) and evidence.is_number(name)]
    numbers = {name: evidence.values(name).drop_nulls().cast(pl.Float64) for name in named}
    return [name for name in named if look_like_moments(numbers[name], numbers[name].n_unique())]


def _told_of_numbers(names: Sequence[str]) -> str:
    if not names:
        return ""
    return (
        f"{CHECK}{listed([*names])} may hold moments, and may as well hold ids that look so, so the data has no time: "
        f"time={names[0]} takes it for one"
    )


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
    """Seconds since 1970 of the sample; None where a date may be read in two ways."""
    values = evidence.values(name)
    numbers = values.cast(pl.Float64, strict=False)
    try:
        if numbers.null_count() > values.null_count():
            return dates(table, name, values)[0] / 10**6
        if found := calendar(replace(table, frame=pl.DataFrame({name: values})), name, numbers):
            return found[0].cast(pl.Float64)
    except DataError:
        return None
    size = float(numbers.abs().median() or 0.0)  # type: ignore[arg-type]  # a float
    return numbers / (unit(size) or (1, ""))[0]
