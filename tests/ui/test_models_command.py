"""`recpilot models`: what it prints, that it asks before it removes, and what the page offers then."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from agent.errors import UserError
from agent.settings import Settings
from recmodels.pretrained.shelf import RECORD
from ui.cli.app import app


def keep(home: Path, name: str, **about: Any) -> Path:
    """A model as `recpilot models add` leaves it, without weights."""
    folder = home / "models" / name
    folder.mkdir(parents=True)
    said = {"format": 1, "source": "the package tiny 1.0", "n_parameters": 135e6, "context": 8192, "licence": "mit"}
    (folder / RECORD).write_text(json.dumps(said | about))
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECPILOT_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def run(*args: str, stdin: str = "") -> Any:
    return CliRunner().invoke(app, ["models", *args], input=stdin)


def test_the_list_says_size_parameters_context_licence_and_origin(home: Path) -> None:
    (keep(home, "tiny") / "model.safetensors").write_bytes(bytes(3_000_000))
    assert run("list").stdout == (
        "tiny  3 MB on disk, 135 million parameters, 8,192 tokens of context, licence mit, from the package tiny 1.0\n"
    )
    (found,) = json.loads(run("list", "--json").stdout)
    assert (found["name"], found["parameters"], found["context"], found["licence"]) == ("tiny", 135e6, 8192, "mit")
    assert found["bytes"] > 3_000_000


def test_an_empty_list_says_how_to_add_one(home: Path) -> None:
    assert "`recpilot models add` with smollm2" in run("list").stdout
    assert json.loads(run("list", "--json").stdout) == []


def test_removing_asks_and_does_nothing_without_a_yes(home: Path) -> None:
    folder = keep(home, "tiny")
    for answer in ("n\n", ""):
        assert run("remove", "tiny", stdin=answer).exit_code == 1
        assert folder.is_dir()
    assert "Removed tiny." in run("remove", "tiny", stdin="y\n").stdout
    assert not folder.exists()


def test_removing_in_a_script_prints_one_document(home: Path) -> None:
    keep(home, "tiny")
    assert json.loads(run("remove", "tiny", "--yes", "--json").stdout) == {"removed": "tiny"}
    assert isinstance(run("remove", "tiny", "--yes").exception, UserError)


def test_what_cannot_be_added_is_one_sentence_with_what_can(home: Path) -> None:
    failed = run("add", "smolm2")
    assert isinstance(failed.exception, UserError)
    assert "give smollm2, a GGUF file, a folder" in str(failed.exception)


def test_a_kept_model_may_be_chosen_while_a_key_is_set_since_it_asks_no_server(home: Path) -> None:
    started = Settings(llm="https://models.example.org/v1", llm_api_key="secret")
    assert started.switched("tiny", None, started).llm == "tiny"
