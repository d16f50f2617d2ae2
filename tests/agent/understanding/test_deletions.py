"""A deletion takes what was named, and says what of the wish is not done."""

from collections.abc import Callable

import pytest

from agent.understanding.dialogue import Dialogue
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
        ("remove shop and every study on it, for ever", "delete `shop` for good? This cannot be taken back"),
    ],
)
def test_what_a_deletion_does_not_do_is_said(plan_of: PlanOf, say: str, told: str) -> None:
    plan = plan_of(say, remove="remove_dataset", no="undo order")
    assert told in asked(plan)
    assert plan.waiting is not None and [one.tool for one in plan.waiting.requests] == ["remove_dataset"]


def test_what_is_not_to_be_taken_back_takes_nothing_back(plan_of: PlanOf) -> None:
    plan = plan_of("remove shop for ever, no undo", remove="undo", no="undo")
    assert plan.waiting is not None and [one.tool for one in plan.waiting.requests] == ["remove_dataset"]


@pytest.mark.parametrize(
    ("say", "dataset"),
    [
        ("delete shop for good", "shop"),
        ("please remove the dataset shop permanently", "shop"),
        ("purge old", "old"),
        ("can you delete the files of old from the disk?", "old"),
        ("delete it for good", "shop"),
        ("wipe the removed datasets forever", None),
        ("empty the trash", None),
        ("彻底删除 shop", "shop"),
    ],
)
def test_what_is_deleted_for_good_is_always_asked_about(plan_of: PlanOf, say: str, dataset: str | None) -> None:
    plan = plan_of(say, Dialogue(dataset="shop"), removed=("old",))
    assert "This cannot be taken back" in asked(plan)
    assert plan.waiting is not None and plan.waiting.why == "destructive"
    (request,) = plan.waiting.requests
    assert request.args == {"for_good": True} | ({"dataset": dataset} if dataset else {})


@pytest.mark.parametrize(
    "say", ["don't delete shop for good", "what happens if I delete shop for good?", "purge nosuch"]
)
def test_nothing_is_asked_or_deleted_where_it_is_no_order(plan_of: PlanOf, say: str) -> None:
    plan = plan_of(say)
    assert not plan.acting and (plan.waiting is None or "for good" not in plan.waiting.text)
