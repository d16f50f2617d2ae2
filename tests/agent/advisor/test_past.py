"""What trials on other datasets add: sooner to good params where they hold here, and nothing where they do not."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from agent.advisor import advise
from agent.advisor.past import log_weights, past_tasks
from agent.advisor.predict import predicted, seeker_of, surrogate_of
from agent.advisor.situation import Situation
from agent.advisor.surrogate import Surrogate
from agent.advisor.trust import Trust
from agent.objective import Goal
from memory.record import TrialRecord
from recmodels.search_space import Float, Params, SearchSpace

SPACE = SearchSpace({"x": Float(0.0, 1.0, default=0.9), "y": Float(0.0, 1.0, default=0.5)})
Shape = Callable[[Params], float]
Past = Sequence[tuple[TrialRecord, float]]


def at(best: float) -> Shape:
    """Best where x is near a value; y does not matter."""
    return lambda params: float(np.exp(-((float(params["x"]) - best) ** 2) / 0.05))


def record(number: int, params: Params, value: float | None, **changed: Any) -> TrialRecord:
    given = TrialRecord(
        id=f"s/{number}",
        study="s",
        number=number,
        dataset="here",
        model="m",
        params=params,
        state="complete" if value is not None else "failed",
        objective="ndcg@10",
        value=value,
        metrics={"valid_ndcg@10": value} if value is not None else {},
    )
    return replace(given, **changed)


def history(shape: Shape, likeness: float = 0.5, n: int = 30, **changed: Any) -> list[tuple[TrialRecord, float]]:
    """Trials spread over the space on another dataset."""
    points = np.random.default_rng(1).random((n, 2))
    changed = {"study": "old", "dataset": "there"} | changed
    rows = [{"x": float(x), "y": float(y)} for x, y in points]
    return [
        (record(i, row, shape(row), **changed | {"id": f"{changed['dataset']}/{i}"}), likeness)
        for i, row in enumerate(rows)
    ]


def moment(records: Sequence[TrialRecord], recalled: Past, goal: str = "ndcg@10") -> Situation:
    return Situation(
        goal=Goal.parse([goal]),
        spaces={"m": SPACE},
        declared={"m": SPACE},
        records=tuple(records),
        recalled=tuple(recalled),
        seed=3,
    )


def study(shape: Shape, recalled: Past, n: int, sampler: str = "advisor") -> list[Params]:
    """The params of `n` trials, each measured by `shape`."""
    records: list[TrialRecord] = []
    for number in range(n):
        candidate = advise(moment(records, recalled), sampler)[0]
        records.append(record(number, candidate.params, shape(candidate.params)))
    return [one.params for one in records]


def followed(records: Sequence[TrialRecord], recalled: Past) -> float:
    """How far the history is trusted after these trials."""
    return surrogate(records, recalled).past.total  # type: ignore[union-attr]


def surrogate(records: Sequence[TrialRecord], recalled: Past, **rest: Any) -> Surrogate:
    found = seeker_of(moment(records, recalled, **rest), "m")
    assert found is not None
    return found


def measured(shape: Shape, xs: Sequence[float]) -> list[TrialRecord]:
    return [record(i, {"x": x, "y": 0.5}, shape({"x": x})) for i, x in enumerate(xs)]


def test_the_second_trial_goes_where_past_trials_were_best() -> None:
    defaults, second = study(at(0.2), history(at(0.2)), 2)
    assert defaults == SPACE.defaults()
    assert float(second["x"]) == pytest.approx(0.2, abs=0.1)


def test_a_proposal_names_the_histories_that_it_follows_and_the_nearest_trial_of_them() -> None:
    past = [*history(at(0.2), dataset="alike"), *history(at(0.9), dataset="unlike")]
    here = measured(at(0.25), [0.9, 0.2, 0.5])
    candidate = advise(moment(here, past))[0]
    assert "trust: alike 0." in candidate.reason
    assert {id.split("/")[0] for id in candidate.evidence} == {"alike"}
    assert (candidate.source, candidate.mean) == ("memory", None), "three trials here predict nothing worth saying"
    assert surrogate_of(moment(here, past), "m") is None
    fourth = advise(moment([*here, record(3, {"x": 0.3, "y": 0.1}, 0.9)], past))[0]
    assert fourth.source == "gp" and fourth.mean is not None
    assert {id.split("/")[0] for id in fourth.evidence} == {"s", "alike"}


def test_a_past_trial_that_is_far_from_the_params_is_no_evidence_and_that_there_is_none_near_is_said() -> None:
    low = [(r, alike) for r, alike in history(at(0.2), n=60) if float(r.params["x"]) < 0.4]
    moment_here = moment(measured(at(0.2), [0.9, 0.2, 0.3]), low)
    far = predicted(moment_here, "m", {"x": 0.95, "y": 0.5}, "memory", "chosen")
    near = predicted(moment_here, "m", {"x": 0.22, "y": 0.5}, "memory", "chosen")
    assert not far.evidence and far.reason.endswith("near which there has no trial")
    assert [id.split("/")[0] for id in near.evidence] == ["there"] and near.reason == "chosen"


def test_the_plain_sampler_does_not_look_at_the_past() -> None:
    assert study(at(0.2), history(at(0.2)), 6, "gp") == study(at(0.2), (), 6, "gp")


def test_a_history_that_ranks_params_otherwise_fades_and_the_best_is_found_all_the_same() -> None:
    misled = history(at(0.2))
    xs = [float(params["x"]) for params in study(at(0.7), misled, 14)]
    assert min(abs(x - 0.7) for x in xs) < 0.05
    opposed = measured(at(0.7), [0.9, 0.2, 0.7, 0.5, 0.1, 0.75, 0.3, 0.65])
    borne_out = measured(at(0.2), [0.9, 0.2, 0.7, 0.5, 0.1, 0.75, 0.3, 0.65])
    assert followed(opposed, misled) < 0.3 < 0.5 < followed(borne_out, misled)


def test_a_history_that_ranks_params_alike_gains_trust_over_one_that_does_not() -> None:
    both = [*history(at(0.2), dataset="alike"), *history(at(0.9), dataset="unlike")]
    here = measured(at(0.25), [0.9, 0.2, 0.5, 0.3])
    tasks = past_tasks(moment(here, both), "m")
    past = surrogate(here, both).past
    assert past is not None
    by_name = dict(zip((task.dataset for task in tasks), past.followed, strict=True))
    assert by_name["alike"] > 5 * by_name["unlike"]
    assert f"trust: alike {by_name['alike']:.2f}" in past.says()


@pytest.mark.parametrize("here", [0.1, 0.7])
def test_histories_that_disagree_are_tried_in_turn_and_the_one_that_holds_is_kept_to(here: float) -> None:
    both = [*history(at(0.1), dataset="one"), *history(at(0.7), dataset="other")]
    xs = [float(params["x"]) for params in study(at(here), both, 7)]
    assert min(abs(x - here) for x in xs[1:3]) < 0.05
    assert sum(abs(x - here) < 0.1 for x in xs[3:]) >= 3


@pytest.mark.parametrize("level", [0.0, 0.3])  # the defaults measure next to nothing, or nearly as much as the best
def test_where_neither_of_two_histories_holds_the_best_is_found_between_them_as_soon_as_both_are_refuted(
    level: float,
) -> None:
    both = [*history(at(0.1), dataset="one"), *history(at(0.7), dataset="other")]
    xs = [float(params["x"]) for params in study(lambda params: level + at(0.4)(params), both, 7)]
    assert round(xs[1], 1) in (0.1, 0.7)
    assert min(abs(x - 0.4) for x in xs) < 0.05


def test_trust_is_explained_by_the_likeness_at_first_and_by_how_the_trials_rank_as_soon_as_they_do() -> None:
    past = [*history(at(0.2), 0.52, dataset="alike"), *history(at(0.9), 0.3, dataset="unlike")]
    first, later = (surrogate(measured(at(0.25), xs), past).past for xs in ([0.9], [0.9, 0.2, 0.5]))
    assert first is not None and later is not None
    assert "trust: alike 0." in first.says() and ", by the likeness of the datasets, 0.52" in first.says()
    assert ", which ranks the 3 trials here alike, rank correlation 1.00" in later.says()


def test_params_that_mattered_on_past_datasets_are_taken_to_matter_here() -> None:
    known = log_weights(past_tasks(moment([], history(at(0.2))), "m"))
    x, y = known.mean
    assert x > y + 0.5
    found = surrogate(measured(at(0.2), [0.9, 0.5]), history(at(0.2))).objective
    assert found.theta[0] > found.theta[1] + 0.5


def test_before_there_is_evidence_the_more_alike_dataset_counts_more() -> None:
    both = [*history(at(0.2), 0.8, dataset="alike"), *history(at(0.9), 0.2, dataset="unlike")]
    tasks = past_tasks(moment([], both), "m")
    past = surrogate(measured(at(0.2), [0.5]), both).past
    assert past is not None
    alike, unlike = past.followed
    assert [task.dataset for task in tasks] == ["alike", "unlike"]
    assert alike > unlike


def test_the_same_data_a_little_later_count_more_than_many_others_together() -> None:
    """As in a study that tunes again: the old one's dataset is alike but for what drifted."""
    others = [pair for i in range(7) for pair in history(at(0.7), 0.45, dataset=f"other {i}")]
    for likeness, is_followed in ((0.9, True), (0.4, False)):
        past = surrogate(measured(at(0.2), [0.9]), [*history(at(0.2), likeness, dataset="before"), *others]).past
        assert past is not None
        before = next(w for w, task in zip(past.followed, past.tasks, strict=True) if task.dataset == "before")
        assert (before > past.total / 2) == is_followed


def test_past_values_count_by_their_order_whatever_their_units() -> None:
    shape: Shape = lambda params: 0.5 + at(0.2)(params)  # noqa: E731
    other_units = [(replace(r, value=100 * (r.value or 0) ** 2, metrics={}), alike) for r, alike in history(shape)]
    points = np.random.default_rng(2).random((20, 2))
    one, two = (past_tasks(moment([], past), "m")[0].expects(points) for past in (history(shape), other_units))
    assert one == pytest.approx(two, abs=0.5)


def test_past_values_are_those_of_the_metric_that_this_study_is_on() -> None:
    past = [
        (replace(r, objective="recall@10", value=1 - (r.value or 0), metrics={"valid_ndcg@10": r.value or 0}), alike)
        for r, alike in history(at(0.2))
    ]
    second = study(at(0.2), past, 2)[1]
    assert float(second["x"]) == pytest.approx(0.2, abs=0.1)


def test_less_is_better_where_the_objective_is_minimised() -> None:
    loss: Shape = lambda params: 1 - at(0.2)(params)  # noqa: E731
    past = history(loss, objective="logloss", direction="minimize")
    past = [(replace(r, metrics={"valid_logloss": r.value or 0}), alike) for r, alike in past]
    here = [replace(record(0, {"x": 0.9, "y": 0.5}, loss({"x": 0.9})), objective="logloss", direction="minimize")]
    found = surrogate(here, past, goal="logloss")
    assert found.predict({"x": 0.2, "y": 0.5}).mean < found.predict({"x": 0.8, "y": 0.5}).mean


def test_of_several_objectives_each_has_its_own_histories_and_its_own_trust() -> None:
    """Histories hold both metrics; here the first behaves as there, and the second does not."""
    past = [
        (replace(r, metrics={**r.metrics, "valid_coverage@10": at(0.8)(r.params)}), alike)
        for r, alike in history(at(0.2))
    ]
    ran = measured(at(0.2), [0.9, 0.2, 0.7, 0.5, 0.1, 0.75, 0.3, 0.65])
    here = [replace(r, metrics={**r.metrics, "valid_coverage@10": at(0.3)(r.params)}) for r in ran]
    several = replace(moment(here, past), goal=Goal.parse(["ndcg@10", "coverage@10"]))
    found = surrogate_of(several, "m")
    assert found is not None
    one, other = (belief.past.total for belief in found.beliefs if isinstance(belief.past, Trust))
    assert other < 0.3 < 0.4 < one
    coverage = several.goal.objectives[1]
    assert float(past_tasks(several, "m", coverage)[0].expects(np.array([[0.8, 0.5]]))[0]) > 1
    without = [(replace(r, metrics={}), alike) for r, alike in past]
    assert past_tasks(replace(several, recalled=tuple(without)), "m", coverage) == ()


@pytest.mark.parametrize("proposer", ["defaults", "llm", "user", "random", "shipped"])
def test_trials_count_by_what_they_measured_whoever_proposed_them(proposer: str) -> None:
    assert study(at(0.2), history(at(0.2), proposer=proposer), 3) == study(at(0.2), history(at(0.2)), 3)


def test_of_a_history_that_ranks_params_otherwise_how_common_its_gains_are_still_counts() -> None:
    here = [0.9, 0.2, 0.7, 0.5, 0.1, 0.75, 0.3, 0.65, 0.15, 0.4, 0.25, 0.8]
    past = surrogate(measured(at(0.2), here), history(at(0.8))).past
    assert past is not None
    assert past.hypotheses[0].slope == 0.0


def test_a_handful_of_past_trials_or_failed_ones_expect_nothing() -> None:
    failed = [(replace(r, state="failed", value=None), alike) for r, alike in history(at(0.2))]
    assert past_tasks(moment([], history(at(0.2), n=5)), "m") == ()
    assert past_tasks(moment([], failed), "m") == ()


def test_values_that_changed_under_the_same_ids_are_seen() -> None:
    before = past_tasks(moment([], history(at(0.2))), "m")
    after = past_tasks(moment([], history(at(0.8))), "m")
    point = np.array([[0.2, 0.5]])
    assert before[0].expects(point)[0] > 1 > after[0].expects(point)[0]


def test_a_study_that_searches_more_params_is_not_given_the_fits_of_one_that_searches_fewer() -> None:
    past, ran = history(at(0.2)), measured(at(0.2), [0.9, 0.2])
    assert seeker_of(moment(ran, past), "m") is not None
    wider = SearchSpace({**SPACE, "z": Float(0.0, 1.0, default=0.5)})
    more = replace(moment(ran, past), spaces={"m": wider}, declared={"m": wider})
    found = seeker_of(more, "m")
    assert found is not None and found.predict({"x": 0.2, "y": 0.5, "z": 0.1}).mean > 0


# -- a study before on the same data ----------------------------------------------------------------------------

BEFORE = history(at(0.2), 1.0, dataset="here", study="before", split="random")
HERE = [replace(r, split="random") for r in measured(at(0.2), [0.9])]
BEST = max((r for r, _ in BEFORE), key=lambda r: r.value or 0.0)


def test_the_best_of_another_study_on_the_same_data_runs_after_the_defaults() -> None:
    second = advise(moment(HERE, BEFORE))[0]
    assert second.params == SPACE.check(BEST.params)
    assert second.source == "memory" and second.evidence == (BEST.id,)
    assert (
        f"the best that studies before this one measured on the same data and split: ndcg@10 {BEST.value:.4g}"
        in second.reason
    )
    assert f"in trial {BEST.number} of study before" in second.reason


def test_it_runs_once() -> None:
    ran = replace(record(1, BEST.params, 0.4), split="random")  # less than it had measured
    assert advise(moment([*HERE, ran], BEFORE))[0].params != SPACE.check(BEST.params)


@pytest.mark.parametrize(
    "other",
    [
        [(replace(r, split="temporal"), 1.0) for r, _ in BEFORE],
        [(replace(r, positive="rating>=4"), 1.0) for r, _ in BEFORE],
        [(replace(r, dataset="elsewhere"), 1.0) for r, _ in BEFORE],
        [(r, 0.95) for r, _ in BEFORE],  # other data of the same name
        [(replace(r, data="b2"), 1.0) for r, _ in BEFORE],  # as large and as dense, but other data
        [(replace(r, state="failed"), 1.0) for r, _ in BEFORE],
        [(replace(r, value=0.0, metrics={}), 1.0) for r, _ in BEFORE],  # worse than the defaults here
    ],
)
def test_what_is_not_the_same_or_no_better_is_not_run_again(other: Past) -> None:
    here = [replace(r, data="a1") for r in HERE]
    assert "the same data" not in advise(moment(here, other))[0].reason


def test_data_are_the_same_by_what_they_hold_whatever_their_name() -> None:
    here = [replace(r, data="a1") for r in HERE]
    other = [(replace(r, dataset="elsewhere", data="a1"), 1.0) for r, _ in BEFORE]
    assert advise(moment(here, other))[0].evidence == (BEST.id,)


def test_samplers_chosen_by_name_do_not_look_at_it() -> None:
    assert "the same data" not in advise(moment(HERE, BEFORE), "gp")[0].reason
