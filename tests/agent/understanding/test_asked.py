"""What kind of question a message is, and which facts answer it."""

import pytest

from agent.answers.verdicts import VERDICTS
from agent.understanding.asking.asked import asked
from agent.understanding.asking.question_kinds import KINDS
from agent.words.acts import ACTS

SAID = [
    ("is it safe to pause?", "safe"),
    ("is it save to pasue in the mdidle of a trail?", "safe"),
    ("does stopping lose trials?", "safe"),
    ("if I press on with more trials, do we lose the ones that we already have?", "safe"),
    ("did you export it?", "exported"),
    ("Did anybody export it already?", "exported"),
    ("can I delete demo-1?", "can_delete"),
    ("What is lost if I delete?", "lost_by_delete"),
    ("did you delete demo-1?", "did_delete"),
    ("did it stop by itself?", "stopped_itself"),
    ("You'd tell me if the thing had crashed, wouldn't you?", "stopped_itself"),
    ("I never told you to start anything, did you?", "did_start"),
    ("Did you write that down?", "noted"),
    ("do you make the numbers up?", "really_ran"),
    ("noise?", "noise"),
    ("Is the best trial really better than the second best or is that just noise?", "noise"),
    ("why is trial 2 better than trial 0?", "better"),
    ("is that good?", "good"),
    ("Is 0.19 any good? would a customer notice?", "good"),
    ("wouldn't plain ease beat all of this?", "good"),
    ("is it worth going on?", "go_on"),
    ("should we run more trials?", "go_on"),
    ("was it worth it?", "was_worth"),
    ("how long will it take?", "how_long"),
    ("when will it be done?", "how_long"),
    ("where do I begin?", "begin"),
    ("hwo do i strat a stduy on my own fiel?", "begin"),
    ("How do I know the split isn't leaking?", "leaking"),
    ("Did you pick the winner on test?", "confirmed"),
    ("What is its test score?", "test_score"),
    ("I'm still not convinced", "trust"),
    ("are four trials enough?", "enough"),
    ("whats teh best modle fro cold users", "which_model"),
    ("which metrics can you optimise?", "which_metrics"),
    ("what's a typical weight decay?", "usual_value"),
    ("does this tool send our customer data anywhere?", "offline"),
    ("am I allowed to close my laptop?", "survives"),
    ("memory must not exceed 2 GB, is that possible?", "cost_limit"),
    ("y those?", "why_items"),
    ("how many of these items get shown to nobody?", "covered"),
    ("is the catalogue covered?", "covered"),
    ("She says that dropout is the key. Do the data agree?", "key_param"),
    ("Morning! Can you give me a one-liner on where we stand?", "stands"),
]


@pytest.mark.parametrize(("say", "kind"), SAID)
def test_a_question_is_told_by_its_kind(say: str, kind: str) -> None:
    found = asked(say)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    "say",
    [
        "tune ease on demo, 6 trials",
        "pause",
        "remember that our users buy once",
        "fine, I'll tell them it's within noise",
        "recommend 5 items for u7",
        "why did trial 2 run?",
        "what would you try next?",
    ],
)
def test_orders_and_remarks_are_no_such_question(say: str) -> None:
    assert asked(say) is None


def test_a_question_about_an_act_is_answered_of_that_act() -> None:
    found = asked("Is it a good idea to do that while a trial is in the middle?", "control_study")
    assert found is not None
    assert found.kind == "safe"


def test_a_question_that_was_read_as_one_about_tuning_may_be_any_other() -> None:
    found, none = (
        asked("is an rmse of 0,95 any good?", "start_study"),
        asked("is sasrec on shop a plan?", "start_study"),
    )
    assert found is not None
    assert found.kind == "good"
    assert none is not None
    assert none.kind == "would_tune"


def test_every_kind_has_a_verdict_and_reads_with_tools_that_only_read() -> None:
    assert {kind.asked.kind for kind in KINDS} == set(VERDICTS)
    for kind in KINDS:
        assert all(ACTS[tool].kind == "reads" for tool in kind.asked.reads)
