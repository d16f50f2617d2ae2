"""What one chat shows, in order: entries that later events update in place. Knows nothing of Gradio."""

import threading
from dataclasses import dataclass, replace
from typing import Literal

from agent.secrets import masked


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A proposed trial that waits for the person's word."""

    study: str
    trial: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A language model's question that waits for the person's answer."""

    study: str
    choices: tuple[str, ...]  # answers that are offered


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One bubble, or one folded step when it has a title."""

    key: str  # a later entry with the same key takes its place
    role: Literal["user", "assistant"] = "assistant"
    text: str
    title: str | None = None
    is_pending: bool = False
    choices: tuple[str, ...] = ()  # said as if typed
    waiting: Waiting | None = None  # to be run or rejected here
    asked: Asked | None = None  # to be answered here
    files: tuple[str, ...] = ()


class Transcript:
    """The entries of one chat; written by the answer that streams and by the studies that run, from several threads."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._lock = threading.Lock()
        self._version = 0

    @property
    def version(self) -> int:
        """Grows with each change, so that a screen redraws only when there is something to see."""
        return self._version

    def entries(self) -> list[Entry]:
        """In the order of first appearance."""
        with self._lock:
            return list(self._entries.values())

    def get(self, key: str) -> Entry | None:
        """The entry as it stands."""
        return self._entries.get(key)

    def put(self, entry: Entry) -> None:
        """Adds the entry, without secrets, or replaces the one with its key where it stands."""
        entry = replace(entry, text=masked(entry.text))
        with self._lock:
            if self._entries.get(entry.key) != entry:
                self._entries[entry.key] = entry
                self._version += 1

    def extend(self, key: str, text: str) -> None:
        """Appends text to an answer that streams."""
        old = self.get(key)
        self.put(replace(old, text=old.text + text) if old else Entry(key=key, text=text))
