"""A tab acts on the study that it names, and a person in their own chats, whatever other tabs look at."""

from dataclasses import replace
from typing import Any

import pytest

from agent.studies.begun import Begun
from ui.door import limits
from ui.open_chats import OpenChats
from ui.page.acts import Acts
from ui.page.refusals import Refused

ONE = "chat-00000001"


def mark_of(runner: Any) -> str:
    """Of what waits in the study `older`."""
    return str(runner.studies["older"].pending.mark)


@pytest.mark.parametrize(("act", "decided"), [("approve", "run"), ("reject", "rejected")])
def test_a_decision_is_about_the_study_that_is_named(acts: Acts, runner: Any, act: str, decided: str) -> None:
    getattr(acts, act)(acts.study("older"), None, 3, mark_of(runner))
    assert (runner.studies["older"].decided, runner.studies["latest"].decided) == (decided, "")


@pytest.mark.parametrize("trial", [4, None, "3"])
def test_a_decision_about_a_trial_that_does_not_wait_decides_nothing(acts: Acts, runner: Any, trial: object) -> None:
    with pytest.raises(Refused, match="of older no longer waits"):
        acts.approve(acts.study("older"), None, trial, mark_of(runner))
    assert runner.studies["older"].decided == ""


@pytest.mark.parametrize("act", ["approve", "reject"])
def test_what_a_person_saw_is_decided_and_not_what_took_its_place(acts: Acts, runner: Any, act: str) -> None:
    seen, older = mark_of(runner), runner.studies["older"]
    older.pending = replace(older.pending, params={"l2": 77.0})
    for mark in (seen, None):
        with pytest.raises(Refused, match="now proposed with other params; look at them"):
            getattr(acts, act)(acts.study("older"), None, 3, mark)
    assert older.decided == ""
    getattr(acts, act)(acts.study("older"), None, 3, older.pending.mark)
    assert older.decided != ""


@pytest.mark.parametrize(("action", "decided"), [("pause", "paused"), ("resume", "resumed"), ("stop", "stopped")])
def test_a_button_steers_the_study_that_is_named(acts: Acts, runner: Any, action: str, decided: str) -> None:
    acts.steer(acts.study("older"), None, action)
    assert (runner.studies["older"].decided, runner.studies["latest"].decided) == (decided, "")


def test_what_is_no_act_or_no_study_is_refused(acts: Acts) -> None:
    with pytest.raises(Refused, match="pause, resume, stop; got 'delete'"):
        acts.steer(acts.study("older"), None, "delete")
    for name in ("other", "", None, 3):
        with pytest.raises(Refused, match="no such study"):
            acts.study(name)


def test_nobody_steers_or_decides_on_a_study_that_another_person_began(acts: Acts, runner: Any) -> None:
    runner.studies["older"].begun = Begun(person="anna", chat="anna-00000001")
    study = acts.study("older")
    with pytest.raises(Refused, match="anna began this study; say “pause the study older” in the chat to do it"):
        acts.steer(study, "bob", "pause")
    for act, says in (("approve", "run"), ("reject", "reject")):
        with pytest.raises(Refused, match=f"say “{says} the trial that waits in study older” in the chat"):
            getattr(acts, act)(study, "bob", 3, mark_of(runner))
    with pytest.raises(Refused, match="anna began this study and is asked this"):
        acts.answer(study, "bob", "yes")
    assert runner.studies["older"].decided == ""
    acts.steer(study, "anna", "pause")
    assert runner.studies["older"].decided == "paused"


@pytest.mark.parametrize("confirms", [True, False])
def test_stop_ends_a_confirmation_that_runs_and_else_the_study(
    acts: Acts, runner: Any, monkeypatch: pytest.MonkeyPatch, confirms: bool
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("ui.page.acts.stop_confirmation", lambda _, name: asked.append(name) or (confirms or None))
    acts.steer(acts.study("older"), None, "stop")
    assert asked == ["older"]
    assert runner.studies["older"].decided == ("" if confirms else "stopped")


@pytest.mark.parametrize("chat", ["ann-b-00000001", "chat-00000002", "ann-00000000x", "ann-../000000", "", None, 3])
def test_nobody_speaks_in_another_persons_chat(acts: Acts, chat: object) -> None:
    with pytest.raises(Refused, match="no chat of yours"):
        acts.chat(chat, "ann")


class Listening:
    """A chat that keeps what is said."""

    def __init__(self) -> None:
        self.id, self.study, self.n_waiting = ONE, None, 0
        self.said: list[str] = []

    def say(self, text: str, files: tuple[str, ...] = (), study: str | None = None, answers: str = "") -> None:
        self.said.append(text)


def test_a_message_too_long_too_many_and_too_soon_is_refused_with_its_sentence(workspace: Any) -> None:
    chat: Any = Listening()
    acts = Acts(workspace, OpenChats(workspace))
    acts.say(chat, None, "x" * limits.MESSAGE_LENGTH, (), None)
    for text in ("x" * 10_001, "answer: " + "x" * 10_001):
        with pytest.raises(Refused, match="10,000 characters"):
            acts.say(chat, None, text, (), None)
    with pytest.raises(Refused, match="Up to 10 files"):
        acts.say(chat, None, "", ["f"] * 11, None)
    with pytest.raises(Refused, match="nothing in this message"):
        acts.say(chat, None, "  ", (), None)
    for i in range(limits.MESSAGES_AT_ONCE - 1):
        acts.say(chat, None, f"{i}", (), None)
    with pytest.raises(Refused, match="faster"):
        acts.say(chat, None, "one more", (), None)
    assert len(chat.said) == limits.MESSAGES_AT_ONCE
    chat.n_waiting = limits.MESSAGES_WAITING
    with pytest.raises(Refused, match="faster"):
        Acts(workspace, OpenChats(workspace)).say(chat, None, "x", (), None)
