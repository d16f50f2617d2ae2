"""What is imported first loads no heavy library, and quick commands load none at all, so that they answer soon."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = {"torch", "transformers", "peft", "chromadb", "gradio", "langchain", "langchain_core", "langgraph"}
HEAVY |= {"sklearn", "pandas", "matplotlib", "jinja2"}


LIGHT = ["ui.cli.app", "recmodels.models", "recmodels.request", "recmodels.data.reading.writing", "agent.events"]


@pytest.mark.parametrize("module", [*LIGHT, "memory.store"])
def test_a_light_module_loads_no_heavy_library(module: str) -> None:
    assert heavy_ones_after(f"import {module}") == []


@pytest.mark.parametrize("command", ["study list", "ask --plan 'tune sasrec on demo, 6 trials'"])
def test_a_quick_command_loads_no_heavy_library(command: str, tmp_path: Path) -> None:
    assert heavy_ones_after(running(command), {*HEAVY, "polars", "scipy"}, home=tmp_path) == []


def test_a_file_is_read_without_loading_what_reads_it(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("user,item\n1,2\n2,3\n")
    loaded = heavy_ones_after(running(f"data add {tmp_path / 'a.csv'}"), {*HEAVY, "polars", "numpy"}, home=tmp_path)
    assert loaded == []
    assert (tmp_path / "datasets" / "a" / "interactions.parquet").is_file()


@pytest.mark.parametrize("command", ["--help", "memory --help", "data list"])
def test_a_command_that_opens_no_ledger_loads_no_database_either(command: str, tmp_path: Path) -> None:
    assert heavy_ones_after(running(command), {*HEAVY, "optuna", "sqlalchemy"}, home=tmp_path) == []


def running(command: str) -> str:
    return f"import shlex; from ui.cli.app import app; app(shlex.split({command!r}), standalone_mode=False)"


def heavy_ones_after(code: str, heavy: set[str] = HEAVY, home: Path | None = None) -> list[str]:
    """The ones of `heavy` that a process has loaded when it has run `code`."""
    code += f"\nimport sys; print('loaded', *sorted({heavy!r} & set(sys.modules)))"
    env = os.environ | ({"RECPILOT_HOME": str(home)} if home else {})
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env=env)
    return run.stdout.splitlines()[-1].split()[1:]
