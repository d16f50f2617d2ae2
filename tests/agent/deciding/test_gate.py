"""The gate on a line: what is legal, new, and promising enough beside the advisor's candidate."""

from dataclasses import replace

import numpy as np
import pytest

from agent.advisor.predict import surrogate_of
from agent.advisor.situation import Situation, Values
from agent.deciding import gate
from agent.objective import Goal
from agent.proposal import Candidate
from memory.record import TrialRecord
from recmodels.errors import ParamError
from recmodels.search_space import Float, SearchSpace

LINE = SearchSpace({"x": Float(0.0, 1.0, default=0.5)})


def moment(metric: str = "ndcg@10", sign: int = 1, n: int = 7) -> Situation:
    """A hill at 0.5, turned over where less is better."""
    records = tuple(
        TrialRecord(
            id=f"s/{i}",
            study="s",
            number=i,
            dataset="d",
            model="m",
            params={"x": float(x)},
            state="complete",
            objective=metric,
            value=sign * (0.5 - 2 * abs(float(x) - 0.5)),
        )
        for i, x in enumerate(np.linspace(0.02, 0.98, n))
    )
    return Situation(goal=Goal.parse([metric]), spaces={"m": LINE}, declared={"m": LINE}, records=records)


def candidate(x: float) -> Candidate:
    return Candidate(model="m", params={"x": x}, source="gp", reason="r")


def test_params_out_of_range_are_not_legal() -> None:
    assert gate.legal(moment(), "m", {}) == {"x": 0.5}
    with pytest.raises(ParamError):
        gate.legal(moment(), "m", {"x": 1.5})


def test_the_gate_is_optimistic_by_one_standard_deviation() -> None:
    for now, sign in ((moment(), 1), (moment("train_s", -1), -1)):
        surrogate = surrogate_of(now, "m")
        assert surrogate is not None
        mean, spread = surrogate.predict({"x": 0.3})
        assert gate.optimistic(now, "m", {"x": 0.3}) == pytest.approx(sign * mean + spread)


@pytest.mark.parametrize(("metric", "sign"), [("ndcg@10", 1), ("train_s", -1)])
def test_params_pass_until_they_fall_behind_by_half_a_standard_deviation(metric: str, sign: int) -> None:
    now, best = moment(metric, sign), candidate(0.55)
    promised = gate.optimistic(now, "m", best.params)
    assert promised is not None
    limit = promised - 0.5 * float(np.std(Values.of(now, "m").signed))
    verdicts = []
    for x in np.linspace(0.05, 0.45, 41):
        own = gate.optimistic(now, "m", {"x": float(x)})
        if own is not None and now.objection("m", {"x": float(x)}) is None and abs(own - limit) > 1e-9:
            verdicts.append(own >= limit)
            assert (gate.objection(now, "m", {"x": float(x)}, (best,)) is None) == (own >= limit)
    assert True in verdicts and False in verdicts


def test_a_refusal_names_both_numbers_in_the_objectives_own_direction() -> None:
    now = moment("train_s", -1)
    rule = gate.objection(now, "m", {"x": 0.06}, (candidate(0.55),)) or ""
    own, other = (gate.optimistic(now, "m", {"x": x}) or 0.0 for x in (0.06, 0.55))
    margin = 0.5 * float(np.std(Values.of(now, "m").signed))
    assert f"{-own:.4g} for these params and {-other:.4g} for the advisor's candidate" in rule
    assert rule.endswith(f"the margin of {margin:.4g}")


def test_the_best_of_the_candidates_is_the_measure() -> None:
    now = moment()
    assert gate.objection(now, "m", {"x": 0.1}, (candidate(0.08),)) is None
    assert "margin" in (gate.objection(now, "m", {"x": 0.1}, (candidate(0.08), candidate(0.55))) or "")


def test_with_too_few_trials_anything_new_may_run() -> None:
    now = moment(n=3)
    assert gate.optimistic(now, "m", {"x": 0.1}) is None
    assert gate.objection(now, "m", {"x": 0.1}, (candidate(0.55),)) is None
    assert "those of trial 0" in (gate.objection(now, "m", {"x": 0.02}, (candidate(0.55),)) or "")
    failed = replace(now, records=tuple(replace(r, state="failed", value=None, reason="diverged") for r in now.records))
    assert "failed: diverged" in (gate.objection(failed, "m", {"x": 0.05}, ()) or "")
