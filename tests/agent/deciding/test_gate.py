"""Params of a language model's own: refused where they ran, are illegal, or promise plainly less than a candidate."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from agent.advisor.predict import surrogate_of
from agent.advisor.situation import Situation
from agent.deciding import gate
from agent.objective import Goal
from agent.proposal import Candidate
from memory.record import TrialRecord
from recmodels.errors import ParamError
from recmodels.search_space import Float, Int, SearchSpace

SPACE = SearchSpace({"rate": Float(0.0, 1.0, default=0.5), "n": Int(1, 9, default=3)})
NARROW = SearchSpace({"rate": Float(0.0, 0.8, default=0.5), "n": Int(1, 9, default=3)})
TRIED = (0.1, 0.3, 0.5, 0.7, 0.9)
VALUES = [0.40 - (rate - 0.2) ** 2 for rate in TRIED]


def situation(metric: str = "ndcg@10", n: int = len(TRIED)) -> Situation:
    """Trials whose best lies near 0.2, in the direction of the metric."""
    goal = Goal.parse([metric])
    records = tuple(
        TrialRecord(
            id=f"s/{number}",
            study="s",
            number=number,
            dataset="d",
            model="ease",
            params={"rate": rate, "n": 3},
            state="complete",
            objective=goal.primary.metric,
            direction="maximize" if goal.primary.is_maximized else "minimize",
            value=goal.primary.sign * value,
        )
        for number, (rate, value) in enumerate(zip(TRIED[:n], VALUES[:n], strict=True))
    )
    return Situation(goal=goal, spaces={"ease": NARROW}, declared={"ease": SPACE}, records=records)


def candidate(rate: float) -> Candidate:
    return Candidate(model="ease", params={"rate": rate, "n": 3}, source="gp", reason="It promises most.")


CANDIDATES = (candidate(0.95), candidate(0.22))
UNTRIED = [x for x in np.linspace(0.0, 1.0, 41) if min(abs(x - rate) for rate in TRIED) > 0.015]


def promised(now: Situation, rate: float) -> float:
    """Mean plus one standard deviation, turned so that more is better."""
    surrogate = surrogate_of(now, "ease")
    assert surrogate is not None
    mean, spread = surrogate.predict({"rate": rate, "n": 3})
    return now.goal.primary.sign * mean + spread


@pytest.mark.parametrize("metric", ["ndcg@10", "rmse"])
def test_params_may_fall_behind_the_best_candidate_by_half_the_spread_of_the_values(metric: str) -> None:
    now = situation(metric)
    best = max(promised(now, 0.95), promised(now, 0.22))
    margin = 0.5 * float(np.std(VALUES))
    refused = []
    for rate in UNTRIED:
        own = promised(now, rate)
        rule = gate.objection(now, "ease", {"rate": rate, "n": 3}, CANDIDATES)
        assert (rule is None) == (own >= best - margin), rate
        if rule is not None:
            sign = now.goal.primary.sign
            assert rule == (
                f"the trials so far promise at best {sign * own:.4g} for these params and {sign * best:.4g} for the "
                f"advisor's candidate, further apart than the margin of {margin:.4g}"
            )
            refused.append(rate)
    assert 3 < len(refused) < len(UNTRIED) - 3, "some are refused and some are not"


def test_what_is_promised_is_the_mean_and_one_spread() -> None:
    for metric in ("ndcg@10", "rmse"):
        now = situation(metric)
        assert gate.optimistic(now, "ease", {"rate": 0.6, "n": 3}) == pytest.approx(promised(now, 0.6))


def test_too_few_trials_refuse_nothing_that_is_new() -> None:
    now = situation(n=3)
    assert gate.optimistic(now, "ease", {"rate": 0.6, "n": 3}) is None
    assert gate.objection(now, "ease", {"rate": 0.99, "n": 3}, CANDIDATES) is None


def test_without_a_candidate_that_is_predicted_nothing_is_worse() -> None:
    now = replace(situation(), spaces={"ease": NARROW, "ials": SPACE}, declared={"ease": SPACE, "ials": SPACE})
    unpredicted = replace(candidate(0.22), model="ials")
    worst = {"rate": 0.99, "n": 3}
    assert gate.objection(now, "ease", worst, ()) is None
    assert gate.objection(now, "ease", worst, (unpredicted,)) is None
    assert gate.objection(now, "ease", worst, (unpredicted, candidate(0.22))) is not None
    assert gate.objection(now, "ials", worst, (candidate(0.22),)) is None, "of which nothing is known"


def test_params_that_ran_are_refused_whatever_they_promise() -> None:
    rule = gate.objection(situation(), "ease", {"rate": 0.3, "n": 3}, CANDIDATES)
    assert rule == "these params are those of trial 1"


@pytest.mark.parametrize(
    ("params", "expected"),
    [({"rate": 1}, None), ({"rate": 0.9}, None), ({"depth": 1}, None), ({"rate": 0}, {"rate": 0.0, "n": 3})],
)
def test_legal_params_are_completed_and_typed_in_the_narrowed_space(params: Any, expected: Any) -> None:
    if expected is None:
        with pytest.raises(ParamError):
            gate.legal(situation(), "ease", params)
    else:
        found = gate.legal(situation(), "ease", params)
        assert found == expected
        assert isinstance(found["rate"], float)
