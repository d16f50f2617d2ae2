"""What is asked back reads like an order that a person would give."""

import pytest

from agent.understanding.phrases import phrase
from agent.understanding.plan import Request
from agent.words.acts import ACTS


@pytest.mark.parametrize(
    ("tool", "args", "said"),
    [
        ("extend_study", {"n_trials": 5}, "add 5 trials"),
        ("extend_study", {"n_trials": 1, "time_limit_s": 1800.0}, "add 1 trial and add 30 min"),
        ("set_search_space", {"param": "dropout", "low": 0.1, "high": 0.4}, "keep `dropout` between 0.1 and 0.4"),
        ("set_search_space", {"param": "loss", "choices": ["bpr", "ce"]}, "let `loss` be bpr or ce"),
        ("set_search_space", {"param": "l2", "reset": True, "model": "ease"}, "open `l2` of `ease` to its whole range"),
        ("export_model", {"trial": 2, "format": "csv", "study": "demo-1"}, "export trial 2 as csv in `demo-1`"),
        ("export_model", {}, "export the best trial"),
        ("run_trial", {"params": {"dropout": 0.3}, "base": 2}, "run a trial with dropout 0.3, the rest as in trial 2"),
        ("rename_study", {"study": "demo-1", "name": "night run"}, "call the study `demo-1` “night run”"),
        ("control_study", {"action": "pause"}, "pause the study"),
        (
            "start_study",
            {"models": ["ease", "ials"], "dataset": "shop", "n_trials": 20, "space": {"l2": [1, 10]}},
            "tune `ease` and `ials` on `shop` (20 trials, l2 1 to 10)",
        ),
    ],
)
def test_a_request_is_said_as_an_order(tool: str, args: dict[str, object], said: str) -> None:
    assert phrase(Request(tool=tool, args=args)) == said


@pytest.mark.parametrize("tool", list(ACTS))
def test_every_tool_can_be_said_without_arguments(tool: str) -> None:
    said = phrase(Request(tool=tool))
    assert said and said[0].islower() and "None" not in said and "{" not in said
