"""Which process works on a study, told so that the next one can say whether it still lives."""

import os
import socket
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import psutil  # type: ignore[import-untyped]

FOREIGN_PATIENCE_S = 900.0  # another machine's process cannot be looked up; it counts as dead after this silence
_TOLERANCE_S = 5.0  # between two readings of when a process started


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """One worker of one process; two workers of a process are told apart by `id`."""

    host: str
    pid: int
    started: float | None = None  # of the process, seconds since 1970; None where the system hides it
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    def __str__(self) -> str:
        if (self.host, self.pid) == (socket.gethostname(), os.getpid()):
            return "this process"
        return f"process {self.pid} on {self.host}"


def this_process() -> Owner:
    """An owner that lives as long as this process."""
    return Owner(host=socket.gethostname(), pid=os.getpid(), started=_started(os.getpid()))


def is_alive(owner: Owner, silent_s: float) -> bool:
    """Whether the owner's process still runs.

    Args:
        silent_s: How long ago it renewed its claim, by the ledger's clock.
    """
    if owner.host != socket.gethostname():
        return silent_s < FOREIGN_PATIENCE_S
    started = _started(owner.pid)
    if started is None:
        return psutil.pid_exists(owner.pid) and not _is_zombie(owner.pid)
    return owner.started is None or started < owner.started + _TOLERANCE_S  # else a later process took the number


def owner_of_format_0(claim: Mapping[str, Any]) -> Owner:
    """The claim that version 1 kept as an attribute, whose start was in clock ticks since the machine's."""
    ticks = str(claim.get("started") or "")
    started = psutil.boot_time() + int(ticks) / os.sysconf("SC_CLK_TCK") if ticks.isdigit() else None
    return Owner(host=str(claim["host"]), pid=int(claim["pid"]), started=started)


def _started(pid: int) -> float | None:
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else float(process.create_time())
    except psutil.Error:
        return None


def _is_zombie(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True
    except psutil.Error:
        return False  # another person's process
