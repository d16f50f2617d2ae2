"""A command that follows its study ends when the study does nothing more here, and says what stops with it."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from agent.events import Event
from agent.studies.runner import StudyRunner
from agent.studies.study import Study
from agent.studies.study_spec import StudySpec
from tests.campaign.small import runner_at
from ui.cli.common import follow


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[StudyRunner]:
    opened = runner_at(tmp_path)
    yield opened
    opened.shutdown()


def spec(**changed: object) -> StudySpec:
    return StudySpec.create(**{"dataset": "tiny", "models": ["ease"], "n_trials": 2, "sampler": "random"} | changed)  # type: ignore[arg-type]


def followed(study: Study) -> tuple[bool, str]:
    """Whether it came to its end, and what was printed."""
    out = io.StringIO()
    is_done = follow(study, Console(file=out, width=120))
    return is_done, out.getvalue()


def test_following_ends_where_the_study_waits_for_the_person(runner: StudyRunner) -> None:
    study = runner.start(spec(needs_approval=True))
    is_done, said = followed(study)
    assert is_done and study.state == "waiting" and "waiting: for the person's approval" in said


def test_following_a_study_that_nobody_works_on_here_ends_at_once(runner: StudyRunner) -> None:
    assert followed(runner.create(spec())) == (True, "\n")


def test_following_goes_to_the_end_of_the_study_and_tells_it(runner: StudyRunner) -> None:
    study = runner.start(spec())
    is_done, said = followed(study)
    assert is_done and "It ended: 2 of 2 trials done" in said


def test_ctrl_c_says_what_is_kept_before_anything_else_and_stops_the_study(
    runner: StudyRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, watch = runner.start(spec(needs_approval=True, n_trials=5)), Study.watch
    interrupted: list[bool] = []

    def watched(self: Study, after: int = 0) -> Iterator[Event]:
        if interrupted:
            yield from watch(self, after)
            return
        interrupted.append(True)
        raise KeyboardInterrupt

    monkeypatch.setattr(Study, "watch", watched)
    is_done, said = followed(study)
    assert not is_done and not study.is_at_work
    assert said.split("\n", 1)[0] == (
        "Study tiny-1 stops here with 0 of 5 trials done, which are kept. Go on with: recpilot study resume tiny-1"
    )
    assert "It ended" not in said and "on the way" not in said
