"""What a tab is sent: its own chat and study, each change once, and of an answer that grows only what is new."""

import json
from types import SimpleNamespace
from typing import Any

import anyio
import pytest

from agent.events import ApprovalNeeded, TrialStarted
from agent.studies.begun import Begun
from ui.looks import Looks
from ui.open_chats import OpenChats
from ui.page.chat_list import ChatList
from ui.page.feed import LATEST, Tab, earlier, stream
from ui.render import apply
from ui.transcript import Entry

ONE, OTHER = "chat-00000001", "chat-00000002"


@pytest.fixture
def known(workspace: Any) -> list[Any]:
    chats: list[Any] = []
    workspace.chats = SimpleNamespace(all=lambda *_: chats, get=lambda _: None)
    return chats


@pytest.fixture
def open_tab(workspace: Any, chats: OpenChats, known: list[Any]) -> Any:
    def make(chat: str = ONE, study: str | None = None, person: str | None = None) -> Tab:
        return Tab(chats.get(chat), study, person, Looks(workspace), ChatList(workspace))

    return make


def sent(tab: Tab) -> dict[str, Any]:
    return json.loads(json.dumps(dict(tab.changes())))


def test_a_fresh_tab_shows_the_latest_study_and_hears_each_thing_once(open_tab: Any) -> None:
    tab = open_tab()
    first = sent(tab)
    assert (first["study"]["name"], first["study"]["waits"]["trial"]) == ("latest", 3)
    assert first["studies"] == ["latest", "older"]
    assert sent(tab) == {}


def test_the_foot_tells_what_is_proposed_and_names_the_card_that_asks_the_same(
    open_tab: Any, chats: OpenChats, runner: Any
) -> None:
    tab = open_tab(study="older")
    line = sent(tab)["study"]
    assert (line["proposed"], line["card"]) == ("ease, l2 1", None)
    asks = ApprovalNeeded(study="older", proposal=runner.studies["older"].pending)
    apply(chats.get(ONE).transcript, asks, answer="")
    found = sent(tab)
    assert found["study"]["card"] == found["entries"]["entries"][0]["key"]
    apply(chats.get(ONE).transcript, TrialStarted(study="older", number=3, model="ease", params={}), answer="")
    assert sent(tab)["study"]["card"] is None


def test_what_waits_in_another_persons_study_is_not_offered(open_tab: Any, runner: Any) -> None:
    runner.studies["older"].begun = Begun(person="anna", chat="anna-00000001")
    hers = sent(open_tab(study="older", person="anna"))["study"]
    his = sent(open_tab(study="older", person="bob"))["study"]
    assert (hers["waits"]["trial"], hers["steps"], hers["by"]) == (3, ["stop"], None)
    assert (his["waits"], his["steps"], his["by"]) == (None, [], "anna")


def test_a_stream_ends_with_the_login(open_tab: Any) -> None:
    holds = iter([True, False])

    async def heard() -> list[bytes]:
        return [piece async for piece in stream(open_tab(), {}, lambda: next(holds))]

    pieces = anyio.run(heard)
    assert pieces[0].startswith(b"event: hello") and any(piece.startswith(b"event: study\n") for piece in pieces)


def test_what_waits_in_another_study_of_the_chat_is_told_at_its_foot(open_tab: Any, chats: OpenChats) -> None:
    tab = open_tab(study="latest")
    assert sent(tab)["study"]["others"] == []
    chats.get(ONE).follow_study("older", is_begun_here=False)
    others = sent(open_tab(study="latest"))["study"]["others"]
    assert [(one["name"], one["words"]) for one in others] == [("older", "trial 3 waits")]
    assert sent(open_tab(study="older"))["study"]["others"] == []


def test_a_study_shown_in_one_tab_changes_no_other(open_tab: Any) -> None:
    one, other = open_tab(study="older"), open_tab()
    assert (sent(one)["study"]["name"], sent(other)["study"]["name"]) == ("older", "latest")
    assert (sent(one), sent(other)) == ({}, {})


def test_a_tab_turns_to_the_study_that_its_chat_begins(open_tab: Any, chats: OpenChats, runner: Any) -> None:
    tab, elsewhere = open_tab(study="older"), open_tab(OTHER)
    sent(tab), sent(elsewhere)
    chats.get(ONE).follow_study("latest")
    found = sent(tab)
    assert (found["turn"], found["study"]["name"]) == ({"study": "latest"}, "latest")
    assert sent(elsewhere) == {}


def test_among_several_people_a_new_chat_shows_no_study_of_others(open_tab: Any) -> None:
    study = sent(open_tab("ann-00000001", person="ann"))["study"]
    assert (study["name"], study["others"]) == (None, [])


def test_the_list_holds_a_persons_own_chats_and_the_one_that_has_no_message_yet(
    open_tab: Any, known: list[Any]
) -> None:
    owners = ("ann", "ann-b", "chat")
    known += [SimpleNamespace(id=f"{one}-00000002", title=one, touched_at="", is_pinned=False) for one in owners]
    listed = sent(open_tab("ann-00000001", person="ann"))["chats"]
    assert [one["id"] for one in listed] == ["ann-00000001", "ann-00000002"]


def test_of_an_answer_that_grows_only_what_is_new_is_sent(open_tab: Any, chats: OpenChats) -> None:
    tab, transcript = open_tab(), chats.get(ONE).transcript
    transcript.put(Entry(key="answer/0", text="It reached"))
    whole = sent(tab)["entries"]["entries"][0]["html"]
    for _ in range(3):
        transcript.extend("answer/0", " more and more")
        (entry,) = sent(tab)["entries"]["entries"]
        whole = whole[: entry["keep"]] + entry["add"]
        assert len(entry["add"]) < 30
    assert whole == "<p>It reached more and more more and more more and more</p>"


def test_an_entry_comes_after_the_one_before_it_and_one_that_goes_is_told(open_tab: Any, chats: OpenChats) -> None:
    tab, transcript = open_tab(), chats.get(ONE).transcript
    for key in ("a", "b"):
        transcript.put(Entry(key=key, text=key))
    assert [entry["after"] for entry in sent(tab)["entries"]["entries"]] == [None, "a"]
    transcript.put(Entry(key="b", text=""))
    assert sent(tab)["entries"]["gone"] == ["b"]


def test_of_a_long_chat_the_latest_entries_come_and_earlier_ones_when_asked_for(
    open_tab: Any, chats: OpenChats
) -> None:
    transcript = chats.get(ONE).transcript
    for number in range(LATEST + 70):
        transcript.put(Entry(key=f"{number}", text=f"{number}"))
    tab = open_tab()
    first = sent(tab)["entries"]
    assert (len(first["entries"]), first["earlier"], first["entries"][0]["key"]) == (LATEST, 70, "70")
    before = earlier(chats.get(ONE), "70")
    assert [entry["key"] for entry in before["entries"]] == [f"{number}" for number in range(10, 70)]
    assert before["earlier"] == 10
    transcript.put(Entry(key="new", text="new"))
    assert [entry["key"] for entry in sent(tab)["entries"]["entries"]] == ["new"]


def test_a_tab_stays_with_its_study_when_another_chat_begins_one(open_tab: Any, runner: Any) -> None:
    tab = open_tab()
    sent(tab)
    runner.studies = {"newer": type(runner.studies["latest"])("newer")} | runner.studies
    assert "study" not in sent(tab)
    assert tab.study == "latest"
