"""What is said of a study that has begun changes that study and begins no second one."""

from dataclasses import replace

import pytest

from agent.understanding.known import Known
from agent.understanding.plan import Held, Request, Waiting
from agent.understanding.steering import changes_card, steered, steers


def study(**args: object) -> Request:
    return Request(tool="start_study", args=args)


@pytest.mark.parametrize(
    ("said", "args", "state", "expected"),
    [
        ("dropout 0.2 to 0.4", {"space": {"dropout": [0.2, 0.4]}}, "running", True),
        ("another study, dropout 0.2", {"space": {"dropout": 0.2}}, "running", False),
        ("the same on shop", {"dataset": "shop"}, "running", False),
        ("dropout 0.2 to 0.4", {"space": {"dropout": [0.2, 0.4]}}, "finished", False),
        ("coverage@10 at least 0.3 from now on", {"constraints": ["coverage@10>=0.3"]}, "finished", True),
        ("sasrec, 4 trials", {"models": ["sasrec"], "n_trials": 4}, "finished", False),
        ("popularity has nothing to tune, drop it", {"without": ["popularity"]}, "paused", True),
    ],
)
def test_only_a_study_that_goes_on_is_steered(
    known: Known, said: str, args: dict[str, object], state: str, expected: bool
) -> None:
    assert steers(study(**args), replace(known, study_state=state), said) is expected


def test_each_change_goes_where_it_belongs() -> None:
    space = {"dropout": [0.2, 0.4], "n_layers": 2, "loss": {"choices": ["bpr", "softmax"]}}
    found = steered(study(space=space, epochs=5, n_trials=4, models=["ease"]))
    assert [(one.tool, dict(one.args)) for one in found if isinstance(one, Request)] == [
        ("set_search_space", {"param": "dropout", "low": 0.2, "high": 0.4}),
        ("set_search_space", {"param": "n_layers", "value": 2}),
        ("set_search_space", {"param": "loss", "choices": ["bpr", "softmax"]}),
        ("set_search_space", {"param": "epochs", "high": 5}),
        ("extend_study", {"total_trials": 4, "models": ["ease"]}),
    ]


def test_what_cannot_change_while_it_runs_is_asked_about() -> None:
    (found,) = steered(study(objective=["recall@10"]))
    assert isinstance(found, Held) and found.why == "unclear"


def test_params_to_run_first_go_to_the_study_at_hand_or_onto_the_card() -> None:
    first = Request(tool="start_study", args={"try_first": [{"model": "ease", "l2": 3}]}, mood="order")
    (run,) = steered(first)
    assert isinstance(run, Request) and (run.tool, dict(run.args)) == (
        "run_trial",
        {"model": "ease", "params": {"l2": 3}},
    )
    card = Waiting(text="", requests=(Request(tool="start_study", args={"dataset": "demo"}),))
    trial = Request(tool="run_trial", args={"params": {"l2": 3}})
    changed = changes_card(trial, card, "try l2 3 first")
    assert changed is not None and changed.args["try_first"] == [{"l2": 3}]
    assert changes_card(trial, card, "run l2 3") is None
