"""Studies and datasets are renamed, deleted and brought back from the command line."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ui.cli.app import app


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch) -> "Run":
    shutil.rmtree(home / "memory")  # of another embedder than the command line's
    monkeypatch.setenv("RECPILOT_HOME", str(home))
    return Run()


class Run:
    def __call__(self, *args: str) -> Result:
        return CliRunner().invoke(app, list(args))


def test_a_study_is_renamed_deleted_and_brought_back(run: Run) -> None:
    assert run("study", "rename", "first", "spring").exit_code == 0
    assert "spring" in run("study", "list").stdout
    gone = run("study", "delete", "spring")
    assert "recpilot study restore first" in gone.stdout
    assert "spring" not in run("study", "list").stdout
    assert run("study", "restore", "first").exit_code == 0
    assert "spring" in run("study", "list").stdout


def test_a_dataset_is_renamed(run: Run) -> None:
    assert run("data", "rename", "tiny", "films").exit_code == 0
    assert "films" in run("data", "list").stdout
    assert run("data", "rename", "nothing", "x").exit_code != 0


def test_waiting_for_a_study_that_has_ended_returns_at_once(run: Run) -> None:
    waited = run("study", "wait")
    assert waited.exit_code == 0 and "first" in waited.stdout and "finished" in waited.stdout


def test_yes_on_the_command_line_agrees_to_what_was_ordered_only(run: Run) -> None:
    asked = run("ask", "delete the study first")
    assert asked.exit_code == 0 and "Shall I" in asked.stdout
    assert "first" in run("study", "list").stdout
    doubtful = run("ask", "--yes", "delete the study first. What do you think?", "--name", "other")
    assert doubtful.exit_code == 0
    assert "first" in run("study", "list").stdout
    assert run("ask", "--yes", "delete the study first", "--name", "third").exit_code == 0
    assert "first" not in run("study", "list").stdout
