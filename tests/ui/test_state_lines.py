"""How a study stands, in a conversation: one line for a hold, one for going on, and the same after a restart."""

from types import SimpleNamespace
from typing import Any

import pytest

from agent import events
from agent.proposal import Proposal
from agent.studies.machine import ENDED
from agent.studies.steering import CHANGED, CHANGED_AFTER, STOPPED
from tests.ui.test_chats import Conversation, Workspace
from ui import chats as module
from ui.chats import Chat
from ui.render import apply
from ui.transcript import Transcript

Told = tuple[tuple[str, str], ...]
PROGRAM_ENDED = "The program ended while **s** ran: it is stopped. `resume s` goes on with it."
STATES: tuple[tuple[Told, list[str]], ...] = (
    ((("running", ""),), []),
    ((("paused", "trial 0 finishes first"), ("paused", "")), ["Study **s** is paused."]),
    ((("paused", ""), ("queued", ""), ("running", "")), ["Study **s** is paused.", "Study **s** goes on."]),
    ((("paused", ""), ("stopped", STOPPED)), ["Study **s** is paused.", "Study **s** is stopped."]),
    ((("running", ""), ("waiting", ""), ("running", "")), []),
    ((("finished", ""), ("stopped", CHANGED_AFTER)), ["Study **s** had finished, and can go on."]),
    ((("stopped", CHANGED_AFTER), ("queued", ""), ("running", "")), ["Study **s** had finished; it goes on."]),
    ((("stopped", ENDED), ("running", "")), [PROGRAM_ENDED, "Study **s** goes on."]),
)  # fmt: skip


def changed(told: Told) -> list[events.Event]:
    return [events.StudyStateChanged(study="s", state=state, reason=reason) for state, reason in told]  # type: ignore[arg-type]


@pytest.mark.parametrize(("told", "lines"), STATES)
def test_a_hold_is_told_once_and_going_on_after_it_too(told: Told, lines: list[str]) -> None:
    transcript = Transcript()
    for event in changed(told):
        apply(transcript, event, answer="")
    assert [entry.text for entry in transcript.entries()] == lines


def test_a_change_by_the_person_is_told_as_what_it_is() -> None:
    transcript = Transcript()
    apply(transcript, events.StudyNoted(study="s", text=f"{CHANGED}trials: 11, 3 more"), answer="")
    apply(transcript, events.StudyNoted(study="s", text="the memory cannot be written"), answer="")
    assert [(entry.title, entry.text) for entry in transcript.entries()] == [
        ("Changed", "trials: 11, 3 more"),
        ("Worth knowing", "the memory cannot be written"),
    ]


def followed(workspace: Any) -> Chat:
    """The chat as it is opened, which follows its study."""
    conversation = Conversation()
    begun = events.ToolReturned(chat="c", call_id="1", tool="start_study", facts={"study": "s"})
    conversation.history = lambda: [events.MessageSaid(chat="c", text="tune"), begun]  # type: ignore[method-assign]
    return Chat(workspace, "c", conversation)  # type: ignore[arg-type]


def test_lines_stay_after_a_restart_and_are_not_told_twice_by_the_same_process(monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace()
    workspace.runner.peek = lambda _: SimpleNamespace(is_over=False, status=workspace.runner.study.status)  # type: ignore
    chat = followed(workspace)
    proposal = Proposal(number=0, model="ease", params={}, proposer="gp", rationale="why")
    workspace.runner.happened = [
        *changed((("paused", "trial 0 finishes first"), ("paused", ""), ("running", ""), ("paused", ""))),
        events.ApprovalNeeded(study="s", proposal=proposal),
        events.TrialStarted(study="s", number=0, model="ease", params={}),
    ]
    chat.follow()
    texts = [entry.text for entry in chat.transcript.entries() if entry.kind in ("state", "approval")]
    assert texts == [
        "Study **s** is paused.",
        "Study **s** goes on.",
        "Study **s** is paused.",
        "Trial 0 was approved.",
    ]

    def shown(again: Chat) -> list[str]:
        return [entry.text for entry in again.transcript.entries() if entry.kind in ("state", "approval")]

    assert shown(followed(workspace)) == texts, "the same process opens the chat again"
    monkeypatch.setattr(module, "_PROCESS", "later")
    workspace.runner.happened = changed((("running", ""),))
    assert shown(followed(workspace)) == [*texts, "Study **s** goes on."]
