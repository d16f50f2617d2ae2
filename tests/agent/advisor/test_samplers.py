"""One contract for every sampler, then what is particular to each."""

import math
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from optuna.samplers import RandomSampler

from agent.advisor import SAMPLERS, advise, grid, remembered, substudy, untried
from agent.advisor.allotment import ranked_models
from agent.advisor.predict import surrogate_of
from agent.advisor.situation import Situation, from_unit, largest_gap, unit
from agent.objective import Goal
from agent.proposal import Candidate, predicted_words
from memory.record import TrialRecord
from recmodels.models import MODELS
from recmodels.search_space import Choice, Float, Int, Params, SearchSpace, When

SPACE = SearchSpace(
    {
        "learning_rate": Float(1e-4, 1e-1, default=1e-2, log=True),
        "n_layers": Int(1, 4, default=2),
        "adapter": Choice(("frozen", "lora"), default="lora"),
        "rank": Int(1, 64, default=8, log=True, when=When(name="adapter", values=("lora",))),
        "epochs": Int(1, 200, default=50),
    }
)
LINE = SearchSpace({"l2": Float(1.0, 10_000.0, default=400.0, log=True)})
POINT = SearchSpace({})


def truth(params: Params) -> float:
    """A bowl with its best value 0.5 at a learning rate of 0.001 and three layers."""
    rate = math.log10(float(params["learning_rate"])) + 3
    return 0.5 - 0.05 * rate**2 - 0.02 * (int(params["n_layers"]) - 3) ** 2 - 0.05 * (params["adapter"] == "frozen")


def record(number: int, params: Params, value: float | None, model: str = "m", **changed: object) -> TrialRecord:
    given = TrialRecord(
        id=f"s/{number}",
        study="s",
        number=number,
        dataset="d",
        model=model,
        params=params,
        state="complete",
        objective="ndcg@10",
        value=value,
        metrics={"valid_ndcg@10": value, "valid_coverage@10": 0.5} if value is not None else {},
        proposer="random",
    )
    return replace(given, **changed)  # type: ignore[arg-type]


def situation(
    n: int = 0,
    space: SearchSpace = SPACE,
    value: Callable[[Params], float] = truth,
    constraints: tuple[str, ...] = (),
    objectives: tuple[str, ...] = ("ndcg@10",),
    **changed: object,
) -> Situation:
    rng = np.random.default_rng(1)
    points = [from_unit(space, rng.random(len(space))) for _ in range(n)]
    given = Situation(
        goal=Goal.parse(objectives, constraints),
        spaces={"m": space},
        declared={"m": space},
        records=tuple(record(i, params, value(params)) for i, params in enumerate(points)),
        seed=7,
    )
    return replace(given, **changed)  # type: ignore[arg-type]


MOMENTS = {
    "no trial": situation(0),
    "one trial": situation(1),
    "many trials": situation(14),
    "one param": situation(5, LINE, lambda p: -abs(math.log(float(p["l2"])) - 5)),
    "all values equal": situation(8, value=lambda _: 0.1),
    "a constraint that half the trials break": replace(
        situation(10, constraints=("coverage@10>=0.4",)),
        records=tuple(
            replace(r, metrics={**r.metrics, "valid_coverage@10": 0.2 + 0.4 * (r.number % 2)})
            for r in situation(10).records
        ),
    ),
    "a constraint that was never measured": situation(8, constraints=("latency_ms<=5",)),
    "only failed trials": replace(
        situation(2),
        records=tuple(replace(r, state="failed", value=None, reason="diverged") for r in situation(2).records),
    ),
    "failed and pruned among them": replace(
        situation(12),
        records=tuple(
            replace(r, state="failed", value=None, reason="diverged")
            if r.number % 3 == 0
            else replace(r, state="pruned", curve=(0.1, r.value or 0.0))
            if r.number % 3 == 1
            else r
            for r in situation(12).records
        ),
    ),
    "a narrowed space": situation(
        10, spaces={"m": SPACE.narrowed("learning_rate", high=1e-3).narrowed("epochs", value=9)}
    ),
    "a narrowed choice": situation(10, spaces={"m": SPACE.narrowed("adapter", choices=("frozen",))}),
    "less is better": situation(6, objectives=("train_s",)),
    "two objectives": situation(9, objectives=("ndcg@10", "coverage@10")),
}


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_sampler_suggests_new_legal_params_and_says_why(sampler: str, moment: str) -> None:
    now = MOMENTS[moment]
    candidate = SAMPLERS[sampler](now, "m")
    assert candidate is not None
    assert now.spaces["m"].check(candidate.params) == candidate.params, "complete, legal, nothing that does not apply"
    assert now.objection("m", candidate.params) is None
    assert candidate.reason and "\n" not in candidate.reason
    assert set(candidate.evidence) <= {r.id for r in now.records}
    assert (candidate.mean is None) == (candidate.spread is None)
    assert candidate == SAMPLERS[sampler](now, "m"), "the same moment gives the same suggestion"


HELD = SearchSpace(
    {
        **{name: param for name, param in SPACE.items() if name != "epochs"},
        "epochs": Int(1, 200, default=50, held=True),
        "order": Choice(("none", "mmr"), default="none", held=True),
        "strength": Float(0.0, 1.0, default=0.3, when=When(name="order", values=("mmr",))),
    }
)


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("n", [0, 2, 8, 30])
def test_a_sampler_leaves_what_is_held_at_its_default(sampler: str, n: int) -> None:
    candidate = SAMPLERS[sampler](situation(n, HELD), "m")
    assert candidate is not None
    assert (candidate.params["epochs"], candidate.params["order"]) == (50, "none")
    assert "strength" not in candidate.params


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_sampler_has_nothing_left_when_the_space_is_used_up(sampler: str) -> None:
    done = situation(1, POINT, lambda _: 0.1)
    assert SAMPLERS[sampler](done, "m") is None
    assert advise(done, sampler) == ()


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_every_sampler_begins_with_the_defaults(sampler: str) -> None:
    first = advise(situation(0), sampler)[0]
    assert (first.params, first.source) == (SPACE.defaults(), "defaults")


@pytest.mark.parametrize(("sampler", "n_trials"), [("advisor", 12), ("gp", 12), ("tpe", 30), ("cmaes", 30)])
def test_a_model_based_sampler_beats_random_draws_on_a_bowl(sampler: str, n_trials: int) -> None:
    bowl = SearchSpace({"x": Float(0, 1, default=0.9), "y": Float(0, 1, default=0.9)})

    def value(params: Params) -> float:
        return -((float(params["x"]) - 0.3) ** 2) - (float(params["y"]) - 0.6) ** 2

    def regret(name: str, seed: int) -> float:
        now = situation(0, bowl, value, seed=seed, n_trials=n_trials)
        for i in range(n_trials):
            chosen = advise(now, name)[0]
            now = replace(
                now, records=(*now.records, record(i, chosen.params, value(chosen.params), proposer=chosen.source))
            )
        return -max(r.value or 0.0 for r in now.records)

    seeds = range(3)
    assert np.mean([regret(sampler, s) for s in seeds]) < np.mean([regret("random", s) for s in seeds])


def test_params_next_to_failed_ones_are_not_suggested_again() -> None:
    now = situation(0, LINE)
    failed = record(0, {"l2": 400.0}, None, state="failed", reason="diverged")
    now = replace(now, records=(failed,))
    for sampler in SAMPLERS.values():
        candidate = sampler(now, "m")
        assert candidate is not None and largest_gap(LINE, candidate.params, failed.params) >= 0.05
    assert "failed: diverged" in (now.objection("m", {"l2": 500.0}) or "")


def grid_of(now: Situation) -> list[Candidate]:
    """The whole grid, each point run with the value 0.1."""
    seen: list[Candidate] = []
    while (candidate := SAMPLERS["grid"](now, "m")) is not None:
        seen.append(candidate)
        now = replace(now, records=(*now.records, record(len(seen), candidate.params, 0.1)))
    return seen


def test_a_grid_visits_each_of_its_points_once_and_varies_the_first_param_first() -> None:
    space = SearchSpace({"a": Choice((1, 2, 3), default=2), "b": Choice(("x", "y"), default="x")})
    seen = [tuple(c.params.values()) for c in grid_of(situation(0, space, n_trials=6))]
    assert seen == [(2, "x"), (1, "x"), (3, "x"), (2, "y"), (1, "y"), (3, "y")]


def test_a_grid_begins_at_the_defaults_and_says_what_its_budget_cannot_cover() -> None:
    seen = grid_of(situation(0, n_trials=4))
    assert [c.params for c in seen] == [
        SPACE.defaults(),
        {**SPACE.defaults(), "learning_rate": pytest.approx(10**-3.25)},
        {**SPACE.defaults(), "n_layers": 3},
        {**SPACE.defaults(), "learning_rate": pytest.approx(10**-3.25), "n_layers": 3},
    ]
    assert seen[1].reason.startswith(
        "point 2 of a grid of 4 points, varying learning_rate (2), n_layers (2); "
        "4 trials cannot cover the others, which keep their defaults: adapter lora, rank 8, epochs 50"
    )


def test_a_param_that_applies_at_no_level_takes_no_points_of_the_grid() -> None:
    space = MODELS["item_knn"].space
    levels = grid.levels_of(space, 12)
    points = list(grid.points(space, levels))
    assert len(levels["bm25_k1"]) == 1  # bm25 is not among the two weightings
    assert len(points) == len({frozenset(point.items()) for point in points}) >= 12


def test_a_grid_that_covers_all_says_nothing_of_its_budget() -> None:
    seen = grid_of(situation(0, LINE, n_trials=3))
    assert [c.params["l2"] for c in seen] == pytest.approx([400.0, 10 ** (4 / 6), 10 ** (20 / 6)])
    assert seen[1].reason == "point 2 of a grid of 3 points, varying l2 (3)"


@pytest.mark.parametrize("n_trials", [1, 2, 7, 30, 500])
def test_every_grid_holds_the_defaults_and_the_budget_or_all_its_levels(n_trials: int) -> None:
    levels = grid.levels_of(SPACE, n_trials)
    assert all(len(set(values)) == len(values) <= grid.MAX_LEVELS for values in levels.values())
    assert all(values[0] == SPACE[name].default for name, values in levels.items())
    assert all(SPACE[name].check(name, value) == value for name, values in levels.items() for value in values)
    assert math.prod(map(len, levels.values())) >= n_trials


def repeating(now: Situation) -> Situation:
    """A whole number from 1 to 3 where only the 3 was not tried, and a sampler has no reason to go there."""
    space = SearchSpace({"n": Int(1, 3, default=1), "kind": Choice(("a", "b", "c"), default="a")})
    params = [{"n": n, "kind": kind} for n in (1, 2, 3) for kind in "abc" if (n, kind) != (3, "c")]
    records = tuple(record(i, p, 1 - int(str(p["n"])) / 5) for i, p in enumerate(params))
    return replace(now, spaces={"m": space}, declared={"m": space}, records=records)


@pytest.mark.parametrize("sampler", ["gp", "tpe", "cmaes", "nsga2", "grid", "advisor"])
def test_the_last_untried_point_is_found_when_a_sampler_repeats_itself(sampler: str) -> None:
    candidate = SAMPLERS[sampler](repeating(situation()), "m")
    assert candidate is not None and candidate.params == {"n": 3, "kind": "c"}


def test_the_second_duplicate_leads_to_the_best_untried_candidate() -> None:
    """Draws of a sampler that only repeats the best trial, on a line whose untried best is at 0.3."""
    line = SearchSpace({"x": Float(0, 1, default=0.9)})
    now = situation(0, line)
    points = (0.0, 0.15, 0.45, 0.6, 0.9)
    now = replace(now, records=tuple(record(i, {"x": x}, -((x - 0.3) ** 2)) for i, x in enumerate(points)))
    asked: list[int] = []

    class Repeats(RandomSampler):
        def sample_independent(self, *args: object, **kwargs: object) -> float:
            asked.append(1)
            return 0.45

    assert substudy.ask(lambda seed: Repeats(seed=seed), now, "m") is None
    assert len(asked) == 2
    chosen = untried.suggest(now, "m")
    assert chosen is not None and float(chosen.params["x"]) == pytest.approx(0.3, abs=0.1)
    assert "only repeats trials that ran" in chosen.reason


def test_without_a_surrogate_the_untried_candidate_is_unlike_those_tried() -> None:
    line = SearchSpace({"x": Float(0, 1, default=0.9)})
    now = replace(situation(0, line), records=(record(0, {"x": 0.0}, 0.1), record(1, {"x": 0.4}, 0.2)))
    now = replace(now, records=(*now.records, record(2, {"x": 1.0}, 0.1)))
    chosen = untried.suggest(now, "m")
    assert chosen is not None and float(chosen.params["x"]) == pytest.approx(0.7, abs=0.01) and chosen.mean is None


def test_generations_of_nsga2_follow_the_order_of_the_trials() -> None:
    """The first six trials are one generation, the best of which are the parents of the seventh."""
    space = SearchSpace({"x": Float(0, 1, default=0.5), "y": Float(0, 1, default=0.5)})
    good = [(0.1, 0.2), (0.11, 0.21), (0.12, 0.22), (0.13, 0.23), (0.14, 0.24), (0.15, 0.25)]
    bad = [(0.9 + i / 100, 0.9 - i / 100) for i in range(6)]
    records = tuple(record(i, {"x": x, "y": y}, 1 - x - y) for i, (x, y) in enumerate(good + bad))
    now = replace(situation(0, space), records=records)
    children = [SAMPLERS["nsga2"](replace(now, seed=seed), "m") for seed in range(12)]
    near = [c for c in children if c is not None and any(float(v) < 0.3 for v in c.params.values())]
    assert len(near) >= 10, "parents are chosen from both generations, by merit"


def test_no_private_name_of_optuna_is_used() -> None:
    for path in Path(SAMPLERS["gp"].__code__.co_filename).parent.glob("*.py"):
        found = re.findall(r"\b(?:trial|study|sampler|optuna|distribution\w*)\._\w+|system_attrs", path.read_text())
        assert not found, (path.name, found)


def remembered_trial(study: str, number: int, params: Params, value: float, **changed: object) -> TrialRecord:
    return record(number, params, value, id=f"{study}/{number}", study=study, dataset=f"data of {study}", **changed)


def test_the_best_remembered_params_of_the_most_similar_dataset_come_first() -> None:
    good, poor = {**SPACE.defaults(), "learning_rate": 1e-3}, {**SPACE.defaults(), "learning_rate": 5e-2}
    far = {**SPACE.defaults(), "learning_rate": 2e-4}
    now = situation(
        1,
        recalled=(
            (remembered_trial("near", 0, poor, 0.1), 0.9),
            (remembered_trial("near", 1, good, 0.2), 0.9),
            (remembered_trial("far", 0, far, 0.9), 0.4),
        ),
    )
    candidate = remembered.suggest(now, "m")
    assert candidate is not None
    assert candidate.params == good
    assert candidate.evidence == ("near/1",)
    assert "0.2 on data of near, place 1 of 2" in candidate.reason and "0.90" in candidate.reason


def test_remembered_points_are_distinct_and_unlike_those_tried() -> None:
    point = {**SPACE.defaults(), "learning_rate": 1e-3}
    near = {**point, "learning_rate": 1.1e-3}
    past = tuple((remembered_trial("p", i, params, 0.2 - i / 100), 0.9) for i, params in enumerate((point, near)))
    now = situation(0, recalled=past)
    assert remembered.suggest(now, "m") is not None
    after = replace(now, records=(record(0, point, 0.1),))
    assert remembered.suggest(after, "m") is None


def test_a_remembered_point_says_why_better_ones_of_its_study_are_not_offered() -> None:
    rates = (1e-3, 1.1e-3, 5e-2)
    past = tuple(
        (remembered_trial("p", i, {**SPACE.defaults(), "learning_rate": rate}, 0.2 - i / 100), 0.9)
        for i, rate in enumerate(rates)
    )
    first = remembered.suggest(situation(0, recalled=past), "m")
    assert first is not None and first.evidence == ("p/0",) and "better" not in first.reason
    tried = record(0, {**SPACE.defaults(), "learning_rate": 1e-3}, 0.1)
    second = remembered.suggest(replace(situation(0, recalled=past), records=(tried,)), "m")
    assert second is not None and "place 3 of 3" in second.reason
    assert second.reason.endswith("; the 2 better ones of it lie near trials of this study or may not run here")


def test_what_is_remembered_but_useless_here_is_left_out() -> None:
    params = {**SPACE.defaults(), "learning_rate": 1e-3}
    past = (
        (remembered_trial("other-model", 0, params, 0.9, model="n"), 0.9),
        (remembered_trial("failed", 0, params, 0.9, state="failed"), 0.9),
        (remembered_trial("unlike", 0, params, 0.9), 0.1),
        (remembered_trial("illegal", 0, {**params, "learning_rate": 3.0}, 0.9), 0.9),
        (remembered_trial("other-way", 0, params, 0.9, direction="minimize"), 0.9),
        (remembered_trial("older-version", 0, {"momentum": 0.9}, 0.9), 0.2),
    )
    assert remembered.suggest(situation(1, recalled=past), "m") is None


def test_every_model_runs_once_before_any_runs_twice_and_then_the_better_one_leads() -> None:
    spaces = {"a": LINE, "b": LINE, "c": LINE}
    now = situation(0, LINE, spaces=spaces, declared=spaces)
    assert ranked_models(now) == ["a", "b", "c"]
    values = {"a": 0.1, "b": 0.4, "c": 0.2}
    records = tuple(record(i, {"l2": 400.0}, values[m], model=m) for i, m in enumerate(values))
    assert ranked_models(replace(now, records=records[:1])) == ["b", "c", "a"]
    assert ranked_models(replace(now, records=records)) == ["b", "c", "a"]


def test_a_model_that_lags_gets_another_try_in_the_end() -> None:
    spaces = {"a": LINE, "b": SPACE}
    records = [record(0, {"l2": 400.0}, 0.4, model="a"), record(1, SPACE.defaults(), 0.3, model="b")]
    records += [record(i, {"l2": float(i)}, 0.39, model="a") for i in range(2, 14)]
    assert ranked_models(situation(0, spaces=spaces, declared=spaces, records=tuple(records)))[0] == "b"


def past_of_models(values: dict[str, float], n: int) -> list[tuple[TrialRecord, float]]:
    """Each model once on `n` datasets."""
    return [
        (record(0, {"l2": 10.0}, value, model=m, id=f"old{i}/{m}", study=f"old{i}", dataset=f"old{i}"), 0.6)
        for i in range(n)
        for m, value in values.items()
    ]


def test_models_that_were_the_best_on_like_data_run_first() -> None:
    spaces = dict.fromkeys("abc", LINE)
    now = situation(
        0, spaces=spaces, declared=spaces, recalled=tuple(past_of_models({"a": 0.1, "b": 0.2, "c": 0.3}, 3))
    )
    assert ranked_models(now)[0] == "c"
    less = Goal.parse(["latency_ms"])
    slow = [(replace(r, objective="latency_ms", direction="minimize"), like) for r, like in now.recalled]
    assert ranked_models(replace(now, goal=less, recalled=tuple(slow)))[0] == "a"


def test_a_model_that_won_on_like_data_gets_more_before_one_that_did_not_gets_its_look() -> None:
    spaces = dict.fromkeys("abc", LINE)
    past = tuple(past_of_models({"a": 0.1, "b": 0.2, "c": 0.3}, 3))
    of_c = tuple(record(i, {"l2": 10.0 + i}, 0.3, model="c") for i in range(6))
    now = situation(0, spaces=spaces, declared=spaces, recalled=past)
    assert [ranked_models(replace(now, records=of_c[:n]))[0] for n in (1, 2, 5)] == ["c", "c", "c"]
    assert ranked_models(replace(now, records=of_c))[0] in "ab", "each gets a look"
    assert ranked_models(replace(now, records=of_c[:1], recalled=()))[0] == "a", "nothing is known"


def test_under_a_time_limit_a_quick_model_gets_more_trials_than_a_slow_one() -> None:
    spaces = {"a": LINE, "b": LINE}
    records = tuple(
        record(i, {"l2": 10.0}, value, model=model, cost={"total_s": seconds})
        for i, (model, value, seconds) in enumerate((("a", 0.4, 100.0), ("b", 0.39, 1.0)))
    )
    now = situation(0, spaces=spaces, declared=spaces, records=records)
    assert ranked_models(now)[0] == "a"
    assert ranked_models(replace(now, time_limit_s=600.0, time_left_s=499.0))[0] == "b"


@pytest.mark.parametrize(("n_datasets", "is_looked_at_again"), [(0, True), (2, True), (3, False)])
def test_a_model_that_never_came_near_the_best_on_like_data_gets_one_look(
    n_datasets: int, is_looked_at_again: bool
) -> None:
    spaces = {"a": LINE, "b": SPACE}
    records = [record(0, {"l2": 400.0}, 0.4, model="a"), record(1, SPACE.defaults(), 0.3, model="b")]
    records += [record(i, {"l2": float(i)}, 0.39, model="a") for i in range(2, 14)]
    past = tuple(past_of_models({"a": 0.5, "b": 0.2}, n_datasets))
    now = situation(0, spaces=spaces, declared=spaces, records=tuple(records), recalled=past)
    assert (ranked_models(now)[0] == "b") is is_looked_at_again
    better = replace(records[1], value=0.5, metrics={"valid_ndcg@10": 0.5})
    here = (records[0], better, *records[2:])
    assert ranked_models(replace(now, records=here))[0] == "b", "what it measures here counts"


def test_a_model_that_only_fails_is_given_up() -> None:
    spaces = {"a": LINE, "b": LINE}
    records = tuple(record(i, {"l2": 10.0**i}, None, model="a", state="failed", reason="diverged") for i in range(3))
    assert ranked_models(situation(0, LINE, spaces=spaces, declared=spaces, records=records)) == ["b"]


def test_the_unit_cube_holds_every_legal_point() -> None:
    for params in ({**SPACE.defaults(), "learning_rate": 1e-4}, {**SPACE.defaults(), "rank": 64, "epochs": 200}):
        back = from_unit(SPACE, unit(SPACE, params))
        assert back == pytest.approx(params)
    rng = np.random.default_rng(0)
    for _ in range(100):
        params = from_unit(SPACE, rng.random(len(SPACE)))
        assert SPACE.check(params) == params


def test_predictions_know_what_was_measured_and_are_unsure_far_from_it() -> None:
    now = situation(14)
    surrogate = surrogate_of(now, "m")
    assert surrogate is not None
    errors = [abs(surrogate.predict(r.params).mean - (r.value or 0.0)) for r in now.records]
    assert np.mean(errors) < 0.5 * np.std([r.value or 0.0 for r in now.records])
    near = surrogate.predict(now.records[0].params).spread
    far = surrogate.predict({**SPACE.defaults(), "learning_rate": 1e3}).spread
    assert far > near
    assert surrogate_of(situation(3), "m") is None


def test_the_numbers_in_a_reason_are_those_of_the_evidence() -> None:
    candidate = SAMPLERS["gp"](situation(14), "m")
    assert candidate is not None and candidate.mean is not None and candidate.spread is not None
    best = max(situation(14).records, key=lambda r: r.value or 0.0)
    assert f"predicted ndcg@10 {predicted_words(candidate.mean, candidate.spread)} from 14 trials" in candidate.reason
    assert f"trial {best.number} with {best.value:.4g}" in candidate.reason
    assert best.id in candidate.evidence


def test_untried_defaults_of_other_models_compete_first() -> None:
    spaces = {"a": SPACE, "b": SPACE, "c": LINE}
    tried = tuple(replace(r, model="a") for r in situation(6).records)
    others = advise(situation(spaces=spaces, declared=spaces, records=tried), "advisor", n_others=3)
    assert [(c.model, c.source) for c in others[:2]] == [("b", "defaults"), ("c", "defaults")]
    one_left = (*tried, record(6, LINE.defaults(), 0.1, model="c"))
    others = advise(situation(spaces=spaces, declared=spaces, records=one_left), "advisor", n_others=3)
    assert (others[0].model, others[0].source) == ("b", "defaults")


def test_others_are_offered_to_whoever_decides() -> None:
    offered = advise(situation(10), "advisor", n_others=3)
    assert 2 <= len(offered) <= 4
    assert len({tuple(c.params.items()) for c in offered}) == len(offered)


@pytest.mark.parametrize("sampler", [name for name in SAMPLERS if name != "grid"])
def test_params_that_broke_in_another_study_on_these_data_are_not_proposed(sampler: str) -> None:
    small = SearchSpace({"n": Int(1, 3, default=2)})
    broken = replace(record(4, {"n": 3}, None), study="old", state="failed", reason="diverged: nan")
    now = replace(situation(0, small), broken=(broken,), records=(record(0, {"n": 2}, 0.2),))
    candidates = [SAMPLERS[sampler](replace(now, seed=seed), "m") for seed in range(3)]
    assert {c.params["n"] for c in candidates if c is not None} == {1}
    assert now.objection("m", {"n": 3}) == (
        "these params are those of trial 4 of study old on the same data, which failed: diverged: nan"
    )
