"""Questions about how long trials take start nothing, and who was misread is told what ran."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from agent.understanding.asking.how_long import asks_how_long
from agent.understanding.asking.ran_unasked import ran_unasked_plan, says_unasked
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request

HERE = Dialogue(study="demo-2", dataset="demo")
ASKED = ["再跑10个试验要多久？", "再加10次要多长时间", "再试10次需要几分钟？", "10次试验大概需要几分钟？"]
ASKED += ["whats the time needed if i add 10 trial more", "how long would 10 more trials take?"]
ASKED += ["how many trials would fit in 5 minutes?", "5分钟能跑几次试验？"]
ORDERS = ["再跑10个试验", "add 10 trials", "add 10 trials and tell me how long it will take"]


@pytest.mark.parametrize("say", ASKED)
def test_time_asked_for_is_estimated(plan_of: Callable[..., Plan], say: str) -> None:
    plan = plan_of(say, HERE)
    assert not plan.requests and plan.waiting is None
    assert plan.answer is not None and ("什么都没有开始" in plan.answer or "Nothing was started" in plan.answer)


@pytest.mark.parametrize("say", ORDERS)
def test_an_order_asks_for_no_time(say: str) -> None:
    assert not asks_how_long(say)


@pytest.mark.parametrize(
    ("say", "state", "told"),
    [
        ("I only asked how long, I did not ask you to run them", "running", "stop the study"),
        ("why did you start 10 trials?", "finished", "delete demo-2"),
        ("我只是问要多久，没让你跑", "running", "停止研究"),
    ],
)
def test_what_ran_unasked_is_told(known: Known, say: str, state: str, told: str) -> None:
    order = Request(tool="extend_study", args={"n_trials": 10}, words="再跑10个试验要多久")
    plan = ran_unasked_plan(say, replace(known, study_state=state), replace(HERE, last=(order,)))
    assert plan is not None and plan.answer is not None and not plan.requests
    assert "demo-2" in plan.answer and told in plan.answer


@pytest.mark.parametrize("say", ["why did you run trial 2?", "add 10 trials", "I only asked for recall"])
def test_other_words_are_no_complaint(say: str) -> None:
    assert not says_unasked(say)
