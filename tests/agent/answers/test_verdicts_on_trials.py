"""Verdicts on the trials of a real study, and of results made up for what it does not have."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from agent.answers.verdict_facts import Heard
from agent.answers.verdicts import verdict
from agent.results.by_tool import read_result
from agent.results.explained import Curve, TrialExplained
from agent.results.result import Result
from agent.results.status import Status
from agent.results.sums import Sum, ValueUsed
from agent.results.table import TrialTable

Facts = Callable[..., dict[str, Any]]


def _read(tuned_facts: Facts, tool: str, **args: Any) -> Result:
    import json

    return read_result(tool, json.dumps(tuned_facts(tool, **args)))


def _heard(says: str, **facts: Result) -> Heard:
    return Heard(says=says, facts=facts)


def _table(*rows: tuple[int, str], n_all: int = 6) -> TrialTable:
    return TrialTable(
        study="first", objective="ndcg@10", columns=("number", "state"), n=len(rows), n_all=n_all, rows=rows
    )


def test_the_trials_that_cannot_be_told_apart_are_those_of_the_standing(tuned_facts: Facts) -> None:
    status = _read(tuned_facts, "study_status")
    assert isinstance(status, Status) and status.best is not None
    others = [n for n in status.standing.group if n != status.best.number]
    said = verdict("alike", _heard("which trials cannot be told apart?", study_status=status))
    assert all(str(n) in said for n in (status.best.number, *others))
    alone = replace(status, standing=replace(status.standing, group=(status.best.number,)))
    assert "None" in verdict("alike", _heard("which trials cannot be told apart?", study_status=alone))


def test_trials_that_were_stopped_are_named_by_how_they_ended() -> None:
    said = verdict("stopped_early", _heard("", trials=_table((4, "pruned"), (1, "failed"), (2, "pruned"))))
    assert "3 of 6 trials" in said and "trials 2 and 4 were pruned and trial 1 was failed" in said
    assert "None of the 6 trials" in verdict("stopped_early", _heard("", trials=_table()))


def test_a_constraint_is_named_with_the_trials_that_meet_it_or_not(tuned_facts: Facts) -> None:
    status = _read(tuned_facts, "study_status")
    assert isinstance(status, Status)
    goal = replace(status, goal="maximize ndcg@10, coverage@10 >= 0.6")
    rows = TrialTable(
        study="first",
        objective="ndcg@10",
        columns=("number", "value", "coverage@10"),
        n=1,
        n_all=6,
        rows=((2, 0.1162, 0.618),),
    )
    said = verdict("feasible", _heard("which trials meet it?", study_status=goal, trials=rows))
    assert "1 of 6 trials of **first** meets coverage@10 >= 0.6: trial 2 (ndcg@10 0.1162, coverage@10 0.618)." in said
    assert "break " not in said
    said = verdict("feasible", _heard("which trials break the constraint?", study_status=goal, trials=rows))
    assert "breaks coverage@10" in said
    assert "no constraint" in verdict("feasible", _heard("", study_status=status, trials=rows))


def test_the_time_of_a_trial_and_who_chose_it_are_told_of_that_trial(tuned_facts: Facts) -> None:
    trial = _read(tuned_facts, "explain_trial", trial=3)
    assert isinstance(trial, TrialExplained)
    said = verdict("took", _heard("how long did trial 3 take", explain_trial=replace(trial, train_s=72.0)))
    assert "Trial 3 of first" in said and "**72 s**" in said and "came from" not in said
    assert "came from" in verdict("took", _heard("how long did trial 3 take, and who proposed it", explain_trial=trial))


def test_overfitting_is_told_from_the_curve_alone(tuned_facts: Facts) -> None:
    trial = _read(tuned_facts, "explain_trial", trial=3)
    assert isinstance(trial, TrialExplained)
    curve = Curve(epochs=9, first=0.1, best=0.3, best_epoch=4, last=0.2, shape="past its best when it ended")
    said = verdict("overfit", _heard("", explain_trial=replace(trial, curve=curve)))
    assert "signs of it" in said and "epoch 4 of 9" in said
    assert "cannot be seen" in verdict("overfit", _heard("", explain_trial=replace(trial, curve=None)))


def test_a_share_is_of_the_second_value() -> None:
    values = (ValueUsed(what="ndcg@10 of trial 6", value=0.08), ValueUsed(what="ndcg@10 of trial 0", value=0.1))
    found = Sum(
        expression="t6 - t0", result=-0.02, study="first", values=values, difference=-0.02, relative_change=-0.2
    )
    assert "**20 % less**" in verdict("in_percent", _heard("", calc=found))


def test_a_study_is_of_who_began_it(tuned_facts: Facts) -> None:
    studies = _read(tuned_facts, "list_studies")
    assert "no name is kept" in verdict("whose", _heard("who began this study?", list_studies=studies))
    of_ann = replace(studies, studies=(replace(studies.studies[0], begun_by="ann"),))  # type: ignore[attr-defined,type-var]
    assert "begun by ann" in verdict("whose", _heard("whose study is first?", list_studies=of_ann))


def test_what_comes_next_is_said_of_the_state_that_the_study_is_in(tuned_facts: Facts) -> None:
    status = _read(tuned_facts, "study_status")
    assert isinstance(status, Status)
    assert "resume" in verdict("next_step", _heard("what next?", study_status=replace(status, state="stopped")))
    assert "waits for your word" in verdict("next_step", _heard("", study_status=replace(status, state="waiting")))
    assert "export" in verdict("next_step", _heard("", study_status=status)) or status.standing.baselines
