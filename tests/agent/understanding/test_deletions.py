"""A deletion takes what was named, and says what of the wish is not done."""

from collections.abc import Callable

import pytest

from agent.understanding.asking.prospect import Prospect
from agent.understanding.data.deletions import deletions_said
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan

PlanOf = Callable[..., Plan]


def asked(plan: Plan) -> str:
    assert not plan.acting and plan.waiting is not None
    return plan.waiting.text


@pytest.mark.parametrize("say", ["delete shopp", "delete demoo", "delete shopp for ever, no undo"])
def test_a_name_that_nothing_has_is_not_taken_for_one_that_is_near(plan_of: PlanOf, say: str) -> None:
    plan = plan_of(say, delete="remove_dataset", no="undo order")
    assert f"There is no dataset `{say.split()[1].rstrip(',')}`" in asked(plan)
    assert plan.waiting is not None and all("dataset" not in one.args for one in plan.waiting.requests)


@pytest.mark.parametrize(
    ("say", "words", "kind"),
    [
        ("delete everything", "everything", "study"),
        ("delete all of them", "all of them", "study"),
        ("remove all my data", "all my data", "dataset"),
    ],
)
def test_no_one_thing_is_picked_for_everything(plan_of: PlanOf, say: str, words: str, kind: str) -> None:
    plan = plan_of(say, delete="delete_study", remove="remove_dataset")
    assert f"“{words}” was not used and nothing was done. Which {kind}" in asked(plan)
    assert plan.waiting is not None and kind not in plan.waiting.requests[0].args and plan.waiting.choices
    named = plan_of("delete all of demo-1", delete="delete_study")
    assert named.waiting is not None and named.waiting.requests[0].args == {"study": "demo-1"}


def test_all_but_one_takes_not_that_one(plan_of: PlanOf) -> None:
    plan = plan_of("remove all datasets but demo", remove="remove_dataset")
    assert "nothing was done" in asked(plan) and "`shop`" in asked(plan) and "`demo`" not in asked(plan)


@pytest.mark.parametrize(
    ("say", "told"),
    [
        ("remove shop and every study on it", "The studies on it stay"),
        ("remove shop and every study on it, for ever", "delete `shop` for good? This cannot be taken back"),
    ],
)
def test_what_a_deletion_does_not_do_is_said(plan_of: PlanOf, say: str, told: str) -> None:
    plan = plan_of(say, remove="remove_dataset", no="undo order")
    assert told in asked(plan)
    assert plan.waiting is not None and [one.tool for one in plan.waiting.requests] == ["remove_dataset"]


def test_what_is_not_to_be_taken_back_takes_nothing_back(plan_of: PlanOf) -> None:
    plan = plan_of("remove shop for ever, no undo", remove="undo", no="undo")
    assert plan.waiting is not None and [one.tool for one in plan.waiting.requests] == ["remove_dataset"]


@pytest.mark.parametrize(
    ("say", "dataset"),
    [
        ("delete shop for good", "shop"),
        ("please remove the dataset shop permanently", "shop"),
        ("purge old", "old"),
        ("can you delete the files of old from the disk?", "old"),
        ("delete it for good", "shop"),
        ("wipe the removed datasets forever", None),
        ("empty the trash", None),
        ("彻底删除 shop", "shop"),
    ],
)
def test_what_is_deleted_for_good_is_always_asked_about(plan_of: PlanOf, say: str, dataset: str | None) -> None:
    plan = plan_of(say, Dialogue(dataset="shop"), removed=("old",))
    assert "This cannot be taken back" in asked(plan)
    assert plan.waiting is not None and plan.waiting.why == "destructive"
    (request,) = plan.waiting.requests
    assert request.args == {"for_good": True} | ({"dataset": dataset} if dataset else {})


@pytest.mark.parametrize(
    "say", ["don't delete shop for good", "what happens if I delete shop for good?", "purge nosuch"]
)
def test_nothing_is_asked_or_deleted_where_it_is_no_order(plan_of: PlanOf, say: str) -> None:
    plan = plan_of(say)
    assert not plan.acting and (plan.waiting is None or "for good" not in plan.waiting.text)


def there(name: str, of: str) -> Known:
    return Known(study=name, study_dataset=of)


def known_with(*studies: str) -> Known:
    """Studies on shop, and one on demo."""
    on = {name: there(name, "shop") for name in studies} | {"demo-1": there("demo-1", "demo")}
    return Known(
        datasets=("demo", "shop"),
        studies=tuple(on),
        with_study=on.get,
        would=lambda tool, args: Prospect(problem="no such" if {"nope", "winter"} & {*args.values()} else None),
    )


@pytest.mark.parametrize(
    ("say", "taken"),
    [
        ("remove all studies of shop", ["s1", "s2"]),
        ("please delete all the studies on shop", ["s1", "s2"]),
        ("删除 shop 的所有研究", ["s1", "s2"]),
        ("delete shop and all its studies", ["s1", "s2", "shop"]),
        ("remove the dataset shop together with its studies", ["s1", "s2", "shop"]),
        ("删除 shop 和它的所有研究", ["s1", "s2", "shop"]),
        ("删除shop和它的所有研究", ["s1", "s2", "shop"]),
    ],
)
def test_all_studies_of_a_dataset_are_named_before_a_yes(say: str, taken: list[str]) -> None:
    plan = deletions_said(say, known_with("s1", "s2"))
    assert plan is not None and not plan.requests and plan.waiting is not None
    assert [next(iter(one.args.values())) for one in plan.waiting.requests] == taken
    assert all(f"`{name}`" in plan.waiting.text for name in taken)


def test_many_studies_are_deleted_one_at_a_time() -> None:
    plan = deletions_said("remove all studies of shop", known_with(*(f"s{n}" for n in range(9))))
    assert plan is not None and not plan.requests and plan.waiting is None
    assert "There are 9 studies on `shop`" in str(plan.answer) and "`delete the study s0`" in str(plan.answer)


@pytest.mark.parametrize(
    ("say", "told"),
    [
        ("delete the dataset nope", "There is no dataset `nope`, so nothing was removed. There are: `demo`, `shop`."),
        ("remove the study winter please", "There is no study `winter`, so nothing was removed."),
        ("删除数据集 nope", "没有名为 `nope` 的数据集"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(say: str, told: str) -> None:
    plan = deletions_said(say, known_with("s1"))
    assert plan is not None and not plan.requests and told in str(plan.answer)


@pytest.mark.parametrize(
    "say", ["delete the dataset shop", "delete the study", "remove shop", "delete the dataset again"]
)
def test_other_deletions_are_read_as_ever(say: str) -> None:
    assert deletions_said(say, known_with("s1")) is None


def test_a_dataset_without_studies_is_removed_alone() -> None:
    plan = deletions_said("删除 shop 和它的所有研究", known_with())
    assert plan is not None and plan.waiting is not None
    assert [one.tool for one in plan.waiting.requests] == ["remove_dataset"]
