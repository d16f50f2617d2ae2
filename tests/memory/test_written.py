"""Numbers and params are written one way, wherever they stand."""

import math

import pytest

from agent.advisor.situation import shown
from agent.answers.wording import number, param
from agent.cut_defaults import cut_words
from memory.content import Condition
from memory.written import written


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (10000.0, "10,000"), (1234.56, "1,234.6"), (50.0, "50"), (0.001, "0.001"), (2e-05, "2e-05"), (2048, "2048"),
        (True, "on"), (False, "off"), ("bpr", "bpr"), (math.inf, "inf"), (math.nan, "nan"),
    ],
)  # fmt: skip
def test_a_param_is_written_alike_in_answers_rationales_lessons_and_names(value: float | str, says: str) -> None:
    assert written(value) == param(value) == shown(value) == says
    assert Condition(param="x", choices=(value,)).words() == f"x {says}"


def test_cut_defaults_and_bounds_are_written_so_too() -> None:
    assert cut_words("ease", {"l2": 10000.0}) == "l2 10,000"
    assert Condition(param="l2", low=10000.0).words() == "l2 of 10,000 or more"
    assert number(2048) == "2,048"
