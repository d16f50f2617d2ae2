"""Reading in a process of its own, which may take so much memory and time, can be stopped, and may die alone.

This module and what it imports are light, since the process that waits needs no polars.
"""

import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from signal import SIGABRT, SIGINT, SIGKILL, Signals
from typing import IO, Any

import psutil  # type: ignore[import-untyped]

from recmodels import errors
from recmodels.data.folders import disk_full
from recmodels.data.reading.decoding import archive_above, check_path
from recmodels.data.reading.job import CANNOT_ANSWER, ReadJob, Summary
from recmodels.data.reading.limits import SETTING, TIME_SETTING, WALL_TIMES, Limits, size
from recmodels.environment import without_secrets
from recmodels.errors import AmbiguousColumns, ContentError, LimitError, ReadingStopped, SetupError

COMMAND = (sys.executable, "-P", "-m", "recmodels.data.reading.worker")
LOOK_S = 0.2  # how often the parent looks after it
_MAX_ANSWER = 1 << 22  # bytes
_PASSED_ON = (SETTING, TIME_SETTING)  # of our own variables; it needs no other
_OUT_OF_MEMORY = (b"memory allocation of", b"MemoryError", b"bad_alloc")  # what a process says that dies of it
_REFUSALS: dict[str, type[errors.UserError]] = {
    kind.__name__: kind for kind in (ContentError, LimitError, ReadingStopped, SetupError, errors.ParamError)
}
_log = logging.getLogger(__name__)


def never() -> bool:
    """Nobody stops it."""
    return False


def read_apart(
    job: ReadJob,
    folder: Path,
    is_stopped: Callable[[], bool] = never,
    command: Sequence[str] = COMMAND,
) -> Summary:
    """Read a file in a process of its own, which writes its rows into an existing folder.

    Args:
        is_stopped: Asked a few times a second.
        command: What answers as job.py says.

    Raises:
        ContentError, AmbiguousColumns: The file cannot be used.
        LimitError: It is beyond the bounds, or reading it took more memory or time than it may.
        ReadingStopped: `is_stopped` said so, or Ctrl-C.
        SetupError: The folder cannot be written.
    """
    with _Process(command) as process:
        return process.read(job, folder, is_stopped)


class WarmReader:
    """`read_apart` for a process that lives long: what reads the next file is there before it is asked for.

    A small file then takes a tenth of a second instead of one. A process waits from the first `warm_up` on, with 60 MB.

    reader = WarmReader()
    reader.warm_up()
    Catalogue(folder, read=reader).add("ratings.csv")
    reader.close()
    """

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = command
        self._next: _Process | None = None
        self._is_warm = False
        self._lock = threading.Lock()

    def __call__(self, job: ReadJob, folder: Path, is_stopped: Callable[[], bool] = never) -> Summary:
        """As `read_apart`."""
        with self._lock:
            waiting, self._next = self._next, None
        if waiting is not None and not waiting.is_alive:  # Ctrl-C reaches it too, or the system needed its memory
            waiting.end()
            waiting = None
        try:
            with waiting or _Process(self._command) as process:
                return process.read(job, folder, is_stopped)
        finally:
            if self._is_warm:
                self.warm_up()

    def warm_up(self) -> None:
        """Start the process that reads the next file."""
        with self._lock:
            self._is_warm = True
            if self._next is None:
                self._next = _Process(self._command)

    def close(self) -> None:
        """End the process that waits."""
        with self._lock:
            self._is_warm = False
            if self._next is not None:
                self._next.end()
                self._next = None


class _Process:
    """One process and where it writes; it reads one file."""

    def __init__(self, command: Sequence[str]) -> None:
        self._answer = tempfile.TemporaryFile()  # noqa: SIM115  # as long as the process
        self._words = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(  # noqa: S603  # our own command
            command,
            stdin=subprocess.PIPE,
            stdout=self._answer,
            stderr=self._words,
            env={name: value for name, value in without_secrets(os.environ).items() if _is_passed_on(name)},
        )

    def __enter__(self) -> "_Process":
        return self

    def __exit__(self, *exception: object) -> None:
        self.end()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def read(self, job: ReadJob, folder: Path, is_stopped: Callable[[], bool]) -> Summary:
        """As `read_apart`."""
        check_path(job.path)
        limits = Limits.current()
        self._tell(job.to_json() | {"folder": str(folder)})
        self._wait(job, limits, is_stopped)
        told = _answer(_content(self._answer))
        if self._process.returncode != 0 or told is None:
            raise _death(job, limits, self._process.returncode, _content(self._words))
        return _understood(job, limits, told)

    def end(self) -> None:
        """End it at once; no error when it has ended."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._answer, self._words):
            with suppress(BrokenPipeError):
                if pipe is not None:
                    pipe.close()

    def _tell(self, message: Mapping[str, Any]) -> None:
        """The pipe stays open: its end is how the process hears that its parent is gone."""
        with suppress(BrokenPipeError):  # it died: its exit status says so
            pipe: IO[bytes] = self._process.stdin  # type: ignore[assignment]
            pipe.write(json.dumps(message).encode() + b"\n")
            pipe.flush()

    def _wait(self, job: ReadJob, limits: Limits, is_stopped: Callable[[], bool]) -> None:
        began = time.monotonic()
        may_take_s = limits.time_s(
            archive_above(path) or path for path in (job.path, job.items_path, job.users_path) if path
        )
        while True:
            try:
                self._process.wait(LOOK_S)
                return
            except subprocess.TimeoutExpired:
                if is_stopped():
                    raise _stopped(job) from None
                n_bytes, used_s = _taken(self._process.pid)
                if used_s > may_take_s or time.monotonic() - began > WALL_TIMES * may_take_s:
                    raise _took_too_long(job, may_take_s) from None
                if n_bytes > limits.memory_bytes:
                    raise _out_of_memory(job, limits) from None


def _is_passed_on(variable: str) -> bool:
    return not variable.startswith("RECPILOT_") or variable in _PASSED_ON


def _taken(pid: int) -> tuple[int, float]:
    """Bytes of memory, which some systems keep no bound of themselves, and seconds of a processor."""
    try:
        process = psutil.Process(pid)
        times = process.cpu_times()
        return int(process.memory_info().rss), float(times.user + times.system)
    except psutil.Error:
        return 0, 0.0


def _content(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(_MAX_ANSWER)


def _answer(text: bytes) -> Mapping[str, Any] | None:
    """What the process answered; None where it is cut off, or nothing."""
    try:
        told = json.loads(text)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _understood(job: ReadJob, limits: Limits, told: Mapping[str, Any]) -> Summary:
    if "summary" in told:
        return Summary.from_json(told["summary"])
    if "ambiguous" in told:
        raise AmbiguousColumns(**told["ambiguous"])
    if "refused" in told:
        raise _REFUSALS.get(told["refused"], ContentError)(told["message"])
    if "out_of_memory" in told:
        raise _out_of_memory(job, limits)
    _log.debug("reading %s broke:\n%s", job.path, told["crashed"])
    raise ContentError(f"{job.path.name} cannot be read: {told['crashed'].strip().splitlines()[-1][:200]}")


def _death(job: ReadJob, limits: Limits, status: int, words: bytes) -> errors.UserError:
    """Why the process ended that was to read, as far as can be seen from outside."""
    if status == -SIGINT:
        return _stopped(job)
    if status == CANNOT_ANSWER:
        return disk_full(Path(tempfile.gettempdir()))
    _log.debug("the process that read %s ended with %s:\n%s", job.path, status, words.decode(errors="replace"))
    if status in (-SIGKILL, -SIGABRT) or any(sign in words for sign in _OUT_OF_MEMORY):
        return _out_of_memory(job, limits)
    how = Signals(-status).name if status < 0 else f"exit status {status}"
    return LimitError(f"{job.path.name} cannot be read: the process that read it died ({how}); nothing was added")


def _out_of_memory(job: ReadJob, limits: Limits) -> LimitError:
    return LimitError(
        f"reading a file may take {size(limits.memory_bytes)} of memory, {job.path.name} takes more; nothing was "
        "added. "
        f"Set {SETTING} above {limits.max_bytes / 2**30:.1f} to let it take more"
    )


def _took_too_long(job: ReadJob, may_take_s: float) -> LimitError:
    return LimitError(
        f"reading {job.path.name} may take {may_take_s:,.0f} s of a processor and was not done by then; nothing was "
        f"added. Set {TIME_SETTING} to let it take more"
    )


def _stopped(job: ReadJob) -> ReadingStopped:
    return ReadingStopped(f"reading {job.path.name} was stopped; nothing was added")
