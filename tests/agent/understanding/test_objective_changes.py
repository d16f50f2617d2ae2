"""Another objective for the study at hand is asked about, as a study like it; no question starts anything."""

from collections.abc import Callable

import pytest

from agent.understanding.dialogue import Dialogue
from agent.understanding.plan import Plan, Request

PlanOf = Callable[..., Plan]


@pytest.mark.parametrize(
    ("say", "objective"),
    [
        ("can you make the metric recall@20 instead?", ["recall@20"]),
        ("could we use recall@10 instead?", ["recall@10"]),
        ("optimise coverage instead", ["coverage@10"]),
        ("switch to map@10", ["map@10"]),
        ("maximise recall@20 and coverage@10", ["recall@20", "coverage@10"]),
        ("换成 recall@20", ["recall@20"]),
    ],
)
@pytest.mark.parametrize("read_as", ["start_study", "extend_study", "set_search_space", "none"])
def test_another_objective_is_another_study_like_this_one(
    plan_of: PlanOf, say: str, objective: list[str], read_as: str
) -> None:
    plan = plan_of(say, **{say.split()[0]: read_as})
    assert not plan.requests and plan.waiting is not None and plan.waiting.choices == ("Do it", "Leave it")
    (copy,) = plan.waiting.requests
    assert (copy.tool, dict(copy.args)) == (
        "start_study",
        {"base": "demo-2", "objective": objective, "dataset": "demo"},
    )
    assert "`demo-2`" in plan.waiting.notes[0] and "ndcg@10" in plan.waiting.notes[0]


def test_a_question_right_after_a_start_starts_nothing_either(plan_of: PlanOf) -> None:
    begun = Dialogue(study="demo-2").after((Request(tool="start_study", args={"dataset": "demo"}),))
    plan = plan_of("can you make the metric recall@20 instead?", begun, "edit", can="start_study")
    assert not plan.requests and plan.waiting is not None and plan.waiting.requests[0].args["base"] == "demo-2"


def test_the_same_objective_changes_nothing(plan_of: PlanOf) -> None:
    plan = plan_of("use ndcg@10", use="extend_study")
    assert not plan.requests and plan.waiting is None and "`ndcg@10` already" in str(plan.answer)


@pytest.mark.parametrize(
    "say",
    ["what is recall@10?", "should we use recall@10?", "show recall@20 instead", "use recall@20 on shop", "recall@20"],
)
def test_other_words_on_a_metric_are_no_such_wish(plan_of: PlanOf, say: str) -> None:
    waiting = plan_of(say).waiting
    assert waiting is None or "base" not in waiting.requests[0].args


def test_a_changed_copy_can_be_ordered_again(plan_of: PlanOf) -> None:
    asked = plan_of("switch to map@10").waiting
    changed = plan_of("only ease, 8 trials", Dialogue(study="demo-2").after((), asked)).waiting
    assert changed is not None and changed.card is not None
    again = plan_of(changed.card.order, start="start_study")
    made = (*again.requests, *(again.waiting.requests if again.waiting else ()))
    assert dict(made[0].args) == dict(changed.requests[0].args)
