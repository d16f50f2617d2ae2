"""`recpilot plot`: files by their ending, values as JSON, and plain words for what is not legal."""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from agent.errors import UserError
from memory.record import TrialRecord
from ui.cli import plot
from ui.cli.app import app


@pytest.fixture
def command(
    study_of: Callable[..., Any],
    trial: Callable[..., TrialRecord],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Result]:
    studies = {
        "shop-1": study_of(list(map(trial, range(12)))),
        "shop-2": study_of(list(map(trial, range(6))), "shop-2"),
        "new": study_of([], "new"),
    }

    def opened(name: str) -> Any:
        if name not in studies:
            raise UserError(f"there is no study {name!r}")
        return studies[name]

    @contextmanager
    def workspace(**_: Any) -> Iterator[Any]:
        runner = SimpleNamespace(open=opened, peek=opened, names=lambda: list(studies))
        yield SimpleNamespace(runner=runner, settings=SimpleNamespace(reports=tmp_path / "reports"))

    monkeypatch.setattr(plot, "workspace", workspace)
    monkeypatch.setenv("COLUMNS", "400")
    return lambda *words: CliRunner().invoke(app, ["plot", *words])


def test_a_figure_goes_to_the_reports_and_the_command_says_where(
    command: Callable[..., Result], tmp_path: Path
) -> None:
    done = command("shop-1", "history", "--option", "errors=on")
    path = tmp_path / "reports" / "shop-1-history.svg"
    assert done.exit_code == 0 and done.output.endswith(f"{path}\n") and "the best is trial" in done.output
    svg = path.read_text("utf-8")
    assert svg.startswith("<svg ") and "var(--" not in svg and 'width="720"' in svg and "<a" not in svg
    assert ">shop-1: History</" in svg, "a file says of which study it is"


@pytest.mark.parametrize(("ending", "begins"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("html", b"<!doctype html>")])
def test_the_ending_of_the_file_tells_its_kind(
    ending: str, begins: bytes, command: Callable[..., Result], tmp_path: Path
) -> None:
    path = tmp_path / "new" / f"figure.{ending}"
    assert command("shop-1", "pareto", "--out", str(path), "--width", "400").exit_code == 0
    assert path.read_bytes().lstrip().startswith(begins)
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_values_come_as_csv_and_as_json(command: Callable[..., Result], tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    assert command("shop-1", "history", "--out", str(path)).exit_code == 0
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    told = json.loads(command("shop-1", "history", "--json").stdout)
    assert [row["trial"] for row in rows] == [str(value["trial"]) for value in told["values"]] and len(rows) == 12
    assert float(rows[0]["ndcg@10"]) == told["values"][0]["ndcg@10"] and rows[5]["ndcg@10"] == ""
    assert told["file"] is None and not (tmp_path / "reports").exists()


def test_studies_on_the_same_data_are_compared(command: Callable[..., Result]) -> None:
    told = json.loads(command("shop-1", "studies", "--json").stdout)
    assert {value["study"] for value in told["values"]} == {"shop-1", "shop-2"}


def test_the_list_names_each_figure_and_with_a_study_its_options(command: Callable[..., Result]) -> None:
    assert "history" in command("--list").output and "--option" not in command("--list").output
    assert "--option metric=… ndcg@10, coverage@10" in command("shop-1", "--list").output
    kinds = json.loads(command("shop-1", "--list", "--json").stdout)
    assert next(kind for kind in kinds if kind["kind"] == "edf")["options"][0]["choices"][0]["value"] == "shop-2"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("shop-1", "pie"), "there is no figure 'pie'; the figures are history, curves, importance"),
        (("shop-1",), "give a study and a kind of figure"),
        (("shop-1", "history", "--option", "colour=red"), "no option 'colour'; the options are metric, errors, group"),
        (("shop-1", "history", "--option", "metric"), "an option is written name=value, got 'metric'"),
        (("shop-1", "history", "--out", "figure.gif"), "the file must end in .svg, .png, .pdf, .csv, .html"),
        (("shop-1", "history", "--width", "10"), "280"),
    ],
)
def test_what_is_not_legal_is_wrong_usage(words: tuple[str, ...], says: str, command: Callable[..., Result]) -> None:
    done = command(*words)
    assert done.exit_code == 2 and says in " ".join(done.output.replace("│", " ").split())


def test_nothing_to_draw_is_said_and_leaves_no_file(command: Callable[..., Result], tmp_path: Path) -> None:
    done = command("new", "history")
    assert isinstance(done.exception, UserError) and "nothing to draw: No trial has finished yet" in str(done.exception)
    assert json.loads(command("new", "history", "--json").stdout)["empty"].startswith("No trial has finished yet")
    assert not (tmp_path / "reports").exists()


def test_a_file_that_cannot_be_written_is_said_in_words(command: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = command("shop-1", "edf", "--out", str(tmp_path / "file" / "x.svg"))
    assert "cannot be written" in str(done.exception)
