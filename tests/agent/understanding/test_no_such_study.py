"""A name that no study has is said and the nearest are offered; a study's name alone shows it."""

from dataclasses import replace

import pytest

from agent.llm.pilot.composing import planned
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.names.no_such_study import unknown_study
from agent.understanding.plan import Plan, Request


def plan_of(say: str, known: Known, tool: str = "study_status") -> Plan:
    return planned(lambda said, *_: Plan(say=said, requests=(Request(tool=tool),)), say, known, Dialogue())


@pytest.mark.parametrize(
    ("say", "name"),
    [
        ("why trial 3 of demozzz?", "demozzz"),
        ("show demohalv", "demohalv"),
        ("compare demo-1 with demo-99", "demo-99"),
        ("stop shopp-2", "shopp-2"),
        ("resume study nothere-1", "nothere-1"),
        ("which trial won in fooo-2?", "fooo-2"),
        ("add 4 trials to demo-42", "demo-42"),
        ("rename demo-50 to final", "demo-50"),
        ("is my study demox running?", "demox"),
        ("demo-99 怎么样了？", "demo-99"),
        ("停止 radio-9", "radio-9"),
    ],
)
def test_a_name_that_no_study_has_is_said_and_the_nearest_are_offered(say: str, name: str, known: Known) -> None:
    plan = plan_of(say, known)
    told = plan.waiting.text if plan.waiting else str(plan.answer)
    assert plan.requests == ()
    assert f"`{name}`" in told and ("no study" in told or "没有叫" in told) and "`demo-2`" in told


@pytest.mark.parametrize(
    "say",
    [
        "show demo-1",
        "rename demo-1 to shop-9",
        "resume demo_1",
        "show demo 1",
        "call the next one demo-77",
        "tune ease on demo with the params of gpt-2",
        "recommend 5 items for user u-12",
        "show histograms",
        "show the leaderboards",
        "stop it",
        "explain trial 2 of the study",
        "compare ndcg with recall-20",
        "is study design important?",
        "add ratings-2.csv",
        "why trial 3 of ease?",
        "how much do you trust ml-100k?",
        "compare trial 1 with sasrec",
    ],
)
def test_other_names_and_words_are_left_alone(say: str, known: Known) -> None:
    assert unknown_study(say, known) is None


def test_a_name_from_before_a_renaming_is_a_studys(known: Known) -> None:
    before = replace(known, with_study={"demo-7": replace(known, study="final")}.get)
    assert unknown_study("show demo-7", before) is None
    assert unknown_study("show demo-8", before) == "demo-8"


def test_a_letter_mistyped_is_read_and_another_name_is_not() -> None:
    known = Known(studies=("shop_june-3", "club-3"), datasets=("shop_june", "club"))
    assert unknown_study("how is clbu-3 going?", known) is None
    assert unknown_study("confirm the best of shop_juli-3", known) == "shop_juli-3"


def test_the_choice_does_what_was_asked_of_it_and_an_act_says_that_nothing_was_done(known: Known) -> None:
    plan = plan_of("pause demo-21", known, tool="control_study")
    assert plan.waiting is not None and plan.waiting.choices == ("demo-2", "demo-1")
    assert "nothing was done" in plan.waiting.text and plan.waiting.lacking == "tool"
    assert [dict(one.args) for one in plan.waiting.requests] == [{"study": "demo-2"}, {"study": "demo-1"}]


@pytest.mark.parametrize("say", ["show demo-1", "please show me the study demo-1", "显示 demo-1", "let me see demo-1"])
def test_a_studys_name_alone_shows_it(say: str, known: Known) -> None:
    found = plan_of(say, known, tool="trials").requests
    assert [(one.tool, dict(one.args)) for one in found] == [("study_status", {"study": "demo-1"})]


def test_what_is_to_be_seen_of_a_study_is_not_the_study(known: Known) -> None:
    assert [one.tool for one in plan_of("show trials of demo-1", known, tool="trials").requests] == ["trials"]
