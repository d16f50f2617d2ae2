"""An order to train is done at once only where all its words were used or say nothing of what is trained on."""

from collections.abc import Callable

import pytest

from agent.understanding.clauses.order_words import words_unused
from agent.understanding.dialogue import Dialogue
from agent.understanding.hearing import heard
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request
from agent.words.names import Names, read

HOME = Names(datasets=("shop", "demo"))
PlanOf = Callable[..., Plan]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("tune ease on shop, 1 trial, and no cadeaubon in it", "no cadeaubon in it"),
        ("tune item_knn on shop, 1 trial, only geleverd of Groep garen", "only geleverd of Groep garen"),
        ("tune ease on shop, 2 trials, and nothing from the health shelf", "nothing from the health shelf"),
        ("tune ease on shop, 2 trials, only romance and crime", "only romance and crime"),
        ("tune ease on shop for crime readers, 2 trials", "for crime readers"),
        ("tune ease on shop, 2 trials. Leave the gift cards aside", "Leave the gift cards aside"),
        ("on shop cadeaubon-free, tune ease", "cadeaubon-free"),
    ],
)
def test_words_that_nothing_used_are_quoted_with_what_leads_to_them(said: str, left: str) -> None:
    assert words_unused(read(said, HOME)) == (left,)


def test_each_part_that_nothing_used_is_named() -> None:
    said = read("tune ease on shop, 2 trials, just people with consent, and skip the health titles", HOME)
    assert words_unused(said) == ("just people with consent", "skip the health titles")


@pytest.mark.parametrize(
    "say",
    [
        "ok, please tune ease on shop for me quickly now, just 3 trials tonight, let's go",
        "Could you start a study on shop with ease and item_knn? No more than two hours, and split by time, thanks!",
        "tune ease only on shop, without asking me, not demo",
        "retune ease on shop",
        "The boss of my sister came by. Tune ease on shop because the board wants it, 3 trials",
        "search for the best bpr_mf on shop, learning rate between 0.001 and 0.1, 2 epochs, stop after 10 minutes",
    ],
)
def test_a_plain_order_leaves_nothing(say: str) -> None:
    assert words_unused(read(say, HOME)) == ()


def test_the_words_of_an_argument_are_used_by_it_alone() -> None:
    say = "tune ease on shop, ratings of 4 and more count as likes, call it winter"
    args = {"dataset": "shop", "positive": ">=4", "name": "winter"}
    assert words_unused(read(say, HOME), [Request(tool="start_study", args=args)]) == ()
    assert words_unused(read(say, HOME)) == ("ratings", "winter")


def test_the_words_of_another_order_are_its_own() -> None:
    say = "tune ease on shop and show the reviewers of demo"
    assert words_unused(read(say, HOME), others=["show the reviewers of demo"]) == ()


def test_the_card_quotes_what_was_not_used_before_all_else(plan_of: PlanOf) -> None:
    plan = plan_of("tune ease on shop, 1 trial, and no cadeaubon in it", tune="start_study", no="none")
    assert not plan.acting and plan.waiting is not None
    assert plan.waiting.text.startswith("**I did not use “no cadeaubon in it”.**")


def test_an_extension_waits_too(plan_of: PlanOf) -> None:
    plan = plan_of("add 10 trials, only on crime books", add="extend_study", only="none")
    assert not plan.acting and plan.unused == ("only on crime books",)


def test_an_order_that_is_asked_about_anyway_quotes_them_too(plan_of: PlanOf) -> None:
    plan = plan_of("tune ease on shop, only crime?", tune="start_study order 0.4", only="none")
    assert not plan.acting and plan.unused == ("only crime",)


@pytest.mark.parametrize(
    ("say", "is_read"),
    [
        ("用 tea 调 ease，3 次试验", "tune ease on tea, 3 trials"),
        ("用 shop 来训练 ease 和 item_knn", "train ease and item_knn on shop"),
        ("用 tpe 调 ease", "use tpe tune ease"),
        ("用 ease 调 shop", "use ease tune shop"),
    ],
)
def test_what_a_model_is_tuned_with_in_chinese_is_the_dataset(say: str, is_read: str, known: Known) -> None:
    assert heard(say, known, Dialogue(), lambda _: True).said.text == is_read


def test_a_dataset_that_is_not_there_is_never_another_one(plan_of: PlanOf, known: Known) -> None:
    plan = plan_of("用 tea 调 ease，3 次试验", Dialogue(dataset="shop"), tune="start_study", _3="start_study")
    assert [one.args["dataset"] for one in plan.requests] == ["tea"]
