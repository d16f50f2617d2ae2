"""What no network was trained on is told by words: a repeat, and other limits, models or constraints of a study."""

from dataclasses import replace

import pytest

from agent.chat.orders import is_order, not_done
from agent.llm.pilot.arguments import read_arguments
from agent.llm.pilot.context import PilotContext
from agent.llm.pilot.told import told

STUDY = PilotContext(
    datasets=("demo", "ml-100k"),
    study="demo-1",
    study_state="running",
    study_dataset="demo",
    study_models=("item_knn", "ease"),
    trials=(1, 2, 3),
    ranking=(2, 3, 1),
)


@pytest.mark.parametrize(
    ("said", "args"),
    [
        ("add five more trials", {"n_more_trials": 5}),
        ("3 more trials please", {"n_more_trials": 3}),
        ("can you add another 2 trials?", {"n_more_trials": 2}),
        ("make it 30 trials in all", {"n_trials": 30}),
        ("limit it to 3 minutes", {"time_limit_s": 180.0}),
        ("give it 20 minutes more", {"more_time_s": 1200.0}),
        ("keep coverage@10 above 0.2 from now on", {"constraints": ["coverage@10>=0.2"]}),
        ("latency must be under 5 ms", {"constraints": ["latency_ms<=5"]}),
        ("only ease from now on", {"models": ["ease"]}),
        ("drop item_knn", {"without_models": ["item_knn"]}),
        ("also try sasrec", {"more_models": ["sasrec"]}),
        ("no more than 12 trials", {"n_trials": 12}),
        ("only ease, and at most 12 trials", {"models": ["ease"], "n_trials": 12}),
    ],
)
def test_other_limits_models_and_constraints_change_the_study(said: str, args: dict[str, object]) -> None:
    assert told(said, STUDY) == "change_study"
    assert is_order(said, "change_study")
    assert read_arguments("change_study", said, STUDY) == args


@pytest.mark.parametrize(
    ("said", "args"),
    [
        ("run trial 2 again with another seed", {"trial": 2}),
        ("repeat the best trial", {"trial": 2}),
        ("trial 3 once more, seed 7", {"trial": 3, "seed": 7}),
    ],
)
def test_a_trial_with_another_seed_is_a_repeat(said: str, args: dict[str, object]) -> None:
    assert told(said, STUDY) == "repeat_trial"
    assert is_order(said, "repeat_trial")
    assert read_arguments("repeat_trial", said, STUDY) == args


@pytest.mark.parametrize(
    "said",
    [
        "run trial 3 again with l2 50",  # other params, not another seed
        "let l2 vary from 10 to 500",
        "tune ease on ml-100k with 3 more trials",  # another study
        "explain trial 2 again",
        "which trials have coverage@10 above 0.2?",
        "why not ease?",
        "remember that coverage above 0.3 is required",
        "no more trials",
        "stop",
    ],
)
def test_what_asks_begins_or_sets_params_is_left_to_the_network(said: str) -> None:
    assert told(said, STUDY) is None


def test_without_a_study_there_is_nothing_to_change() -> None:
    assert told("add five more trials", PilotContext()) is None


@pytest.mark.parametrize("said", ["don't add 5 more trials", "should we add 5 more trials?", "never drop item_knn"])
def test_a_refusal_or_a_question_changes_nothing(said: str) -> None:
    assert not is_order(said, "change_study")


FINISHED = replace(STUDY, study_state="finished")


@pytest.mark.parametrize(
    ("said", "args"),
    [
        ("confirm it", {}),
        ("confirm the best trials", {}),
        ("is it really better? please confirm on test", {}),
        ("can you confirm it?", {}),
        ("go on with the confirmation", {}),
        ("validate the winner on the sealed test set", {}),
        ("could you double-check the winner on the held-out test data?", {}),
        ("confirm with 3 seeds", {"n_seeds": 3}),
        ("confirm it against trial 2", {"against": 2}),
        ("confirm with 2 seeds against trial 3", {"n_seeds": 2, "against": 3}),
    ],
)
def test_a_confirmation_is_ordered_in_words(said: str, args: dict[str, object]) -> None:
    assert told(said, FINISHED) == "confirm"
    assert is_order(said, "confirm", args)
    assert read_arguments("confirm", said, FINISHED) == args


@pytest.mark.parametrize(
    "said",
    ["stop the confirmation", "cancel the confirmation please", "abort that confirmation", "end the confirmation"],
)
def test_stopping_a_confirmation_begins_none(said: str) -> None:
    assert told(said, FINISHED) == "control_study"
    args = read_arguments("control_study", said, FINISHED)
    assert args == {"action": "stop"}
    assert is_order(said, "control_study", args)


@pytest.mark.parametrize(
    "said",
    [
        "how far is the confirmation?",
        "how did the confirmation go?",
        "what became of the confirmation?",
        "what would happen if we confirmed it?",
        "should I confirm it?",
        "is it confirmed?",
        "don't confirm it yet",
        "what is the test score?",
        "how did it do on test",
        "show the record",
        "show me the record of the confirmation",
        "how often was test read?",
        "was test opened?",
    ],
)
def test_a_question_about_a_confirmation_or_test_is_answered_and_begins_none(said: str) -> None:
    assert told(said, FINISHED) == "show_confirmation"


@pytest.mark.parametrize("said", ["what is a test set?", "record that l2 500 was best", "the current record?", "stop"])
def test_what_only_sounds_like_it_is_left_to_the_network(said: str) -> None:
    assert told(said, FINISHED) is None


def test_whether_the_trial_of_today_is_beaten_is_a_question_that_names_the_order() -> None:
    said = "does it beat what we run today, trial 2?"
    assert told(said, FINISHED) == "confirm"
    args = read_arguments("confirm", said, FINISHED)
    assert args == {"against": 2}
    assert not is_order(said, "confirm", args)
    assert "`confirm it against trial 2`" in not_done("question", "confirm", args)
    assert is_order("confirm it against trial 2", "confirm", args)


def test_a_yes_to_a_trial_that_waits_is_no_confirmation() -> None:
    waiting = replace(STUDY, study_state="waiting", has_proposal=True)
    assert told("I confirm", waiting) is None
    proposed = replace(FINISHED, has_proposal=True, last_tool="propose_trial")
    assert told("confirm it", proposed) is None
    assert told("confirm it", replace(proposed, last_tool="study_status")) == "confirm"
