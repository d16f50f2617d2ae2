"""An undo that names a dataset is of that dataset and of no other change."""

from collections.abc import Callable

import pytest

from agent.understanding.dialogue import Dialogue
from agent.understanding.plan import Plan, Request

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
