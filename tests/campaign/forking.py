"""Work in a process forked from one that has made the slow imports, and kills of it at its n-th write."""

import builtins
import multiprocessing
import os
import resource
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

# by all who fork: a process has one server that forks, which imports once
SLOW_IMPORTS = ["torch", "chromadb", "ui.cli.app", "ui.report", "recmodels.pretrained.minilm", "agent.assembly"]
SLOW_IMPORTS += ["agent.chat.conversation", "agent.understanding.clauses.reader", "agent.studies.runner"]
SLOW_IMPORTS += ["memory.store", "agent.settings", "agent.advisor.process"]
SLOW_IMPORTS += ["recmodels.data.reading.read", "recmodels.data.profile"]
SLOW_IMPORTS += ["alembic.command", "alembic.migration", "optuna.storages._rdb.models"]  # else made by each ledger
SLOW_IMPORTS += ["tests.campaign.small"]
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(SLOW_IMPORTS)
_READS = ("SELECT", "PRAGMA", "EXPLAIN")
_FILE_EVENTS = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link")
Work = Callable[[Path], None]


def run(
    work: Work, home: Path, *, kill_at: int | None = None, file_bytes: int | None = None, limit_s: float = 120.0
) -> tuple[int | None, str]:
    """The exit status, negative for a signal and None where it hung, and what it said on its standard error.

    Args:
        work: A function of a module, which is given `home`.
        kill_at: The write at which it is killed, from 1; 0 only counts them.
        file_bytes: How large a file can get, after which the disk is full.
        limit_s: After which it hangs.
    """
    log = home.parent / f"{home.name}.log"
    log.write_text("", encoding="utf-8")
    process = _CONTEXT.Process(target=_child, args=(work, home, kill_at, file_bytes, str(log)))
    process.start()
    process.join(limit_s)
    is_hung = process.is_alive()
    process.kill()
    process.join()
    said = log.read_text(encoding="utf-8", errors="replace")
    log.unlink()
    return (None if is_hung else process.exitcode), said


def count(work: Work, home: Path) -> int:
    """How many writes it makes."""
    status, said = run(work, home, kill_at=0)
    if status != 0:
        raise AssertionError(f"{work.__name__} ended with {status} before anything was tried: {said[-500:]}")
    return int((home.parent / f"{home.name}.writes").read_text())


def file_size_limited(n_bytes: int | None) -> None:
    """No file of this process grows beyond this size from now on; writing more is an error, as on a full disk."""
    if n_bytes is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, resource.RLIM_INFINITY))


def _child(work: Work, home: Path, kill_at: int | None, file_bytes: int | None, log: str) -> None:
    opened = os.open(log, os.O_WRONLY | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(opened, stream)
    writes = _Writes(home, kill_at) if kill_at is not None else None
    status = 1
    file_size_limited(file_bytes)
    try:
        work(home)
        status = 0
    except BaseException:  # noqa: BLE001 - the parent reads it
        traceback.print_exc()
    if writes is not None and kill_at == 0:
        Path(f"{home}.writes").write_text(str(writes.n), encoding="utf-8")
    sys.stderr.flush()
    os._exit(status)


class _Writes:
    """Counts what this process writes below its home: statements of SQL, files opened for writing, moved, removed."""

    def __init__(self, home: Path, kill_at: int) -> None:
        self.n = 0
        self._home, self._kill_at = str(home), kill_at
        connect = sqlite3.connect

        def traced(*args: Any, **options: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(*args, **options)
            connection.set_trace_callback(self._statement)
            return connection

        sqlite3.connect = sqlite3.dbapi2.connect = traced  # type: ignore[assignment,attr-defined]
        sys.addaudithook(self._event)

    def _statement(self, text: str) -> None:
        if not text.lstrip().upper().startswith(_READS):
            self._write()

    def _event(self, event: str, args: tuple[Any, ...]) -> None:
        is_written = event in _FILE_EVENTS or (
            event == "open" and isinstance(args[1], str) and bool(set(args[1]) & set("wax+"))
        )
        if is_written and builtins.str(args[0]).startswith(self._home):
            self._write()

    def _write(self) -> None:
        self.n += 1
        if self.n == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
