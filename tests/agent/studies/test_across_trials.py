"""Lessons across the trials of a study: drawn where the evidence is clear, and nowhere else."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from agent.advisor.situation import from_unit, to_unit
from agent.studies.across_trials import drawn
from agent.studies.study_spec import StudySpec
from memory.content import Condition
from memory.record import Lesson, TrialRecord

SPEC = StudySpec.create(dataset="books", models=["bpr_mf"], n_trials=24)
SPACE = SPEC.space("bpr_mf")
LARGE = {"n_users": 900.0, "n_items": 1_700.0, "n_interactions": 1e5}


def trials(n: int = 24, seed: int = 0, slope: float = 0.0, **fixed: Any) -> list[TrialRecord]:
    """Random params, whose value falls by `slope` from the middle of the learning rates on, and a little noise."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(n):
        params = from_unit(SPACE, rng.random(len(SPACE))) | fixed
        rate = to_unit(SPACE["learning_rate"], params["learning_rate"])
        value = 0.2 - slope * max(0.0, rate - 0.5) + 0.003 * float(rng.standard_normal())
        made.append(trial(number, params, value))
    return made


def trial(number: int, params: Any, value: float | None, **changed: Any) -> TrialRecord:
    made = TrialRecord(
        id=f"s/{number}",
        study="s",
        number=number,
        dataset="books",
        profile=LARGE,
        model="bpr_mf",
        params=params,
        state="complete",
        objective="ndcg@10",
        value=value,
    )
    return replace(made, **changed)


def only(found: list[Lesson]) -> Lesson:
    (lesson,) = found
    return lesson


def test_a_range_that_is_worse_is_told_with_its_numbers_and_kept_as_data() -> None:
    records = trials(slope=0.2)
    lesson = only(drawn(SPEC, records))
    content = lesson.content
    assert content is not None and (content.says, content.model, content.metric) == ("worse", "bpr_mf", "ndcg@10")
    (condition,) = content.where
    assert condition.param == "learning_rate" and condition.low is not None and condition.high is None
    there = [r for r in records if content.holds("bpr_mf", r.params)]
    others = [r for r in records if r not in there]
    difference = float(np.median([r.value for r in there]) - np.median([r.value for r in others]))
    assert content.effect == pytest.approx(difference) and difference < -2 * (content.spread or 0)
    assert (content.n, content.n_others) == (len(there), len(others))
    assert set(lesson.evidence) == {r.id for r in records} and content.profile == LARGE
    assert lesson.text.startswith(f"On books, bpr_mf with learning_rate of {condition.low:.4g} or more was worse: ")
    assert f"of {len(there)} trials worse than the median of the other {len(others)}, ndcg@10 lower by" in lesson.text


def test_where_less_is_better_the_higher_values_are_worse() -> None:
    records = [replace(r, objective="rmse", direction="minimize", value=-(r.value or 0.0)) for r in trials(slope=0.2)]
    lesson = only(drawn(SPEC, records))
    assert "rmse higher by" in lesson.text and lesson.content is not None and (lesson.content.effect or 0) > 0


def test_noise_teaches_nothing() -> None:
    assert sum(len(drawn(SPEC, trials(seed=seed))) for seed in range(20)) == 0


def test_few_trials_teach_nothing_however_clear_they_look() -> None:
    assert drawn(SPEC, trials(n=7, slope=0.5)) == []


def test_a_param_that_only_went_along_is_not_blamed() -> None:
    """Trials near the best share two params, of which one counts; at random both vary alone."""
    records = [
        replace(r, params={**r.params, "embedding_size": 16 + int(112 * rate)})
        for r in trials(slope=0.2)
        for rate in [to_unit(SPACE["learning_rate"], r.params["learning_rate"])]
    ]
    found = drawn(SPEC, records)
    blamed = {one.where[0].param for lesson in found if (one := lesson.content) is not None}
    assert len(blamed) <= 1, "either the one or the other, never both"


def test_a_param_is_not_blamed_for_what_trials_with_its_other_values_share() -> None:
    """Middle learning rates are bad, whatever the size; most trials with a large size had such a rate."""
    rng = np.random.default_rng(0)
    ends, middle = (1e-5, 2e-5, 0.05, 0.09), (9e-4, 1e-3, 1.1e-3, 1.2e-3)

    def made(number: int, rate: float, size: int) -> TrialRecord:
        is_bad = rate in middle
        params = SPACE.defaults() | {"learning_rate": rate, "embedding_size": size}
        return trial(number, params, (0.1 if is_bad else 0.2) + 0.001 * float(rng.standard_normal()))

    large = [made(n, middle[n % 4], 100 + n) for n in range(10)]
    small = [made(8 + n, ends[n % 4], 20 + n) for n in range(12)] + [made(20 + n, middle[n], 24 + n) for n in range(2)]
    assert drawn(SPEC, [*large, *small]) == []


def test_repeats_of_one_configuration_are_one_trial() -> None:
    few = trials(n=6, slope=0.5)
    again = [replace(r, id=f"s/{r.number + 6 * k}", number=r.number + 6 * k) for k in range(5) for r in few]
    assert drawn(SPEC, again) == []


def failing(least: int, n: int = 14, reason: str = "out_of_memory: no room") -> list[TrialRecord]:
    """Trials that fail from an embedding size on, the other sizes being mixed."""
    rng = np.random.default_rng(1)
    sizes = np.linspace(16, 128, n).round().astype(int)
    made = []
    for number, size in enumerate(sizes):
        params = from_unit(SPACE, rng.random(len(SPACE))) | {"embedding_size": int(size)}
        done = trial(number, params, 0.2 + 0.001 * number % 0.003)
        made.append(done if size < least else replace(done, state="failed", value=None, reason=reason))
    return made


def test_failures_that_begin_at_a_size_are_one_lesson() -> None:
    records = failing(100)
    lesson = next(one for one in drawn(SPEC, records) if one.content and one.content.says == "fails")
    failed = [r for r in records if r.state == "failed"]
    least = min(int(r.params["embedding_size"]) for r in failed)
    assert lesson.text == (
        f"On books, bpr_mf ran out of memory in all {len(failed)} trials with embedding_size of {least} or more, "
        f"and in none of the other {len(records) - len(failed)}."
    )
    assert lesson.content is not None and lesson.content.failure == "out_of_memory"
    assert lesson.content.where == (Condition(param="embedding_size", low=least),)


def test_failures_among_trials_that_came_through_are_no_lesson() -> None:
    records = failing(100)
    mixed = [replace(records[-1], state="complete", value=0.2, reason=None) if r is records[-1] else r for r in records]
    assert drawn(SPEC, mixed) == [], "one of the largest came through"
    assert drawn(SPEC, failing(128)) == [], "one failure tells no bound"
    assert drawn(SPEC, [replace(r, reason="error: a bug") if r.reason else r for r in records]) == []


def test_the_same_finding_has_the_same_id_whatever_its_numbers() -> None:
    first, second = (only(drawn(SPEC, trials(n=n, slope=0.2))) for n in (24, 40))
    assert first.id == second.id and first.text != second.text
