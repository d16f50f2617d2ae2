"""A note that is put as a rule on params is read as a bound, and asked about; nothing else is."""

from collections.abc import Callable, Sequence

import pytest

from agent.understanding.bounds.noted import bound_in, bound_words
from agent.understanding.dialogue import Dialogue
from agent.understanding.plan import Plan, Request, Waiting
from agent.understanding.replies import said_of_held

PlanOf = Callable[..., Plan]
EVERY = "for every model that has it"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("never use dim above 128 on this machine", f"embedding_size of 128 or less, {EVERY}"),
        ("dropout at most 0.3", f"dropout of 0.3 or less, {EVERY}"),
        ("don't go above 64 factors for bpr_mf", "embedding_size of 64 or less, for bpr_mf"),
        ("batch size must stay between 256 and 1024", f"batch_size from 256 to 1024, {EVERY}"),
        ("n_layers should be 1 or 2", f"n_layers 1 or 2, {EVERY}"),
        ("learning rate never lower than 1e-4", f"learning_rate of 0.0001 or more, {EVERY}"),
        ("embedding size no larger than 64 on shop", f"embedding_size of 64 or less, {EVERY}, on shop"),
        ("only use lora", f"adapter lora, {EVERY}"),
        ("never use l2 below 10", f"l2 of 10 or more, {EVERY}"),
        ("never use fewer than 20 neighbours", f"n_neighbors of 20 or more, {EVERY}"),
        ("dropout over 0.5 never works for us", f"dropout of 0.5 or less, {EVERY}"),
        ("anything over 100 neighbours is useless on shop", f"n_neighbors of 100 or less, {EVERY}, on shop"),
        ("l2 has to be 10 or more", f"l2 of 10 or more, {EVERY}"),
        ("no dropout above 0.5", f"dropout of 0.5 or less, {EVERY}"),
        ("dropout in 0.1..0.4", f"dropout from 0.1 to 0.4, {EVERY}"),
        ("bm25 never works here", f"weighting cosine or tfidf, {EVERY}"),
        ("höchstens 64 faktoren", f"embedding_size of 64 or less, {EVERY}"),
        ("dropout nie über 0.5", f"dropout of 0.5 or less, {EVERY}"),
        ("l2 不要低于 20", f"l2 of 20 or more, {EVERY}"),
        ("dropout大于0.3没有用", f"dropout of 0.3 or less, {EVERY}"),
        ("l2低于10效果不好", f"l2 of 10 or more, {EVERY}"),
        ("shrinkage 超过50都是浪费时间", f"shrinkage of 50 or less, {EVERY}"),
        ("邻居数在 20 到 100 之间", f"n_neighbors from 20 to 100, {EVERY}"),
    ],
)
def test_a_rule_on_params_is_a_bound(text: str, words: str) -> None:
    content = bound_in(text, ("shop",))
    assert content is not None and content.says == "bound" and bound_words(content) == words


def test_what_is_ruled_out_leaves_the_other_choices() -> None:
    content = bound_in("never use adapter dora")
    assert content is not None and "dora" not in content.where[0].choices and "lora" in content.where[0].choices


@pytest.mark.parametrize(
    "text",
    [
        "dropout above 0.5 was worse last time",
        "low learning rates win",
        "dropout over 0.5 never worked in trial 3",
        "mornings never work for us",
        "if the data are small, keep dropout below 0.2",
        "never use dim above 128 and keep 5 branches open",
        "never use dim between 64 and 128",
        "never use dim 4 times larger than 32",
        "ndcg must stay above 0.2",
        "never train longer than 10 minutes",
        "start 20 trials of ease on shop",
        "ease and ials: keep l2 below 5",
        "should dropout stay below 0.3?",
        "our shop has 3 branches",
    ],
)
def test_an_observation_a_condition_or_anything_else_is_no_bound(text: str) -> None:
    assert bound_in(text, ("shop",)) is None


def test_a_note_that_is_a_rule_is_kept_and_its_bound_asked_about(plan_of: PlanOf) -> None:
    plan = plan_of("remember: never use dim above 128 on this machine")
    text = "never use dim above 128 on this machine"
    assert [(one.tool, one.args) for one in plan.requests] == [("remember_lesson", {"text": text})]
    waits = plan.waiting
    assert waits is not None and [one.args for one in waits.requests] == [{"text": text, "as_bound": True}]
    assert waits.text == f"Shall I hold later studies to that: embedding_size of 128 or less, {EVERY}?"


def test_beside_another_order_a_bound_is_not_asked_about(plan_of: PlanOf) -> None:
    plan = plan_of("remember that we never use dim above 128, and then stop", stop="control_study:stop")
    asked: Sequence[Request] = plan.waiting.requests if plan.waiting is not None else ()
    assert not any(one.args.get("as_bound") for one in (*plan.requests, *asked))


def test_a_yes_makes_it_a_bound_and_a_no_leaves_a_note(plan_of: PlanOf) -> None:
    first = plan_of("remember: never use dim above 128")
    assert isinstance(first.waiting, Waiting)
    dialogue = Dialogue().after(first.requests, first.waiting)
    assert [one.args.get("as_bound") for one in plan_of("yes", dialogue=dialogue).requests] == [True]
    refused = plan_of("no", dialogue=dialogue)
    assert refused.requests == () and said_of_held(refused.held) == "All right, it stays a note and binds nothing."
