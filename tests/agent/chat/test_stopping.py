"""An answer is stopped at any moment: what was written and done stays, and the next message is answered as usual."""

import importlib.util
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.outputs import ChatGenerationChunk
from pydantic import SecretStr

from agent.chat.closing import NOTHING_YET, STILL
from agent.chat.conversation import Conversation
from agent.events import (
    AnswerFinished,
    ChatEvent,
    MessageSaid,
    TextDelta,
    TextWithdrawn,
    ToolCalled,
    ToolReturned,
)
from agent.llm.errors import LostConnectionError
from agent.llm.openai_compatible import OpenAICompatibleChat
from agent.llm.scripted import ScriptedChat, call
from agent.llm.server_search import client_of
from agent.stopping import Stop
from agent.tools import make_tools
from agent.workspace import Workspace


@pytest.fixture
def server() -> Iterator[Any]:
    """Streams word by word, as the test writes."""
    path = Path(__file__).parents[2] / "browser" / "word_by_word.py"
    spec = importlib.util.spec_from_file_location("word_by_word", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with closing(module.WordByWord()) as server:
        yield server


def ended(events: list[ChatEvent]) -> AnswerFinished:
    last = events[-1]
    assert isinstance(last, AnswerFinished)
    assert sum(isinstance(event, AnswerFinished) for event in events) == 1
    return last


def stopped_at(
    conversation: Conversation, is_moment: Callable[[ChatEvent], bool], text: str = "what is in tiny?", **about: Any
) -> tuple[list[ChatEvent], AnswerFinished]:
    """All events of a turn that is stopped as soon as an event is such, and the last of them."""
    stop, events = Stop(), []
    for event in conversation.send(text, stop=stop, **about):
        events.append(event)
        if is_moment(event):
            stop.set()
    return events, ended(events)


def is_whole(conversation: Conversation) -> bool:
    """Whether every call has its result on disk."""
    messages = conversation._workspace.chats.messages(conversation.chat)
    asked = [one["id"] for m in messages if isinstance(m, AIMessage) for one in m.tool_calls]
    return asked == [m.tool_call_id for m in messages if isinstance(m, ToolMessage)]


def test_what_a_server_wrote_stays_and_it_is_hung_up_on_at_once(tuned: Workspace, server: Any) -> None:
    conversation = Conversation(tuned, "one", OpenAICompatibleChat.connect(server.url))
    server.write("Hello, ")
    server.write("you")
    _, answer = stopped_at(conversation, lambda event: isinstance(event, TextDelta) and "you" in event.text)
    assert answer.is_stopped and answer.text == "Hello, you\n\nStopped here."
    assert conversation.history()[-1] == answer
    until = time.monotonic() + 60
    while any("process_request_thread" in thread.name for thread in threading.enumerate()):  # the stopped request
        assert time.monotonic() < until
        time.sleep(0.01)
    server.end("Here I am.")
    assert ended(list(conversation.send("and now?"))).text == "Here I am."
    assert conversation.history()[1] == answer and is_whole(conversation)


def test_a_server_that_has_not_answered_yet_is_hung_up_on_at_once(tuned: Workspace) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        model = OpenAICompatibleChat(
            model="m", base_url=url, api_key=SecretStr("none"), max_retries=0, http_client=client_of(url)
        )
        conversation, stop = Conversation(tuned, "one", model), Stop()
        events: list[ChatEvent] = []
        answering = threading.Thread(target=lambda: events.extend(conversation.send("hello", stop=stop)))
        answering.start()
        line, _ = silent.accept()
        with closing(line):
            line.settimeout(60)
            asked = line.recv(1_000_000)
            stop.set()
            answering.join(60)
            while asked:
                asked = line.recv(1_000_000)  # until the other end hangs up
    assert ended(events).text == NOTHING_YET


def test_numbers_that_hold_nowhere_do_not_stay_because_the_answer_was_stopped(tuned: Workspace, server: Any) -> None:
    conversation = Conversation(tuned, "one", OpenAICompatibleChat.connect(server.url))
    server.write("It trains. It has 99 moons. ")
    server.write("And")
    _, answer = stopped_at(conversation, lambda event: isinstance(event, TextDelta) and "And" in event.text)
    assert "99 moons" not in answer.text and answer.text.startswith("It trains.")


class Breaking(ScriptedChat):
    """Fails at the end of what it says."""

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        yield from super()._stream(*args, **kwargs)
        raise LostConnectionError("the connection broke before an answer came")


def test_words_that_were_seen_stay_as_far_as_they_hold_when_the_model_fails(tuned: Workspace) -> None:
    conversation = Conversation(tuned, "one", Breaking(lines=["Hello. It has 99 moons. And", ""]))
    events = list(conversation.send("hello"))
    answer = ended(events)
    assert answer.has_failed and not any(isinstance(event, TextWithdrawn) for event in events)
    assert answer.text.startswith("Hello.") and "99 moons" not in answer.text
    assert "\n\nThe language model failed: the connection broke before an answer came." in answer.text
    assert conversation.history()[-1] == answer
    assert ended(list(conversation.send("hello"))).text.startswith("The language model failed")


def test_what_was_done_before_is_named_and_the_calls_after_it_are_not_made(tuned: Workspace) -> None:
    begin = call("start_study", dataset="tiny", models=["bpr_mf"], n_trials=2)
    model = ScriptedChat(lines=[begin, call("describe_dataset", dataset="tiny"), "All done."])
    conversation = Conversation(tuned, "one", model)
    events, answer = stopped_at(
        conversation, lambda event: isinstance(event, ToolReturned), text="tune bpr_mf on tiny, 2 trials"
    )
    (begun,) = [event for event in events if isinstance(event, ToolReturned)]
    assert answer.text == f"Stopped here. Study `{begun.facts['study']}`, begun before that, stays."
    assert begun.facts["study"] in tuned.runner.names()
    assert len(model.seen) == 1 and is_whole(conversation)
    tuned.runner.control(str(begun.facts["study"]), "stop")


def test_a_turn_that_is_stopped_before_it_begins_keeps_what_was_said(tuned: Workspace) -> None:
    conversation, stop = Conversation(tuned, "one", ScriptedChat(lines=["Better now."])), Stop()
    stop.set()
    answer = ended(list(conversation.send("hello", stop=stop)))
    assert answer.text == NOTHING_YET
    assert ended(list(conversation.send("and now?"))).text == "Better now."
    assert [event.text for event in conversation.history() if isinstance(event, MessageSaid)] == ["hello", "and now?"]


def test_a_file_that_is_read_is_left_and_no_dataset_is_made(
    fresh: Workspace, tmp_path: Path, write_tiny: Callable[..., Path]
) -> None:
    path = write_tiny(tmp_path / "orders.csv")
    conversation = Conversation(fresh, "one", ScriptedChat(lines=["Hello."]))
    events, answer = stopped_at(conversation, lambda event: isinstance(event, ToolCalled), text="", files=[path])
    assert answer.is_stopped and fresh.catalogue.names() == ["demo"]
    assert [event.is_error for event in events if isinstance(event, ToolReturned)] == [True]
    assert ended(list(conversation.send("hi"))).text == "Hello." and is_whole(conversation)


def blocked(
    workspace: Workspace, model: BaseChatModel, tool: str
) -> tuple[Conversation, threading.Event, threading.Event]:
    """A chat in which a tool does not come back until the second event is set; the first tells that it was called."""
    called, may_end = threading.Event(), threading.Event()

    def wait(**args: Any) -> str:
        called.set()
        assert may_end.wait(120)
        return '{"dataset": "tiny"}'

    tools = [one.model_copy(update={"func": wait}) if one.name == tool else one for one in make_tools(workspace)]
    return Conversation(workspace, "one", model, tools=tools), called, may_end


def test_what_does_not_end_is_left_and_never_answers_into_a_later_turn(tuned: Workspace) -> None:
    model = ScriptedChat(lines=[call("describe_dataset", dataset="tiny"), "Late words.", "Later words."])
    conversation, called, may_end = blocked(tuned, model, "describe_dataset")
    stop, late = Stop(), list[ChatEvent]()
    answering = threading.Thread(target=lambda: late.extend(conversation.send("what is in tiny?", stop=stop)))
    answering.start()
    assert called.wait(60)
    stop.set()
    told = conversation.leave(stop)
    assert ended(told).text == f"{NOTHING_YET} {STILL}"
    assert [event.call_id for event in told if isinstance(event, ToolReturned)] == [
        event.call_id for event in late if isinstance(event, ToolCalled)
    ], "the call that was open has a result"
    second = list(Conversation(tuned, "one", ScriptedChat(lines=["Here I am."])).send("and now?"))
    before = tuned.chats.messages("one")
    may_end.set()
    answering.join(60)
    assert not any(isinstance(event, AnswerFinished) for event in late)
    assert tuned.chats.messages("one") == before
    assert conversation.leave(stop) == []
    assert ended(second).text == "Here I am." and is_whole(conversation)
    assert ended(list(conversation.send("once more?"))).text in ("Late words.", "Later words.")
