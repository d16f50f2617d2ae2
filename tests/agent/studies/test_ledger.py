"""The ledger on a real SQLite file: atomic opening, state last, recovery, claims, and the dashboard that reads it."""

import dataclasses
import json
import sqlite3
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, make_server

import optuna
import pytest
from sqlalchemy.exc import IntegrityError

from agent.errors import SetupError, UserError
from agent.proposal import Candidate, Proposal
from agent.studies import ledger as ledger_module
from agent.studies.ledger import Ledger, StudyLedger
from agent.studies.study_spec import StudySpec
from agent.studies.trial_run import blank_record
from memory.record import TrialRecord

if TYPE_CHECKING:
    from conftest import Processes

PROFILE = {"n_users": 60.0, "density": 0.2}


def spec(name: str = "one", **changed: object) -> StudySpec:
    given: dict[str, object] = {"dataset": "tiny", "models": ("ease", "bpr_mf"), "n_trials": 5, "name": name}
    return StudySpec.create(**(given | changed))  # type: ignore[arg-type]


@pytest.fixture
def pages(ledger: Ledger) -> StudyLedger:
    return ledger.create(spec(constraints=("coverage@10>=0.2",)), PROFILE)


def proposal(l2: float = 400.0) -> Proposal:
    candidate = Candidate(model="ease", params={"l2": l2}, source="gp", reason="because", mean=0.1, spread=0.01)
    return Proposal(
        number=0,
        model="ease",
        params={"l2": l2},
        proposer="gp",
        rationale="because",
        expected=0.1,
        evidence=("other/3",),
        candidates=(candidate,),
    )


def done(pages: StudyLedger, number: int, value: float = 0.3) -> TrialRecord:
    return dataclasses.replace(
        blank_record(pages.spec, pages.profile, number, pages.proposal(number)),
        state="complete",
        value=value,
        metrics={"valid_ndcg@10": value, "valid_coverage@10": 0.1},
        curve=(0.1, value),
        cost={"train_s": 1.5},
        checkpoint="somewhere",
        split="leave_last_out",
        started_at="2029-12-31T23:59:58.500+00:00",
        finished_at="2030-01-01T00:00:00.250+00:00",
    )


def test_a_trial_goes_in_and_comes_out_unchanged(ledger: Ledger, pages: StudyLedger) -> None:
    number = pages.start_trial(proposal())
    record = done(pages, number)
    assert pages.finish(number, record) == record
    again = Ledger(ledger.url).open("one")
    assert again.records() == (record,)
    assert again.proposal(0) == proposal()
    assert again.spec == pages.spec and again.profile == PROFILE
    assert ledger.records() == [record]


def test_optuna_reads_the_trial_with_its_prefix_ranges_and_constraint(ledger: Ledger, pages: StudyLedger) -> None:
    number = pages.start_trial(proposal(77.0))
    pages.report(number, 1, 0.1)
    pages.finish(number, done(pages, number))
    trial = optuna.load_study(study_name="one", storage=ledger.url).trials[0]
    assert trial.params == {"ease.l2": 77.0}
    assert trial.distributions["ease.l2"] == optuna.distributions.FloatDistribution(1.0, 10_000.0, log=True)
    assert (trial.state, trial.value, trial.intermediate_values) == (optuna.trial.TrialState.COMPLETE, 0.3, {1: 0.1})
    assert trial.constraints == {"coverage@10 >= 0.2": pytest.approx(0.1)}
    assert trial.user_attrs["outcome"]["cost"] == {"train_s": 1.5}


def test_pruned_and_failed_trials_keep_their_reason(pages: StudyLedger) -> None:
    for state, reason, value in (("pruned", "hopeless", 0.05), ("failed", "diverged: nan", None)):
        number = pages.start_trial(proposal(10.0 + pages.next_number()))
        record = dataclasses.replace(done(pages, number), state=state, reason=reason, value=value)  # type: ignore[arg-type]
        pages.finish(number, record)
    assert [(r.state, r.reason, r.value) for r in pages.records()] == [
        ("pruned", "hopeless", 0.05),
        ("failed", "diverged: nan", None),
    ]


def test_numbers_that_json_lacks_do_not_break_the_ledger(ledger: Ledger, pages: StudyLedger) -> None:
    number = pages.start_trial(proposal())
    pages.report(number, 1, float("nan"))
    record = dataclasses.replace(
        done(pages, number),
        state="failed",
        reason="diverged",
        value=float("nan"),
        metrics={"valid_ndcg@10": float("inf")},
    )
    kept = pages.finish(number, record)
    assert kept.value is None and kept.metrics == {}
    assert Ledger(ledger.url).open("one").records() == (kept,)


def test_a_trial_whose_outcome_was_written_is_completed_on_recovery(ledger: Ledger, pages: StudyLedger) -> None:
    number = pages.start_trial(proposal())
    record = done(pages, number)
    pages._close = lambda number: record  # type: ignore[method-assign] - the kill comes between outcome and state
    pages.finish(number, record)
    again = Ledger(ledger.url).open("one")
    assert again.records() == ()
    assert again.recover() == []
    assert again.records() == (record,)
    assert again.to_repeat() == []


def test_a_trial_without_an_outcome_is_interrupted_and_repeated_once(ledger: Ledger, pages: StudyLedger) -> None:
    number = pages.start_trial(proposal(5.0))
    pages.report(number, 1, 0.25)
    again = Ledger(ledger.url).open("one")
    (lost,) = again.recover()
    assert (lost.state, lost.reason, lost.curve, lost.params) == ("failed", "interrupted", (0.25,), {"l2": 5.0})
    ((lost_number, repeated),) = again.to_repeat()
    assert (lost_number, repeated.params) == (0, {"l2": 5.0})
    second = again.start_trial(repeated, repeats=lost_number)
    assert again.to_repeat() == [] and again.recover()[0].number == second
    assert again.to_repeat() == [], "params that did not survive twice are given up"
    assert ledger.records() == [], "interrupted trials teach nothing"


def test_a_study_left_without_its_spec_can_be_created_again(ledger: Ledger) -> None:
    ledger.storage.create_new_study([optuna.study.StudyDirection.MAXIMIZE], "one")
    assert ledger.names() == []
    with pytest.raises(UserError, match="no study 'one'; the studies are: none yet"):
        ledger.open("one")
    ledger.create(spec(), PROFILE)
    assert ledger.names() == ["one"]


def test_names_stay_unique_in_a_ledger_whose_first_start_was_killed_between_a_table_and_its_index(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'studies.db'}"
    Ledger(url).close()
    with sqlite3.connect(tmp_path / "studies.db") as connection:
        connection.execute("DROP INDEX ix_studies_study_name")
    ledger = Ledger(url)
    ledger.storage.create_new_study([optuna.study.StudyDirection.MAXIMIZE], "s")
    with pytest.raises(optuna.exceptions.DuplicatedStudyError):
        ledger.storage.create_new_study([optuna.study.StudyDirection.MAXIMIZE], "s")
    ledger.close()


def test_unknown_and_taken_names_are_told_in_one_sentence(ledger: Ledger, pages: StudyLedger) -> None:
    with pytest.raises(UserError, match="there is no study 'ome'; did you mean 'one'"):
        ledger.open("ome")
    with pytest.raises(UserError, match="there is already a study 'one'"):
        ledger.create(spec(), PROFILE)


def test_only_one_living_process_holds_a_study(ledger: Ledger, pages: StudyLedger, processes: "Processes") -> None:
    pages.claim()
    pages.claim()  # again by the same process
    code = """
        from agent.studies.ledger import Ledger; from agent.errors import UserError
        try: Ledger(url).open('one').claim()
        except UserError as error: pipe.send(f"refused {error}")
        else: pipe.send("taken")
    """

    def other() -> str:
        process, pipe = processes.start(code, url=ledger.url)
        said: str = pipe.recv()
        process.join()
        assert process.exitcode == 0
        return said

    assert other().startswith("refused study 'one' is run by process")
    pages.release()
    assert other().startswith("taken")
    assert not pages.holds(), "the other process ended without giving the study back"
    assert pages.holder() is None
    pages.claim()
    assert pages.holds()


def test_a_ledger_that_cannot_be_opened_says_so_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "broken.db").write_text("this is no database, it is text\n" * 100)
    for url in (
        f"sqlite:///{tmp_path}/file/x.db",
        f"sqlite:///{tmp_path}/broken.db",
        "nonsense",
        "nodb://u:secret@h/x",
    ):
        with pytest.raises(SetupError, match=r"the ledger .* (cannot be opened|is damaged)") as caught:
            Ledger(url)
        assert "\n" not in str(caught.value) and "secret" not in str(caught.value)


def test_two_processes_write_at_once_without_losing_a_trial(
    ledger: Ledger, pages: StudyLedger, processes: "Processes"
) -> None:
    code = """
        import sys; sys.path.insert(0, tests); from test_ledger import *
        pages = Ledger(url).open('one')
        pipe.send("ready"); pipe.recv()
        for i in range(5):
            number = pages.start_trial(proposal(1.0 + i))
            pages.finish(number, done(pages, number))
    """
    writers = [processes.start(code, url=ledger.url, tests=str(Path(__file__).parent)) for _ in range(2)]
    for _, pipe in writers:
        assert pipe.recv() == "ready"
    for _, pipe in writers:
        pipe.send("go")
    for process, _ in writers:
        process.join()
        assert process.exitcode == 0
    records = pages.records()
    assert [record.number for record in records] == list(range(10))
    assert all(record.state == "complete" for record in records)


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def dashboard(ledger: Ledger) -> Iterator[str]:
    import optuna_dashboard  # takes seconds

    app = optuna_dashboard.wsgi(ledger.url)
    server = make_server("127.0.0.1", 0, app, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_dashboard_opens_the_ledger(pages: StudyLedger, dashboard: str) -> None:
    for value in (0.3, 0.4):
        number = pages.start_trial(proposal(100 * value))
        pages.report(number, 1, value)
        pages.finish(number, done(pages, number, value))
    pages.start_trial(proposal(7.0))

    def fetch(path: str) -> dict[str, object]:
        with urllib.request.urlopen(dashboard + path) as answer:  # noqa: S310 - loopback
            return json.loads(answer.read())  # type: ignore[no-any-return]

    (study,) = fetch("/api/studies")["study_summaries"]  # type: ignore[misc]
    assert study["study_name"] == "one"
    detail = fetch(f"/api/studies/{study['study_id']}")
    trials = detail["trials"]
    assert [trial["state"] for trial in trials] == ["Complete", "Complete", "Running"]  # type: ignore[attr-defined]
    assert trials[1]["params"][0]["name"] == "ease.l2"  # type: ignore[index]
    assert detail["objective_names"] == ["ndcg@10"] or detail["metric_names"] == ["ndcg@10"]


def test_of_two_that_begin_one_database_the_second_looks_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = ledger_module._with_tables
    tries: list[str] = []

    def first_too_late(url: str) -> object:
        tries.append(url)
        if len(tries) == 1:
            raise IntegrityError("INSERT", None, Exception("UNIQUE constraint failed: alembic_version.version_num"))
        return opened(url)

    monkeypatch.setattr(ledger_module, "_with_tables", first_too_late)
    Ledger(f"sqlite:///{tmp_path}/studies.db").close()
    assert len(tries) == 2
