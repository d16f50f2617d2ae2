"""Whether trials wait for a yes is said in many words, with an order or alone."""

from collections.abc import Callable

import pytest

from agent.understanding.arguments.left_off_words import in_plain_terms
from agent.understanding.plan import Plan

PlanOf = Callable[..., Plan]


@pytest.mark.parametrize(
    ("say", "needed"),
    [
        ("tune ease on shop, 4 trials, no approval", False),
        ("tune ease on shop, 4 trials, without asking me", False),
        ("tune ease on shop, 4 trials, just run, don't ask", False),
        ("用shop调ease, 4次试验, 不用问我", False),
        ("tune ease on shop, 4 trials, ask me before each trial", True),
    ],
)
def test_it_goes_with_the_study_that_begins(plan_of: PlanOf, say: str, needed: bool) -> None:
    told = {"tune": "start_study", "approval": "recall_trials", "ask": "none"}
    plan = plan_of(in_plain_terms(say), **told, 调="start_study")
    assert [one.tool for one in plan.requests] == ["start_study"]
    assert plan.requests[0].args["needs_approval"] is needed and plan.requests[0].args["n_trials"] == 4


@pytest.mark.parametrize(
    "say",
    ["stop asking me", "approve all of them from now on", "run the rest without asking", "no more approvals, please"],
)
def test_alone_it_changes_the_study_at_hand(plan_of: PlanOf, say: str) -> None:
    plan = plan_of(in_plain_terms(say))
    assert [(one.tool, one.args) for one in plan.requests] == [("extend_study", {"needs_approval": False})]


@pytest.mark.parametrize("say", ["why did it run without asking me?", "tune ease on shop and don't ask why"])
def test_other_words_stay(say: str) -> None:
    assert in_plain_terms(say) == say
