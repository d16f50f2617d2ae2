"""A wish to have the memory in a file names the command, and exports no model."""

import pytest

from agent.understanding.asking.memory_copied import memory_copied


@pytest.mark.parametrize("say", ["export memory", "please back up the memory", "save my notes to a file", "导出记忆"])
def test_the_command_is_named(say: str) -> None:
    plan = memory_copied(say)
    assert plan is not None and "recpilot memory export" in str(plan.answer) and not plan.requests


@pytest.mark.parametrize(
    "say", ["export the best", "export the model of radio-4", "note: memory is short", "show the memory"]
)
def test_other_wishes_are_not_meant(say: str) -> None:
    assert memory_copied(say) is None
