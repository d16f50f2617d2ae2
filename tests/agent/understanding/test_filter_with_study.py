"""A part of the data and a study on it in one order: both steps on one card, nothing before a yes, nothing lost."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from agent.understanding.asking.prospect import Prospect
from agent.understanding.data.filter_with_study import StudyOfPart, study_of_part
from agent.understanding.data.filtering import filter_plan
from agent.understanding.data.part_left import part_left
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.part_and_study import order_of
from agent.understanding.plan import Plan
from agent.words.names import Names, read

KNOWN = Known(datasets=("demo", "shop"))
PlanOf = Callable[..., Plan]


@pytest.mark.parametrize(
    ("say", "args", "rest"),
    [
        ("tune ease on shop without the bots, 3 trials", {"without_bots": True}, "tune ease on shop, 3 trials"),
        ("tune ease on shop where Status is paid", {"where": ["Status=paid"]}, "tune ease on shop"),
        (
            "tune ease on shop where Status is paid or sent for 2 trials",
            {"where": ["Status=paid|sent"]},
            "tune ease on shop for 2 trials",
        ),
        ("tune shop without the bots, ease, 3 trials", {"without_bots": True}, "tune shop, ease, 3 trials"),
        (
            "drop users with over 500 events from shop and tune ease on the result, 3 trials",
            {"max_user_events": 500},
            "tune ease on shop, 3 trials",
        ),
        ("leave out the bots and tune ease on shop", {"without_bots": True}, "tune ease on shop"),
        ("filter shop to ratings of 4 and more and tune ease on it", {"min_weight": 4}, "tune ease on shop"),
        ("tune ease on shop since 2024", {"since": "2024-01-01"}, "tune ease on shop"),
        (
            "tune ease on shop, only users with at least 5 events, 4 trials",
            {"min_user_events": 5},
            "tune ease on shop, 4 trials",
        ),
        (
            "tune bpr on shop only rows with Status=paid, 3 trials",
            {"where": ["Status=paid"]},
            "tune bpr on shop, 3 trials",
        ),
        (
            "tune ease on shop, drop users with more than 50 events first, 3 trials",
            {"max_user_events": 50},
            "tune ease on shop, 3 trials",
        ),
        (
            "keep only ratings of 3 and more of shop and tune ease on it, 2 trials",
            {"min_weight": 3},
            "tune ease on shop, 2 trials",
        ),
        (
            "please drop rows of shop where Status=deleted, then tune ease for 5 trials without confirming",
            {"where": ["Status!=deleted"]},
            "tune ease for 5 trials without confirming",
        ),
        (
            "tune ease on shop without Status=deleted, 3 trials, l2 between 10 and 100",
            {"where": ["Status!=deleted"]},
            "tune ease on shop, 3 trials, l2 between 10 and 100",
        ),
    ],
)
def test_the_order_is_taken_apart(say: str, args: dict[str, Any], rest: str) -> None:
    found = study_of_part(say, KNOWN, None)
    assert isinstance(found, StudyOfPart) and found.read.is_certain and not found.read.left
    assert dict(found.filter.args) == {"dataset": "shop", **args}
    assert found.rest == rest


@pytest.mark.parametrize(
    "say",
    [
        "tune sasrec on demo, dropout=0.3, 3 trials",
        "tune ease on demo, seed=3",
        "tune ease on demo with coverage@10>=0.1",
        "tune ease on demo with embedding_size from 1024 to 2048",
        "retune shop-1 on shop with 3 trials but without item_knn, and not the views",
        "tune sasrec on demo without asking, 10 minutes",
        "would you tune ease on shop without the bots?",
        "tune ease on shop.csv where Status is paid",
    ],
)
def test_params_goals_questions_and_files_are_no_part_of_a_dataset(say: str) -> None:
    assert study_of_part(say, KNOWN, None) is None


def would(tool: str, args: Mapping[str, Any]) -> Prospect:
    if tool != "filter_dataset":
        return Prospect()
    there = "humans" if args.get("where") == ["Status=kept"] else ""
    return Prospect(runs={"name": "shop-v2"}, there=there, notes=("That keeps 412 of 480 events.",))


def test_a_part_of_a_file_that_shall_be_tuned_on_is_not_lost() -> None:
    plan = study_of_part("add events.zip as ev, drop users >500 events, tune ease 4 trials", KNOWN, None)
    assert isinstance(plan, Plan) and not plan.requests and "Add events.zip first" in str(plan.answer)


@pytest.fixture
def known(known: Known) -> Known:
    return replace(known, would=would)


@pytest.fixture
def planned(plan_of: PlanOf) -> PlanOf:
    return partial(plan_of, tune="start_study", and_on="start_study", only="extend_study")


def test_both_steps_stand_on_one_card_and_nothing_is_done_before_a_yes(planned: PlanOf) -> None:
    plan = planned("tune ease on shop without the bots, 3 trials")
    assert not plan.requests and plan.waiting is not None
    keeps, start = plan.waiting.requests
    assert dict(keeps.args) == {"dataset": "shop", "without_bots": True, "name": "shop-v2"}
    assert start.tool == "start_study" and start.args["dataset"] == "shop-v2" and start.args["n_trials"] == 3
    assert "412 of 480" in plan.waiting.text and "**3**, from “3 trials”" in plan.waiting.text
    for say in ("yes", "是"):
        yes = planned(say, Dialogue(waiting=plan.waiting))
        assert [one.tool for one in yes.requests] == ["filter_dataset", "start_study"] and yes.waiting is None


def test_a_change_of_the_card_keeps_both_steps(planned: PlanOf, plan_of: PlanOf) -> None:
    shown = planned("tune ease on shop without the bots, 3 trials").waiting
    plan = plan_of("only 5 trials", Dialogue(waiting=shown), "no")  # whatever the network takes it for
    assert plan.waiting is not None and not plan.requests
    assert [one.tool for one in plan.waiting.requests] == ["filter_dataset", "start_study"]
    start = plan.waiting.requests[1]
    assert start.args["n_trials"] == 5 and start.args["dataset"] == "shop-v2"


def test_a_part_that_is_there_already_is_not_made_again(planned: PlanOf) -> None:
    plan = planned("tune ease on shop where Status is kept, 3 trials")
    assert plan.waiting is not None
    assert [(one.tool, one.args["dataset"]) for one in plan.waiting.requests] == [("start_study", "humans")]


def test_what_cannot_be_one_order_is_said_in_two_messages(planned: PlanOf) -> None:
    plan = planned("tune ease on shop where Status is paid, and on demo too")
    assert not plan.requests and plan.waiting is None
    assert "first `filter shop to Status=paid, call it shop-v2`, then `tune ease on shop-v2" in str(plan.answer)


@pytest.mark.parametrize(
    "args",
    [
        {"without_bots": True},
        {"min_weight": 3, "since": "2024-01-01", "without_bots": True},
        {"where": ["Status=paid", "price>=3"], "min_user_events": 5},
        {"max_user_events": 50},
        {"until": "2024-01-01", "min_item_events": 5},
    ],
)
def test_the_order_that_is_offered_is_read_as_it_is_meant(args: dict[str, Any]) -> None:
    plan = filter_plan(f"{order_of({'dataset': 'shop', **args})}, call it shop-v2", KNOWN, None)
    assert plan is not None and plan.waiting is None
    assert dict(plan.requests[0].args) == {"dataset": "shop", **args, "name": "shop-v2"}


@pytest.mark.parametrize(
    ("say", "left"),
    [
        ("tune ease on shop without the returns, 3 trials", "without the returns"),
        ("tune ease on shop, only the delivered orders, 2 trials", "only the delivered orders"),
        ("tune ease on demo, ohne die Klicks", "ohne die Klicks"),
        ("tune ease on demo ohne Klicks, 3 trials", "ohne Klicks"),
        ("tune ease on demo sans les retours", "sans les retours"),
        ("tune sasrec on demo, 6 trials, without asking me", None),
        ("tune ease on demo without the advisor", None),
        ("tune ease on demo where possible for 3 trials", None),
        ("tune ease on demo with only 3 trials", None),
    ],
)
def test_words_on_a_part_that_were_not_read_are_asked_about(plan_of: PlanOf, say: str, left: str | None) -> None:
    assert part_left(read(say, Names(datasets=("demo", "shop")))) == ((left,) if left else ())
    plan = plan_of(say, tune="start_study")
    assert bool(plan.waiting) == bool(left)
