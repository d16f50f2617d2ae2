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


def test_a_note_for_one_dataset_binds_no_other_and_says_for_which_it_is(tuned: Workspace, use: Use) -> None:
    noted = use(tuned, "remember_lesson", text="never use dim above 32 here", as_bound=True)
    assert noted["scope"] == "tiny" and noted["bound"].endswith("on tiny")
    assert len(bounds(tuned)) == 1
    other = use(tuned, "remember_lesson", text="never use dim above 16")
    assert other.get("scope", "") == "" and use(tuned, "list_lessons", dataset="tiny")["count"] >= 2


def test_a_bound_becomes_a_plain_note_and_undo_makes_it_a_bound_again(tuned: Workspace, use: Use) -> None:
    use(tuned, "remember_lesson", text=TEXT, as_bound=True)
    assert use(tuned, "remember_lesson", text=TEXT, as_bound=False)["was_bound"]
    assert bounds(tuned) == () and use(tuned, "list_lessons", only_bounds=True)["count"] == 0
    assert use(tuned, "undo")["now"] == "it is a bound again"
    assert bounds(tuned) == (f"B{SAYS}.",)


def test_a_bound_that_contradicts_another_says_so_before_and_when_it_is_kept(tuned: Workspace, use: Use) -> None:
    use(tuned, "remember_lesson", text=TEXT, as_bound=True)
    args = {"text": "dim at least 64", "as_bound": True}
    assert "no value together" in checked(tuned, "remember_lesson", args).prospect.notes[0]
    assert use(tuned, "remember_lesson", **args)["against"] == [f"“{TEXT}”"]
    assert any("not followed there" in one for one in bounds(tuned))


def test_several_notes_are_forgotten_at_once_and_come_back_at_once(tuned: Workspace, use: Use) -> None:
    for text in ("one thing", "another thing", "a third thing"):
        use(tuned, "remember_lesson", text=text)
    before = use(tuned, "list_lessons")["count"]
    unknown = checked(tuned, "forget_lesson", {"lesson": [1, 99]}).prospect.problem
    assert unknown is not None and unknown.startswith("there is no note 99;")
    assert len(use(tuned, "forget_lesson", lesson=[1, 3])["others"]) == 1
    left = use(tuned, "list_lessons")
    assert left["count"] == before - 2 and left["lessons"][0]["text"] == "“another thing”"
    assert use(tuned, "undo")["now"] == "all 2 are remembered again"
    assert use(tuned, "list_lessons")["count"] == before


def test_notes_are_listed_by_what_they_speak_of(tuned: Workspace, use: Use) -> None:
    use(tuned, "remember_lesson", text=TEXT)
    use(tuned, "remember_lesson", text="users come back on Mondays")
    found = use(tuned, "list_lessons", about="embedding_size")
    assert [one["text"] for one in found["lessons"] if one["source"] == "user"] == [f"“{TEXT}”"]


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
