"""`recpilot replay`: what it shows, and the exit status by which a recording is a test."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.recording.lines import FileLines
from agent.recording.recorder import Recorder
from ui.cli.app import app

RUN = CliRunner()


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """A recording of a turn of a chat without a language model."""
    args = ["ask", "hello", "--llm", "none", "--record", str(tmp_path / "r")]
    assert RUN.invoke(app, args, env={"RECPILOT_HOME": str(tmp_path / "home")}).exit_code == 0
    return tmp_path / "r"


def test_a_recording_is_shown_checked_and_found_to_differ(recorded: Path) -> None:
    shown = RUN.invoke(app, ["replay", str(recorded)])
    assert "hello" in shown.output and shown.output.count("There is no language model") == 1
    assert "Answer: There is no language model" in shown.output
    same = RUN.invoke(app, ["replay", str(recorded), "--check"])
    assert (same.exit_code, same.output) == (0, "1 turn and 0 decisions run again: all the same.\n")
    [file] = recorded.iterdir()
    file.write_text(file.read_text().replace('"text": "There is no', '"text": "There was no'))
    differs = RUN.invoke(app, ["replay", str(recorded), "--check"])
    assert differs.exit_code == 1
    assert "“hello”: answer differs" in differs.output and "1 difference." in differs.output
    document = json.loads(RUN.invoke(app, ["replay", str(recorded), "--check", "--json"]).output)
    assert (document["is_same"], document["n_turns"], len(document["differences"])) == (False, 1, 1)


def test_the_lines_come_as_json(recorded: Path) -> None:
    document = json.loads(RUN.invoke(app, ["replay", str(recorded), "--json"]).output)
    assert [line["kind"] for line in document["passages"][0]["lines"]] == ["turn", "reply", "answer"]


def test_a_recording_that_was_cut_off_says_so(tmp_path: Path) -> None:
    lines = FileLines(tmp_path)
    Recorder(lines).chat("one").begin("hello", (), "none", ())
    lines.close()
    [file] = tmp_path.iterdir()
    file.write_text(file.read_text() + '{"kind": "ans')
    shown = RUN.invoke(app, ["replay", str(tmp_path)]).output
    assert "The recording ends here, in the middle." in shown and "1 line was cut off" in shown
    checked = RUN.invoke(app, ["replay", str(tmp_path), "--check"])
    assert checked.exit_code == 1
    assert "not checked, since it was cut off before its end" in checked.output and "; 1 not checked." in checked.output


def test_one_file_of_a_recording_can_be_given(recorded: Path, tmp_path: Path) -> None:
    [file] = recorded.iterdir()
    assert RUN.invoke(app, ["replay", str(file)]).output == RUN.invoke(app, ["replay", str(recorded)]).output
    (tmp_path / "notes.txt").write_text("x")
    other = RUN.invoke(app, ["replay", str(tmp_path / "notes.txt")])
    assert other.exit_code == 1 and "notes.txt is no file of a recording, whose names end in .jsonl" in str(
        other.output + str(other.exception)
    )


@pytest.mark.parametrize("args", [["--live-results"], ["--recorded-results"], ["--check", "--prompts"]])
def test_an_option_that_would_have_no_effect_is_wrong_usage(recorded: Path, args: list[str]) -> None:
    assert RUN.invoke(app, ["replay", str(recorded), *args]).exit_code == 2
