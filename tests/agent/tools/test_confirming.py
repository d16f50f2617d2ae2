"""Confirming in the chat: begun once, told how far it is, stopped, resumed, and answered from what is known."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from agent.answers.explain import word
from agent.confirming.opening import outlook
from agent.errors import ToolInputError
from agent.events import ConfirmationFinished, ConfirmationStopped
from agent.executor import InProcessExecutor
from agent.tools import make_tools
from agent.workspace import Workspace
from recmodels.request import OnEpoch, TrainRequest, TrainResult


def use(workspace: Workspace, name: str, **args: Any) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(
        next(tool for tool in make_tools(workspace) if tool.name == name).invoke(args)  # type: ignore[arg-type]
    )
    assert len(json.dumps(facts)) < 12_000
    return facts


def wait(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class Gate:
    """Training waits until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_open, self.n_begun = threading.Event(), 0
        train = InProcessExecutor.train

        def gated(executor: InProcessExecutor, request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
            self.n_begun += 1
            assert self.is_open.wait(60)
            return train(executor, request, on_epoch)

        monkeypatch.setattr(InProcessExecutor, "train", gated)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    found = Gate(monkeypatch)
    yield found
    found.is_open.set()


def test_before_a_confirmation_test_is_sealed_and_what_confirming_costs_is_told(tuned: Workspace) -> None:
    facts = use(tuned, "show_confirmation")
    assert (facts["state"], facts["n_confirmations"], facts["n_readings"]) == ("none", 0, 0)
    words = word("show_confirmation", facts)
    for said in ("sealed", "5 seeds", "one reading of test", "has not been read yet"):
        assert said in words, words


def test_a_confirmation_is_followed_stopped_resumed_and_answered_from_then_on(tuned: Workspace, gate: Gate) -> None:
    begun = use(tuned, "confirm", n_seeds=2)
    assert begun["baselines"] == [f"{model} (baseline)" for model in ("ease", "item_knn", "personal_frequency")]
    assert "the better one is the line to beat" in word("confirm", begun)
    wait(lambda: gate.n_begun == 1)
    running = use(tuned, "show_confirmation")
    assert running["state"] == "running"
    assert "0 of" in word("show_confirmation", running)
    with pytest.raises(ToolInputError, match="is running already since"):
        use(tuned, "confirm")

    stopped = use(tuned, "control_study", action="stop")
    words = word("control_study", stopped)
    assert "before test is opened" in words
    assert "go on with `confirm`" in words
    gate.is_open.set()
    wait(lambda: outlook(tuned, "first").holder is None)
    cut_off = use(tuned, "show_confirmation")
    assert (cut_off["state"], cut_off["n_readings"]) == ("cut_off", 0)
    assert cut_off["unfinished"]["done"] == 0
    assert "is not at its end" in word("show_confirmation", cut_off)
    log = tuned.runner.peek("first").log
    wait(lambda: any(isinstance(event, ConfirmationStopped) for event in log.events()))

    again = use(tuned, "confirm")  # goes on as it was asked for
    assert (again["confirmation"], again["n_seeds"]) == (1, 2)
    wait(lambda: any(isinstance(event, ConfirmationFinished) for event in log.events()))
    done = use(tuned, "show_confirmation")
    assert (done["state"], done["n_confirmations"], done["n_readings"]) == ("done", 1, 1)
    assert done["found"]["verdict"] in word("show_confirmation", done)
    assert "read once so far" in word("show_confirmation", done)

    wait(lambda: tuned.runner.job_of("first") is None)
    n_trained = gate.n_begun
    again = use(tuned, "confirm", n_seeds=2)
    assert "Confirmed already on" in word("confirm", again)
    assert done["found"]["verdict"] in word("confirm", again)
    assert gate.n_begun == n_trained
    assert use(tuned, "show_confirmation")["n_readings"] == 1


def test_one_that_waits_for_its_turn_is_stopped_at_once(tuned: Workspace, gate: Gate) -> None:
    use(tuned, "start_study", dataset="tiny", models=["ease"], n_trials=1)
    wait(lambda: gate.n_begun == 1)
    use(tuned, "confirm", n_seeds=2, study="first")
    assert use(tuned, "show_confirmation", study="first")["state"] == "running"
    assert "stopped" in use(tuned, "control_study", action="stop")
    assert outlook(tuned, "first").holder is None
    assert isinstance(tuned.runner.peek("first").log.events()[-1], ConfirmationStopped)
    gate.is_open.set()


def test_a_trial_that_runs_today_can_be_named(tuned: Workspace, gate: Gate) -> None:
    begun = use(tuned, "confirm", n_seeds=1, against=2)
    assert "trial 2 (incumbent)" in begun["contenders"]
    use(tuned, "control_study", action="stop")
    gate.is_open.set()
    with pytest.raises(ToolInputError, match="no finished trial 77"):
        use(tuned, "confirm", against=77)
