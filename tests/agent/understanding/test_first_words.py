"""Which params an order to tune wants run first, one trial after the other, and which hold in all of them."""

from typing import Any

import pytest

from agent.understanding.arguments.arguments import read_arguments
from agent.understanding.arguments.first_words import runs_first
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.known import Known
from agent.words.chinese import gloss, is_chinese
from agent.words.names import Names, read

KNOWN = Known(datasets=("shop",))
BOTH = [{"l2": 50}, {"l2": 150}]


@pytest.mark.parametrize(
    "words, tries, space",
    [
        ("first l2=50, then l2=150", BOTH, None),
        ("first l2=50 then l2=150", BOTH, None),
        ("try l2 50 first, then 150", BOTH, None),
        ("l2 between 20 and 200, start with l2=50 and then l2=150", BOTH, {"l2": [20, 200]}),
        ("先试l2 50,再试l2 150", BOTH, None),
        ("first l2=50, then 5 trials", [{"l2": 50}], None),
        ("begin at l2 500, dropout must always be 0.1", [{"l2": 500}], {"dropout": 0.1}),
        ("start with l2 50 and fix dropout at 0.1", [{"l2": 50}], {"dropout": 0.1}),
        ("dropout固定为0.1,先试l2 50", [{"l2": 50}], {"dropout": 0.1}),
        ("start with l2 50, dropout 0.2", [{"l2": 50, "dropout": 0.2}], None),
    ],
)
def test_each_is_a_trial_of_its_own_and_what_is_fixed_is_none(
    words: str, tries: list[dict[str, Any]], space: dict[str, Any] | None
) -> None:
    say = f"tune ease on shop, {words}"
    said = read(gloss(say) if is_chinese(say) else say, Names(datasets=("shop",)))
    (args,) = read_arguments("start_study", Stretch(said, [(0, len(said.text))]), KNOWN)
    assert (args["try_first"], args.get("space")) == (tries, space)


def test_a_part_of_the_order_that_says_so_is_known_by_how_it_begins() -> None:
    assert runs_first("先 run l2=200") and runs_first("then try l2 150")
    assert not runs_first("run a trial with l2 150")
