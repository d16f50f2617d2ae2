"""Prompts that ask for yes or no, and a language model with random weights that learns to answer them."""

import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from conftest import Recpilot

TESTS = Path(__file__).parent.parent
pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def model_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    spec = importlib.util.spec_from_file_location("tiny_causal_lm", TESTS / "tiny_causal_lm.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = module.write_tiny_causal_lm(tmp_path / "tiny", chat_template=None)
    monkeypatch.setenv("RECPILOT_CAUSAL_MODEL", str(folder))
    return folder


def write_prompts(folder: Path) -> Path:
    """Eight people like films of war alone; the last two are asked in the test file."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    rows = []
    for _ in range(8):
        titles = [f"{('war', 'love')[i % 2]} {i}" for i in rng.permutation(16)[:10]]
        for stop in range(4, 10):
            liked, disliked = (
                ", ".join(f'"{t}"' for t in titles[stop - 4 : stop] if t.startswith(genre)) for genre in ("war", "love")
            )
            rows.append(
                {
                    "instruction": "Answer.",
                    "input": f"User Preference: {liked}\nUser Unpreference: {disliked}\n"
                    f'Whether the user will like the target movie "{titles[stop]}"?',
                    "output": "Yes." if titles[stop].startswith("war") else "No.",
                }
            )
    (folder / "film_valid.json").write_text(json.dumps(rows[:36]))
    (folder / "film_test.json").write_text(json.dumps(rows[36:]))
    return folder


@pytest.mark.slow
def test_prompts_are_added_and_a_language_model_is_trained_and_tuned_on_them(
    recpilot: "Recpilot", model_folder: Path, tmp_path: Path
) -> None:
    added = recpilot.json("data", "add", str(write_prompts(tmp_path / "films")))
    assert added["name"] == "films"
    assert any("8 users were told apart in 48 prompts" in note for note in added["notes"])

    quick = [
        argument
        for name, value in {"adapter": "full", "learning_rate": 0.01, "history_length": 4, "batch_tokens": 512}.items()
        for argument in ("--set", f"{name}={value}")
    ]
    what = ("films", "--model", "llm_ranker", "--objective", "auc")
    trained = recpilot.json("train", *what, *quick, "--epochs", "6")
    assert trained["split"] == "given"
    assert trained["metrics"]["test_auc"] > 0.9
    assert (Path(trained["checkpoint"]) / "causal_model.json").is_file()

    tuned = recpilot.json("tune", *what, "--trials", "2", "--epochs", "1")
    assert [trial["state"] for trial in tuned["trials"]] == ["complete", "complete"]
    assert {trial["model"] for trial in tuned["trials"]} == {"llm_ranker"}


def test_without_a_language_model_the_command_says_how_to_give_one(recpilot: "Recpilot", tmp_path: Path) -> None:
    folder = write_prompts(tmp_path / "films")
    run = recpilot.here("train", str(folder), "--model", "llm_ranker", "--objective", "auc")
    assert run.returncode != 0
    assert "RECPILOT_CAUSAL_MODEL" in run.stderr
    assert "Traceback" not in run.stderr
