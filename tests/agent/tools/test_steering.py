"""A study is steered while a model thinks, trials are repeated with other seeds, and what may change changes."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from agent.answers.explain import word
from agent.deciding.decision import DecisionContext
from agent.errors import ToolInputError
from agent.executor import InProcessExecutor
from agent.studies.runner import StudyRunner
from agent.workspace import Workspace
from recmodels.request import OnEpoch, TrainRequest, TrainResult


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@contextmanager
def thinking(workspace: Workspace) -> Iterator[tuple[Workspace, threading.Event]]:
    """The same home, where a language model thinks about each trial until the event is set."""
    asked, done = threading.Event(), threading.Event()

    def decide(context: DecisionContext) -> None:
        asked.set()
        done.wait(60)

    runner = StudyRunner(
        ledger=workspace.ledger,
        catalogue=workspace.catalogue,
        executor=InProcessExecutor(),
        checkpoints=workspace.settings.checkpoints,
        memory=workspace.memory,
        decider=decide,
    )
    with_model = replace(
        workspace, runner=runner, settings=workspace.settings.model_copy(update={"llm": "deep-thought"})
    )
    try:
        yield with_model, asked
    finally:
        done.set()
        runner.shutdown()


def test_the_status_says_that_a_model_chooses_and_stop_does_not_wait_for_it(tuned: Workspace, use: Any) -> None:
    with thinking(tuned) as (workspace, asked):
        use(workspace, "start_study", dataset="tiny", models=["ease"], n_trials=3)
        assert asked.wait(60)
        status = use(workspace, "study_status")
        assert status["choosing"]["by"] == "deep-thought"
        assert status["choosing"]["number"] == 1
        assert 0 <= status["choosing"]["since_s"] < 60
        assert status["state"] == "running"
        assert "Trial 1 is being chosen by the language model (`deep-thought`)" in word("study_status", status)
        stopped = use(workspace, "control_study", action="stop")
        assert stopped["state"] == "stopped"
        status = use(workspace, "study_status")
        assert (status["state"], status.get("choosing")) == ("stopped", None)


class Held(InProcessExecutor):
    """Trains once it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go = threading.Event(), threading.Event()

    def train(self, request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        self.begun.set()
        self.go.wait(60)
        return super().train(request, on_epoch)


def test_a_study_whose_trial_has_yet_to_end_says_that_it_is_stopping(tuned: Workspace, use: Any) -> None:
    executor = Held()
    runner = StudyRunner(
        ledger=tuned.ledger,
        catalogue=tuned.catalogue,
        executor=executor,
        checkpoints=tuned.settings.checkpoints,
        memory=tuned.memory,
    )
    held = replace(tuned, runner=runner)
    try:
        begun = use(held, "start_study", dataset="tiny", models=["ease"], n_trials=3)
        assert executor.begun.wait(60)
        for _ in range(2):  # asked again, it is stopping still
            stopped = word("control_study", use(held, "control_study", action="stop"))
            assert f"**{begun['study']}** is stopping, 0 of 3 trials done: " in stopped
        assert "is stopping" in word("study_status", use(held, "study_status"))
        executor.go.set()
        until(lambda: runner.open(begun["study"]).state == "stopped")
        assert "is stopped and can be resumed" in word("study_status", use(held, "study_status"))
    finally:
        executor.go.set()
        runner.shutdown()


def test_a_study_that_is_stopped_while_a_model_thinks_is_resumed_and_paused_at_once(tuned: Workspace, use: Any) -> None:
    with thinking(tuned) as (workspace, asked):
        use(workspace, "start_study", dataset="tiny", models=["ease"], n_trials=3)
        assert asked.wait(60)
        use(workspace, "control_study", action="stop")
        asked.clear()
        use(workspace, "control_study", action="resume")
        assert asked.wait(60)
        assert use(workspace, "control_study", action="pause")["state"] == "paused"


def test_a_trial_is_repeated_with_several_seeds_each_once(tuned: Workspace, use: Any) -> None:
    study = tuned.runner.open("first")
    for seed in (11, 12):
        assert use(tuned, "repeat_trial", trial=2, seed=seed)["seed"] == seed
    until(lambda: study.is_over and len(study.records()) == 8)
    table = use(tuned, "trials", columns=["seed", "repeats"], filter="repeats=2 or number=2")
    seeds = {row[1] for row in table["rows"]}
    assert len(seeds) == 3
    assert {11, 12} < seeds
    assert use(tuned, "repeat_trial", trial=6)["repeats"] == 6  # a repeat may be repeated, with a seed of its own
    until(lambda: study.is_over and len(study.records()) == 9)
    assert len({record.seed for record in study.records() if dict(record.params) == dict(study.record(2).params)}) == 4
    with pytest.raises(ToolInputError, match="seed 11 already; give another seed"):
        use(tuned, "repeat_trial", trial=2, seed=11)


def test_a_repeat_of_what_has_not_finished_or_is_not_random_is_refused(tuned: Workspace, use: Any) -> None:
    assert "illegal arguments" in use(tuned, "repeat_trial", trial=2, seed=-1)["error"]
    use(tuned, "start_study", dataset="tiny", models=["ease"], n_trials=1)
    study = tuned.runner.current()
    assert study is not None
    until(lambda: study.is_over)
    with pytest.raises(ToolInputError, match="no finished trial 1; its finished trials are 0"):
        use(tuned, "repeat_trial", trial=1)
    with pytest.raises(ToolInputError, match="not random"):
        use(tuned, "repeat_trial", trial=0)


def test_an_argument_that_does_not_exist_is_answered_with_those_that_do(tuned: Workspace, use: Any) -> None:
    error = use(tuned, "start_study", dataset="tiny", splits="temporal")["error"]
    assert "`splits`" in error
    assert "split, positive, repeat_events, outcomes, sampler, pruner, use_rules, seed, epochs, patience" in error


def test_all_that_can_be_said_of_a_study_holds_for_its_trials_and_for_a_copy(tuned: Workspace, use: Any) -> None:
    said = {
        "split": "temporal",
        "sampler": "random",
        "pruner": "halving",
        "seed": 7,
        "epochs": 3,
        "patience": 1,
        "objective": ["ndcg@10", "coverage@10"],
        "n_trials": 2,
        "trial_time_limit_s": 50.0,
        "space": {"embedding_size": [8, 16]},
    }
    begun = use(tuned, "start_study", dataset="tiny", models=["bpr_mf"], **said)
    study = tuned.runner.open(begun["study"])
    until(lambda: study.is_over)
    assert [record.split for record in study.records()] == ["temporal", "temporal"]
    assert all(len(record.curve) <= 3 and record.params["epochs"] == 3 for record in study.records())
    assert 8 <= study.record(1).params["embedding_size"] <= 16
    assert all("valid_coverage@10" in record.metrics for record in study.records())
    copied = use(tuned, "start_study", base=begun["study"], seed=8, n_trials=1)
    copy = tuned.runner.open(copied["study"])
    until(lambda: copy.is_over)
    for name in ("split", "sampler", "pruner", "epochs", "patience", "trial_time_limit_s", "goal", "space"):
        assert copied[name] == begun[name], name
    assert (copy.spec.seed, copy.spec.n_trials) == (8, 1)


def test_the_approval_and_the_time_of_a_trial_can_be_changed_and_taken_back(tuned: Workspace, use: Any) -> None:
    use(tuned, "start_study", dataset="tiny", models=["ease"], n_trials=2, needs_approval=True)
    study = tuned.runner.current()
    assert study is not None
    until(lambda: study.state == "waiting")
    changed = use(tuned, "extend_study", trial_time_limit_s=90)
    assert changed["after"]["trial_time_limit_s"] == 90
    assert study.state == "waiting"
    use(tuned, "undo")
    assert study.spec.trial_time_limit_s is None
    changed = use(tuned, "extend_study", needs_approval=False)
    assert "no trial waits for a yes (before: each trial waits for your yes)" in word("extend_study", changed)
    until(lambda: study.state == "finished")
    assert len(study.records()) == 2


def test_a_trial_that_waits_is_rejected_by_its_number_and_another_one_waits_then(tuned: Workspace, use: Any) -> None:
    name = use(tuned, "start_study", dataset="tiny", models=["bpr_mf"], n_trials=1, needs_approval=True)["study"]
    study = tuned.runner.open(name)
    until(lambda: study.state == "waiting")
    first = study.waiting()
    assert first is not None
    with pytest.raises(ToolInputError, match=r"trial 7 of .* does not wait for a yes, trial 0 does"):
        use(tuned, "reject_trial", trial=7)
    facts = use(tuned, "reject_trial", trial=0, reason="too many epochs")
    assert facts["trial"] == f"{study.name}/0"
    assert word("reject_trial", facts).startswith(f"Trial 0 of **{name}** is rejected")
    until(lambda: (now := study.waiting()) is not None and now.params != first.params)
    use(tuned, "control_study", action="stop")
    until(lambda: study.state == "stopped")
    with pytest.raises(ToolInputError, match=r"no trial of .* waits for a yes"):
        use(tuned, "reject_trial")
