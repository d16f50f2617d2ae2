"""Questions about results, planned on the real network: each calls what answers it, and nothing else."""

from typing import Any

import pytest

from agent.llm.pilot.composing import planned
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan
from agent.understanding.planner import Planner


def plan_of(say: str, planner: Planner, known: Known, dialogue: Dialogue | None = None) -> Plan:
    return planned(planner.plan, say, known, dialogue or Dialogue(study="demo-1", dataset="demo"))


def calls(plan: Plan) -> list[tuple[str, dict[str, Any]]]:
    return [(one.tool, dict(one.args)) for one in plan.requests]


@pytest.mark.parametrize("say", ["why did trial 3 run?", "Why did trial number 3 run", "why did trial three run?"])
def test_a_trial_that_is_named_is_the_one_that_is_explained(say: str, planner: Planner, known: Known) -> None:
    assert calls(plan_of(say, planner, known)) == [("explain_trial", {"trial": 3})]
