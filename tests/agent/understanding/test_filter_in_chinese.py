"""Filters in Chinese are read as those in English are: orders, questions, and with a study."""

from collections.abc import Mapping
from typing import Any

import pytest

from agent.answers.refusals_in_chinese import refusal
from agent.understanding.asking.prospect import Prospect
from agent.understanding.data.filter_with_study import StudyOfPart, study_of_part
from agent.understanding.data.filtering import filter_plan, only_rows_plan
from agent.understanding.data.part_asked import part_asked
from agent.understanding.known import Known


def would(tool: str, args: Mapping[str, Any]) -> Prospect:
    note = "That keeps 412 of 480 events, 55 of 60 users, 38 of 40 items."
    return Prospect(runs={"name": "shop-v2"}, notes=(note,) if tool == "filter_dataset" else ())


KNOWN = Known(datasets=("demo", "shop"), would=would)


@pytest.mark.parametrize(
    ("say", "args"),
    [
        ("在 shop 里只要状态是已付款的", {"where": ["状态=已付款"]}),
        ("shop 只要 Status=paid 的行", {"where": ["Status=paid"]}),
        ("shop 只要状态是已付款或已发货的", {"where": ["状态=已付款|已发货"]}),
        ("去掉 shop 里 状态=删除 的行", {"where": ["状态!=删除"]}),
        ("只保留 shop 里状态不是删除的", {"where": ["状态!=删除"]}),
        ("把shop里的机器人去掉", {"without_bots": True}),
        ("shop 只要2023年6月以后的", {"since": "2023-06-01"}),
        ("只保留 shop 里2023年6月1日之前的数据", {"until": "2023-05-31"}),
        ("只保留 shop 里评分3以上的", {"min_weight": 3}),
        ("去掉 shop 里少于5条记录的用户", {"min_user_events": 5}),
        ("只保留 shop 里至少有5条记录的商品", {"min_item_events": 5}),
        ("只保留 shop 里2023年以来的数据，去掉机器人", {"since": "2023-01-01", "without_bots": True}),
        ("去掉 shop 里的机器人，叫做 humans", {"without_bots": True, "name": "humans"}),
    ],
)
def test_an_order_keeps_the_part(say: str, args: dict[str, Any]) -> None:
    plan = filter_plan(say, KNOWN, "demo")
    assert plan is not None and plan.waiting is None and plan.answer is None
    assert dict(plan.requests[0].args) == {"dataset": "shop", "name": "shop-v2", **args}


@pytest.mark.parametrize(
    "say", ["删除 shop", "去掉 sasrec", "shop 里有机器人吗？", "用 ease 在 shop 上调参", "去掉 shop 里昨天的订单"]
)
def test_other_messages_are_read_as_ever(say: str) -> None:
    assert filter_plan(say, KNOWN, "demo") is None and part_asked(say, KNOWN, "demo") is None


def test_what_is_not_read_of_it_is_asked_about() -> None:
    plan = filter_plan("只保留 shop 里评分3以上的好用户", KNOWN, None)
    assert plan is not None and not plan.requests and plan.waiting is not None and plan.unused == ("好",)


def test_a_part_without_a_verb_is_asked_about_after_data_were_shown() -> None:
    plan = only_rows_plan("2023年6月以后的", "shop", KNOWN)
    assert plan is not None and plan.waiting is not None
    assert dict(plan.waiting.requests[0].args) == {"dataset": "shop", "since": "2023-06-01"}


def test_a_question_is_counted_and_never_done() -> None:
    plan = part_asked("去掉机器人后 shop 还剩多少行？", KNOWN, None)
    assert plan is not None and not plan.requests and plan.held[0].why == "supposition"
    assert "480 条事件中的 412 条" in str(plan.answer) and "没有执行" in str(plan.answer)


def test_a_study_on_a_part_is_taken_apart() -> None:
    found = study_of_part("用 ease 在 shop 上调参，只要 Status=paid 的行，3 次试验", KNOWN, None)
    assert isinstance(found, StudyOfPart)
    assert dict(found.filter.args) == {"dataset": "shop", "where": ["Status=paid"]}
    assert found.rest == "用 ease 在 shop 上调参，3 次试验"


def test_why_it_cannot_be_is_said_in_chinese() -> None:
    assert (
        refusal("nothing of 'shop' is left out by what was asked for: no bots") == "'shop' 里没有可以这样去掉的数据。"
    )
