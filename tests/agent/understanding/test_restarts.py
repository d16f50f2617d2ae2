"""A change of mind right after a study began asks whether to stop it and begin again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request

BEGUN = Request(tool="start_study", args={"models": ["ease", "item_knn"], "dataset": "demo", "n_trials": 4})
DIALOGUE = Dialogue(study="demo-2", dataset="demo", last=(BEGUN,))


@pytest.fixture
def known(known: Known) -> Known:
    return replace(known, study_state="running")


@pytest.mark.parametrize(
    ("say", "changed"),
    [
        ("no wait, only ease, 3 trials", {"models": ["ease"], "n_trials": 3}),
        ("actually not ease, item_knn and popularity, 5 trials", {"models": ["item_knn", "popularity"], "n_trials": 5}),
        ("make it recall@20", {"objective": ["recall@20"]}),
        ("wait, on shop instead", {"dataset": "shop"}),
        ("no, on shop", {"dataset": "shop"}),
        ("on shop instead please", {"dataset": "shop"}),
        ("sry, shop instead", {"dataset": "shop"}),
        ("shop instead", {"dataset": "shop"}),
        ("actually, only ease on shop", {"dataset": "shop", "models": ["ease"]}),
        ("no make it recall@20 and keep repeats", {"objective": ["recall@20"], "repeat_events": "keep"}),
    ],
)
def test_a_change_of_mind_asks_to_stop_and_begin_again(
    plan_of: Callable[..., Plan], say: str, changed: dict[str, Any]
) -> None:
    plan = plan_of(say, DIALOGUE, no="recall_trials", actually="recall_trials", make="recall_trials")
    assert not plan.requests and plan.waiting is not None and not plan.unused
    assert [(one.tool, one.args) for one in plan.waiting.requests] == [
        ("control_study", {"action": "stop", "study": "demo-2"}),
        ("start_study", {**BEGUN.args, **changed}),
    ]
    assert "Shall I stop it, and begin again" in plan.waiting.text


def test_what_is_not_used_of_it_is_said(plan_of: Callable[..., Plan]) -> None:
    plan = plan_of("no wait, only ease, not the views", DIALOGUE, no="recall_trials")
    assert plan.waiting is not None and "I did not use “not the views”" in plan.waiting.text


@pytest.mark.parametrize(
    "say", ["no, stop it", "wait, is ease any good?", "and on shop too", "make it 9 trials", "no, describe shop"]
)
def test_other_wishes_are_not_taken_for_it(plan_of: Callable[..., Plan], say: str) -> None:
    told = {"and on": "start_study", "make it": "extend_study"}
    plan = plan_of(say, DIALOGUE, no="control_study:stop", wait="recall_trials", **told)
    assert plan.waiting is None or "begin again" not in plan.waiting.text


class TestEnded:
    """A study that has ended stays."""

    @pytest.fixture
    def known(self, known: Known) -> Known:
        return replace(known, study_state="finished")

    def test_another_one_is_asked_about(self, plan_of: Callable[..., Plan]) -> None:
        plan = plan_of("make it recall@20", DIALOGUE, make="recall_trials")
        assert plan.waiting is not None and "has ended and stays as it is" in plan.waiting.text
        assert [(one.tool, one.args["objective"]) for one in plan.waiting.requests] == [("start_study", ["recall@20"])]
