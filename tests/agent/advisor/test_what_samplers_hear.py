"""What the trials so far are to each sampler: which of them it is told, with which values, and where it then draws."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import optuna
import pytest
from optuna.samplers import RandomSampler
from optuna.trial import FrozenTrial, TrialState

from agent.advisor import SAMPLERS, advise, substudy
from agent.advisor.situation import Situation
from agent.objective import Goal
from memory.record import TrialRecord
from recmodels.search_space import Choice, Float, Int, Params, SearchSpace, When

SPACE = SearchSpace(
    {
        "rate": Float(0.0, 1.0, default=0.9),
        "adapter": Choice(("frozen", "lora"), default="lora"),
        "rank": Int(1, 64, default=8, log=True, when=When(name="adapter", values=("lora",))),
    }
)
LORA: Params = {"rate": 0.2, "adapter": "lora", "rank": 16}
FROZEN: Params = {"rate": 0.4, "adapter": "frozen"}


def record(number: int, params: Params, value: float | None, **changed: Any) -> TrialRecord:
    given = TrialRecord(
        id=f"s/{number}",
        study="s",
        number=number,
        dataset="d",
        model="m",
        params=params,
        state="complete",
        objective="ndcg@10",
        value=value,
        metrics={"valid_ndcg@10": value, "valid_coverage@10": 0.5} if value is not None else {},
    )
    return replace(given, **changed)


def situation(records: Sequence[TrialRecord], space: SearchSpace = SPACE, **changed: Any) -> Situation:
    given = Situation(
        goal=Goal.parse(["ndcg@10"]), spaces={"m": space}, declared={"m": space}, records=tuple(records), seed=7
    )
    return replace(given, **changed)


def many(n: int) -> list[TrialRecord]:
    rng = np.random.default_rng(3)
    return [record(i, {"rate": float(x), "adapter": "frozen"}, 0.2 + x / 10) for i, x in enumerate(rng.random(n))]


def told_to_optuna(now: Situation) -> list[FrozenTrial]:
    """The trials of the study that a sampler sees."""
    seen: list[FrozenTrial] = []

    class Sees(RandomSampler):
        def infer_relative_search_space(self, study: optuna.Study, trial: FrozenTrial) -> dict[str, Any]:
            seen.extend(study.get_trials(states=(TrialState.COMPLETE, TrialState.PRUNED)))
            return {}

    assert substudy.ask(lambda seed: Sees(seed=seed), now, "m") is not None
    return seen


RECORDS = (
    record(0, LORA, 0.3, curve=(0.1, 0.3)),
    record(1, FROZEN, 0.2, state="pruned", curve=(0.2,)),
    record(2, {**LORA, "rate": 0.6}, None, state="failed", reason="diverged"),
    record(3, {**LORA, "rate": 0.7}, 0.4, metrics={"valid_ndcg@10": 0.4}),
)


def test_optuna_is_told_of_trials_with_their_curves_and_of_none_that_failed() -> None:
    first, second, third = told_to_optuna(situation(RECORDS))
    assert (first.state, first.params, first.values) == (TrialState.COMPLETE, LORA, [0.3])
    assert first.intermediate_values == {1: 0.1, 2: 0.3}
    assert (second.state, second.params, second.values) == (TrialState.PRUNED, FROZEN, [0.2])
    assert third.params["rate"] == 0.7


def test_optuna_is_told_by_how_much_a_trial_misses_what_it_measured() -> None:
    bounded = situation(RECORDS, goal=Goal.parse(["ndcg@10"], ["coverage@10>=0.7", "latency_ms<=5"]))
    told = told_to_optuna(bounded)
    assert [trial.params["rate"] for trial in told] == [0.2, 0.4], "one of which the coverage is known"
    assert told[0].constraints == {"coverage@10 >= 0.7": pytest.approx(0.2)}, "no trial measured the latency"


def test_of_several_objectives_optuna_is_told_of_complete_trials_without_a_curve() -> None:
    (only,) = told_to_optuna(situation(RECORDS, goal=Goal.parse(["ndcg@10", "coverage@10"])))
    assert (only.values, only.intermediate_values) == ([0.3, 0.5], {})


def test_params_that_do_not_apply_are_told_at_their_default_only_where_one_fixed_space_is_needed() -> None:
    for with_default, params in ((False, FROZEN), (True, {**FROZEN, "rank": 8})):
        told = substudy.told(situation(RECORDS), "m", with_default=with_default)
        assert told[1][1] == params


@pytest.mark.parametrize(
    ("sampler", "few", "why"),
    [
        ("gp", 3, "the largest expected improvement under a Gaussian process"),
        ("tpe", 3, "dense among the good trials and rare among the others"),
        ("nsga2", 5, "a child of the best trials so far"),
    ],
)
def test_a_sampler_draws_at_random_while_there_are_too_few_trials(sampler: str, few: int, why: str) -> None:
    for n, source, begins in ((few, "random", "a uniform draw, as there are too few trials"), (few + 1, sampler, why)):
        drawn = (SAMPLERS[sampler](situation(many(n), seed=seed), "m") for seed in range(5))
        found = next(candidate for candidate in drawn if candidate and candidate.source == source)
        assert found.reason.startswith(begins)


def test_cmaes_begins_about_the_defaults_and_has_a_generation_for_every_five_trials() -> None:
    plane = SearchSpace({"x": Float(0, 1, default=0.9), "y": Float(0, 1, default=0.9)})
    draws = [SAMPLERS["cmaes"](situation((), plane, seed=seed), "m") for seed in range(20)]
    assert np.mean([float(value) for draw in draws if draw for value in draw.params.values()]) > 0.65
    for n, generation in ((4, 0), (5, 1), (9, 1), (10, 2)):
        draw = SAMPLERS["cmaes"](situation(many(n)), "m")
        assert draw is not None and draw.reason.startswith(f"a draw of generation {generation}")


def test_as_many_others_are_made_as_are_asked_for() -> None:
    now = situation(many(5), spaces={"m": SPACE, "k": SPACE}, declared={"m": SPACE, "k": SPACE})
    assert len(advise(now)) == 1
    for n in (0, 1, 2):
        assert len(advise(now, n_others=n)) == 1 + n


def test_children_of_nsga2_inherit_what_applies_to_some_of_their_parents_only() -> None:
    """All parents have rank 16, or the default 8 that does not apply to them; a new rank is one of 64."""
    lora = [record(i, {"rate": 0.1 * i, "adapter": "lora", "rank": 16}, 0.2 + i / 100) for i in range(4)]
    parents = [*lora, *(record(4 + i, {"rate": 0.5 + 0.1 * i, "adapter": "frozen"}, 0.2) for i in range(3))]
    children = [SAMPLERS["nsga2"](situation(parents, seed=seed), "m") for seed in range(20)]
    ranks = [child.params["rank"] for child in children if child and child.source == "nsga2" and "rank" in child.params]
    assert len(ranks) > 3 and ranks.count(16) >= len(ranks) / 5
