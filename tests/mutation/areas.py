"""What is mutated and which tests are to notice it, by area: `make mutants AREA=metrics`."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Paths from the root of the repository, with `*`; a folder stands for all below it."""

    sources: tuple[str, ...]
    tests: tuple[str, ...]


_RECORDS = "tests/test_records.py"  # how dataclasses are declared, in every area
AREAS = {
    "metrics": Area(
        sources=("recmodels/metrics",),
        tests=(
            "tests/recmodels/test_beyond_accuracy.py",
            "tests/recmodels/test_cost.py",
            "tests/recmodels/test_diversity_and_fairness.py",
            "tests/recmodels/test_metric_names.py",
            "tests/recmodels/test_prediction_metrics.py",
            "tests/recmodels/test_ranking_metrics.py",
            _RECORDS,
        ),
    ),
    "reranking": Area(
        sources=("recmodels/reranking.py",),
        tests=("tests/recmodels/test_reranking*.py", _RECORDS),
    ),
    "likeness": Area(sources=("memory/likeness.py",), tests=("tests/memory/test_likeness.py", _RECORDS)),
    "deciding": Area(
        sources=("agent/deciding", "agent/objective.py"),
        tests=(
            "tests/agent/deciding",
            "tests/agent/studies/test_decisions.py",
            "tests/agent/test_objective.py",
            _RECORDS,
        ),
    ),
    "standing": Area(
        sources=("agent/standing*.py", "agent/uncertainty.py"),
        tests=("tests/agent/test_standing*.py", "tests/agent/test_uncertainty.py", _RECORDS),
    ),
    "advisor": Area(sources=("agent/advisor",), tests=("tests/agent/advisor", _RECORDS)),
    "confirming": Area(
        sources=("agent/confirming", "agent/confirmation.py"),
        tests=("tests/agent/confirming", "tests/agent/tools/test_confirming.py", _RECORDS),
    ),
    "machine": Area(
        sources=tuple(f"agent/studies/{name}.py" for name in ("machine", "moment", "noise", "steering", "turn")),
        tests=(
            "tests/agent/studies/test_machine*.py",
            "tests/agent/studies/test_noise.py",
            _RECORDS,
        ),
    ),
}


def files_of(root: Path, patterns: tuple[str, ...]) -> list[str]:
    """The Python files that they name, from the root."""
    paths = [path for pattern in patterns for path in sorted(root.glob(pattern))]
    files = [file for path in paths for file in (sorted(path.rglob("*.py")) if path.is_dir() else [path])]
    return [str(file.relative_to(root)) for file in files]


def tests_of(root: Path, area: Area) -> list[str]:
    """The files of tests, from the root."""
    return [path for path in files_of(root, area.tests) if Path(path).name.startswith("test_")]
