"""Studies that a tab may act on, and a server's parts around them."""

from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from agent import events
from agent.baseline import Baseline
from agent.proposal import Proposal
from agent.studies.begun import Begun
from agent.studies.study_spec import StudySpec
from agent.workspace import Readings
from memory.record import TrialRecord
from ui.chats import Chat
from ui.open_chats import OpenChats
from ui.page.acts import Acts
from ui.views.status import Status


class Study:
    """A study with one trial that waits."""

    def __init__(self, name: str, records: tuple[TrialRecord, ...] = ()) -> None:
        self.spec = StudySpec.create(name=name, dataset="demo", models=["ease"], n_trials=8)
        self.title = name
        self.begun = Begun()
        self.pending: Proposal | None = proposal(3)
        self.decided = ""
        self.question = None
        self.is_over = False
        self.log: list[object] = []
        self.is_stopping = False
        self._records = records

    def status(self) -> Any:
        return SimpleNamespace(
            name=self.spec.name,
            dataset="demo",
            models=("ease",),
            objective="maximize ndcg@10",
            state="waiting",
            reason="",
            n_finished=len(self._records),
            n_trials=8,
            elapsed_s=1.0,
            best=self.best(),
            running=None,
            epoch=0,
            epochs=0,
            pending=self.pending,
            run_by=None,
            choosing=None,
        )

    def waiting(self) -> Proposal | None:
        return self.pending

    def records(self) -> tuple[TrialRecord, ...]:
        return self._records

    def proposal(self, number: int) -> Proposal:
        return proposal(number)

    def baselines(self) -> tuple[Baseline, ...]:
        return ()

    def best(self) -> TrialRecord | None:
        return self._records[0] if self._records else None

    def approve(self) -> None:
        self.decided = "run"

    def reject(self) -> None:
        self.decided = "rejected"

    def pause(self) -> None:
        self.decided = "paused"

    def resume(self) -> None:
        self.decided = "resumed"

    def stop(self) -> None:
        self.decided = "stopped"


class Runner:
    """Opens studies without making one of them the current one: a page has no other way."""

    def __init__(self, *names: str) -> None:
        self.studies = {name: Study(name) for name in names}

    def names(self) -> list[str]:
        return list(self.studies)

    def called(self, name: str) -> str | None:
        return name if name in self.studies else None

    def peek(self, name: str) -> Study:
        return self.studies[name]

    def job_of(self, name: str) -> None:
        return None

    def events(self, name: str, after: int = 0) -> list[events.Event]:
        return []


class Conversation:
    def close_lost(self) -> None: ...

    def history(self) -> list[events.ChatEvent]:
        return []


def proposal(number: int) -> Proposal:
    return Proposal(number=number, model="ease", params={"l2": 1.0}, proposer="gp", rationale="<i>why</i> {{ 1 + 1 }}")


@pytest.fixture
def runner() -> Runner:
    return Runner("latest", "older")


@pytest.fixture
def chats(runner: Runner) -> OpenChats:
    def make(workspace: Any, chat_id: str, person: str | None = None) -> Chat:
        return Chat(workspace, chat_id, Conversation())  # type: ignore[arg-type]

    kept = SimpleNamespace(
        shown=lambda _: [], study=lambda _: None, turn_to=lambda *_: None, take=lambda *_: None, let_go=lambda *_: None
    )
    return OpenChats(SimpleNamespace(runner=runner, chats=kept), make=make)  # type: ignore[arg-type]


@pytest.fixture
def workspace(runner: Runner) -> Any:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    acts = SimpleNamespace(n_done=lambda: 0)
    ledger = SimpleNamespace(storage=SimpleNamespace(engine=engine), name_of=str, checkpoints=None, acts=acts)
    return SimpleNamespace(runner=runner, ledger=ledger, readings=Readings())


@pytest.fixture(autouse=True)
def lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """How studies stand in one line, without the memory that an estimate asks."""

    def line(_: Any, study: Study) -> Status:
        return Status(
            name=study.spec.name,
            title=study.title,
            state="waiting",
            words="trial 3 waits",
            share=0.0,
            trial=None,
            epoch=0,
            epochs=0,
            best=None,
            left_s=None,
        )

    monkeypatch.setattr("ui.looks.status_of", line)


@pytest.fixture
def acts(workspace: Any, chats: OpenChats) -> Acts:
    return Acts(workspace, chats)
