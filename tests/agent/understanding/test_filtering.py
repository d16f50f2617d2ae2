"""What part of a dataset a message wants kept, as a request; what is not understood of it is asked about."""

from collections.abc import Callable
from typing import Any

import pytest

from agent.understanding.asking.prospect import Prospect
from agent.understanding.checks import Refusal, refusal
from agent.understanding.data.data_elsewhere import said_elsewhere
from agent.understanding.data.filtering import filter_plan, only_rows_plan
from agent.understanding.dialogue import Dialogue
from agent.understanding.hearing import heard
from agent.understanding.known import Known
from agent.understanding.plan import Plan

KNOWN = Known(datasets=("demo", "d9", "shop", "movielens"))
BOTS = {"without_bots": True}


@pytest.mark.parametrize(
    ("say", "args"),
    [
        ("keep only ratings of 3 and more of movielens", {"dataset": "movielens", "min_weight": 3}),
        (
            "filter shop to since 2024 and users with at least five events",
            {"dataset": "shop", "since": "2024-01-01", "min_user_events": 5},
        ),
        ("leave out the bots", BOTS),
        ("please leave the bots out", BOTS),
        ("drop the bots from shop", {"dataset": "shop", **BOTS}),
        ("filter d9 to 2023 and later, without bots", {"dataset": "d9", "since": "2023-01-01", **BOTS}),
        (
            "drop users with more than 1,000 events from shop, call it shop-humans",
            {"dataset": "shop", "max_user_events": 1000, "name": "shop-humans"},
        ),
        ("keep users with at most 50 ratings of shop as small", {"max_user_events": 50, "name": "small"}),
        ("drop users with at least a hundred events from shop", {"max_user_events": 99}),
        ("keep only users with more than 4 events of d9", {"min_user_events": 5}),
        ("drop items with fewer than ten ratings from d9", {"min_item_events": 10}),
        ("keep only ratings of 4 and more of d9 since 2023-06-01", {"min_weight": 4, "since": "2023-06-01"}),
        ("filter d9 to everything before 2024", {"until": "2023-12-31"}),
        ("drop what is before 2020-01-01 from d9", {"since": "2020-01-01"}),
        ("can you restrict d9 to 2023 and later?", {"since": "2023-01-01"}),
        ("drop ratings below 3 of d9", {"min_weight": 3}),
        ("keep only ratings above 3 of d9", {"where": ["weight>3"]}),
        ("keep only ratings of 5 of d9", {"where": ["weight=5"]}),
        ("drop ratings of 1 from d9", {"where": ["weight!=1"]}),
        ("keep only rows of shop where genre is Comedy", {"where": ["genre=Comedy"]}),
        ("filter shop to genre!=Horror and age>=30", {"where": ["genre!=Horror", "age>=30"]}),
        ('drop rows of shop where country is "South Korea"', {"where": ["country!=South Korea"]}),
        (
            "keep only ratings of 3 and more of d9 and drop users with fewer than 5 events",
            {"min_weight": 3, "min_user_events": 5},
        ),
        ("drop rows of shop where user=test@x.de|tester2@x.de", {"where": ["user!=test@x.de|tester2@x.de"]}),
        ("only keep rows since 2023-06-01", {"dataset": "demo", "since": "2023-06-01"}),
    ],
)
def test_what_is_kept_is_read_from_the_words(say: str, args: dict[str, Any]) -> None:
    plan = filter_plan(say, KNOWN, "demo")
    assert plan is not None and not plan.waiting and len(plan.requests) == 1
    request = plan.requests[0]
    assert request.tool == "filter_dataset"
    found = dict(request.args)
    if "dataset" not in args:
        assert found.pop("dataset") == next((name for name in KNOWN.datasets if name in say), "demo")
    assert found == args


@pytest.mark.parametrize(
    ("say", "left"),
    [
        ("keep only ratings of 3 and more of d9 and no comedies", "comedies"),
        ("filter shop to since 2024 and the good customers", "good"),
        ("only keep rows since 2023 of netflix", "netflix"),
        ("filter shop since 2024, but only the bots", "bots"),
        ("drop items with more than 1000 events from shop since 2024", "1000"),
        ("filter d9 to since 2024 tomorrow", "tomorrow"),
    ],
)
def test_what_was_not_understood_is_asked_about_and_nothing_done(say: str, left: str) -> None:
    plan = filter_plan(say, KNOWN, "demo")
    assert plan is not None and not plan.requests
    assert plan.waiting is not None and left in plan.unused and f"“{left}”" in plan.waiting.text


@pytest.mark.parametrize(
    "say",
    [
        "keep only ratings of 4 and more",
        "do not filter d9 to ratings of 4 and more",
        "limit dropout to 0.3 since 2023-01-01 looked bad",
        "keep only 3 trials",
        "keep only the bots of shop",
        "remove shop",
        "what would shop be without the bots?",
    ],
)
def test_other_messages_are_read_as_ever(say: str) -> None:
    assert filter_plan(say, KNOWN, "demo") is None


def test_how_it_is_done_is_a_question_and_no_order() -> None:
    plan = filter_plan("how do I filter shop to since 2024?", KNOWN, None)
    assert plan is not None and not plan.requests and plan.held[0].why == "question"


def test_what_cannot_be_done_is_said_and_the_new_name_is_known() -> None:
    known = Known(datasets=("shop",), would=lambda tool, args: Prospect(problem="the disk is full"))
    plan = filter_plan("leave out the bots of shop", known, None)
    assert plan is not None and not plan.requests and plan.answer == "The disk is full. Nothing was done."
    known = Known(datasets=("shop",), would=lambda tool, args: Prospect(runs={"name": "shop-v2"}))
    plan = filter_plan("leave out the bots of shop", known, None)
    assert plan is not None and plan.requests[0].args["name"] == "shop-v2" and "name" in plan.requests[0].assumed


def test_every_reader_of_messages_sees_the_order(plan_of: Callable[..., Plan]) -> None:
    plan = plan_of("leave out the bots of shop")
    assert [one.tool for one in plan.requests] == ["filter_dataset"]
    assert said_elsewhere("leave out the bots of shop") is None


def refused(say: str, **args: Any) -> Refusal | None:
    """What stands in the way of a call that an attached model makes after this message."""
    dialogue = Dialogue(dataset="demo")
    plan = filter_plan(say, KNOWN, "demo")
    assert plan is not None
    said = heard(say, KNOWN, dialogue, lambda word: True).said
    return refusal("filter_dataset", args, plan, said, KNOWN, dialogue, ())


def test_a_model_keeps_what_was_said_no_less_and_no_more() -> None:
    say = "filter shop to what came before 2024, without bots and keep only ratings above 2"
    whole: dict[str, Any] = {"dataset": "shop", "until": "2023-12-31", "where": ["weight>2"], **BOTS}
    assert refused(say, **whole) is None
    for name in ("until", "where", "without_bots"):
        less = {key: value for key, value in whole.items() if key != name}
        assert "would not be used" in str(refused(say, **less))
    for more in ({"min_user_events": 7}, {"name": "clean"}, {"where": ["weight>2", "genre=x"]}, {"dataset": "d9"}):
        assert "You did not say" in str(refused(say, **whole | more))
    plain = "filter shop to what came before 2024"
    assert "without_bots" in str(refused(plain, dataset="shop", until="2023-12-31", **BOTS))


def test_a_model_does_nothing_where_the_message_was_not_understood_or_is_no_order() -> None:
    assert refused("filter shop to since 2024, and no comedies", dataset="shop", since="2024-01-01") is not None
    assert refused("how do I filter shop to since 2024?", dataset="shop", since="2024-01-01") is not None


def test_a_part_said_after_data_were_shown_is_asked_about() -> None:
    plan = only_rows_plan("no, only rows with Status=paid", "shop", KNOWN)
    assert plan is not None and not plan.requests and plan.waiting is not None
    assert dict(plan.waiting.requests[0].args) == {"dataset": "shop", "where": ["Status=paid"]}
    assert only_rows_plan("only rows with Status=paid", None, KNOWN) is None
    assert only_rows_plan("only 3 trials", "shop", KNOWN) is None
