"""What the surrogate holds of a space: unordered choices, conditional params, constraints, failures, repeats."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from agent.advisor import advise, gp
from agent.advisor.encoding import Encoding
from agent.advisor.predict import predicted, surrogate_of
from agent.advisor.process import Process
from agent.advisor.situation import Situation, Values, largest_gap, nearest
from agent.advisor.surrogate import Surrogate
from agent.answers.evidence import _nearest
from agent.objective import Goal
from agent.proposal import Proposal
from memory.record import TrialRecord
from recmodels.models import whole_space
from recmodels.search_space import Choice, Float, Int, Params, SearchSpace, When

LINE = SearchSpace({"x": Float(0.0, 1.0, default=0.5)})
LETTERS = SearchSpace({"letter": Choice(("a", "b", "c", "d", "e"), default="a"), "x": Float(0, 1, default=0.5)})
CONDITIONAL = SearchSpace(
    {
        "kind": Choice(("plain", "deep", "deeper"), default="plain"),
        "depth": Int(1, 64, default=8, log=True, when=When(name="kind", values=("deep", "deeper"))),
        "rate": Float(0.0, 1.0, default=0.5),
    }
)


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
        metrics={"valid_ndcg@10": value} if value is not None else {},
    )
    return replace(given, **changed)


def moment(
    space: SearchSpace,
    records: Sequence[TrialRecord],
    objectives: tuple[str, ...] = ("ndcg@10",),
    constraints: tuple[str, ...] = (),
    **changed: Any,
) -> Situation:
    given = Situation(
        goal=Goal.parse(objectives, constraints), spaces={"m": space}, declared={"m": space}, records=tuple(records)
    )
    return replace(given, **changed)


def on_line(values: dict[float, float | None], **changed: Any) -> list[TrialRecord]:
    return [record(i, {"x": x}, value, **changed) for i, (x, value) in enumerate(values.items())]


def surrogate(space: SearchSpace, records: Sequence[TrialRecord], **changed: Any) -> Surrogate:
    found = surrogate_of(moment(space, records, **changed), "m")
    assert found is not None
    return found


def gap(space: SearchSpace, a: Params, b: Params) -> float:
    points = Encoding(space).points([a, b])
    return float(((points[0] - points[1]) ** 2).sum())


def test_a_choice_that_was_not_tried_is_predicted_near_the_mean_and_with_doubt() -> None:
    values = {"a": 0.1, "b": 0.3, "d": 0.3, "e": 0.1}
    records = [record(i, {"letter": letter, "x": 0.5}, value) for i, (letter, value) in enumerate(values.items())]
    found = surrogate(LETTERS, records)
    mean, spread = found.predict({"letter": "c", "x": 0.5})
    assert mean == pytest.approx(0.2, abs=1e-6)
    assert spread > 1.5 * found.predict({"letter": "b", "x": 0.5}).spread
    assert mean < found.predict({"letter": "b", "x": 0.5}).mean


def test_all_values_of_a_choice_are_equally_far_apart() -> None:
    gaps = [gap(LETTERS, {"letter": "a"}, {"letter": other}) for other in "abcde"]
    assert gaps == pytest.approx([0, 1, 1, 1, 1])
    assert gap(LETTERS, {"letter": "b"}, {"letter": "e"}) == pytest.approx(1)


def test_a_number_lies_on_the_scale_that_is_declared() -> None:
    space = SearchSpace({"l2": Float(1.0, 10_000.0, default=400.0, log=True), "n": Int(0, 10, default=5)})
    assert gap(space, {"l2": 1.0}, {"l2": 100.0}) == pytest.approx(0.25)
    assert gap(space, {"n": 2}, {"n": 5}) == pytest.approx(0.09)
    assert gap(space, {"n": 5}, {}) == 0, "what is missing has its default"


def test_a_param_that_does_not_apply_neither_parts_nor_leaks_its_default() -> None:
    assert gap(CONDITIONAL, {"kind": "plain"}, {"kind": "plain", "depth": 64}) == 0
    plain = {"kind": "plain"}
    parted = [gap(CONDITIONAL, plain, {"kind": "deep", "depth": depth}) for depth in (1, 8, 64)]
    assert parted == pytest.approx([2.0, 2.0, 2.0]), "1 for the choice, 1 for the depth that applies to one of them"
    full = gap(CONDITIONAL, {"kind": "deep", "depth": 1}, {"kind": "deep", "depth": 64})
    assert full == pytest.approx((2 * math.sin(0.5)) ** 2)
    half = gap(CONDITIONAL, {"kind": "deep", "depth": 1}, {"kind": "deep", "depth": 8})
    assert half == pytest.approx((2 * math.sin(0.25)) ** 2)


def test_params_that_do_not_apply_are_the_same_trial() -> None:
    assert largest_gap(CONDITIONAL, {"kind": "plain", "depth": 1}, {"kind": "plain", "depth": 64}) == 0
    assert largest_gap(CONDITIONAL, {"kind": "plain"}, {"kind": "deep", "depth": 8}) == 1


def test_the_kernel_of_a_conditional_space_is_positive_definite() -> None:
    rng = np.random.default_rng(0)
    points = [
        CONDITIONAL.active({"kind": str(kind), "depth": int(depth), "rate": float(rate)})
        for kind, depth, rate in zip(
            rng.choice(["plain", "deep", "deeper"], 40), rng.integers(1, 65, 40), rng.random(40), strict=True
        )
    ]
    found = surrogate(CONDITIONAL, [record(i, p, float(i % 5)) for i, p in enumerate(points)])
    x = Encoding(CONDITIONAL).points(points)
    r = np.sqrt(5 * ((x[:, None] - x[None]) ** 2).sum(-1))
    assert np.linalg.eigvalsh((1 + r + r**2 / 3) * np.exp(-r)).min() > -1e-9
    assert found.predict(points[0]).spread > 0


def test_a_fixed_param_adds_no_coordinate() -> None:
    fixed = SearchSpace({"z": Float(0.3, 0.3, default=0.3), "y": Choice(("only",), default="only"), **LETTERS})
    assert Encoding(fixed).names == ("letter", "x")
    assert Encoding(SearchSpace({"z": Int(2, 2, default=2), **LINE})).points([{"x": 0.25}]).tolist() == [[0.25]]


def test_less_is_predicted_in_the_direction_of_the_objective() -> None:
    records = [
        record(i, {"x": x}, x * 10 + 1, objective="train_s", direction="minimize")
        for i, x in enumerate((0.1, 0.4, 0.7, 1.0))
    ]
    found = surrogate(LINE, records, objectives=("train_s",))
    assert found.predict({"x": 0.1}).mean == pytest.approx(2, abs=0.7)
    assert found.predict({"x": 1.0}).mean == pytest.approx(11, abs=0.7)
    mean, spread = found.predict({"x": 0.4})
    assert found.optimistic({"x": 0.4}) == pytest.approx(-mean + spread), "optimistic means fast"
    now = moment(LINE, records, objectives=("train_s",))
    chosen = gp.suggest(now, "m")
    assert chosen is not None and float(chosen.params["x"]) < 0.1


def test_the_candidate_states_the_prediction_of_the_process_that_chose_it() -> None:
    now = moment(LINE, on_line({0.0: 0.1, 0.3: 0.25, 0.5: 0.3, 0.9: 0.2}))
    chosen, found = gp.suggest(now, "m"), surrogate_of(now, "m")
    assert chosen is not None and found is not None
    assert (chosen.mean, chosen.spread) == found.predict(chosen.params)
    grid = [{"x": float(x)} for x in np.linspace(0, 1, 401)]
    legal = [point for point in grid if now.objection("m", point) is None]
    assert found.score([chosen.params])[0] >= found.score(legal).max() - 0.01, "nothing legal scores higher"


def test_a_stated_spread_holds_the_noise_of_a_new_run() -> None:
    now = moment(LINE, on_line({0.0: 0.1, 0.3: 0.25, 0.5: 0.3, 0.9: 0.2}))
    found = surrogate_of(now, "m")
    assert found is not None
    latent = float(found.objective.posterior(found.encoding.points([{"x": 0.4}]))[1][0])
    assert found.predict({"x": 0.4}).spread == pytest.approx(math.hypot(latent, found.objective.noise))


def with_coverage(bound: float) -> list[TrialRecord]:
    """The objective rises with x; the coverage falls with it and is below the bound from 0.6 on."""
    return [
        record(
            i, {"x": x}, 0.1 + 0.2 * x, metrics={"valid_ndcg@10": 0.1 + 0.2 * x, "valid_coverage@10": bound + 0.6 - x}
        )
        for i, x in enumerate((0.0, 0.2, 0.4, 0.7, 0.9, 1.0))
    ]


def test_a_constraint_keeps_the_choice_where_it_holds() -> None:
    free = gp.suggest(moment(LINE, with_coverage(0.3)), "m")
    bound = gp.suggest(moment(LINE, with_coverage(0.3), constraints=("coverage@10>=0.3",)), "m")
    assert free is not None and bound is not None
    assert float(free.params["x"]) > 0.9
    assert 0.4 < float(bound.params["x"]) < 0.62
    assert "the chance that the constraints hold" in bound.reason
    assert "the best of which is trial 2" in bound.reason, "trials 3 to 5 break the constraint"


def test_while_no_trial_meets_the_constraints_the_chance_to_meet_them_counts_alone() -> None:
    records = [r for r in with_coverage(0.3) if float(r.params["x"]) > 0.3]
    found = surrogate(LINE, records, constraints=("coverage@10>=0.5",))
    scores = found.score([{"x": 0.3}, {"x": 0.4}, {"x": 0.6}, {"x": 1.0}])
    assert found.sought is None
    assert (np.diff(scores) < 0).all() and math.log(0.5) < scores[0] < 0


def test_failures_lower_the_chance_smoothly() -> None:
    values = {0.0: 0.2, 0.2: 0.2, 0.35: 0.21, 0.5: 0.2}
    records = on_line(values) + [
        record(4 + i, {"x": x}, None, state="failed", reason="out of memory") for i, x in enumerate((0.9, 1.0))
    ]
    alone, warned = surrogate(LINE, on_line(values)), surrogate(LINE, records)
    points = [{"x": x} for x in (0.1, 0.6, 0.75, 0.85)]
    lost = alone.score(points) - warned.score(points)
    assert alone.failing is None and warned.n == 4
    assert (np.diff(lost) > 0).all() and lost[0] < 0.2 and lost[-1] > 0.69, "the chance is below a half near failures"
    assert warned.failing is not None
    mean, spread = warned.failing.posterior(warned.encoding.points(points))
    chance = norm.cdf((0.5 - mean) / np.hypot(spread, warned.failing.process.noise))
    assert lost == pytest.approx(-np.log(chance))


def test_what_is_improved_upon_is_the_mean_at_the_best_complete_trial() -> None:
    records = [*on_line({0.0: 0.1, 0.3: 0.2, 0.5: 0.3, 0.9: 0.15}), record(4, {"x": 0.7}, 0.5, state="pruned")]
    found = surrogate(LINE, records)
    assert found.sought is not None
    best = found.sought.supposed[0].boxes[0].lows.item()
    assert best == pytest.approx(found.predict({"x": 0.5}).mean)
    assert best < found.predict({"x": 0.7}).mean


def test_repeats_with_other_seeds_are_averaged() -> None:
    params = {"x": 0.5}
    records = [
        *on_line({0.0: 0.1, 0.3: 0.2, 0.5: 0.30, 0.9: 0.15}),
        record(4, params, 0.20, seed=1, metrics={"valid_ndcg@10": 0.20, "valid_coverage@10": 0.4}),
        record(5, params, 0.22, seed=2),
        record(6, params, 0.9, seed=3, state="pruned"),
    ]
    values = Values.of(moment(LINE, records), "m")
    assert values.signed == pytest.approx((0.1, 0.2, 0.24, 0.15)) and values.runs == (1, 1, 3, 1)
    assert values.records[2].number == 2 and values.records[2].metrics == pytest.approx({"valid_ndcg@10": 0.24})
    reason = predicted(moment(LINE, records), "m", {"x": 0.6}, "gp", "why").reason
    assert "from 6 trials, the best of which is trial 2 with 0.24, the mean of 3 runs" in reason
    assert moment(LINE, records).objection("m", params) == "these params are those of trial 2"


def two_sided(xs: Sequence[float]) -> list[TrialRecord]:
    """One objective rises with x, the other falls."""
    values = [(x, 0.1 + x, 1 - x**2) for x in xs]
    return [
        record(i, {"x": x}, a, metrics={"valid_ndcg@10": a, "valid_coverage@10": b})
        for i, (x, a, b) in enumerate(values)
    ]


def test_several_objectives_ask_for_the_gap_in_their_front() -> None:
    now = moment(LINE, two_sided((0.0, 0.1, 0.9, 1.0)), objectives=("ndcg@10", "coverage@10"))
    chosen = gp.suggest(now, "m")
    assert chosen is not None and "the hypervolume of all objectives" in chosen.reason
    assert 0.3 < float(chosen.params["x"]) < 0.8
    alone = surrogate(LINE, now.records).predict(chosen.params)
    assert (chosen.mean, chosen.spread) == alone, "the first objective is predicted"
    first = gp.suggest(replace(now, goal=Goal.parse(["ndcg@10"])), "m")
    assert first is not None and float(first.params["x"]) > 0.9


def test_of_several_objectives_one_that_was_not_measured_is_left_to_be_measured() -> None:
    records = on_line({0.0: 0.1, 0.3: 0.25, 0.5: 0.3, 0.9: 0.2})
    found = surrogate(LINE, records, objectives=("ndcg@10", "coverage@10"))
    assert len(found.beliefs) == 1
    one = [replace(r, metrics={**r.metrics, "valid_coverage@10": 0.5}) for r in records[:2]]
    assert len(surrogate(LINE, [*one, *records[2:]], objectives=("ndcg@10", "coverage@10")).beliefs) == 2


def test_several_objectives_keep_to_the_constraints() -> None:
    records = [
        replace(r, metrics={**r.metrics, "latency_ms": 10 * x})
        for r, x in zip(two_sided((0.1, 0.3, 0.5, 0.8)), (0.1, 0.3, 0.5, 0.8), strict=True)
    ]
    now = moment(LINE, records, objectives=("ndcg@10", "coverage@10"), constraints=("latency_ms<=6",))
    chosen = gp.suggest(now, "m")
    assert chosen is not None and float(chosen.params["x"]) < 0.65


def waiting(*xs: float) -> dict[str, Any]:
    pending = tuple(("m", {"x": x}) for x in xs)
    return {"pending": pending, "excluded": pending}


def test_a_proposal_made_while_the_best_one_runs_is_another_and_not_next_to_it() -> None:
    records = on_line({0.0: 0.1, 0.3: 0.25, 0.6: 0.3, 0.9: 0.2})
    first = gp.suggest(moment(LINE, records), "m")
    assert first is not None
    best = float(first.params["x"])
    beside, excluded_only = (
        gp.suggest(moment(LINE, records, **given), "m")
        for given in (waiting(best), {"excluded": (("m", {"x": best}),)})
    )
    assert beside is not None and excluded_only is not None
    assert abs(float(excluded_only.params["x"]) - best) < 0.03 < 0.08 < abs(float(beside.params["x"]) - best)
    assert beside == gp.suggest(moment(LINE, records, **waiting(best)), "m"), "the same moment, the same proposal"


def test_a_pending_trial_is_to_be_improved_upon_where_it_is_expected_to_meet_the_constraints() -> None:
    def best(*pending: float) -> float:
        found = surrogate(LINE, with_coverage(0.3), constraints=("coverage@10>=0.3",), **waiting(*pending))
        assert found.sought is not None
        return float(np.mean([boxes.lows.item() for boxes in found.sought.supposed[0].boxes]))

    assert best() == pytest.approx(0.18, abs=0.005), "trial 2, at 0.4"
    assert best(0.5) == pytest.approx(0.2, abs=0.005)
    assert best(0.95) == pytest.approx(best(), abs=0.002), "it is better, and expected to break the bound"


def test_a_pending_trial_of_another_model_changes_nothing() -> None:
    records = on_line({0.0: 0.1, 0.3: 0.25, 0.6: 0.3, 0.9: 0.2})
    points = [{"x": x} for x in (0.1, 0.5, 0.7)]
    alone = surrogate(LINE, records).score(points)
    assert surrogate(LINE, records, pending=(("k", {"x": 0.5}),)).score(points) == pytest.approx(alone)
    beside = surrogate(LINE, records, pending=(("m", {"x": 0.5}),)).score(points)
    assert beside[1] < alone[1] - 1


def test_what_pending_trials_will_measure_is_drawn_from_what_is_expected_of_them() -> None:
    """Over many draws the mean is what it was, and the spread is that of a process that was told of such trials."""
    found = surrogate(LINE, on_line({0.0: 0.1, 0.3: 0.25, 0.6: 0.3, 0.9: 0.2})).beliefs[0]
    pending, points = np.array([[0.45], [0.7]]), np.linspace(0, 1, 9)[:, None]
    means, spread = found.ahead(pending, np.random.default_rng(0).standard_normal((2, 4000))).posterior(points)
    mean, before = found.posterior(points)
    assert means.mean(axis=1) == pytest.approx(mean, abs=0.1 * before.max())
    assert np.hypot(means.std(axis=1), spread) == pytest.approx(before, rel=0.05)
    given = found.process.observed
    told = replace(
        given,
        points=np.concatenate([given.points, pending]),
        values=np.append(given.values, [0.2, 0.2]),
        runs=np.ones(6),
    )
    process = Process.given(told, found.process.theta)
    assert spread == pytest.approx(process.posterior(points)[1] / process.scale * found.process.scale, rel=1e-4)


def test_a_conditional_space_is_searched_by_the_surrogate() -> None:
    rng = np.random.default_rng(1)
    records = []
    for i in range(12):
        params = CONDITIONAL.active(
            {"kind": ("plain", "deep", "deeper")[i % 3], "depth": int(rng.integers(1, 65)), "rate": float(rng.random())}
        )
        deep = params["kind"] == "deep"
        records.append(record(i, params, 0.3 * deep - abs(math.log(int(params.get("depth", 1)) / 16)) * 0.05 * deep))
    chosen = advise(moment(CONDITIONAL, records), "advisor")[0]
    assert (chosen.source, chosen.params["kind"]) == ("gp", "deep")


def test_the_nearest_trial_has_the_fewest_and_smallest_changes_for_advisor_and_explanation() -> None:
    space = whole_space("bpr_mf")
    base = space.defaults()
    one = record(7, {**base, "learning_rate": 1e-3, "n_negatives": 1}, 0.1, model="bpr_mf")
    other = record(3, {**base, "loss": "bpr" if base["loss"] != "bpr" else "softmax"}, 0.1, model="bpr_mf")
    third = record(5, {**base, "learning_rate": 9e-3}, 0.1, model="bpr_mf")
    again = record(6, {**base, "learning_rate": 9e-3}, 0.1, model="bpr_mf")
    assert [r.number for r in nearest(space, base, [again, one, third])][:2] == [5, 6]
    proposal = Proposal(number=9, model="bpr_mf", params=base, proposer="gp", rationale="")
    told = _nearest(proposal, None, [one, other, third])
    assert told is not None and told.number == nearest(space, base, [one, other, third])[0].number == 5
