"""Of several objectives no trial is called the best that is ahead by one of them alone."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from agent.answers.analysis import _best_by
from agent.answers.explain_trials import compared_words
from agent.answers.trials_in_chinese import compare_trials
from agent.objective import Goal
from agent.results.comparison import Paired, TrialsCompared
from agent.results.trial import TrialShown
from memory.record import TrialRecord


def record(number: int, ndcg: float, coverage: float) -> TrialRecord:
    return TrialRecord(
        id=f"s/{number}", study="s", number=number, dataset="d", model="ease", params={"l2": 1.0}, state="complete",
        objective="ndcg@10", value=ndcg, metrics={"valid_ndcg@10": ndcg, "valid_coverage@10": coverage},
    )  # fmt: skip


def facts(**changed: Any) -> TrialsCompared:
    trials = tuple(
        TrialShown(
            trial=f"s/{n}", number=n, model="ease", params={}, state="complete", objective="ndcg@10", value=0.1 + n
        )
        for n in (0, 1)
    )
    paired = Paired(
        metric="ndcg@10", of=1, minus=0, mean_difference=-0.1, low=-0.2, high=-0.05, confidence=0.95, n_users=9,
        n_seeds=1, is_clear=True,
    )  # fmt: skip
    told = TrialsCompared(
        study="s", goal="maximize ndcg@10, maximize coverage@10", trials=trials, params={}, metrics={}, best=0, of=1,
        minus=0, difference=-0.1, paired=paired,
    )  # fmt: skip
    return replace(told, **changed)


def test_which_is_ahead_is_found_by_each_objective() -> None:
    records = [record(0, 0.3, 0.2), record(1, 0.1, 0.9)]
    study: Any = SimpleNamespace(
        spec=SimpleNamespace(goal=Goal.parse(["ndcg@10", "coverage@10"])), records=lambda: records
    )
    assert _best_by(study, records) == {"ndcg@10": 0, "coverage@10": 1}
    study.spec.goal = Goal.parse(["ndcg@10"])
    assert _best_by(study, records) == {}


def test_none_is_the_best_where_each_is_ahead_by_another_objective() -> None:
    both = facts(best_by={"ndcg@10": 0, "coverage@10": 1})
    assert compared_words(both) == (
        "None of trials 0 and 1 of s, to maximize ndcg@10, maximize coverage@10, is the best by all of them: "
        "trial 0 is ahead by ndcg@10, and clearly so over users; trial 1 is ahead by coverage@10."
    )
    assert "按 ndcg@10 试验 0 领先，按 coverage@10 试验 1 领先" in compare_trials(both)
    assert compared_words(facts(best_by={"ndcg@10": 0, "coverage@10": 0})).startswith("Trial 0 is the best of trials")
