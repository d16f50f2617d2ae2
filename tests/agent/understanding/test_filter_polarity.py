"""What is kept and what goes, over verbs, amounts, sides and the words that join them."""

from typing import Any

import pytest

from agent.understanding.data.filtering import filter_plan
from agent.understanding.known import Known

KNOWN = Known(datasets=("shop", "shop-v2"))
KEEPS = ("keep only {} of shop", "filter shop to {}", "drop everything except {} from shop", "restrict shop to {}")
DROPS = (
    *(
        "drop {} from shop",
        "remove {} from shop",
        "throw out {} from shop",
        "leave out {} of shop",
        "exclude {} from shop",
    ),
    *("filter shop without {}", "keep everything in shop except {}", "filter out {} from shop", "leave {} out of shop"),
)
_UP, _DOWN = {"min": 6}, {"max": 5}
AMOUNTS: dict[str, tuple[dict[str, int], dict[str, int]]] = {
    "fewer than 5": ({"max": 4}, {"min": 5}),
    "less than 5": ({"max": 4}, {"min": 5}),
    "under 5": ({"max": 4}, {"min": 5}),
    "more than 5": (_UP, _DOWN),
    "over 5": (_UP, _DOWN),
    "at least 5": ({"min": 5}, {"max": 4}),
    "at most 5": (_DOWN, _UP),
    "no more than 5": (_DOWN, _UP),
}
USERS = {
    f"users with {amount} orders": tuple({f"{name}_user_events": n for name, n in one.items()} for one in both)
    for amount, both in AMOUNTS.items()
}
ITEMS = {
    f"items with {amount} orders": tuple({f"{name}_item_events": n for name, n in one.items()} for one in both)
    for amount, both in AMOUNTS.items()
}
RATINGS = {
    "ratings below 3": ({"where": ["weight<3"]}, {"min_weight": 3}),
    "ratings over 3": ({"where": ["weight>3"]}, {"where": ["weight<=3"]}),
    "ratings of at least 3": ({"min_weight": 3}, {"where": ["weight<3"]}),
    "ratings of at most 3": ({"where": ["weight<=3"]}, {"where": ["weight>3"]}),
}
DATES = {
    "what came before 2023": ({"until": "2022-12-31"}, {"since": "2023-01-01"}),
    "what came since 2023": ({"since": "2023-01-01"}, {"until": "2022-12-31"}),
    "what came after 2023": ({"since": "2024-01-01"}, {"until": "2023-12-31"}),
    "what came until 2023": ({"until": "2023-12-31"}, {"since": "2024-01-01"}),
}
ALL: dict[str, Any] = USERS | ITEMS | RATINGS | DATES


def read(say: str) -> tuple[dict[str, Any], bool, str]:
    """The arguments without the dataset, whether it is done at once, and what is asked."""
    plan = filter_plan(say, KNOWN, None)
    if plan is None or any(one.tool != "filter_dataset" for one in plan.requests):
        return {}, False, ""
    waiting = plan.waiting.requests if plan.waiting is not None else ()
    request = (*plan.requests, *waiting)[0]
    asked = plan.waiting.text if plan.waiting is not None else ""
    return {name: value for name, value in request.args.items() if name != "dataset"}, bool(plan.requests), asked


@pytest.mark.parametrize("part", ALL)
def test_a_part_alone_is_kept_or_left_out_as_its_verb_says(part: str) -> None:
    kept, gone = ALL[part]
    for form, wanted in [*((one, kept) for one in KEEPS), *((one, gone) for one in DROPS)]:
        found, is_done, _ = read(form.format(part))
        if "max_item_events" in wanted:  # there is no such filter
            assert not is_done and not found, form
        else:
            assert (found, is_done) == (wanted, True), form.format(part)


@pytest.mark.parametrize("part", USERS | RATINGS | DATES)
def test_what_is_joined_to_what_is_left_out_is_left_out_too_or_asked_about(part: str) -> None:
    kept, gone = ({"without_bots": True} | one for one in ALL[part])
    assert read(f"drop the bots and {part} from shop")[:2] == (gone, True)
    for form in ("drop the bots, {} from shop", "filter shop without bots and {}", "filter shop without bots, {}"):
        found, is_done, asked = read(form.format(part))
        assert found in ((gone,) if is_done else (gone, kept)), form
        assert is_done or "Shall I keep no bots" in asked or "of `shop`" in asked, form
        if "fewer" in part or "below" in part:
            assert is_done, form


@pytest.mark.parametrize("part", USERS | RATINGS)
def test_a_day_after_a_comma_is_kept_whatever_goes_before_it(part: str) -> None:
    _, gone = ALL[part]
    assert read(f"drop {part} from shop, since 2023-12-01")[:2] == (gone | {"since": "2023-12-01"}, True)
    assert read(f"drop {part} and the bots from shop, until 2023-12-01")[:2] == (
        gone | {"until": "2023-12-01", "without_bots": True},
        True,
    )
    for form in ("drop {} from shop since 2023-12-01", "drop {} from shop and since 2023-12-01"):
        assert not read(form.format(part))[1], form


@pytest.mark.parametrize(
    ("say", "args"),
    [
        (
            "filter shop-v2 without bots and users with fewer than 3 orders",
            {"without_bots": True, "min_user_events": 3},
        ),
        (
            "drop users w more than 30 evnts and items under 5 evnts from shop, since 2023-12-01, call it small",
            {"max_user_events": 30, "min_item_events": 5, "since": "2023-12-01", "name": "small"},
        ),
        ("throw out customers who ordered less than 5 times from shop", {"min_user_events": 5}),
        ("drop users >500 events from shop", {"max_user_events": 500}),
        ("keep users of shop with at least 5 events but not the bots", {"min_user_events": 5, "without_bots": True}),
        (
            "filter shop: users >= 3 events, items >= 5 events, no bots",
            {"min_user_events": 3, "min_item_events": 5, "without_bots": True},
        ),
        ("drop users with 2 or fewer orders from shop", {"min_user_events": 3}),
        ("keep only genre=Krimi and genre=Roman of shop", {"where": ["genre=Krimi|Roman"]}),
        ("keep rows of shop where genre=Krimi or genre=Roman", {"where": ["genre=Krimi|Roman"]}),
        ("drop rows of shop where genre=Krimi and genre=Roman", {"where": ["genre!=Krimi", "genre!=Roman"]}),
        ("delete the user p5@example.org from shop", {"where": ["user!=p5@example.org"]}),
        ("drop bot-crawler@x.com from shop", {"where": ["user!=bot-crawler@x.com"]}),
        ("remove item sku-3 from shop", {"where": ["item!=sku-3"]}),
    ],
)
def test_orders_as_people_write_them(say: str, args: dict[str, Any]) -> None:
    assert read(say)[:2] == (args, True)


@pytest.mark.parametrize(
    "say",
    [
        "filter users with fewer than 3 events from shop",
        "trim users with more than 500 events from shop",
        "filter bots from shop",
        "drop rows of shop where genre=Krimi and age>=30",
        "keep rows of shop where genre=Krimi or age>=30",
        "drop bots except users with at least 5 events from shop",
        "keep users of shop with more than 2 and fewer than 50 events",
    ],
)
def test_what_can_be_read_in_two_ways_is_asked_with_its_result(say: str) -> None:
    found, is_done, asked = read(say)
    assert found and not is_done and "Shall I keep" in asked
