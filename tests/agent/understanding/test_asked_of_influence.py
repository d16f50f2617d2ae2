"""What of the past weighed in is a question of its own: which data, rules and notes, and whether it helped."""

from typing import Any

import pytest

from agent.understanding.asking.asked_of_influence import influence_asked
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known

KNOWN = Known(datasets=("club",), studies=("club-3", "club-2"), study="club-2")


def args_of(say: str) -> dict[str, Any] | None:
    plan = influence_asked(say, KNOWN, Dialogue(study="club-2"))
    return None if plan is None else {"tool": plan.requests[0].tool, **plan.requests[0].args}


@pytest.mark.parametrize(
    ("say", "args"),
    [
        ("did the history help?", {}),
        ("prove that the history helped", {}),
        ("so memory is worth nothing?", {}),
        ("did the history help in club-3?", {"study": "club-3"}),
        ("did the history help in club-9?", {"study": "club-9"}),
        ("历史数据有帮助吗？", {}),
        ("which past data did you trust and why", {"about": "data"}),
        ("你信任了哪些过去的数据", {"about": "data"}),
        ("哪些过去的研究影响了这次的选择？", {"about": "data"}),
        ("how much do you trust planted-wide?", {"about": "data", "dataset": "planted-wide"}),
        ("does the history of ml-100k count for my data?", {"about": "data", "dataset": "ml-100k"}),
        ("which past data weighed in in trial 3?", {"about": "data", "trial": 3}),
        ("show the shipped histories", {"about": "shipped"}),
        ("which rules weighed in?", {"about": "rules"}),
        ("which notes did club-3 follow?", {"about": "notes", "study": "club-3"}),
    ],
)
def test_a_question_about_the_past_is_told_by_what_weighed_in(say: str, args: dict[str, Any]) -> None:
    assert args_of(say) == {"tool": "show_influence", **args}


@pytest.mark.parametrize(
    "say",
    [
        "tune ease on club with the history",
        "did it help?",
        "can I trust it?",
        "what rules do you use?",
        "show my notes",
        "does a longer user history help sasrec?",
        "can you start a study that learns from the past trials?",
        "导入过去的试验",
    ],
)
def test_other_messages_are_left_to_others(say: str) -> None:
    assert args_of(say) is None


def test_what_was_learned_from_the_last_study_are_the_lessons_of_the_latest() -> None:
    assert args_of("what did you learn from the last study") == {"tool": "list_lessons", "study": "club-3"}
