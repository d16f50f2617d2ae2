"""An order to tune says a part of the data that is not read: the study waits, and the words are quoted as they stand."""

from collections.abc import Callable

import pytest

from agent.understanding.data.part_left import part_left
from agent.understanding.data.part_left_in_chinese import part_left_in_chinese
from agent.understanding.plan import Plan
from agent.words.chinese import gloss
from agent.words.names import Names, read

PlanOf = Callable[..., Plan]
HOME = Names(datasets=("shop", "demo"))


@pytest.mark.parametrize(
    "part",
    [
        "w/o wishlist",
        "but not the returns",
        "minus the test accounts",
        "since april 2024",
        "before 2024",
        "from last year",
        "only the orders since June",
        "purchases only",
        "users with at most 20 events",
        "drop the web ones",
        "no web",
        "weighted by price",
        "deduplicated",
    ],
)
def test_words_on_a_part_of_the_data_are_quoted_whole(part: str) -> None:
    assert part_left(read(f"tune ease on shop {part}, 3 trials", HOME)) == (part,)
    assert part_left(read(f"tune ease on shop, 3 trials, {part}", HOME)) == (part,)


@pytest.mark.parametrize(
    "say",
    [
        "tune ease on shop, only 3 trials",
        "tune ease only on shop, 3 trials",
        "tune shop without sasrec",
        "tune ease on shop, not demo, no time limit, no more than 20 trials",
        "tune ease on shop but don't throw away the old one, no rush, no objections",
        "tune sasrec on shop, leave the last one out, at most 2 epochs",
        "tune everything but popularity on shop, without asking me",
        "tune ease on shop since I do not trust the others",
    ],
)
def test_words_on_the_study_itself_are_no_part(say: str) -> None:
    assert part_left(read(say, HOME)) == ()


@pytest.mark.parametrize("part", ["不要机器人", "只要2024年的", "去掉测试账号", "除了网页", "6月以来的"])
def test_a_part_in_chinese_is_quoted_whole(part: str) -> None:
    say = f"用 ease 在 shop 上调参，{part}，3次试验"
    assert part_left_in_chinese(say, read(gloss(say), HOME)) == (part,)


@pytest.mark.parametrize(
    "say", ["只用 ease 在 shop 上调参，最多两小时", "在 shop 上除了 popularity 都试试，每次先问我"]
)
def test_a_study_in_chinese_is_no_part(say: str) -> None:
    assert part_left_in_chinese(say, read(gloss(say), HOME)) == ()


def test_a_study_waits_where_a_time_was_not_used(plan_of: PlanOf) -> None:
    plan = plan_of("tune ease on shop since april 2024, 3 trials", tune="start_study", _3="start_study")
    assert not plan.acting and plan.waiting is not None
    assert plan.unused == ("since april 2024",)
    assert plan.waiting.requests[0].args["n_trials"] == 3
    assert "“since april 2024”" in plan.waiting.text
