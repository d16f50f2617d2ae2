"""A question of how an act is done is answered with how, for every act; nothing is done."""

from collections.abc import Callable

import pytest

from agent.understanding.asking.asked_how import how_plan
from agent.understanding.known import Known
from agent.understanding.plan import Plan

PlanOf = Callable[..., Plan]


@pytest.mark.parametrize(
    ("say", "says"),
    [
        ("how do i resume study demo-1?", "Say `resume demo-1`"),
        ("how do I stop it?", "Say `stop the study`"),
        ("ok, how can I make the study stop?", "Say `stop the study`"),
        ("How can we pause a running study?", "Say `pause the study`"),
        ("tell me how to export the model", "Say `export the best`"),
        ("how do i delete a dataset?", "Say `remove the dataset demo`"),
        ("how do I delete demo-1?", "Say `delete demo-1`"),
        ("how do I make you forget a note?", "Say `forget note 2`"),
        ("how is a study renamed?", "Say `rename the study to baseline`"),
        ("how do I undo that?", "Say `undo`"),
        ("how to add more trials", "Say `add 5 trials`"),
        ("how do I keep dropout between 0 and 0.2?", "Say `keep dropout between low and high`"),
        ("怎么恢复研究 demo-1？", "说“继续 demo-1”"),
        ("如何删除数据集 shop？", "说“移除数据集 shop”"),
    ],
)
def test_how_is_told(plan_of: PlanOf, say: str, says: str) -> None:
    plan = plan_of(say)
    assert plan.answer is not None and plan.answer.startswith(says)
    assert plan.answer.endswith(("Nothing was done.", "什么都没有做。")) and not plan.requests and plan.waiting is None


def test_the_command_line_is_told_where_the_study_is_named(known: Known) -> None:
    plan = how_plan("how do I resume demo-1?", known)
    assert plan is not None and plan.answer is not None and "`recpilot study resume demo-1`" in plan.answer


@pytest.mark.parametrize(
    "say",
    [
        "how do you stop trials?",
        "how do I know whether to stop the study?",
        "how can I see the trials of demo-1?",
        "how is it going?",
        "how long does it take to stop the study?",
        "stop the study and tell me how it went",
        "how do I start a study?",
        "怎么样了",
    ],
)
def test_other_questions_are_answered_elsewhere(known: Known, say: str) -> None:
    assert how_plan(say, known) is None
