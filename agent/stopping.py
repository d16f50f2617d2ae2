"""Stopping what runs, from any thread: an answer that is being given, with all that it waits for.

stop = Stop()
with stoppable(stop):
    ...             # what is called here asks `check_stop()`, or says `on_stop(...)` how it is cut off
stop.set()          # from elsewhere
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from contextvars import ContextVar


class StoppedError(BaseException):
    """The person stopped it; no `Exception`, so that nobody takes it for a failure and goes on."""


class Stop:
    """Whether something shall end, and what cuts it off."""

    def __init__(self) -> None:
        self._is_set, self._is_left = threading.Event(), False
        self._cuts: list[Callable[[], object]] = []
        self._lock = threading.Lock()

    @property
    def is_set(self) -> bool:
        return self._is_set.is_set()

    @property
    def is_left(self) -> bool:
        """Whether nobody waits for it any more: what it brings later is lost, and it may keep nothing."""
        return self._is_left

    def set(self) -> None:
        """End it."""
        with self._lock:
            self._is_set.set()
            cuts = list(self._cuts)
        for cut in cuts:
            cut()

    def leave(self) -> None:
        """Wait for it no longer."""
        self._is_left = True
        self.set()

    @contextlib.contextmanager
    def on(self, cut: Callable[[], object]) -> Iterator[None]:
        """Within this block `cut` is called when it shall end, from the thread that says so; at once if it shall."""
        with self._lock:
            self._cuts.append(cut)
            is_late = self._is_set.is_set()
        if is_late:
            cut()
        try:
            yield
        finally:
            with self._lock:
                self._cuts.remove(cut)


_STOP: ContextVar[Stop | None] = ContextVar("stop", default=None)


@contextlib.contextmanager
def stoppable(stop: Stop) -> Iterator[None]:
    """Within this block, and in threads that copy its context, this stop counts."""
    before = _STOP.get()
    _STOP.set(stop)
    try:
        yield
    finally:
        _STOP.set(before)


def current_stop() -> Stop | None:
    """That of what runs here, if it can be stopped."""
    return _STOP.get()


def is_stopped() -> bool:
    """Whether what runs here shall end."""
    stop = _STOP.get()
    return stop is not None and stop.is_set


def check_stop() -> None:
    """Raises StoppedError: what runs here shall end."""
    if is_stopped():
        raise StoppedError


@contextlib.contextmanager
def on_stop(cut: Callable[[], object]) -> Iterator[None]:
    """Within this block `cut` is called when what runs here shall end."""
    stop = _STOP.get()
    with stop.on(cut) if stop is not None else contextlib.nullcontext():
        yield


def wait(seconds: float) -> None:
    """Sleeps, unless what runs here shall end.

    Raises:
        StoppedError: It shall.
    """
    woken = threading.Event()
    with on_stop(woken.set):
        woken.wait(seconds)
    check_stop()
