"""What a server took before it was killed is there when the chat is opened again, and is answered only on request."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from agent.chat import taken
from agent.chat.closing import ENDED_BEFORE, ENDED_WITHIN, MAY_BE_DONE
from agent.chat.kept_turns import Mark
from agent.llm.scripted import ScriptedChat, call
from agent.workspace import Workspace
from tests.homes import open_home
from ui.chats import Chat


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    opened = open_home(tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture
def killed(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Chat]:
    """Opens the chat as the next server does, after one that had taken what was said so far."""

    def open_again(*lines: Any) -> Chat:
        model = ScriptedChat(lines=list(lines))
        workspace.load_model = lambda _: model
        with workspace.chats.saver.cursor() as cursor:
            cursor.execute("UPDATE taken SET owner = json_set(owner, '$.started', 1.0)")
        return Chat(workspace, "c")

    return open_again


def take(workspace: Workspace, turn: int, text: str) -> None:
    workspace.chats.take("c", taken.Taken(turn=turn, at=f"2026-01-01T00:00:0{turn}+00:00", text=text))


def cut_in(workspace: Workspace, chat: Chat, tool: str) -> None:
    """Keeps what a turn leaves that is killed while a tool works."""
    asked = AIMessage("", tool_calls=[{"name": tool, "args": {}, "id": "1", "type": "tool_call"}])
    chat._conversation._kept.append([HumanMessage("go on"), asked], Mark(number=0))
    take(workspace, 0, "go on")


def shown(chat: Chat) -> list[str]:
    return [entry.title or entry.text for entry in chat.transcript.entries()]


def wait(chat: Chat) -> None:
    until = time.monotonic() + 60
    while chat.is_answering:
        assert time.monotonic() < until
        time.sleep(0.005)


def test_a_message_is_on_disk_when_it_is_taken_and_no_longer_waits_when_it_is_answered(
    workspace: Workspace, killed: Callable[..., Chat]
) -> None:
    chat = killed("Yes.", "Okay.")
    with chat._answering.lock:  # nothing is answered meanwhile
        chat.say("first")
        chat.say("second")
        with workspace.chats.saver.cursor(transaction=False) as cursor:
            rows = cursor.execute("SELECT turn, text FROM taken WHERE chat = 'c' ORDER BY turn").fetchall()
        assert rows == [(0, "first"), (1, "second")]
        chat.edit(1, "third")
    wait(chat)
    assert shown(killed()) == ["first", "Yes.", "third", "Okay."] and workspace.chats.lost("c") == []


def test_what_was_not_answered_is_shown_and_answered_when_the_person_wants_it(
    workspace: Workspace, killed: Callable[..., Chat]
) -> None:
    for turn, text in enumerate(["tune ease on demo", "stop"]):
        take(workspace, turn, text)
    chat, again = killed("Hello."), killed("Hello.")
    assert shown(chat) == ["tune ease on demo", ENDED_BEFORE, "stop", ENDED_BEFORE]
    assert [entry.is_cut for entry in chat.transcript.entries()] == [False, True] * 2
    assert not chat.is_answering and shown(again) == shown(chat), "nothing is answered by itself"
    assert [one.title for one in workspace.chats.all()] == ["Tune ease on demo"]
    chat.retry()
    wait(chat)
    assert shown(chat) == ["tune ease on demo", ENDED_BEFORE, "stop", "Hello."]
    assert shown(killed()) == shown(chat)


@pytest.mark.parametrize(
    ("tool", "title", "said"),
    [
        ("list_datasets", "Looked at the datasets: cut off", ENDED_WITHIN),
        ("control_study", "Steered the study: cut off", f"{ENDED_WITHIN} {MAY_BE_DONE}"),
    ],
)
def test_an_answer_that_was_cut_says_so_and_what_may_have_been_done(
    workspace: Workspace, killed: Callable[..., Chat], tool: str, title: str, said: str
) -> None:
    cut_in(workspace, killed(), tool)
    chat = killed("Hello.")
    assert shown(chat) == ["go on", title, said]
    chat.retry()
    wait(chat)
    assert shown(chat) == ["go on", "Hello."]


def test_a_file_that_went_with_the_server_is_asked_for(workspace: Workspace, killed: Callable[..., Chat]) -> None:
    message = taken.Taken(turn=0, at="2026-01-01T00:00:00+00:00", text="tune on it", files=("/gone/orders.csv",))
    workspace.chats.take("c", message)
    said, answer = killed().transcript.entries()
    assert (said.text, said.files) == ("tune on it", ("/gone/orders.csv",))
    assert answer.text.endswith("attach it again.") and not answer.is_cut


def test_steps_stay_apart_where_a_server_gives_each_call_the_same_id(killed: Callable[..., Chat]) -> None:
    def look() -> Any:
        asked = call("list_datasets")
        asked.tool_calls[0]["id"] = "call_0"
        return asked

    chat = killed(look(), look(), "Yes.", look(), "Okay.")
    for text in ("which datasets are there?", "and now?"):
        chat.say(text)
    wait(chat)
    title = "Looked at the datasets"
    assert shown(chat) == ["which datasets are there?", title, title, "Yes.", "and now?", title, "Okay."]
    assert shown(killed()) == shown(chat)
