"""The front that is told in words is of trials that meet the constraints."""

from types import SimpleNamespace
from typing import Any

from agent.answers.analysis import show_tradeoffs
from agent.answers.explain import word
from agent.objective import Goal
from memory.record import TrialRecord


def told(*values: tuple[float, float], least: float) -> str:
    records = tuple(
        TrialRecord(
            id=f"s/{n}", study="s", number=n, dataset="demo", model="ease", params={"l2": float(n + 1)},
            state="complete", objective="ndcg@10", value=value,
            metrics={"valid_ndcg@10": value, "valid_coverage@10": coverage},
        )
        for n, (value, coverage) in enumerate(values)
    )  # fmt: skip
    goal = Goal.parse(["ndcg@10"], [f"coverage@10>={least}"])
    study: Any = SimpleNamespace(title="shop", spec=SimpleNamespace(goal=goal), records=lambda: records)
    facts = show_tradeoffs(study)
    assert facts.n_front + facts.n_beaten + facts.n_infeasible == len(records)
    return word("show_tradeoffs", facts)


def test_a_trial_that_breaks_a_constraint_is_not_on_the_front_and_beats_none() -> None:
    says = told((0.3, 0.1), (0.2, 0.6), (0.1, 0.5), least=0.5)
    assert "| 1 |" in says and "| 0 |" not in says and "| 2 |" not in says
    assert "1 trial that breaks coverage@10 >= 0.5 is left out." in says
    assert "left out" not in told((0.3, 0.1), (0.2, 0.6), least=0.1)


def test_where_none_meets_the_constraints_there_is_no_front() -> None:
    assert told((0.3, 0.1), least=0.5) == (
        "No complete trial of shop that measured ndcg@10 and coverage@10 meets coverage@10 >= 0.5."
    )
