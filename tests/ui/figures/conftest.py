"""Plain records of a study of two models, with all that figures have to show."""

import dataclasses
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agent.baseline import Baseline
from agent.objective import Goal
from agent.proposal import Proposal
from agent.standing import best_of
from agent.studies.begun import Begun
from agent.studies.study_spec import StudySpec
from memory.record import TrialRecord
from recmodels.models import whole_space
from recmodels.search_space import SearchSpace
from ui.figures import StudyData, study_data
from ui.figures.study_data import Running

MODELS = ("bpr_mf", "sasrec")


def tried(number: int, **more: Any) -> TrialRecord:
    """Trial `number`, better the nearer its learning rate is to 0.01; 3 is pruned, 5 failed."""
    model = MODELS[number % 2]
    rate = 10 ** (-4 + number * 0.37 % 3)
    value = 0.2 - 0.03 * abs(math.log10(rate) + 2) + 0.001 * (number % 4)
    state = {3: "pruned", 5: "failed"}.get(number, "complete")
    params = whole_space(model).defaults() | {"learning_rate": rate, "embedding_size": 16 * (1 + number % 5)}
    record = TrialRecord(
        id=f"s/{number}",
        study="s",
        number=number,
        dataset="demo",
        model=model,
        params=params,
        state=state,  # type: ignore[arg-type]
        reason={"pruned": "behind the median", "failed": "diverged"}.get(state),
        objective="ndcg@10",
        value=None if state == "failed" else value,
        metrics={}
        if state == "failed"
        else {"valid_ndcg@10": value, "valid_coverage@10": 0.9 - 2 * value, "latency_ms": value},
        curve=() if state == "failed" else tuple(value * (1 - math.exp(-epoch / 3)) for epoch in range(1, 9)),
        cost={"train_s": 10.0 + number, "epochs": 8.0},
        proposer="gp" if number > 1 else "defaults",
        finished_at=f"2026-11-29T10:{number:02d}:30+00:00",
    )
    return dataclasses.replace(record, **more)


def surrogate_of(records: tuple[TrialRecord, ...], goal: Goal) -> Callable[[str], Any]:
    """The project's own, fitted to these records."""
    spaces = {model: whole_space(model) for model in MODELS}
    spec = SimpleNamespace(goal=goal, models=MODELS, seed=0, space=whole_space)
    study: Any = SimpleNamespace(spec=spec, spaces=lambda: spaces, records=lambda: records)
    return lambda model: study_data.surrogate_of_study(study, model)


def studied(n: int = 12, **more: Any) -> StudyData:
    """A study of `n` trials, one of which is running."""
    goal = Goal.parse(["ndcg@10"], ["coverage@10>=0.5"])
    records = more.get("all_records", tuple(map(tried, range(n))))
    usual: dict[str, Any] = {
        "name": "shop",
        "goal": goal,
        "all_records": records,
        "baselines": (Baseline(model="popularity", params={}, value=0.05),),
        "running": Running(number=n, model="sasrec", curve=(0.02, 0.05), epochs=8),
        "spaces": {model: whole_space(model) for model in MODELS},
        "dataset": "demo",
        "surrogate": surrogate_of(records, more.get("goal", goal)),
    }
    return StudyData(**(usual | more))


@pytest.fixture(scope="session")
def data() -> StudyData:
    return studied(others=(studied(9, name="club"), studied(0, name="empty")))


@pytest.fixture(scope="session")
def make() -> Callable[..., StudyData]:
    """A study of `n` trials with other fields."""
    return studied


@pytest.fixture(scope="session")
def trial() -> Callable[..., TrialRecord]:
    """A trial with other fields."""
    return tried


class Study:
    """A study of such records, as far as commands and the report look at it."""

    def __init__(self, folder: Path, records: Sequence[TrialRecord], name: str = "shop-1") -> None:
        self.spec = StudySpec.create(name=name, dataset="demo", models=list(MODELS), n_trials=len(records) or 1)
        self.name = self.title = name
        self.begun = Begun()
        self.place = SimpleNamespace(checkpoints=folder)
        self._records = tuple(records)

    def records(self) -> tuple[TrialRecord, ...]:
        return self._records

    def best(self) -> TrialRecord | None:
        return best_of(self.spec.goal, self._records)

    def running(self) -> None:
        return None

    def baselines(self) -> tuple[Baseline, ...]:
        return (Baseline(model="popularity", params={}, value=0.05, low=0.04, high=0.06),)

    def spaces(self) -> dict[str, SearchSpace]:
        return {model: whole_space(model) for model in MODELS}

    def proposal(self, number: int) -> Proposal:
        return Proposal(number=number, model="sasrec", params={}, proposer="gp", rationale="<i>why</i> {{ 1 + 1 }}")

    def status(self) -> Any:
        return SimpleNamespace(objective="maximize ndcg@10", elapsed_s=60.0, n_finished=len(self._records))


@pytest.fixture(scope="session")
def study_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Study]:
    """A study of these records."""
    folder = tmp_path_factory.mktemp("checkpoints")
    return lambda records, name="shop-1": Study(folder, records, name)
