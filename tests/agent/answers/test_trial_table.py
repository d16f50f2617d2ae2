"""The table of trials: each value as a column, filters with and, or, not, any order, and what is left out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from agent.answers.trial_filter import filter_of
from agent.answers.trial_table import trial_table
from agent.errors import UserError
from agent.objective import Goal
from agent.results.kept import as_json
from memory.record import TrialRecord


def record(
    number: int, value: float | None = None, params: Mapping[str, Any] | None = None, **more: Any
) -> TrialRecord:
    found: dict[str, Any] = {
        "id": f"s/{number}",
        "study": "s",
        "number": number,
        "dataset": "d",
        "model": "ease",
        "params": {"l2": float(number)} if params is None else params,
        "state": "complete",
        "objective": "ndcg@10",
        "value": value,
        "metrics": {} if value is None else {"valid_ndcg@10": value, "valid_coverage@10": 1 - value},
        "cost": {"train_s": 10.0 - number},
        "proposer": "gp",
        "seed": 100 + number,
    }
    return TrialRecord(**(found | more))


RECORDS = (
    record(0, 0.2, proposer="defaults"),
    record(1, 0.4, model="bpr_mf", params={"dropout": 0.1}, expected=0.3, curve=(0.1, 0.4, None, 0.3)),
    record(2, None, state="failed", reason="out of memory"),
    record(3, 0.3, proposer="llm", rationale="“odd” text\nof a model"),
    record(4, 0.1, model="bpr_mf", params={"dropout": 0.1}),
    record(5, 0.15, state="pruned", reason="hopeless", params={"l2": 9.0}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Studied:
    """As much of a study as a table looks at."""

    trials: tuple[TrialRecord, ...] = RECORDS
    title: str = "s"

    @property
    def spec(self) -> Any:
        return self

    @property
    def goal(self) -> Goal:
        return Goal.parse(("ndcg@10",), ("coverage@10>=0.65",))

    def records(self) -> tuple[TrialRecord, ...]:
        return self.trials


def numbers(*args: Any, **more: Any) -> list[Any]:
    return [row[0] for row in trial_table(Studied(), *args, **more).rows]  # type: ignore[arg-type]


def cells(column: str) -> dict[Any, Any]:
    table = trial_table(Studied(), [column])  # type: ignore[arg-type]
    return {row[0]: row[1] for row in table.rows}


@pytest.mark.parametrize(
    ("text", "fitting"),
    [
        ("model=ease", {0, 2, 3, 5}),
        ("ease", {0, 2, 3, 5}),
        ("state=failed or proposer=llm", {2, 3}),
        ("model=ease and ndcg@10>0.2", {3}),
        ("model=ease and ndcg>0.2", {3}),
        ("(model=bpr_mf or proposer=llm) and ndcg@10>=0.3", {1, 3}),
        ("model=bpr_mf or proposer=llm and ndcg@10>=0.35", {1, 4}),
        ("state=failed and state=pruned", {2, 5}),
        ("failed, pruned", {2, 5}),
        ("not complete", {2, 5}),
        ("not (failed or pruned) and dropout=0.1", {1, 4}),
        ("reason~memory", {2}),
        ("rationale ~ 'odd'", {3}),
        ("surprise>0.05", {1}),
        ("seed=103", {3}),
        ("train_s<6.5", {4, 5}),
        ("feasible", {0, 1, 3, 4}),  # those of bpr_mf, which are repeats, by their mean coverage of 0.75
        ("state!=feasible", {2, 5}),
        ("coverage@10>65%", {0, 3, 4, 5}),
        ("epochs_run=4", {1}),
        ("repeats=1", {4}),
    ],
)
def test_a_filter_shows_the_trials_that_fit(text: str, fitting: set[int]) -> None:
    assert set(numbers(filter=text)) == fitting


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("colour=red", "no trial has 'colour'"),
        ("(model=ease", "bracket"),
        ("model=ease)", "cannot be read"),
        ("model=ease and", "reads like"),
        ("__import__('os')", "reads like"),
        ("test_ndcg@10>0.1", "sealed"),
        ("not " * 50 + "ease", "too many"),
    ],
)
def test_a_filter_that_cannot_be_read_says_how_one_reads(text: str, rule: str) -> None:
    with pytest.raises(UserError, match=rule):
        numbers(filter=text)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (None, [3, 1, 4, 0, 5, 2]),
        ("coverage@10", [4, 5, 0, 3, 1, 2]),
        ("coverage@10 asc", [1, 3, 0, 5, 4, 2]),
        ("train_s", [5, 4, 3, 2, 1, 0]),
        ("-train_s", [0, 1, 2, 3, 4, 5]),
        ("train_s desc", [0, 1, 2, 3, 4, 5]),
        ("number", [0, 1, 2, 3, 4, 5]),
    ],
)
def test_rows_come_best_first_or_in_the_order_asked_for_and_those_without_a_value_last(
    sort: str | None, order: list[int]
) -> None:
    assert numbers(sort=sort) == order


def test_what_is_worked_out_of_a_trial_is_a_column_too() -> None:
    assert cells("surprise")[1] == pytest.approx(0.1)
    assert cells("repeats")[4] == 1
    assert cells("repeats")[1] is None
    assert cells("best_epoch")[1] == 2
    assert cells("epochs_run")[1] == 4
    assert cells("curve")[1] == "1: 0.1, 2: 0.4, 4: 0.3"
    assert cells("curve")[0] is None


def test_a_long_curve_is_a_few_points_with_the_first_the_best_and_the_last() -> None:
    curve = tuple(0.5 - abs(epoch - 33) / 100 for epoch in range(1, 101))
    study = Studied(trials=(record(0, 0.5, curve=curve),))
    shown = trial_table(study, ["curve"]).rows[0][1]  # type: ignore[arg-type]
    epochs = [int(part.split(":")[0]) for part in str(shown).split(", ")]
    assert (epochs[0], epochs[-1]) == (1, 100)
    assert 33 in epochs
    assert len(epochs) <= 7


def test_a_kind_of_column_stands_for_all_of_its_kind() -> None:
    assert trial_table(Studied(), ["params", "metrics", "costs"]).columns == (  # type: ignore[arg-type]
        "number",
        "l2",
        "dropout",
        "ndcg@10",
        "coverage@10",
        "train_s",
    )


def test_texts_of_models_and_errors_are_quoted_and_of_one_line() -> None:
    text = cells("rationale")[3]
    assert text.startswith("“") and text.endswith("”") and "\n" not in text
    assert text.count("”") == 1


def test_of_five_hundred_trials_a_small_table_says_how_many_it_leaves_out() -> None:
    study: Any = Studied(
        trials=tuple(record(n, n / 1000, params={f"p{k}": n + k for k in range(6)}) for n in range(500))
    )
    table = trial_table(study)
    assert len(json.dumps(as_json(table))) < 6000
    assert table.n == 500 == len(table.rows) + table.n_left_out
    assert table.rows[0][0] == 350  # the best that meets the constraint
    assert len(trial_table(study, limit=3).rows) == 3
    assert trial_table(study, limit=3, filter="number<10").n_left_out == 7


def test_a_filter_of_every_sign_reads_the_number_behind_it() -> None:
    fits = filter_of("l2!=3 and l2<=4 and l2>=3 and number<5", RECORDS, ())
    assert [r.number for r in RECORDS if fits(r)] == []
    fits = filter_of("number!=3 and number<=4 and number>=3", RECORDS, ())
    assert [r.number for r in RECORDS if fits(r)] == [4]
