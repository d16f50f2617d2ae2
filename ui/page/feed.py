"""What a tab listens to: one stream of server-sent events, which holds what changed in its chat and its study.

Names of the events: `hello` once, then `chats`, `entries`, `home`, `study`, `studies` and `turn` when what they hold
changes.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress

import anyio

from agent.errors import USER_ERRORS
from ui.chats import Chat
from ui.looks import KEPT_S, Looks
from ui.page.chat_list import ChatList
from ui.page.entries import drawn, is_seen
from ui.page.settled import Standing, with_standings
from ui.page.study_line import other_line, study_line
from ui.transcript import Entry

TOGETHER_S = 0.05  # what comes within this time goes together
STUDIES_S = KEPT_S  # how often it is looked how studies stand
QUIET_S = 15.0  # after which an empty line says that the stream is alive
LATEST = 60  # entries of a long chat that are sent when it is opened; earlier ones when they are asked for
Json = dict[str, object]


class Tab:
    """What one tab was sent; `changes` finds what it was not sent yet."""

    def __init__(self, chat: Chat, study: str | None, person: str | None, looks: Looks, chats: ChatList) -> None:
        """`study`: that the tab shows; None: it takes its chat's, and follows it."""
        self.chat = chat
        self._study = study or chat.study or self._latest(person, looks)
        self._person = person
        self._looks = looks
        self._chats = chats
        self._sent: dict[str, tuple[Entry, Standing]] = {}  # key → the entry, and what became of what it asks
        self._html: dict[str, str] = {}  # of entries that are still being written
        self._version = -1
        self._first: str | None = None  # the key of the first entry that was sent
        self._said: dict[str, object] = {}  # the name of an event → what it held last
        self._chat_study = chat.study

    @property
    def study(self) -> str | None:
        """The name of the study that the tab shows."""
        return self._study

    @staticmethod
    def _latest(person: str | None, looks: Looks) -> str | None:
        """What a chat without a study shows: the latest one, but among several people only their own."""
        return None if person else next(iter(looks.names()), None)

    def changes(self) -> Iterator[tuple[str, object]]:
        """Name and content of each event that is due."""
        if self.chat.study != self._chat_study:
            self._chat_study = self._study = self.chat.study
            yield "turn", {"study": self.chat.study}
        yield from self._entries()
        # with the turn, so that an answer that took no time is told too
        answering = {"is": self.chat.is_answering, "waiting": self.chat.n_waiting, "turn": self.chat.transcript.turn}
        yield from self._fresh("answering", answering)
        yield from self._fresh("studies", [*self._looks.names()])
        yield from self._fresh("chats", self._chats.of(self._person, self.chat))
        yield from self._fresh("home", self._looks.home())
        yield from self._fresh("study", self._line())

    def _line(self) -> Json:
        name, others = self.study, self._others()
        if name is None:
            return {"name": None, "others": others}
        try:
            return {**study_line(self._looks.of(name), self._person), "card": self._card_of(name), "others": others}
        except USER_ERRORS as error:
            return {"name": name, "problem": str(error), "others": others}

    def _card_of(self, study: str) -> str | None:
        """The key of the entry in which the study's trial waits for a yes."""
        asks = (one for one in self.chat.transcript.entries() if one.waiting is not None and one.waiting.study == study)
        return next((one.key for one in asks), None)

    def _others(self) -> list[Json]:
        """The chat's studies at work, or waiting, that the tab does not show."""
        found = []
        for name in self.chat.followed:
            with suppress(*USER_ERRORS):
                if name != self.study and (line := self._looks.of(name).line).is_busy:
                    found.append(other_line(line))
        return found

    def _fresh(self, name: str, content: object) -> Iterator[tuple[str, object]]:
        if self._said.get(name) != content:
            self._said[name] = content
            yield name, content

    def _entries(self) -> Iterator[tuple[str, object]]:
        version = self.chat.transcript.version
        if version == self._version:
            return
        is_first, entries = self._version < 0, self.chat.transcript.entries()
        shown = [one for one in with_standings(entries) if is_seen(one[0])]
        if is_first:
            n_left = max(0, len(shown) - LATEST)
            shown, self._first = shown[n_left:], shown[n_left][0].key if n_left else None
        elif self._first is not None:
            keys = [entry.key for entry, _ in shown]
            shown = shown[keys.index(self._first) :] if self._first in keys else shown
            n_left = 0
        else:
            n_left = 0
        changed, before = [], None
        for entry, state in shown:
            sent = self._sent.get(entry.key)
            if sent is None or sent[0] is not entry or sent[1] != state:
                changed.append(self._shortened(entry, {**drawn(entry, state), "after": before}))
            before = entry.key
        now = {entry.key: (entry, state) for entry, state in shown}
        gone = [key for key in self._sent if key not in now]
        self._sent, self._version = now, version
        if is_first or changed or gone:
            yield "entries", {"reset": is_first, "earlier": n_left, "entries": changed, "gone": gone}

    def _shortened(self, entry: Entry, shown: Json) -> Json:
        """Of an answer that grows only what comes after what the tab has."""
        html, before = str(shown.get("html", "")), self._html.get(entry.key, "")
        self._html[entry.key] = html
        if entry.key not in self._sent or not before or not html:
            return shown
        kept = next((place for place, (a, b) in enumerate(zip(before, html, strict=False)) if a != b), None)
        kept = min(len(before), len(html)) if kept is None else kept
        return {**{name: value for name, value in shown.items() if name != "html"}, "keep": kept, "add": html[kept:]}


async def stream(tab: Tab, hello: Json, is_open: Callable[[], bool] = lambda: True) -> AsyncIterator[bytes]:
    """The events of a tab, for as long as it listens and the login holds."""
    yield event("hello", hello)
    news, loop = asyncio.Event(), asyncio.get_running_loop()

    def tell() -> None:
        loop.call_soon_threadsafe(news.set)

    leave = tab.chat.transcript.subscribe(tell)
    quiet_s = 0.0
    try:
        while is_open():
            news.clear()
            found = await anyio.to_thread.run_sync(lambda: [*tab.changes()])
            for name, content in found:
                yield event(name, content)
            quiet_s = 0.0 if found else quiet_s + STUDIES_S
            if quiet_s >= QUIET_S:
                yield b":\n\n"
                quiet_s = 0.0
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), STUDIES_S)
            await asyncio.sleep(TOGETHER_S)
    finally:
        leave()


def event(name: str, content: object) -> bytes:
    """As the stream carries it."""
    return f"event: {name}\ndata: {json.dumps(content, ensure_ascii=False, separators=(',', ':'))}\n\n".encode()


def earlier(chat: Chat, before: str) -> Json:
    """The entries before the one with that key, at most as many as are sent at first."""
    entries = chat.transcript.entries()
    shown = [one for one in with_standings(entries) if is_seen(one[0])]
    end = next((place for place, (entry, _) in enumerate(shown) if entry.key == before), 0)
    start = max(0, end - LATEST)
    return {"earlier": start, "entries": [drawn(*one) for one in shown[start:end]]}
