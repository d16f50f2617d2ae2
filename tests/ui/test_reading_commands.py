"""What the commands say of a file's columns: what was taken for what, or which one is meant, with rows of the file."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from recmodels.errors import AmbiguousColumns
from ui.cli.app import app

ROWS = [(n // 6, (n * 7) % 5 + 100 * (n % 3), n % 10) for n in range(120)]


@pytest.fixture
def triples(tmp_path: Path) -> Path:
    """Items first, then users whose rows lie together: two readings."""
    path = tmp_path / "triples.csv"
    path.write_text("".join(f"{item},{user},{count}\n" for user, item, count in ROWS))
    return path


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("RECPILOT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")

    def invoke(*args: object) -> Result:
        return CliRunner().invoke(app, [str(arg) for arg in args])

    return invoke


@pytest.mark.parametrize("command", [("data", "add"), ("train", "--model", "popularity"), ("data", "describe")])
def test_two_readings_are_a_question_with_rows_and_the_option_that_answers(
    command: tuple[str, ...], run: Any, triples: Path
) -> None:
    asked = run(*command, triples)

    assert asked.exit_code == 1
    lines = asked.stderr.splitlines()
    assert "which column of triples.csv is the user, `column_1` or `column_2`?" in lines[0]
    assert [line.split() for line in lines[1:5]] == [
        ["column_1", "column_2", "column_3"],
        *([str(ROWS[n][1]), str(ROWS[n][0]), str(ROWS[n][2])] for n in (0, 40, 80)),
    ]
    assert lines[5] == "Say it with --column user=column_1 or --column user=column_2"


def test_as_json_the_question_is_an_object(run: Any, triples: Path) -> None:
    asked = run("data", "add", triples, "--json")

    assert asked.exit_code == 1
    question = json.loads(asked.stdout)
    assert question["role"] == "user"
    assert question["choices"] == ["column_1", "column_2"]
    assert question["options"] == ["--column user=column_1", "--column user=column_2"]
    assert list(question["samples"][0].values()) == [str(ROWS[0][1]), str(ROWS[0][0]), str(ROWS[0][2])]
    assert "triples.csv" in question["error"]


def test_the_options_are_quoted_as_a_shell_reads_them() -> None:
    question = AmbiguousColumns("user", ["Email Address", "uid"], "a.csv")
    assert question.to_dict()["options"] == ["--column 'user=Email Address'", "--column user=uid"]


def test_the_option_answers_and_what_was_taken_for_what_is_said(run: Any, triples: Path) -> None:
    trained = run(
        "train", triples, "--model", "popularity", "--column", "user=2", "--column", "item=column_1", "--no-test"
    )

    assert trained.exit_code == 0
    assert "read as user = column_2, item = column_1, weight = column_3" in trained.stdout
    again = run("data", "describe", "triples")
    assert "read as user = column_2, item = column_1, weight = column_3" in again.stdout


def test_columns_are_refused_for_a_dataset_that_was_read_before(run: Any, triples: Path) -> None:
    run("data", "add", triples, "--column", "user=2")

    refused = run("train", "triples", "--model", "popularity", "--column", "user=1")

    assert refused.exit_code == 2
    assert "was read before; give the file" in refused.stderr
