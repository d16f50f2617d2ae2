"""Steering a study while it works: pause, stop, resume, more trials, other ranges; and studies side by side."""

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from agent.errors import UserError
from agent.events import EpochFinished, StudyFinished, StudyStarted, StudyStateChanged, TrialFinished, TrialStarted
from agent.executor import InProcessExecutor
from agent.studies.event_log import EventLog
from agent.studies.ledger import Ledger
from agent.studies.pages import StudyLedger
from agent.studies.runner import StudyRunner
from agent.studies.study import Study
from agent.studies.study_spec import StudySpec
from agent.studies.trial_run import Place
from recmodels.data.catalogue import Catalogue
from recmodels.errors import ParamError, TrialFailed
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


def test_a_stopped_trial_runs_again_when_the_study_is_resumed(make_runner: Callable[..., StudyRunner]) -> None:
    runner = make_runner(Slow())
    study = runner.start(spec(epochs=100))
    for event in runner.subscribe(study.spec.name):
        if isinstance(event, EpochFinished) and event.epoch == 2:
            runner.control(study.spec.name, "stop")
    record = study.record(0)
    assert (record.state, record.reason, record.value) == ("failed", "interrupted", None)
    assert 2 <= len(record.curve) < 100
    assert (study.state, study.is_over, study.status().n_finished) == ("stopped", True, 0)
    with pytest.raises(UserError, match="is stopped already"):
        study.pause()
    study.resume()
    list(runner.subscribe(study.spec.name, len(study.log)))
    assert study.status().reason == "3 of 3 trials done"
    assert [r.number for r in study.records()] == [0, 1, 2, 3]
    assert study.record(1).params == record.params


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
    times = [at for study in (first, second) for r in study.records() for at in (r.started_at, r.finished_at)]
    assert len(times) == 8 and times == sorted(times) and all("." in at for at in times), "to the millisecond"
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
    assert "data cannot be used" in study.status().reason


class Held(InProcessExecutor):
    """Two epochs a trial, each after `go`; killed by `close`, as a worker process is."""

    def __init__(self) -> None:
        self.go, self.is_training = threading.Semaphore(0), threading.Event()
        self.is_closed = False

    def train(self, request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        curve = []
        for epoch in (1, 2):
            self.is_training.set()
            self.go.acquire()
            if self.is_closed:
                raise TrialFailed("worker_died", "exit status -9")
            report = EpochReport(epoch=epoch, epochs=2, loss=None, value=0.1, metrics={}, elapsed_s=0.0)
            curve.append(report)
            if on_epoch is not None:
                on_epoch(report)
        how = {"cost": {}, "best_epoch": 1, "params": request.params, "split": "x", "checkpoint": None}
        return TrainResult(metrics={"valid_ndcg@10": 0.1}, curve=tuple(curve), **how)  # type: ignore[arg-type]

    def close(self) -> None:
        self.is_closed = True
        self.go.release(100)


def test_a_shutdown_ends_the_trial_and_lets_nothing_that_waits_begin(make_runner: Callable[..., StudyRunner]) -> None:
    executor = Held()
    runner = make_runner(executor)
    studies = [runner.start(spec(name=name, n_trials=4)) for name in ("first", "second", "third")]
    assert executor.is_training.wait(30)
    assert runner.working() is studies[0]
    runner.shutdown()
    assert [study.state for study in studies] == ["stopped"] * 3
    assert all(study.status().reason == "the program ended on the way; resume it to go on" for study in studies)
    assert [len(study.records()) for study in studies] == [1, 0, 0]
    for study in studies:
        assert isinstance(list(runner.subscribe(study.spec.name))[-1], StudyFinished)
    assert runner.working() is None
    later = make_runner().open("second")
    list(later.run(1))
    assert len(later.records()) == 1


class SlowToEnd(StudyLedger):
    """Takes its time to write that the study is finished, until `is_left` at most."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.is_left = threading.Event()

    def save_state(self, state: Mapping[str, Any]) -> None:
        super().save_state(state)
        if state["state"] == "finished":
            self.is_left.wait(1)


def test_whoever_watches_a_study_hears_of_its_end_however_slowly_it_is_written(ledger: Ledger, tmp_path: Path) -> None:
    made, executor, seen = ledger.create(spec(n_trials=1), {}), Held(), list[object]()
    pages = SlowToEnd(ledger.storage, ledger.storage.get_study_id_from_name(made.spec.name), made.spec, {})
    study = Study(pages, Place(executor=executor, find_dataset=lambda: tmp_path, checkpoints=tmp_path))

    def watch() -> None:
        seen.extend(study.run())
        pages.is_left.set()

    threads = [threading.Thread(target=lambda: list(study.run())), threading.Thread(target=watch)]
    threads[0].start()
    assert executor.is_training.wait(30)
    threads[1].start()
    wait_for(lambda: bool(study.extend(n_trials=1) and seen))  # it watches
    executor.go.release(2)
    for thread in threads:
        thread.join(30)
    assert isinstance(seen[-1], StudyFinished)


def test_a_stop_is_obeyed_at_once_while_a_language_model_decides(make_runner: Callable[..., StudyRunner]) -> None:
    is_asked, answer = threading.Event(), threading.Event()

    def decide(context: object) -> None:
        is_asked.set()
        answer.wait(30)

    runner = make_runner(decider=decide)
    study = runner.start(spec(models=("ease",), llm="slow"))
    assert is_asked.wait(30)
    study.stop()
    assert (study.state, study.is_over) == ("stopped", True)
    assert isinstance(list(runner.subscribe(study.spec.name))[-1], StudyFinished), "the stream ends"
    other = runner.start(spec(name="other", models=("popularity",), n_trials=1))
    list(runner.subscribe("other"))
    assert other.state == "finished", "the thread that works is free"
    answer.set()
    study.resume()
    list(runner.subscribe(study.spec.name, len(study.log)))
    assert study.state == "finished" and len(study.records()) == 3


def test_a_person_who_waits_for_a_proposal_hears_that_the_study_was_stopped(
    make_runner: Callable[..., StudyRunner],
) -> None:
    is_asked, answer = threading.Event(), threading.Event()

    def decide(context: object) -> None:
        is_asked.set()
        answer.wait(30)

    study = make_runner(decider=decide).create(spec(models=("ease",), llm="slow", needs_approval=True))
    heard: list[str] = []

    def ask() -> None:
        try:
            study.propose("small l2")
        except UserError as error:
            heard.append(str(error))

    waiting = threading.Thread(target=ask)
    waiting.start()
    assert is_asked.wait(30)
    study.resume()
    study.stop()
    waiting.join(30)
    answer.set()
    assert heard == ["study 'tiny-1' is stopped now, so no proposal was made"]
    assert study.status().pending is None


def test_a_study_that_another_process_runs_can_be_followed_to_its_end(
    make_runner: Callable[..., StudyRunner], ledger: Ledger, processes: "Processes"
) -> None:
    runner = make_runner()
    study = runner.create(spec(models=("popularity",), n_trials=1))
    code = """
        import sys; sys.path.insert(0, tests); from pathlib import Path; from agent.studies.ledger import Ledger
        from agent.studies.study import Study; from agent.studies.trial_run import Place; from test_kill import Formula
        pages = Ledger(url).open(name)
        class Given(Formula):
            def train(self, request, on_epoch=None):
                from dataclasses import replace
                pipe.send("training"); pipe.recv()
                result = super().train(replace(request, params={"l2": 50.0}), on_epoch)
                return replace(result, params=request.params)
        place = Place(executor=Given(), find_dataset=lambda: Path(tests), checkpoints=Path(tests) / "none")
        list(Study(pages, place).run())
        pipe.send("done"); pipe.recv()
    """
    other, pipe = processes.start(code, url=ledger.url, name=study.spec.name, tests=str(Path(__file__).parent))
    assert pipe.recv() == "training"
    assert (study.state, study.is_at_work, study.is_over) == ("running", False, False)
    assert runner.working() is None, "it is the other process's"
    seen: list[object] = []
    reader = threading.Thread(target=lambda: seen.extend(runner.subscribe(study.spec.name)))
    reader.start()
    pipe.send("go")
    assert pipe.recv() == "done"
    reader.join(30)
    assert not reader.is_alive(), "nobody had to ask for the status"
    assert isinstance(seen[-1], StudyFinished) and any(isinstance(event, TrialFinished) for event in seen)
    pipe.send("end")
    other.join()
    assert study.state == "finished" and study.best() is not None
