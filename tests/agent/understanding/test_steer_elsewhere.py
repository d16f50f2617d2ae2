"""“pause” where the study that is shown has ended: the only other one of this chat that can be paused is asked about."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from agent.understanding.asking.prospect import Prospect
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan
from agent.understanding.planner import Planner
from tests.agent.understanding.conftest import ToldReader

READ = {"pause": "control_study:pause", "stop": "control_study:stop", "resume": "control_study:resume"}


def plan_of(say: str, known: Known, goes_on: tuple[str, ...], own: tuple[str, ...]) -> Plan:
    def would(tool: str, args: Mapping[str, Any]) -> Prospect:
        study = args.get("study", known.study)
        return Prospect(problem=None if study in goes_on else f"study {study!r} is finished already")

    now = replace(known, would=would, own=lambda: own, studies=("demo-3", *known.studies))
    return Planner(ToldReader(READ)).plan(say, now, Dialogue(study="demo-2"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("say", "action"),
    [("pause", "pause"), ("stop it", "stop"), ("stop running", "stop"), ("resume the study", "resume")],
)
def test_the_only_other_one_of_this_chat_is_asked_about(known: Known, say: str, action: str) -> None:
    plan = plan_of(say, known, ("demo-3", "demo-1"), ("demo-3", "demo-2"))
    assert not plan.requests and plan.waiting is not None
    assert f"Shall I {action} `demo-3`?" in plan.waiting.text and "finished" in plan.waiting.text.replace(
        "ended", "finished"
    )
    assert dict(plan.waiting.requests[0].args) == {"action": action, "study": "demo-3"}


@pytest.mark.parametrize(
    ("say", "goes_on", "own"),
    [
        ("pause", ("demo-1",), ("demo-2",)),  # begun elsewhere
        ("pause", ("demo-2", "demo-3"), ("demo-3",)),  # the one that is shown can be paused
        ("pause demo-2", ("demo-3",), ("demo-3",)),  # it is named
    ],
)
def test_otherwise_the_order_is_of_the_one_that_is_shown(
    known: Known, say: str, goes_on: tuple[str, ...], own: tuple[str, ...]
) -> None:
    plan = plan_of(say, known, goes_on, own)
    assert plan.waiting is None and [one.tool for one in plan.requests] == ["control_study"]


def test_of_several_none_is_picked(known: Known) -> None:
    plan = plan_of("pause", known, ("demo-1", "demo-3"), ("demo-3", "demo-1"))
    assert not plan.requests and plan.waiting is None and "`demo-3` and `demo-1`" in str(plan.answer)
