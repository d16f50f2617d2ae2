"""Notes that were told before are forgotten, bound and freed by their numbers, and asked about without being told again."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from agent.understanding.asking.asked_of_notes import notes_asked
from agent.understanding.asking.prospect import Prospect
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known, NoteKnown
from agent.understanding.note_orders import note_order
from agent.understanding.notes_spoken import numbers_in
from agent.understanding.notes_told import note_told
from agent.understanding.plan import Plan, Request

NOTES = (
    NoteKnown(number=1, text="dropout at most 0.3", is_own=True, is_bound=True, params=("dropout",), told_at="1"),
    NoteKnown(number=2, text="on shop: keep it small", is_own=True, is_bound=False, dataset="shop", told_at="4"),
    NoteKnown(number=3, text="dim at most 64", is_own=True, is_bound=False, params=("embedding_size",), told_at="2"),
    NoteKnown(number=4, text="on demo, ease was worse", is_own=False, is_bound=False, dataset="demo", told_at="9"),
)


@pytest.fixture
def noted(known: Known) -> Known:
    return replace(known, notes=lambda: NOTES)


def calls(plan: Plan | None) -> list[tuple[str, Mapping[str, Any]]]:
    assert plan is not None
    return [(one.tool, one.args) for one in plan.requests]


def asks(plan: Plan | None) -> list[tuple[str, Mapping[str, Any]]]:
    assert plan is not None and plan.waiting is not None and not plan.requests
    return [(one.tool, one.args) for one in plan.waiting.requests]


def bound(text: str, *, binds: bool) -> list[tuple[str, dict[str, Any]]]:
    return [("remember_lesson", {"text": text, "as_bound": binds})]


@pytest.mark.parametrize(
    ("say", "numbers"),
    [
        ("forget notes 1 and 3", [1, 3]),
        ("please delete note 2, 3", [2, 3]),
        ("forget notes 1-3", [1, 2, 3]),
        ("forget note 2", 2),
        ("notes 1 and 2 can go", [1, 2]),
        ("forget notes 1 and 3 but keep 2", [1, 3]),
        ("note 3 was wrong, forget it", 3),
        ("forget the first note", 1),
        ("forget the last note", 2),
        ("忘掉笔记 1 和 3", [1, 3]),
        ("忘掉最后一条笔记", 2),
    ],
)
def test_notes_are_forgotten_by_their_numbers(noted: Known, say: str, numbers: int | list[int]) -> None:
    assert calls(note_order(say, noted, Dialogue())) == [("forget_lesson", {"lesson": numbers})]


@pytest.mark.parametrize(
    ("say", "numbers"),
    [
        ("forget all notes on shop", 2),
        ("forget all my notes", [1, 2, 3]),
        ("forget every note about dropout", 1),
        ("forget the notes about dim", 3),
        ("forget the last two notes", [3, 2]),
        ("forget what I told you about dropout", 1),
        ("forget everything you know about shop", 2),
        ("forget 2 and 3", [2, 3]),
        ("忘掉 shop 上的所有笔记", 2),
        ("forget notes 2, 3 and 99", [2, 3]),
    ],
)
def test_what_takes_more_than_was_counted_is_asked_first(noted: Known, say: str, numbers: int | list[int]) -> None:
    assert asks(note_order(say, noted, Dialogue())) == [("forget_lesson", {"lesson": numbers})]


def test_numbers_that_no_note_has_are_named(noted: Known) -> None:
    plan = note_order("forget notes 7 and 9", noted, Dialogue())
    assert plan is not None and "no notes 7 and 9; they are numbered from 1 to 4" in str(plan.answer)
    part = note_order("forget notes 2 and 9", noted, Dialogue())
    assert part is not None and part.waiting is not None and "no note 9;" in part.waiting.text


def test_that_one_is_the_note_of_the_turn_before(noted: Known) -> None:
    after = Dialogue().after((Request(tool="remember_lesson", args={"text": "dim at most 64"}),))
    assert calls(note_order("forget that one", noted, after)) == [("forget_lesson", {"lesson": 3})]
    plan = note_order("forget that one", noted, Dialogue())
    assert plan is not None and plan.waiting is not None and plan.waiting.lacking == "lesson"
    assert calls(note_order("make it a bound", noted, after)) == bound("dim at most 64", binds=True)
    unclear = note_order("make it a bound", noted, Dialogue())
    assert unclear is not None and not unclear.requests and "Which note do you mean?" in str(unclear.answer)


@pytest.mark.parametrize(
    "say",
    [
        "make note 3 a bound",
        "note 3 should be a hard limit",
        "turn note 3 into a bound please",
        "let note 3 bind later studies",
        "hold later studies to note 3",
        "I want note 3 to be a bound",
        "make the note about dim a bound",
        "把笔记 3 变成约束",
    ],
)
def test_a_note_becomes_a_bound(noted: Known, say: str) -> None:
    assert calls(note_order(say, noted, Dialogue())) == bound("dim at most 64", binds=True)


@pytest.mark.parametrize(
    "say",
    [
        "note 1 is only a hint",
        "make note 1 a plain note again",
        "note 1 is not a bound any more",
        "note 1 should no longer bind",
        "note 1 no longer applies",
        "suspend note 1",
        "remove all limits",
        "取消 dropout 的限制",
        "remove the bound of note 1",
        "lift the limit on dropout",
        "drop the bound",
        "there is no limit on dropout any more",
        "笔记 1 只是提示",
    ],
)
def test_a_bound_becomes_a_plain_note(noted: Known, say: str) -> None:
    assert calls(note_order(say, noted, Dialogue())) == bound("dropout at most 0.3", binds=False)


def test_what_cannot_bind_is_told_and_not_done(noted: Known) -> None:
    cannot = replace(noted, would=lambda tool, args: Prospect(problem="the note is no bound that can be read"))
    for say, words in (
        ("make note 2 a bound", "stays a plain note"),
        ("make note 4 a bound", "not told here"),
        ("make note 1 a bound", "is a bound already"),
        ("make note 8 a bound", "no note 8"),
    ):
        plan = note_order(say, cannot, Dialogue())
        assert plan is not None and not plan.requests and words in str(plan.answer)


def test_a_limit_that_no_note_says_is_the_studys_own(noted: Known) -> None:
    assert note_order("lift the limit on learning rate", noted, Dialogue()) is None
    running = replace(noted, study_state="running")
    assert asks(note_order("lift the limit on dropout", running, Dialogue())) == bound(
        "dropout at most 0.3", binds=False
    )


@pytest.mark.parametrize(
    ("say", "args"),
    [
        ("what did I tell you about dropout?", {"about": "dropout"}),
        ("what did I tell you about mondays?", {"about": "mondays"}),
        ("did I set a limit on embedding size?", {"about": "embedding_size", "only_bounds": True}),
        ("why does dropout stay below .5?", {"about": "dropout", "only_bounds": True}),
        ("show my notes on shop", {"dataset": "shop"}),
        ("which bounds are in force?", {"only_bounds": True}),
        ("is note 2 a bound?", {"numbers": [2]}),
        ("is there a limit on dropout for shop?", {"about": "dropout", "only_bounds": True, "dataset": "shop"}),
        ("did I tell you anything about shop?", {"dataset": "shop"}),
        ("is learning rate capped?", {"about": "learning_rate", "only_bounds": True}),
        ("what limits dropout?", {"about": "dropout", "only_bounds": True}),
        ("is dropout bounded by any note?", {"about": "dropout", "only_bounds": True}),
        ("笔记 3 是约束吗？", {"numbers": [3]}),
        ("show notes 1 and 3", {"numbers": [1, 3]}),
        ("which of my notes bind shop?", {"only_bounds": True, "dataset": "shop"}),
        ("哪些笔记约束以后的研究？", {"only_bounds": True}),
    ],
)
def test_a_question_about_notes_is_answered_from_them(noted: Known, say: str, args: dict[str, Any]) -> None:
    assert calls(notes_asked(say, noted, Dialogue()))[0] == ("list_lessons", args)


def test_what_binds_this_study_is_what_weighed_in_on_it(noted: Known) -> None:
    found = calls(notes_asked("which notes bind this study?", noted, Dialogue()))
    assert found == [("show_influence", {"about": "notes", "study": "demo-2"})]


@pytest.mark.parametrize(
    ("say", "text"),
    [
        ("remember for shop only: dropout at most 0.3", "on shop: dropout at most 0.3"),
        ("for shop, remember that dropout must stay below 0.3", "on shop: dropout must stay below 0.3"),
        ("remember here: dropout at most 0.3", "on demo: dropout at most 0.3"),
        ("remember: never use dropout above 0.3 here", "on demo: never use dropout above 0.3 here"),
        ("remember everywhere: dropout at most 0.3", "dropout at most 0.3"),
        ("for ease only, remember that l2 must be at least 10", "for ease: l2 must be at least 10"),
        ("on shop, never use dropout above .5", "on shop: never use dropout above .5"),
        ("for all datasets: keep dropout between 0.1 and 0.4", "keep dropout between 0.1 and 0.4"),
        ("from now on never use more than 64 factors", "from now on never use more than 64 factors"),
        ("dropout over 0.5 never works for us", "dropout over 0.5 never works for us"),
        ("merke dir: dropout nie über 0.5", "dropout nie über 0.5"),
        ("记住：这里的 dropout 不要超过 0.5", "demo：这里的 dropout 不要超过 0.5"),
    ],
)
def test_a_note_holds_for_what_it_says_and_its_bound_is_asked_about(noted: Known, say: str, text: str) -> None:
    plan = note_told(say, noted, Dialogue())
    assert calls(plan) == [("remember_lesson", {"text": text})]
    assert plan is not None and plan.waiting is not None
    assert [one.args for one in plan.waiting.requests] == [{"text": text, "as_bound": True}]
    assert ("on shop" in plan.waiting.text) == text.startswith("on shop")


@pytest.mark.parametrize(
    "say",
    [
        "keep dropout between 0.1 and 0.4",
        "tune ease on shop, dropout at most 0.5",
        "never use dropout above 0.5 in this study",
        "on shop, what is the best dropout?",
        "remember that users come back on Mondays",
        "remember: never use dim above 128",
        "forget it",
        "show me the users here",
        "for shop start 3 trials",
        "dropout should be at least 0.1 from now on",
        "Forget the lesson about dropout. Tune sasrec on shop with dropout from 0 to 0.6, 20 trials.",
        "remember that embeddings over 256 crash here, and come up with the next trial",
        "I never said that dropout should be capped at 0.01",
        "what's the difference between bpr and softmax loss in general",
        "remember that bpr, no ease, is best on shop",
        "use that: sasrec on shop dropout fixed 0.1",
        "drop that one",
        "take away the constraint again",
        "forget what I said about pausing, keep it running",
    ],
)
def test_orders_and_other_notes_are_left_to_others(noted: Known, say: str) -> None:
    assert note_told(say, noted, Dialogue()) is None and note_order(say, noted, Dialogue()) is None


@pytest.mark.parametrize(
    "say",
    [
        "what is dropout?",
        "show the trials",
        "list my notes",
        "which notes are new?",
        "why no dropout?",
        "what do you remember about Mondays?",
    ],
)
def test_other_questions_are_left_to_others(noted: Known, say: str) -> None:
    assert notes_asked(say, noted, Dialogue()) is None


def test_a_note_for_two_datasets_is_two_notes_and_one_for_an_unknown_dataset_is_none(noted: Known) -> None:
    plan = note_told("remember for shop and demo: dropout at most 0.3", noted, Dialogue())
    assert [args["text"] for _, args in calls(plan)] == ["on shop: dropout at most 0.3", "on demo: dropout at most 0.3"]
    assert plan is not None and plan.waiting is not None and len(plan.waiting.requests) == 2
    unknown = note_told("remember for nosuch: dropout at most 0.3", noted, Dialogue())
    assert unknown is not None and not unknown.requests and "no dataset or model `nosuch`" in str(unknown.answer)
    assert note_told("remember for later: dropout at most 0.3", noted, Dialogue()) is None


@pytest.mark.parametrize("say", ["make all my notes bounds", "make each of my notes binding", "enforce all my notes"])
def test_all_notes_become_bounds_on_a_yes(noted: Known, say: str) -> None:
    plan = note_order(say, noted, Dialogue())
    assert asks(plan) == bound("on shop: keep it small", binds=True) + bound("dim at most 64", binds=True)


@pytest.mark.parametrize("say", ["no limits please", "drop every limit I gave you", "drop all limits"])
def test_every_limit_is_lifted(noted: Known, say: str) -> None:
    plan = note_order(say, noted, Dialogue())
    assert plan is not None
    acts = plan.requests or (plan.waiting.requests if plan.waiting is not None else ())
    assert [(one.tool, one.args) for one in acts] == bound("dropout at most 0.3", binds=False)


@pytest.mark.parametrize("say", ["what rules did I give you?", "which rules did I tell you", "show me my rules"])
def test_rules_that_a_person_gave_are_their_notes(noted: Known, say: str) -> None:
    assert calls(notes_asked(say, noted, Dialogue())) == [("list_lessons", {"numbers": [1, 2, 3]})]
    assert notes_asked("show the rules", noted, Dialogue()) is None


def test_numbers_of_a_list_are_written_out() -> None:
    assert numbers_in("2, 3 and 5-7") == [2, 3, 5, 6, 7] and numbers_in("4 to 2") == [2, 3, 4]
