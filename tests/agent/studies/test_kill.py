"""kill -9 of a real process in the middle of a trial, a ledger write, a memory write: nothing lost, nothing doubled."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy

from agent.advisor.situation import seed_from
from agent.standing import counted
from agent.studies.ledger import Ledger
from agent.studies.study import Study
from agent.studies.study_spec import StudySpec
from agent.studies.trial_run import Place
from memory.embedding import HashingEmbedder
from memory.store import TrialMemory
from tests.campaign.small import N_TRIALS, Formula

if TYPE_CHECKING:
    from conftest import Processes

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def study_at(home: Path, memory: TrialMemory | None = None, watch: Callable[[Ledger], None] | None = None) -> Study:
    """The study in `home`, created if it is not there."""
    ledger = Ledger(f"sqlite:///{home / 'studies.db'}")
    if watch is not None:
        watch(ledger)
    spec = StudySpec.create(
        dataset="tiny", models=["ease"], n_trials=N_TRIALS, name="s", sampler="random", constraints=["coverage@10>=0.1"]
    )
    pages = ledger.open("s") if "s" in ledger.names() else ledger.create(spec, {"n_users": 60.0})
    return Study(pages, Place(executor=Formula(), find_dataset=lambda: home, checkpoints=home), memory)  # type: ignore[arg-type]


def in_a_child(work: Callable[[], None]) -> int:
    """Run in a forked process; its exit status, negative for a signal."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def run_to_the_end(study: Study) -> None:
    for _ in study.run():
        pass


def begin(study: Study) -> None:
    """The first program: a person queues params of their own, then the study runs."""
    study.run_trial({"l2": 33.0})
    run_to_the_end(study)


def check(home: Path, before: tuple[object, ...]) -> None:
    """After the resume: what had finished is unchanged, the budget is met exactly, and no params ran twice."""
    study = study_at(home)
    records = study.records()
    assert study.status().state == "finished"
    assert [record.number for record in records] == list(range(len(records)))
    assert set(before) <= set(map(repr, records)), "a finished trial was lost or changed"
    assert len(counted(records)) == N_TRIALS
    times = Counter(json.dumps(dict(record.params)) for record in counted(records))
    assert max(times.values()) == 1, "a finished trial was doubled"
    assert all(record.state == "complete" and len(record.curve) == 2 for record in counted(records))
    interrupted = [record.params for record in records if record.reason == "interrupted"]
    assert all(any(params == record.params for record in counted(records)) for params in interrupted)


def killer(at: int | None, counter: Path) -> Callable[[Ledger], None]:
    """Watches every writing statement and every commit of the ledger, and kills the process at the given one."""

    def watch(ledger: Ledger) -> None:
        seen = 0

        def step(*_: object) -> None:
            nonlocal seen
            seen += 1
            if at is None:
                counter.write_text(str(seen))
            elif seen == at:
                os.kill(os.getpid(), signal.SIGKILL)

        def statement(_c: object, _u: object, text: str, *_: object) -> None:
            if not text.lstrip().upper().startswith(("SELECT", "PRAGMA")):
                step()

        sqlalchemy.event.listen(ledger.storage.engine, "before_cursor_execute", statement)
        sqlalchemy.event.listen(ledger.storage.engine, "commit", step)

    return watch


def test_a_kill_at_any_ledger_write_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    counter = tmp_path / "count"
    assert in_a_child(lambda: begin(study_at(whole, watch=killer(None, counter)))) == 0
    check(whole, ())
    n_writes = int(counter.read_text())
    assert n_writes > 60
    for at in range(1, n_writes + 1, max(1, n_writes // 8)):
        home = tmp_path / str(at)
        home.mkdir()
        status = in_a_child(lambda home=home, at=at: begin(study_at(home, watch=killer(at, counter))))  # type: ignore[misc]
        assert status == -signal.SIGKILL, at
        ledger = Ledger(f"sqlite:///{home / 'studies.db'}")
        before = tuple(map(repr, ledger.open("s").records())) if "s" in ledger.names() else ()
        ledger.close()
        assert in_a_child(lambda home=home: run_to_the_end(study_at(home))) == 0, at  # type: ignore[misc]
        check(home, before)


class Dying(TrialMemory):
    """A memory whose process is killed at its second write: before it, some milliseconds into it, or after it."""

    def __init__(self, folder: Path, when: str) -> None:
        super().__init__(folder, HashingEmbedder())
        self.when, self.n_writes = when, 0

    def remember(self, *records: object) -> None:
        self.n_writes += 1
        if self.n_writes == 2 and self.when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.n_writes == 2 and self.when.endswith("ms into"):
            code = f"import os, time; time.sleep({int(self.when.split()[0]) / 1000}); os.kill({os.getpid()}, 9)"
            subprocess.Popen([sys.executable, "-S", "-c", code])
            time.sleep(0.02)
        super().remember(*records)  # type: ignore[arg-type]
        if self.n_writes == 2:
            os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("when", ["before", "30 ms into", "after"])
def test_a_kill_at_a_memory_write_loses_nothing_and_doubles_nothing(
    tmp_path: Path, when: str, processes: "Processes"
) -> None:
    code = """
        import sys; sys.path.insert(0, tests); import test_kill as t
        folder = home / "memory"
        memory = t.Dying(folder, when) if when else t.TrialMemory(folder, t.HashingEmbedder())
        t.run_to_the_end(t.study_at(home, memory))
    """

    def child(when: str) -> int:
        return processes.run(code, home=tmp_path, when=when, tests=str(Path(__file__).parent))

    assert child(when) == -signal.SIGKILL
    before = tuple(map(repr, study_at(tmp_path).records()))
    assert len(before) == 2, "the ledger was written first"
    assert child("") == 0
    check(tmp_path, before)
    memory = TrialMemory(tmp_path / "memory", HashingEmbedder())
    remembered = [record.id for record in memory.records("trial")]
    memory.close()
    assert sorted(remembered) == [record.id for record in counted(study_at(tmp_path).records())]


def test_a_kill_in_the_middle_of_a_real_trial_goes_on_with_it_in_the_next(
    tmp_path: Path, tiny_csv: Path, processes: "Processes"
) -> None:
    code = """
        from agent.events import EpochFinished, TrialFinished
        from agent.executor.local import LocalExecutor; from agent.studies.ledger import Ledger
        from agent.studies.runner import StudyRunner
        from agent.studies.study_spec import StudySpec; from recmodels.data.catalogue import Catalogue
        executor = LocalExecutor(n_threads=1)
        catalogue = Catalogue(home / "datasets"); catalogue.add(csv, name="tiny")
        runner = StudyRunner(ledger=Ledger(f"sqlite:///{home / 'studies.db'}"), catalogue=catalogue, executor=executor,
                             checkpoints=home / "checkpoints", device="cpu", n_threads=1)
        spec = StudySpec.create(dataset="tiny", models=["bpr_mf"], n_trials=3, name="s", epochs=30, sampler="random")
        study = runner.open("s") if runner.names() else runner.create(spec)
        for event in study.run():
            if isinstance(event, (EpochFinished, TrialFinished)):
                number = event.number if isinstance(event, EpochFinished) else event.record.number
                worker = executor._workers.get("cpu")
                pipe.send((type(event).__name__, number, worker._process.pid if worker else 0))
        runner.shutdown()
    """
    process, pipe = processes.start(code, home=tmp_path, csv=tiny_csv)
    kind, number, worker = pipe.recv()
    while (kind, number) != ("EpochFinished", 1):
        kind, number, worker = pipe.recv()
    process.kill()
    process.join()
    ledger = Ledger(f"sqlite:///{tmp_path / 'studies.db'}")
    before = ledger.open("s").records()
    assert [record.number for record in before] == [0]
    unfinished = tmp_path / "checkpoints" / "s" / "unfinished"
    assert len(list(unfinished.iterdir())) == 1
    assert processes.run(code, home=tmp_path, csv=tiny_csv) == 0
    records = ledger.open("s").records()
    assert records[0] == before[0]
    assert [(record.state, record.reason) for record in records[:3]] == [
        ("complete", None),
        ("failed", "interrupted"),
        ("complete", None),
    ]
    assert records[2].params == records[1].params and records[2].seed == records[1].seed
    assert records[2].cost["resumed_epochs"] >= 1 and records[0].cost["resumed_epochs"] == 0
    assert len(records[2].curve) == records[2].cost["epochs"] > records[2].cost["resumed_epochs"]
    assert records[2].curve[: len(records[1].curve)] == records[1].curve
    assert not unfinished.exists(), "what ended needs no state"
    assert {"n_trainable", "trainable_share", "peak_memory_bytes", "batch_splits"} <= records[2].cost.keys()
    assert len(counted(records)) == 3
    deadline = time.monotonic() + 20
    while Path(f"/proc/{worker}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{worker}").exists(), "the worker outlived its parent"


def test_the_trial_seed_is_the_same_in_every_process() -> None:
    code = "from agent.advisor.situation import seed_from; print(seed_from(0, 'ease', {'l2': 400.0}))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(run.stdout) == seed_from(0, "ease", {"l2": 400.0})
