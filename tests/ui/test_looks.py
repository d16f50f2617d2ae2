"""What many open pages ask of one server: a study is looked at once for all, and what stays as it is costs nothing."""

from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from agent.studies.begun import Begun
from ui.looks import Looks


class Study:
    """A study of which each look is counted."""

    def __init__(self, name: str) -> None:
        self.spec = SimpleNamespace(name=name)
        self.title, self.question, self.log, self.is_stopping = name, None, [], False
        self.begun = Begun()
        self.n_finished = 0
        self.n_looks = 0

    def status(self) -> Any:
        self.n_looks += 1
        return SimpleNamespace(
            name=self.spec.name,
            dataset="demo",
            models=("ease",),
            objective="maximize ndcg@10",
            state="running",
            n_finished=self.n_finished,
            n_trials=8,
            elapsed_s=1.0,
            best=None,
            running=None,
            epoch=0,
            epochs=0,
            run_by=None,
            pending=None,
            choosing=None,
        )

    def records(self) -> tuple[()]:
        return ()


class Runner:
    def __init__(self, *names: str) -> None:
        self.studies = {name: Study(name) for name in names}
        self.n_listed = self.n_acts = 0

    def names(self) -> list[str]:
        self.n_listed += 1
        return list(self.studies)

    def peek(self, name: str) -> Study:
        return self.studies[name]


@pytest.fixture
def runner() -> Runner:
    return Runner("first", "second")


@pytest.fixture
def now() -> list[float]:
    return [100.0]


@pytest.fixture
def looks(runner: Runner, now: list[float], monkeypatch: pytest.MonkeyPatch) -> Looks:
    monkeypatch.setattr("ui.looks.status_of", lambda *_: SimpleNamespace())
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    acts = SimpleNamespace(n_done=lambda: runner.n_acts)
    ledger = SimpleNamespace(storage=SimpleNamespace(engine=engine), name_of=str, checkpoints=None, acts=acts)
    workspace: Any = SimpleNamespace(runner=runner, ledger=ledger)
    return Looks(workspace, kept_s=0.5, clock=lambda: now[0])


def test_fifty_pages_look_at_a_study_once_in_half_a_second(looks: Looks, runner: Runner, now: list[float]) -> None:
    for _ in range(3):
        assert len({looks.of("first").results for _ in range(50)}) == 1
        assert {looks.names() for _ in range(50)} == {("first", "second")}
        now[0] += 0.5
    assert runner.studies["first"].n_looks == 3
    assert runner.n_listed == 3
    assert runner.studies["second"].n_looks == 0


def test_a_view_is_drawn_again_only_when_its_study_has_changed(looks: Looks, runner: Runner, now: list[float]) -> None:
    before = looks.of("first").results
    now[0] += 1
    assert looks.of("first").results == before
    runner.studies["first"].n_finished = 1
    assert looks.of("first").results == before, "within half a second"
    now[0] += 1
    assert looks.of("first").results != before


def test_what_people_do_to_the_home_is_told(looks: Looks, runner: Runner, now: list[float]) -> None:
    before = looks.home()
    now[0] += 1
    assert looks.home() == before
    runner.n_acts += 1
    now[0] += 1
    acted = looks.home()
    runner.studies["third"] = runner.studies.pop("first")
    now[0] += 1
    assert len({before, acted, looks.home()}) == 3
