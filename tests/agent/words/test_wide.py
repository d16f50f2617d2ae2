"""Wide signs part numbers; they never make one number of two."""

import pytest

from agent.words.chinese import gloss
from agent.words.names import read
from agent.words.wide import narrow


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("l2 100，5 trials", [100, 5]),
        ("l2 １００，３ trials", [100, 3]),
        ("l2 100。5 trials", [100, 5]),
        ("l2 1，000，4 trials", [1000, 4]),
        ("l2 1，000，000 and 4 trials", [1_000_000, 4]),
        ("l2 2，048。4 trials", [2048, 4]),
        ("dropout ０．５，2 trials", [0.5, 2]),
        ("l2 10～100", [10, 100]),
        ("l2 1,5", [1.5]),
    ],
)
def test_numbers_stand_apart_where_a_wide_sign_parts_them(text: str, numbers: list[float]) -> None:
    assert [span.value for span in read(text).spans if span.kind == "number"] == numbers


def test_a_chinese_request_is_parted_the_same() -> None:
    assert gloss("l2 100，5 trials 在 shop 上") == "l2 100, 5 trials on shop"
    assert gloss("试 10、20、50") == "try 10, 20, 50"


def test_a_wide_comma_behind_a_word_takes_no_space() -> None:
    assert narrow("好，5") == "好,5"
