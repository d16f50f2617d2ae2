"""What is said of a study without a best trial, or with several objectives."""

from typing import Any

import pytest

from agent.answers.standings import front_words, standing_words
from agent.results.kept import from_json
from agent.results.standing import StandingShown

FACTS: dict[str, Any] = {
    "objective": "ndcg@10",
    "best": {"number": 3, "value": 0.3, "n_runs": 1},
    "group": [3],
    "is_group_known": True,
    "defaults": {"number": 0, "value": 0.3},
    "is_defaults": False,
    "gain": None,
    "is_clear_gain": False,
    "baselines": [],
    "rule": None,
    "front": [],
    "nothing": None,
}
NOTHING = {"n_trials": 2, "n_complete": 2, "constraints": ["coverage@10 >= 0.9"], "closest": 1}


def words(**changed: Any) -> str:
    return standing_words(from_json(StandingShown, FACTS | changed))


@pytest.mark.parametrize(
    ("nothing", "said"),
    [
        (
            NOTHING | {"closest_values": {"coverage@10": 0.53}},
            "No finished trial meets coverage@10 >= 0.9; the closest is trial 1 with coverage@10 0.53.",
        ),
        (
            NOTHING | {"n_trials": 4, "closest_values": {"coverage@10": 0.53}},
            "No finished trial meets coverage@10 >= 0.9; the closest is trial 1 with coverage@10 0.53. 2 trials that "
            "stopped early or failed do not count.",
        ),
        (
            NOTHING | {"n_complete": 0, "closest": None, "closest_values": {}},
            "No trial has come to its end, so none is the best.",
        ),
        (NOTHING | {"n_trials": 0, "n_complete": 0, "closest": None, "closest_values": {}}, ""),
    ],
)
def test_why_no_trial_is_best_is_said(nothing: dict[str, Any], said: str) -> None:
    assert words(best=None, nothing=nothing) == said


def test_of_a_large_group_the_first_are_named_and_the_others_counted() -> None:
    group = list(range(9))
    assert words(group=group) == "Trials 3, 0, 1, 2, 4, 5 and 3 more cannot be told apart on validation."
    assert words(group=group[:6]) == "Trials 3, 0, 1, 2, 4 and 5 cannot be told apart on validation."


def test_of_several_objectives_the_front_and_the_rule_are_said() -> None:
    rule = "the one with the best ndcg@10 is called best"
    assert words(front=[3, 1], rule=rule) == (f"Several objectives: trials 3 and 1 are on the Pareto front; {rule}.")
    defaults = words(front=[0, 2], rule=rule, is_defaults=True)
    assert "nothing tried so far was better" not in defaults
    assert defaults.startswith("By ndcg@10 alone the model's defaults (trial 0) are ahead.")


def test_of_a_front_the_best_by_each_objective_is_told_with_what_it_has_of_the_others() -> None:
    ends = [
        {"objective": "ndcg@10", "number": 3, "values": {"ndcg@10": 0.3, "coverage@10": 0.5}},
        {"objective": "coverage@10", "number": 1, "values": {"ndcg@10": 0.1, "coverage@10": 0.9}},
    ]
    text = front_words(from_json(StandingShown, FACTS | {"front": [3, 1], "front_ends": ends}))
    assert text.startswith("On the Pareto front are 2 trials, 3 and 1, which no other beats on every objective.")
    assert "Best ndcg@10: trial 3 with 0.3 (and coverage@10 0.5); best coverage@10: trial 1 with 0.9" in text
    assert front_words(from_json(StandingShown, FACTS)) == ""
