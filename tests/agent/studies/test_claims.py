"""Who works on a study: one claim, renewed by its owner alone, on the database's clock."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy

from agent.errors import UserError
from agent.events import StudyNoted
from agent.executor import InProcessExecutor
from agent.studies.claim_renewal import RENEW_S
from agent.studies.ledger import Ledger
from agent.studies.machine import TAKEN
from agent.studies.ownership import FOREIGN_PATIENCE_S, Owner, is_alive, owner_of_format_0, this_process
from agent.studies.runner import StudyRunner
from agent.studies.study_spec import StudySpec
from agent.studies.tables import StudyTables
from recmodels.request import EpochReport, OnEpoch, TrainRequest, TrainResult

ELSEWHERE = "another-machine"


@pytest.fixture
def tables(ledger: Ledger) -> StudyTables:
    return StudyTables(ledger.storage.engine, 7)


def silence(ledger: Ledger, seconds: float) -> None:
    with ledger.storage.engine.begin() as connection:
        connection.execute(sqlalchemy.text("UPDATE recpilot_claims SET beat = beat - :seconds"), {"seconds": seconds})


def test_the_owner_keeps_its_claim_and_only_the_owner_renews_it(tables: StudyTables) -> None:
    mine, other = this_process(), this_process()
    assert tables.take(mine) is None and tables.take(mine) is None
    assert tables.take(other) == mine, "two workers of a process are two"
    assert tables.renew(mine) and not tables.renew(other)
    tables.release(other)
    assert tables.holds(mine) and tables.holder() == mine
    tables.release(mine)
    assert tables.holder() is None and tables.take(other) is None


def test_another_machines_claim_ends_after_a_silence_by_the_databases_clock(
    ledger: Ledger, tables: StudyTables
) -> None:
    theirs, mine = Owner(host=ELSEWHERE, pid=1), this_process()
    assert tables.take(theirs) is None
    silence(ledger, FOREIGN_PATIENCE_S - 60)
    assert tables.take(mine) == theirs
    assert tables.renew(theirs)
    silence(ledger, FOREIGN_PATIENCE_S - 60)
    assert tables.take(mine) == theirs, "it was heard of since"
    silence(ledger, 120)
    assert tables.take(mine) is None
    assert not tables.renew(theirs), "whoever wakes up late does not take the study back"
    assert tables.holds(mine)


def test_a_process_that_ended_or_whose_number_another_one_has_is_not_alive() -> None:
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    process.wait()
    here = this_process()
    assert is_alive(here, silent_s=1e9), "on this machine the process itself is looked at"
    assert not is_alive(Owner(host=here.host, pid=process.pid, started=1.0), 0.0)
    assert not is_alive(Owner(host=here.host, pid=os.getpid(), started=(here.started or 0.0) - 3600), 0.0)


def test_a_claim_of_before_formats_is_understood() -> None:
    here = this_process()
    fields = Path(f"/proc/{os.getpid()}/stat").read_text().rpartition(")")[2].split()
    old = owner_of_format_0({"host": here.host, "pid": here.pid, "started": fields[19], "beat": 0.0})
    assert is_alive(old, 1e9)
    later = owner_of_format_0({"host": here.host, "pid": here.pid, "started": str(int(fields[19]) - 100_000)})
    assert not is_alive(later, 0.0)


def test_the_number_of_a_deleted_study_brings_nothing_of_it_to_the_next(ledger: Ledger) -> None:
    spec = StudySpec.create(dataset="tiny", models=["ease"], name="one")
    pages = ledger.create(spec, {})
    pages.save_state({"state": "finished"})
    pages.claim()
    study_id = ledger.storage.get_study_id_from_name("one")
    ledger.storage.delete_study(study_id)
    again = ledger.create(spec, {})
    assert ledger.storage.get_study_id_from_name("one") == study_id
    assert again.load_state() == {} and again.holder() is None


class Looking(InProcessExecutor):
    """Looks who renews claims while it trains."""

    def __init__(self) -> None:
        self.renewing: list[bool] = []

    def train(self, request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        self.renewing.append(is_renewing())
        return super().train(request, on_epoch)


def is_renewing() -> bool:
    return any(thread.name == "claim" for thread in threading.enumerate())


def test_a_claim_is_renewed_while_a_trial_trains_and_often_enough(make_runner: Callable[..., StudyRunner]) -> None:
    executor = Looking()
    study = make_runner(executor).create(StudySpec.create(dataset="tiny", models=["ease"], n_trials=1))
    list(study.run())
    assert executor.renewing == [True]
    assert not study.is_at_work
    assert RENEW_S < FOREIGN_PATIENCE_S / 10, "some renewals may fail"


class TakenAway(InProcessExecutor):
    """Between its epochs another machine takes the study, as after a sleep of this one."""

    def __init__(self, ledger: Ledger, taker: Owner) -> None:
        self.ledger, self.taker, self.n_epochs = ledger, taker, 0
        self.written: dict[str, object] | None = None

    def train(self, request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        assert on_epoch is not None
        for epoch in range(1, 10):
            self.n_epochs = epoch
            on_epoch(EpochReport(epoch=epoch, epochs=9, loss=None, value=0.1, metrics={}, elapsed_s=0.0))
            if epoch == 1:
                tables = StudyTables(self.ledger.storage.engine, 1)
                silence(self.ledger, FOREIGN_PATIENCE_S)
                with self.ledger.storage.engine.begin() as connection:
                    connection.execute(sqlalchemy.text("UPDATE recpilot_claims SET host = 'asleep'"))
                assert tables.take(self.taker) is None
                self.written = tables.state()
        raise AssertionError("nobody stopped it")


def test_a_study_that_lost_its_claim_stops_writing_and_says_so(
    make_runner: Callable[..., StudyRunner], ledger: Ledger
) -> None:
    executor = TakenAway(ledger, Owner(host=ELSEWHERE, pid=1))
    study = make_runner(executor).create(StudySpec.create(dataset="tiny", models=["bpr_mf"], n_trials=3))
    notes = [event.text for event in study.run() if isinstance(event, StudyNoted)]
    assert notes == [TAKEN] and executor.n_epochs == 2
    assert study.records() == () and not study.is_at_work
    pages = ledger.open(study.spec.name)
    assert pages.load_state() == executor.written and pages.holder() == executor.taker
    with pytest.raises(UserError, match="is run by process 1 on another-machine; steer it there"):
        study.resume()
