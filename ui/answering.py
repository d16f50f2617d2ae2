"""The messages of one chat in their order: one is answered at a time, in a thread of its own, and can be stopped."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from agent.stopping import Stop

GRACE_S = 2.0  # so long a stopped answer may take to end; then the chat goes on without it


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message, and what is needed to answer it."""

    turn: int
    at: str  # when it was said, ISO 8601
    text: str
    files: tuple[str, ...]
    study: str | None  # that the person saw next to the chat
    stop: Stop = field(default_factory=Stop)
    replaces: int | None = None  # the first turn that it takes the place of


Answer = Callable[[Said, Callable[[], bool]], None]


class Answering:
    """Answers messages one after the other."""

    def __init__(self, name: str, answer: Answer, leave: Callable[[Said], None]) -> None:
        """
        Args:
            name: Of the chat.
            answer: Answers a message; it is also given what tells whether the answer is still wanted.
            leave: Closes the turn of a message whose answer was stopped and does not end.
        """
        self.lock = threading.RLock()  # held where what waits is looked at and changed
        self._name = name
        self._answer = answer
        self._leave = leave
        self._waiting: deque[Said] = deque()
        self._now: Said | None = None
        self._worker: object = None  # who answers; another one takes over where a stopped answer does not end

    @property
    def is_busy(self) -> bool:
        """Whether an answer is being given, or messages wait for one."""
        return self._worker is not None

    @property
    def waiting(self) -> tuple[Said, ...]:
        """The messages that are not being answered yet."""
        with self.lock:
            return tuple(self._waiting)

    def add(self, said: Said) -> None:
        """Takes a message."""
        with self.lock:
            self._waiting.append(said)
            if self._worker is None:
                self._begin()

    def clear(self) -> None:
        """Takes back what waits."""
        with self.lock:
            self._waiting.clear()

    def stop(self) -> bool:
        """Stops the answer that is being given; whether there was one. What waits is answered next."""
        with self.lock:
            said = self._now
        if said is None:
            return False
        said.stop.set()
        late = threading.Timer(GRACE_S, self._go_on_without, (said,))
        late.daemon = True
        late.start()
        return True

    def _begin(self) -> None:
        worker = self._worker = object()
        threading.Thread(target=self._work, args=(worker,), name=f"chat {self._name}", daemon=True).start()

    def _work(self, worker: object) -> None:
        while (said := self._next(worker)) is not None:
            self._answer(said, lambda: self._worker is worker)

    def _next(self, worker: object) -> Said | None:
        with self.lock:
            if self._worker is not worker:
                return None
            self._now = self._waiting.popleft() if self._waiting else None
            if self._now is None:
                self._worker = None
            return self._now

    def _go_on_without(self, said: Said) -> None:
        """Of a stopped answer that does not end, such as one that waits for a dead server."""
        with self.lock:
            if self._now is not said:
                return
            self._now = None
            self._worker = object()  # of nobody: what is said now waits until this answer is closed
        try:
            self._leave(said)
        finally:
            with self.lock:
                self._begin()
