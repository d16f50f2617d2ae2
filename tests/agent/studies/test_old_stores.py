"""A ledger and a memory as recpilot wrote them before it wrote formats, and ones that a newer or broken program wrote.

The fixtures were written by the code of commit 4b8a4e9: `held` waits for approval with one params rejected and a range
narrowed; `cut` was killed in its second trial. The dump is of the whole SQLite file.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy

from agent.errors import UserError
from agent.proposal import Proposal
from agent.studies.ledger import Ledger
from agent.studies.runner import StudyRunner
from agent.studies.saved_state import SavedState
from agent.studies.study_spec import StudySpec
from memory.embedding import HashingEmbedder
from memory.record import Lesson, TrialRecord, from_dict, to_dict
from memory.store import TrialMemory

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Opens the old ledger in place of the empty one."""
    path = tmp_path / "studies.db"
    connection = sqlite3.connect(path)
    connection.executescript((FIXTURES / "format_0.sql").read_text())
    connection.close()
    opened = Ledger(f"sqlite:///{path}")
    yield opened
    opened.close()


def test_an_old_ledger_is_listed_and_read_without_its_test_values(
    ledger: Ledger, make_runner: Callable[..., StudyRunner]
) -> None:
    assert ledger.names() == ["cut", "held"]
    runner = make_runner()
    held, cut = runner.open("held").status(), runner.open("cut").status()
    assert (held.state, held.n_finished, held.space["ease"]["l2"]) == ("waiting", 3, "[100, 5000] (log scale)")
    assert held.pending is not None and held.pending.params["l2"] == 5000.0
    assert (cut.state, cut.n_finished) == ("stopped", 1)
    assert "resume it to go on" in cut.reason
    for name in ("held", "cut"):
        for record in ledger.open(name).records():
            assert record.metrics["valid_ndcg@10"] > 0
            assert not any(metric.startswith("test_") for metric in record.metrics)
            assert runner.open(name).proposal(record.number).rationale == record.rationale


def test_an_old_study_goes_on_and_what_was_cut_off_runs_again_with_its_seed(
    ledger: Ledger, make_runner: Callable[..., StudyRunner]
) -> None:
    runner = make_runner()
    before = ledger.open("held").records()
    held = runner.open("held")
    held.approve()
    runner.shutdown()
    runner = make_runner()
    held = runner.open("held")
    list(held.run())
    assert held.records()[:3] == before
    assert held.record(3).params["l2"] == 5000.0
    cut = runner.open("cut")
    list(cut.run())
    assert [record.reason for record in cut.records()] == [None, "interrupted", None, None]
    assert (cut.record(2).params, cut.record(2).seed) == (cut.record(1).params, cut.record(1).seed)
    assert ledger.storage.get_all_trials(ledger.storage.get_study_id_from_name("cut"))[2].user_attrs["seed"] == (
        cut.record(1).seed
    )
    assert cut.state == "finished"


def test_a_memory_is_rebuilt_from_an_old_ledger_and_an_old_export_is_read(ledger: Ledger, tmp_path: Path) -> None:
    memory = TrialMemory(tmp_path / "memory", HashingEmbedder())
    assert memory.import_(FIXTURES / "format_0_memory.jsonl").n_new == 4
    memory.rebuild(ledger.records())
    trials = memory.records("trial")
    assert [record.id for record in trials] == ["cut/0", "held/0", "held/1", "held/2"]
    assert not any(name.startswith("test_") for r in trials if isinstance(r, TrialRecord) for name in r.metrics)
    assert [record.id for record in memory.records("lesson")] == ["lesson/1"]
    memory.export(tmp_path / "out.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert {line["format"] for line in lines} == {1} and "test_" not in (tmp_path / "out.jsonl").read_text()
    memory.close()


def spoil(ledger: Ledger, name: str, change: Callable[[dict[str, object]], object]) -> None:
    study_id = ledger.storage.get_study_id_from_name(name)
    spec = ledger.storage.get_study_user_attrs(study_id)["spec"]
    change(spec)
    ledger.storage.set_study_user_attr(study_id, "spec", spec)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda spec: spec.update(format=9), "a newer version wrote it"),
        (lambda spec: spec.pop("goal"), "goal"),
        (lambda spec: spec.update(models=3), "cannot be read"),
        (lambda spec: spec.update(goal={"objectives": ["beauty@10"]}), "unknown metric"),
    ],
)
def test_a_study_that_cannot_be_read_costs_the_others_nothing(
    ledger: Ledger, change: Callable[[dict[str, object]], object], says: str
) -> None:
    spoil(ledger, "held", change)
    with pytest.raises(UserError, match=f"study 'held' cannot be read: .*{says}|{says}") as caught:
        ledger.open("held")
    assert "\n" not in str(caught.value)
    assert ledger.names() == ["cut", "held"]
    assert [record.id for record in ledger.records()] == ["cut/0"]


def test_a_trial_that_cannot_be_read_costs_the_others_nothing(ledger: Ledger) -> None:
    study_id = ledger.storage.get_study_id_from_name("held")
    spoilt = "UPDATE trial_user_attributes SET value_json = '[1]' WHERE key = 'outcome' AND trial_id = 2"
    with ledger.storage.engine.begin() as connection:
        connection.execute(sqlalchemy.text(spoilt))
    assert ledger.storage.get_trial(2).number == 1 and study_id == 1
    pages = ledger.open("held")
    assert [record.number for record in pages.records()] == [0, 2] == [record.number for record in pages.records()]


def test_a_field_that_is_not_known_is_ignored_and_one_that_is_missing_takes_its_default() -> None:
    spec = StudySpec.create(dataset="d", models=["ease"], name="s")
    written = spec.to_dict() | {"mood": "calm"}
    del written["sampler"], written["needs_approval"]
    assert StudySpec.from_dict(written) == spec
    proposal = Proposal(number=1, model="ease", params={}, proposer="gp", rationale="r")
    written = proposal.to_dict() | {"mood": "calm"}
    del written["candidates"], written["note"]
    assert Proposal.from_dict(written) == proposal
    state = SavedState(pending=proposal, rejected=(("ease", {"l2": 1.0}),))
    written = state.to_dict() | {"mood": "calm"}
    del written["changes"], written["wanted"]
    assert SavedState.from_dict(written) == state
    assert SavedState.from_dict({}) == SavedState()
    lesson = Lesson(id="lesson/1", text="t", source="user")
    written = to_dict(lesson) | {"mood": "calm"}
    del written["evidence"]
    assert from_dict(written) == lesson


def test_a_study_that_was_stopped_or_paused_before_formats_stays_so() -> None:
    for state, reason, wanted in (
        ("stopped", "stopped by the person", "stop"),
        ("stopped", "the program ended on the way; resume it to go on", "run"),
        ("paused", "", "pause"),
        ("running", "", "run"),
    ):
        assert SavedState.from_dict({"state": state, "reason": reason}).wanted == wanted
