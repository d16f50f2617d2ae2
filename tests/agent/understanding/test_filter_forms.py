"""Filters in the words that people use: limits for each user, ranges, dates with the names of months, orders without a verb."""

from typing import Any

import pytest

from agent.understanding.data.filter_dates import with_dates
from agent.understanding.data.filtering import filter_plan
from agent.understanding.known import Known

SPAN = ("2026-03-01", "2026-07-31")
VALUES = {
    "Land": ("DE", "AT", "NL"),
    "branch": ("Nord", "Hafen", "east"),
    "region": ("Nord",),
    "act": ("purchase", "cart"),
}
KNOWN = Known(
    values=lambda dataset: VALUES, datasets=("demo", "shop", "shop-v2", "shop-v10", "access"), span=lambda dataset: SPAN
)
BOTS = {"without_bots": True}


@pytest.mark.parametrize(
    ("say", "args"),
    [
        ("shop minus bots pls", BOTS),
        ("shop without the bots", BOTS),
        ("drop everybody with more than 100 orders from shop", {"max_user_events": 100}),
        ("drop the people who have more than 100 orders in shop", {"max_user_events": 100}),
        ("keep only shoppers with max 50 orders of shop", {"max_user_events": 50}),
        ("keep only people with a minimum of 3 loans of shop", {"min_user_events": 3}),
        ("filter shop to at least 3 orders per customer", {"min_user_events": 3}),
        ("filter shop to units between 3 and 6", {"where": ["units>=3", "units<=6"]}),
        ("filter shop to units 3 to 6", {"where": ["units>=3", "units<=6"]}),
        ("filter shop to ratings from 2 to 4.5", {"where": ["weight>=2", "weight<=4.5"]}),
        ("keep only access since 1 May 2026", {"since": "2026-05-01"}),
        (
            "keep only since 1 March 2026 of shop and users with at least 5 events",
            {"since": "2026-03-01", "min_user_events": 5},
        ),
        ("only orders since June", {"since": "2026-06-01"}),
        ("since 2026-06-01", {"since": "2026-06-01"}),
        ("filter shop to what came between May 1st and June 30th 2026", {"since": "2026-05-01", "until": "2026-06-30"}),
        ("keep only what came in April of shop", {"since": "2026-04-01", "until": "2026-04-30"}),
        ("drop what came before 3.5.2026 from shop", {"since": "2026-05-03"}),
        (
            "in shop please remove the crawler bot-8@x.example and the test account t@x.example",
            {"where": ["user!=bot-8@x.example", "user!=t@x.example"]},
        ),
        ("keep only rows of shop where user is not t+1@x.example", {"where": ["user!=t+1@x.example"]}),
        (
            "drop user t@x.example from shop, named ohne-test please",
            {"where": ["user!=t@x.example"], "name": "ohne-test"},
        ),
    ],
)
def test_what_people_say_is_a_filter(say: str, args: dict[str, Any]) -> None:
    plan = filter_plan(say, KNOWN, "demo")
    assert plan is not None and not plan.waiting and not plan.unused
    (request,) = plan.requests
    found = dict(request.args)
    said = say.replace("shoppers", "")
    assert found.pop("dataset") == next((name for name in ("shop", "access") if name in said), "demo")
    assert (request.tool, found) == ("filter_dataset", args)


@pytest.mark.parametrize(
    ("say", "args"),
    [
        ("drop the bots n keep max 100 events a user", {**BOTS, "max_user_events": 100}),
        ("remove bots from shop and cap users at 100 events", {**BOTS, "max_user_events": 100}),
        ("at most 100 orders per person", {"max_user_events": 100}),
        (
            "drop users with fewer than 10 events and keep max 50 events per user",
            {"min_user_events": 10, "max_user_events": 50},
        ),
    ],
)
def test_a_cap_for_each_user_is_asked_about_since_histories_are_not_cut(say: str, args: dict[str, Any]) -> None:
    plan = filter_plan(say, KNOWN, "demo")
    assert plan is not None and not plan.requests and plan.waiting is not None
    (request,) = plan.waiting.requests
    assert {name: value for name, value in request.args.items() if name != "dataset"} == args
    assert "cuts no history short" in plan.waiting.text


def test_a_month_is_of_the_year_that_the_data_have_and_that_is_said() -> None:
    plan = filter_plan("only orders since June", KNOWN, "demo")
    assert plan is not None and "June 2026, since the data go from 2026-03-01 to 2026-07-31" in str(plan.answer)
    dated = with_dates("since June", ("2023-02-01", "2025-07-31"))
    assert (dated.text, dated.is_certain) == ("since 2025-06", False)
    assert with_dates("since June", None).text == "since June"
    assert with_dates("this may be right, keep may 2024", None).text == "this may be right, keep 2024-05"


def test_the_newest_version_is_the_one_with_the_highest_number() -> None:
    plan = filter_plan("from the newest one keep only people with at most 100 orders", KNOWN, "shop-v2")
    assert plan is not None and plan.requests[0].args["dataset"] == "shop-v10"


@pytest.mark.parametrize(
    "say",
    [
        "only ease",
        "just 3 trials",
        "only the best one",
        "without item_knn",
        "until tomorrow",
        "since when?",
        "only shop",
        "people",
    ],
)
def test_other_short_messages_are_read_as_ever(say: str) -> None:
    assert filter_plan(say, KNOWN, "demo") is None


@pytest.mark.parametrize(
    ("say", "where"),
    [
        ("keep only customers from DE in shop", ["Land=DE"]),
        ("leave out the rows with Land NL from shop", ["Land!=NL"]),
        ("keep only Land DE or AT", ["Land=DE|AT"]),
        ("drop rows of shop where Land=NL or AT", ["Land!=NL|AT"]),
        ("keep only the readers of Hafen in shop", ["branch=Hafen"]),
        ("keep only readers with branch Nord in shop", ["branch=Nord"]),
        ("keep only purchases and carts of shop", ["act=purchase|cart"]),
        ("drop the East readers from shop", ["branch!=east"]),
    ],
)
def test_a_value_is_found_in_its_column(say: str, where: list[str]) -> None:
    plan = filter_plan(say, KNOWN, "demo")
    assert plan is not None and not plan.waiting and plan.requests[0].args["where"] == where


def test_a_value_of_several_columns_is_asked_about() -> None:
    plan = filter_plan("keep only readers from Nord in shop", KNOWN, "demo")
    assert plan is not None and not plan.requests
    assert "`branch` and `region` both hold “Nord”" in str(plan.answer)


def test_a_column_that_is_not_kept_is_named_with_what_can_be_said() -> None:
    plan = filter_plan("keep only rows with Status versendet", KNOWN, "demo")
    assert plan is not None and "only rows with Status=versendet" in str(plan.answer)
    assert [one.tool for one in plan.requests] == ["inspect_data"]
