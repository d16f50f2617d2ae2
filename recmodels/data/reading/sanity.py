"""What a person looks at to see whether a file was read as meant: counts, and a warning where they can hardly be right.

"400 events of 40 users with 30 items, 10 a user (1 to 35), 3 % of them repeat a pair, from 2020-02-01 to 2020-09-13"
"""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import polars as pl

from recmodels.data.checks import CHECK
from recmodels.data.column_names import ROLE_NAMES, Role, plain
from recmodels.data.interactions import Interactions
from recmodels.data.reading.alike import written_otherwise
from recmodels.data.reading.kinds import ENOUGH, are_moments, is_session
from recmodels.data.scales import two_scales

_NEARLY_ALL = 0.9  # of the rows
_FEW_ITEMS = 5
_SAMPLED = 1000  # ids
_SIDES: tuple[Role, ...] = ("user", "item")
_HEADERS: dict[str, frozenset[str]] = {  # names that no id has
    role: frozenset(name for tier in ROLE_NAMES[role] for name in tier if name.endswith("id")) for role in _SIDES
}
_MAX_NAME = 40  # characters
_DAY_S = 86_400
_EARLY_S = 2 * 365 * _DAY_S  # until the end of 1971: what became a moment and was none


def sanity(interactions: Interactions, profile: Mapping[str, float]) -> tuple[str, ...]:
    """The counts in a line, then what can hardly be right, a sentence each.

    Args:
        profile: Of the same interactions.
    """
    return (_line(interactions, profile), *(CHECK + alarm for alarm in _alarms(interactions)))


def checks_first(notes: tuple[str, ...]) -> tuple[str, ...]:
    """Notes with those first that call for a look."""
    return tuple(sorted(notes, key=lambda note: not note.startswith(CHECK)))


def _line(data: Interactions, profile: Mapping[str, float]) -> str:
    lengths = np.diff(data.offsets())
    low, high = (int(lengths.min()), int(lengths.max())) if len(lengths) else (0, 0)
    a_user = f"{profile['history_mean']:,.3g} a user" + (f" ({low:,} to {high:,})" if low < high else "")
    n_events, n_users, n_items = len(data), data.n_users, data.n_items
    parts = [f"{_count(n_events, 'event')} of {_count(n_users, 'user')} with {_count(n_items, 'item')}", a_user]
    parts.append(f"{profile['repeat_rate']:.1%} of them repeat a pair" if profile["repeat_rate"] else "no pair twice")
    if profile["has_time"] and data.times is not None:
        first, last = (_day(int(moment)) for moment in (data.times.min(), data.times.max()))
        parts.append(f"on {first}" if first == last else f"from {first} to {last}")
    return ", ".join(parts)


def _alarms(data: Interactions) -> Iterator[str]:
    yield from _counts(data)
    if len(data) >= ENOUGH:
        yield from _lone(data)
    yield from _names_among_ids(data)
    yield from two_scales(data)
    for side, ids in (("user", data.user_ids), ("item", data.item_ids)):
        yield from written_otherwise(ids, side, data.columns.get(side))
    if data.time_kind == "timestamp" and data.times is not None and len(data) > 1:
        yield from _times(data.times, data.columns.get("time", "time"))
    for role, ids in (("user", data.user_ids), ("item", data.item_ids)):
        if _look_like_moments(ids, len(data)):
            yield f"the {role}s look like moments, such as {ids[0][:40]!r}{_of(data, role)}"


def _counts(data: Interactions) -> Iterator[str]:
    for role, count in (("user", data.n_users), ("item", data.n_items)):
        if count == 1:
            what = f"there is only one {role}{_of(data, role)}"
            yield f"{what}, so nothing can be learned about the difference between {role}s"
    if 1 < data.n_items < _FEW_ITEMS and len(data) >= ENOUGH:
        yield f"there are only {data.n_items} items{_of(data, 'item')}"


def _lone(data: Interactions) -> Iterator[str]:
    """Ids that hardly ever come again."""
    n, user = len(data), data.columns.get("user", "")
    if data.n_items >= _NEARLY_ALL * n:
        yield f"nearly every row has an item of its own ({data.n_items:,} in {n:,} rows){_of(data, 'item')}"
    if data.n_users == n:
        yield f"every user has one event{_of(data, 'user')}, so there is no next one to predict"
    elif data.n_users >= _NEARLY_ALL * n:
        yield f"nearly every row has a user of its own ({data.n_users:,} in {n:,} rows){_of(data, 'user')}"
    elif user and is_session(user) and data.n_users > n / 2:
        yield f"`{user}` seems to number visits, and most of them have one event ({data.n_users:,} in {n:,} rows)"


def _names_among_ids(data: Interactions) -> Iterator[str]:
    """A line of column names among the rows."""
    for role, ids in (("user", data.user_ids), ("item", data.item_ids)):
        names = {plain(data.columns.get(role, "")), *_HEADERS[role]} - {""}
        texts = ids.filter(ids.str.contains(r"^[A-Za-z]") & (ids.str.len_bytes() <= _MAX_NAME))
        bare = texts.str.to_lowercase().str.replace_all("[^a-z0-9]", "")
        hits = texts.filter(bare.is_in(list(names)))
        if len(hits) and len(ids) > 1:
            yield f"the {role} {hits[0]!r} is the name of a column: a header seems to stand among the rows"


def _times(times: npt.NDArray[np.int64], column: str) -> Iterator[str]:
    first, last = int(times.min()), int(times.max())
    if first == last:
        yield f"all events have the same moment, {_day(first)} (`{column}`)"
    early, late = times <= _EARLY_S, times > time.time() + 2 * _DAY_S
    if early.any():
        share = f"{int(early.sum()):,} of {len(times):,} events"
        yield f"{share} are of 1971 or before, the first of {_day(first)} (`{column}`)"
    if late.any():
        yield f"{int(late.sum()):,} of {len(times):,} events lie in the future, the last on {_day(last)} (`{column}`)"


def _look_like_moments(ids: pl.Series, n_rows: int) -> bool:
    """Dates; or seconds since 1970 where nearly each row has its own, since ids may be such numbers too."""
    some = ids.drop_nulls().head(_SAMPLED)
    return len(some) >= 3 and are_moments(some, is_number_enough=len(ids) > n_rows / 2)


def _of(data: Interactions, role: str) -> str:
    column = data.columns.get(role)
    return f" (`{column}`)" if column else ""


def _count(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def _day(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):  # beyond the calendar
        return f"{seconds} s since 1970"
