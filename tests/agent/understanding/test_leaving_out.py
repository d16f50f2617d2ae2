"""What is left out that no filter knows: it is not lost, and no dataset goes."""

import pytest

from agent.understanding.asking.prospect import Prospect
from agent.understanding.data.filtering import filter_plan
from agent.understanding.data.leaving_out import only_plan
from agent.understanding.known import Known
from agent.understanding.plan import Plan

KNOWN = Known(
    datasets=("demo", "shop"), studies=("shop-1",), would=lambda tool, args: Prospect(runs={"name": "shop-v2"})
)


def plan_of(say: str) -> Plan | None:
    return filter_plan(say, KNOWN, "demo")


@pytest.mark.parametrize(
    "say",
    [
        "tune ease on shop, 3 trials",
        "tune ease on demo with embedding_size from 1024 to 2048",
        "retune shop-1 on shop with 3 trials but without item_knn, and not the views",
        "tune sasrec on demo without asking, 10 minutes",
        "what would happen if I tune shop without the bots?",
        "remove shop",
        "remove the dataset shop",
        "delete the data of shop",
        "remove all of shop",
        "remove ease from shop-1",
        "leave item_knn out",
        "exclude ease",
        "delete shop from my datasets",
        "throw shop away",
        "remove the shop dataset, I uploaded the wrong one, the new one is at /data/new.csv, please read that in as shop",
        "drop the old set and load the new one, clicks_may.csv (visitor = user, page = item)",
        "delete the lesson about c1 being a bot",
    ],
)
def test_other_orders_are_read_as_ever(say: str) -> None:
    assert plan_of(say) is None


@pytest.mark.parametrize(
    ("say", "dataset", "what"),
    [
        ("leave out the cancelled orders and the returns please", "demo", "cancelled orders"),
        ("leave the storniert ones out", "demo", "storniert ones"),
        ("leave city out of shop", "shop", "city"),
        ("drop the customers from Berlin from shop", "shop", "customers from Berlin"),
    ],
)
def test_what_no_filter_knows_gets_the_columns_and_what_can_be_said(say: str, dataset: str, what: str) -> None:
    plan = plan_of(say)
    assert plan is not None and plan.answer is not None
    assert [(one.tool, dict(one.args)) for one in plan.requests] == [
        ("inspect_data", {"dataset": dataset, "what": "columns"})
    ]
    assert f"“{what}" in plan.answer and f"drop rows of {dataset} where" in plan.answer and "--where" in plan.answer


def test_test_accounts_are_told_and_never_filtered_by_themselves() -> None:
    plan = plan_of("leave the test accounts out of shop")
    assert plan is not None
    assert [(one.tool, dict(one.args)) for one in plan.requests] == [
        ("inspect_data", {"dataset": "shop", "what": "bots"})
    ]


def test_rows_that_are_told_by_a_word_alone_need_their_column() -> None:
    plan = only_plan("no, only the delivered ones please", "shop", KNOWN)
    assert plan is not None and "“delivered”" in str(plan.answer) and "COLUMN=VALUE" in str(plan.answer)
    assert [dict(one.args) for one in plan.requests] == [{"dataset": "shop", "what": "columns"}]
    for say in ("only the failed ones", "only the first rows", "only 3 trials", "only the best ones"):
        assert only_plan(say, "shop", KNOWN) is None
