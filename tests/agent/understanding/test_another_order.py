"""An order is what was said: no slot swallows it, and a wish for rows is neither a study nor the end of the dataset."""

from collections.abc import Callable

import pytest

from agent.understanding.dialogue import Dialogue
from agent.understanding.plan import Plan, Request, Waiting

PlanOf = Callable[..., Plan]
NAMED = Waiting(requests=(Request(tool="rename_dataset", args={"dataset": "shop"}),), lacking="name")


def test_a_dataset_to_rename_is_asked_for_its_new_name(plan_of: PlanOf) -> None:
    plan = plan_of("rename shop", rename="rename_dataset")
    assert plan.waiting is not None and plan.waiting.lacking == "name"
    assert plan.waiting.requests[0].args == {"dataset": "shop"}


def test_the_answer_is_the_name_and_of_the_dataset_that_was_asked_about(plan_of: PlanOf) -> None:
    plan = plan_of("store", Dialogue(waiting=NAMED), "edit")
    assert [dict(request.args) for request in plan.requests] == [{"dataset": "shop", "name": "store"}]


@pytest.mark.parametrize(
    ("say", "tool"),
    [
        ("compare demo and shop", "inspect_data"),
        ("delete demo-1", "delete_study"),
        ("yes", "none"),
        ("undo it", "undo"),
    ],
)
def test_an_order_or_a_yes_is_no_name(plan_of: PlanOf, say: str, tool: str) -> None:
    plan = plan_of(say, Dialogue(waiting=NAMED), "edit", **{say.split()[0]: tool})
    asked = plan.waiting.requests if plan.waiting is not None else ()
    assert not [one for one in (*plan.requests, *asked) if one.tool.startswith("rename")]


@pytest.mark.parametrize(
    "say",
    [
        "keep only the rows with Status versendet of shop, call it paid",
        "only the kauf rows from shop as verkauf",
        "keep only the good ones of shop",
    ],
)
def test_rows_that_are_not_understood_change_nothing_and_the_words_are_said(plan_of: PlanOf, say: str) -> None:
    plan = plan_of(say, keep="rename_dataset", only="rename_dataset")
    assert not plan.acting and plan.waiting is None
    assert plan.answer is not None and plan.answer.startswith("Nothing was") and "COLUMN=VALUE" in plan.answer


def test_what_is_kept_of_a_study_is_no_row(plan_of: PlanOf) -> None:
    plan = plan_of("use only ease on shop", use="start_study")
    assert [request.tool for request in plan.requests] == ["start_study"]


def test_people_who_are_none_are_looked_for_and_the_dataset_stays(plan_of: PlanOf) -> None:
    described = Dialogue(dataset="shop", last=(Request(tool="describe_dataset", args={"dataset": "shop"}),))
    plan = plan_of("there is a crawler inside, take it away", described, there="none", take="remove_dataset")
    assert plan.waiting is None and not plan.acting


def test_trials_of_a_model_on_a_dataset_are_a_study(plan_of: PlanOf) -> None:
    plan = plan_of("run ease on shop but only orders since june, 3 trials", run="run_trial", _3="run_trial")
    assert not plan.acting and plan.waiting is not None
    assert plan.waiting.requests[0].args == {"models": ["ease"], "dataset": "shop", "n_trials": 3}
    assert plan.unused == ("only orders since june",)


def test_all_versions_but_one_are_versions_of_that_dataset(plan_of: PlanOf) -> None:
    plan = plan_of("delete all shop versions except the newest", delete="delete_study")
    assert not plan.acting and plan.waiting is not None
    assert plan.waiting.requests[0].tool == "remove_dataset"
