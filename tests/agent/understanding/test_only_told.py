"""A wish not to act, wherever it stands next to an order, leads to the plan being told and to no act."""

from collections.abc import Callable

import pytest

from agent.understanding.clauses.only_told import with_wish, without_wish
from agent.understanding.dialogue import Dialogue
from agent.understanding.plan import Plan, Request, Waiting

PlanOf = Callable[..., Plan]
WISHES = [", only tell me what it would do", ". Just show me the plan.", ", but don't start yet", " without running it"]
WISHES += [", dry run", " (dry-run)", "; what would it do?", ". Don't do it yet", ", nur zeigen", "，先不要开始"]
WISHES += [", ask me before it starts", ", ask before anything is run"]
WISHES += ["，只告诉我会做什么", ", ask me before you start", " but wait until I say go", ", noch nicht starten"]


@pytest.mark.parametrize("wish", WISHES)
def test_the_wish_is_heard(wish: str) -> None:
    assert without_wish(f"tune ease on shop, 2 trials{wish}") == "tune ease on shop, 2 trials"


@pytest.mark.parametrize(
    "say",
    [
        "tune ease on shop and just tell me the best trial at the end",
        "tune ease on shop, ask me before each trial",
        "tune ease on shop and don't run more than 5 trials",
        "stop the study, and don't start it again",
        "remember that I like a dry run",
        "just show me the plan",
        "what would happen if I deleted demo-1?",
    ],
)
def test_other_words_are_no_such_wish(say: str) -> None:
    assert without_wish(say) is None


@pytest.mark.parametrize(
    ("order", "tool"),
    [
        ("tune ease on shop, 2 trials", "start_study"),
        ("delete demo-1", "delete_study"),
        ("forget note 1", "forget_lesson"),
        ("stop the study", "control_study:stop"),
        ("export trial 2", "export_model"),
        ("confirm the best", "confirm"),
        ("undo", "undo"),
    ],
)
@pytest.mark.parametrize("wish", [WISHES[0], ", dry run", ". Don't do it yet."])
def test_no_act_is_done(plan_of: PlanOf, order: str, tool: str, wish: str) -> None:
    plan = plan_of(order + wish, **{order.partition(" ")[0]: tool, "only": "propose_trial"})
    assert not plan.acting and plan.waiting is not None and plan.waiting.choices == ("Do it", "Leave it")
    assert [one.tool for one in plan.waiting.requests] == [tool.partition(":")[0]]
    assert plan.waiting.text.startswith("Nothing was done; this is what it would be.")


def test_a_plan_that_is_told_has_the_values_of_the_order(plan_of: PlanOf) -> None:
    plan = plan_of("First just show me what it would do: tune ease on shop, 2 trials", tune="start_study")
    assert plan.waiting is not None and "trials: **2**" in plan.waiting.text
    assert plan.waiting.requests[0].args == {"dataset": "shop", "models": ["ease"], "n_trials": 2}


def test_a_yes_that_waits_does_nothing(plan_of: PlanOf) -> None:
    begins = Request(tool="start_study", args={"dataset": "shop", "models": ["ease"]})
    card = Dialogue(waiting=Waiting(requests=(begins,), why="costly", text="Shall I?"))
    assert not plan_of("yes, but not yet", card).acting
    assert not plan_of("yes, but don't start yet", card).acting


def test_a_question_for_what_lacks_is_asked_all_the_same(plan_of: PlanOf) -> None:
    plan = plan_of("delete the study, only tell me what it would do", delete="delete_study")
    assert not plan.acting and plan.waiting is not None


@pytest.mark.parametrize(
    ("say", "order"),
    [
        ("make me a plan for shop: ease, 2 trials, do not run it yet", "tune shop: ease, 2 trials"),
        ("draw up a plan for tuning ease on shop", "tune ease on shop"),
        ("show me the plan for tune ease on shop", "tune ease on shop"),
        ("make me a plan: tune ease on shop", "tune ease on shop"),
        ("give me a plan first, ease on shop", "tune ease on shop"),
    ],
)
def test_a_plan_that_is_wanted_is_of_an_order(say: str, order: str) -> None:
    assert without_wish(say) == order


@pytest.mark.parametrize("wish", ["", ", but do not run it yet", "，先不要开始"])
def test_an_order_is_asked_about_once_it_is_said_again(wish: str) -> None:
    assert without_wish(with_wish(f"tune ease on shop{wish}")) == "tune ease on shop"


def test_the_order_to_edit_keeps_the_wish_and_so_does_that_of_a_changed_card(plan_of: PlanOf) -> None:
    told = plan_of("tune ease on shop, 2 trials, but don't start yet", tune="start_study").waiting
    assert told is not None and told.card is not None
    again = plan_of(told.card.order, tune="start_study")
    assert not again.acting and again.waiting is not None
    changed = plan_of("only 3 trials", Dialogue().after((), told)).waiting
    assert changed is not None and changed.card is not None and "3 trials" in changed.card.order
    assert without_wish(changed.card.order) is not None and changed.text.startswith("Nothing was done")
    dear = plan_of("tune ease on shop, 20tr, 100000 trials", tune="start_study").waiting  # which of the two?
    changed = plan_of("only 3 trials", Dialogue().after((), dear)).waiting
    assert changed is not None and changed.card is not None and without_wish(changed.card.order) is None
