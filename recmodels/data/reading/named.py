"""Which column of a file with names plays which role: by its name, and by its values where the names leave it open."""

import re
from collections.abc import Sequence

from recmodels.data.checks import CHECK
from recmodels.data.column_names import (
    CLICK_LOG_NAMES,
    COORDINATE_NAMES,
    NO_OPINION,
    OUTCOME,
    OUTCOME_NAMES,
    PART_NAMES,
    PATTERNS,
    ROLE_NAMES,
    TIME_NAMES,
    WEAK_USERS,
    Role,
    plain,
)
from recmodels.data.reading import verdicts
from recmodels.data.reading.evidence import MAX_COLUMNS, Evidence
from recmodels.data.reading.kinds import Kind, is_session
from recmodels.data.reading.layouts.click_logs import log_without_users, refusal
from recmodels.data.reading.moments import moment_of_rows
from recmodels.data.reading.question import ambiguous
from recmodels.data.reading.table import Table

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
    found = dict(given)
    for role in _ORDER:
        if role not in found:
            free = [name for name in table.frame.columns if name not in found.values()]
            found[role] = _by_name(role, free, table, evidence)
    seen: dict[str, str] = {}
    if found.get("weight") is None and "weight" not in given:
        found["weight"], told = _by_value(table, evidence, found)
        seen |= {"weight": told} if told else {}
    if "time" not in found:
        free = [name for name in table.frame.columns if name not in found.values()]
        found["time"] = first_time(free)
    _ask_in_doubt(table, evidence, found, given)
    if "time" not in given and found["time"] is None:
        found["time"], said = moment_of_rows(table, evidence, free, (found["user"], found["item"]))
        seen |= {"time": said} if said else {}
    return found, seen


def first_time(names: Sequence[str]) -> str | None:
    """The column that is called like a time, the best name first."""
    by_plain = {plain(name): name for name in reversed(names)}
    known = (by_plain[word] for word in TIME_NAMES if word in by_plain)
    alike = (name for word, name in by_plain.items() if re.fullmatch(PATTERNS["time"], word))
    return next(known, None) or next(alike, None)


def _by_name(role: Role, names: Sequence[str], table: Table, evidence: Evidence) -> str | None:
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
        unfit += [name for name in tier if name not in hits]
        if len(hits) > 1 and role in ("user", "item", "weight"):
            raise ambiguous(table, role, hits)
        if hits:
            return hits[0]
    return unfit[0] if unfit else None


def _fit(role: Role, names: Sequence[str], evidence: Evidence) -> list[str]:
    """Without those whose values cannot be it."""
    if role not in ("user", "item", "weight"):
        return list(names)
    unfit = _NO_WEIGHT if role == "weight" else _NO_ID
    return [name for name in names if evidence.kind(name) not in unfit]


def _by_value(table: Table, evidence: Evidence, found: dict[str, str | None]) -> tuple[str | None, str]:
    """The weight that no name says, by its values, and a sentence.

    Raises:
        AmbiguousColumns: Several columns hold numbers of a scale.
    """
    user, item = found.get("user"), found.get("item")
    if not user or not item:
        return None, ""
    free = [name for name in table.frame.columns if name not in found.values()][:MAX_COLUMNS]
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


def _ask_in_doubt(table: Table, evidence: Evidence, found: dict[str, str | None], given: dict[str, str | None]) -> None:
    """Ask about a user or an item that no name says, or only a weak one."""
    free = [name for name in table.frame.columns if name not in found.values()]
    user = found.get("user")
    _ask_of_clicks(table, evidence, found, given)
    sessions = [name for name in free if is_session(name) and evidence.kind(name) in ("id", "number")]
    if "user" not in given and user and sessions and evidence.missing(user) > 0.5:
        share = f"{evidence.missing(user):.0%} of the rows have no `{user}`"
        raise ambiguous(table, "user", [user, *sessions], share)
    if any(found.get(role) and evidence.is_unique(found[role] or "") for role in ("user", "item")):
        return  # a table of items or users, a row each
    for role in ("user", "item"):
        choices = [] if found.get(role) or role in given else _choices(evidence, free)
        if role == "item":
            choices.sort(key=is_session)
        if len(choices) > 1 or any(map(is_session, choices)):
            raise ambiguous(table, role, choices, "no column is called like one")


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
        choices = _choices(evidence, [*([column] if column else []), *free])
        if len(choices) > 1:
            why = f"its columns are those of {log}" if log else "it looks like a log of clicks"
            raise ambiguous(table, role, choices, f"{why}, which names no users and items")
        if log:
            raise refusal(table, log)


def _choices(evidence: Evidence, names: Sequence[str]) -> list[str]:
    """Columns that can hold ids: not one value, nor one of its own in each row."""
    ids = [name for name in names[:MAX_COLUMNS] if evidence.kind(name) in ("id", "number", "text", "category")]
    several = [name for name in ids if evidence.n_values(name) > 1 and not evidence.is_unique(name)]
    ranked = sorted(several, key=lambda name: evidence.kind(name) == "category")  # stable: as in the file
    return ranked[:_MAX_CHOICES]
