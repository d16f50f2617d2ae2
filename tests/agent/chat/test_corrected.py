"""Columns are corrected after a file was read, by a message or beside a drop; nothing is lost, and undo works."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from agent.chat.conversation import Conversation
from agent.events import AnswerFinished, ToolCalled
from agent.studies.at_hand import at_hand
from agent.studies.study_spec import StudySpec
from agent.workspace import Workspace

ROWS = [f"c{n // 8},u{n // 4},s{n % 6},i{n % 9},{1 + n % 5},{n % 3}" for n in range(160)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(["member,person,sku,item,stars,qty", *ROWS]))
    return path


def said(chat: Conversation, text: str, files: Sequence[Path] = ()) -> str:
    return next(event.text for event in chat.send(text, files) if isinstance(event, AnswerFinished))


def test_a_correction_takes_the_place_of_the_first_reading_and_undo_brings_that_back(
    fresh: Workspace, file: Path
) -> None:
    chat = Conversation(fresh, "one")
    said(chat, "the user is person, the item is item", [file])
    first = fresh.catalogue.get("orders")
    assert "Read again: **orders** has `member` as the user" in said(chat, "no, the user is member")
    second = fresh.catalogue.get("orders")
    assert second.columns["user"] == "member"
    assert second.columns["item"] == first.columns["item"] == "item"  # as it was said before
    assert "`qty` as the weight" in said(chat, "use qty as weight")
    assert fresh.catalogue.get("orders").columns["user"] == "member"
    assert fresh.catalogue.names() == ["demo", "orders"]
    undo = next(tool for tool in chat._tools if tool.name == "undo")
    with at_hand(None, chat="one"):
        undo.invoke({})
        undo.invoke({})
    assert fresh.catalogue.get("orders").columns == first.columns


def test_rows_are_corrected_right_after_a_file_was_added(fresh: Workspace, file: Path) -> None:
    chat = Conversation(fresh, "one")
    said(chat, "the user is person, the item is item", [file])
    n = len(fresh.catalogue.get("orders").load())
    assert "Read again: **orders**" in said(chat, "no, only rows with sku=s1")
    again = fresh.catalogue.get("orders")
    assert again.columns["user"] == "person" and again.load().choices.where == ("sku=s1",)
    assert 0 < len(again.load()) < n


def test_a_dataset_with_studies_stays_next_to_the_new_reading(fresh: Workspace, file: Path) -> None:
    chat = Conversation(fresh, "one")
    said(chat, "the user is person, the item is item", [file])
    fresh.runner.create(StudySpec.create(name="s", dataset="orders", models=["popularity"], n_trials=1))
    assert "**orders** stays as it is" in said(chat, "the user is member")
    assert fresh.catalogue.get("orders").columns["user"] == "person"
    assert fresh.catalogue.get("orders-2").columns["user"] == "member"


def test_a_correction_that_cannot_be_read_changes_nothing(fresh: Workspace, file: Path) -> None:
    chat = Conversation(fresh, "one")
    said(chat, "the user is person, the item is item", [file])
    assert "has no column 'nonsense'" in said(chat, "the user is nonsense")
    assert "already; nothing was changed" in said(chat, "the user is person")
    assert fresh.catalogue.get("orders").columns["user"] == "person"


def test_a_dropped_file_is_called_and_read_as_the_words_beside_it_say(fresh: Workspace, file: Path) -> None:
    events = list(Conversation(fresh, "one").send("用户是 person，物品是 item，叫它 dian", [file]))
    (call,) = [event for event in events if isinstance(event, ToolCalled)]
    assert (call.args["name"], call.args["columns"]) == ("dian", {"user": "person", "item": "item"})
    assert "dian" in fresh.catalogue.names()
    assert isinstance(events[-1], AnswerFinished) and events[-1].text.startswith("已添加。**dian** 有")


def test_an_encoding_that_is_said_afterwards_reads_the_file_once_more(fresh: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "laden.csv"
    rows = "".join(f"u{user},čaj {item}\n" for user in range(6) for item in range(5))
    file.write_bytes(("user,item\n" + rows).encode("cp1250"))
    chat = Conversation(fresh, "one")

    said(chat, "", [file])
    assert "èaj 0" in fresh.catalogue.get("laden").load().item_ids.to_list()
    said(chat, "please read laden.csv again as windows-1250")

    assert "čaj 0" in fresh.catalogue.get("laden").load().item_ids.to_list()
    assert fresh.catalogue.names() == ["demo", "laden"]


@pytest.mark.parametrize("answer", ["person is the customer", "person"])
def test_what_is_said_after_a_file_failed_is_of_that_file(fresh: Workspace, file: Path, answer: str) -> None:
    chat = Conversation(fresh, "one")
    assert "no column 'buyer_no'" in said(chat, "the user is buyer_no, the item is item", [file])
    assert "Added as **orders**" in said(chat, answer)
    assert fresh.catalogue.get("orders").columns["user"] == "person"


def test_which_ratings_are_likes_is_corrected_right_after_a_file_was_read(fresh: Workspace, file: Path) -> None:
    chat = Conversation(fresh, "one")
    said(chat, "the user is person, the item is item, the rating is stars", [file])
    assert "Read again: **orders**" in said(chat, "actually count 5 and up as likes")
    assert fresh.catalogue.get("orders").load().choices.positive is not None


def test_a_correction_goes_to_the_dataset_that_it_names_though_a_question_is_open(fresh: Workspace, file: Path) -> None:
    chat = Conversation(fresh, "one")
    said(chat, "the user is person, the item is item", [file])
    other = file.with_name("visits.csv")
    other.write_text("\n".join(["aa,bb,cc", *[f"x{n % 9},y{n % 7},z{n % 5}" for n in range(60)]]))
    assert "Which column is" in said(chat, "", [other])
    assert "`member` as the user" in said(chat, "the user in orders should be member")


@pytest.mark.parametrize("says", ["sku is the item, not item", "no, the item is sku"])
def test_a_column_that_was_left_out_is_read_once_it_gets_a_role(fresh: Workspace, file: Path, says: str) -> None:
    chat = Conversation(fresh, "one")
    said(chat, "the user is person, the item is item, ignore the columns sku, qty", [file])
    assert "Read again: **orders**" in said(chat, says)
    again = fresh.catalogue.get("orders")
    assert again.columns["item"] == "sku" and again.choices.reading == {"ignore": "qty"}
