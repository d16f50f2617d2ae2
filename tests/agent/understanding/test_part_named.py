"""A name beside words about rows is of the part that they want: nothing is renamed where the part was not understood."""

from collections.abc import Callable

import pytest

from agent.understanding.dialogue import Dialogue
from agent.understanding.names.part_named import part_wanted
from agent.understanding.plan import Plan, Request

PlanOf = Callable[..., Plan]
DATASETS = ("demo", "shop", "shop-clean")
READ = dict.fromkeys(("take", "split", "only", "leave", "clean", "keep", "and", "name", "call"), "rename_dataset")
OF_SHOP = Dialogue(dataset="shop", last=(Request(tool="inspect_data", args={"dataset": "shop"}),))


@pytest.mark.parametrize(
    "say",
    [
        "take from shop only the april, name it april",
        "split the kids titles off shop and call it kids",
        "only purchase n cart rows of that, call it hot",
        "clean shop and name it tidy",
        "could you keep the paying customers of shop and call it pay",
        "from shop take everything but the kids shelf and call it adults",
        "make a copy of shop limited to November, call it november",
        "give me shop without the refunds, named norefunds please",
    ],
)
def test_a_part_that_is_not_understood_gets_no_name(plan_of: PlanOf, say: str) -> None:
    plan = plan_of(say, OF_SHOP, **READ)
    assert plan.waiting is None and not plan.acting
    assert [dict(one.args) for one in plan.requests] == [{"dataset": "shop", "what": "columns"}]
    assert "Nothing was kept or renamed" in str(plan.answer) and "filter shop where COLUMN=VALUE" in str(plan.answer)


def test_no_other_dataset_stands_in_for_one_that_is_not_there(plan_of: PlanOf) -> None:
    plan = plan_of("leave out readers with fewer than 10 listens from no-health, name it nh10", OF_SHOP, **READ)
    assert not plan.requests and "there is no dataset `no-health`" in str(plan.answer)


@pytest.mark.parametrize(
    "say",
    [
        "rename shop to only-books",
        "call shop store",
        "just call it store",
        "name it clean",
        "drop that name and call it store",
        "call it store, not shop",
        "add clicks.csv without the drafts, call it clicks",
        "tune ease on shop, 3 trials, only the first seed, call it winter",
        "should I keep the kids titles and call it kids?",
        "describe shop-clean, then call it tidy",
    ],
)
def test_a_name_alone_or_of_something_else_is_read_as_ever(say: str) -> None:
    assert part_wanted(say, DATASETS) is None


def test_a_name_that_is_told_of_a_user_renames_nothing(plan_of: PlanOf) -> None:
    plan = plan_of("the crawler is named crawler-7, throw it out", OF_SHOP, the="rename_study", throw="remove_dataset")
    assert plan.waiting is None and not plan.acting
    assert "drop rows of shop where COLUMN=crawler-7" in str(plan.answer)
