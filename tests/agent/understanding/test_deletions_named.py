"""What is named to be deleted is asked about, all of it; what is to stay is never a target."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from agent.understanding.data.deletions_named import keeps
from agent.understanding.known import Known
from agent.understanding.plan import Plan

PlanOf = Callable[..., Plan]


@pytest.fixture
def known(known: Known) -> Known:
    datasets = ("wol", "wol-schoon", "klikken", "data-3", "data-4", "shop")
    return replace(known, datasets=datasets, studies=("demo-2", "demo-1", "shop"))


@pytest.mark.parametrize(
    ("say", "gone"),
    [
        ("thank you, delete wol, but keep wol-schoon", ["wol"]),
        ("delete wol and wol-schoon, not klikken", ["wol", "wol-schoon"]),
        ("remove `wol`. Keep `klikken` please", ["wol"]),
        ("delete the dataset shop and demo-1", ["shop", "demo-1"]),
        ("delete data-3 except data-4", ["data-3"]),
        ("删除 data-3", ["data-3"]),
        ("删除数据集 data-3", ["data-3"]),
        ("把 data-3 删掉，但保留 data-4", ["data-3"]),
        ("删除 data-3 和 data-4", ["data-3", "data-4"]),
        ("删除 demo-1", ["demo-1"]),
    ],
)
def test_all_that_is_named_is_asked_about_and_nothing_that_stays(plan_of: PlanOf, say: str, gone: list[str]) -> None:
    plan = plan_of(say)
    assert not plan.requests and plan.waiting is not None
    assert [value for one in plan.waiting.requests for value in one.args.values()] == gone
    kinds = {"delete_study": "study", "remove_dataset": "dataset"}
    assert all(set(one.args) == {kinds[one.tool]} for one in plan.waiting.requests)


def test_a_name_of_both_kinds_and_one_to_keep_are_not_guessed(plan_of: PlanOf) -> None:
    assert plan_of("删除 shop").waiting is None
    plan = plan_of("delete the older one but keep wol-schoon", delete="remove_dataset")
    assert not plan.requests
    assert all("wol-schoon" not in one.args.values() for one in (plan.waiting.requests if plan.waiting else ()))


def test_what_stands_behind_keep_stays() -> None:
    assert keeps("delete the old one, keep wol", "wol") and not keeps("delete wol, keep wol-schoon", "wol")
    assert keeps("delete wol, keep wol-schoon", "wol-schoon") and not keeps("remove wol for good", "wol")
