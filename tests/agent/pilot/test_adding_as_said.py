"""A file is added in the chat as the person said it: its rows, its ids; nothing is added where that cannot be."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.chat.conversation import Conversation
from agent.chat.known_now import known_now
from agent.events import AnswerFinished
from agent.llm.pilot.chat import PilotChat
from agent.understanding.checks import refusal
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan
from agent.understanding.planner import Planner
from agent.words.names import Names, read
from agent.workspace import Workspace


@pytest.fixture
def chat(fresh: Workspace, planner: Planner, tmp_path: Path) -> Conversation:
    opened = tmp_path / "opened"
    opened.mkdir()
    fresh.settings = fresh.settings.model_copy(update={"data_folder": opened})
    pilot = PilotChat(planner=planner, known=lambda: known_now(fresh.catalogue, fresh.runner))
    return Conversation(fresh, "adding", pilot)


def said(chat: Conversation, text: str, *files: Path) -> str:
    last = list(chat.send(text, files))[-1]
    assert isinstance(last, AnswerFinished)
    return last.text


def test_ids_are_hashed_and_rows_chosen_as_said(
    chat: Conversation, fresh: Workspace, write_tiny: Callable[..., Path]
) -> None:
    write_tiny(fresh.settings.data_root / "log.csv", header="user_id,item_id,timestamp")
    answer = said(chat, "add log.csv as safe with hashed user ids, only rows where item_id is not i1")
    stored = fresh.catalogue.get("safe")
    assert stored.load().choices.hashed == ("user",) and stored.load().choices.where == ("item_id!=i1",)
    assert "keeps what was typed" in answer


def test_a_dropped_file_is_never_added_unhashed_where_hashing_is_said(
    chat: Conversation, fresh: Workspace, tmp_path: Path, write_tiny: Callable[..., Path]
) -> None:
    answer = said(chat, "without personal data please", write_tiny(tmp_path / "my log.csv"))
    assert "`recpilot data add 'my log.csv' --hash-ids`" in answer
    assert fresh.catalogue.names() == ["demo"] and not list(fresh.settings.uploads.glob("*/*"))


def test_words_beside_a_file_are_asked_about_before_it_is_added(
    chat: Conversation, fresh: Workspace, tmp_path: Path, write_tiny: Callable[..., Path]
) -> None:
    answer = said(chat, "call it w1, without the test accounts", write_tiny(tmp_path / "log.csv"))
    assert "“without the test accounts”" in answer and fresh.catalogue.names() == ["demo"]
    said(chat, "yes")
    assert "w1" in fresh.catalogue.names()


@pytest.mark.parametrize(
    ("name", "why"), [("demo", "belongs to the built-in dataset"), ("w1", "already a dataset 'w1'")]
)
def test_a_name_that_is_refused_is_told_before_anything_is_asked(
    chat: Conversation, fresh: Workspace, tmp_path: Path, write_tiny: Callable[..., Path], name: str, why: str
) -> None:
    fresh.catalogue.add(write_tiny(tmp_path / "w1.csv"))
    answer = said(chat, f"append to w1 as {name}, without the test accounts", write_tiny(tmp_path / "log.csv"))
    assert why in answer and "Shall I" not in answer
    said(chat, "yes")
    assert fresh.catalogue.names() == ["demo", "w1"]


def test_hashing_outlives_a_question_about_columns(chat: Conversation, fresh: Workspace) -> None:
    rows = [f"u{n % 9},v{n % 3},i{n % 7}" for n in range(60)]
    file = fresh.settings.data_root / "two.csv"
    file.write_text("user_id,visitor_id,item_id\n" + "\n".join(rows))
    assert "Which column is the user" in said(chat, "add two.csv as t with hashed ids")
    said(chat, "user_id")
    assert fresh.catalogue.get("t").load().choices.hashed == ("user",)


def test_an_attached_model_cannot_leave_hashing_or_rows_out() -> None:
    say = "add k.csv with hashed ids, only rows with event=buy"
    found = refusal("add_dataset", {"path": "k.csv"}, Plan(say=say), read(say, Names()), Known(), Dialogue(), ())
    assert found is not None and not found.waits
    assert '"hash_ids": ["user"]' in str(found.cannot) and "event=buy" in str(found.cannot)


def test_a_question_about_a_file_that_is_not_read_yet_leaves_the_question_about_its_columns_open(
    chat: Conversation, fresh: Workspace
) -> None:
    rows = [f"a{n % 7},b{n % 5},c{n % 3}" for n in range(40)]
    (fresh.settings.data_root / "odd.csv").write_text("\n".join(["aa,bb,cc", *rows]))
    assert "which column of odd.csv is the user" in said(chat, "add odd.csv").lower().replace("\\", "")
    assert "`odd.csv` is not read yet" in said(chat, "how many users are in it?")
    assert "is the item" in said(chat, "aa")
    assert "7 users" in said(chat, "bb")
    assert "40 rows, of 7 users" in said(chat, "how many users are in it?") or "of 7 users" in said(
        chat, "how many rows?"
    )
