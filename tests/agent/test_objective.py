"""Goals as people write them, and what their constraints say of a trial's metrics."""

import math

import pytest

from agent.errors import UserError
from agent.objective import Constraint, Goal, Objective, measured
from recmodels.errors import ParamError
from recmodels.metrics import METRICS


def constraint(text: str) -> Constraint:
    (found,) = Goal.parse(["ndcg@10"], [text]).constraints
    return found


def test_a_goal_has_objectives_in_their_order_each_with_its_own_direction() -> None:
    goal = Goal.parse(["NDCG@20", "latency_ms"])
    assert goal == Goal(
        objectives=(
            Objective(metric="ndcg@20", direction="maximize"),
            Objective(metric="latency_ms", direction="minimize"),
        ),
        constraints=(),
    )
    assert goal.primary.metric == "ndcg@20"
    assert [(objective.is_maximized, objective.sign) for objective in goal.objectives] == [(True, 1), (False, -1)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("coverage@10>=0.2", Constraint(metric="coverage@10", at_least=True, bound=0.2)),
        ("coverage>.2", Constraint(metric="coverage@10", at_least=True, bound=0.2)),
        (" hr@5 ≥ 1e-3 ", Constraint(metric="hit@5", at_least=True, bound=0.001)),
        ("latency_ms<=5", Constraint(metric="latency_ms", at_least=False, bound=5.0)),
        ("latency_ms < 2.5E+1", Constraint(metric="latency_ms", at_least=False, bound=25.0)),
        ("logloss≤-1", Constraint(metric="logloss", at_least=False, bound=-1.0)),
    ],
)
def test_a_constraint_is_read_as_people_write_it(text: str, expected: Constraint) -> None:
    assert constraint(text) == expected
    assert constraint(expected.to_text()) == expected


@pytest.mark.parametrize("text", ["coverage", "coverage@10=0.2", "coverage@10>=", ">=1", "coverage@10>=1..2", "a b>=1"])
def test_what_is_no_constraint_is_refused_with_the_form(text: str) -> None:
    with pytest.raises(UserError, match="a constraint is written") as refused:
        constraint(text)
    assert repr(text) in str(refused.value)


def test_a_goal_needs_an_objective_and_metrics_that_exist() -> None:
    with pytest.raises(UserError, match="a study needs an objective") as refused:
        Goal.parse([])
    assert all(name in str(refused.value) for name in METRICS)
    with pytest.raises(ParamError):
        Goal.parse(["accuracy"])
    with pytest.raises(ParamError):
        constraint("accuracy>=1")


def test_a_violation_is_the_distance_to_the_bound_and_turns_with_the_sign() -> None:
    least, most = constraint("coverage@10>=0.5"), constraint("latency_ms<=4")
    assert least.violation({"valid_coverage@10": 0.2}) == pytest.approx(0.3)
    assert least.violation({"valid_coverage@10": 0.75}) == pytest.approx(-0.25)
    assert most.violation({"latency_ms": 6.0}) == pytest.approx(2.0)
    assert most.violation({"latency_ms": 1.0}) == pytest.approx(-3.0)
    assert most.violation({}) == math.inf


def test_a_bound_that_is_just_met_holds_and_all_must_hold() -> None:
    goal = Goal.parse(["ndcg@10"], ["coverage@10>=0.5", "latency_ms<=4"])
    assert goal.is_feasible({"valid_coverage@10": 0.5, "latency_ms": 4.0})
    assert goal.is_feasible({"valid_coverage@10": 0.9, "latency_ms": 1.0})
    assert not goal.is_feasible({"valid_coverage@10": 0.49, "latency_ms": 4.0})
    assert not goal.is_feasible({"valid_coverage@10": 0.5, "latency_ms": 4.5})
    assert not goal.is_feasible({"valid_coverage@10": 0.5})
    assert Goal.parse(["ndcg@10"]).is_feasible({})


def test_a_metric_is_that_of_the_validation_part_where_it_has_one() -> None:
    assert measured({"valid_ndcg@10": 0.1, "ndcg@10": 0.2, "test_ndcg@10": 0.3}, "ndcg@10") == 0.1
    assert measured({"train_s": 3.0}, "train_s") == 3.0
    assert measured({"test_ndcg@10": 0.3}, "ndcg@10") is None


def test_a_goal_trades_accuracy_when_any_part_of_it_is_beyond_accuracy() -> None:
    assert not Goal.parse(["ndcg@10", "latency_ms"], ["recall@10>=0.1"]).trades_accuracy
    assert Goal.parse(["ndcg@10", "novelty@10"]).trades_accuracy
    assert Goal.parse(["ndcg@10"], ["recall@10>=0.1", "gini@10<=0.9"]).trades_accuracy


def test_a_goal_is_told_in_the_words_of_its_parts() -> None:
    goal = Goal.parse(["ndcg@10", "latency_ms"], ["coverage@10>=0.123456789", "train_s<=60"])
    assert str(goal) == "maximize ndcg@10, minimize latency_ms, coverage@10 >= 0.123457, train_s <= 60"
    assert [bound.to_text() for bound in goal.constraints] == ["coverage@10>=0.123456789", "train_s<=60.0"]
