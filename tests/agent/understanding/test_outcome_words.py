"""What a message says that outcomes count."""

from collections.abc import Callable

import pytest

from agent.understanding.arguments.arguments import read_arguments
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.clauses.clauses import clauses
from agent.understanding.clauses.corrections import settled
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Waiting
from agent.words.names import read

KNOWN = Known(datasets=("demo", "shop"), studies=("demo-1",), objective="ndcg@10")


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("tune ease on shop, clicks count 1, carts 3, purchases 10", "click=1,cart=3,purchase=10"),
        ("ease on shop, count purchases ten times a click", "purchase=10,click=1"),
        ("ease on shop, a purchase counts 10 times as much as a view", "purchase=10,view=1"),
        ("ease on shop, a purchase is worth ten clicks", "purchase=10,click=1"),
        ("ease on shop, 60 % conversion, 40 % click", "conversion=0.6,click=0.4"),
        ("ease on shop with purchase=10,cart=3,view=1", "purchase=10,cart=3,view=1"),
        ("ease on shop, weigh purchases 10 and views 1", "purchase=10,view=1"),
        ("ease on shop, weights: 10 for a purchase, 1 for a view", "purchase=10,view=1"),
        ("ease on shop, purchases count 10 and add-to-carts 2.5", "purchase=10,addtocart=2.5"),
        ("ease on shop, count kauf 10, warenkorb 3 and angesehen 1", "kauf=10,warenkorb=3,angesehen=1"),
        ("ease on shop, count a compra ten times a vista", "compra=10,vista=1"),
        ("ease on shop, purchases (kauf) count 10 times, basket 3 times", "kauf=10,basket=3"),
        ("ease on shop, count download 5, share 10 and open 1", "download=5,share=10,open=1"),
        ("ease on shop with 购买=10,浏览=1", "购买=10,浏览=1"),
    ],
)
def test_the_weights_are_read_and_are_no_counts_of_trials(text: str, weights: str) -> None:
    said = settled(read(text, KNOWN.names))
    (args,) = read_arguments("start_study", Stretch(said, clauses(said)), KNOWN)
    assert args.pop("outcomes") == weights
    assert args == {"models": ["ease"], "dataset": "shop"}


@pytest.mark.parametrize(
    "text",
    ["ease on shop, 4 trials", "ease on shop, count every rating, 4 trials", "ease on shop, clicks count, 4 trials"],
)
def test_other_amounts_are_no_weights(text: str) -> None:
    said = settled(read(text, KNOWN.names))
    (args,) = read_arguments("start_study", Stretch(said, clauses(said)), KNOWN)
    assert "outcomes" not in args
    assert args["n_trials"] == 4


def test_weights_for_the_study_at_hand_make_a_copy_after_a_yes(plan_of: Callable[..., Plan]) -> None:
    plan = plan_of("count purchases ten times a click", count="trials")
    assert not plan.requests
    assert isinstance(plan.waiting, Waiting)
    (request,) = plan.waiting.requests
    assert (request.tool, dict(request.args)) == (
        "start_study",
        {"outcomes": "purchase=10,click=1", "base": "demo-2", "dataset": "demo"},
    )
