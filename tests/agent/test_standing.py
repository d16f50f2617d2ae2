"""Better, best, rank, order, front, group and clearly better, on trials whose standing is known."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from agent.objective import Goal
from agent.standing import (
    best_of,
    compared,
    counted,
    front_of,
    ordered,
    pareto_front,
    rank_of,
    scoreboard,
    so_far,
    standing,
    standing_values,
)
from agent.uncertainty import UserValues
from memory.record import TrialRecord

NDCG = Goal.parse(["ndcg@10"])
COVERED = Goal.parse(["ndcg@10"], ["coverage@10>=0.3"])


def trial(number: int, value: float | None, l2: float | None = None, **given: Any) -> TrialRecord:
    metrics: Mapping[str, float] = given.pop("metrics", {} if value is None else {"valid_ndcg@10": value})
    params = {"l2": float(number) if l2 is None else l2}
    known: dict[str, Any] = {"model": "ease", "state": "complete", "objective": "ndcg@10", "proposer": "gp"}
    return TrialRecord(
        id=f"s/{number}",
        study="s",
        number=number,
        dataset="d",
        params=params,
        value=value,
        metrics=metrics,
        **known | given,
    )


def covering(number: int, value: float, coverage: float) -> TrialRecord:
    return trial(number, value, metrics={"valid_ndcg@10": value, "valid_coverage@10": coverage})


def test_a_constraint_rules_out_the_higher_value_everywhere() -> None:
    records = [covering(0, 0.3, 0.1), covering(1, 0.2, 0.5)]
    assert best_of(COVERED, records) is records[1]
    assert [r.number for r in ordered(COVERED, records)] == [1, 0]
    assert rank_of(COVERED, records[1], records) == 1
    assert rank_of(COVERED, records[0], records) is None
    assert so_far(COVERED, records) == [None, records[1]]


def test_the_front_of_a_study_is_of_feasible_means() -> None:
    goal = Goal.parse(["ndcg@10", "coverage@10"], ["gini@10<=0.9"])

    def tried(number: int, value: float, coverage: float, gini: float = 0.5, l2: float | None = None) -> TrialRecord:
        metrics = {"valid_ndcg@10": value, "valid_coverage@10": coverage, "valid_gini@10": gini}
        return trial(number, value, l2, metrics=metrics)

    records = [
        tried(0, 0.30, 0.2),
        tried(1, 0.25, 0.6),
        tried(2, 0.24, 0.5),  # trial 1 beats it on both
        tried(3, 0.40, 0.9, gini=0.95),  # breaks the constraint
        tried(4, 0.50, 0.1, l2=9.0),  # a lucky seed: its mean is .3
        tried(5, 0.10, 0.1, l2=9.0),
    ]
    assert [record.number for record in pareto_front(goal, records)] == [0, 1]


def test_a_constraint_that_was_not_measured_is_not_met() -> None:
    assert best_of(COVERED, [trial(0, 0.3)]) is None


def test_the_order_is_feasible_then_nearly_feasible_then_pruned_then_failed() -> None:
    records = [
        trial(0, None, state="failed"),
        trial(1, 0.9, state="pruned", metrics={}),
        covering(2, 0.9, 0.1),
        covering(3, 0.5, 0.2),
        covering(4, 0.1, 0.3),
    ]
    assert [r.number for r in ordered(COVERED, records)] == [4, 3, 2, 1, 0]


@pytest.mark.parametrize(("objective", "best"), [("ndcg@10", 1), ("rmse", 0)])
def test_a_metric_that_is_minimized_turns_the_order(objective: str, best: int) -> None:
    goal = Goal.parse([objective])
    direction = goal.primary.direction
    records = [trial(0, 0.2, objective=objective, direction=direction), trial(1, 0.4, objective=objective)]
    found = best_of(goal, records)
    assert found is not None
    assert found.number == best
    assert rank_of(goal, records[1 - best], records) == 2


def test_repeats_share_their_mean_so_a_lucky_seed_is_not_the_best() -> None:
    records = [trial(0, 0.20, l2=1), trial(1, 0.24, l2=2), trial(2, 0.10, l2=2), trial(3, 0.3, l2=2, state="pruned")]
    assert standing_values(records) == pytest.approx({0: 0.2, 1: 0.17, 2: 0.17, 3: 0.3})
    assert best_of(NDCG, records) is records[0]
    assert [rank_of(NDCG, r, records) for r in records] == [1, 2, 2, None]


def test_equal_values_share_a_rank_and_the_earlier_is_best() -> None:
    records = [trial(1, 0.2), trial(0, 0.2), trial(2, 0.1)]
    best = best_of(NDCG, records)
    assert best is not None
    assert best.number == 0
    assert [rank_of(NDCG, r, records) for r in records] == [1, 1, 3]


def test_interrupted_trials_use_no_budget() -> None:
    records = [trial(0, 0.1), trial(1, None, state="failed", reason="interrupted"), trial(2, None, state="failed")]
    assert [r.number for r in counted(records)] == [0, 2]


def test_the_front_holds_what_no_other_beats_each_metric_in_its_own_direction() -> None:
    def point(number: int, value: float, seconds: float, **given: Any) -> TrialRecord:
        return trial(number, value, cost={"train_s": seconds}, **given)

    records = [point(0, 0.3, 9), point(1, 0.2, 5), point(2, 0.2, 6), point(3, 0.1, 5), trial(4, 0.9), point(5, 0.9, 1)]
    records[5] = point(5, 0.9, 1, state="pruned")
    front = front_of(["ndcg@10", "train_s"], records)
    assert [(record.number, values) for record, values in front] == [(0, (0.3, 9)), (1, (0.2, 5))]


def test_equal_points_stand_on_the_front_together() -> None:
    records = [trial(0, 0.3), trial(1, 0.3)]
    assert len(front_of(["ndcg@10"], records)) == 2


USERS = np.arange(300)
HARD = np.random.default_rng(0).random(300)


def by_user(shifts: Mapping[int, float]) -> Any:
    noise = np.random.default_rng(1)
    values = {n: HARD + shift + noise.normal(0, 0.1, 300) for n, shift in shifts.items()}
    return lambda r: UserValues(users=USERS, values=values[r.number]) if r.number in values else None


def test_the_group_are_the_trials_that_the_best_is_not_clearly_better_than() -> None:
    records = [trial(0, 0.50, proposer="defaults"), trial(1, 0.56), trial(2, 0.559)]
    found = standing(NDCG, records, by_user({0: 0.0, 1: 0.06, 2: 0.059}))
    assert [r.number for r in found.group] == [1, 2]
    assert found.defaults is records[0]
    assert found.gain is not None
    assert found.gain.mean == pytest.approx(0.06, abs=0.02)
    assert found.is_clear_gain
    assert found.interval is not None


def test_a_gain_within_the_noise_is_not_clear() -> None:
    records = [trial(0, 0.5, proposer="defaults"), trial(1, 0.501)]
    found = standing(NDCG, records, by_user({0: 0.0, 1: 0.0001}))
    assert [r.number for r in found.group] == [1, 0]
    assert not found.is_clear_gain


def test_the_defaults_being_best_gain_nothing_and_say_so() -> None:
    records = [trial(0, 0.5, proposer="defaults"), trial(1, 0.4)]
    found = standing(NDCG, records, by_user({0: 0.1, 1: 0.0}))
    assert found.best is records[0]
    assert found.gain is None
    assert not found.is_clear_gain


def test_the_defaults_run_by_a_person_first_gain_nothing_over_the_defaults() -> None:
    records = [trial(0, 0.5, l2=1, proposer="user"), trial(1, 0.5, l2=1, proposer="defaults")]
    found = standing(NDCG, records, by_user({0: 0.1, 1: 0.0}))
    assert (found.best, found.defaults) == (records[0], records[1])
    assert found.gain is None


def test_a_trial_that_is_as_good_for_every_user_cannot_be_told_apart() -> None:
    records = [trial(0, 0.5), trial(1, 0.5)]
    found = standing(NDCG, records, lambda _: UserValues(users=USERS, values=HARD))
    assert [r.number for r in found.group] == [0, 1]


def test_less_is_better_turns_gain_and_group_but_not_the_stated_difference() -> None:
    goal = Goal.parse(["rmse"])
    given = {"objective": "rmse", "direction": "minimize"}
    records = [trial(0, 0.9, proposer="defaults", **given), trial(1, 0.8, **given)]
    values = by_user({0: 0.1, 1: 0.0})
    found = standing(goal, records, values)
    assert found.best is records[1]
    assert found.is_clear_gain
    assert found.gain is not None
    assert found.gain.mean > 0
    stated = compared(goal, records[1], records[0], records, values)
    assert stated is not None
    assert stated.mean == pytest.approx(-found.gain.mean)
    assert stated.low <= stated.mean <= stated.high < 0


def test_without_values_of_users_nothing_is_claimed() -> None:
    records = [trial(0, 0.5, proposer="defaults"), trial(1, 0.9)]
    found = standing(NDCG, records, lambda _: None)
    assert found.best is records[1]
    assert (found.is_group_known, found.gain, found.is_clear_gain) == (False, None, False)
    assert found.group == (records[1],)


def test_the_scoreboard_counts_who_became_the_best() -> None:
    records = [
        trial(0, 0.1),
        trial(1, 0.3, proposer="llm"),
        trial(2, 0.2, proposer="llm"),
        trial(3, 0.5, proposer="user"),
    ]
    assert scoreboard(NDCG, records) == {
        "advisor": {"trials": 1, "improved": 1, "best": 0.1},
        "llm": {"trials": 2, "improved": 1, "best": 0.3},
        "user": {"trials": 1, "improved": 1, "best": 0.5},
    }
