"""Questions about a study's pruner are answered from its records, never by what is safe to do."""

from typing import Any

import pytest

from agent.understanding.asking.asked import asked
from agent.understanding.asking.asked_of_pruning import pruning_asked
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known

KNOWN = Known(datasets=("club",), studies=("club-3", "club-2"), study="club-2")


def args_of(say: str) -> dict[str, Any] | None:
    plan = pruning_asked(say, KNOWN, Dialogue(study="club-2", trials=(7,)))
    return None if plan is None else dict(plan.requests[0].args) if plan.requests else {"told": plan.answer}


@pytest.mark.parametrize(
    ("say", "args"),
    [
        ("which pruner is it using?", {}),
        ("what pruner does club-3 use?", {"study": "club-3"}),
        ("is the hurdle on?", {"rule": "hurdle"}),
        ("is pruning switched off?", {}),
        ("does it prune?", {}),
        ("does club-3 use successive halving?", {"rule": "halving", "study": "club-3"}),
        ("are bad trials stopped early?", {}),
        ("would the hurdle have stopped trial 12?", {"rule": "hurdle", "trial": 12}),
        ("would it have been stopped by the quartile rule?", {"rule": "quartile", "trial": 7}),
        ("why was trial 4 not stopped?", {"trial": 4}),
        ("why wasn’t trial 4 pruned?", {"trial": 4}),
        ("why did trial 4 run to the end?", {"trial": 4}),
        ("why was nothing pruned?", {}),
        ("what would halving have cut?", {"rule": "halving"}),
        ("how many trials would the median pruner have cut?", {"rule": "median"}),
        ("what would no pruning have changed?", {"rule": "none"}),
        ("how much time did pruning save?", {}),
        ("did the pruner help?", {}),
        ("show me the pruner", {}),
        ("用的是哪个剪枝器？", {}),
        ("剪枝开了吗？", {}),
        ("试验 3 为什么没有被停？", {"trial": 3}),
    ],
)
def test_a_question_about_the_pruner_is_answered_from_the_records(say: str, args: dict[str, Any]) -> None:
    assert args_of(say) == args


def test_what_a_pruner_is_and_which_there_are() -> None:
    assert "only the best third" in str((args_of("what is halving?") or {})["told"])
    told = str((args_of("which pruners are there?") or {})["told"])
    assert all(f"`{name}`" in told for name in ("hurdle", "quartile", "halving", "none"))


@pytest.mark.parametrize(
    "say",
    [
        "tune sasrec on club with halving",
        "which trials were pruned?",
        "why was trial 4 stopped?",
        "can I stop it?",
        "why did it stop?",
        "is the study on?",
        "use the hurdle",
        "在 club 上调 sasrec，不剪枝",
        "what would dropout 0.3 have given?",
        "why was trial 4 not better?",
    ],
)
def test_orders_and_other_questions_are_left_alone(say: str) -> None:
    assert args_of(say) is None


def test_what_would_have_been_stopped_is_no_question_of_permission() -> None:
    assert asked("would you have stopped it?", "control_study") is None
    found = asked("can i stop it?", "control_study")
    assert found is not None and found.kind == "safe"
