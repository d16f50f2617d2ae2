"""A yes or a no where a trial waits for it is of that trial; the study itself stops only when it is told to."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from agent.understanding.asking.prospect import Prospect
from agent.understanding.clauses.yes_to_trial import said_to_trial
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.names.addressed import addressed
from agent.understanding.plan import Plan
from agent.understanding.waiting_trial import waiting_trial_plan

PlanOf = Callable[..., Plan]
DIALOGUE = Dialogue(study="demo-2", dataset="demo")


@pytest.fixture
def known(known: Known) -> Known:
    """Trial 4 of demo-2, which is at hand, waits, and trial 1 of demo-1."""
    here = replace(known, study_state="waiting", pending=4)
    other = replace(here, study="demo-1", pending=1)
    return replace(here, with_study={"demo-1": other, "demo-2": here}.get)


def calls(plan: Plan) -> list[tuple[str, dict[str, Any]]]:
    return [(one.tool, dict(one.args)) for one in plan.requests]


@pytest.mark.parametrize(
    "say",
    [
        *("do not run it", "reject it", "no, not that one", "skip this one", "don't", "no", "no thanks", "cancel it"),
        *("another one please", "I don't like it", "reject trial 4", "not this one, try something else", "I'd rather not run this", "拒绝", "不要这个", "换一个"),
        *("我不想跑这个", "算了，换个别的", "这个不行", "不批准这个", "放弃这个", "否", "下一个", "拒绝四号试验"),
    ],
)  # fmt: skip
def test_a_no_rejects_the_trial_that_waits(plan_of: PlanOf, say: str) -> None:
    plan = plan_of(say, DIALOGUE)
    assert calls(plan) == [("reject_trial", {})] and plan.waiting is None and not plan.held


@pytest.mark.parametrize(
    "say",
    [
        *(
            "run it",
            "ok go",
            "yes",
            "approve",
            "looks good to me",
            "run trial 4",
            "同意",
            "运行吧",
            "我同意",
            "批准运行",
        ),
        *("就这个", "没意见", "行吧，跑", "批准第四个试验", "试试看"),
    ],
)
def test_a_yes_runs_it(plan_of: PlanOf, say: str) -> None:
    assert calls(plan_of(say, DIALOGUE)) == [("run_trial", {})]


@pytest.mark.parametrize("say", ["stop", "stop the study", "please stop it", "停止研究"])
def test_stop_stops_the_study(plan_of: PlanOf, say: str) -> None:
    told = dict.fromkeys(("stop", "please"), "control_study:stop")
    assert calls(plan_of(say, DIALOGUE, **told)) == [("control_study", {"action": "stop"})]


def test_why_it_is_rejected_is_told_to_what_proposes_the_next_one(plan_of: PlanOf) -> None:
    plan = plan_of("don't run it, dropout is too high", DIALOGUE)
    assert calls(plan) == [("reject_trial", {"reason": "dropout is too high"})]


def test_what_is_ordered_with_it_is_done_too(plan_of: PlanOf) -> None:
    told = {"stop": "control_study:stop", "run": "run_trial", "compare": "compare_trials"}
    stops = plan_of("reject it and stop the study", DIALOGUE, **told)
    assert calls(stops) == [("reject_trial", {}), ("control_study", {"action": "stop"})]
    instead = plan_of("don't run it, run dropout 0.2 instead", DIALOGUE, **told)
    assert calls(instead) == [("run_trial", {"params": {"dropout": 0.2}})]
    assert calls(plan_of("no, compare 1 and 2", DIALOGUE, **told)) == [("compare_trials", {"trials": [1, 2]})]


def test_a_value_in_the_place_of_another_is_of_that_trial_alone(plan_of: PlanOf) -> None:
    plan = plan_of("no, dropout should be 0.2", DIALOGUE, dropout="set_search_space", no="none")
    assert plan.requests == () and plan.waiting is not None
    assert [(one.tool, dict(one.args)) for one in plan.waiting.requests] == [
        ("run_trial", {"params": {"dropout": 0.2}})
    ]
    assert "`keep dropout at 0.2` fixes it for all" in plan.waiting.text
    plan = plan_of("no, use dropout 0.2 instead", DIALOGUE, use="run_trial", no="none")
    assert calls(plan) == [("run_trial", {"params": {"dropout": 0.2}})]
    assert "this trial alone" in (plan.answer or "")
    plan = plan_of("no, from now on dropout 0.2", DIALOGUE, from_now="set_search_space", no="none")
    assert ("set_search_space", {"param": "dropout", "value": 0.2}) in calls(plan)


def test_the_study_of_the_trial_that_waits_may_be_named(plan_of: PlanOf) -> None:
    assert calls(plan_of("run the trial that waits in study demo-1", DIALOGUE)) == [("run_trial", {"study": "demo-1"})]
    assert calls(plan_of("reject the trial that waits in study demo-1", DIALOGUE)) == [
        ("reject_trial", {"study": "demo-1"})
    ]


def test_of_two_that_wait_the_one_that_is_named_is_meant_else_the_one_that_is_shown(plan_of: PlanOf) -> None:
    assert calls(plan_of("reject the one of demo-1", DIALOGUE)) == [("reject_trial", {"study": "demo-1"})]
    both = [("reject_trial", {"study": "demo-2"}), ("reject_trial", {"study": "demo-1"})]
    assert calls(plan_of("reject both", DIALOGUE)) == both


def test_another_trial_than_the_one_that_waits_is_not_rejected(plan_of: PlanOf) -> None:
    plan = plan_of("reject trial 2", DIALOGUE)
    assert not plan.requests and plan.answer is not None
    assert plan.answer == "Trial 2 of `demo-2` does not wait for a yes, trial 4 does. Nothing was done."


@pytest.mark.parametrize(
    "say",
    [
        "not yet",
        "wait",
        "hold on a second",
        "should I reject it?",
        "等一下",
        "先等等",
        "先别跑",
        "让我想想",
        "待会儿再说",
    ],
)
def test_who_hesitates_or_asks_is_told_that_it_waits(plan_of: PlanOf, say: str) -> None:
    plan = plan_of(say, DIALOGUE)
    assert not plan.requests and plan.answer is not None and "4" in plan.answer and "`demo-2`" in plan.answer


def test_why_is_answered_with_the_proposal(plan_of: PlanOf) -> None:
    for say in ("why this one?", "为什么要试这个？", "理由是什么？"):
        assert calls(plan_of(say, DIALOGUE)) == [("propose_trial", {})]


def test_where_none_waits_it_is_said_which_does(plan_of: PlanOf, known: Known) -> None:
    other = known.of("demo-1")
    here = replace(known, study_state="finished", pending=None, with_study={"demo-1": other}.get)
    plan = waiting_trial_plan("reject it", here, DIALOGUE, lambda *_: Plan(say=""))
    assert plan is not None and plan.answer is not None and "A trial of `demo-1` does" in plan.answer
    assert waiting_trial_plan("no", here, DIALOGUE, lambda *_: Plan(say="")) is None


def test_of_a_study_of_another_person_it_is_asked(known: Known) -> None:
    def would(tool: str, args: Mapping[str, Any]) -> Prospect:
        return Prospect(asks="Ana began `demo-2`.", study="demo-2")

    plan = waiting_trial_plan("reject it", replace(known, would=would), DIALOGUE, lambda *_: Plan(say=""))
    assert plan is not None and not plan.requests and plan.waiting is not None
    assert plan.waiting.text == "Ana began `demo-2`. Shall I reject the trial that waits?"


@pytest.mark.parametrize(
    "say",
    [
        *("don't use ease", "don't forget that it is slow", "stop", "ok", "why?", "no more than 5"),
        *("不要用 ease", "运行 5 次试验", "不用问我了", "换一个种子", "为什么最好的是这个？", "别停", "试试 sasrec"),
    ],
)
def test_other_words_are_not_of_it(say: str) -> None:
    assert said_to_trial(say) is None


@pytest.mark.parametrize(
    ("say", "whole"),
    [
        ("demo-1: reject", "reject the trial that waits in study demo-1"),
        ("demo-2: approve", "run the trial that waits in study demo-2"),
        ("demo-1：拒绝", "reject the trial that waits in study demo-1"),
        ("study demo-2: pause", "pause study demo-2"),
        ("demo-1: why trial 2?", None),
        ("remember: reject", None),
    ],
)
def test_an_order_behind_the_name_of_a_study_is_a_sentence_of_its_own(
    known: Known, say: str, whole: str | None
) -> None:
    assert addressed(say, known) == whole


@pytest.mark.parametrize("say", ["拒绝 demo-1 的试验", "reject the trial that waits in study demo-1"])
def test_what_such_an_order_becomes_rejects(plan_of: PlanOf, say: str) -> None:
    assert [tool for tool, _ in calls(plan_of(say, DIALOGUE))] == ["reject_trial"]


def test_where_none_waits_such_an_order_does_nothing_else(known: Known) -> None:
    idle = replace(known, with_study={"demo-1": replace(known, study="demo-1", study_state="finished")}.get)
    for say, words in (("demo-1: reject", "No trial of `demo-1` waits"), ("demo-1：同意", "demo-1 没有等您同意的试验")):
        found = addressed(say, idle)
        assert isinstance(found, Plan) and not found.requests and (found.answer or "").startswith(words)
