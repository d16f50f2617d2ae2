"""What the sources of candidates share: places in ranges, what is the same trial, values, and turns of models."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from agent.advisor import grid, remembered, untried
from agent.advisor.allotment import _scores
from agent.advisor.predict import predicted, seeker_of, surrogate_of
from agent.advisor.process import Prior, _standard
from agent.advisor.situation import Situation, Values, from_unit_value, to_unit, values_of
from agent.advisor.standing_of_models import PastStanding
from agent.objective import Goal
from memory.record import TrialRecord
from recmodels.search_space import Choice, Float, Int, Params, SearchSpace, When

LINE = SearchSpace({"x": Float(0.0, 100.0, default=50.0)})
LETTERS = Choice(("a", "b", "c"), default="b")


def record(number: int, x: float, value: float | None, **changed: Any) -> TrialRecord:
    given = TrialRecord(
        id=f"s/{number}",
        study="s",
        number=number,
        dataset="d",
        model="m",
        params={"x": x},
        state="complete",
        objective="ndcg@10",
        value=value,
    )
    return replace(given, **changed)


def situation(records: Sequence[TrialRecord], space: SearchSpace = LINE, **changed: Any) -> Situation:
    given = Situation(
        goal=Goal.parse(["ndcg@10"]), spaces={"m": space}, declared={"m": space}, records=tuple(records), seed=7
    )
    return replace(given, **changed)


def test_a_choice_has_its_place_in_the_middle_of_its_share_and_an_old_one_that_of_the_first() -> None:
    assert [to_unit(LETTERS, letter) for letter in ("a", "b", "c", "gone")] == pytest.approx([1 / 6, 0.5, 5 / 6, 1 / 6])
    assert [from_unit_value(LETTERS, x) for x in (-0.1, 0.0, 0.34, 0.99, 1.0)] == ["a", "a", "b", "c", "c"]


def test_a_value_far_below_a_range_on_a_log_scale_has_a_place_below_it() -> None:
    rate = Float(1e-4, 1.0, default=1e-2, log=True)
    assert to_unit(rate, 1e-8) == pytest.approx(-1.0)
    assert -100 < to_unit(rate, 0.0) < -10


def test_params_within_a_hundredth_of_what_waits_are_the_same_and_at_a_hundredth_are_new() -> None:
    now = situation((), excluded=(("m", {"x": 0.0}), ("n", {"x": 50.0})))
    rule = "these params were rejected or already wait to run"
    assert [now.objection("m", {"x": x}) for x in (0.0, 0.9, 1.0, 50.0)] == [rule, rule, None, None]


def test_params_within_a_twentieth_of_failed_ones_are_refused_and_at_a_twentieth_are_not() -> None:
    now = situation([record(3, 0.0, None, state="failed", reason="diverged"), record(4, 20.0, 0.2)])
    failed = "these params are next to those of trial 3, which failed: diverged"
    expected = ["these params are those of trial 3", failed, failed, None, "these params are those of trial 4", None]
    assert [now.objection("m", {"x": x}) for x in (0.5, 1.0, 4.9, 5.0, 20.5, 21.5)] == expected


def test_values_are_those_of_complete_and_pruned_trials_that_reached_one() -> None:
    records = [
        record(0, 10.0, 0.0),
        record(1, 20.0, 0.4, state="failed"),
        record(2, 30.0, None, state="pruned"),
        record(3, 40.0, 0.3, state="pruned"),
        record(4, 50.0, None),
        record(5, 60.0, 0.9, reason="interrupted", state="pruned"),
        record(6, 70.0, 0.9, model="n"),
    ]
    assert Values.of(situation(records), "m").signed == (0.0, 0.3)
    turned = Values.of(situation(records, goal=Goal.parse(["rmse"])), "m")
    assert [r.number for r in turned.records] == [0, 3] and turned.signed == (0.0, -0.3)


def test_a_models_turn_is_worth_its_best_value_in_the_range_of_all_and_what_is_not_known_of_it() -> None:
    spaces = {"a": LINE, "b": SearchSpace({f"x{i}": LINE["x"] for i in range(4)}), "c": SearchSpace({})}
    records = [
        record(0, 10.0, 0.2, model="a"),
        record(1, 20.0, 0.6, model="a"),
        record(2, 30.0, 0.5, model="b"),
        record(3, 30.0, None, model="c", state="failed", reason="diverged"),
    ]
    now = situation(records, spaces=spaces, declared=spaces)
    unknown = math.log(5)  # of one more than all four trials
    nothing_known = dict.fromkeys(spaces, PastStanding())
    assert _scores(now, ["a", "b", "c"], nothing_known) == pytest.approx(
        {
            "a": 1.0 + 0.5 * math.sqrt(unknown / 2),
            "b": 0.75 + 0.5 * math.sqrt(2 * unknown),
            "c": 0.5 * math.sqrt(unknown),
        }
    )


def test_a_prediction_rests_on_four_values_of_a_space_with_something_to_vary() -> None:
    records = [record(i, 10.0 * i, 0.2 + i / 50) for i in range(4)]
    assert surrogate_of(situation(records), "m") is not None
    assert surrogate_of(situation(records[:3]), "m") is None
    fixed = [replace(r, params={}) for r in records]
    assert surrogate_of(situation(fixed, SearchSpace({})), "m") is None


def test_a_prediction_names_the_best_trial_with_its_runs_and_the_two_nearest() -> None:
    records = [record(i, 10.0 * i, 0.2 + i / 50) for i in range(6)]
    candidate = predicted(situation([*records, record(6, 50.0, 0.32)]), "m", {"x": 12.0}, "gp", "why")
    assert candidate.evidence == ("s/5", "s/1", "s/2")
    assert candidate.reason.endswith("from 7 trials, the best of which is trial 5 with 0.31, the mean of 2 runs")
    assert "runs" not in predicted(situation(records), "m", {"x": 12.0}, "gp", "why").reason


def test_a_constraint_that_no_trial_measured_does_not_hide_the_best() -> None:
    records = [record(i, 10.0 * i, 0.2 + i / 50) for i in range(6)]
    surrogate = surrogate_of(situation(records, goal=Goal.parse(["ndcg@10"], ["latency_ms<=5"])), "m")
    assert surrogate is not None and surrogate.sought is not None and not surrogate.bounds


def test_of_several_objectives_each_counts_in_its_own_direction() -> None:
    goal = Goal.parse(["ndcg@10", "latency_ms"])
    records = [record(i, 10.0 * i, 0.1 + i / 10, metrics={"latency_ms": 30.0 - 10 * i}) for i in range(3)]
    assert values_of(goal, records[0]) == [0.1, 30.0]
    assert values_of(goal, replace(records[0], metrics={})) is None
    seeker = seeker_of(situation([*records, record(3, 30.0, 0.4, metrics={"latency_ms": 0.0})], goal=goal), "m")
    assert seeker is not None
    points = seeker.encoding.points([{"x": 0.0}, {"x": 30.0}])
    assert all(np.diff(belief.posterior(points)[0])[0] > 0 for belief in seeker.beliefs), "the last is best in both"


def test_the_search_for_untried_params_comes_nearer_than_the_points_of_the_whole_space() -> None:
    space = SearchSpace({f"x{i}": LINE["x"] for i in range(4)})

    def score(points: Sequence[Params]) -> np.ndarray:
        return np.array([-sum((float(x) - 37.0) ** 2 for x in point.values()) for point in points])

    best = next(untried._ranked(situation((), space), "m", score))
    assert max(abs(float(x) - 37.0) for x in best.values()) < 4.0


def remembered_of(*trials: TrialRecord, **changed: Any) -> Params | None:
    candidate = remembered.suggest(situation((), recalled=tuple((trial, 0.9) for trial in trials), **changed), "m")
    return None if candidate is None else candidate.params


def test_a_remembered_trial_that_is_of_no_use_here_leaves_room_for_the_next() -> None:
    past = [record(i, x, 0.9 - i / 10, id=f"p/{i}", study="p") for i, x in enumerate((500.0, 20.0, 60.0))]
    assert remembered_of(*past) == {"x": 20.0}, "the first is not legal any more"
    assert remembered_of(*past, excluded=(("m", {"x": 20.0}),)) == {"x": 60.0}
    assert remembered_of(replace(past[1], model="k")) is None, "of another model"


def test_a_remembered_value_of_nought_is_a_value() -> None:
    past = [record(i, x, value, id=f"p/{i}", study="p") for i, (x, value) in enumerate(((20.0, -0.5), (60.0, 0.0)))]
    assert remembered_of(*past) == {"x": 60.0}


def test_points_of_a_grid_that_differ_in_no_active_param_are_one() -> None:
    space = SearchSpace({"kind": LETTERS, "n": Int(1, 9, default=5, when=When(name="kind", values=("c",)))})
    levels = {"kind": ["b", "a", "c"], "n": [5, 2, 8]}
    assert list(grid.points(space, levels)) == [
        {"kind": "b"}, {"kind": "a"}, {"kind": "c", "n": 5}, {"kind": "c", "n": 2}, {"kind": "c", "n": 8},
    ]  # fmt: skip


def test_a_grid_does_not_regret_what_has_one_value_only() -> None:
    space = SearchSpace(
        {"x": LINE["x"], "n": Int(4, 4, default=4), "y": Float(2, 2, default=2), "z": Float(0, 1, default=0.5)}
    )
    candidate = grid.suggest(situation((), space, n_trials=2), "m")
    assert candidate is not None and candidate.reason == (
        "point 1 of a grid of 2 points, varying x (2); "
        "2 trials cannot cover the others, which keep their defaults: z 0.5"
    )


def test_all_points_are_looked_at_in_a_space_of_512_and_no_more() -> None:
    assert [point["n"] for point in untried._every(SearchSpace({"n": Int(3, 514, default=3)})) or ()] == [
        *range(3, 515)
    ]
    assert untried._every(SearchSpace({"n": Int(3, 515, default=3)})) is None
    fixed = untried._every(SearchSpace({"kind": LETTERS, "y": Float(2, 2, default=2)}))
    assert fixed == [{"kind": letter, "y": 2} for letter in "abc"]
    assert untried._every(LINE) is None


def test_a_child_is_some_steps_from_its_parent_in_some_params() -> None:
    plane = SearchSpace({"x": LINE["x"], "y": LINE["x"], "z": LINE["x"]})
    parents = np.full((40, 3), 0.5)
    gaps = untried._near(plane, parents, 0.05, np.random.default_rng(0)) - 0.5
    moved = gaps != 0
    assert moved.any(axis=1).all() and not moved.all()
    assert gaps[moved].std() == pytest.approx(0.05, rel=0.15)


def test_a_weight_falls_with_the_root_of_the_number_of_params() -> None:
    assert Prior(4).mean[:4] == pytest.approx([Prior(1).mean[0] - math.log(2)] * 4)
    assert Prior(4).mean[4:] == pytest.approx(Prior(1).mean[1:])


@pytest.mark.parametrize(
    ("values", "standard"), [([3.0, 3.0], (3.0, 3.0)), ([0.0, 0.0], (0.0, 1.0)), ([1.0, 3.0], (2.0, math.sqrt(3)))]
)
def test_values_that_are_all_equal_are_taken_to_vary_by_as_much_as_they_are(
    values: list[float], standard: tuple[float, float]
) -> None:
    assert _standard(np.array(values)) == pytest.approx(standard)
