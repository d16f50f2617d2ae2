"""Options whose values cannot be are refused with exit status 2, before anything is stored or begun."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ui.cli.app import app

GIVEN = {
    "tune": ("demo", "--model", "item_knn", "--trials", "1"),
    "retune": ("some-study", "--data", "demo"),
    "train": ("demo", "--model", "item_knn"),
    "backtest": ("demo", "--model", "item_knn"),
    "memory measure": ("--dataset", "demo", "--model", "item_knn", "--to", "measured"),
    "memory stats": (),
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECPILOT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.mark.parametrize("command", ["tune", "retune", "train", "backtest", "memory measure"])
@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--device", "tpu", "`device` must be auto, cpu, cuda, cuda:<number> or mps, got 'tpu'"),
        ("--device", "cuda:999", "so no 'cuda:999'; use cpu"),
        ("--seed", "-1", "Input should be greater than or equal to 0"),
    ],
)
def test_no_such_device_or_seed(command: str, option: str, value: str, says: str, home: Path) -> None:
    assert says in refused(command, option, value)
    assert not home.exists()


@pytest.mark.parametrize("command", ["tune", "memory stats"])
@pytest.mark.parametrize("url", ["foo", "localhost:8000", "ftp://localhost:8000", "http://"])
def test_the_url_of_a_memory_that_is_none(command: str, url: str, home: Path) -> None:
    assert f"the URL of the memory must read http://host:port, got '{url}'" in refused(command, "--memory-url", url)
    assert not home.exists()


def test_what_a_measurement_is_chosen_by_is_checked_first(home: Path) -> None:
    done = CliRunner().invoke(app, ["memory", "measure", *GIVEN["memory measure"], "--objective", "nd"])
    assert "unknown metric 'nd'" in str(done.exception)
    assert not done.output


def refused(command: str, *options: str) -> str:
    done = CliRunner().invoke(app, [*command.split(), *GIVEN[command], *options])
    assert done.exit_code == 2, (done.output, done.exception)
    return " ".join(done.output.replace("│", " ").split())
