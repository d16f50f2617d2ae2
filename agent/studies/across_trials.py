"""Lessons across the trials of a study: where its trials were worse than the others, or broke, by more than chance.

A model's params are split at values that were tried, each split into trials inside and outside. A lesson is drawn where
the inside is worse beyond chance, after correction for all splits and models, by two standard errors and by what
matters, and also next to the trials outside whose other params are nearest. What it explains is then set aside, and
what is left is looked at again, so that a param that only went along with the first one is not blamed too.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.advisor.situation import completed, largest_gap, shown
from agent.standing import configuration_of, counted, mean_of
from agent.studies.blame import FAILURES, blamed, failure_of
from agent.studies.rank_tests import worst_split
from agent.studies.reflection import lesson
from agent.studies.study_spec import StudySpec
from memory.content import Condition, Content
from memory.record import Lesson, ParamValue, TrialRecord
from recmodels.search_space import SearchSpace

LEVEL = 0.01  # chance of a wrong lesson on values in a study, all its models together
FAILURE_LEVEL = 0.05  # … on failures, of which few are needed
FEWEST = 4  # trials on either side of a split
_MOST = 3  # lessons on values of one model
_CUTS = 16  # values of a param that are tried as its split
_CLEAR = 2.0  # standard errors
_MATTERS = 0.01  # share of the others' median; less may be clear and is still not worth a lesson

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Some of the trials by the value of one param."""

    condition: Condition
    side: str  # low, high, or the choice: what tells the lessons on one param apart
    inside: Mask  # (n,)
    scope: Mask  # the trials that have the param; (n,)


def drawn(spec: StudySpec, records: Sequence[TrialRecord]) -> list[Lesson]:
    """The lessons of a study that has ended."""
    found: list[Lesson] = []
    for model in spec.models:
        space, own = spec.space(model), [r for r in counted(records) if r.model == model]
        found += _on_failures(spec, space, own)
        found += _on_values(spec, space, own)
    return found


def distinct(records: Sequence[TrialRecord]) -> list[TrialRecord]:
    """The complete trials, repeats with other seeds as one, with their mean."""
    groups: dict[object, list[TrialRecord]] = defaultdict(list)
    for record in records:
        if record.state == "complete" and record.value is not None and math.isfinite(record.value):
            groups[configuration_of(record)].append(record)
    return [mean_of(group) for group in groups.values()]


def _on_values(spec: StudySpec, space: SearchSpace, records: Sequence[TrialRecord]) -> Iterator[Lesson]:
    left, told = distinct(records), list[str]()
    while len(told) < _MOST and (split := _worst(spec, space, left, told)) is not None:
        inside = [r for r, is_in in zip(left, split.inside, strict=True) if is_in]
        outside = [r for r, is_out in zip(left, split.scope & ~split.inside, strict=True) if is_out]
        yield _worse(split, inside, outside)
        left = [r for r, is_in in zip(left, split.inside, strict=True) if not is_in]
        told.append(split.condition.param)


def _worst(spec: StudySpec, space: SearchSpace, records: Sequence[TrialRecord], told: Sequence[str]) -> Split | None:
    """The clearest split of a param of which nothing is told yet; None where none is clear."""
    splits = [split for split in _splits(space, records) if split.condition.param not in told]
    if not splits:
        return None
    values = _signed(records)
    worst = worst_split(values, np.array([s.inside for s in splits]), np.array([s.scope for s in splits]))
    split = splits[worst.place]
    is_clear = worst.p <= LEVEL / len(spec.models) and _is_worth_telling(split, values)
    return split if is_clear and _is_its_own(space, split, records, values) else None


def _splits(space: SearchSpace, records: Sequence[TrialRecord]) -> Iterator[Split]:
    params = [completed(space, record.params) for record in records]
    for name in space:
        has = np.array([name in one for one in params], dtype=bool)
        values = [one[name] for one in params if name in one]
        numbers = [float(value) for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
        found = _by_number(name, params, numbers) if len(numbers) == len(values) else _by_choice(name, params, values)
        for condition, side in found:
            inside = np.array([condition.holds(one) for one in params], dtype=bool)
            if inside.sum() >= FEWEST and (has & ~inside).sum() >= FEWEST:
                yield Split(condition=condition, side=side, inside=inside, scope=has)


Cuts = Iterator[tuple[Condition, str]]


def _by_number(name: str, params: Sequence[dict[str, ParamValue]], numbers: Sequence[float]) -> Cuts:
    values = np.unique(numbers)
    if len(values) > _CUTS:
        values = values[np.unique(np.linspace(0, len(values) - 1, _CUTS).round().astype(int))]
    for value in values:
        yield Condition(param=name, low=_plain(value)), "high"
        yield Condition(param=name, high=_plain(value)), "low"


def _by_choice(name: str, params: Sequence[dict[str, ParamValue]], values: Sequence[ParamValue]) -> Cuts:
    for value in dict.fromkeys(values):
        yield Condition(param=name, choices=(value,)), str(value)


def _plain(value: float) -> float:
    return int(value) if float(value).is_integer() else float(value)


def _is_worth_telling(split: Split, values: Array) -> bool:
    others = values[split.scope & ~split.inside]
    effect, spread = _effect(values[split.inside], others)
    return effect > max(_CLEAR * spread, _MATTERS * abs(float(np.median(others))))


def _effect(inside: Array, outside: Array) -> tuple[float, float]:
    """How much worse the median inside is, and the standard error of that difference."""
    sides = [float(side.std(ddof=1)) ** 2 / len(side) for side in (inside, outside)]
    return float(np.median(outside) - np.median(inside)), math.sqrt(math.pi / 2 * sum(sides))


def _is_its_own(space: SearchSpace, split: Split, records: Sequence[TrialRecord], values: Array) -> bool:
    """Whether the inside is also worse than the outside trials that are nearest in all other params.

    Trials that were chosen to be good are good in several params at once, and a split on one of them would tell of all.
    """
    name = split.condition.param
    others = SearchSpace({other: param for other, param in space.items() if other != name and param.when is None})
    outside = np.flatnonzero(split.scope & ~split.inside)
    gains = []
    for place in np.flatnonzero(split.inside).tolist():
        gaps = [largest_gap(others, records[place].params, records[other].params) for other in outside.tolist()]
        near = outside[np.flatnonzero(np.array(gaps) <= min(gaps) + 1e-9)]
        gains.append(float(np.median(values[near])) - values[place])
    effect, _ = _effect(values[split.inside], values[outside])
    return float(np.median(gains)) > effect / 2


def _signed(records: Sequence[TrialRecord]) -> Array:
    return np.array([record.sign * (record.value or 0.0) for record in records])


def _worse(split: Split, inside: Sequence[TrialRecord], outside: Sequence[TrialRecord]) -> Lesson:
    first, middle = inside[0], float(np.median(_signed(outside)))
    effect, spread = _effect(_signed(inside), _signed(outside))
    n_worse = int((_signed(inside) < middle).sum())
    than = "lower" if first.direction == "maximize" else "higher"
    text = (
        f"On {first.dataset}, {first.model} with {split.condition.words()} was worse: {n_worse} of {len(inside)} "
        f"trials worse than the median of the other {len(outside)}, {first.objective} {than} by {shown(effect)} "
        f"in the median (standard error {shown(spread)})."
    )
    content = Content(
        says="worse",
        model=first.model,
        where=(split.condition,),
        metric=first.objective,
        effect=-effect * first.sign,
        spread=spread,
        n=len(inside),
        n_others=len(outside),
        profile=first.profile,
    )
    return lesson(
        text, first, content, evidence=_ids([*inside, *outside]), about=f"{split.condition.param} {split.side}"
    )


def _on_failures(spec: StudySpec, space: SearchSpace, records: Sequence[TrialRecord]) -> Iterator[Lesson]:
    """One for each kind of failure that a bound of one param tells apart from the trials that came through."""
    through = _by_configuration([r for r in records if r.state in ("complete", "pruned")])
    for failure in FAILURES:
        failed = _by_configuration([r for r in records if failure_of(r) == failure])
        params = [name for name in blamed(failure) if name in space]
        bounds = {name: bound for name in params if (bound := _bound(name, failed, through)) is not None}
        if len(failed) < 2 or not bounds:
            continue
        chance = len(params) / math.comb(len(failed) + len(through), len(failed))
        if chance <= FAILURE_LEVEL / len(spec.models) and len(bounds) == 1:
            yield _breaks(failure, Condition(param=(name := next(iter(bounds))), low=bounds[name]), failed, through)


def _bound(name: str, failed: Sequence[TrialRecord], through: Sequence[TrialRecord]) -> float | None:
    """The least value that failed, where all that came through lie below; None where that does not tell them apart."""
    bad, good = ([r.params.get(name) for r in records] for records in (failed, through))
    numbers = [value for value in (*bad, *good) if isinstance(value, int | float) and not isinstance(value, bool)]
    if not bad or len(numbers) < len(bad) + len(good):
        return None
    least = min(numbers[: len(bad)])
    return least if max(numbers[len(bad) :], default=-math.inf) < least else None


def _breaks(
    failure: str, condition: Condition, failed: Sequence[TrialRecord], through: Sequence[TrialRecord]
) -> Lesson:
    first = failed[0]
    text = (
        f"On {first.dataset}, {first.model} {FAILURES[failure]} in all {len(failed)} trials with {condition.words()}, "
        f"and in none of the other {len(through)}."
    )
    content = Content(
        says="fails",
        model=first.model,
        where=(condition,),
        failure=failure,
        n=len(failed),
        n_others=len(through),
        profile=first.profile,
    )
    evidence = _ids([*failed, *through])
    return lesson(text, first, content, evidence=evidence, about=f"{failure} {condition.param}")


def _by_configuration(records: Sequence[TrialRecord]) -> list[TrialRecord]:
    return list({configuration_of(record): record for record in reversed(records)}.values())[::-1]


def _ids(records: Sequence[TrialRecord]) -> tuple[str, ...]:
    return tuple(record.id for record in records)
