"""What the command line does with data is named with its command, and nothing of such an order is done."""

import pytest

from agent.llm.pilot.composing import planned
from agent.understanding.data_elsewhere import said_elsewhere
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan

NAMES = ("demo", "d9", "zz")


@pytest.mark.parametrize(
    ("say", "command"),
    [
        (
            "keep only ratings of 4 and more of d9 since 2023-06-01",
            "recpilot data filter d9 --since 2023-06-01 --min-weight 4",
        ),
        ("drop users with fewer than 5 rows from d9", "recpilot data filter d9 --min-user-events 5"),
        ("filter d9 to everything before 2024", "recpilot data filter d9 --until 2023-12-31"),
        ("drop what is before 2020-01-01 from d9", "recpilot data filter d9 --since 2020-01-01"),
        ("can you restrict d9 to 2023 and later?", "recpilot data filter d9 --since 2023-01-01"),
        ("drop ratings below 3 of d9", "recpilot data filter d9 --min-weight 3"),
        ("only keep rows since 2023-06-01", "recpilot data filter demo --since 2023-06-01"),
    ],
)
def test_the_command_is_built_from_what_was_said(say: str, command: str) -> None:
    assert f"`{command}`" in str(said_elsewhere(say, NAMES, "demo"))


@pytest.mark.parametrize("say", ["hash the user ids of d9", "add base.csv and hash the e-mail addresses"])
def test_nothing_is_hashed_and_nothing_else_done(say: str) -> None:
    def never(*_: object) -> Plan:
        raise AssertionError

    plan = planned(never, say, Known(datasets=NAMES), Dialogue())
    assert not plan.requests
    assert "I cannot hash" in str(plan.answer) and "leave the column out" in str(plan.answer)


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
    assert said_elsewhere(say, NAMES, "demo") is None
