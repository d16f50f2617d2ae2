"""A new name is for what it was said of: the study that the message starts, a dataset that is named, or it is asked."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request
from agent.understanding.planner import Planner

PlanOf = Callable[..., Plan]
AS_DATA = {"name": "rename_dataset", "call": "rename_dataset", "rename": "rename_dataset", "title": "rename_dataset"}
READ = AS_DATA | {"tune": "start_study", "start": "start_study", "describe": "describe_dataset", "add": "add_dataset"}


def done(plan: Plan) -> list[tuple[str, dict[str, Any]]]:
    return [(one.tool, dict(one.args)) for one in plan.requests]


@pytest.mark.parametrize(
    "say",
    [
        "tune ease on shop, name it winter",
        "tune ease on shop, 3 trials, 2 epochs at most, name it winter",
        "tune ease on shop; call it “winter”",
        "tune ease on shop and name the study winter",
        "tune ease on shop. Rename it to winter",
        "call the new study winter and tune ease on shop",
        "start a study called winter on shop with ease",
        "tune ease on shop, title: winter",
    ],
)
def test_a_name_beside_a_study_that_starts_is_the_name_of_that_study(plan_of: PlanOf, say: str) -> None:
    listed = Dialogue(study="demo-2", dataset="demo").after((Request(tool="list_datasets"),))
    start, named = plan_of(say, listed, **READ).requests
    assert start.tool == "start_study" and start.args["dataset"] == "shop"
    assert (named.tool, named.args) == ("rename_study", {"name": "winter"})


@pytest.mark.parametrize(
    "say",
    [
        "tune ease on demo, rename the dataset shop to store",
        "tune ease on demo, call shop store from now on",
        "tune ease on demo and rename shop to store",
    ],
)
def test_a_dataset_is_renamed_where_its_name_says_so(plan_of: PlanOf, say: str) -> None:
    assert done(plan_of(say, **READ))[1:] == [("rename_dataset", {"dataset": "shop", "name": "store"})]


def test_what_is_renamed_before_the_study_starts_stays_what_it_was(plan_of: PlanOf) -> None:
    found = done(plan_of("describe shop, rename it to store and tune ease on it", **READ))
    assert [tool for tool, _ in found] == ["describe_dataset", "rename_dataset", "start_study"]


def test_the_name_waits_with_a_study_that_is_asked_about(plan_of: PlanOf) -> None:
    say = "tune ease on shop, 20tr, 100000 trials, name it winter"  # which of the two?
    plan = plan_of(say, **READ)
    assert not plan.requests and plan.waiting is not None
    assert [one.tool for one in plan.waiting.requests] == ["start_study", "rename_study"]
    card = Dialogue(study="demo-2").after((), plan.waiting)
    changed = plan_of("only 5 trials", card, only="start_study")
    asked = changed.waiting.requests if changed.waiting else ()
    assert [one.tool for one in (*changed.requests, *asked)] == ["start_study", "rename_study"]


def test_a_name_under_a_card_is_of_the_study_on_the_card(plan_of: PlanOf) -> None:
    waiting = plan_of("tune ease on shop, 20tr, 100000 trials", **READ).waiting
    plan = plan_of("name it winter", Dialogue(study="demo-2").after((), waiting), name="rename_study")
    assert not plan.requests and plan.waiting is not None
    assert [one.tool for one in plan.waiting.requests] == ["start_study", "rename_study"]


def told(known: Known, say: str, dialogue: Dialogue, plan_of: PlanOf, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """The plan with another state of affairs."""
    planned = Planner.plan
    monkeypatch.setattr(Planner, "plan", lambda self, say, _, dialogue: planned(self, say, known, dialogue))
    return plan_of(say, dialogue, **READ)


def test_a_dataset_and_the_study_at_hand_with_its_name_are_told_apart(
    known: Known, plan_of: PlanOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = replace(known, studies=("shop-1", *known.studies), study="shop-1", study_dataset="shop")
    plan = told(here, "rename shop to store", Dialogue(study="shop-1"), plan_of, monkeypatch)
    assert not plan.requests and plan.waiting is not None
    assert [(one.tool, dict(one.args)) for one in plan.waiting.requests] == [
        ("rename_dataset", {"dataset": "shop", "name": "store"}),
        ("rename_study", {"study": "shop-1", "name": "store"}),
    ]
    chosen = plan_of("the study", Dialogue(study="shop-1").after((), plan.waiting))
    assert done(chosen) == [("rename_study", {"study": "shop-1", "name": "store"})]


def test_a_dataset_that_nobody_spoke_of_is_renamed_only_after_a_question(plan_of: PlanOf) -> None:
    listed = Dialogue(study="demo-2", dataset="demo").after((Request(tool="list_datasets"),))
    assert not plan_of("rename it to store", listed, **READ).requests
    described = Dialogue().after((Request(tool="describe_dataset", args={"dataset": "shop"}),))
    assert done(plan_of("rename it to store", described, **READ)) == [
        ("rename_dataset", {"dataset": "shop", "name": "store"})
    ]


@pytest.mark.parametrize(("read", "tool"), [("remove_dataset", "rename_dataset"), ("delete_study", "rename_study")])
@pytest.mark.parametrize("sure", ["0.99", "0.4"])
def test_the_word_rename_removes_nothing(plan_of: PlanOf, read: str, tool: str, sure: str) -> None:
    plan = plan_of("rename store to films", rename=f"{read} order {sure}")
    asked = plan.waiting.requests if plan.waiting else ()
    assert {one.tool for one in (*plan.requests, *asked)} == {tool}
