"""Sums are read by a grammar: right for every expression, and never run as code."""

import math
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.answers.calculation import calculate
from agent.errors import UserError
from agent.objective import Goal
from memory.record import TrialRecord

NUMBERS = st.floats(0, 1e6, allow_nan=False).map(lambda value: f"{value:.6g}".replace("e+", "e"))
SUMS = st.recursive(
    NUMBERS,
    lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner, st.booleans()).map(
        lambda parts: f"({parts[0]} {parts[1]} {parts[2]})" if parts[3] else f"{parts[0]} {parts[1]} {parts[2]}"
    ),
    max_leaves=12,
)


@given(text=SUMS)
def test_every_sum_comes_out_as_python_would_have_it(text: str) -> None:
    expected = eval(text, {"__builtins__": {}})  # noqa: S307 - of numbers and signs that were drawn above
    assert math.isclose(calculate(text, None).result, expected, rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("2 + 3 * 4", 14),
        ("(2 + 3) * 4", 20),
        ("-2^2", -4),
        ("2^-1", 0.5),
        ("2^3^2", 512),
        ("2**3", 8),
        ("12 / 3 / 2", 2),
        ("7 − 2 × 3 ÷ 6", 6),
        ("50% of".removesuffix(" of"), 0.5),
        ("1,024 * 2", 2048),
        ("1e-3 * 1000", 1),
        (".5 + .25", 0.75),
        ("10 minus 4 divided by 2", 8),
        ("3 plus 4 times 2 =", 11),
        ("the difference between 9 and 4", 5),
        ("the ratio of 9 to 4", 2.25),
        ("--3", 3),
        ("sqrt(16) + abs(-2)", 6),
        ("the square root of 9", 3),
        ("5% of 200", 10),
        ("the mean of 1, 2 and 6", 3),
        ("sum of 1, 2 and 1,000", 1003),
        ("the percentage change from 4 to 5", 0.25),
        ("8 vs 3", 5),
    ],
)
def test_signs_words_and_their_order(text: str, result: float) -> None:
    assert calculate(text, None).result == pytest.approx(result)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1 / 0", "divides by 0"),
        ("1 / (2 - 2)", "divides by 0"),
        ("9^9^9^9", "a power is at most"),
        ("1e300 * 1e300", "no finite result"),
        ("(-8)^0.5", "no real result"),
        ("(1 + 2", "not closed"),
        ("1 +", "reads like"),
        ("", "reads like"),
        ("1 2", "reads like"),
        ("__import__('os').system('ls')", "cannot be read"),
        ("exit()", "cannot be read"),
        ("a.b", "cannot be read"),
        ("(" * 150 + "1", "too many brackets"),
        ("-" * 250 + "1", "too many brackets"),
        ("trial 3 - trial 0", "no study yet"),
    ],
)
def test_what_is_no_sum_or_has_no_result_is_refused(text: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        calculate(text, None)


@given(text=st.text(max_size=40))
def test_no_text_does_anything_but_give_a_number_or_a_sentence(text: str) -> None:
    try:
        found: Any = calculate(text, None).result
    except UserError:
        return
    assert math.isfinite(found)


def trial(number: int, value: float | None, train_s: float, proposer: str = "gp", model: str = "ease") -> TrialRecord:
    return TrialRecord(
        id=f"s/{number}",
        study="s",
        number=number,
        dataset="d",
        model=model,
        params={"l2": 10.0 * number, "loss": "bpr"},
        state="complete" if value is not None else "failed",
        objective="recall@10",
        value=value,
        metrics={} if value is None else {"valid_recall@10": value, "valid_ndcg@10": value / 2},
        cost={"train_s": train_s},
        proposer=proposer,
    )


class Studied:
    """As much of a study as a sum looks at."""

    title = "s"
    spec = SimpleNamespace(goal=Goal.parse(("recall@10",), ()))
    _records = (trial(0, 0.2, 30, "defaults"), trial(1, 0.25, 60), trial(2, None, 5), trial(3, 0.4, 90))

    def records(self) -> tuple[TrialRecord, ...]:
        return self._records

    def record(self, number: int) -> TrialRecord:
        if number not in range(len(self._records)):
            raise UserError(f"study 's' has no finished trial {number}; its finished trials are 0, 1, 2, 3")
        return self._records[number]

    def best(self) -> TrialRecord:
        return self._records[3]


def of_study(text: str) -> Any:
    return calculate(text, Studied())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("t3.recall@10 - t0.recall@10", 0.2),
        ("{t3.recall@10} - {t0.recall@10}", 0.2),
        ("(t3.recall@10 - t0.recall@10) / t0.recall@10", 1.0),
        ("trial 3.ndcg@10", 0.2),
        ("t3.ndcg", 0.2),
        ("t3 - t0", 0.2),
        ("best - defaults", 0.2),
        ("best.train_s / 60", 1.5),
        ("train_s of the best / 60", 1.5),
        ("mean(t0.recall@10, t1.recall@10)", 0.225),
        ("t3.recall@10 - mean(t0.recall@10, t1.recall@10)", 0.175),
        ("max(t0.train_s, t1.train_s, 12)", 60),
        ("min(100, 200)", 100),
        ("sum(1,2,3)", 6),
        ("2 * max(1, min(5, 3))", 6),
        ("std(1, 3)", math.sqrt(2)),
        ("median(5, 1, 3)", 3),
        ("sum(train_s of all trials) / 60", 185 / 60),
        ("max(all.train_s)", 90),
        ("mean(recall@10 over all trials)", 0.85 / 3),
        ("mean((t0.recall@10 + 0.1), 0.5)", 0.4),
        ("t1.l2 / t3.l2", 1 / 3),
        ("ndcg@10 of trial 3 - ndcg@10 of trial 0", 0.1),
        ("how much better is trial 3 than trial 0", 0.2),
    ],
)
def test_values_of_trials_are_named_by_their_ids_or_in_words(text: str, result: float) -> None:
    assert of_study(text).result == pytest.approx(result)


def test_two_values_come_with_their_difference_ratio_and_share_and_each_is_named() -> None:
    found = of_study("t3.recall@10 - t0.recall@10")
    assert [(one.what, one.value) for one in found.values] == [
        ("recall@10 of trial 3", 0.4),
        ("recall@10 of trial 0", 0.2),
    ]
    assert (found.difference, found.ratio, found.relative_change) == pytest.approx((0.2, 2.0, 1.0))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("t9.recall@10", "finished trials are 0, 1, 2, 3"),
        ("t3.recal@10", "no trial has"),
        ("t3.test_recall@10", "sealed"),
        ("test recall@10 of trial 3", "sealed"),
        ("t2.recall@10", "trial 2 has no number for recall@10"),
        ("t3.loss", "no number for loss"),
        ("t3.__class__", "cannot be read"),
        ("mean()", "reads like"),
        ("mean(1, 2", "not closed"),
        ("std(1)", "two values"),
        ("train_s of all trials", "reads like"),
        ("1, 2", "reads like"),
        ("open('x')", "cannot be read"),
    ],
)
def test_what_a_trial_does_not_have_or_must_not_be_read_says_what_is_legal(text: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        of_study(text)


def test_the_defaults_are_the_best_of_the_models_defaults_as_everywhere() -> None:
    study = Studied()
    study._records = (trial(0, 0.1, 1, "defaults", "bpr_mf"), trial(1, 0.3, 1, "defaults"), trial(2, 0.2, 1))
    assert calculate("defaults.recall@10", study).result == 0.3  # type: ignore[arg-type]
