"""Several homes that remember on one Chroma server: nothing of one is lost to another, and each knows its own."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agent.proposal import Proposal
from agent.studies.ledger import Ledger
from agent.studies.ledger_memory import LedgerMemory
from agent.studies.left_behind import Left
from agent.studies.shared_names import HomeNames
from agent.studies.study_spec import StudySpec
from agent.studies.trial_run import blank_record
from memory.content import Condition, Content
from memory.embedding import HashingEmbedder
from memory.record import Lesson, Record, TrialRecord
from memory.store import TrialMemory

if TYPE_CHECKING:
    from conftest import Processes

AGENT = """
import importlib.util
from pathlib import Path
from agent.studies.ledger import Ledger
from agent.studies.ledger_memory import LedgerMemory
from memory.embedding import HashingEmbedder
spec = importlib.util.spec_from_file_location("shared", test_file)
shared = importlib.util.module_from_spec(spec)
spec.loader.exec_module(shared)
ledger = Ledger(f"sqlite:///{folder}/studies.db", Path(folder) / "checkpoints")
memory = LedgerMemory(url, HashingEmbedder(), ledger)
for n in range(first, first + 20):
    memory.remember(*shared.measured(ledger, f"tiny-{n}", 2, l2=l2))
    memory.recall(kind="trial", model="ease", profile=shared.PROFILE, k=640, each=80)
    pipe.send(n)
"""
PROFILE = {"n_users": 60.0, "n_items": 30.0}
Home = Callable[[str], "tuple[Ledger, LedgerMemory]"]


def measured(ledger: Ledger, name: str, n: int, l2: float) -> list[TrialRecord]:
    spec = StudySpec.create(name=name, dataset="tiny", models=["ease"], n_trials=n)
    pages = ledger.create(spec, PROFILE)
    for number in range(n):
        proposal = Proposal(number=number, model="ease", params={"l2": l2 + number}, proposer="gp", rationale="r")
        pages.start_trial(proposal)
        blank = blank_record(spec, PROFILE, number, proposal)
        pages.finish(number, replace(blank, state="complete", value=number / 10, evidence=(f"{name}/0",)))
    return list(pages.records())


@pytest.fixture
def home(tmp_path: Path, chroma_server: str) -> Iterator[Home]:
    """Opens a home folder whose memory is on the server, as a process does that begins."""
    opened: list[Ledger | LedgerMemory] = []

    def make(name: str) -> tuple[Ledger, LedgerMemory]:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        ledger = Ledger(f"sqlite:///{folder / 'studies.db'}", folder / "checkpoints")
        opened.extend((ledger, LedgerMemory(chroma_server, HashingEmbedder(), ledger)))
        return ledger, opened[-1]  # type: ignore[return-value]

    yield make
    for one in reversed(opened):
        one.close()


def listed(memory: TrialMemory) -> list[Record]:
    return [hit.record for hit in memory.recall(kind="trial", model="ease", profile=PROFILE, k=99, each=80)]


def test_a_note_of_another_home_binds_nothing_and_takes_no_own_one_away(home: Home) -> None:
    _, memory = home("a")
    _, other = home("b")
    bound = Content(says="bound", where=(Condition(param="l2", high=10.0),))
    note = Lesson(id="lesson/1", text="l2 at most 10", source="user", content=bound)
    memory.remember(note)
    assert memory.lessons("bound") == [note]
    assert [one.imported for one in other.lessons("bound")] == [True]
    assert [one.imported for one in other.records("lesson") if isinstance(one, Lesson)] == [True]
    other.remember(replace(note, content=None))  # the same words, as a plain note there
    assert memory.lessons("bound") == [note] and other.lessons("bound") == []
    other.forget(note.id)
    assert memory.lessons("bound") == [note] == memory.records("lesson") and memory.get(note.id) == note


def test_two_homes_with_studies_of_the_same_name_keep_both(home: Home, chroma_server: str) -> None:
    ledger, memory = home("a")
    mine = measured(ledger, "tiny-1", 3, l2=10)
    memory.remember(*mine)
    others_ledger, others = home("b")
    theirs = measured(others_ledger, "tiny-1", 2, l2=500)
    others.remember(*theirs)
    assert [memory.get(record.id) for record in mine] == mine
    assert [others.get(record.id) for record in theirs] == theirs
    assert others.stats()["trial"] == memory.stats()["trial"] == 5
    there = [record for record in listed(memory) if record.id not in {one.id for one in mine}]
    assert [record.params["l2"] for record in there if isinstance(record, TrialRecord)] == [501, 500]
    assert all(memory.get(record.id) == record for record in there), "evidence can point to another home's trial"
    again = home("b")
    assert not again[0].notes.records(), "what others measured is not copied into this ledger"
    assert again[1].stats()["trial"] == 5
    memory.forget("tiny-1/0")
    assert others.get("tiny-1/0") == theirs[0] and memory.get("tiny-1/0") is None


def test_a_rebuild_by_one_home_keeps_what_the_others_remember(home: Home) -> None:
    ledger, memory = home("a")
    memory.remember(*measured(ledger, "tiny-1", 2, l2=10))
    others_ledger, others = home("b")
    told = Lesson(id="lesson/told", text="short histories need a small model", source="user")
    theirs = measured(others_ledger, "tiny-1", 2, l2=500)
    others.remember(*theirs, told)
    TrialMemory(memory._place, HashingEmbedder()).remember(replace(theirs[0], id="gone-1/0", study="gone-1"))
    rebuilt = memory.rebuild()
    assert rebuilt.counts == {"trial": 5, "dataset": 1, "lesson": 1}
    assert [others.get(record.id) for record in theirs] == theirs
    assert len(listed(others)) == 5
    assert not ledger.notes.records()


def test_what_a_server_lost_comes_back_at_the_next_start_and_names_left_there_are_not_taken(
    home: Home, tmp_path: Path
) -> None:
    ledger, memory = home("a")
    mine = measured(ledger, "tiny-1", 3, l2=10)
    memory.remember(*mine)
    TrialMemory.forget(memory, memory._names().id_there(mine[1].id))
    again_ledger, again = home("a")
    assert again.get(mine[1].id) == mine[1]
    left = Left(tmp_path / "checkpoints", again_ledger, again)
    again._ledger = Ledger("sqlite://", tmp_path / "none")  # an older ledger, of the same home
    again._home = memory._home
    assert left.by("tiny-1") == "the memory holds trials" and left.by("tiny-10") is None
    again._ledger.close()


def test_names_of_a_home_and_back() -> None:
    names = HomeNames("3f9c1a7e", ["tiny-1"])
    assert names.id_there("tiny-1/4") == "tiny-1@3f9c1a7e/4" and names.id_there("other/4") == "other/4"
    assert names.id_here("tiny-1@3f9c1a7e/4") == "tiny-1/4" and names.id_here("tiny-1@ffff/4") == "tiny-1@ffff/4"
    lesson = Lesson(id="lesson/1", text="x", source="reflection", study="tiny-1", evidence=("tiny-1/0", "shipped/x"))
    assert names.there(lesson).evidence == ("tiny-1@3f9c1a7e/0", "shipped/x")
    assert names.here(names.there(lesson)) == lesson
    assert HomeNames("").there(lesson) is lesson and names.here(lesson) is lesson


def test_two_agents_that_write_read_and_are_killed_lose_nothing(
    home: Home, tmp_path: Path, chroma_server: str, processes: "Processes"
) -> None:
    for name in ("a", "b"):
        home(name)[1].stats()  # the tables of the ledgers are made
    for turn in range(2):
        agents = [
            processes.start(
                AGENT, folder=str(tmp_path / name), url=chroma_server, test_file=__file__, first=20 * turn, l2=l2
            )
            for name, l2 in (("a", 10.0), ("b", 500.0))
        ]
        for process, pipe in agents:
            pipe.recv()
            time.sleep(0.4)
            process.kill()
        for process, _ in agents:
            process.join()
    total = 0
    for name in ("a", "b"):
        ledger, memory = home(name)
        mine = [record for record in ledger.records() if record.state == "complete"]
        assert [memory.get(record.id) for record in mine] == mine
        total += len(mine)
    assert total
    assert home("a")[1].stats()["trial"] == total
