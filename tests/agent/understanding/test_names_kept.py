"""A name that nothing has is never taken for another one, and a new name stays as it was written."""

from collections.abc import Callable

import pytest

from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan
from agent.words.names import Names, read
from agent.words.respelling import respelt

PlanOf = Callable[..., Plan]
HOME = Names(datasets=("films-v2", "loans_06", "access"))


@pytest.mark.parametrize("said", ["films-v4", "films", "films-v21", "loans_07", "access2"])
def test_a_name_with_other_digits_is_of_another_dataset(said: str) -> None:
    spans = read(f"tune ease on {said}, 2 trials", HOME).of("dataset")
    assert [span.value for span in spans] == []


def test_a_name_that_lost_a_letter_is_read_and_marked() -> None:
    assert [(one.value, one.is_near) for one in read("tune ease on acess", HOME).of("dataset")] == [("access", True)]


@pytest.mark.parametrize("name", ["loans", "sales", "customers"])
def test_a_study_is_on_the_word_that_was_said_whatever_else_is_at_hand(plan_of: PlanOf, name: str) -> None:
    plan = plan_of(f"tune ease on {name}, 2 trials", tune="start_study", _2="start_study")
    assert [request.args["dataset"] for request in plan.requests] == [name]


@pytest.mark.parametrize("said", ["it", "this data", "这份数据"])
def test_nothing_talked_of_is_asked_for(plan_of: PlanOf, known: Known, said: str) -> None:
    plan = plan_of(f"tune ease on {said}", Dialogue(), tune="start_study")
    assert not plan.acting and plan.waiting is not None and plan.waiting.lacking == "dataset"
    assert set(plan.waiting.choices) == set(known.datasets)


@pytest.mark.parametrize(
    "say", ["rename films to trails", "call it klick", "add a.csv as sternw", "load a.csv, name it besst"]
)
def test_a_new_name_is_not_set_right(say: str) -> None:
    assert respelt(say, lambda word: False)[0].split()[-1] == say.split()[-1]


def test_a_word_next_to_a_name_of_ones_own_is_left_to_it() -> None:
    assert respelt("tune ease on klick", lambda word: False, {"klicks"})[0] == "tune ease on klick"
