"""Imports run one way: ui → agent → {memory, recmodels}; memory and recmodels know nothing of each other."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "recmodels": {"recmodels"},
    "memory": {"memory"},
    "agent": {"agent", "memory", "recmodels"},
    "ui": {"ui", "agent", "memory", "recmodels"},
}
HEAVY = {"torch", "transformers", "chromadb", "gradio", "langchain", "peft"}


def imported_packages(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.partition(".")[0])
    return found & set(MAY_IMPORT)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_what_lies_below_it(package: str) -> None:
    files = sorted((ROOT / package).rglob("*.py"))
    assert files, package
    wrong = {str(file.relative_to(ROOT)): imported_packages(file) - MAY_IMPORT[package] for file in files}
    assert not {file: packages for file, packages in wrong.items() if packages}


@pytest.mark.parametrize("module", ["ui.cli", "recmodels.models", "recmodels.request", "agent.events", "memory.store"])
def test_a_light_module_loads_no_heavy_library(module: str) -> None:
    code = f"import sys, {module}; print(*sorted({HEAVY!r} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.strip() == ""
