"""What a message says about which ratings count as likes."""

from collections.abc import Callable

import pytest

from agent.understanding.arguments.arguments import read_arguments
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.clauses.clauses import clauses
from agent.understanding.clauses.corrections import settled
from agent.understanding.data.likes_words import asked_dataset
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request, Waiting
from agent.words.chinese import gloss
from agent.words.names import read

KNOWN = Known(datasets=("demo", "shop", "ratings"), studies=("demo-1",), objective="ndcg@10")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("tune ease on shop, only ratings of 4 and more count as likes", ">=4"),
        ("tune ease on shop with only ratings of 4 or more as likes", ">=4"),
        ("ease on shop, treat ratings above 3 as positive", ">3"),
        ("ease on shop, ratings >= 3.5 are likes", ">=3.5"),
        ("ease on shop, 4+ stars count as likes", ">=4"),
        ("ease on ratings, only ratings of at least 4 count", ">=4"),
        ("ease on shop, likes are ratings above 7", ">7"),
        ("ease on shop, count 4 and more as likes", ">=4"),  # as the chat tells people to say it
        ("ease on shop, ab 3 Sternen zählt als like", ">=3"),  # no model is called als there
        ("ease on shop, Bewertungen ab 3 gelten als positiv", ">=3"),
        ("ease on shop, marks of 7 and more should count as liked", ">=7"),
        ("ease on shop, 7+ counts as like", ">=7"),
        ("ease on shop, count every rating", "all"),
        ("ease on shop, every rating counts as a like", "all"),
        ("ease on shop, treat all ratings as positive", "all"),
    ],
)
def test_the_rule_is_read_and_its_number_is_no_count_of_trials(text: str, rule: str) -> None:
    said = settled(read(text, KNOWN.names))
    (args,) = read_arguments("start_study", Stretch(said, clauses(said)), KNOWN)
    assert args.pop("positive") == rule
    assert args == {"models": ["ease"], "dataset": "ratings" if "on ratings" in text else "shop"}


@pytest.mark.parametrize(
    "text",
    ["ease on shop, 4 trials", "ease on ratings, 4 trials", "ease on shop, coverage above 0.3, 4 trials and more"],
)
def test_other_amounts_are_no_rule(text: str) -> None:
    said = settled(read(text, KNOWN.names))
    (args,) = read_arguments("start_study", Stretch(said, clauses(said)), KNOWN)
    assert "positive" not in args and args["n_trials"] == 4


def test_other_likes_for_the_study_at_hand_make_a_copy_after_a_yes(plan_of: Callable[..., Plan]) -> None:
    plan = plan_of("only ratings of 4 and more count as likes", only_ratings="extend_study")
    assert not plan.requests
    assert isinstance(plan.waiting, Waiting)
    (request,) = plan.waiting.requests
    assert (request.tool, dict(request.args)) == (
        "start_study",
        {"positive": ">=4", "base": "demo-2", "dataset": "demo"},
    )


@pytest.mark.parametrize("say", ["a like is 4 stars and up", "only 4 and 5 stars", "count only 4+ stars as likes"])
def test_a_rule_alone_is_of_the_study_at_hand_whatever_it_is_taken_for(say: str, plan_of: Callable[..., Plan]) -> None:
    plan = plan_of(say, a_like="calc", only="compare_trials", count="trials")
    assert not plan.requests
    assert plan.waiting is not None
    assert dict(plan.waiting.requests[0].args) == {"positive": ">=4", "base": "demo-2", "dataset": "demo"}


def test_a_rule_alone_changes_the_study_on_the_card(plan_of: Callable[..., Plan]) -> None:
    shown = Request(tool="start_study", args={"models": ["ease"], "dataset": "shop"})
    dialogue = Dialogue(study="demo-2", waiting=Waiting(requests=(shown,), why="costly"))
    plan = plan_of("a like is 4 stars and up", dialogue, a_like="calc")
    assert plan.waiting is not None and not plan.requests
    (changed,) = plan.waiting.requests
    assert dict(changed.args) == {"models": ["ease"], "dataset": "shop", "positive": ">=4"}


@pytest.mark.parametrize(
    ("say", "dataset"),
    [
        ("what counts as a like in shop?", "shop"),
        ("which ratings count as likes?", "demo"),
        ("which stars are considered positive in shop", "shop"),
        ("what counts as a like in zz?", "zz"),
        ("which items would u7 like?", None),
        ("what is relevant for ndcg?", None),
    ],
)
def test_what_counts_as_a_like_is_asked_of_a_dataset(say: str, dataset: str | None) -> None:
    assert asked_dataset(say, ("demo", "shop"), "demo") == dataset


@pytest.mark.parametrize(
    ("say", "rule"),
    [
        ("3分以上算喜欢", ">=3"),
        ("3分及以上算喜欢", ">=3"),
        ("评分3及以上都算喜欢", ">=3"),
        ("至少3.5分才算喜欢", ">=3.5"),
        ("高于3分算喜欢", ">3"),
        ("每个评分都算喜欢", "all"),
    ],
)
def test_the_rule_is_read_in_chinese(say: str, rule: str) -> None:
    said = settled(read(gloss(f"用 ease 在 shop 上调参，7 次试验，{say}"), KNOWN.names))
    (args,) = read_arguments("start_study", Stretch(said, clauses(said)), KNOWN)
    assert args == {"models": ["ease"], "dataset": "shop", "n_trials": 7, "positive": rule}


@pytest.mark.parametrize(
    "say",
    ["count 3 stars and more as likes, tune ease on shop 3 trials", "tune ease on shop 3 trials, count 3+ as likes"],
)
def test_the_rule_belongs_to_the_study_that_the_message_begins(plan_of: Callable[..., Plan], say: str) -> None:
    plan = plan_of(say, count="start_study", tune="start_study")
    assert [(one.tool, one.args) for one in plan.requests] == [
        ("start_study", {"models": ["ease"], "dataset": "shop", "n_trials": 3, "positive": ">=3"})
    ]
    assert plan.waiting is None
