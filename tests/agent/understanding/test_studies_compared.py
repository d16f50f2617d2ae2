"""Studies that are set against each other by name: none is lost, in a typo, a list, a follow-up or a correction."""

from dataclasses import replace

import pytest

from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.names.studies_compared import studies_compared
from agent.understanding.plan import Request, Waiting

KNOWN = Known(datasets=("club", "radio"), studies=("club-9", "objectives", "club-5", "radio-4", "radio-3"))


def pairs(say: str, dialogue: Dialogue = Dialogue()) -> list[tuple[str, str]]:  # noqa: B008  frozen
    plan = studies_compared(say, KNOWN, dialogue)
    requests = () if plan is None else plan.requests
    return [(one.args["study"], one.args["against_study"]) for one in requests if one.tool == "compare_trials"]


@pytest.mark.parametrize(
    ("say", "found"),
    [
        ("Which is more good, club-5 or club-9?", [("club-5", "club-9")]),
        ("comapre raido-3 wtih raido-4", [("radio-3", "radio-4")]),
        ("compare club-5 with objectives", [("club-5", "objectives")]),
        ("club-5 和 club-9 哪个好?", [("club-5", "club-9")]),
        ("club-5 vs club-9 vs radio-3", [("club-5", "club-9"), ("club-5", "radio-3"), ("club-9", "radio-3")]),
        ("stop club-5, it is worse than club-9", []),
        ("tune ease on club, it must beat club-5 and club-9", []),
        ("did the memory help club-5 more than club-9?", []),
    ],
)
def test_every_study_that_is_named_is_compared(say: str, found: list[tuple[str, str]]) -> None:
    assert pairs(say) == found


def test_what_shall_not_be_compared_is_not() -> None:
    plan = studies_compared("no need to compare club-5 with club-9", KNOWN, Dialogue())
    assert plan is not None and not plan.requests and plan.answer == "All right, nothing was compared."


def test_one_more_study_is_set_against_the_first_of_the_comparison_before() -> None:
    before = Request(tool="compare_trials", args={"study": "club-5", "against_study": "club-9"})
    assert pairs("what about objectives?", Dialogue(last=(before,))) == [("club-5", "objectives")]
    assert pairs("what about objectives?") == []


def test_a_study_that_was_not_offered_takes_the_place_of_those_that_were() -> None:
    offered = Request(tool="compare_trials", args={"study": "club-5", "against_study": "radio-4"})
    waiting = Waiting(requests=(offered,), lacking="tool", choices=("radio-4",), text="Which one is meant: `radio-4`?")
    assert pairs("Sorry, I meant club-9.", Dialogue(waiting=waiting)) == [("club-5", "club-9")]
    acting = replace(waiting, requests=(Request(tool="delete_study", args={"study": "radio-4"}),))
    assert studies_compared("Sorry, I meant club-9.", KNOWN, Dialogue(waiting=acting)) is None
