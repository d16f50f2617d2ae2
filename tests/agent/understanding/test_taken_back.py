"""An undo that names a dataset is of that dataset and of no other change."""

from collections.abc import Callable

import pytest

from agent.understanding.dialogue import Dialogue
from agent.understanding.plan import Plan, Request, Waiting

PlanOf = Callable[..., Plan]


@pytest.mark.parametrize(
    "say",
    [
        "bring back octraw",
        "bring octraw back",
        "undo the removal of octraw",
        "restore octraw, please",
        "get the dataset octraw back",
        "undo octraw",
    ],
)
def test_what_is_named_is_what_is_taken_back(plan_of: PlanOf, say: str) -> None:
    plan = plan_of(say, **{say.split()[0]: "undo"})
    assert [(request.tool, dict(request.args)) for request in plan.requests] == [("undo", {"dataset": "octraw"})]


@pytest.mark.parametrize(
    "say", ["undo that", "undo the last change", "bring it back", "undo the renaming", "undo, please"]
)
def test_what_came_last_needs_no_name(plan_of: PlanOf, say: str) -> None:
    assert [dict(request.args) for request in plan_of(say, **{say.split()[0].strip(","): "undo"}).requests] == [{}]


def test_a_removal_that_was_not_done_is_not_taken_back(plan_of: PlanOf) -> None:
    refused = Dialogue(dataset="shop", last=(Request(tool="remove_dataset", args={"dataset": "shop"}),))
    plan = plan_of("undo that, I still need it", refused, undo="undo")
    assert not plan.acting and plan.waiting is not None
    assert "`shop` was not removed" in plan.waiting.text
    removed = Dialogue(last=(Request(tool="remove_dataset", args={"dataset": "old"}),))
    assert [request.tool for request in plan_of("undo that", removed, undo="undo").requests] == ["undo"]


@pytest.mark.parametrize("say", ["undo", "undo that please", "撤销", "撤销刚才那一步"])
def test_after_an_order_that_did_nothing_it_is_asked_what_goes(plan_of: PlanOf, say: str) -> None:
    asked = Waiting(requests=(Request(tool="add_dataset", args={"path": "x.csv"}),), text="?")
    plan = plan_of(say, Dialogue().after((), asked), undo="undo")
    assert not plan.acting and plan.waiting is not None and "was not done" in plan.waiting.text
    done = Dialogue().after((), asked).after((Request(tool="add_dataset", args={"path": "x.csv"}),))
    assert [dict(one.args) for one in plan_of(say, done, undo="undo").requests] == [{}]


def test_an_order_that_failed_did_nothing_and_a_question_is_no_order() -> None:
    adds, looks = Request(tool="add_dataset", args={"path": "x.csv"}), Request(tool="inspect_data")
    assert Plan(say="", requests=(adds,)).did_nothing(())
    assert not Plan(say="", requests=(adds,)).did_nothing((adds,))
    assert Plan(say="", requests=(looks,), answer="Nothing was left out.").did_nothing((looks,))
    assert not Plan(say="", requests=(looks,)).did_nothing((looks,))
    assert Dialogue(is_idle=True).after((looks,)).is_idle
