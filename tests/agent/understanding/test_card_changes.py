"""What is said to an open plan card: a change makes a card that asks again, and only a plain yes runs anything."""

from collections.abc import Callable
from typing import Any

import pytest

from agent.understanding.card_changes import card_change
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request, Waiting
from agent.words.names import read

PlanOf = Callable[..., Plan]
STUDY: dict[str, Any] = {"dataset": "shop", "models": ["ease", "item_knn"], "n_trials": 5}


def card(**args: Any) -> Dialogue:
    request = Request(tool="start_study", args=STUDY | args, words="tune it")
    return Dialogue(study="demo-2").after((), Waiting(requests=(request,), text="Shall I?", why="costly"))


def changed(plan: Plan) -> dict[str, Any]:
    """The study that is asked about; nothing may be done."""
    assert not plan.requests and plan.waiting is not None and plan.waiting.card is not None
    assert plan.waiting.lacking is None and plan.waiting.choices == ("Run it", "Cancel") and not plan.unused
    return dict(plan.waiting.requests[0].args)


@pytest.mark.parametrize(
    ("say", "expected"),
    [
        ("with ease alone, 400 trials", STUDY | {"models": ["ease"], "n_trials": 400}),
        (
            "actually only item_knn, 8 trials and n_neighbors between 20 and 100",
            STUDY | {"models": ["item_knn"], "n_trials": 8, "space": {"n_neighbors": [20, 100]}},
        ),
        ("only 3 trials", STUDY | {"n_trials": 3}),
        ("no, 3 trials", STUDY | {"n_trials": 3}),
        ("start with 3 trials", STUDY | {"n_trials": 3}),
        ("can you make it 8 trials?", STUDY | {"n_trials": 8}),
        ("3 more trials please", STUDY | {"n_trials": 8}),
        ("make it an hour", {"dataset": "shop", "models": STUDY["models"], "time_limit_s": 3600.0}),
        ("at most an hour", STUDY | {"time_limit_s": 3600.0}),
        ("do not ask before each trial", STUDY | {"needs_approval": False}),
        ("stop asking me", STUDY | {"needs_approval": False}),
        ("ask me before every trial", STUDY | {"needs_approval": True}),
        ("without the defaults", STUDY | {"run_defaults": False}),
        ("add sasrec", STUDY | {"models": ["ease", "item_knn", "sasrec"]}),
        ("drop item_knn", STUDY | {"models": ["ease"]}),
        ("don't use ease", STUDY | {"models": ["item_knn"]}),
        ("on demo instead", STUDY | {"dataset": "demo"}),
        ("use recall@20", STUDY | {"objective": ["recall@20"]}),
        ("optimise coverage instead", STUDY | {"objective": ["coverage@10"]}),
        ("每次试验前先问我", STUDY | {"needs_approval": True}),
        ("不用每次都问我", STUDY | {"needs_approval": False}),
    ],
)
@pytest.mark.parametrize("relation", ["yes", "no"])  # whatever the network takes it for
def test_a_change_asks_again(plan_of: PlanOf, say: str, expected: dict[str, Any], relation: str) -> None:
    assert changed(plan_of(say, card(), relation)) == expected


@pytest.mark.parametrize(
    ("say", "expected"),
    [
        ("yes, 3 trials", STUDY | {"n_trials": 3}),
        ("yes, but 8 trials", STUDY | {"n_trials": 8}),
        ("run it with 8 trials", STUDY | {"n_trials": 8}),
        ("go ahead with only ease", STUDY | {"models": ["ease"]}),
        ("with ease alone, run it", STUDY | {"models": ["ease"]}),
        ("sure, with sasrec too", STUDY | {"models": ["ease", "item_knn", "sasrec"]}),
        ("好，但是8次试验", STUDY | {"n_trials": 8}),
    ],
)
@pytest.mark.parametrize("relation", ["new", "edit"])
def test_a_yes_with_a_change_runs(plan_of: PlanOf, say: str, expected: dict[str, Any], relation: str) -> None:
    plan = plan_of(say, card(), relation)
    assert [(one.tool, dict(one.args)) for one in plan.requests] == [("start_study", expected)] and not plan.waiting


@pytest.mark.parametrize(
    "say", ["ok, only 3 trials", "good, 3 trials", "yes, maybe 3 trials", "don't run it, 3 trials"]
)
def test_what_is_no_plain_yes_runs_nothing(plan_of: PlanOf, say: str) -> None:
    assert not plan_of(say, card(), "yes").acting


@pytest.mark.parametrize(
    ("say", "note"),
    [
        ("not sasrec", "`sasrec` was not among the models"),
        ("drop ease and item_knn", "would leave no model"),
        ("maybe fewer trials", "How many trials shall it be?"),
    ],
)
def test_what_changes_nothing_is_said_above_the_same_card(plan_of: PlanOf, say: str, note: str) -> None:
    plan = plan_of(say, card(), "no")
    assert changed(plan) == STUDY
    assert plan.waiting is not None and note in plan.waiting.notes[0]


def test_words_that_no_change_took_are_named_on_the_card(plan_of: PlanOf) -> None:
    plan = plan_of("1200 trials, maybe with the good loss", card(), "new", **{"1200": "start_study"})
    assert not plan.requests and plan.waiting is not None
    assert plan.waiting.requests[0].args["n_trials"] == 1200 and plan.unused == ("good loss",)
    first = plan_of("tune bpr_mf on shop, 5 trials, with a small learning rate", tune="start_study")
    assert not first.requests and first.unused == ("small learning rate",)


def test_a_name_is_of_the_study_on_the_card(plan_of: PlanOf) -> None:
    plan = plan_of("call it winter and 3 trials", card())
    assert changed(plan) == STUDY | {"n_trials": 3}
    assert plan.waiting is not None and dict(plan.waiting.requests[1].args) == {"name": "winter"}


@pytest.mark.parametrize(
    "say",
    [
        *("yes", "no", "run it", "how long would it take?", "what is ease?", "delete demo-1", "describe shop"),
        *("tune ease on demo, 3 trials", "show me the best trial", "pause demo-1", "yes, but not yet", "not on demo"),
    ],
)
def test_anything_else_is_no_change(known: Known, say: str) -> None:
    assert card_change(say, read(say, known.names), known, card(), set()) is None


def test_another_order_runs_while_a_card_is_open(plan_of: PlanOf) -> None:
    plan = plan_of("tune ease on demo, 3 trials", card(), tune="start_study")
    assert [dict(one.args) for one in plan.requests] == [{"dataset": "demo", "models": ["ease"], "n_trials": 3}]
