"""When each pruner stops a trial, and what it says: by this study's trials, by rungs, by what the memory knows."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.executor import InProcessExecutor
from agent.objective import Goal, Objective
from agent.pruner_words import DEFAULT_PRUNER, EARLIER_PRUNER, PRUNER_WORDS
from agent.studies.pruners import PRUNERS, can_prune
from agent.studies.pruners.halving import rungs
from agent.studies.pruners.look import Look
from agent.studies.pruners.progress import Progress, past_progress
from agent.studies.runner import StudyRunner
from agent.studies.study_spec import StudySpec
from memory.embedding import HashingEmbedder
from memory.histories.files import shipped_like
from memory.record import TrialRecord
from memory.store import TrialMemory
from recmodels.errors import ParamError
from recmodels.request import EpochReport, OnEpoch, TrainRequest, TrainResult

MORE, LESS = (Goal(objectives=(Objective(metric="ndcg@10", direction=d),)) for d in ("maximize", "minimize"))


def record(number: int, curve: Sequence[float], **changed: Any) -> TrialRecord:
    given = TrialRecord(
        id=f"s/{number}",
        study="s",
        number=number,
        dataset="books",
        model="ease",
        params={"l2": 10.0 * (number + 1)},
        state="complete",
        objective="ndcg@10",
        value=curve[-1],
        curve=tuple(curve),
    )
    return replace(given, **changed)


EARLIER = tuple(record(i, (0.1 * i, 0.2 * i, 0.3 * i, 0.4 * i)) for i in range(1, 6))


def judged(pruner: str, curve: Sequence[float | None], epochs: int = 10, **changed: Any) -> str | None:
    look = Look(curve=curve, epochs=epochs, model="ease", records=EARLIER, goal=MORE)
    return PRUNERS[pruner](replace(look, **changed))


# -- the lower quartile -------------------------------------------------------------------------------------


def test_a_trial_below_the_lower_quartile_stops_and_is_told_why() -> None:
    assert judged("quartile", (0.05, 0.2)) == (
        "after epoch 2 its best ndcg@10 was 0.2, worse than the lower quartile 0.4 of 5 earlier trials of ease"
    )
    assert judged("quartile", (0.5, 0.2)) is None, "its best so far counts, not its latest"


def test_a_trial_is_not_judged_too_soon_too_late_or_by_too_few() -> None:
    assert judged("quartile", (0.0,)) is None
    assert judged("quartile", (0.0, 0.0), 20) is None, "20 % of the epochs are a warm-up"
    assert judged("quartile", (0.0, 0.0), 2) is None, "it is done anyway"
    assert judged("quartile", (0.0, 0.0), records=EARLIER[:3]) is None
    assert judged("quartile", (0.0, 0.0), model="sasrec") is None, "other models rise at other speeds"


def test_less_can_be_better_when_judging() -> None:
    assert judged("quartile", (0.3, 0.9), goal=LESS) is None
    assert "worse than the upper quartile 0.4" in (judged("quartile", (0.9, 0.8), goal=LESS) or "")


# -- successive halving -------------------------------------------------------------------------------------


def test_at_a_rung_only_the_best_third_goes_on() -> None:
    assert rungs(40) == (2, 5, 14) and rungs(10) == (2, 4) and rungs(3) == ()
    others = (*EARLIER[:4], record(5, (0.1, 1.0), state="pruned"))
    assert judged("halving", (0.1, 0.79), records=others) == (
        "after epoch 2 its best ndcg@10 was 0.79, worse than 0.8: of the 6 trials of ease that got there only the "
        "best 2 go on (successive halving)"
    )
    assert judged("halving", (0.1, 0.8), records=others) is None, "as good as the second of six, a pruned one counted"
    assert judged("halving", (0.1, 0.1, 0.1), records=others) is None, "the third epoch is no rung"


def test_while_fewer_than_three_got_to_a_rung_only_the_best_goes_on() -> None:
    assert judged("halving", (0.0, 0.0), records=()) is None
    assert judged("halving", (0.1, 0.3), records=EARLIER[:1]) is None
    assert "only the best goes on" in (judged("halving", (0.1, 0.1), records=EARLIER[:1]) or "")
    assert "worse than 0.1" in (judged("halving", (0.3, 0.3), records=EARLIER[:1], goal=LESS) or "")


# -- the hurdle ---------------------------------------------------------------------------------------------

PROFILE = {"n_users": 60.0, "n_items": 40.0, "n_interactions": 480.0, "density": 0.2}
HALF = (0.5, 0.8, 0.9, 1.0)  # of the end, by epoch


def past(*shares: float, dataset: str = "films", likeness: float = 1.0) -> Progress:
    return Progress(dataset=dataset, likeness=likeness, shares=tuple((0.1, share, 1.0) for share in shares))


def test_from_the_second_trial_on_the_bar_is_what_good_trials_elsewhere_had_reached() -> None:
    leader = (record(0, [0.4 * share for share in HALF]),)
    known = (past(0.5, 0.7), past(0.6, 0.9, dataset="shop", likeness=0.5))
    assert judged("hurdle", (0.1, 0.19), records=leader, past=known) == (
        "after epoch 2 its best ndcg@10 was 0.19, worse than the hurdle 0.194: 95 % of 4 good trials of ease on films, "
        "shop had by then come to 0.50 of their best or further, and the best here came to 0.4 (trial 0); less "
        "3 % for noise"
    )
    assert judged("hurdle", (0.1, 0.195), records=leader, past=known) is None
    assert judged("hurdle", (0.0, 0.0), records=(), past=known) is None, "nothing here says what is good here"


def test_what_is_level_with_the_best_trial_by_that_epoch_always_goes_on() -> None:
    slow = (record(0, (0.01, 0.1, 0.2, 0.4)),)
    assert judged("hurdle", (0.0, 0.1), records=slow, past=(past(0.99, 0.99),)) is None
    assert judged("hurdle", (0.0, 0.09), records=slow, past=(past(0.99, 0.99),)) == (
        "after epoch 2 its best ndcg@10 was 0.09, worse than the 0.1 that the best trial of ease, trial 0, had by then"
    )


def test_where_less_is_better_the_hurdle_lies_above_the_best() -> None:
    leader = (record(0, (0.9, 0.7, 0.5), direction="minimize"),)
    known = (past(1.5, 1.2),)
    assert judged("hurdle", (0.9, 0.77), records=leader, past=known, goal=LESS) is None
    assert "the hurdle 0.7725:" in (judged("hurdle", (0.9, 0.78), records=leader, past=known, goal=LESS) or "")


def test_a_leader_that_breaks_a_constraint_sets_no_hurdle() -> None:
    goal = Goal.parse(["ndcg@10"], ["coverage@10>=0.5"])
    leader = record(0, HALF, metrics={"valid_coverage@10": 0.1})
    assert judged("hurdle", (0.0, 0.0), records=(leader,), past=(past(0.9),), goal=goal) is None
    kept = replace(leader, metrics={"valid_coverage@10": 0.6})
    assert judged("hurdle", (0.0, 0.0), records=(kept,), past=(past(0.9),), goal=goal) is not None


def test_without_known_curves_the_hurdle_is_the_quartile_until_there_are_own_ones() -> None:
    assert "lower quartile" in (judged("hurdle", (0.0, 0.0)) or "")
    many = tuple(record(i, (0.1 * i, 0.2 * i, 0.3 * i, 0.4 * i)) for i in range(1, 7))
    assert "2 good trials of ease on this study had" in (judged("hurdle", (0.0, 0.0), records=many) or "")


def test_curves_count_where_they_follow_the_objective_and_are_enough() -> None:
    curves = [(record(i, (0.0, 0.1 * i, 0.2 * i), study="old"), 0.7) for i in range(1, 7)]
    (found,) = past_progress(curves, "ease", MORE.primary)
    assert (found.dataset, found.likeness, found.by(2), found.by(9)) == ("books", 0.7, [0.5, 0.5], [1.0, 1.0])
    assert past_progress(curves[:5], "ease", MORE.primary) == (), "too few"
    assert past_progress(curves, "bpr_mf", MORE.primary) == past_progress(curves, "ease", LESS.primary) == ()
    cut = [(replace(r, state="pruned"), likeness) for r, likeness in curves]
    assert past_progress(cut, "ease", MORE.primary) == (), "a pruned trial has no end"


def test_the_histories_that_ship_set_a_hurdle() -> None:
    pairs = [(hit.record, hit.similarity) for hit in shipped_like("bpr_mf", {"n_users": 900.0}, 8)]
    found = past_progress([(r, s) for r, s in pairs if isinstance(r, TrialRecord)], "bpr_mf", MORE.primary)
    assert len(found) >= 3
    leader = (record(0, [0.25 * share for share in HALF], model="bpr_mf"),)
    reason = judged("hurdle", (0.001, 0.01, 0.01), 40, model="bpr_mf", records=leader, past=found)
    assert reason is not None and "good trials of bpr_mf on" in reason


@pytest.mark.parametrize("goal", [MORE, LESS])
@pytest.mark.parametrize("pruner", PRUNERS)
def test_curves_without_numbers_stop_nothing_and_break_nothing(pruner: str, goal: Goal) -> None:
    nan, direction = float("nan"), goal.primary.direction
    holes = [(nan, None, nan), (None, nan, 0.5), (0.5, None, None), (float("inf"), 0.5, 0.5)]
    for curve in holes:
        several = tuple(record(i, (0.1, 0.2, 0.5), direction=direction) for i in range(9))
        records = tuple(replace(r, curve=curve) for r in several)
        known = past_progress([(r, 0.5) for r in records], "ease", goal.primary)
        for mine in holes:
            reason = judged(pruner, mine[:2], records=records, goal=goal, past=known)
            assert reason is None or ("nan" not in reason and "inf" not in reason)
    assert judged(pruner, (nan, None), goal=goal) is None
    unknown = (replace(record(0, (0.5,), direction=direction), curve=(nan, nan)),)
    assert judged(pruner, (0.9, 0.8), records=unknown, goal=goal, past=(past(0.9, 0.8),)) is None


def test_curves_of_data_that_are_hardly_alike_move_the_bar_little() -> None:
    leader = (record(0, [0.4 * share for share in HALF]),)
    alike, other = past(0.7, 0.7), past(0.1, 0.1, dataset="shop", likeness=0.04)
    assert judged("hurdle", (0.1, 0.25), records=leader, past=(alike, other)) is not None
    assert judged("hurdle", (0.1, 0.25), records=leader, past=(alike, replace(other, likeness=0.5))) is None


# -- the choice ---------------------------------------------------------------------------------------------


def test_no_pruner_stops_nothing_and_unknown_ones_are_refused() -> None:
    assert judged("none", (0.0, 0.0)) is None
    assert PRUNERS.keys() == PRUNER_WORDS.keys()
    with pytest.raises(ParamError, match="unknown pruner 'median'; the pruners are: hurdle, quartile, halving, none"):
        StudySpec.create(dataset="d", models=["ease"], pruner="median")


def test_a_study_that_was_begun_before_there_was_a_choice_keeps_its_rule() -> None:
    spec = StudySpec.create(dataset="d", models=["ease"])
    assert spec.pruner == DEFAULT_PRUNER and StudySpec.from_dict(spec.to_dict()) == spec
    old = {name: value for name, value in spec.to_dict().items() if name != "pruner"}
    assert StudySpec.from_dict(old).pruner == EARLIER_PRUNER


def test_several_objectives_and_costs_prune_nothing() -> None:
    assert can_prune(MORE)
    assert not can_prune(Goal.parse(["ndcg@10", "coverage@10"])) and not can_prune(Goal.parse(["latency_ms"]))


class Rising(InProcessExecutor):
    """Ten epochs of a curve that depends on the params: the larger `l2`, the worse."""

    def train(self, request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        values = [epoch / float(request.params["l2"]) for epoch in range(1, 11)]
        curve = tuple(
            EpochReport(epoch=i, epochs=10, loss=1.0, value=v, metrics={"valid_ndcg@10": v}, elapsed_s=0.0)
            for i, v in enumerate(values, start=1)
        )
        for report in curve if on_epoch is not None else ():
            on_epoch(report)  # type: ignore[misc]
        metrics = {"valid_ndcg@10": values[-1]}
        params = request.params
        return TrainResult(
            metrics=metrics, curve=curve, cost={}, best_epoch=10, params=params, split="x", checkpoint=None
        )


def test_a_study_takes_the_hurdle_from_the_memory_at_its_second_trial(
    make_runner: Callable[..., StudyRunner], tmp_path: Path
) -> None:
    memory = TrialMemory(tmp_path / "memory", HashingEmbedder())
    memory.remember(
        *(
            record(i, [0.01 * epoch * i for epoch in range(1, 11)], id=f"old/{i}", study="old", profile=PROFILE)
            for i in range(1, 7)
        )
    )
    stopped = {}
    for pruner in ("hurdle", "none"):
        chosen = StudySpec.create(dataset="tiny", models=["ease"], n_trials=2, pruner=pruner, name=pruner)
        study = make_runner(Rising(), memory=memory).create(chosen)
        study.run_trial({"l2": 10.0})
        study.run_trial({"l2": 9000.0})
        list(study.run())
        stopped[pruner] = study.record(1)
    memory.close()
    assert stopped["none"].state == "complete" and len(stopped["none"].curve) == 10
    assert stopped["hurdle"].state == "pruned" and len(stopped["hurdle"].curve) == 2
    assert "2 good trials of ease on books had by then come to 0.20 of their best" in (stopped["hurdle"].reason or "")
