"""Steering a study while it works: pause, stop, resume, more trials, other ranges; and studies side by side."""

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from agent.errors import UserError
from agent.events import EpochFinished, StudyFinished, StudyStarted, StudyStateChanged, TrialFinished, TrialStarted
from agent.executor import InProcessExecutor
from agent.studies.event_log import EventLog
from agent.studies.ledger import Ledger
from agent.studies.runner import StudyRunner
from agent.studies.study import Study
from agent.studies.study_spec import StudySpec
from recmodels.data.catalogue import Catalogue
from recmodels.errors import ParamError
from recmodels.models import MODELS
from recmodels.request import EpochReport, OnEpoch, TrainRequest, TrainResult

if TYPE_CHECKING:
    from conftest import Processes


class Slow(InProcessExecutor):
    """Takes its time after each epoch, so that a person can step in."""

    def train(self, request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        def watch(report: EpochReport) -> None:
            if on_epoch is not None:
                on_epoch(report)
            time.sleep(0.05)

        return super().train(request, watch)


def spec(**changed: object) -> StudySpec:
    given: dict[str, object] = {"dataset": "tiny", "models": ("bpr_mf",), "n_trials": 3, "epochs": 6}
    return StudySpec.create(**(given | changed))  # type: ignore[arg-type]


def wait_for(condition: Callable[[], bool], timeout_s: float = 60) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


def states(study: Study) -> list[str]:
    return [event.state for event in study.log.events() if isinstance(event, StudyStateChanged)]


def test_a_stopped_trial_is_pruned_and_the_study_can_be_resumed(make_runner: Callable[..., StudyRunner]) -> None:
    runner = make_runner(Slow())
    study = runner.start(spec(epochs=100))
    for event in runner.subscribe(study.spec.name):
        if isinstance(event, EpochFinished) and event.epoch == 2:
            runner.control(study.spec.name, "stop")
    record = study.record(0)
    assert (record.state, record.reason) == ("pruned", "stopped by the person")
    assert 2 <= len(record.curve) < 100 and record.value == max(record.curve)
    assert (study.state, study.is_over) == ("stopped", True)
    with pytest.raises(UserError, match="is stopped already"):
        study.pause()
    study.resume()
    list(runner.subscribe(study.spec.name, len(study.log)))
    assert study.status().reason == "3 of 3 trials done"
    assert [r.number for r in study.records()] == [0, 1, 2]


def test_a_pause_lets_the_present_trial_finish_and_holds_the_next(make_runner: Callable[..., StudyRunner]) -> None:
    runner = make_runner(Slow())
    study = runner.start(spec())
    wait_for(lambda: study.status().epoch >= 1)
    runner.control(study.spec.name, "pause")
    assert study.status().state == "paused"
    assert study.status().reason == "trial 0 finishes first"
    wait_for(lambda: study.status().running is None)
    wait_for(lambda: study.status().reason == "")
    assert study.record(0).state == "complete"
    assert len(study.records()) == 1
    runner.control(study.spec.name, "resume")
    wait_for(lambda: study.state == "finished")
    assert len(study.records()) == 3
    with pytest.raises(UserError, match="is finished: 3 of 3 trials done"):
        study.resume()


def test_a_pause_holds_over_a_restart(make_runner: Callable[..., StudyRunner]) -> None:
    first = make_runner(Slow())
    study = first.start(spec(n_trials=2))
    wait_for(lambda: study.status().epoch >= 1)
    study.pause()
    wait_for(lambda: study.status().running is None and study.status().reason == "")
    first.shutdown()
    again = make_runner().open(study.spec.name)
    assert again.state == "paused"
    assert len(list(again.run())) > 0 and again.state == "finished"


def test_studies_take_turns_on_a_device(make_runner: Callable[..., StudyRunner]) -> None:
    runner = make_runner(Slow())
    first, second = (runner.start(spec(name=name, n_trials=2)) for name in ("first", "second"))
    wait_for(lambda: first.state == "running")
    assert second.state == "queued" and second.records() == ()
    list(runner.subscribe("second"))
    ends = [record.finished_at for study in (first, second) for record in study.records()]
    assert len(ends) == 4 and ends == sorted(ends)
    assert runner.current() is second
    assert runner.names() == ["second", "first"]


def test_a_queued_study_can_be_stopped_before_it_begins(make_runner: Callable[..., StudyRunner]) -> None:
    runner = make_runner(Slow())
    first, second = (runner.start(spec(name=name, n_trials=1)) for name in ("first", "second"))
    second.stop()
    assert [type(event) for event in runner.subscribe("second")][-1] is StudyFinished
    list(runner.subscribe("first"))
    assert first.state == "finished" and second.state == "stopped" and second.records() == ()
    assert not any(isinstance(event, StudyStarted) for event in second.log.events())


def test_events_can_be_replayed_and_followed_by_many(make_runner: Callable[..., StudyRunner]) -> None:
    runner = make_runner()
    study = runner.start(spec(n_trials=2))
    seen: list[list[object]] = [[], []]
    threads = [threading.Thread(target=lambda box=box: box.extend(runner.subscribe(study.spec.name))) for box in seen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert seen[0] == seen[1] == runner.events(study.spec.name)
    assert isinstance(seen[0][-1], StudyFinished)
    assert runner.events(study.spec.name, after=len(seen[0]) - 1) == seen[0][-1:]


def test_a_restarted_program_tells_the_study_from_its_ledger(make_runner: Callable[..., StudyRunner]) -> None:
    first = make_runner()
    study = first.create(spec(n_trials=2))
    list(study.run())
    first.shutdown()
    later = make_runner()
    assert later.current() is not None
    told = [event for event in later.events(study.spec.name) if isinstance(event, TrialFinished)]
    assert [event.record for event in told] == list(study.records())
    assert told[0].is_best
    assert later.open(study.spec.name).status().best == study.best()


def test_a_shutdown_interrupts_the_trial_and_a_resume_runs_it_again(make_runner: Callable[..., StudyRunner]) -> None:
    first = make_runner(Slow())
    study = first.start(spec(epochs=100, n_trials=1))
    wait_for(lambda: study.status().epoch >= 1)
    first.shutdown()
    assert (study.record(0).state, study.record(0).reason) == ("failed", "interrupted")
    again = make_runner().open(study.spec.name)
    assert (again.state, again.status().n_finished) == ("stopped", 0)
    list(again.run())
    assert again.record(1).params == study.record(0).params
    assert (again.state, again.status().n_finished) == ("finished", 1)
    assert "interrupted" in (again.proposal(1).note or "")


def test_given_params_run_next_and_beyond_the_budget(runner: StudyRunner) -> None:
    study = runner.create(spec(models=("ease", "bpr_mf"), n_trials=2, epochs=2))
    list(study.run())
    proposal = study.run_trial({"l2": 12.0})
    assert (proposal.model, proposal.proposer, proposal.number) == ("ease", "user", 2)
    wait_for(lambda: study.state == "finished" and len(study.records()) == 3)
    assert study.record(2).params == MODELS["ease"].space.check({"l2": 12.0})
    assert study.status().scoreboard["user"]["trials"] == 1
    with pytest.raises(UserError, match="these params are those of trial 2"):
        study.run_trial({"l2": 12.0})
    with pytest.raises(ParamError, match="`l2` must be in"):
        study.run_trial({"l2": -1.0})
    with pytest.raises(ParamError, match="no model of this study has a param `depth`"):
        study.run_trial({"depth": 3})
    with pytest.raises(UserError, match="say which model is meant"):
        study.run_trial({}, None)


def test_a_proposal_waits_until_it_is_run(runner: StudyRunner) -> None:
    study = runner.create(spec(models=("ease",), n_trials=3))
    proposal = study.propose()
    assert study.propose() == proposal == study.status().pending
    assert study.records() == ()
    assert study.run_trial() == proposal
    wait_for(lambda: len(study.records()) == 1)
    assert study.record(0).params == proposal.params


def test_a_request_replaces_the_pending_proposal(runner: StudyRunner) -> None:
    study = runner.create(spec(models=("ease",)))
    first = study.propose()
    second = study.propose("with a higher l2")
    assert (second.proposer, second.note) == ("request", None)
    assert float(second.params["l2"]) > float(first.params["l2"])
    assert "l2 400 → " in second.rationale
    third = study.propose("surprise me with jazz")
    assert third.params != second.params
    assert "could not read the request" in (third.note or "")


def test_a_narrowed_range_holds_from_the_next_proposal_on_and_over_a_restart(
    make_runner: Callable[..., StudyRunner],
) -> None:
    study = make_runner().create(spec(models=("ease",), n_trials=6))
    list(study.run(n=2))
    space = study.narrow(None, "l2", low=1000.0, high=2000.0)
    assert str(space["l2"]) == study.status().space["ease"]["l2"] == "[1000, 2000] (log scale)"
    again = make_runner().open(study.spec.name)
    list(again.run())
    assert all(1000 <= float(r.params["l2"]) <= 2000 for r in again.records()[2:])
    again.narrow("ease", "l2", high=10_000.0)
    assert again.status().space["ease"]["l2"] == "[1000, 10000] (log scale)"
    for change, message in (
        ({"high": 1e6}, "`l2` must be in"),
        ({"low": 5000.0, "high": 4000.0}, "needs a low bound"),
        ({}, "say how to change"),
    ):
        with pytest.raises(ParamError, match=message):
            again.narrow("ease", "l2", **change)  # type: ignore[arg-type]
    with pytest.raises(ParamError, match="this study tunes ease; got 'sasrec'"):
        again.narrow("sasrec", "l2", value=1.0)
    with pytest.raises(ParamError, match="unknown param `depth`"):
        again.narrow(None, "depth", value=1.0)


def test_a_fixed_choice_can_be_opened_again(runner: StudyRunner) -> None:
    study = runner.create(spec(n_trials=4))
    study.narrow("bpr_mf", "loss", value="softmax")
    assert study.status().space["bpr_mf"]["loss"] == "softmax"
    study.narrow("bpr_mf", "loss", choices=("bpr", "softmax"))
    assert study.status().space["bpr_mf"]["loss"] == "bpr, softmax"


def test_closing_the_stream_early_interrupts_the_trial(make_runner: Callable[..., StudyRunner]) -> None:
    study = make_runner(Slow()).create(spec(epochs=100, n_trials=1))
    stream = study.run()
    for event in stream:
        if isinstance(event, EpochFinished):
            break
    stream.close()  # type: ignore[attr-defined] - what Ctrl-C does to the generator
    assert (study.state, study.record(0).reason) == ("stopped", "interrupted")
    list(study.run())
    assert study.state == "finished" and study.record(1).params == study.record(0).params


def test_running_a_study_that_works_in_the_background_only_watches_it(make_runner: Callable[..., StudyRunner]) -> None:
    study = make_runner(Slow()).start(spec(n_trials=2))
    wait_for(lambda: study.status().epoch >= 1)
    watched = list(study.run())
    assert isinstance(watched[-1], StudyFinished)
    numbers = [event.number for event in study.log.events() if isinstance(event, TrialStarted)]
    assert numbers == [0, 1]


def test_a_study_that_another_process_runs_is_not_steered_from_here(
    make_runner: Callable[..., StudyRunner], ledger: Ledger, processes: "Processes"
) -> None:
    study = make_runner().create(spec(n_trials=2))
    code = "from agent.studies.ledger import Ledger; Ledger(url).open(name).claim(); pipe.send('mine'); pipe.recv()"
    other, pipe = processes.start(code, url=ledger.url, name=study.spec.name)
    assert pipe.recv() == "mine"
    for steer in (study.propose, study.run_trial, study.resume, study.stop, study.pause, lambda: list(study.run())):
        with pytest.raises(UserError, match=f"is run by process {other.pid}"):
            steer()
    other.kill()
    other.join()
    list(study.run())
    assert study.state == "finished"


def test_a_log_is_followed_to_its_last_event() -> None:
    log, is_over = EventLog(), threading.Event()
    seen: list[object] = []
    reader = threading.Thread(target=lambda: seen.extend(log.follow(0, is_over.is_set)))
    reader.start()
    for number in range(500):
        log.append(StudyStateChanged(study="s", state="running", reason=str(number)))
    is_over.set()
    reader.join(timeout=10)
    assert len(seen) == 500


def test_a_study_whose_data_are_gone_can_be_read_and_says_so_when_it_should_go_on(
    make_runner: Callable[..., StudyRunner], catalogue: Catalogue
) -> None:
    runner = make_runner()
    list(runner.create(spec(models=("ease",), n_trials=2)).run(1))
    catalogue.remove("tiny")
    study = make_runner().open("tiny-1")
    assert len(study.records()) == 1
    study.resume()
    list(study.run())
    assert study.state == "failed"
    assert "data are gone" in study.status().reason
