"""A message about notes by their numbers forgets nothing that it does not order to: it shows, changes after a yes, or asks."""

from dataclasses import replace
from typing import Any

import pytest

from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known, NoteKnown
from agent.understanding.meant_calls import without_slips
from agent.understanding.note_named import note_named
from agent.understanding.note_orders import note_order
from agent.understanding.plan import Plan, Request

NOTES = (
    NoteKnown(number=1, text="dropout at most 0.3", is_own=True, is_bound=True, params=("dropout",), told_at="1"),
    NoteKnown(number=2, text="dim at most 10", is_own=True, is_bound=False, params=("embedding_size",), told_at="2"),
    NoteKnown(number=3, text="on demo, ease was worse", is_own=False, is_bound=False, dataset="demo", told_at="9"),
)


@pytest.fixture
def noted(known: Known) -> Known:
    return replace(known, notes=lambda: NOTES)


def asked(plan: Plan | None) -> list[tuple[str, Any]]:
    assert plan is not None and plan.waiting is not None and not plan.requests
    return [(one.tool, one.args) for one in plan.waiting.requests]


def shown(plan: Plan | None) -> list[int]:
    assert plan is not None and plan.waiting is None and [one.tool for one in plan.requests] == ["list_lessons"]
    return list(plan.requests[0].args["numbers"])


@pytest.mark.parametrize(
    ("say", "numbers"),
    [
        ("lesson 2, from what it comes?", [2]),
        ("lesson 3: true?", [3]),
        ("note 1 - what for?", [1]),
        ("note 2 was a good idea", [2]),
        ("does note 1 clash with note 2", [1, 2]),
        ("why do lessons 1 to 3 look alike?", [1, 2, 3]),
        ("Why did I tell you note 2?", [2]),
        ("and note 3, why not?", [3]),
        ("could note 1 be wrong?", [1]),
    ],
)
def test_a_question_or_a_comment_shows_the_notes(noted: Known, say: str, numbers: list[int]) -> None:
    assert note_order(say, noted, Dialogue()) is None and shown(note_named(say, noted, Dialogue())) == numbers


@pytest.mark.parametrize(
    ("say", "number", "binds"),
    [
        ("note 2: bound", 2, True),
        ("note 2 hard limit please", 2, True),
        ("note 1 hint only", 1, False),
        ("note 1: only a hint", 1, False),
    ],
)
def test_a_terse_order_binds_or_frees(noted: Known, say: str, number: int, binds: bool) -> None:
    plan = note_order(say, noted, Dialogue())
    wanted = ("remember_lesson", {"text": NOTES[number - 1].text, "as_bound": binds})
    assert plan is not None and [(one.tool, one.args) for one in plan.requests] == [wanted]


@pytest.mark.parametrize(
    ("say", "number", "binds"),
    [
        ("I'd like note 2 to be a real limit, for demo of course.", 2, True),
        ("someone should make note 2 a bound", 2, True),
        ("mke note 1 olny a hint", 1, False),
    ],
)
def test_a_loose_wish_to_bind_or_free_is_asked_about(noted: Known, say: str, number: int, binds: bool) -> None:
    found = note_order(say, noted, Dialogue()) or note_named(say, noted, Dialogue())
    assert asked(found) == [("remember_lesson", {"text": NOTES[number - 1].text, "as_bound": binds})]


@pytest.mark.parametrize(
    ("say", "text", "number"),
    [
        ("note 2: typo, should say dim at most 12", "dim at most 12", 2),
        ("make note 2 only for demo please", "on demo: dim at most 10", 2),
        ("only for ease", "for ease: dim at most 10", 2),
        ("Actually make that 15 instead of 10", "dim at most 15", 2),
        ("改成只对ease有效", "for ease: dim at most 10", 2),
    ],
)
def test_other_words_take_the_place_of_a_note_on_a_yes(noted: Known, say: str, text: str, number: int) -> None:
    after = Dialogue().after((Request(tool="remember_lesson", args={"text": "dim at most 10"}),))
    wanted = [("forget_lesson", {"lesson": number}), ("remember_lesson", {"text": text})]
    assert asked(note_named(say, noted, after)) == wanted


def test_what_is_said_of_the_last_note_is_of_it(noted: Known) -> None:
    after = Dialogue().after((Request(tool="list_lessons", args={"numbers": [2]}),))
    for say in ("bound?", "did that ever change anything you did?"):
        assert shown(note_named(say, noted, after)) == [2] and note_named(say, noted, Dialogue()) is None
    bound = note_named("make it one", noted, after)
    assert bound is not None and bound.requests[0].args == {"text": "dim at most 10", "as_bound": True}
    assert note_named("make it one", noted, Dialogue()) is None


def test_what_if_forgets_nothing_and_unknown_numbers_are_told(noted: Known) -> None:
    plan = note_named("what if I forget note 1?", noted, Dialogue())
    assert plan is not None and not plan.requests and "would not be held to it" in str(plan.answer)
    none = note_named("note 9 - what for?", noted, Dialogue())
    assert none is not None and "no note 9; they are numbered from 1 to 3" in str(none.answer)


@pytest.mark.parametrize(
    "say",
    [
        "tune ease on demo, ignore note 2",
        "remember: note 2 was wrong",
        "note 100 neighbours are too many",
        "show trial 2",
        "note 3 trials are enough",
    ],
)
def test_other_messages_are_left_to_others(noted: Known, say: str) -> None:
    assert note_named(say, noted, Dialogue()) is None


def test_forgetting_needs_a_word_of_forgetting(noted: Known) -> None:
    lesson = Request(tool="forget_lesson", args={"lesson": 2})
    said = {
        say: without_slips(Plan(say=say, requests=(lesson,)), noted).requests
        for say in ("lesson two, hm", "drop lesson two")
    }
    assert said == {"lesson two, hm": (), "drop lesson two": (lesson,)}
