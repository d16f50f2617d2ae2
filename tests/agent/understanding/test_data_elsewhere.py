"""What the command line does with data is named with its command, and nothing of such an order is done."""

import pytest

from agent.llm.pilot.composing import planned
from agent.understanding.data.data_elsewhere import said_elsewhere
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan

NAMES = ("demo", "d9", "zz")


@pytest.mark.parametrize("say", ["hash the user ids of d9", "please hash the e-mail addresses"])
def test_nothing_is_hashed_and_nothing_else_done(say: str) -> None:
    def never(*_: object) -> Plan:
        raise AssertionError

    plan = planned(never, say, Known(datasets=NAMES), Dialogue())
    assert not plan.requests
    assert "--hash-ids" in str(plan.answer) and "can be left out" in str(plan.answer)


@pytest.mark.parametrize(
    "say",
    [
        "keep only ratings of 4 and more",
        "filter d9 to ratings of 4 and more and tune ease on it",
        "compare ease on d9 and zz",
        "limit dropout to 0.3 since 2023-01-01 looked bad",
        "the user is hash",
        "keep only 3 trials",
    ],
)
def test_other_orders_are_read_as_ever(say: str) -> None:
    assert said_elsewhere(say) is None
