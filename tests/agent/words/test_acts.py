"""One list of acts: every tool stands in it, is worded, can be taken back or says what to do, and takes a study."""

import inspect

import pytest

from agent.results.by_tool import RESULTS
from agent.tools import TOOLS
from agent.tools.taking_back import _BACK
from agent.words.acts import ACTS

BY_NAME = {tool.__name__: tool for tool in TOOLS}
NOT_OF_ONE_STUDY = {  # about data, the memory, or a study that is not there yet
    "list_datasets",
    "add_dataset",
    "rename_dataset",
    "remove_dataset",
    "filter_dataset",
    "list_studies",
    "forget_lesson",
    "list_rules",
    "start_study",
}


def test_every_tool_is_an_act_and_every_act_a_tool() -> None:
    assert len(BY_NAME) == len(TOOLS)
    assert set(ACTS) == set(BY_NAME) == set(RESULTS)


@pytest.mark.parametrize("tool", [name for name, act in ACTS.items() if act.kind != "reads"])
def test_what_is_done_can_be_taken_back_or_says_what_can_be_done_instead(tool: str) -> None:
    assert (tool in _BACK) != bool(ACTS[tool].instead), "either undo knows it, or the act says the nearest thing"


@pytest.mark.parametrize("tool", [name for name, act in ACTS.items() if act.kind == "reads"])
def test_what_only_reads_is_never_taken_back(tool: str) -> None:
    assert tool not in _BACK
    assert not ACTS[tool].instead


@pytest.mark.parametrize("tool", sorted(set(BY_NAME) - NOT_OF_ONE_STUDY))
def test_a_tool_can_be_told_which_study_is_meant(tool: str) -> None:
    assert "study" in inspect.signature(BY_NAME[tool]).parameters


@pytest.mark.parametrize("tool", sorted(NOT_OF_ONE_STUDY))
def test_a_tool_that_is_not_about_one_study_takes_none(tool: str) -> None:
    assert "study" not in inspect.signature(BY_NAME[tool]).parameters
