"""What is imported first loads no heavy library, and quick commands load none at all, so that they answer soon."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = {"torch", "transformers", "chromadb", "gradio", "langchain", "langchain_core", "langgraph", "peft"} | {
    "sklearn",
    "pandas",
    "plotly",
    "jinja2",
}


@pytest.mark.parametrize("module", ["ui.cli", "recmodels.models", "recmodels.request", "agent.events", "memory.store"])
def test_a_light_module_loads_no_heavy_library(module: str) -> None:
    assert heavy_ones_after(f"import {module}") == []


@pytest.mark.parametrize(
    "command", ["--help", "data list", "study list", "memory --help", "ask --plan 'tune sasrec on demo, 6 trials'"]
)
def test_a_quick_command_loads_no_heavy_library(command: str, tmp_path: Path) -> None:
    code = f"import shlex, sys; from ui.cli import app; app(shlex.split({command!r}), standalone_mode=False)"
    assert heavy_ones_after(code, home=tmp_path) == []


def heavy_ones_after(code: str, home: Path | None = None) -> list[str]:
    """The heavy libraries that a process has loaded when it has run `code`."""
    code += f"\nimport sys; print('loaded', *sorted({HEAVY!r} & set(sys.modules)))"
    env = os.environ | ({"RECPILOT_HOME": str(home)} if home else {})
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env=env)
    return run.stdout.splitlines()[-1].split()[1:]
