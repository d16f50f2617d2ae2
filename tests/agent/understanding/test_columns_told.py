"""What is said of columns adds up, and a column plays one role."""

import pytest

from agent.understanding.data.columns_told import columns_with


@pytest.mark.parametrize(
    ("before", "told", "found"),
    [
        ({"user": "a", "ignore": "b,c"}, {"user": "b"}, {"user": "b", "ignore": "c"}),
        ({"user": "a", "ignore": "b"}, {"user": "b"}, {"user": "b"}),
        ({"user": "a", "item": "b"}, {"user": "b"}, {"user": "b"}),
        ({"user": "a", "item": "b"}, {"ignore": "b"}, {"user": "a", "ignore": "b"}),
        ({"ignore": "b"}, {"ignore": "c"}, {"ignore": "b,c"}),
        ({"ignore": "b"}, {"ignore": "b"}, {"ignore": "b"}),
        ({"weight": "", "user": "a"}, {"item": "c"}, {"weight": "", "user": "a", "item": "c"}),
    ],
)
def test_what_is_said_later_takes_a_column_from_what_it_was(
    before: dict[str, str], told: dict[str, str], found: dict[str, str]
) -> None:
    assert columns_with(before, told) == found
