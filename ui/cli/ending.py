"""How Ctrl-C, SIGTERM and SIGHUP end a command: alike, in seconds, and at once when asked twice.

with Ending() as ending:
    app()

The first signal is a KeyboardInterrupt in the main thread, where commands give up what runs so that it can be resumed.
The second one, or `PATIENCE_S`, ends this process and all that it started, whatever they do: to the ledger that is one
more kill, which loses no finished trial. Signals are heard in a thread of their own, since the main thread may be busy
loading a library. Where Python drops the KeyboardInterrupt, since it came in a destructor or a callback of the garbage
collector, the signal is sent again.
"""

import gc
import os
import signal
import socket
import sys
import threading
from contextlib import suppress
from types import FrameType
from typing import Self

import psutil  # type: ignore[import-untyped]

from agent.executor.signals import ENDS

PATIENCE_S = 4.0  # for what runs to be given up in order
AGAIN_S = 0.05  # until a signal is sent again that came where nothing can be raised
INTERRUPTED = 130  # the exit status of a command that Ctrl-C ended, as shells have it
KEPT = "What had finished is kept, and `recpilot study list` says which studies can be resumed."
_NAMES = {signal.SIGINT: "Ctrl-C"}


def say_ended() -> None:
    """In one sentence, where the command has no words of its own."""
    with suppress(OSError):
        print(f"recpilot: ended before it was done. {KEPT}", file=sys.stderr)  # noqa: T201


class Ending:
    """Hears the signals that end this command, while its block runs in the main thread."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._first: signal.Signals | None = None
        self._before: dict[signal.Signals, signal.Handlers] = {}
        self._wakeup = -1
        self._again = 0  # signals of our own that are not heard yet

    def status(self, status: int) -> int:
        """The exit status: 128 and the number of the signal that ended it, as shells have it, else `status`."""
        is_asked = self._first is not None and self._first != signal.SIGINT
        return 128 + self._first if is_asked and self._first else status

    def __enter__(self) -> Self:
        if threading.current_thread() is not threading.main_thread():
            return self
        self._ear, self._mouth = socket.socketpair()
        self._mouth.setblocking(False)
        self._wakeup = signal.set_wakeup_fd(self._mouth.fileno(), warn_on_full_buffer=False)
        for number in ENDS:
            if signal.getsignal(number) == signal.SIG_DFL:  # not under `nohup`
                self._before[number] = signal.SIG_DFL
                signal.signal(number, self._raise)
        self._unraisable, sys.unraisablehook = sys.unraisablehook, self._drop
        self._listener = threading.Thread(target=self._listen, name="signals", daemon=True)
        self._listener.start()
        return self

    def __exit__(self, *exception: object) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        interrupts = signal.signal(signal.SIGINT, _hear)  # a second one would be raised in the lines below
        for number, handler in self._before.items():
            signal.signal(number, handler)
        sys.unraisablehook = self._unraisable
        signal.set_wakeup_fd(self._wakeup)
        self._mouth.close()
        self._listener.join(self._patience_s)  # it may have heard the second signal, and be ending what was started
        signal.signal(signal.SIGINT, interrupts)
        gc.freeze()  # else the interpreter's last collection takes seconds once torch is loaded

    def _raise(self, number: int, _: FrameType | None) -> None:
        self._first = self._first or signal.Signals(number)
        _leave_what_is_gone()
        raise KeyboardInterrupt

    def _drop(self, dropped: "sys.UnraisableHookArgs") -> None:
        """Send the signal again whose KeyboardInterrupt nothing can catch; tell of all else as before."""
        if not issubclass(dropped.exc_type, KeyboardInterrupt):
            self._unraisable(dropped)
            return
        self._again += 1
        timer = threading.Timer(AGAIN_S, os.kill, (os.getpid(), self._first or signal.SIGINT))
        timer.daemon = True
        timer.start()

    def _listen(self) -> None:
        """Give the command its time after the first signal, also to close what it opened; and none after the second."""
        is_asked = False
        with self._ear:
            while heard := self._ear.recv(1):
                number = heard[0]
                if number != signal.SIGINT and number not in self._before:
                    continue
                if self._again:
                    self._again -= 1
                    continue
                if is_asked:
                    self._end()
                self._first, is_asked = self._first or signal.Signals(number), True
                timer = threading.Timer(self._patience_s, self._end)
                timer.daemon = True
                timer.start()

    def _end(self) -> None:
        """Now."""
        number = self._first or signal.SIGINT
        with suppress(OSError, ValueError):
            shown = "\x1b[?25h" if sys.stderr.isatty() else ""  # the cursor, which a progress bar had hidden
            print(f"{shown}\nrecpilot: ended at once by {_NAMES.get(number, number.name)}. {KEPT}", file=sys.stderr)  # noqa: T201
        try:
            for child in psutil.Process().children(recursive=True):
                with suppress(psutil.Error):
                    child.kill()
        finally:
            os._exit(128 + number)


def _hear(number: int, _: FrameType | None) -> None:
    """It ends already."""


def _leave_what_is_gone() -> None:
    """After SIGHUP the terminal may be closed: what is written to it then goes nowhere, instead of failing."""
    for stream in (1, 2):
        try:
            os.write(stream, b"")
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
