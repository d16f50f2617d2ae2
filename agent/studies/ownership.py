"""Which process works on a study: a claim that the next process can tell from one left behind by a crash."""

import os
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOREIGN_PATIENCE_S = 900.0  # another machine's process cannot be looked up; it counts as dead after this silence


def this_process() -> dict[str, Any]:
    """The claim of this process, JSON-ready."""
    return {"host": socket.gethostname(), "pid": os.getpid(), "started": _started(os.getpid()), "beat": time.time()}


def is_mine(claim: Mapping[str, Any] | None) -> bool:
    return claim is not None and (claim["host"], claim["pid"]) == (socket.gethostname(), os.getpid())


def is_alive(claim: Mapping[str, Any] | None) -> bool:
    """Whether the process that made the claim still runs."""
    if claim is None:
        return False
    if claim["host"] != socket.gethostname():
        return bool(time.time() - claim["beat"] < FOREIGN_PATIENCE_S)
    return _exists(claim["pid"]) and _started(claim["pid"]) == claim["started"]


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's process
    return True


def _started(pid: int) -> str:
    """When the process started, so that a reused process id is not taken for it; empty where the system hides it."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]
