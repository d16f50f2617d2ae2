"""Sums are read by a grammar: right for every expression, and never run as code."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.answers.calculation import calculate
from agent.errors import UserError

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
