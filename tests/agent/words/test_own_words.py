"""What was read from a gloss is quoted in the person's own words."""

import pytest

from agent.words.own_words import own_words


@pytest.mark.parametrize(
    ("glossed", "say", "own"),
    [
        ("10 trials", "用 ease 在 demo 上调 10 次", "10 次"),
        ("0.5 hours", "给研究再加半小时，只用ease", "半小时"),
        ("learning rate on 0.001 to 0.01", "调6次，学习率在0.001到0.01之间", "学习率在0.001到0.01"),
        ("demo", "用 ease 在 demo 上调 10 次", "demo"),
        ("bananas", "用 ease 在 demo 上调 10 次", "bananas"),
    ],
)
def test_the_shortest_part_that_means_so_is_quoted(glossed: str, say: str, own: str) -> None:
    assert own_words(glossed, say) == own
