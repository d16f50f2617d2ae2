"""Which column plays which role in a file that names none: by what the values are, and by place only where that is all.

The first two columns that can hold ids are the user and the item, as most files have it, unless the values say that it
is the other way round. Where they speak against the place without deciding, or several columns could be the item, the
person is asked.
"""

from collections.abc import Sequence
from itertools import pairwise

import polars as pl

from recmodels.data.reading.evidence import MAX_COLUMNS, Evidence, pairs_of_coordinates
from recmodels.data.reading.kinds import ENOUGH, is_epoch
from recmodels.data.reading.moments import without_numbers
from recmodels.data.reading.question import ambiguous
from recmodels.data.reading.table import Table
from recmodels.data.reading.verdicts import says_both

_IDS = ("id", "number", "text")
_FEW_IDS = ("category", "rating")  # ids only where nothing else can be
_FEWEST = 3  # rows, of which two may be in order by chance
_MAX_RIVALS = 10  # each is compared with each
_ATTRIBUTES = ("coordinate", "fraction", "rating", "number", "id", "category", "text")
_WEIGHTS = ("rating", "number", "fraction", "id", "label")
_STEPS = ("number", "id", "row number")  # since a moment that is not named
_LEAST_ID = 10_000  # of whole numbers that are ids and no amounts
_GAPS = 0.02  # of the rows without a value, for an id that is better named otherwise
_MANY = 0.1  # of the values of what determines it: a genre has fewer, an artist more


def roles_by_shape(table: Table, evidence: Evidence, given: dict[str, str | None]) -> tuple[dict[str, str | None], str]:
    """Role → column, and how user and item were told apart, in words.

    Args:
        given: The roles that the person named.

    Raises:
        AmbiguousColumns: Two readings are possible.
    """
    found = dict(given)
    free = [name for name in table.frame.columns[:MAX_COLUMNS] if name not in found.values()]
    why = _people_and_things(table, evidence, found, free)
    if not (found.get("user") and found.get("item")):
        return found, why
    free = [name for name in free if name not in found.values()]
    visit = _start_and_stop(evidence, free, found["user"])
    free = [name for name in free if name not in visit]
    times = _times(table, evidence, free) or visit
    for role, hits in (("time", times), ("weight", _weights(evidence, free, found))):
        if role not in found and hits:
            found[role] = hits[0]
    return found, why


def _people_and_things(table: Table, evidence: Evidence, found: dict[str, str | None], free: Sequence[str]) -> str:
    """Adds user and item to what was found; returns how they were told apart."""
    lacking = [role for role in ("user", "item") if role not in found]
    fit = _fit(evidence, free, len(lacking))
    if len(fit) > 2 and lacking == ["user", "item"] and counts_few_rows(evidence, fit[0]):
        raise ambiguous(table, "user", fit, f"`{fit[0]}` counts the rows, as row numbers do")
    known = list(filter(None, (found.get("user"), found.get("item"))))
    rivals = _without_attributes(evidence, [*known, *fit[:_MAX_RIVALS]])
    fit = [name for name in fit if name in rivals]
    why = ""
    if len(fit) == 1 and len(lacking) == 2:
        found[evidence.side(fit[0]) or "user"] = fit[0]
    elif fit and "user" in lacking:
        found["user"], why = _user_of(table, evidence, fit)
    fit = [name for name in fit if name not in found.values()]
    if fit and "item" not in found:
        found["item"] = _item_of(table, evidence, fit)
    return why


def _fit(evidence: Evidence, free: Sequence[str], n_needed: int) -> list[str]:
    """The columns that can hold ids, in the order of the file; those of few values only where others are too few."""
    places = pairs_of_coordinates(evidence, free)
    fit = [name for name in free if evidence.kind(name) in _IDS and name not in places]
    few = [name for name in free if evidence.kind(name) in _FEW_IDS]
    if len(fit) >= n_needed or not few:
        return fit
    # `user rating date` has no item; `user item rating` may have few items
    is_lone = len(few) == 1 and len(fit) + 1 == n_needed and any(evidence.kind(name) == "moment" for name in free)
    return fit if is_lone else [name for name in free if name in fit or name in few]


def _without_attributes(evidence: Evidence, fit: Sequence[str]) -> list[str]:
    """Without what another column tells: the category of an item, its name beside its id, a count."""
    if evidence.n_rows < ENOUGH:  # nothing is seen of what tells what
        return list(fit[:2])
    kept = list(fit[:2])
    for name in fit[2:]:
        if evidence.kind(name) == "number" and not any(_is_coarser(evidence, name, other) for other in fit):
            continue  # a count, as far as can be seen
        kept.append(name)
    for name in list(kept):
        others = [other for other in kept if other != name]
        if len(kept) > 2 and any(_tells_all(evidence, other, name) for other in others):
            kept.remove(name)
    return kept


def counts_few_rows(evidence: Evidence, name: str) -> bool:
    """Whether a column numbers the rows of a file that has too few to show that these are no ids."""
    return _FEWEST <= evidence.n_rows < ENOUGH and evidence.counts_rows(name)


def _is_coarser(evidence: Evidence, name: str, other: str) -> bool:
    """Whether one of them tells the other, as a track its artist."""
    return name != other and (evidence.determines(name, other) or evidence.determines(other, name))


def _tells_all(evidence: Evidence, key: str, name: str) -> bool:
    """Whether a column says nothing beside another: one value for each of its own, and few or as many of them."""
    if not evidence.determines(key, name):
        return False
    if evidence.determines(name, key):
        if evidence.kind(name) == "number":
            return _place(key) < _place(name)
        # an id and a name of the same thing stand side by side; an artist and a track are two things
        is_same = abs(_place(key) - _place(name)) == 1 and "text" in (evidence.kind(key), evidence.kind(name))
        return is_same and _rank(evidence, key) < _rank(evidence, name)
    n_values, n_keys = evidence.n_values(name), evidence.n_values(key)
    return evidence.kind(name) == "category" or n_values <= ENOUGH or n_values < _MANY * n_keys


def _rank(evidence: Evidence, name: str) -> tuple[bool, bool, int]:
    """The one without gaps first, then the id."""
    return evidence.missing(name) > _GAPS, evidence.kind(name) == "text", _place(name)


def _place(name: str) -> int:
    return int(name.rpartition("_")[2]) if name.startswith("column_") else 0


def _user_of(table: Table, evidence: Evidence, fit: Sequence[str]) -> tuple[str, str]:
    """The user among columns of ids, and how that was told."""
    sides = {name: evidence.side(name) for name in fit}
    people = [name for name in fit if sides[name] == "user"]
    if len(people) == 1:
        return people[0], "by the form of the ids"
    first, *others = fit
    if not others:
        return first, ""
    if sides[first] == "item" and not people:
        if len(others) == 1:
            return others[0], "by the form of the ids"
        raise ambiguous(table, "user", others, f"the column `{first}` holds ids of items")
    second = others[0]
    if sides[second] == "item":
        return first, "by the form of the ids"
    if why := _against_place(table, evidence, first, second):
        raise ambiguous(table, "user", fit[:2], why)
    return first, "by place, the user first"


def _against_place(table: Table, evidence: Evidence, first: str, second: str) -> str:
    """What says that the second column is the user and the first the item; empty where nothing does."""
    if evidence.lies_together(second) and evidence.is_mixed(first):
        return f"the rows of one value of `{second}` lie together, as those of one user often do"
    rest = [
        name
        for name in table.frame.columns[:MAX_COLUMNS]
        if evidence.kind(name) in _ATTRIBUTES and name not in (first, second)
    ]
    told = [name for name in rest if evidence.determines(first, name)]
    if told and not any(evidence.determines(second, name) for name in rest):
        return f"`{first}` has one `{told[0]}` each, as an item has a category"
    is_title = evidence.kind(first) == "text" and evidence.kind(second) != "text"
    return f"`{first}` holds words, as the titles of items do" if is_title else ""


def _item_of(table: Table, evidence: Evidence, fit: Sequence[str]) -> str:
    known = [name for name in fit if evidence.side(name) == "item"]
    if len(fit) == 1 or len(known) == 1:
        return known[0] if known else fit[0]
    raise ambiguous(table, "item", fit, "each of them could be what users choose")


def _times(table: Table, evidence: Evidence, free: Sequence[str]) -> list[str]:
    """Moments, first those surely so."""
    moments, doubtful = without_numbers(table, evidence, [name for name in free if evidence.kind(name) == "moment"])
    return [*moments, *doubtful] or [
        name for name in free if evidence.kind(name) in ("id", "number") and _may_be_time(evidence, name)
    ]


def _start_and_stop(evidence: Evidence, free: Sequence[str], user: str | None) -> list[str]:
    """Two columns side by side that say from when to when, in steps from a moment that nobody names; else empty.

    The first is never after the second, and never falls from one row of a user to the next.
    """
    numbers = [name for name in free if evidence.kind(name) in _STEPS and evidence.is_number(name)]
    for start, stop in pairwise(numbers):
        rows = pl.DataFrame([evidence.values(name).alias(str(i)) for i, name in enumerate((user or "", start, stop))])
        rows = rows.with_columns(pl.col("1", "2").cast(pl.Float64, strict=False)).sort("0", maintain_order=True)
        is_same = pl.col("0") == pl.col("0").shift(1)
        rises = rows.select((pl.col("1") >= pl.col("1").shift(1)).filter(is_same)).to_series().drop_nulls()
        is_beside = _place(stop) == _place(start) + 1
        if is_beside and len(rises) >= ENOUGH and rises.all() and (rows["1"] <= rows["2"]).all():
            return [start, stop]
    return []


def _may_be_time(evidence: Evidence, name: str) -> bool:
    numbers = evidence.values(name).drop_nulls().cast(pl.Float64, strict=False)
    return not numbers.null_count() and is_epoch(numbers)


def _weights(evidence: Evidence, free: Sequence[str], found: dict[str, str | None]) -> list[str]:
    """Numbers that differ between rows of one item, so that they tell of the event and not of the item."""
    places = pairs_of_coordinates(evidence, free)
    keys = [found["user"] or "", found["item"] or ""]
    return [
        name
        for name in free
        if name not in places
        and ((evidence.kind(name) in _WEIGHTS and evidence.is_number(name)) or says_both(evidence, name))
        and not any(evidence.determines(key, name) for key in keys)
        and not _are_large_ids(evidence, name)
    ]


def _are_large_ids(evidence: Evidence, name: str) -> bool:
    """Whether whole numbers are the names of something, as none is small; amounts begin small."""
    numbers = evidence.values(name).drop_nulls().cast(pl.Float64, strict=False)
    is_whole = evidence.kind(name) in ("id", "number") and len(numbers) > 0
    return is_whole and float(numbers.min() or 0) >= _LEAST_ID  # type: ignore[arg-type]  # a float
