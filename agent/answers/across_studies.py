"""The best of one study against the best of another: what is equal, what is not, and whether they differ beyond chance."""

from collections.abc import Sequence
from typing import TypeAlias

from agent.answers.wording import listed, number, percent
from agent.results.comparison import StudiesCompared, StudiesPaired, StudyAndBest
from agent.results.trial import BestOfStudy
from agent.standing import compared
from agent.studies.study import Study
from agent.uncertainty import CONFIDENCE, valid_values
from memory.record import TrialRecord
from recmodels.repeats import MASK

_DATA = 12  # characters of a fingerprint, which tell versions apart
_MUST_BE_ALIKE = ("dataset", "data", "objective", "split", "positive", "repeats", "outcomes")


def compare_studies(one: Study, other: Study) -> StudiesCompared:
    """The best trial of each, and the difference (the second minus the first) where the two can be compared."""
    best = [study.best() for study in (one, other)]
    rows = [_row(study, found) for study, found in zip((one, other), best, strict=True)]
    unlike = _unlike_rows(*rows)
    return StudiesCompared(
        study=one.title,
        against=other.title,
        studies=tuple(rows),
        unlike=unlike,
        is_maximized=one.spec.goal.primary.is_maximized,
        paired=None if unlike else _paired(one, other, *best),
    )


def unlike_of(one: Study, other: Study) -> tuple[str, ...]:
    """What keeps two studies from being compared: dataset, its data, objective, split, …; empty where nothing does."""
    return _unlike_rows(_row(one, one.best()), _row(other, other.best()))


def _unlike_rows(one: StudyAndBest, other: StudyAndBest) -> tuple[str, ...]:
    """The data are unlike only where both say what they are: earlier versions did not."""
    differing = [name for name in _MUST_BE_ALIKE if getattr(one, name) != getattr(other, name)]
    return tuple(name for name in differing if name != "data" or (one.data and other.data))


def _row(study: Study, best: TrialRecord | None) -> StudyAndBest:
    return StudyAndBest(
        study=study.title,
        dataset=study.spec.dataset,
        data=(study.begun.data or next((record.data for record in study.records() if record.data), ""))[:_DATA],
        objective=study.spec.goal.primary.metric,
        constraints=tuple(str(constraint) for constraint in study.spec.goal.constraints),
        split=best.split if best is not None and best.split else study.spec.split.kind,
        positive=study.spec.positive or "all",
        repeats=study.spec.repeats or MASK,
        outcomes=study.spec.outcomes or "all alike",
        best=None if best is None else BestOfStudy(trial=best.number, model=best.model, value=best.value),
    )


def _paired(one: Study, other: Study, first: TrialRecord | None, second: TrialRecord | None) -> StudiesPaired | None:
    if first is None or second is None:
        return None
    found = compared(one.spec.goal, second, first, [first, second], valid_values)
    if found is None:
        return None
    return StudiesPaired(
        of=other.title,
        minus=one.title,
        mean_difference=found.mean,
        low=found.low,
        high=found.high,
        confidence=CONFIDENCE,
        n_users=found.n_users,
        is_clear=found.is_clear,
    )


def studies_compared(facts: StudiesCompared) -> str:
    """Which study's best is ahead and how sure that is, or why the two cannot be compared."""
    rows = facts.studies
    judged = [(row, row.best) for row in rows if row.best is not None]
    if len(judged) < len(rows):
        without = listed(f"**{row.study}**" for row in rows if row.best is None)
        return f"That cannot be said yet: {without} has no trial that can be judged."
    each = " and ".join(_best(row, found) for row, found in judged)
    if facts.unlike:
        why = listed(_unlike(name, rows) for name in facts.unlike)
        return f"They cannot be compared: {why}. The best are {each}."
    ahead, behind = sorted(judged, key=lambda pair: pair[1].value or 0.0, reverse=facts.is_maximized)
    shared = f"on {ahead[0].dataset}, by {ahead[0].objective} on validation ({ahead[0].split} split)"
    verdict = _verdict(facts, ahead, behind)
    return f"{verdict} {shared}: {_best(*ahead)}, {_best(*behind)}.{_sure(facts.paired)}{_limits(rows)}"


_Judged: TypeAlias = tuple[StudyAndBest, BestOfStudy]


def _best(row: StudyAndBest, found: BestOfStudy) -> str:
    return f"trial {found.trial} of **{row.study}** (`{found.model}`, {row.objective} **{number(found.value)}**)"


def _unlike(name: str, rows: Sequence[StudyAndBest]) -> str:
    what = {
        "dataset": "they tune on different data",
        "data": "the dataset was changed between them",
        "objective": "they go by different metrics",
        "positive": "other ratings count as likes",
        "repeats": "only in one of them do items that people had before stay in the lists",
        "outcomes": "outcomes count otherwise",
    }
    each = ", ".join(f"**{row.study}**: {getattr(row, name)}" for row in rows)
    return f"{what.get(name, 'their data are split differently')} ({each})"


def _verdict(facts: StudiesCompared, ahead: _Judged, behind: _Judged) -> str:
    (first, its_best), (second, other_best), paired = ahead, behind, facts.paired
    if its_best.value == other_best.value:
        return f"**{first.study}** and **{second.study}** are level"
    if paired is not None and not paired.is_clear:
        return f"**{first.study}** is ahead of **{second.study}**, but the difference could be chance,"
    return f"**{first.study}** is {'clearly ' if paired else ''}better than **{second.study}**"


def _sure(paired: StudiesPaired | None) -> str:
    if paired is None:
        return " How sure that is cannot be said: the metrics of each user were not kept."
    sign = 1 if paired.mean_difference > 0 else -1
    low, high = sorted((sign * paired.low, sign * paired.high))
    return (
        f" Over the same {number(paired.n_users)} users the difference is {abs(paired.mean_difference):.2g}, with a"
        f" {percent(paired.confidence)} interval from {low:+.2g} to {high:+.2g}. Both stand by one seed; `confirm` settles it."
    )


def _limits(rows: Sequence[StudyAndBest]) -> str:
    if rows[0].constraints == rows[1].constraints:
        return ""
    said = [f"**{row.study}** under {listed(row.constraints)}" for row in rows if row.constraints]
    return f" Not under the same limits: {listed(said)}."
