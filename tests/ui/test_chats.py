"""Open chats: messages in order, several tabs at once, and chats that are let go when nobody needs them."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from agent import events
from agent.baseline import Baseline
from agent.chat.chats import Shown
from agent.chat.taken import Taken
from agent.errors import UserError
from agent.studies.machine import ENDED
from memory.record import TrialRecord
from ui.chats import Chat
from ui.open_chats import OpenChats
from ui.transcript import now

TRIAL = TrialRecord(
    id="s/0",
    study="s",
    number=0,
    dataset="demo",
    model="ease",
    params={},
    state="complete",
    objective="ndcg@10",
    value=0.2,
    cost={"train_s": 1.0, "epochs": 3},
)


class Study:
    is_over = False

    def status(self) -> Any:
        return SimpleNamespace(state="running", reason="")


class Runner:
    """A runner whose one study has had these events; each look at them waits for another tab's, if one comes."""

    def __init__(self) -> None:
        self.study = Study()
        self.happened: list[events.Event] = []
        self.between: Callable[[], None] = lambda: None

    def events(self, name: str, after: int = 0) -> list[events.Event]:
        found = self.happened[after:]
        self.between()
        return found

    def names(self) -> list[str]:
        return ["s"]

    def peek(self, name: str) -> Study:
        return self.study


class KeptChats:
    """What is kept of chats, here in memory."""

    def __init__(self) -> None:
        self.own: dict[str, str | None] = {}
        self.moments: dict[str, Shown] = {}
        self.taken: list[Taken] = []

    def study(self, chat: str) -> str | None:
        return self.own.get(chat)

    def turn_to(self, chat: str, study: str | None) -> None:
        self.own[chat] = study

    def shown(self, chat: str) -> list[Shown]:
        return list(self.moments.values())

    def take(self, chat: str, message: Taken) -> None:
        self.taken.append(message)

    def let_go(self, chat: str, turns: list[int]) -> None:
        self.taken = [one for one in self.taken if one.turn not in turns]

    def note_shown(self, chat: str, shown: list[Shown]) -> None:
        self.moments |= {one.key: one for one in shown}


class Workspace:
    def __init__(self) -> None:
        self.runner = Runner()
        self.chats = KeptChats()


class Conversation:
    """Answers when it is let, with the message in capitals."""

    def __init__(self) -> None:
        self.may_answer = threading.Semaphore(0)
        self.is_broken = False

    def close_lost(self) -> None: ...

    def history(self) -> list[events.ChatEvent]:
        return []

    def send(self, text: str, files: tuple[str, ...], **about: Any) -> Iterator[events.ChatEvent]:
        assert self.may_answer.acquire(timeout=60)
        if self.is_broken:
            raise RuntimeError("a bug")
        yield events.AnswerFinished(chat="c", text=text.upper())


def opened(conversation: Conversation | None = None, workspace: Workspace | None = None) -> Chat:
    return Chat(workspace or Workspace(), "c", conversation or Conversation())  # type: ignore[arg-type]


def wait_until_answered(chat: Chat) -> None:
    until = time.monotonic() + 60
    while chat.is_answering:
        assert time.monotonic() < until
        time.sleep(0.001)


def texts(chat: Chat) -> list[str]:
    return [entry.text for entry in chat.transcript.entries()]


def test_messages_are_answered_in_the_order_in_which_they_were_said() -> None:
    chat = opened(conversation := Conversation())
    said = [f"message {i}" for i in range(20)]
    for text in said:
        chat.say(text)
    assert chat.is_working
    for _ in said:
        conversation.may_answer.release()
    wait_until_answered(chat)
    assert not chat.is_working
    assert [text for text in texts(chat) if text.isupper()] == [text.upper() for text in said]


def test_a_bug_ends_its_answer_and_not_the_chat(caplog: Any) -> None:
    chat = opened(conversation := Conversation())
    conversation.is_broken = True
    chat.say("one")
    conversation.may_answer.release()
    wait_until_answered(chat)
    assert "Something went wrong" in texts(chat)[-1]
    assert "a bug" in caplog.text
    conversation.is_broken = False
    chat.say("two")
    conversation.may_answer.release()
    wait_until_answered(chat)
    assert texts(chat)[-1] == "TWO"


def test_two_tabs_on_one_chat_show_each_event_once() -> None:
    chat = opened(workspace=(workspace := Workspace()))
    chat.follow_study("s")
    runner = workspace.runner
    runner.happened = [
        events.TrialFinished(study="s", record=TRIAL, is_best=True, n_finished=1, n_trials=2),
        events.StudyStateChanged(study="s", state="paused"),
    ]
    both = threading.Barrier(2)

    def meet() -> None:  # both tabs have read the same events before either shows one, unless a lock keeps them apart
        with suppress(threading.BrokenBarrierError):
            both.wait(timeout=0.3)

    runner.between = meet
    tabs = [threading.Thread(target=chat.follow) for _ in range(2)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert texts(chat) == ["3 epochs in 1 s", "Study **s** is paused."]


def test_a_study_that_was_deleted_is_passed_over_until_it_is_back() -> None:
    chat = opened(workspace=(workspace := Workspace()))
    chat.follow_study("s")

    def gone(*_: Any, **__: Any) -> Any:
        raise UserError("there is no study s")

    found, peek, workspace.runner.events, workspace.runner.peek = (  # type: ignore[method-assign]
        workspace.runner.events,
        workspace.runner.peek,
        gone,
        gone,
    )
    chat.follow()
    assert not chat.is_working
    workspace.runner.events, workspace.runner.peek = found, peek  # type: ignore[method-assign]
    workspace.runner.happened = [events.StudyStateChanged(study="s", state="paused")]
    chat.follow()
    assert texts(chat) == ["Study **s** is paused."]


class Opened:
    """A chat that may be working."""

    def __init__(self, workspace: Any, chat_id: str) -> None:
        self.id = chat_id
        self.is_working = self.is_watched = False

    def follow(self) -> None: ...


def test_the_longest_unused_chat_is_let_go_and_none_that_works_or_is_looked_at() -> None:
    chats = OpenChats(None, max_open=2, make=Opened)  # type: ignore[arg-type]
    first, second = chats.get("1"), chats.get("2")
    chats.get("3")
    assert chats.get("2") is second
    assert chats.get("1") is not first  # it was let go, and 3 is now
    working = chats.get("2")
    working.is_working = True  # type: ignore[misc]
    watched = chats.get("4")
    watched.is_watched = True  # type: ignore[misc]
    for name in "567":
        chats.get(name)
    assert chats.get("2") is working
    assert chats.get("4") is watched


def test_no_chat_waits_while_another_one_is_opened_and_each_is_opened_once() -> None:
    may_open, made = threading.Event(), list[str]()

    def make(_: Any, chat_id: str) -> Opened:
        made.append(chat_id)
        assert chat_id != "slow" or may_open.wait(60)
        return Opened(None, chat_id)

    chats, slow = OpenChats(None, make=make), list[Any]()  # type: ignore[arg-type]
    both = [threading.Thread(target=lambda: slow.append(chats.get("slow"))) for _ in range(2)]
    for one in both:
        one.start()
    assert chats.get("quick").id == "quick" and not slow
    may_open.set()
    for one in both:
        one.join()
    assert slow[0] is slow[1] and sorted(made) == ["quick", "slow"]


def test_a_chat_whose_study_goes_on_is_working() -> None:
    chat = opened(workspace=(workspace := Workspace()))
    assert not chat.is_working
    chat.follow_study("s")
    assert (chat.study, chat.is_working) == ("s", True)
    workspace.runner.study.is_over = True
    assert not chat.is_working


def test_a_chat_whose_study_ran_when_the_program_was_killed_says_so_once_it_is_opened_again() -> None:
    workspace, conversation = Workspace(), Conversation()
    begun = events.ToolReturned(chat="c", call_id="1", tool="open_study", facts={"study": "s"})
    conversation.history = lambda: [events.MessageSaid(chat="c", text="tune"), begun]  # type: ignore[method-assign]

    def told(state: str, reason: str) -> list[str]:
        status = SimpleNamespace(state=state, reason=reason, n_finished=3, n_trials=10)
        study = SimpleNamespace(is_over=True, status=lambda: status, best=lambda: None, records=lambda: [TRIAL])
        workspace.runner.peek = lambda _: study  # type: ignore
        chat = Chat(workspace, "c", conversation)  # type: ignore[arg-type]
        assert chat.study == "s"
        return [entry.text for entry in chat.transcript.entries() if entry.kind in ("state", "finished")]

    ended = "The program ended while **s** ran: it is stopped with 3 of 10 trials done. `resume s` goes on with it."
    assert told("stopped", ENDED) == [ended]
    assert told("stopped", "you stopped it") == told("running", "") == []
    assert told("finished", "3 of 3 trials done")[0].startswith("Study **s**: 3 of 3 trials done.")


def test_a_trial_stands_after_the_turn_in_which_it_ran_though_the_next_message_waits() -> None:
    chat = opened(conversation := Conversation(), workspace=(workspace := Workspace()))
    for text in ("one", "two"):
        chat.say(text)
    chat.follow_study("s")
    workspace.runner.happened = [events.TrialFinished(study="s", record=TRIAL, is_best=True, n_finished=1, n_trials=2)]
    while chat.transcript.turn < 0:
        time.sleep(0.001)
    chat.follow()
    conversation.may_answer.release(2)
    wait_until_answered(chat)
    workspace.runner.happened += [events.StudyStateChanged(study="s", state="paused")]
    chat.follow()
    kinds = [(entry.kind, entry.turn) for entry in chat.transcript.entries()]
    turns = [[("said", turn), ("answer", turn), (after, turn)] for turn, after in ((0, "trial"), (1, "state"))]
    assert kinds == [*turns[0], *turns[1]]


def test_what_follows_a_trial_that_was_seen_live_stands_below_it_though_it_ended_within_the_second() -> None:
    chat = opened(workspace=(workspace := Workspace()))
    chat.follow_study("s")
    workspace.runner.happened = [events.TrialStarted(study="s", number=0, model="ease", params={})]
    chat.follow()
    ended = replace(TRIAL, finished_at=datetime.now(UTC).isoformat(timespec="seconds"))
    workspace.runner.happened += [
        events.TrialFinished(study="s", record=ended, is_best=True, n_finished=1, n_trials=2),
        events.StudyStateChanged(study="s", state="paused"),
    ]
    chat.follow()
    assert [entry.kind for entry in chat.transcript.entries()] == ["trial", "state"]


def test_the_study_that_is_seen_goes_with_the_message_and_a_tab_is_told_of_what_a_study_does() -> None:
    workspace, conversation, told = Workspace(), Conversation(), threading.Event()
    seen: list[str | None] = []

    def send(text: str, files: tuple[str, ...], **about: Any) -> Iterator[events.ChatEvent]:
        seen.append(about["study"])
        yield events.AnswerFinished(chat="c", text=text)

    conversation.send = send  # type: ignore
    chats = OpenChats(workspace, make=lambda *_: opened(conversation, workspace))  # type: ignore[arg-type]
    chat = chats.get("c")
    chat.say("how is it going?", study="shown")
    wait_until_answered(chat)
    assert seen == ["shown"]
    chat.follow_study("s")
    chat.transcript.subscribe(told.set)
    workspace.runner.happened = [events.StudyStateChanged(study="s", state="paused")]
    assert told.wait(timeout=60)
    assert texts(chat)[-1] == "Study **s** is paused."


def test_what_is_typed_ahead_of_a_study_that_begins_is_said_of_that_one() -> None:
    """Until the person turns to another one, or the study is shown."""
    chat, studies, may_begin = opened(conversation := Conversation()), {}, threading.Event()

    def send(text: str, files: tuple[str, ...], *, study: str | None, **_: Any) -> Iterator[events.ChatEvent]:
        studies[text] = study
        if text == "tune":
            assert may_begin.wait(timeout=60)
            yield events.ToolReturned(chat="c", call_id="1", tool="start_study", facts={"study": "new"})
        yield events.AnswerFinished(chat="c", text=text)

    conversation.send = send  # type: ignore[assignment]
    for text, shown in (("tune", "old"), ("pause", "old"), ("why?", "other"), ("resume", "old")):
        chat.say(text, study=shown)
    may_begin.set()
    wait_until_answered(chat)
    chat.say("stop", study="old")
    wait_until_answered(chat)
    assert studies == {"tune": "old", "pause": "new", "why?": "other", "resume": "new", "stop": "old"}


def test_a_restart_shows_the_same_in_the_same_order() -> None:
    """Two studies that ran at the same time, in a chat where a message waited meanwhile."""
    workspace, conversation = Workspace(), Conversation()
    happened: dict[str, list[events.Event]] = {"s": [], "t": []}
    workspace.runner.events = lambda name, after=0: happened[name][after:]  # type: ignore[method-assign]
    workspace.runner.names = lambda: ["s", "t"]  # type: ignore[method-assign]
    kept: list[events.ChatEvent] = []

    def send(text: str, files: tuple[str, ...], *, turn: int, **_: Any) -> Iterator[events.ChatEvent]:
        begun = events.ToolReturned(chat="c", call_id=text, tool="start_study", facts={"study": text})
        called = events.ToolCalled(chat="c", call_id=text, tool="start_study", args={})
        answer = events.AnswerFinished(chat="c", text=text.upper(), at=now())
        kept.append(events.MessageSaid(chat="c", text=text, turn=turn, at=now(), begun=now()))
        for event in (called, begun, answer):
            kept.append(event)
            yield event

    conversation.send = send  # type: ignore
    conversation.history = lambda: kept  # type: ignore[method-assign]
    chat = opened(conversation, workspace)

    def finish(study: str, number: int) -> None:
        record = replace(TRIAL, id=f"{study}/{number}", study=study, number=number, finished_at=now())
        happened[study].append(events.TrialFinished(study=study, record=record, is_best=True, n_finished=1, n_trials=2))

    for text in ("s", "t"):
        chat.say(text)
        wait_until_answered(chat)
        for number in (0, 1):
            for study in ("s", "t"):
                if study == text or text == "t":
                    finish(study, number + 2 * (study == "s" and text == "t"))
                    chat.follow()
    before = [(entry.key, entry.turn, entry.at) for entry in chat.transcript.entries() if entry.kind != "step"]
    keys = [key for key, _, _ in before]
    assert keys == ["said/0", "answer/0", "s/0", "s/1", "said/1", "answer/1", "s/2", "t/0", "s/3", "t/1"]
    chat.turn_to("s")
    again = opened(conversation, workspace)
    assert [key for key, _, _ in before] == [one.key for one in again.transcript.entries() if one.kind != "step"]
    assert [moment for moment in before if "/" in moment[0]][2:4] == [
        (one.key, one.turn, one.at) for one in again.transcript.entries() if one.key in ("s/0", "s/1")
    ]
    assert again.study == "s"
    workspace.chats.moments = {}  # a file of an earlier version: the times of the trials tell the turn
    again = opened(conversation, workspace)
    assert [one.key for one in again.transcript.entries() if one.kind != "step"] == keys
    chat.say("s")
    wait_until_answered(chat)
    again.say("s")
    wait_until_answered(again)
    assert again.transcript.entries()[-1].turn == 2


class Stubborn(Conversation):
    """Answers that are stopped end only when they are let."""

    def send(self, text: str, files: tuple[str, ...], *, stop: Any, **about: Any) -> Iterator[events.ChatEvent]:  # type: ignore[override]
        yield events.TextDelta(chat="c", text=f"{text} …")
        assert self.may_answer.acquire(timeout=60)
        yield events.AnswerFinished(chat="c", text=text.upper(), is_stopped=stop.is_set)

    def leave(self, stop: Any) -> list[events.ChatEvent]:
        assert stop.is_set
        return [events.AnswerFinished(chat="c", text="left", is_stopped=True)]


def answers(chat: Chat) -> list[str]:
    return [entry.text for entry in chat.transcript.entries() if entry.kind == "answer"]


def test_a_stopped_answer_that_does_not_end_is_left_and_what_waits_is_answered(monkeypatch: Any) -> None:
    monkeypatch.setattr("ui.answering.GRACE_S", 0.05)
    chat = opened(conversation := Stubborn())
    assert not chat.stop()
    chat.say("one")
    chat.say("two")
    while not answers(chat):
        time.sleep(0.001)
    assert chat.stop()
    while len(answers(chat)) < 2:
        time.sleep(0.001)
    assert answers(chat) == ["left", "two …"] and chat.is_answering
    conversation.may_answer.release(2)  # now the first one ends, too
    wait_until_answered(chat)
    assert answers(chat) == ["left", "TWO"]
    assert [entry.is_stopped for entry in chat.transcript.entries() if entry.kind == "answer"] == [True, False]


def test_what_waits_can_be_taken_back_with_the_answer_that_is_stopped() -> None:
    chat = opened(conversation := Stubborn())
    for text in ("one", "two", "three"):
        chat.say(text)
    while not answers(chat):
        time.sleep(0.001)
    assert chat.stop(drops_waiting=True)
    conversation.may_answer.release()
    wait_until_answered(chat)
    assert texts(chat) == ["one", "ONE"]
    assert chat.transcript.entries()[1].is_stopped


def test_of_a_study_that_was_only_opened_a_restart_shows_what_came_after_that() -> None:
    workspace, conversation = Workspace(), Conversation()
    said = events.MessageSaid(chat="c", text="open s", begun="2026-01-02T10:00:00")
    found = events.ToolReturned(chat="c", call_id="1", tool="open_study", facts={"study": "s"})
    conversation.history = lambda: [said, found]  # type: ignore[method-assign]
    for number, time_of_day in enumerate(("09:59:59", "10:00:01")):
        record = replace(TRIAL, number=number, finished_at=f"2026-01-02T{time_of_day}")
        workspace.runner.happened.append(
            events.TrialFinished(study="s", record=record, is_best=True, n_finished=1, n_trials=2)
        )
    chat = opened(conversation, workspace)
    assert [entry.key for entry in chat.transcript.entries() if entry.kind == "trial"] == ["s/1"]
    workspace.runner.happened.append(events.StudyStateChanged(study="s", state="paused"))
    chat.follow()
    assert texts(chat)[-1] == "Study **s** is paused."


def test_what_no_study_tells_again_is_shown_after_a_restart_as_well() -> None:
    chat = opened(workspace=(workspace := Workspace()))
    chat.follow_study("s")
    measured = (Baseline(model="popularity", params={}, value=0.05),)
    for happened in (
        events.BaselineStarted(study="s", model="popularity"),
        events.BaselinesMeasured(study="s", baselines=measured),
        events.StudyNoted(study="s", text="The memory cannot be written."),
        events.StudyStateChanged(study="s", state="paused"),
    ):
        workspace.runner.happened.append(happened)
        chat.follow()
    before = chat.transcript.entries()
    assert [entry.kind for entry in before] == ["baselines", "note", "state"] and "0.05" in before[0].text
    workspace.runner.happened = []  # another process: the ledger tells of trials only
    assert opened(workspace=workspace).transcript.entries() == before
