"""What a file's records say of models and metrics, held against what recpilot knows of them."""

from dataclasses import replace
from typing import Any

import pytest

from agent.studies.strangers import check_known
from memory.content import Condition, Content
from memory.record import Lesson, TrialRecord

TRIAL = TrialRecord(
    id="s/0",
    study="s",
    number=0,
    dataset="books",
    model="ease",
    params={"l2": 5.0},
    state="complete",
    objective="ndcg@10",
    value=0.3,
)
CONTENT = Content(says="worse", model="ease", where=(Condition(param="l2", low=5.0),), metric="ndcg@10", effect=-0.1)


def lesson(**changes: Any) -> Lesson:
    return Lesson(id="lesson/1", text="x", source="reflection", content=replace(CONTENT, **changes))


def test_what_recpilot_measures_is_taken() -> None:
    check_known(TRIAL)
    check_known(replace(TRIAL, metrics={"valid_ndcg@10": 0.3, "valid_gini@10": 1.0000001, "train_s": 900.0}))
    check_known(replace(TRIAL, objective="rmse", direction="minimize", value=3.1, curve=(None, 3.1)))
    check_known(lesson())
    check_known(lesson(says="bound", where=(Condition(param="l2", high=0.5),)))  # a person may draw it anywhere


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"model": "nosuch"}, "`model` must be a model of this version: popularity, "),
        ({"params": {"l2": 1e12}}, "`params.l2`: ease: `l2` must be in [1, 10000] (log scale), got 1000000000000.0"),
        ({"params": {"l2": "5"}}, "`params.l2`: ease: `l2` must be a number in [1, 10000] (log scale), got '5'"),
        ({"params": {"foo": 1}}, "`params.foo`: ease: unknown param `foo`"),
        ({"objective": "luck@10"}, "`objective`: unknown metric 'luck@10'"),
        ({"direction": "minimize"}, "`direction` must be maximize, as ndcg@10 is, got 'minimize'"),
        ({"value": 5.0}, "`value` must be in [0, 1], got 5.0"),
        ({"expected": 9.0}, "`expected` must be in [0, 1], got 9.0"),
        ({"metrics": {"valid_auc": -0.2}}, "`metrics.valid_auc` must be in [0, 1], got -0.2"),
        ({"metrics": {"valid_rmse": -0.2}}, "`metrics.valid_rmse` must be 0 or more, got -0.2"),
        ({"curve": (0.1, 5.0)}, "`curve (epoch 2)` must be in [0, 1], got 5.0"),
        ({"curve": (0.1, None)}, "`curve (epoch 2)` must be a number, as ndcg@10 is after every epoch, got None"),
        ({"repeats": "maybe"}, "`repeats` must be mask or keep, got 'maybe'"),
        ({"positive": "maybe"}, "`positive`: "),
    ],
)
def test_a_trial_that_cannot_be_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match="`") as caught:
        check_known(replace(TRIAL, **changes))
    assert str(caught.value).startswith(says)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"model": "nosuch"}, "`content.model` must be a model of this version"),
        ({"metric": "luck"}, "`content.metric`: unknown metric 'luck'"),
        ({"effect": 1.5}, "`content.effect` must be within 1, got 1.5"),
        ({"where": (Condition(param="zz", low=1.0),)}, "`content.where.zz` must be a param of ease, got 'zz'"),
        ({"where": (Condition(param="l2", low=1e9),)}, "`content.where.l2`: ease: `l2` must be in [1, 10000]"),
        ({"model": None, "where": (Condition(param="zz", low=1.0),)}, "`content.where.zz` must be a param of a model"),
    ],
)
def test_a_lesson_about_what_there_is_not_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match="`") as caught:
        check_known(lesson(**changes))
    assert str(caught.value).startswith(says)
