"""A note that becomes a bound: once confirmed, for later studies, until it is taken back or forgotten."""

from collections.abc import Callable
from typing import Any

from agent.chat.conversation import Conversation
from agent.chat.known_now import known_in
from agent.events import AnswerFinished, ToolReturned
from agent.llm.pilot.chat import PilotChat
from agent.llm.scripted import ScriptedChat, call
from agent.tools import checked
from agent.workspace import Workspace

Use = Callable[..., dict[str, Any]]
TEXT = "never use dim above 32"
SAYS = "y your note “never use dim above 32”, embedding_size of bpr_mf is in [8, 32] (log scale)"


def bounds(workspace: Workspace) -> tuple[str, ...]:
    """What would stand on the card of a study."""
    return checked(workspace, "start_study", {"dataset": "tiny", "models": ["bpr_mf"]}).prospect.notes


def test_a_note_binds_once_it_is_confirmed_and_no_more_once_that_is_taken_back(tuned: Workspace, use: Use) -> None:
    noted = use(tuned, "remember_lesson", text=TEXT)
    assert noted["bound"].startswith("embedding_size of 32 or less, for every model") and not noted.get("is_bound")
    assert bounds(tuned) == ()
    assert use(tuned, "remember_lesson", text=TEXT, as_bound=True)["is_bound"]
    assert bounds(tuned) == (f"B{SAYS}.",)
    row = use(tuned, "list_lessons")["lessons"][0]
    assert row["bound"].startswith("embedding_size of 32 or less")
    assert "a note again" in use(tuned, "undo")["now"]
    assert bounds(tuned) == () and use(tuned, "list_lessons")["n_told"] == 1, "the note stays"


def test_a_study_says_what_binds_it_and_forgetting_the_note_frees_the_next(tuned: Workspace, use: Use) -> None:
    use(tuned, "remember_lesson", text=TEXT, as_bound=True)
    begun = use(tuned, "start_study", dataset="tiny", models=["bpr_mf"], n_trials=1, epochs=1)
    tuned.runner.control(begun["study"], "stop")
    assert begun["bounds"] == [f"b{SAYS}"]
    assert begun["space"]["embedding_size of bpr_mf"] == "in [8, 32] (log scale)"
    use(tuned, "forget_lesson", lesson=1)
    assert bounds(tuned) == ()


def test_what_cannot_be_read_is_no_bound_and_that_is_said(tuned: Workspace, use: Use) -> None:
    problem = checked(tuned, "remember_lesson", {"text": "users come back on Mondays", "as_bound": True}).prospect
    assert problem.problem is not None and "no bound that can be read" in problem.problem


def test_an_attached_model_cannot_make_a_bound_without_the_person(tuned: Workspace) -> None:
    model = ScriptedChat(lines=[call("remember_lesson", text=TEXT, as_bound=True), "Done."])
    said = list(Conversation(tuned, "one", model).send(f"remember: {TEXT}"))
    assert [event.is_error for event in said if isinstance(event, ToolReturned)] == [True]
    assert bounds(tuned) == ()
    answer = said[-1]
    assert isinstance(answer, AnswerFinished) and "hold later studies to it" in answer.text
    list(Conversation(tuned, "one", model).send("yes"))
    assert bounds(tuned) == (f"B{SAYS}.",)


def test_the_pilot_keeps_the_note_asks_and_binds_on_a_yes(tuned: Workspace) -> None:
    pilot = Conversation(tuned, "two", PilotChat(known=lambda: known_in(tuned)))

    def answer(text: str) -> str:
        last = list(pilot.send(text))[-1]
        assert isinstance(last, AnswerFinished)
        return last.text

    first = answer(f"remember: {TEXT}")
    assert "Noted as number 1" in first and "Shall I hold later studies to that: embedding_size of 32 or less" in first
    assert bounds(tuned) == ()
    assert "Later studies are held to note 1" in answer("yes")
    assert bounds(tuned) == (f"B{SAYS}.",)
