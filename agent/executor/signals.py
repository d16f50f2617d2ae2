"""The signals that ask a program to end, which from a terminal or a service manager come to its workers too.

They are the parent's to handle: a worker does not hear them, from its first moment on, and ends when its parent does.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

ENDS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_CAN_HOLD = hasattr(signal, "pthread_sigmask")  # not on Windows


@contextmanager
def held() -> Iterator[None]:
    """A process that starts in this block hears none until it says `ignore`, which also takes the block away."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDS) if _CAN_HOLD else set()
    try:
        yield
    finally:
        if _CAN_HOLD:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def ignore() -> None:
    """Be deaf to them in this process from now on."""
    for number in ENDS:
        signal.signal(number, signal.SIG_IGN)
    if _CAN_HOLD:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)
