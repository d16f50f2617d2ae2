"""What many open pages ask of one server: a study is looked at once for all, and what stays as it is costs nothing."""

import asyncio
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
import sqlalchemy as sa
from gradio.state_holder import SessionState

from ui.blocks import Blocks
from ui.looks import Looks


class Study:
    """A study of which each look is counted."""

    def __init__(self, name: str) -> None:
        self.spec = SimpleNamespace(name=name)
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
        )

    def records(self) -> tuple[()]:
        return ()


class Runner:
    def __init__(self, *names: str) -> None:
        self.studies = {name: Study(name) for name in names}
        self.n_listed = 0

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
def looks(runner: Runner, now: list[float]) -> Looks:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    ledger = SimpleNamespace(storage=SimpleNamespace(engine=engine), name_of=str, checkpoints=None)
    workspace: Any = SimpleNamespace(runner=runner, ledger=ledger)
    return Looks(workspace, kept_s=0.5, clock=lambda: now[0])


def test_fifty_pages_look_at_a_study_once_in_half_a_second(looks: Looks, runner: Runner, now: list[float]) -> None:
    for _ in range(3):
        assert len({looks.of("first").results for _ in range(50)}) == 1
        assert {looks.latest() for _ in range(50)} == {"first"}
        now[0] += 0.5
    assert runner.studies["first"].n_looks == 3
    assert runner.n_listed == 3
    assert runner.studies["second"].n_looks == 0


def test_a_panel_is_drawn_again_only_when_its_study_has_changed(looks: Looks, runner: Runner, now: list[float]) -> None:
    before = looks.of("first")
    now[0] += 1
    assert looks.of("first").shown is before.shown
    runner.studies["first"].n_finished = 1
    assert looks.of("first").results == "first/0", "within half a second"
    now[0] += 1
    assert looks.of("first").results == "first/1"
    assert looks.of("first").shown is not before.shown


def test_an_output_that_a_handler_skips_is_not_made_again() -> None:
    with Blocks() as app:
        parts = one, kept, other = gr.HTML("a"), gr.State(1), gr.HTML("b")
        app.load(lambda: None, None, list(parts))
    skip = gr.skip()

    def sent(predictions: Any) -> tuple[list[Any], list[bool], Any]:
        """What the page is sent, which of the two components are still the same objects, and the state after it."""
        session = SessionState(app)
        values = asyncio.run(app.postprocess_data(app.fns[0], predictions, session))
        return values, [session[part._id] is part for part in (one, other)], session[kept._id]

    assert sent(skip) == ([skip, None, skip], [True, True], 1)
    assert sent((skip, skip, skip)) == ([skip, None, skip], [True, True], 1)
    assert sent(("new", 2, skip)) == (["new", None, skip], [True, True], 2)
    assert sent((skip, skip, "new")) == ([skip, None, "new"], [True, True], 1)
    values, are_same, _ = sent((gr.update(visible=False), skip, skip))
    assert (values[0]["visible"], values[1:], are_same) == (False, [None, skip], [False, True])


def test_no_statistics_are_made_of_events() -> None:
    queue = Blocks()._queue
    queue.events_recorded = 1_000_000
    assert queue.compute_analytics_summary([{"function": "tick"}]) == {"functions": {}}
    assert queue.ANALYTICS_MAX_EVENTS == 1
