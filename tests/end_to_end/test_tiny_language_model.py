"""Whole studies steered by a language model with random weights: decoding is constrained, so every decision is legal.

Once in the process, through transformers, and once through a real OpenAI-compatible server process.
"""

import importlib.util
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Recpilot

TESTS = Path(__file__).parent.parent
pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    spec = importlib.util.spec_from_file_location("tiny_causal_lm", TESTS / "tiny_causal_lm.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("model") / "tiny"
    module.write_tiny_causal_lm(folder, seed=0)
    return folder


@pytest.fixture
def server(model_folder: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    script = TESTS / "agent" / "llm" / "grammar_server.py"
    process = subprocess.Popen([sys.executable, "-P", str(script), str(model_folder), str(port)])
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.2)
    yield f"http://127.0.0.1:{port}/v1"
    process.kill()
    process.wait()


def check_study(recpilot: "Recpilot", tiny_csv: Path, *llm: str) -> None:
    document = recpilot.json("tune", str(tiny_csv), "--model", "ease", "--trials", "3", *llm)
    assert [trial["state"] for trial in document["trials"]] == ["complete"] * 3
    assert all(1 <= trial["params"]["l2"] <= 10_000 for trial in document["trials"])
    notes = [trial["note"] or "" for trial in document["trials"]]
    assert not any("did not decide" in note for note in notes), notes
    assert recpilot.attempts_to_leave() == []


def test_a_study_runs_to_its_end_with_a_random_model_in_the_process(
    recpilot: "Recpilot", tiny_csv: Path, model_folder: Path
) -> None:
    check_study(recpilot, tiny_csv, "--llm", str(model_folder))


@pytest.mark.slow
def test_a_study_runs_to_its_end_with_a_random_model_behind_a_server(
    recpilot: "Recpilot", tiny_csv: Path, server: str
) -> None:
    check_study(recpilot, tiny_csv, "--llm", server, "--llm-model", "tiny")


def test_what_a_random_model_says_again_and_again_is_told_as_a_failure(
    recpilot: "Recpilot", model_folder: Path
) -> None:
    run = recpilot.here("ask", "which datasets are there?", "--llm", str(model_folder))
    assert run.returncode == 1
    assert "The language model failed" in run.stdout
    assert "Traceback" not in run.stdout + run.stderr
