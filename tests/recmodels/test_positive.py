"""What counts as a like, as people write it."""

import numpy as np
import pytest

from recmodels.errors import ParamError
from recmodels.positive import EVERY, PositiveRule, parse_rule


@pytest.mark.parametrize(
    ("text", "rule", "written"),
    [
        ("all", EVERY, "all"),
        (" Every ", EVERY, "all"),
        (">=4", PositiveRule(bound=4.0), ">=4"),
        ("≥ 4", PositiveRule(bound=4.0), ">=4"),
        ("4+", PositiveRule(bound=4.0), ">=4"),
        ("> 3.5", PositiveRule(bound=3.5, is_strict=True), ">3.5"),
        (">-0.5", PositiveRule(bound=-0.5, is_strict=True), ">-0.5"),
    ],
)
def test_a_rule_is_read_and_written_back(text: str, rule: PositiveRule, written: str) -> None:
    assert parse_rule(text) == rule == parse_rule(written)
    assert rule.to_text() == written


@pytest.mark.parametrize("text", ["", "4", "<=2", "good", ">=four", "all but 1", ">=4 and <5", ">= 4%"])
def test_what_is_no_rule_is_refused_with_those_that_are(text: str) -> None:
    with pytest.raises(ParamError, match=r"`all`, `>=4` or `>3\.5`"):
        parse_rule(text)


def test_a_bound_is_as_exact_as_the_ratings() -> None:
    ratings = np.array([3.9, 4.1, 4.2], dtype=np.float32)
    assert parse_rule(">=4.1").holds(ratings).tolist() == [False, True, True]
    assert parse_rule(">4.1").holds(ratings).tolist() == [False, False, True]
    assert EVERY.holds(ratings).all()


def test_a_rule_is_said_in_words() -> None:
    assert parse_rule(">=4").words() == "ratings of 4 and more count as likes"
    assert parse_rule(">0").words() == "ratings above 0 count as likes"
    assert EVERY.words() == "every row counts as a like"
