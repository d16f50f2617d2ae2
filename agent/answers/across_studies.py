"""The best of one study against the best of another: what is equal, what is not, and whether they differ beyond chance."""

from collections.abc import Mapping
from typing import Any

from agent.answers.facts import Facts
from agent.answers.wording import listed, number, percent
from agent.standing import compared
from agent.studies.study import Study
from agent.uncertainty import CONFIDENCE, valid_values
from memory.record import TrialRecord

Words = Mapping[str, Any]


def compare_studies(one: Study, other: Study) -> Facts:
    """The best trial of each, and the difference (the second minus the first) where the two can be compared."""
    best = [study.best() for study in (one, other)]
    rows = [_row(study, found) for study, found in zip((one, other), best, strict=True)]
    unlike = [name for name in ("dataset", "objective", "split") if rows[0][name] != rows[1][name]]
    return {
        "study": one.title,
        "against": other.title,
        "studies": rows,
        "unlike": unlike,
        "is_maximized": one.spec.goal.primary.is_maximized,
        "paired": None if unlike or None in best else _paired(one, *best),
    }


def _row(study: Study, best: TrialRecord | None) -> Facts:
    return {
        "study": study.title,
        "dataset": study.spec.dataset,
        "objective": study.spec.goal.primary.metric,
        "constraints": [str(constraint) for constraint in study.spec.goal.constraints],
        "split": best.split if best is not None and best.split else study.spec.split.kind,
        "best": None if best is None else {"trial": best.number, "model": best.model, "value": best.value},
    }


def _paired(study: Study, first: TrialRecord | None, second: TrialRecord | None) -> Facts | None:
    if first is None or second is None:
        return None
    found = compared(study.spec.goal, second, first, [first, second], valid_values)
    if found is None:
        return None
    return {
        "mean_difference": found.mean,
        "low": found.low,
        "high": found.high,
        "confidence": CONFIDENCE,
        "n_users": found.n_users,
        "is_clear": found.is_clear,
    }


def studies_compared(facts: Words) -> str:
    """Which study's best is ahead and how sure that is, or why the two cannot be compared."""
    rows = facts["studies"]
    without = [row["study"] for row in rows if row["best"] is None]
    if without:
        return f"That cannot be said yet: {listed(f'**{name}**' for name in without)} has no trial that can be judged."
    each = " and ".join(_best(row) for row in rows)
    if facts["unlike"]:
        why = listed(_unlike(name, rows) for name in facts["unlike"])
        return f"They cannot be compared: {why}. The best are {each}."
    ahead, behind = sorted(rows, key=lambda row: row["best"]["value"], reverse=facts["is_maximized"])
    shared = f"on {ahead['dataset']}, by {ahead['objective']} on validation ({ahead['split']} split)"
    return f"{_verdict(facts, ahead, behind)} {shared}: {_best(ahead)}, {_best(behind)}.{_sure(facts)}{_limits(rows)}"


def _best(row: Words) -> str:
    found = row["best"]
    return f"trial {found['trial']} of **{row['study']}** (`{found['model']}`, {row['objective']} **{number(found['value'])}**)"


def _unlike(name: str, rows: "list[Words]") -> str:
    what = {"dataset": "they tune on different data", "objective": "they go by different metrics"}
    return f"{what.get(name, 'their data are split differently')} (**{rows[0]['study']}**: {rows[0][name]}, **{rows[1]['study']}**: {rows[1][name]})"


def _verdict(facts: Words, ahead: Words, behind: Words) -> str:
    if ahead["best"]["value"] == behind["best"]["value"]:
        return f"**{ahead['study']}** and **{behind['study']}** are level"
    paired = facts["paired"]
    if paired is not None and not paired["is_clear"]:
        return f"**{ahead['study']}** is ahead of **{behind['study']}**, but the difference could be chance,"
    return f"**{ahead['study']}** is {'clearly ' if paired else ''}better than **{behind['study']}**"


def _sure(facts: Words) -> str:
    paired = facts["paired"]
    if paired is None:
        return " How sure that is cannot be said: the metrics of each user were not kept."
    sign = 1 if paired["mean_difference"] > 0 else -1  # ahead minus behind
    low, high = sorted((sign * paired["low"], sign * paired["high"]))
    return (
        f" Over the same {number(paired['n_users'])} users the difference is {abs(paired['mean_difference']):.2g}, with a"
        f" {percent(paired['confidence'])} interval from {low:+.2g} to {high:+.2g}. Both stand by one seed; `confirm` settles it."
    )


def _limits(rows: "list[Words]") -> str:
    if rows[0]["constraints"] == rows[1]["constraints"]:
        return ""
    said = [f"**{row['study']}** under {listed(row['constraints'])}" for row in rows if row["constraints"]]
    return f" Not under the same limits: {listed(said)}."
