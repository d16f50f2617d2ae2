"""Commands of `recpilot` in processes of their own, forked from one that has made the slow imports, to be killed."""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import psutil

from tests.campaign.forking import file_size_limited

_CONTEXT = multiprocessing.get_context("forkserver")
_OFFLINE = {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive", "COLUMNS": "120"}


def _command(args: Sequence[str], environment: Mapping[str, str], log: str, file_bytes: int | None) -> None:
    """What the process does: a session of its own, output to a file, then the command."""
    os.setsid()
    opened = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(opened, stream)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the fork server ignores Ctrl-C
    os.environ.update(environment)
    sys.argv = ["recpilot", *args]
    file_size_limited(file_bytes)
    from ui.cli import main

    main()


class Command:
    """One command that runs."""

    def __init__(self, home: Path, log: Path, *args: str, file_bytes: int | None = None) -> None:
        """`file_bytes`: how large a file can get, after which the disk is full."""
        self.args = args
        self._log = log
        self._seen: dict[int, psutil.Process] = {}
        given = _OFFLINE | {"RECPILOT_HOME": str(home)}
        self._process: ForkServerProcess = _CONTEXT.Process(target=_command, args=(args, given, str(log), file_bytes))
        self._process.start()
        self.began = time.monotonic()

    @property
    def pid(self) -> int:
        pid: int | None = self._process.pid
        assert pid is not None
        return pid

    @property
    def is_running(self) -> bool:
        return self._process.is_alive()

    @property
    def status(self) -> int | None:
        """The exit status, negative for a signal; None while it runs."""
        found: int | None = self._process.exitcode
        return found

    @property
    def output(self) -> str:
        """What it printed so far."""
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    def wait(self, seconds: float) -> bool:
        """Whether it ended within this time."""
        self._process.join(seconds)
        return not self._process.is_alive()

    def children(self) -> list[psutil.Process]:
        """All processes that it started, of those that were ever seen."""
        with suppress(psutil.NoSuchProcess):
            self._seen |= {child.pid: child for child in psutil.Process(self.pid).children(recursive=True)}
        return list(self._seen.values())

    def worker(self) -> psutil.Process | None:
        """The process that trains, if there is one now."""
        for child in self.children():
            with suppress(psutil.Error):
                if child.is_running() and "agent.executor.worker" in child.cmdline():
                    return child
        return None

    def send(self, number: signal.Signals, *, to_group: bool = False) -> None:
        """A signal to it, or to all of its session."""
        self.children()
        with suppress(ProcessLookupError):
            (os.killpg if to_group else os.kill)(self.pid, number)

    def left_over(self, seconds: float) -> list[psutil.Process]:
        """Processes that it started and that are still there after this time."""
        _, alive = psutil.wait_procs(self.children(), timeout=seconds)
        return [child for child in alive if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]

    def end(self) -> None:
        """Kill it and all that it started."""
        for child in self.children():
            with suppress(psutil.Error):
                child.kill()
        self._process.kill()
        self._process.join()
