"""All that says "best", "defaults" or "as trial N" of a study with repeats says the same, of any subset of it."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from agent.advisor.allotment import _feasible
from agent.advisor.situation import Situation
from agent.answers.analysis import compare_trials
from agent.confirming.choice import contenders_of
from agent.objective import Goal
from agent.proposal import Proposal, interval_of, predicted_words
from agent.standing import (
    best_of,
    configuration_of,
    defaults_of,
    feasible_of,
    is_feasible,
    ordered,
    rank_of,
    scoreboard,
    so_far,
    standing,
    standing_values,
)
from agent.studies.reflection import reflect
from memory.record import TrialRecord
from recmodels.models import MODELS

GOALS = [
    Goal.parse(["ndcg@10"]),
    Goal.parse(["ndcg@10"], ["coverage@10>=0.5"]),
    Goal.parse(["rmse"], ["coverage@10>=0.5"]),
]


def trial(number: int, value: float | None, l2: float, **given: Any) -> TrialRecord:
    known: dict[str, Any] = {"model": "ease", "state": "complete", "proposer": "gp", "metrics": {}} | given
    return TrialRecord(
        id=f"s/{number}", study="s", number=number, dataset="d", params={"l2": l2}, objective="o", value=value, **known
    )


def a_study(seed: int) -> list[TrialRecord]:
    """Two models with their defaults, repeats of anything with other values and bounds, and trials that broke."""
    rng = np.random.default_rng(seed)
    records: list[TrialRecord] = []
    for number in range(16):
        model, first = ("ease", "ials")[number % 2], number < 2
        l2 = 1.0 if first else float(rng.choice([1, 1, 2, 3]))
        records.append(
            trial(
                number,
                float(rng.normal(0.3, 0.05)),
                l2,
                model=model,
                proposer="defaults" if first else "repeat" if l2 == 1 else str(rng.choice(["gp", "llm", "user"])),
                state="complete" if first else str(rng.choice(["complete", "complete", "complete", "pruned"])),
                metrics={"valid_coverage@10": float(rng.normal(0.52, 0.05))},
            )
        )
    return records


def compared_best(goal: Goal, records: list[TrialRecord], numbers: list[int]) -> int | None:
    study: Any = SimpleNamespace(
        title="s", spec=SimpleNamespace(name="s", goal=goal, aim=str(goal)), records=lambda: tuple(records)
    )
    best: int | None = compare_trials(study, numbers).best
    return best


def learned_from(goal: Goal, records: list[TrialRecord], model: str) -> int:
    """The trial that a lesson about the next one tells the difference to."""
    direction = "maximize" if goal.primary.is_maximized else "minimize"
    new = trial(99, 9.0, 77.0, model=model, expected=0.3, direction=direction)
    proposal = Proposal(number=99, model=model, params=new.params, proposer="gp", rationale="")
    lesson = reflect(goal, new, proposal, tuple(records))
    assert lesson is not None
    return int(lesson.text.partition("(else as trial s/")[2].partition(")")[0])


@pytest.mark.parametrize("goal", GOALS, ids=str)
@pytest.mark.parametrize("seed", range(20))
def test_best_rank_order_comparison_defaults_and_lesson_agree(goal: Goal, seed: int) -> None:
    records = a_study(seed)
    values, feasible = standing_values(records), feasible_of(goal, records)
    sign = goal.primary.sign

    def best_among(some: list[TrialRecord]) -> TrialRecord | None:
        inside = [record for record in some if record in feasible]
        return min(inside, key=lambda r: (-sign * (values[r.number] or 0.0), r.number), default=None)

    best = best_among(records)
    assert best_of(goal, records) is best
    assert so_far(goal, records)[-1] is best
    assert so_far(goal, records) == [best_of(goal, records[: i + 1]) for i in range(len(records))]
    assert ordered(goal, records, feasible)[:1] == ([] if best is None else [best])
    assert best is None or rank_of(goal, best, records) == 1
    found = standing(goal, records, lambda record: None)
    defaults = best_among(records[:2])
    assert (found.best, found.defaults, defaults_of(goal, records)) == (best, defaults, defaults)
    is_default = [c.trial for c in contenders_of(goal, records) if c.role == "defaults"]
    assert is_default == ([] if defaults is None else [defaults.number])
    rng = np.random.default_rng(seed)
    for _ in range(5):
        some = [records[i] for i in rng.choice(len(records), 4, replace=False)]
        chosen = best_among(some)
        assert best_of(goal, records, some) is chosen
        assert compared_best(goal, records, [r.number for r in some]) == (None if chosen is None else chosen.number)
    for model in ("ease", "ials"):
        of_model = best_among([record for record in records if record.model == model])
        if of_model is not None:
            assert learned_from(goal, records, model) == of_model.number
    for who, row in scoreboard(goal, records).items():
        mine = best_among([r for r in records if (r.proposer if r.proposer in ("llm", "user") else "advisor") == who])
        assert row.get("best") == (None if mine is None else values[mine.number])


@pytest.mark.parametrize("goal", GOALS[:2], ids=str)
@pytest.mark.parametrize("seed", range(6))
def test_the_advisor_counts_the_same_configurations_as_feasible(goal: Goal, seed: int) -> None:
    records = a_study(seed)
    spaces = {model: MODELS[model].space for model in ("ease", "ials")}
    situation = Situation(goal=goal, spaces=spaces, declared=spaces, records=tuple(records))
    values = standing_values(records)
    for model in spaces:
        mine = [record for record in feasible_of(goal, records) if record.model == model]
        by_configuration = {configuration_of(record): values[record.number] for record in mine}
        assert sorted(_feasible(situation, model)) == pytest.approx(sorted(by_configuration.values()))  # type: ignore[type-var]


def test_a_lucky_seed_of_the_defaults_is_not_what_a_gain_is_measured_against() -> None:
    records = [
        trial(0, 0.30, 1, proposer="defaults"),
        trial(1, 0.25, 1, model="ials", proposer="defaults"),
        trial(2, 0.20, 1, proposer="repeat"),
        trial(3, 0.20, 1, proposer="repeat"),
    ]
    assert defaults_of(GOALS[0], records) is records[1]


def test_a_bound_that_only_a_lucky_seed_meets_is_not_met() -> None:
    records = [
        trial(0, 0.3, 1, metrics={"valid_coverage@10": 0.55}),
        trial(1, 0.3, 1, metrics={"valid_coverage@10": 0.35}),
        trial(2, 0.1, 2, metrics={"valid_coverage@10": 0.51}),
    ]
    assert [is_feasible(GOALS[1], record, records) for record in records] == [False, False, True]
    assert is_feasible(GOALS[1], records[0], records[:1])
    assert best_of(GOALS[1], records) is records[2]


@pytest.mark.parametrize(
    ("mean", "spread", "words"),
    [
        (0.1734, 0.0498, "0.1734 (90 % interval 0.09 to 0.26)"),
        (0.20346, 0.0004, "0.2035 (90 % interval 0.2028 to 0.2041)"),
        (12.0, 9.0, "12 (90 % interval -3 to 27)"),
    ],
)
def test_a_prediction_is_stated_with_its_interval(mean: float, spread: float, words: str) -> None:
    assert predicted_words(mean, spread) == words
    low, high = interval_of(mean, spread)
    drawn = np.random.default_rng(0).normal(mean, spread, 40_000)
    assert np.mean((low < drawn) & (drawn < high)) == pytest.approx(0.9, abs=0.01)
