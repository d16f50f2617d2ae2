"""An answer is given again, a message said otherwise, and both are undone; what was done stays and is named."""

from collections.abc import Callable
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from agent.chat.conversation import Conversation
from agent.errors import UserError
from agent.events import AnswerFinished, ChatEvent, MessageSaid, TurnsReplaced
from agent.llm.scripted import ScriptedChat, call
from agent.workspace import Workspace


def told(events: list[ChatEvent]) -> list[str]:
    return [event.text for event in events if isinstance(event, MessageSaid | AnswerFinished)]


def say(conversation: Conversation, text: str, replaces: int | None = None) -> list[ChatEvent]:
    return list(conversation.send(text, replaces=replaces))


@pytest.fixture
def model() -> ScriptedChat:
    return ScriptedChat(lines=["Yes.", "Hello.", "Thanks.", "Sure.", "Okay."])


def test_an_answer_is_given_again_and_the_model_reads_no_old_one(tuned: Workspace, model: ScriptedChat) -> None:
    conversation = Conversation(tuned, "a", model)
    say(conversation, "first")
    say(conversation, "second")
    events = say(conversation, "second", replaces=1)
    assert events[0] == TurnsReplaced(chat="a", turns=(1,), stays="")
    assert told(conversation.history()) == ["first", "Yes.", "second", "Thanks."]
    assert [message.text for message in model.seen[-1][1:]] == ["first", "Yes.", "second"]
    assert [event.turn for event in conversation.history() if isinstance(event, MessageSaid)] == [0, 2]


def test_a_chat_goes_on_from_a_message_that_is_said_otherwise_and_all_comes_back(
    home: Path, opened: Callable[..., Workspace], model: ScriptedChat
) -> None:
    workspace = opened(home, model)
    conversation = Conversation(workspace, "a")
    for text in ("first", "second"):
        say(conversation, text)
    before = conversation.history()
    say(conversation, "the first otherwise", replaces=0)
    assert told(conversation.history()) == ["the first otherwise", "Thanks."]
    say(conversation, "and once more", replaces=2)
    assert told(conversation.history()) == ["and once more", "Sure."]
    workspace.close()
    conversation = Conversation(opened(home, ScriptedChat(lines=["Fine."])), "a")
    undone = conversation.undo()
    assert (undone.taken, undone.back, undone.stays) == ((3,), (2,), "")
    assert told(conversation.history()) == ["the first otherwise", "Thanks."] and conversation.can_undo
    assert conversation.undo().back == (0, 1)
    assert conversation.history() == before
    with pytest.raises(UserError, match="nothing to bring back"):
        conversation.undo()
    say(conversation, "third")
    assert told(conversation.history()) == [*told(before), "third", "Fine."]


def test_nothing_comes_back_once_something_else_was_said(tuned: Workspace, model: ScriptedChat) -> None:
    conversation = Conversation(tuned, "a", model)
    say(conversation, "first")
    say(conversation, "second", replaces=0)
    assert conversation.can_undo
    say(conversation, "third")
    assert not conversation.can_undo
    with pytest.raises(UserError):
        conversation.undo()


def test_what_was_done_in_turns_that_are_taken_out_stays_and_is_named(tuned: Workspace) -> None:
    begin = call("start_study", dataset="tiny", models=["bpr_mf"], n_trials=2)
    lines = [begin, "It runs.", call("describe_dataset", dataset="tiny"), "60 users.", "Fine."]
    conversation = Conversation(tuned, "a", ScriptedChat(lines=lines))
    say(conversation, "tune bpr_mf on tiny, 2 trials")
    (study,) = [name for name in tuned.runner.names() if name != "first"]
    say(conversation, "what is in tiny?")
    events = say(conversation, "only look at it", replaces=0)
    stays = f"Study `{study}`, begun there, stays."
    assert events[0] == TurnsReplaced(chat="a", turns=(0, 1), stays=stays)
    assert study in tuned.runner.names()
    said = conversation.history()[0]
    assert isinstance(said, MessageSaid) and said.stays == stays
    assert conversation.undo().stays == ""
    messages = tuned.chats.messages("a")
    assert [type(message) for message in messages] == 2 * [HumanMessage, AIMessage, ToolMessage, AIMessage]
    tuned.runner.control(study, "stop")


def test_a_dropped_file_is_read_again_and_stays_one_dataset(
    fresh: Workspace, tmp_path: Path, write_tiny: Callable[..., Path]
) -> None:
    conversation = Conversation(fresh, "a")
    list(conversation.send("", [write_tiny(tmp_path / "orders.csv")]))
    said = conversation.history()[0]
    assert isinstance(said, MessageSaid)
    events = list(conversation.send(said.text, said.files, replaces=0))
    assert events[0] == TurnsReplaced(chat="a", turns=(0,), stays="Dataset `orders`, added there, stays.")
    assert fresh.catalogue.names() == ["demo", "orders"]
    assert len([event for event in conversation.history() if isinstance(event, MessageSaid)]) == 1
