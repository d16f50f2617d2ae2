""" "It" is what was talked of last, a dataset or a study, and "the new version" the one that was made."""

from collections.abc import Callable

import pytest

from agent.understanding.dialogue import Dialogue
from agent.understanding.plan import Plan, Request, Waiting

PlanOf = Callable[..., Plan]
HERE = Dialogue(study="demo-2", dataset="shop")


def calls(plan: Plan) -> list[tuple[str, dict[str, object]]]:
    return [(one.tool, dict(one.args)) for one in plan.requests]


@pytest.mark.parametrize("say", ["rename it to trails", "call it trails"])
@pytest.mark.parametrize("read", ["rename_dataset", "rename_study"])
def test_it_is_what_was_talked_of_last(plan_of: PlanOf, say: str, read: str) -> None:
    told = {"rename": read, "call": read}
    removes = Waiting(requests=(Request(tool="remove_dataset", args={"dataset": "shop"}),), text="?")
    undoes = Waiting(requests=(Request(tool="undo"),), text="?")
    looked = HERE.after((Request(tool="inspect_data", args={"dataset": "shop"}),))
    for dialogue in (looked, looked.after((), removes), looked.after((), removes).after((), undoes)):
        assert calls(plan_of(say, dialogue, **told)) == [("rename_dataset", {"dataset": "shop", "name": "trails"})]
    reported = looked.after((Request(tool="report", args={"study": "demo-2"}),))
    assert calls(plan_of(say, reported, **told)) == [("rename_study", {"name": "trails"})]


def test_no_other_dataset_gets_the_name_of_one_that_was_not_added(plan_of: PlanOf) -> None:
    adds = Waiting(requests=(Request(tool="add_dataset", args={"path": "trails.csv"}),), text="?")
    plan = plan_of("rename it to trails", HERE.after((), adds), rename="rename_dataset")
    assert not plan.requests and plan.waiting is not None and plan.waiting.lacking == "dataset"
    assert "was not added" in plan.waiting.text


@pytest.mark.parametrize("read", ["rename_dataset", "rename_study"])
def test_the_new_version_is_one_that_was_made(plan_of: PlanOf, read: str) -> None:
    say = "Rename the new version to winter"
    plan = plan_of(say, HERE, rename=read)
    assert not plan.requests and plan.waiting is not None and "no new version" in plan.waiting.text
    made = Dialogue(study="demo-2", dataset="demo", made="shop")
    assert calls(plan_of(say, made, rename=read)) == [("rename_dataset", {"dataset": "shop", "name": "winter"})]
