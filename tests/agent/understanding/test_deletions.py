"""A deletion takes what was named, and says what of the wish is not done."""

from collections.abc import Callable

import pytest

from agent.understanding.plan import Plan

PlanOf = Callable[..., Plan]


def asked(plan: Plan) -> str:
    assert not plan.acting and plan.waiting is not None
    return plan.waiting.text


@pytest.mark.parametrize("say", ["delete shopp", "delete demoo", "delete shopp for ever, no undo"])
def test_a_name_that_nothing_has_is_not_taken_for_one_that_is_near(plan_of: PlanOf, say: str) -> None:
    plan = plan_of(say, delete="remove_dataset", no="undo order")
    assert f"There is no dataset `{say.split()[1].rstrip(',')}`" in asked(plan)
    assert plan.waiting is not None and all("dataset" not in one.args for one in plan.waiting.requests)


def test_all_but_one_takes_not_that_one(plan_of: PlanOf) -> None:
    plan = plan_of("remove all datasets but demo", remove="remove_dataset")
    assert "nothing was done" in asked(plan) and "`shop`" in asked(plan) and "`demo`" not in asked(plan)


@pytest.mark.parametrize(
    ("say", "told"),
    [
        ("remove shop and every study on it", "The studies on it stay"),
        ("remove shop for ever, no undo", "I erase nothing for ever"),
        ("remove shop permanently", "I erase nothing for ever"),
    ],
)
def test_what_a_deletion_does_not_do_is_said(plan_of: PlanOf, say: str, told: str) -> None:
    plan = plan_of(say, remove="remove_dataset", no="undo order")
    assert told in asked(plan)
    assert plan.waiting is not None and [one.tool for one in plan.waiting.requests] == ["remove_dataset"]


def test_what_is_not_to_be_taken_back_takes_nothing_back(plan_of: PlanOf) -> None:
    plan = plan_of("remove shop for ever, no undo", remove="undo", no="undo")
    assert plan.waiting is not None and [one.tool for one in plan.waiting.requests] == ["remove_dataset"]
