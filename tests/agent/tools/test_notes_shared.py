"""Notes of several people who log in: each is listed with who told it, and another's is forgotten after a question."""

from collections.abc import Callable

import pytest

from agent.chat.conversation import Conversation
from agent.chat.known_now import known_in
from agent.events import AnswerFinished
from agent.llm.pilot.chat import PilotChat
from agent.llm.scripted import ScriptedChat, call
from agent.studies.at_hand import at_hand
from agent.studies.study_spec import StudySpec
from agent.tools.remembering import forget_lesson, lessons_in_order, remember_lesson
from agent.workspace import Workspace

Says = Callable[[str, str], str]
L2, APPLES = "never use l2 above 500", "apples sell in autumn"


@pytest.fixture
def says(tuned: Workspace) -> Says:
    """`says("ana", "what do you remember?")`: what she is answered in her chat."""
    chats: dict[str, Conversation] = {}

    def said(person: str, text: str) -> str:
        pilot = PilotChat(known=lambda: known_in(tuned))
        chat = chats.setdefault(person, Conversation(tuned, f"{person}-00000001", pilot, person=person))
        last = list(chat.send(text))[-1]
        assert isinstance(last, AnswerFinished)
        return last.text

    return said


def texts(workspace: Workspace) -> list[str]:
    return [one.text for one in lessons_in_order(workspace) if one.is_told]


def test_a_note_says_who_told_it_and_is_forgotten_by_another_only_after_a_question(
    tuned: Workspace, says: Says
) -> None:
    says("ana", f"remember: {APPLES}")
    listed = says("bo", "what do you remember?")
    assert "all told by ana" in listed and "told by you" not in listed
    assert "all told by you" in says("ana", "what do you remember?")
    assert f"ana told the note “{APPLES}”. Shall I forget the note" in says("bo", "forget note 1")
    assert texts(tuned) == [APPLES]
    says("bo", "no")
    assert texts(tuned) == [APPLES]
    says("bo", "forget note 1")
    assert "Forgotten" in says("bo", "yes") and texts(tuned) == []
    assert "remembered again" in says("bo", "undo")
    assert [one.told_by for one in lessons_in_order(tuned) if one.is_told] == ["ana"], "it is hers again"
    assert "Forgotten" in says("ana", "forget note 1")


def test_several_people_are_counted_and_all_my_notes_are_mine(tuned: Workspace, says: Says) -> None:
    says("ana", f"remember: {APPLES}")
    says("bo", "remember: pears sell in spring")
    assert "1 told by you and 1 by ana" in says("bo", "what do you remember?")
    assert APPLES not in says("bo", "forget all my notes")
    says("bo", "yes")
    assert texts(tuned) == [APPLES]


def test_another_ones_note_becomes_a_bound_only_after_a_question(tuned: Workspace, says: Says) -> None:
    says("ana", f"remember: {L2}")
    says("ana", "no")
    assert "ana told the note" in says("bo", "make note 1 a bound")
    assert lessons_in_order(tuned)[0].content is None
    says("bo", "yes")
    assert lessons_in_order(tuned)[0].content is not None


def test_a_yes_forgets_the_note_that_was_asked_about_though_numbers_shifted(tuned: Workspace, says: Says) -> None:
    for text in (L2, APPLES, "pears sell in spring"):
        says("ana", f"remember: {text}")
        says("ana", "no")
    assert APPLES in says("bo", "forget note 2")
    says("ana", "forget note 1")
    says("bo", "yes")
    assert texts(tuned) == ["pears sell in spring"]


def test_an_attached_model_asks_before_it_forgets_anothers_note(tuned: Workspace, says: Says) -> None:
    says("ana", f"remember: {APPLES}")
    model = ScriptedChat(lines=[call("forget_lesson", lesson=1), "Done."])
    said = list(Conversation(tuned, "bo-00000002", model, person="bo").send("forget note 1"))[-1]
    assert isinstance(said, AnswerFinished) and "ana told the note" in said.text
    assert texts(tuned) == [APPLES]
    with at_hand(None, person="bo"):
        remember_lesson(tuned, "pears sell in spring")
        forget_lesson(tuned, 1)
    list(Conversation(tuned, "bo-00000002", model, person="bo").send("yes"))
    assert texts(tuned) == ["pears sell in spring"], "what was asked about is gone already"


def test_a_note_told_where_no_study_is_open_is_of_no_study_of_others(tuned: Workspace, says: Says) -> None:
    with at_hand(None, chat="bo-00000003", person="bo"):
        tuned.runner.create(StudySpec.create(name="theirs", dataset="tiny", models=["ease"], n_trials=1))
    answer = says("carl", "Remember: never use dropout above 0.4")
    assert "began study" not in answer and "It is for every dataset." in answer
    assert lessons_in_order(tuned)[0].study is None
    assert "hold later studies to it" not in says("carl", "no")


def test_where_nobody_logs_in_notes_are_told_by_you(tuned: Workspace) -> None:
    pilot = Conversation(tuned, "two", PilotChat(known=lambda: known_in(tuned)))
    list(pilot.send(f"remember: {APPLES}"))
    last = list(pilot.send("what do you remember?"))[-1]
    assert isinstance(last, AnswerFinished) and "all told by you" in last.text
    list(pilot.send("forget note 1"))
    assert texts(tuned) == []


@pytest.mark.parametrize(
    "say", ["忘掉关于 dropout 的那条", "forget the one about dropout", "把关于 dropout 的那条忘掉"]
)
def test_forgetting_finds_the_note_by_its_words_and_never_undoes(tuned: Workspace, says: Says, say: str) -> None:
    says("ana", "rename the study first to second")
    assert "second" in tuned.runner.names()
    nothing = says("ana", say)
    assert "dropout" in nothing and "second" in tuned.runner.names()
    says("ana", "remember: dropout above 0.4 is too much")
    says("ana", "no")
    asked = says("ana", say)
    assert "dropout above 0.4" in asked and len(texts(tuned)) == 1
    says("ana", "yes" if say.isascii() else "好的")
    assert texts(tuned) == [] and "second" in tuned.runner.names()


def test_what_do_you_remember_is_understood_in_chinese(says: Says) -> None:
    says("ana", f"remember: {APPLES}")
    assert APPLES in says("bo", "你记得什么？") and "ana 说的" in says("bo", "你都记住了哪些？")


def test_the_page_names_a_note_by_its_words_so_that_a_late_click_forgets_no_other(tuned: Workspace, says: Says) -> None:
    for text in (APPLES, "pears sell in spring"):
        says("ana", f"remember: {text}")
    click = f"forget the note “{APPLES}”"
    assert "Forgotten" in says("ana", click)
    assert "any more, so nothing was forgotten" in says("ana", click)
    assert texts(tuned) == ["pears sell in spring"]
    assert "Shall I forget “pears sell in spring”?" in says("ana", "forget the note “pears”")
