"""What a language model does to a real small study: each act is done or asked about, told, kept, and known later."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from agent.deciding.acts import Act, Ask, BringIn, Draft, End, LeaveOut, Longer, Own, Repeat, SetRange, Take
from agent.deciding.answer import choice_of
from agent.deciding.context import DecisionContext
from agent.deciding.model_decider import ModelDecider
from agent.errors import UserError
from agent.events import DeciderActed, QuestionAsked
from agent.llm.scripted import ScriptedChat, call
from agent.studies.runner import StudyRunner
from agent.studies.study import Study
from agent.studies.study_spec import StudySpec

MakeRunner = Callable[..., StudyRunner]


class Deciding:
    """Does one act after the other, then takes the advisor's first candidate; it keeps what it saw."""

    def __init__(self, *acts: Act) -> None:
        self.acts, self.seen = list(acts), list[DecisionContext]()

    def __call__(self, context: DecisionContext) -> Draft:
        self.seen.append(context)
        act = self.acts.pop(0) if self.acts else Take(candidate=0)
        return Draft(act=act, expected=0.2, rationale="So.")


def spec(**changed: Any) -> StudySpec:
    given: dict[str, Any] = {"dataset": "tiny", "models": ["ease", "bpr_mf"], "n_trials": 4, "llm": "scripted"}
    return StudySpec.create(**(given | changed), ranges={"bpr_mf": {"epochs": {"low": 1, "high": 4}}})


def ran(make_runner: MakeRunner, decider: Any, wait_s: float = 0.0, **changed: Any) -> Study:
    study = make_runner(decider=decider, answer_wait_s=wait_s).create(spec(**changed))
    list(study.run())
    return study


def texts(study: Study) -> list[str]:
    return [event.text for event in study.log.events() if isinstance(event, DeciderActed)]


def answer(act: Act) -> Any:
    given = {"rationale": "It is worth a try.", "choice": choice_of(act), "expected": 0.3, "evidence": []}
    return call("Proposal", **given)


def test_a_scripted_model_uses_every_branch_in_one_study(make_runner: MakeRunner) -> None:
    acts: list[Act] = [
        Take(candidate=1),  # the defaults of bpr_mf
        SetRange(model="bpr_mf", param="learning_rate", low=0.005, high=0.05),
        Own(model="bpr_mf", params={"learning_rate": 0.02, "epochs": 2}),
        Repeat(trial=2),
        Longer(trial=2, epochs=3),
        Ask(question="May lists be slower?"),  # nobody is there: the model is asked once more
        Own(model="ease", params={"l2": 50.0}, explores=True),
        LeaveOut(model="bpr_mf"),
        BringIn(model="bpr_mf"),
        End(),
    ]
    chat = ScriptedChat(lines=[answer(act) for act in acts])
    study = ran(make_runner, ModelDecider(chat, timeout_s=60), n_trials=20, sampler="random")
    assert not chat.lines, "every line was asked for"
    assert [record.act for record in study.records()] == ["", "take", "own", "repeat", "longer", "explore"]
    assert study.state == "finished"
    assert "ended by the language model after 6 of 20 trials: It is worth a try." in study.status().reason
    third, fourth = study.record(3), study.record(4)
    assert third.params == study.record(2).params and third.seed != study.record(2).seed
    assert fourth.params == {**study.record(2).params, "epochs": 3} and len(fourth.curve) == 3
    assert str(study.spaces()["bpr_mf"]["learning_rate"]) == "[0.005, 0.05] (log scale)"
    assert [deed.kind for deed in study.deeds()] == ["range", "ask", "leave_out", "bring_in", "stop"]
    assert study.status().acts["leave_out"] == {"done": 1.0}
    assert study.status().acts["explore"]["trials"] == 1
    assert study.status().scoreboard["llm"]["trials"] == 5
    told = texts(study)
    searched = "the language model decides to search bpr_mf `learning_rate` from 0.005 to 0.05"
    assert told[0] == f"{searched}: It is worth a try."
    assert "nobody is there to answer: May lists be slower?" in told[1]
    again = str(chat.seen[6][0].content)
    assert "; no answer came" in again and "decide without it." in again
    assert '- {"ask"' not in again and study.proposal(5).note is None


def test_what_a_model_did_is_known_after_a_restart_and_told_to_the_model(make_runner: MakeRunner) -> None:
    act = SetRange(model="ease", param="l2", low=10.0, high=100.0)
    study = ran(make_runner, Deciding(act), models=["ease"], n_trials=3)
    told = texts(study)
    again = Deciding()
    resumed = make_runner(decider=again).open(study.name)
    assert resumed.deeds() == study.deeds() and texts(resumed) == told
    assert str(resumed.spaces()["ease"]["l2"]) == "[10, 100] (log scale)"
    resumed.extend(n_trials=4)
    list(resumed.run())
    assert [deed.act for deed in again.seen[0].deeds] == [act]
    assert 10 <= float(resumed.record(3).params["l2"]) <= 100


def test_what_the_person_narrowed_is_widened_with_their_yes_alone(make_runner: MakeRunner) -> None:
    act = SetRange(model="ease", param="l2", low=1.0, high=5000.0)
    decider = Deciding(act)
    runner = make_runner(decider=decider, answer_wait_s=60.0)
    study = runner.create(spec(models=["ease"], n_trials=3))
    study.narrow("ease", "l2", low=100.0, high=1000.0)
    for event in study.run():
        if isinstance(event, QuestionAsked):
            assert (study.state, event.choices) == ("waiting", ("yes", "no"))
            assert "May I search ease `l2` from 1 to 5000? So." in event.text
            study.answer("yes, go on")
    assert str(study.spaces()["ease"]["l2"]) == "[1, 5000] (log scale)"
    assert decider.seen[1].deeds[-1].answer == "yes, go on"
    assert study.state == "finished"


def test_a_no_changes_nothing_and_is_heard(make_runner: MakeRunner) -> None:
    decider = Deciding(BringIn(model="item_knn"))
    study = make_runner(decider=decider, answer_wait_s=60.0).create(spec(models=["ease"], n_trials=3))
    for event in study.run():
        if isinstance(event, QuestionAsked):
            study.answer("no, ease alone")
    assert decider.seen[1].deeds[-1].answer == "no, ease alone"
    assert study.spec.models == ("ease",)
    with pytest.raises(UserError, match="asks nothing"):
        study.answer("yes")


def test_an_unanswered_question_ends_with_its_time_and_a_late_yes_still_counts(make_runner: MakeRunner) -> None:
    decider = Deciding(BringIn(model="item_knn"))
    study = ran(make_runner, decider, wait_s=0.05, models=["ease"], n_trials=2)
    assert any("nobody answered: May I bring item_knn in?" in text for text in texts(study))
    assert (study.record(1).act, study.state) == ("take", "finished"), "the model is asked once more"
    assert [deed.answer for deed in decider.seen[1].deeds] == [None]
    study.answer("yes")
    assert study.spec.models == ("ease", "item_knn")


def test_what_needs_a_yes_is_refused_after_a_question_that_nobody_answered(make_runner: MakeRunner) -> None:
    decider = Deciding(Ask(question="How slow?"), BringIn(model="item_knn"), Ask(question="How slow?"))
    study = ran(make_runner, decider, models=["ease"], n_trials=2)
    refusal = decider.seen[2].refusal
    assert refusal is not None and "no answer came a moment ago" in refusal.rule
    assert (len(study.deeds()), study.record(1).act) == (1, "")
    assert "one question was asked before this trial already" in (study.proposal(1).note or "")


def test_a_question_that_waits_survives_a_stop_and_is_asked_again(make_runner: MakeRunner) -> None:
    decider = Deciding(Ask(question="How slow?", choices=("5 ms", "50 ms")))
    study = make_runner(decider=decider, answer_wait_s=60.0).create(spec(models=["ease"], n_trials=2))
    for event in study.run():
        if isinstance(event, QuestionAsked):
            study.stop()
    assert study.state == "stopped" and study.question is not None
    asked = 0
    study.resume()
    for event in study.run():
        if isinstance(event, QuestionAsked):
            asked += 1
            study.answer("5 ms")
    assert (asked, study.state, study.question) == (1, "finished", None)


def test_a_study_that_the_model_ended_goes_on_when_the_person_resumes_it(make_runner: MakeRunner) -> None:
    own = [Own(model="ease", params={"l2": 10.0 * (i + 1)}) for i in range(3)]
    decider = Deciding(*own, End(), End(), Own(model="ease", params={"l2": 5.0}))
    study = ran(make_runner, decider, models=["ease"], n_trials=6)
    assert (study.state, len(study.records())) == ("finished", 4)
    study.resume()
    list(study.run())
    assert len(study.records()) == 6
    refusal = decider.seen[5].refusal
    assert refusal is not None and "run a trial first" in refusal.rule


def test_only_a_trial_is_asked_for_when_a_person_wants_a_proposal(make_runner: MakeRunner) -> None:
    decider = Deciding(LeaveOut(model="bpr_mf"), Take(candidate=0))
    study = ran(make_runner, Deciding(), n_trials=2, sampler="random")
    study = make_runner(decider=decider).open(study.name)
    study.extend(n_trials=5)
    assert study.propose().act == "take"
    assert not decider.seen[0].scope.may_act and decider.seen[1].refusal is not None
    assert study.spec.models == ("ease", "bpr_mf")


def test_a_model_is_asked_for_a_trial_after_three_steps(make_runner: MakeRunner) -> None:
    ranges = [SetRange(model="ease", param="l2", low=float(low)) for low in (2, 3, 4, 5)]
    decider = Deciding(*ranges)
    study = ran(make_runner, decider, models=["ease"], n_trials=2)
    assert len(study.deeds()) == 3
    assert [context.scope.may_act for context in decider.seen] == [True, True, True, False, False]


def test_the_clock_stands_still_while_an_answer_is_waited_for(make_runner: MakeRunner) -> None:
    decider = Deciding(Ask(question="How slow?"))
    study = make_runner(decider=decider, answer_wait_s=60.0).create(spec(models=["ease"], n_trials=2))
    waited = threading.Event()
    for event in study.run():
        if isinstance(event, QuestionAsked):
            before = study.status().elapsed_s
            waited.wait(0.05)
            assert study.status().elapsed_s == before
            study.answer("fast")
    assert replace(decider.seen[1].deeds[-1], rationale="").answer == "fast"
