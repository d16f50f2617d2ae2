"""Which column of a file with names plays which role: by its name, and by its values where the names leave it open."""

import re
from collections.abc import Sequence

from recmodels.data.checks import CHECK
from recmodels.data.column_names import (
    AMOUNT,
    CLICK_LOG_NAMES,
    COORDINATE_NAMES,
    NO_OPINION,
    OUTCOME,
    OUTCOME_NAMES,
    PART_NAMES,
    PATTERNS,
    PERSON,
    ROLE_NAMES,
    THING,
    TIME_NAMES,
    WEAK_USERS,
    Role,
    plain,
)
from recmodels.data.reading import verdicts
from recmodels.data.reading.anonymous import visitor
from recmodels.data.reading.evidence import MAX_COLUMNS, Evidence
from recmodels.data.reading.kinds import ENOUGH, MOST, Kind, is_session, share
from recmodels.data.reading.layouts.click_logs import log_without_users, refusal
from recmodels.data.reading.moments import moment_of_rows
from recmodels.data.reading.question import ambiguous
from recmodels.data.reading.table import Table, listed

_ORDER: tuple[Role, ...] = ("user", "item", "weight", "order", "split")
_PATTERN_AFTER = {"user": 2, "item": 1}  # tiers of names
_CLICK_LOG = 4  # names of such a log
_MAX_CHOICES = 8
_NO_ID: tuple[Kind, ...] = (
    "empty",
    "constant",
    "moment",
    "part",
    "row number",
    "label",
    "coordinate",
    "fraction",
    "list",
)
_NO_WEIGHT: tuple[Kind, ...] = ("empty", "constant", "moment", "coordinate")


def roles_by_name(
    table: Table, evidence: Evidence, given: dict[str, str | None]
) -> tuple[dict[str, str | None], dict[str, str]]:
    """Role → column, and for the roles that values told and no name, a sentence.

    Args:
        given: The roles that the person named.

    Raises:
        AmbiguousColumns: Two columns could be the user, the item or the weight, or the name of none says it.
    """
    found, seen = dict(given), dict[str, str]()
    for role in _ORDER:
        if role not in found:
            free = [name for name in table.frame.columns if name not in found.values()]
            found[role] = _by_name(role, free, table, evidence, seen)
    _find_weight(table, evidence, found, given, seen)
    if "time" not in found:
        free = [name for name in table.frame.columns if name not in found.values()]
        found["time"] = first_time(free)
    _ask_in_doubt(table, evidence, found, given, seen)
    _find_weight(table, evidence, found, given, seen)  # where only now user and item are known
    if "time" not in given and found["time"] is None:
        free = [name for name in table.frame.columns if name not in found.values()]
        found["time"], told = moment_of_rows(table, evidence, free, (found["user"], found["item"]))
        seen |= {"time": told} if told else {}
    return found, seen


def first_time(names: Sequence[str]) -> str | None:
    """The column that is called like a time, the best name first."""
    by_plain = {plain(name): name for name in reversed(names)}
    known = (by_plain[word] for word in TIME_NAMES if word in by_plain)
    alike = (name for word, name in by_plain.items() if re.fullmatch(PATTERNS["time"], word))
    return next(known, None) or next(alike, None)


def _by_name(role: Role, names: Sequence[str], table: Table, evidence: Evidence, seen: dict[str, str]) -> str | None:
    tiers = [[name for name in names if plain(name) in tier] for tier in ROLE_NAMES[role]]
    if role in _PATTERN_AFTER:
        alike = [name for name in names if re.fullmatch(PATTERNS[role], plain(name))]
        after = _PATTERN_AFTER[role]
        tiers = [*tiers[:after], alike if len(alike) == 1 else [], *tiers[after:], alike]
    if role == "weight":
        ratings, *others, abroad, _ = tiers
        abroad = [name for name in abroad if verdicts.holds_ratings(evidence, name)]
        tiers = [ratings, abroad, verdicts.by_name(evidence, list(names)), *others]
    unfit: list[str] = []
    for tier in tiers:
        hits = _fit(role, tier, evidence)
        unfit += [name for name in tier if name not in hits and name not in unfit]
        if role == "item" and hits and (finest := _finest(evidence, hits, names)):
            seen["item"] = (
                f"`{finest[0]}` is the item, as the finest of several; the others describe it: {listed(finest[1:])}"
            )
            return finest[0]
        if role == "user" and hits and (told := visitor(table, evidence, hits, names)):
            seen["user"] = told[1]
            return told[0]
        if len(hits) > 1 and role in ("user", "item", "weight"):
            raise ambiguous(table, role, hits)
        empty = [name for name in unfit if evidence.kind(name) == "empty"]
        if hits and empty and role in ("user", "item"):
            seen[role] = f"{listed(empty)} has no values, so `{hits[0]}` was taken for the {role}"
        if hits:
            return hits[0]
    if role == "weight":  # a moment of a purchase or a like is none
        unfit = [name for name in unfit if evidence.kind(name) != "moment"]
    elif role == "item":
        unfit = [name for name in unfit if evidence.kind(name) != "constant"]
    if role in ("user", "item") and empty and len(unfit) > len(empty):
        raise ambiguous(
            table, role, unfit, f"{listed(empty)} has no values, and what the others hold looks like no ids"
        )
    return unfit[0] if unfit else None


def _finest(evidence: Evidence, hits: Sequence[str], names: Sequence[str]) -> list[str]:
    """The id that tells all the columns that are called like an item, as a track its album and artist, and these.

    A name or a title alone may have its id in a column that is called otherwise. Empty where no column is so, or where
    two may be ids of one thing, as `asin` and `parent_asin`.
    """
    ids = [name for name in hits if plain(name) in ROLE_NAMES["item"][0]]
    others = [] if ids else [name for name in names[:MAX_COLUMNS] if THING.search(plain(name)) and name not in hits]
    several = [name for name in [*hits, *others] if evidence.kind(name) in ("id", "number", "text")]
    several = [name for name in several if not evidence.is_unique(name)]
    is_one_thing = any(plain(one) in plain(other) for one in ids for other in ids if one != other)
    if is_one_thing or len(several) < 2:
        return []
    for name in several:
        rest = [other for other in several if other != name]
        is_id = evidence.kind(name) != "text" or name in ids
        if is_id and all(_tells(evidence, name, other) for other in rest):
            return [name, *rest]
    return []


def _tells(evidence: Evidence, name: str, other: str) -> bool:
    """Whether the values of a column determine those of another, which is coarser or a text of the same thing."""
    is_same = evidence.determines(other, name)
    return evidence.determines(name, other) and (not is_same or evidence.kind(other) == "text")


def _fit(role: Role, names: Sequence[str], evidence: Evidence) -> list[str]:
    """Without those whose values cannot be it."""
    if role not in ("user", "item", "weight"):
        return list(names)
    unfit = _NO_WEIGHT if role == "weight" else _NO_ID
    return [name for name in names if evidence.kind(name) not in unfit]


def _find_weight(
    table: Table,
    evidence: Evidence,
    found: dict[str, str | None],
    given: dict[str, str | None],
    seen: dict[str, str],
) -> None:
    """Add the weight that the values tell where no name does."""
    if found.get("weight") is None and "weight" not in given:
        found["weight"], told = _by_value(table, evidence, found)
        seen |= {"weight": told} if told else {}


def _by_value(table: Table, evidence: Evidence, found: dict[str, str | None]) -> tuple[str | None, str]:
    """The weight that no role's name says, and a sentence.

    Raises:
        AmbiguousColumns: Several columns hold numbers of a scale.
    """
    user, item = found.get("user"), found.get("item")
    if not user or not item:
        return None, ""
    free = [name for name in table.frame.columns if name not in found.values()][:MAX_COLUMNS]
    if counts := verdicts.counts(evidence, free, user, item):
        others = f", and not {listed(counts[1:])} (`--column weight=` takes none)" if counts[1:] else ""
        return counts[0], f"`{counts[0]}` says how often or how many, so it was taken for the weight{others}"
    if len(said := verdicts.by_value(evidence, free, user, item)) == 1:
        return said[0], f"`{said[0]}` says what was liked and what was not, so it was taken for the weight"
    scales = verdicts.scales(evidence, [name for name in free if not _is_other(name)], user, item)
    if len(several := said or scales) > 1:
        raise ambiguous(table, "weight", several, "no column is called like a rating, and these hold some")
    if not scales:
        return None, ""
    return scales[0], (
        f"{CHECK}no column is called like a rating; `{scales[0]}` holds numbers of a scale and was taken for the "
        f"weight (`--column weight=` takes none)"
    )


def _is_other(name: str) -> bool:
    """Whether the name says that it is of the moment, the place, or another outcome than a rating."""
    word = plain(name)
    is_named = word in COORDINATE_NAMES | PART_NAMES | OUTCOME_NAMES or word in TIME_NAMES
    is_place = any(word in tier for role in ("order", "split") for tier in ROLE_NAMES[role])
    is_outcome = OUTCOME.fullmatch(word.rstrip("0123456789")) is not None
    return is_named or is_place or is_outcome or NO_OPINION.fullmatch(word) is not None


def _ask_in_doubt(
    table: Table,
    evidence: Evidence,
    found: dict[str, str | None],
    given: dict[str, str | None],
    seen: dict[str, str],
) -> None:
    """Ask about a user or an item that no name says, or only a weak one; the only one that can be it is taken."""
    free = [name for name in table.frame.columns if name not in found.values()]
    user = found.get("user")
    _ask_of_clicks(table, evidence, found, given)
    sessions = [name for name in free if is_session(name) and evidence.kind(name) in ("id", "number")]
    if "user" not in given and user and sessions and evidence.missing(user) > 0.5:
        lacking = f"{evidence.missing(user):.0%} of the rows have no `{user}`"
        raise ambiguous(table, "user", [user, *sessions], lacking)
    if any(found.get(role) and evidence.is_unique(found[role] or "") for role in ("user", "item")):
        return  # a table of items or users, a row each
    for role, other in (("user", "item"), ("item", "user")):
        if found.get(role) or role in given:
            continue
        free = [name for name in table.frame.columns if name not in found.values()]
        choices = _apart(evidence, role, choices_of(evidence, free), found.get(other))
        if role == "item":
            choices = [name for name in choices if not PERSON.fullmatch(plain(name))]
            choices.sort(key=is_session)
        if len(choices) > 1:
            raise ambiguous(table, role, choices, "no column is called like one")
        if choices and (role == "item" or found.get("item")) and _may_be_taken(evidence, choices[0]):
            found[role], seen[role] = choices[0], _told_of(role, choices[0])


def _apart(evidence: Evidence, role: str, choices: Sequence[str], other: str | None) -> list[str]:
    """Without what describes the user or the item that is known, or another choice.

    A session tells its user and is none, so that only what is the same as another choice is dropped for a user.
    """
    kept = [name for name in choices if not (other and evidence.determines(other, name))]
    for name in list(kept):
        rivals = [rival for rival in kept if rival != name and evidence.determines(rival, name)]
        same = [rival for rival in rivals if evidence.determines(name, rival)]
        better = [rival for rival in same if _rank(evidence, kept, rival) < _rank(evidence, kept, name)]
        coarser = role == "item" and any(rival not in same for rival in rivals)
        if better or coarser:
            kept.remove(name)
    return kept


def _rank(evidence: Evidence, names: Sequence[str], name: str) -> tuple[bool, int]:
    """An id before a text, then as in the file."""
    return evidence.kind(name) == "text", names.index(name)


def _may_be_taken(evidence: Evidence, name: str) -> bool:
    """Whether a column is one of ids, not of a few words; False where too few rows say so."""
    if evidence.n_rows < ENOUGH:
        return False
    known = evidence.values(name).drop_nulls()
    return evidence.kind(name) != "category" or share(known, r"\d") >= MOST


def _told_of(role: str, name: str) -> str:
    if is_session(name):
        return (
            f"{CHECK}no column names the {role}s, so each `{name}` was taken for one {role}; if another file says "
            "who is behind each, join the two files first"
        )
    return f"no column is called like the {role}; `{name}` was taken, as the only one left that can be it"


def _ask_of_clicks(
    table: Table, evidence: Evidence, found: dict[str, str | None], given: dict[str, str | None]
) -> None:
    """Ask who and what is meant in a log of advertisements' clicks, which has devices, addresses and places of them."""
    log = log_without_users(table)
    is_alike = len(CLICK_LOG_NAMES.intersection(map(plain, table.frame.columns))) >= _CLICK_LOG
    free = [name for name in table.frame.columns if name not in found.values()]
    for role, weak in (("user", WEAK_USERS), ("item", CLICK_LOG_NAMES)):
        column = found.get(role)
        if role in given or not (log or (is_alike and column and plain(column) in weak)):
            continue
        choices = choices_of(evidence, [*([column] if column else []), *free])
        if len(choices) > 1:
            why = f"its columns are those of {log}" if log else "it looks like a log of clicks"
            raise ambiguous(table, role, choices, f"{why}, which names no users and items")
        if log:
            raise refusal(table, log)


def choices_of(evidence: Evidence, names: Sequence[str]) -> list[str]:
    """Columns that can hold ids: not one value, nor one of its own in each row."""
    ids = [name for name in names[:MAX_COLUMNS] if evidence.kind(name) in ("id", "number", "text", "category")]
    ids = [name for name in ids if not AMOUNT.fullmatch(plain(name))]
    several = [name for name in ids if evidence.n_values(name) > 1 and not evidence.is_unique(name)]
    ranked = sorted(several, key=lambda name: evidence.kind(name) == "category")  # stable: as in the file
    return ranked[:_MAX_CHOICES]
