"""How trials stand in every mix of states, values, bounds and repeats: against the rules written out plainly."""

from typing import Any

import numpy as np
import pytest

from agent.objective import Goal
from agent.standing import (
    Standing,
    best_of,
    compared,
    feasible_of,
    front_of,
    is_feasible,
    ordered,
    rank_of,
    repeats_of,
    same_configuration,
    scoreboard,
    standing,
    standing_values,
)
from agent.uncertainty import Difference, UserValues, difference, interval
from memory.record import TrialRecord

NDCG = Goal.parse(["ndcg@10"])
BOUNDED = Goal.parse(["ndcg@10"], ["coverage@10>=0.5", "latency_ms<=4"])
ERROR = Goal.parse(["rmse"], ["coverage@10>=0.5", "latency_ms<=4"])
STATES = ("complete", "complete", "complete", "pruned", "failed")


def trial(number: int, value: float | None, **given: Any) -> TrialRecord:
    known: dict[str, Any] = {
        "model": "ease",
        "params": {"l2": float(number)},
        "state": "complete",
        "objective": "ndcg@10",
        "proposer": "gp",
    }
    return TrialRecord(id=f"s/{number}", study="s", number=number, dataset="d", value=value, **known | given)


def some_trials(seed: int) -> list[TrialRecord]:
    """All states, with equal values, repeats, and bounds that are kept, missed and not measured."""
    rng = np.random.default_rng(seed)
    records = []
    for number in range(14):
        metrics = {"valid_coverage@10": float(rng.integers(3, 8)) / 10, "latency_ms": float(rng.integers(1, 7))}
        if rng.random() < 0.15:
            del metrics["latency_ms"]
        records.append(
            trial(
                number,
                None if rng.random() < 0.15 else float(rng.integers(1, 6)) / 10,
                state=str(rng.choice(STATES)),
                params={"l2": float(rng.integers(8))},
                metrics=metrics,
            )
        )
    return [records[i] for i in rng.permutation(len(records))]


def missed(record: TrialRecord, records: list[TrialRecord]) -> float:
    """By how much the mean of the params' complete runs breaks the bounds."""
    same = [r.metrics for r in records if has_value(r) and r.params == record.params]
    coverage = max(0.0, 0.5 - float(np.mean([metrics["valid_coverage@10"] for metrics in same])))
    if not all("latency_ms" in metrics for metrics in same):
        return np.inf
    return coverage + max(0.0, float(np.mean([metrics["latency_ms"] for metrics in same])) - 4)


def has_value(record: TrialRecord) -> bool:
    return record.state == "complete" and record.value is not None


def standing_value(record: TrialRecord, records: list[TrialRecord]) -> float | None:
    if record.state != "complete":
        return record.value
    same = [r.value for r in records if has_value(r) and r.params == record.params and r.value is not None]
    return float(np.mean(same)) if same else None


@pytest.mark.parametrize("goal", [BOUNDED, ERROR], ids=["more", "less"])
@pytest.mark.parametrize("seed", range(12))
def test_the_order_the_best_and_the_ranks_follow_the_rules(goal: Goal, seed: int) -> None:
    records = some_trials(seed)
    sign = 1 if goal is BOUNDED else -1
    values = {r.number: standing_value(r, records) for r in records}
    assert standing_values(records) == pytest.approx(values)

    def turned(record: TrialRecord) -> float:
        value = values[record.number]
        return np.inf if value is None else -sign * value

    feasible = [r for r in records if has_value(r) and missed(r, records) < 1e-12]
    nearly = [r for r in records if has_value(r) and missed(r, records) >= 1e-12]
    pruned = [r for r in records if r.state == "pruned"]
    rest = [r for r in records if r not in feasible + nearly + pruned]
    in_order = [
        *sorted(feasible, key=lambda r: (turned(r), r.number)),
        *sorted(nearly, key=lambda r: (round(missed(r, records), 9), turned(r), r.number)),
        *sorted(pruned, key=lambda r: (turned(r), r.number)),
        *sorted(rest, key=lambda r: (turned(r), r.number)),
    ]
    assert [r.number for r in ordered(goal, records)] == [r.number for r in in_order]
    assert [r for r in records if is_feasible(goal, r, records)] == feasible
    assert feasible_of(goal, records) == feasible
    best = best_of(goal, records)
    assert best == (in_order[0] if feasible else None)
    assert best is None or rank_of(goal, best, records) == 1
    for record in records:
        better = [r for r in feasible if turned(r) < turned(record)]
        assert rank_of(goal, record, records) == (1 + len(better) if record in feasible else None)


def test_a_complete_trial_without_a_value_stands_nowhere() -> None:
    records = [trial(0, None), trial(1, 0.1), trial(2, 0.3, params={"l2": 0.0})]
    assert not is_feasible(NDCG, records[0], records)
    assert standing_values(records) == {0: 0.3, 1: 0.1, 2: 0.3}, "its repeat has one"
    assert repeats_of(records[0], records) == [records[2]]
    assert standing_values(records[:2]) == {0: None, 1: 0.1}


def test_repeats_are_complete_trials_of_the_same_params_and_model() -> None:
    first = trial(0, 0.1)
    same = trial(1, 0.2, params={"l2": 0.0})
    others = [
        trial(2, 0.2, params={"l2": 0.0}, state="pruned"),
        trial(3, 0.2, params={"l2": 0.0}, model="ials"),
        trial(4, 0.2, params={"l2": 0.0, "epochs": 3}),
        trial(5, 0.2, params={}),
    ]
    assert repeats_of(first, [first, same, *others]) == [first, same]
    assert [same_configuration(first, other) for other in others] == [True, False, False, False]
    assert [same_configuration(other, first) for other in others] == [True, False, False, False]


def test_the_front_is_sorted_by_the_first_metric_in_its_direction() -> None:
    def point(number: int, ndcg: float, coverage: float, seconds: float) -> TrialRecord:
        return trial(
            number, ndcg, metrics={"valid_ndcg@10": ndcg, "valid_coverage@10": coverage}, cost={"train_s": seconds}
        )

    records = [point(0, 0.2, 0.5, 2.0), point(1, 0.3, 0.1, 3.0), point(2, 0.1, 0.9, 1.0), point(3, 0.1, 0.1, 9.0)]
    for metrics, numbers in (
        (["ndcg@10", "coverage@10"], [1, 0, 2]),
        (["coverage@10", "ndcg@10"], [2, 0, 1]),
        (["train_s", "ndcg@10"], [2, 0, 1]),
        (["ndcg@10", "train_s"], [1, 0, 2]),
    ):
        assert [record.number for record, _ in front_of(metrics, records)] == numbers
    assert front_of(["ndcg@10", "rmse"], records) == []


USERS = np.arange(200)


def kept(shifts: dict[int, float]) -> Any:
    """The users' values of some trials, apart by noise of their own."""
    values = {n: np.random.default_rng(n).normal(0.5 + shift, 0.05, 200) for n, shift in shifts.items()}
    return lambda record: UserValues(users=USERS, values=values[record.number]) if record.number in values else None


def test_nothing_feasible_is_a_standing_without_a_best() -> None:
    found = standing(BOUNDED, [trial(0, 0.3, proposer="defaults")], kept({0: 0.0}))
    assert found == Standing(best=None, group=(), is_group_known=False, defaults=None, gain=None, interval=None)
    assert not found.is_clear_gain


def test_a_standing_compares_all_seeds_of_two_configurations() -> None:
    records = [
        trial(0, 0.50, proposer="defaults"),
        trial(1, 0.60),
        trial(2, 0.61, params={"l2": 1.0}),
        trial(3, 0.51, params={"l2": 0.0}),
        trial(4, 0.9, state="pruned", params={"l2": 1.0}),
    ]
    values = kept({0: 0.0, 1: 0.10, 2: 0.11, 3: 0.01, 4: 0.4})
    best, defaults = [values(records[1]), values(records[2])], [values(records[0]), values(records[3])]
    found = standing(NDCG, records, values)
    gain = difference(best, defaults)
    assert found == Standing(
        best=records[1],
        group=(records[1], records[2]),
        is_group_known=True,
        defaults=records[0],
        gain=gain,
        interval=interval(best),
    )
    assert gain is not None and (gain.n_seeds, gain.n_users) == (2, 200)
    assert compared(NDCG, records[1], records[0], records, values) == gain


def test_what_is_less_is_compared_with_its_bounds_turned() -> None:
    records = [trial(0, 0.5), trial(1, 0.6), trial(2, 0.6, params={"l2": 0.0}), trial(3, 0.6, params={"l2": 1.0})]
    values = kept({0: 0.0, 1: 0.1, 2: 0.0, 3: 0.1})
    more = compared(NDCG, records[0], records[1], records, values)
    less = compared(Goal.parse(["rmse"]), records[0], records[1], records, values)
    assert more is not None and less is not None
    assert (less.mean, less.low, less.high) == pytest.approx((more.mean, more.low, more.high), abs=1e-9)
    assert (less.n_users, less.n_seeds) == (200, 2)
    assert less.low < less.mean < less.high < 0


@pytest.mark.parametrize("goal", [NDCG, Goal.parse(["rmse"])])
def test_what_was_not_kept_for_each_user_is_not_compared(goal: Goal) -> None:
    records = [trial(0, 0.5), trial(1, 0.6)]
    for known in ({0: 0.0}, {1: 0.0}, {}):
        assert compared(goal, *records, records, kept(known)) is None
    assert compared(goal, *records, records, kept({0: 0.0, 1: 0.1})) is not None


def test_a_trial_that_is_not_complete_is_compared_by_its_own_values() -> None:
    records = [trial(0, 0.5), trial(1, 0.6, state="pruned")]
    assert compared(NDCG, *records, records, kept({0: 0.0, 1: 0.1})) is not None


def test_the_group_holds_feasible_trials_only_and_needs_no_defaults() -> None:
    metrics = {"valid_coverage@10": 0.6, "latency_ms": 1.0}
    records = [
        trial(0, 0.5, metrics=metrics),
        trial(1, 0.5, metrics={"latency_ms": 1.0}),
        trial(2, 0.5, state="pruned"),
    ]
    found = standing(BOUNDED, records, kept({0: 0.0, 1: 0.0, 2: 0.0}))
    assert (found.group, found.defaults, found.gain) == ((records[0],), None, None)
    assert found.is_group_known and found.interval is not None


def test_the_defaults_are_those_that_the_defaults_proposed() -> None:
    records = [trial(0, 0.5, proposer="defaults"), trial(1, 0.7, proposer="cmaes"), trial(2, 0.6, proposer="llm")]
    assert standing(NDCG, records, kept({})).defaults is records[0]


@pytest.mark.parametrize(("low", "is_clear"), [(-0.01, False), (0.0, False), (0.01, True)])
def test_a_gain_whose_interval_touches_0_is_not_clear(low: float, is_clear: bool) -> None:
    gain = Difference(mean=0.05, low=low, high=0.1, n_users=9)
    found = Standing(best=None, group=(), is_group_known=True, defaults=None, gain=gain, interval=None)
    assert found.is_clear_gain is is_clear


def test_the_scoreboard_leaves_out_interruptions_and_names_no_best_where_there_is_none() -> None:
    records = [
        trial(0, 0.5),
        trial(1, None, state="failed", reason="interrupted", proposer="llm"),
        trial(2, 0.3, proposer="llm"),
        trial(3, 0.7, proposer="grid"),
        trial(4, None, state="failed", proposer="user"),
    ]
    assert scoreboard(NDCG, records) == {
        "advisor": {"trials": 2, "improved": 2, "best": 0.7},
        "llm": {"trials": 1, "improved": 0, "best": 0.3},
        "user": {"trials": 1, "improved": 0},
    }
