"""What is imported first loads no heavy library, so that commands answer soon."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = {"torch", "transformers", "chromadb", "gradio", "langchain", "peft"}


@pytest.mark.parametrize("module", ["ui.cli", "recmodels.models", "recmodels.request", "agent.events", "memory.store"])
def test_a_light_module_loads_no_heavy_library(module: str) -> None:
    code = f"import sys, {module}; print(*sorted({HEAVY!r} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.strip() == ""
