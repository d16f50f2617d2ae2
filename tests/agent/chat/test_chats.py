"""The chats of a home: what they are called, found by, and that nothing of a file of an earlier version is lost."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langgraph.checkpoint.sqlite import SqliteSaver

from agent.chat import taken
from agent.chat.chats import KEPT_DAYS, LONGEST_OWN, Chats, Shown
from agent.chat.conversation import Conversation
from agent.chat.finding import snippet, words_of
from agent.chat.taken import Taken
from agent.chat.titles import LONGEST, Rank, first_title, title_of
from agent.errors import SetupError, UserError
from agent.events import MessageSaid
from agent.llm.scripted import ScriptedChat, call
from agent.results.kept import to_json
from agent.results.result import Failure
from agent.results.study import StudyBegun
from agent.workspace import Workspace


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[Chats]:
    with closing(Chats(tmp_path / "chats.db")) as opened:
        yield opened


def talk(workspace: Workspace, *lines: Any, text: str = "hello", chat: str = "one") -> None:
    list(Conversation(workspace, chat, ScriptedChat(lines=list(lines))).send(text))


def of_the_first_version(path: Path) -> None:
    """A file as the first version wrote it: two chats, one with two messages."""
    with closing(sqlite3.connect(path)) as connection:
        saver = SqliteSaver(connection)
        with saver.cursor() as cursor:
            cursor.execute("CREATE TABLE chats (id TEXT PRIMARY KEY, title TEXT NOT NULL, touched_at TEXT NOT NULL)")
            cursor.execute("INSERT INTO chats VALUES ('a', 'tune éase', '2026-01-02'), ('b', 'hi', '2026-01-01')")
        messages = [HumanMessage("tune éase", id="1"), AIMessage("It trains the Ωmega model.", id="2")]
        checkpoint: Any = {
            "v": 4,
            "id": "1f0c0000-0000-6000-8000-000000000000",
            "ts": "2026-01-02T00:00:00+00:00",
            "channel_values": {"messages": messages},
            "channel_versions": {"messages": "1"},
            "versions_seen": {},
        }
        config: Any = {"configurable": {"thread_id": "a", "checkpoint_ns": ""}}
        saver.put(config, checkpoint, {"source": "update", "step": 1}, {"messages": "1"})


def test_a_file_of_the_first_version_opens_and_keeps_everything(home: Path, opened: Callable[..., Workspace]) -> None:
    of_the_first_version(home / "chats.db")
    workspace = opened(home, ScriptedChat(lines=["Yes."]))
    assert [(one.id, one.title, one.created_at) for one in workspace.chats.all()] == [
        ("a", "tune éase", ""),
        ("b", "hi", ""),
    ]
    conversation = Conversation(workspace, "a")
    assert conversation.history()[0] == MessageSaid(chat="a", text="tune éase")
    assert [one.chat.id for one in workspace.chats.find("OMEGA")] == []
    assert [one.chat.id for one in workspace.chats.find("ωMEGA tráins")] == ["a"]
    list(conversation.send("and now?"))
    workspace.close()
    again = opened(home).chats
    assert [one.text for one in again.messages("a")] == ["tune éase", "It trains the Ωmega model.", "and now?", "Yes."]
    assert [one.id for one in again.all()] == ["a", "b"]


def test_a_file_that_kept_no_entries_gets_a_place_for_them(tmp_path: Path) -> None:
    path, shown = tmp_path / "chats.db", Shown(key="s/0", turn=1, at="now")
    with closing(Chats(path)) as chats:
        chats.note_shown("a", [shown])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE shown DROP COLUMN entry")
        connection.execute("DROP TABLE taken")
        connection.execute("PRAGMA user_version = 1")
    with closing(Chats(path)) as chats:
        assert chats.shown("a") == [shown]
        chats.note_shown("a", [replace(shown, entry="{}")])
        assert chats.shown("a") == [replace(shown, entry="{}")]


def test_a_file_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "chats.db"
    Chats(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(SetupError, match="later version"):
        Chats(path)


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ("Hi there! Please tune sasrec on the demo data, 6 trials.", "Tune sasrec on the demo data, 6 trials"),
        ("could you, please, say\nwhich datasets there are?", "Say which datasets there are?"),
        ("Hide nothing.", "Hide nothing"),
        ("hello", "Hello"),
        ("ok, thanks!", "Ok, thanks"),
        ("prose.csv", "New chat"),
        ("  …", "New chat"),
        ("x" * 300, "X" + "x" * (LONGEST - 2) + "…"),
        (
            "the quick brown fox jumps over the lazy dog and over the fence",
            "The quick brown fox jumps over the lazy dog and…",
        ),
    ],
)
def test_a_title_is_what_the_first_message_asks_for(message: str, title: str) -> None:
    assert first_title(message).text == title
    assert len(title) <= LONGEST


def begun(study: str, models: tuple[str, ...]) -> list[AnyMessage]:
    """What a turn that begins a study adds."""
    terms = StudyBegun(
        study=study,
        dataset="demo",
        models=models,
        models_chosen_by="person",
        goal="g",
        objective="ndcg@10",
        n_trials=3,
        space={},
        needs_approval=False,
        state="queued",
    )
    asked = AIMessage("", tool_calls=[{"name": "start_study", "args": {}, "id": study}])
    return [asked, ToolMessage(to_json(terms), tool_call_id=study, name="start_study"), AIMessage("It runs.")]


def test_a_study_that_was_begun_gives_the_title_whatever_was_said_before() -> None:
    refused = ToolMessage(to_json(Failure(error="no")), tool_call_id="x", name="start_study")
    messages: list[AnyMessage] = [
        HumanMessage("hi"),
        AIMessage("Hello."),
        HumanMessage("which datasets?"),
        AIMessage("", tool_calls=[{"name": "start_study", "args": {}, "id": "x"}]),
        refused,
    ]
    assert title_of(messages).text == "Which datasets?"
    messages += [
        HumanMessage("go"),
        *begun("demo-1", ("sasrec", "ease")),
        HumanMessage("more"),
        *begun("demo-2", ("ials",)),
    ]
    assert title_of(messages).text == "Tune sasrec and ease on demo"
    assert title_of([HumanMessage("开始吧"), *begun("demo-1", ("ease",))]).text == "在 demo 上调 ease"
    many = title_of([HumanMessage("go"), *begun("demo-1", ("a", "b", "c", "d"))])
    assert (many.text, many.rank) == ("Tune 4 models on demo", Rank.STUDY)


def test_a_chat_is_called_by_what_it_asks_for_until_the_person_gives_it_a_name(tuned: Workspace) -> None:
    talk(tuned, "Hello.", text="hi")
    assert tuned.chats.all()[0].title == "Hi"
    talk(tuned, call("describe_dataset", dataset="tiny"), "60 users.", text="what is in tiny?")
    assert tuned.chats.all()[0].title == "What is in tiny?"
    assert tuned.chats.rename("one", "  My *chat* ") == "My *chat*"
    talk(tuned, "Hello.", text="and what else?")
    assert tuned.chats.all()[0].title == "My *chat*"


@pytest.mark.parametrize("title", ["", " \t", "two\nlines", "x" * (LONGEST_OWN + 1)])
def test_a_title_that_is_none_is_refused_with_the_rule(chats: Chats, title: str) -> None:
    chats.touch("a", "hello")
    with pytest.raises(UserError, match="a title"):
        chats.rename("a", title)
    with pytest.raises(UserError, match="no such chat"):
        chats.rename("b", "Fine")
    assert [one.title for one in chats.all()] == ["Hello"]


def test_pinned_chats_come_first_and_others_by_their_last_message(chats: Chats) -> None:
    for chat in ("a", "b", "c"):
        chats.touch(chat, f"about {chat}")
    chats.pin("a")
    chats.touch("b", "more")
    assert [(one.id, one.is_pinned) for one in chats.all()] == [("a", True), ("b", False), ("c", False)]
    chats.pin("a", is_pinned=False)
    assert [one.id for one in chats.all()] == ["b", "c", "a"]
    first = chats.all()[0]
    assert first.created_at < first.touched_at


def test_a_deleted_chat_is_not_listed_and_comes_back_whole(tuned: Workspace) -> None:
    talk(tuned, "It has 60 users.", text="what is in tiny?", chat="a")
    before, studies = Conversation(tuned, "a").history(), tuned.runner.names()
    tuned.chats.turn_to("a", "first")
    tuned.chats.delete("a")
    assert tuned.chats.all() == [] and tuned.chats.find("tiny") == []
    assert [one.id for one in tuned.chats.deleted()] == ["a"]
    tuned.chats.restore("a")
    assert [(one.id, one.study, one.deleted_at) for one in tuned.chats.all()] == [("a", "first", None)]
    assert Conversation(tuned, "a").history() == before
    assert tuned.runner.names() == studies


def test_a_chat_that_was_deleted_long_ago_goes_for_good_when_the_file_is_opened(
    home: Path, opened: Callable[..., Workspace]
) -> None:
    workspace = opened(home)
    for chat, days in (("old", KEPT_DAYS + 1), ("young", KEPT_DAYS - 1)):
        talk(workspace, "Yes.", text=f"is it {chat}?", chat=chat)
        workspace.chats.find("it")
        workspace.chats.note_shown(chat, [Shown(key="s/0", turn=0, at="")])
        at = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="microseconds")
        with workspace.chats.saver.cursor() as cursor:
            cursor.execute("UPDATE chats SET deleted_at = ? WHERE id = ?", (at, chat))
    workspace.close()
    with closing(Chats(home / "chats.db")) as chats:
        assert [one.id for one in chats.deleted()] == ["young"]
        assert chats.messages("old") == [] and chats.shown("old") == []
        assert chats.messages("young") and chats.shown("young")
        with chats.saver.cursor() as cursor:
            assert cursor.execute("SELECT DISTINCT chat FROM said").fetchall() == [("young",)]


def test_what_was_said_on_both_sides_is_found_whatever_its_case_and_accents(tuned: Workspace) -> None:
    talk(tuned, "Das Café öffnet.", text="wann öffnet der Laden?", chat="a")
    talk(tuned, "No idea.", text="Résumé of it all", chat="b")
    assert [one.chat.id for one in tuned.chats.find("CAFE offnet")] == ["a"]
    assert [(one.chat.id, one.snippet) for one in tuned.chats.find("resume")] == [("b", "")]  # in the title
    assert (
        tuned.chats.find("laden")[0].snippet == ""
        and tuned.chats.find("cafe")[0].snippet == "Das Café öffnet. (not checked)"
    )
    assert [one.chat.id for one in tuned.chats.find("100% sure_")] == []
    talk(tuned, "Nun aber: Straße 5.", text="und die Adresse?", chat="a")
    assert [one.chat.id for one in tuned.chats.find("strasse")] == ["a"], "what came since the last search"
    assert [one.chat.id for one in tuned.chats.find(" ")] == ["a", "b"]


def test_a_snippet_stands_around_what_was_found_and_is_cut_between_words() -> None:
    text = "One word after the other, " * 8 + "here the Größe stands,\n\nand more words come after it, " + "more " * 30
    found = snippet(text, words_of("groesse GRÖSSE stands"))
    assert found.startswith("… ") and found.endswith(" …") and len(found) < 130
    assert "Größe stands, and more" in found
    assert set(found.split()) - {"…"} <= set(text.split())
    assert snippet("short Größe", words_of("größe")) == "short Größe"


def test_of_a_long_chat_only_the_last_step_is_kept_and_nothing_is_lost(tuned: Workspace) -> None:
    for n in range(3):
        talk(tuned, call("describe_dataset", dataset="tiny"), "It has 60 users.", text=f"message {n}")
    with tuned.chats.saver.cursor() as cursor:
        assert cursor.execute("SELECT count(*) FROM checkpoints").fetchone() == (1,)
        assert cursor.execute("SELECT count(*) FROM writes").fetchone() == (0,)
    texts = [message.text for message in tuned.chats.messages("one") if isinstance(message, HumanMessage)]
    assert texts == ["message 0", "message 1", "message 2"]


def test_a_message_of_a_living_server_is_not_lost_and_one_of_a_dead_one_is_until_it_is_closed(
    chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    for turn in (2, 1):
        chats.take("c", Taken(turn=turn, at="2026-01-01T00:00:00+00:00", text=f"message {turn}", files=("a.csv",)))
    assert chats.lost("c") == [] and chats.get("c") is not None
    monkeypatch.setattr(taken, "_MINE", replace(taken._MINE, started=0.0, id="of a later server"))  # the number again
    with chats.saver.cursor() as cursor:
        cursor.execute("UPDATE taken SET owner = json_set(owner, '$.started', 1.0)")
    assert [(one.turn, one.text, one.files) for one in chats.lost("c")] == [
        (turn, f"message {turn}", ("a.csv",)) for turn in (1, 2)
    ]
    chats.finish("c", first_title("hello"), turn=1)
    chats.let_go("c", [2])
    assert chats.lost("c") == []
