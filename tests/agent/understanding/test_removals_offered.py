"""A wish for other rows is never answered by an offer to remove the whole dataset or study."""

from collections.abc import Callable

import pytest

from agent.understanding.dialogue import Dialogue
from agent.understanding.plan import Plan, Request

PlanOf = Callable[..., Plan]
OF_SHOP = Dialogue(dataset="shop", last=(Request(tool="inspect_data", args={"dataset": "shop"}),))


def tools(plan: Plan) -> set[str]:
    asked = plan.waiting.requests if plan.waiting else ()
    return {one.tool for one in (*plan.requests, *(held.request for held in plan.held), *asked)}


@pytest.mark.parametrize("read", ["remove_dataset", "delete_study", "remove_dataset order 0.3"])
@pytest.mark.parametrize(
    "say",
    [
        "drop the draft ones too",
        "keep only mobiel from it",
        "keep only mobiel from it for the next study",
        "except tatra",
        "throw them out",
        "tatra not as well",
    ],
)
def test_what_was_not_understood_is_said_instead(plan_of: PlanOf, say: str, read: str) -> None:
    plan = plan_of(say, OF_SHOP, **{say.split()[0]: read})
    assert tools(plan) <= {"inspect_data"}
    said = str(plan.answer) + (plan.waiting.text if plan.waiting else "")
    assert "COLUMN=VALUE" in said and "Nothing was" in said


@pytest.mark.parametrize("say", ["remove it", "drop this dataset", "get rid of it", "delete it please"])
def test_a_removal_that_is_said_is_asked_about_as_ever(plan_of: PlanOf, say: str) -> None:
    assert tools(plan_of(say, OF_SHOP, **{say.split()[0]: "remove_dataset"})) == {"remove_dataset"}


@pytest.mark.parametrize("say", ["确定", "是的", "对", "确定。"])
def test_a_word_of_agreement_confirms_nothing(plan_of: PlanOf, say: str) -> None:
    last = Dialogue(study="demo-2", last=(Request(tool="delete_study", args={"study": "demo-2"}),))
    plan = plan_of(say, last, confirm="confirm", yes="confirm")
    assert not plan.requests and plan.waiting is None and "没有" in str(plan.answer)
    asked = plan_of("delete the study demo-1", delete="delete_study").waiting
    assert tools(plan_of(say, Dialogue().after((), asked))) == {"delete_study"}
