"""A memory that is kept in step with the ledger: after kills, damage, imports, and with an older memory."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent.proposal import Proposal
from agent.studies.ledger import Ledger
from agent.studies.ledger_memory import LedgerMemory
from agent.studies.study_spec import StudySpec
from agent.studies.trial_run import blank_record
from memory.content import Condition, Content
from memory.embedding import HashingEmbedder
from memory.errors import DamagedError
from memory.exchange import write_records
from memory.record import Lesson, TrialRecord
from memory.store import TrialMemory
from ui.cli.memory import rebuilt_words

Open = Callable[[], LedgerMemory]
TOLD = Lesson(id="lesson/told", text="short histories need a small model", source="user")


def measured(ledger: Ledger, name: str = "s", n: int = 4, reasons: dict[int, str] | None = None) -> list[TrialRecord]:
    """A study whose trials are in the ledger alone; those with a reason failed."""
    spec = StudySpec.create(name=name, dataset="tiny", models=["ease"], n_trials=n)
    pages = ledger.create(spec, {"n_users": 60.0})
    for number in range(n):
        proposal = Proposal(number=number, model="ease", params={"l2": 10.0 + number}, proposer="gp", rationale="r")
        pages.start_trial(proposal)
        blank = blank_record(spec, {"n_users": 60.0}, number, proposal)
        reason = (reasons or {}).get(number)
        done = replace(blank, state="complete", value=number / 10, metrics={"valid_ndcg@10": number / 10})
        done = replace(done, finished_at=f"2026-01-0{number + 1}T00:00:00+00:00")
        pages.finish(number, replace(blank, state="failed", reason=reason) if reason else done)
    return list(pages.records())


@pytest.fixture
def opened(tmp_path: Path, ledger: Ledger) -> Iterator[Open]:
    """Opens the memory of the home folder as a process does that begins."""
    made: list[LedgerMemory] = []

    def make() -> LedgerMemory:
        for memory in made:
            memory.close()
        made.append(LedgerMemory(tmp_path / "memory", HashingEmbedder(), ledger))
        return made[-1]

    yield make
    for memory in made:
        memory.close()


def test_trials_that_a_kill_kept_from_the_memory_return_at_the_next_start_with_their_lessons(
    ledger: Ledger, opened: Open
) -> None:
    records = measured(ledger, reasons={1: "interrupted", 2: "diverged: the loss is nan"})
    memory = opened()
    assert {record.id for record in memory.records("trial")} == {"s/0", "s/2", "s/3"}, "an interrupted one taught none"
    (lesson,) = memory.records("lesson")
    assert isinstance(lesson, Lesson) and "ease diverged with" in lesson.text
    assert memory.get("s/3") == records[3]


def test_what_is_lost_of_the_memory_alone_comes_back_at_the_next_start(ledger: Ledger, opened: Open) -> None:
    measured(ledger)
    memory = opened()
    memory.remember(TOLD)
    assert memory.stats() == {"trial": 4, "dataset": 1, "lesson": 1}
    TrialMemory.forget(memory, "s/1")  # the memory alone loses them
    TrialMemory.forget(memory, TOLD.id)
    assert opened().stats() == {"trial": 4, "dataset": 1, "lesson": 1}
    opened().close()
    shutil.rmtree(opened()._chroma._link.path)
    assert opened().stats() == {"trial": 4, "dataset": 1, "lesson": 1}


def test_a_start_where_nothing_is_amiss_reads_no_trial(
    ledger: Ledger, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured(ledger, reasons={1: "interrupted"})
    opened().stats()
    monkeypatch.setattr(Ledger, "trials", lambda *_: pytest.fail("read"))
    monkeypatch.setattr(TrialMemory, "ids", lambda *_: pytest.fail("read"))
    assert opened().stats()["trial"] == 3


def test_what_was_forgotten_stays_forgotten(ledger: Ledger, opened: Open) -> None:
    measured(ledger)
    memory = opened()
    memory.remember(TOLD)
    memory.forget(TOLD.id)
    ledger.hide("s", forgets=True)
    for number in range(4):
        memory.forget(f"s/{number}")
    assert opened().stats() == {"trial": 0, "dataset": 0, "lesson": 0}
    assert opened().rebuild().counts == {"trial": 0, "dataset": 0, "lesson": 0}
    ledger.show("s")
    assert opened().stats()["trial"] == 4


def test_lessons_of_an_older_version_move_into_the_ledger_and_outlive_the_memory(
    ledger: Ledger, opened: Open, tmp_path: Path
) -> None:
    old = TrialMemory(tmp_path / "memory", HashingEmbedder())
    elsewhere = replace(measured(ledger, n=1)[0], id="other/0", study="other")
    old.remember(TOLD, elsewhere)
    old.close()
    opened().stats()
    assert [record.id for record in ledger.notes.records()] == ["lesson/told", "other/0"]
    damage(tmp_path)
    rebuilt = opened().rebuild()
    assert rebuilt.counts == {"trial": 2, "dataset": 1, "lesson": 1}
    told = "from the ledger: 2 trials, 1 dataset, 1 lesson; 1 of the trials from its studies, 1 from imports or"
    assert told in rebuilt_words(rebuilt)
    assert opened().get(TOLD.id) == TOLD and opened().get("other/0") == elsewhere


def damage(home: Path) -> None:
    file = home / "memory" / "chroma.sqlite3"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def test_a_rebuild_says_what_came_back_and_where_the_damaged_folder_lies(
    ledger: Ledger, opened: Open, tmp_path: Path
) -> None:
    measured(ledger)
    memory = opened()
    memory.remember(TOLD)
    memory.close()
    damage(tmp_path)
    with pytest.raises(DamagedError, match=r"the memory in .*/memory is damaged .* `recpilot memory rebuild`"):
        opened().stats()
    words = rebuilt_words(opened().rebuild())
    assert words == (
        "The memory was written again from the ledger: 4 trials, 1 dataset, 1 lesson. The old memory was damaged and "
        f"lies in {tmp_path / 'memory.damaged-1'} now; nothing of it is lost."
    )
    assert opened().get(TOLD.id) == TOLD
    assert rebuilt_words(opened().rebuild()) == (
        "The memory was written again from the ledger: 4 trials, 1 dataset, 1 lesson."
    )


def test_a_damaged_memory_of_an_older_version_is_not_called_whole(ledger: Ledger, opened: Open, tmp_path: Path) -> None:
    measured(ledger, reasons={2: "diverged: the loss is nan"})
    old = TrialMemory(tmp_path / "memory", HashingEmbedder())
    old.remember(TOLD)
    old.close()
    with ledger.acts.act("remember_lesson", chat="c", before={"lesson": {"kind": "lesson", **told_in_a_chat()}}):
        pass
    damage(tmp_path)
    words = rebuilt_words(opened().rebuild())
    assert "4 trials, 1 dataset, 2 lessons" in words, "of the diverged trial, and told in a chat"
    assert words.endswith("by an earlier version of recpilot stood only there and is not here.")


def told_in_a_chat() -> dict[str, str]:
    return {"id": "lesson/chat", "text": "ease is quick", "source": "user"}


def test_an_import_is_in_the_ledger_and_takes_no_ids_of_trials_that_are_here(
    ledger: Ledger, opened: Open, tmp_path: Path
) -> None:
    here = measured(ledger, n=2)
    theirs = replace(here[0], value=0.9)
    lesson = Lesson(id="lesson/x", text="x is so", source="user", study="s", evidence=("s/0",))
    file = tmp_path / "theirs.jsonl"
    other = TrialMemory(tmp_path / "theirs", HashingEmbedder())
    other.remember(theirs, replace(here[1], id="far/1", study="far", value=0.8), lesson)
    other.export(file)
    other.close()
    memory = opened()
    assert memory.import_(file).n_new == 3
    assert memory.get("s/0") == here[0], "a trial of this ledger stays what it was"
    renamed = next(r for r in memory.records("trial") if isinstance(r, TrialRecord) and r.value == 0.9)
    assert renamed.id == f"{renamed.study}/0" and renamed.study.startswith("s-imported-")
    kept = memory.get("lesson/x")
    assert isinstance(kept, Lesson) and kept.evidence == (renamed.id,)
    memory.import_(file)
    assert memory.stats() == {"trial": 4, "dataset": 1, "lesson": 1}, "the same file twice changes nothing"
    shutil.rmtree(tmp_path / "memory")
    assert opened().stats() == {"trial": 4, "dataset": 1, "lesson": 1}


def test_anothers_lesson_does_not_replace_one_of_this_home_that_has_its_id(opened: Open, tmp_path: Path) -> None:
    memory = opened()
    memory.remember(TOLD)
    file = tmp_path / "theirs.jsonl"
    other = TrialMemory(tmp_path / "theirs", HashingEmbedder())
    other.remember(replace(TOLD, text="never tune anything"))
    other.export(file)
    other.close()
    memory.import_(file)
    assert memory.get(TOLD.id) == TOLD
    texts = {record.text for record in memory.records("lesson") if isinstance(record, Lesson)}
    assert texts == {TOLD.text, "never tune anything"}


def test_an_export_of_this_home_is_imported_as_what_it_is(ledger: Ledger, opened: Open, tmp_path: Path) -> None:
    measured(ledger, n=2)
    memory = opened()
    memory.export(tmp_path / "own.jsonl")
    memory.import_(tmp_path / "own.jsonl")
    assert memory.stats()["trial"] == 2 and ledger.notes.records() == []


def test_an_export_of_a_copy_of_this_home_doubles_nothing(ledger: Ledger, opened: Open, tmp_path: Path) -> None:
    here = measured(ledger, n=2)
    memory = opened()
    memory.remember(TOLD)
    copied = [replace(trial, checkpoint=f"/elsewhere/{trial.number}") for trial in here]
    again = replace(here[0], id="s-imported-x/0", study="s-imported-x")  # went to another home and came back
    new = replace(here[1], id="s/7", number=7, finished_at="2026-01-01", evidence=("s/0", again.id), checkpoint="/x")
    write_records(tmp_path / "copy.jsonl", [*copied, again, new, TOLD, replace(TOLD, id="lesson/2")])
    found = memory.import_(tmp_path / "copy.jsonl")
    assert (found.n_new, found.n_here, memory.stats()["trial"]) == (1, 5, 3)
    (came,) = (one for one in memory.records("trial") if one.id not in {"s/0", "s/1"})
    assert isinstance(came, TrialRecord) and came.evidence == ("s/0", "s/0") and came.checkpoint is None
    assert memory.records("lesson") == [TOLD]


def test_anothers_note_is_marked_as_imported(opened: Open, tmp_path: Path) -> None:
    bound = replace(TOLD, content=Content(says="bound", where=(Condition(param="l2", high=1.5),)), weighed_in=("x",))
    write_records(tmp_path / "theirs.jsonl", [bound])
    memory = opened()
    assert memory.import_(tmp_path / "theirs.jsonl").n_notes == 1
    assert memory.lessons("bound") == [replace(bound, imported=True, weighed_in=())]


def test_a_lesson_is_in_the_ledger_even_where_the_memory_cannot_be_written(
    ledger: Ledger, opened: Open, tmp_path: Path
) -> None:
    opened().remember(replace(TOLD, id="lesson/0"))
    opened().close()
    damage(tmp_path)
    with pytest.raises(DamagedError):
        opened().remember(TOLD)
    write_records(tmp_path / "theirs.jsonl", [replace(TOLD, id="lesson/2", text="theirs")])
    with pytest.raises(DamagedError, match=r"theirs\.jsonl holds is kept in the ledger and comes in with"):
        opened().import_(tmp_path / "theirs.jsonl")
    opened().rebuild()
    assert opened().get(TOLD.id) == TOLD and opened().get("lesson/2") is not None
