"""A trial that a message names is the one that is answered; where that is not sure, the person is asked."""

import pytest

from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.names.trials_named import of_the_trials_named, trials_said
from agent.understanding.plan import Plan, Request
from agent.words.names import read


@pytest.mark.parametrize(
    "say", ["why did trial 3 run?", "Why did trial number 3 run", "why did trial three run?", "when did trial 3 run?"]
)
def test_a_trial_is_read_whatever_it_did(say: str) -> None:
    assert [span.value for span in read(say).spans if span.kind == "trial"] == [3]


@pytest.mark.parametrize("say", ["each trial 3 runs", "run 3 trials", "trials: 3 runs", "per trial 3 epochs"])
def test_what_counts_trials_names_none(say: str) -> None:
    assert not [span for span in read(say).spans if span.kind == "trial"]


def _agreed(say: str, known: Known, *requests: Request) -> Plan:
    return of_the_trials_named(Plan(say=say, requests=requests), known, Dialogue(study="demo-2"))


def test_another_trial_than_the_one_named_is_not_explained(known: Known) -> None:
    plan = _agreed("why on earth trial 1?", known, Request(tool="explain_trial"))  # of the best, 2
    assert plan.requests == ()
    assert plan.waiting is not None and "trial 1" in plan.waiting.text
    assert [dict(one.args) for one in plan.waiting.requests] == [{"trial": 1}]


def test_the_trial_that_is_named_is_explained_at_once(known: Known) -> None:
    request = Request(tool="explain_trial", args={"trial": "best"})
    assert _agreed("why did trial 1 run, no, trial 2?", known, request).requests == (request,)


def test_two_that_are_named_are_compared_where_they_differ_and_explained_where_not(known: Known) -> None:
    explain, alone = (
        Request(tool="explain_trial", args={"trial": 3}),
        Request(tool="compare_trials", args={"trials": [1]}),
    )
    report = Request(tool="report")
    plan = _agreed("write a report and explain why trial 3 and trial 1 differ", known, report, explain, alone)
    assert [(one.tool, dict(one.args)) for one in plan.requests] == [
        ("report", {}),
        ("compare_trials", {"trials": [3, 1]}),
    ]
    plan = _agreed("why did trials 3 and 1 run?", known, explain)
    assert [dict(one.args) for one in plan.requests] == [{"trial": 3}, {"trial": 1}]


def test_the_third_trial_may_be_number_2_or_number_3(known: Known) -> None:
    plan = _agreed("why did the third trial run?", known, Request(tool="explain_trial"))
    assert plan.waiting is not None
    assert plan.waiting.choices == ("Explain trial 2", "Explain trial 3")


def test_numbers_next_to_the_word_are_said_and_others_are_not() -> None:
    assert trials_said("is trial 5 better than trial 3 with dropout 0.2 after 20 trials?") == (5, 3)
    assert trials_said("tune ease, 6 trials 3 epochs, 5 minutes a trial") == ()
    assert trials_said("为什么试验五比试验 12 好") == (5, 12)
