"""A question about a part of a dataset is answered by counting it, and nothing is done."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from agent.understanding.asking.prospect import Prospect
from agent.understanding.checks import refusal
from agent.understanding.data.part_asked import part_asked
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan
from agent.words.names import Names, read


def would(tool: str, args: Mapping[str, Any]) -> Prospect:
    if args.get("where") == ["Status=none"]:
        return Prospect(problem="no row has `Status` 'none'")
    return Prospect(runs={"name": "shop-v2"}, notes=("That keeps 412 of 480 events.",))


KNOWN = Known(datasets=("demo", "shop"), would=would)


@pytest.mark.parametrize(
    ("say", "args"),
    [
        ("what would happen if I dropped the bots from shop?", {"without_bots": True}),
        ("how many rows would be left if I kept only ratings of 4 and more of shop?", {"min_weight": 4}),
        ("how many rows would shop have without users with fewer than 5 events?", {"min_user_events": 5}),
        ("how many events of shop are left if i drop Status=deleted?", {"where": ["Status!=deleted"]}),
        ("what if we only kept rows of shop where Status is paid?", {"where": ["Status=paid"]}),
        ("how many rows would shop have since 2020-10-01?", {"since": "2020-10-01"}),
        ("what would shop be without Status=deleted?", {"where": ["Status!=deleted"]}),
        ("suppose I removed users with more than 100 events from shop, how much is left?", {"max_user_events": 100}),
    ],
)
def test_the_part_is_counted_and_nothing_is_done(say: str, args: dict[str, Any]) -> None:
    plan = part_asked(say, KNOWN, None)
    assert plan is not None and not plan.requests and plan.waiting is None
    assert [(one.why, dict(one.request.args)) for one in plan.held] == [("supposition", {"dataset": "shop", **args})]
    assert "412 of 480 events are left. Nothing was done" in str(plan.answer)


def test_why_nothing_would_be_left_is_said() -> None:
    plan = part_asked("how many rows of shop would be left if I kept only Status=none?", KNOWN, None)
    assert plan is not None and str(plan.answer) == "No row has `Status` 'none'. Nothing was done."


@pytest.mark.parametrize(
    "say",
    [
        "what would happen if I deleted shop?",
        "what if I dropped dropout to 0.1?",
        "how many trials would be left if I stopped now?",
        "what would happen if I tune ease on shop without the bots?",
        "leave the bots out of shop",
        "are there bots in shop?",
    ],
)
def test_other_messages_are_read_as_ever(say: str) -> None:
    assert part_asked(say, KNOWN, "demo") is None


def test_no_reader_takes_it_for_an_order(plan_of: Callable[..., Plan], known: Known) -> None:
    say = "what would happen if I dropped the bots from shop?"
    plan = plan_of(say, what="filter_dataset")
    assert not plan.acting and plan.waiting is None
    here = replace(known, would=would)
    args = {"dataset": "shop", "without_bots": True}
    found = refusal("filter_dataset", args, plan, read(say, Names(datasets=("shop",))), here, Dialogue(), ())
    assert found is not None and not found.waits and "a supposition" in found.text
