"""What changes nothing of what was shown is asked about; it is not shown again for it."""

from collections.abc import Callable

import pytest

from agent.understanding.dialogue import Dialogue
from agent.understanding.plan import Plan, Request

PlanOf = Callable[..., Plan]
SHOWN = Dialogue(study="demo-2", dataset="demo", last=(Request(tool="recommend_items", args={"k": 5, "user": "12"}),))


@pytest.mark.parametrize(
    ("say", "limit"),
    [
        ("keep ndcg-10 above 0.2", "ndcg@10>=0.2"),
        ("at least 0.3 coverage", "coverage@10>=0.3"),
        ("max latency 20 ms", "latency_ms<=20"),
    ],
)
def test_a_limit_on_a_metric_asks_whether_the_study_shall_keep_it(plan_of: PlanOf, say: str, limit: str) -> None:
    plan = plan_of(say, SHOWN, "edit")
    assert not plan.requests and plan.waiting is not None
    assert [(one.tool, one.args) for one in plan.waiting.requests] == [("extend_study", {"constraints": [limit]})]


@pytest.mark.parametrize("say", ["stay under 50 MB", "use 3 neighbours", "nothing popular"])
def test_other_words_are_asked_about(plan_of: PlanOf, say: str) -> None:
    plan = plan_of(say, SHOWN, "edit")
    assert not plan.requests and plan.waiting is not None and f"“{say}”" in plan.waiting.text


def test_another_number_of_them_is_no_other_thing(plan_of: PlanOf) -> None:
    plan = plan_of("10 instead", SHOWN, "edit")
    assert [(one.tool, one.args) for one in plan.requests] == [("recommend_items", {"k": 10, "user": "12"})]
