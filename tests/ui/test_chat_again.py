"""In an open chat: an answer is given again, a message said otherwise, and both undone, while others wait."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.errors import UserError
from agent.llm.scripted import ScriptedChat, call
from agent.workspace import Workspace
from tests.homes import open_home
from ui.chats import Chat


@pytest.fixture
def chat_with(tmp_path: Path) -> Any:
    """Opens a chat of a real home on a model that says these lines."""
    opened: list[Workspace] = []

    def open_chat(*lines: Any) -> Chat:
        if not opened:
            opened.append(open_home(tmp_path / "home"))
        model = ScriptedChat(lines=list(lines))
        opened[0].load_model = lambda _: model
        return Chat(opened[0], "c")

    yield open_chat
    for workspace in opened:
        workspace.close()


def wait(chat: Chat) -> None:
    until = time.monotonic() + 60
    while chat.is_answering:
        assert time.monotonic() < until
        time.sleep(0.005)


def shown(chat: Chat) -> list[str]:
    return [entry.text for entry in chat.transcript.entries() if entry.kind != "step"]


def test_an_answer_is_given_again_and_comes_back(chat_with: Callable[..., Chat]) -> None:
    chat = chat_with("Yes.", "Hello.", "Okay.")
    with pytest.raises(UserError, match="nothing was said"):
        chat.retry()
    for text in ("first", "second"):
        chat.say(text)
    wait(chat)
    before = [(entry.key, entry.text) for entry in chat.transcript.entries()]
    chat.retry()
    wait(chat)
    assert shown(chat) == ["first", "Yes.", "second", "Okay."] and chat.can_undo
    assert shown(chat_with()) == shown(chat)
    assert chat.undo() == ""
    assert [(entry.key, entry.text) for entry in chat.transcript.entries()] == before
    assert shown(chat_with()) == shown(chat) and not chat.can_undo


def test_a_message_is_said_otherwise_and_what_a_study_did_meanwhile_stays(chat_with: Callable[..., Chat]) -> None:
    begin = call("start_study", dataset="demo", models=["popularity"], n_trials=1)
    chat = chat_with(begin, "It runs.", "Fine.", "Well.")
    chat.say("tune popularity on demo, 1 trial")
    chat.say("and now?")
    wait(chat)
    study = chat.study
    assert study is not None
    chat.edit(0, "hello")
    wait(chat)
    stays = f"Study `{study}`, begun there, stays."
    assert shown(chat)[-3:] == ["hello", "Well.", stays] and chat.study == study
    assert shown(chat_with())[-3:] == shown(chat)[-3:]
    with pytest.raises(UserError, match="no such message"):
        chat.edit(0, "hi")
    with pytest.raises(UserError, match="empty message"):
        chat.edit(2, " ")


def test_what_waits_comes_after_what_is_said_otherwise_and_can_be_changed_itself(
    chat_with: Callable[..., Chat],
) -> None:
    chat = chat_with("Yes.", "Hello.", "Thanks.", "Sure.")
    chat.say("first")
    wait(chat)
    with chat._answering.lock:  # nothing is answered meanwhile
        chat._answering._worker = object()
    for text in ("second", "third"):
        chat.say(text)
    chat.edit(2, "third otherwise")
    assert shown(chat) == ["first", "Yes.", "second", "third otherwise"]
    chat.edit(0, "first otherwise")
    with chat._answering.lock:
        chat._answering._begin()
    wait(chat)
    assert shown(chat) == ["first otherwise", "Hello.", "second", "Thanks.", "third otherwise", "Sure."]


def test_a_dropped_file_is_read_again_from_where_it_is_kept(chat_with: Callable[..., Chat], tmp_path: Path) -> None:
    rows = [f"u{n % 12},i{(n * 7 + n // 12) % 9},{n}" for n in range(120)]
    path = tmp_path / "orders.csv"
    path.write_text("user,item,timestamp\n" + "\n".join(rows))
    chat = chat_with()
    chat.say("", (str(path),))
    wait(chat)
    path.unlink()
    chat.retry()
    wait(chat)
    assert "no file" not in shown(chat)[-2] and shown(chat)[-1] == "Dataset `orders`, added there, stays."
    assert chat._workspace.catalogue.names() == ["demo", "orders"]
