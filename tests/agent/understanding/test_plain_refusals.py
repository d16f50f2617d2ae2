"""What is not done, or not as it was said, is said in a sentence: all at once, a name for another, a limit, an owner."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from agent.llm.pilot.composing import planned
from agent.understanding.asking.prospect import Prospect
from agent.understanding.dialogue import Dialogue
from agent.understanding.impossible import apart
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request
from agent.understanding.planner import Planner
from agent.words.names import read

PlanOf = Callable[..., Plan]


def with_known(monkeypatch: pytest.MonkeyPatch, known: Known) -> None:
    """What `plan_of` plans with instead."""
    plan = Planner.plan
    monkeypatch.setattr(Planner, "plan", lambda self, say, _, dialogue: plan(self, say, known, dialogue))


@pytest.mark.parametrize(
    ("say", "tool", "verb"),
    [
        ("delete all studies", "delete_study", "delete"),
        ("delete every one of my studies", "delete_study", "delete"),
        ("remove all the datasets", "remove_dataset", "remove"),
        ("stop all studies", "control_study:stop", "stop"),
    ],
)
def test_an_act_on_all_says_that_it_is_done_one_at_a_time(plan_of: PlanOf, say: str, tool: str, verb: str) -> None:
    plan = plan_of(say, **{verb: tool})
    assert not plan.requests and plan.waiting is not None
    assert plan.waiting.text.startswith(f"I {verb} one ") and "nothing was done to all" in plan.waiting.text
    assert set(plan.waiting.choices) in ({"demo-1", "demo-2"}, {"demo", "shop"})
    assert plan_of(f"{verb} demo-1", **{verb: tool}) != plan


def test_a_change_of_a_study_without_a_change_is_asked_for(plan_of: PlanOf) -> None:
    waiting = plan_of("fix demo-1 up", fix="extend_study").waiting
    assert waiting is not None and waiting.lacking == "change" and "nothing to add or to change" in waiting.text
    told = plan_of("5 more trials", Dialogue(study="demo-2").after((), waiting))
    assert [(one.tool, dict(one.args)) for one in told.requests] == [
        ("extend_study", {"study": "demo-1", "n_trials": 5})
    ]


def test_the_card_says_that_a_limit_made_an_amount_smaller(
    known: Known, plan_of: PlanOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def would(tool: str, args: Mapping[str, Any]) -> Prospect:
        over = args.get("n_trials", 0) > 500
        return Prospect(problem="the limit is 500", instead={"n_trials": 500}) if over else Prospect()

    with_known(monkeypatch, replace(known, would=would))
    waiting = plan_of("tune ease on shop, 100000 trials", tune="start_study").waiting
    assert waiting is not None and "trials: **500**, from the limit, which is below what you said" in waiting.text
    assert Request.from_dict(waiting.requests[0].to_dict()) == waiting.requests[0]


@pytest.mark.parametrize("state", ["running", "finished"])
def test_a_no_that_answers_nothing_says_what_stays(known: Known, state: str) -> None:
    last = Dialogue(study="demo-2").after((Request(tool="rename_dataset", args={"dataset": "shop", "name": "s"}),))
    plan = planned(lambda say, *_: Plan(say=say), "no", replace(known, study_state=state), last)
    stays = "`demo-2` runs on; say “stop the study”" if state == "running" else "`undo`"
    assert plan.answer is not None and stays in plan.answer and "nothing was done" not in plan.answer
    assert planned(lambda say, *_: Plan(say=say), "no", replace(known, study_state=None), Dialogue()).answer is None
    stops = Plan(say="stop", requests=(Request(tool="control_study", args={"action": "stop"}),))
    assert planned(lambda *_: stops, "stop", replace(known, study_state=state), last).requests == stops.requests


@pytest.mark.parametrize(
    ("say", "told"),
    [
        ("use https://evil.com/v1 as the language model", "--llm"),
        ("switch to gpt-4 as your LLM", "--llm"),
        ("attach a language model", "--llm"),
        ("make demo-1 mine", "who began it"),
        ("make the study demo-1 ours, please", "who began it"),
    ],
)
def test_what_no_message_can_change_is_told(say: str, told: str) -> None:
    found = apart(say, ("demo-1",))
    assert not found.rest and told in found.told[0]


@pytest.mark.parametrize("say", ["tune llm_ranker on shop", "make demo-1 run longer", "use ease as the baseline"])
def test_what_can_be_done_is_not_taken_for_that(say: str) -> None:
    assert apart(say, ("demo-1",)).rest == say


@pytest.mark.parametrize(
    "say", ["export alpha to /tmp/x", "delete alpha", "show alpha", "status of alpha", "open alpha"]
)
def test_a_study_by_the_name_of_a_param_is_meant_after_a_verb_of_studies(
    known: Known, plan_of: PlanOf, monkeypatch: pytest.MonkeyPatch, say: str
) -> None:
    with_known(monkeypatch, replace(known, studies=("alpha", *known.studies)))
    plan = plan_of(say, delete="delete_study order 0.4", show="study_status", status="study_status", open="open_study")
    asked = plan.waiting.requests if plan.waiting else ()
    assert {one.args.get("study") for one in (*plan.requests, *asked)} == {"alpha"}
    assert not read("set alpha to 16", replace(known, studies=("alpha",)).names).of("study")
