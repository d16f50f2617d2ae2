"""What one chat shows, in order: entries that later events update in place. Knows nothing of Gradio.

Each entry belongs to a turn: a message of the person, the steps and the answer. These stand together; what studies did
meanwhile stands after them, so that nothing cuts into an answer.
"""

import threading
from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import takewhile
from typing import Literal, NamedTuple

from agent.plan_card import PlanCard
from agent.results.result import ColumnsAsked
from agent.secrets import masked
from ui.cards import TrialCard
from ui.study_lines import ENGLISH

Kind = Literal[
    "said",
    "answer",
    "step",
    "trial",
    "approval",
    "question",
    "lesson",
    "note",
    "state",
    "baselines",
    "confirmation",
    "finished",
]
_TOLD_ONCE: Collection[Kind] = ("baselines", "finished", "lesson", "note", "state")
_BLOCK: Mapping[Kind, int] = {"said": 0, "step": 1, "answer": 2}  # the order within a turn; all others follow it


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A proposed trial that waits for the person's word."""

    study: str
    trial: int
    proposal: str  # its mark
    choices: tuple[str, str] = ENGLISH.choices  # to run it, to reject it


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A language model's question that waits for the person's answer."""

    study: str
    choices: tuple[str, ...]  # answers that are offered


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStep:
    """What a step that reads a file came to."""

    args: Mapping[str, object] = field(default_factory=dict)  # which file: `path`, or the dataset that it `corrects`
    asks: ColumnsAsked | None = None  # about its columns
    problem: str = ""  # why it could not be read
    is_read: bool = False


class FileAsked(NamedTuple):
    """A file about whose columns an answer asks."""

    key: str  # of the step that found it unclear
    asked: ColumnsAsked


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One bubble, or one folded step when it has a title."""

    key: str  # a later entry with the same key takes its place
    kind: Kind = "answer"
    role: Literal["user", "assistant"] = "assistant"
    text: str
    title: str | None = None
    turn: int | None = None  # None: the one that runs
    at: str | None = None  # ISO 8601, UTC, when it first appeared; None: now; empty: not known, of an earlier version
    study: str | None = None  # that it tells of
    trial: int | None = None  # of the study
    is_pending: bool = False
    is_stopped: bool = False  # an answer that the person stopped
    is_cut: bool = False  # an answer that the server's end cut off, which can be given again
    is_error: bool = False
    choices: tuple[str, ...] = ()  # said as if typed
    waiting: Waiting | None = None  # to be run or rejected here
    asked: Asked | None = None  # to be answered here
    card: TrialCard | None = None  # of a trial
    plan: PlanCard | None = None  # that the text tells
    files_asked: tuple[FileAsked, ...] = ()  # about whose columns the text asks
    tool: str = ""  # of a step
    file: FileStep | None = None  # of a step that reads one
    answers: str = ""  # the key of what a message answers, by a button of it
    files: tuple[str, ...] = ()

    @property
    def is_of_turn(self) -> bool:
        """Whether it is a message, a step or an answer, rather than what a study did meanwhile."""
        return self.kind in _BLOCK

    @property
    def is_told_once(self) -> bool:
        """Whether no study tells it again after a restart."""
        return self.kind in _TOLD_ONCE or (self.kind == "approval" and self.waiting is None)


class Moment(NamedTuple):
    """When an entry first appeared."""

    turn: int
    at: str  # ISO 8601, UTC


class Changes(NamedTuple):
    """What a screen has to do; entries are put in the given order, each at its place."""

    entries: tuple[tuple[int, Entry], ...]  # place from 0 among all entries, and the entry
    removed: tuple[str, ...]  # keys, taken away first; one that came back elsewhere is among the entries, too
    version: int


_Order = tuple[int, int, str, int]  # turn, place in its block, time, number


class Transcript:
    """The entries of one chat; written by the answer that streams and by the studies that run, from several threads."""

    def __init__(self, moments: Mapping[str, Moment] | None = None) -> None:
        """
        Args:
            moments: By key, when entries appeared that were shown before a restart.
        """
        self._entries: dict[str, Entry] = {}
        self._orders: dict[str, _Order] = {}
        self._sorted: list[tuple[_Order, str]] = []
        self._changed: dict[str, int] = {}  # key → version at which it last changed, the latest last
        self._removed: dict[str, int] = {}  # key → version at which it was taken away, the latest last
        self._known = dict(moments or {})
        self._new: list[str] = []  # keys of what was first shown since `fresh` was asked
        self._turn = -1
        self._last_said = ""
        self._n_put = 0
        self._lock = threading.Lock()
        self._version = 0
        self._listeners: list[Callable[[], None]] = []

    @property
    def version(self) -> int:
        """Grows with each change, so that a screen redraws only when there is something to see."""
        return self._version

    @property
    def turn(self) -> int:
        """The turn that runs, or was the last one; -1 before the first."""
        return self._turn

    @property
    def last_said(self) -> str:
        """What the person said last in words; empty: nothing."""
        return self._last_said

    @property
    def is_watched(self) -> bool:
        """Whether a screen listens."""
        return bool(self._listeners)

    def begin(self, turn: int) -> None:
        """What appears from now on belongs to this turn."""
        self._turn = turn

    def entries(self) -> list[Entry]:
        """Turn by turn, and within each: the message, steps and answer, then what studies did."""
        with self._lock:
            return [self._entries[key] for _, key in self._sorted]

    def get(self, key: str) -> Entry | None:
        """The entry as it stands."""
        return self._entries.get(key)

    def put(self, entry: Entry) -> None:
        """Adds the entry, without secrets, or replaces the one with its key where it stands."""
        entry = replace(entry, text=masked(entry.text))
        with self._lock:
            old = self._entries.get(entry.key)
            entry = self._dated(entry) if old is None else replace(entry, turn=old.turn, at=old.at)
            if old == entry:
                return
            if entry.kind == "said":
                self._last_said = entry.text or self._last_said
            if old is None:
                self._enter(entry)
            is_new = old is None and entry.key not in self._known
            if not entry.is_of_turn and (is_new or entry.is_told_once):
                self._new.append(entry.key)
            self._entries[entry.key] = entry
            self._change(self._changed, entry.key)
        self._tell()

    def extend(self, key: str, text: str) -> None:
        """Appends text to an answer that streams."""
        old = self.get(key)
        self.put(replace(old or Entry(key=key, text=""), text=f"{old.text if old else ''}{text}", is_pending=True))

    def fresh(self) -> list[Entry]:
        """What studies did that first appeared since the last call, and what no study tells again and changed."""
        with self._lock:
            new, self._new = dict.fromkeys(self._new), []
            return [self._entries[key] for key in new if key in self._entries]

    def remove(self, keys: Collection[str]) -> None:
        """Takes entries away."""
        with self._lock:
            for key in keys:
                if self._entries.pop(key, None) is not None:
                    order = self._orders.pop(key)
                    del self._sorted[bisect_left(self._sorted, (order, key))]
                    del self._changed[key]
                    self._change(self._removed, key)
        self._tell()

    def changed_since(self, version: int) -> Changes:
        """What changed after that version; all entries since version 0."""
        with self._lock:
            fresh = _later(self._changed, version)
            places = sorted((bisect_left(self._sorted, (self._orders[key], key)), key) for key in fresh)
            return Changes(
                entries=tuple((place, self._entries[key]) for place, key in places),
                removed=tuple(_later(self._removed, version)),
                version=self._version,
            )

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Calls back after each change, from the thread that made it, until what this returns is called."""
        with self._lock:
            self._listeners.append(callback)

        def leave() -> None:
            with self._lock:
                if callback in self._listeners:
                    self._listeners.remove(callback)

        return leave

    def _dated(self, entry: Entry) -> Entry:
        known = self._known.get(entry.key)
        turn = entry.turn if entry.turn is not None else self._turn
        if known is not None:
            return replace(entry, turn=known.turn, at=known.at)
        return replace(entry, turn=turn, at=now() if entry.at is None else entry.at)

    def _enter(self, entry: Entry) -> None:
        self._n_put += 1
        place = _BLOCK.get(entry.kind, len(_BLOCK))
        at = "" if entry.is_of_turn else entry.at or ""
        order = (-1 if entry.turn is None else entry.turn, place, at, self._n_put)
        self._orders[entry.key] = order
        insort(self._sorted, (order, entry.key))

    def _change(self, where: dict[str, int], key: str) -> None:
        self._version += 1
        where.pop(key, None)
        where[key] = self._version

    def _tell(self) -> None:
        for callback in list(self._listeners):
            callback()


def _later(changes: dict[str, int], version: int) -> list[str]:
    """The keys that changed after a version, the latest first."""
    return [key for key, _ in takewhile(lambda change: change[1] > version, reversed(changes.items()))]


def now() -> str:
    """ISO 8601, UTC; sorts as text."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
