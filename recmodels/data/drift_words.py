"""What a comparison of two datasets found, in plain sentences."""

from collections.abc import Mapping, Sequence
from typing import Any

from recmodels.data.drift import CHANCE, GROWN, Comparison, Drift
from recmodels.data.filtering import day

_OF = {
    "popularity": "popularity of items",
    "history length": "events a user",
    "weights": "weights",
    "labels": "labels",
}


# bound of a filter → what differs since the person set it; histories are shorter after any
_CHOSEN = {
    "min_weight": ("weights", "labels"),
    "min_item_events": ("popularity",),
    "where": ("popularity", "weights", "labels"),
    "without_bots": ("popularity",),
    "max_user_events": ("popularity",),
}


def sentences(found: Comparison, kept: Mapping[str, Any] | None = None) -> list[str]:
    """What is new, of when, and each drift.

    Args:
        kept: The filter of which the new dataset came, bound → value; what a person's own choice changed is no drift.
    """
    return [*_what_is_new(found), *_when(found), *on_drifts(found, found.drifts, kept)]


def on_drifts(found: Comparison, drifts: Sequence[Drift], kept: Mapping[str, Any] | None = None) -> list[str]:
    """A sentence on each drift, see `sentences`."""
    chosen = _chosen(found, kept)
    return [_as_chosen(drift) if drift.of in chosen else _drift(found, drift) for drift in drifts]


def unchosen(found: Comparison, kept: Mapping[str, Any] | None = None) -> list[Drift]:
    """The drifts that neither a person's own choice explains nor longer histories: what a verdict goes by."""
    chosen = _chosen(found, kept)
    return [drift for drift in found.drifts if drift.of not in chosen and not found.only_grew(drift)]


def _chosen(found: Comparison, kept: Mapping[str, Any] | None) -> set[str]:
    """What a filter changed; where events were added, they may have changed it as well."""
    if not kept or found.counts["n_events_added"]:
        return set()
    return {"history length"} | {of for bound, names in _CHOSEN.items() if kept.get(bound) is not None for of in names}


def _as_chosen(drift: Drift) -> str:
    means = ""
    if drift.old_mean is not None and drift.new_mean is not None:
        means = f" (mean {drift.old_mean:.3g} → {drift.new_mean:.3g})"
    return f"{_OF[drift.of]}: changed by what you chose to keep{means}"


def _what_is_new(found: Comparison) -> list[str]:
    n = found.counts
    said = [
        f"{found.new} has {n['n_events_new']:,} events, {found.old} has {n['n_events_old']:,}: "
        f"{n['n_events_added']:,} are new, {n['n_events_gone']:,} are gone",
        f"users: {n['n_users_new']:,}, of them {n['n_users_added']:,} new; {n['n_users_gone']:,} are gone",
        f"items: {n['n_items_new']:,}, of them {n['n_items_added']:,} new; {n['n_items_gone']:,} are gone",
    ]
    if n["n_events_added"]:
        said.append(f"{found.new_item_share:.1%} of the new events are of new items".replace("%", " %"))
    return said


def _when(found: Comparison) -> list[str]:
    if "old" not in found.spans or "new" not in found.spans:
        return []
    spans = {name: f"{day(first)} to {day(last)}" for name, (first, last) in found.spans.items()}
    said = [f"time: {spans['new']}; {found.old}: {spans['old']}"]
    if "added" in spans and found.later_share is not None:
        later = f"{found.later_share:.1%}".replace("%", " %")
        said.append(f"the new events: {spans['added']}, {later} of them after the last one of {found.old}")
    return said


def _drift(found: Comparison, drift: Drift) -> str:
    side = "new events" if found.is_grown and drift.of != "history length" else found.new
    means = ""
    if drift.old_mean is not None and drift.new_mean is not None:
        means = f"mean {drift.old_mean:.3g} → {drift.new_mean:.3g}; "
    if found.only_grew(drift):
        return f"{_OF[drift.of]}, {found.old} → {side}: {means.removesuffix('; ')}, {GROWN}"
    chance = ", which chance can explain" if drift.p_value >= CHANCE else ""
    return (
        f"{_OF[drift.of]}, {found.old} → {side}: {drift.word} "
        f"({means}PSI {drift.psi:.2f}; {drift.test} test, p {_p(drift.p_value)}{chance})"
    )


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"= {value:.3f}"
