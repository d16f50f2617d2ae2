"""The process that reads one file: `python -m recmodels.data.reading.worker`, started and spoken to by apart.py alone.

It may take so much memory as the limits say, gives way to other work, and ends when its parent does.
"""

import json
import os
import signal
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

from recmodels.data.folders import disk_full, is_disk_full
from recmodels.data.reading.job import CANNOT_ANSWER, ReadJob
from recmodels.data.reading.limits import Limits
from recmodels.data.reading.writing import read_into
from recmodels.errors import AmbiguousColumns, SetupError, UserError

OOM_SCORE = "/proc/self/oom_score_adj"
NICENESS = 10  # the page and a study that trains go first


def main() -> None:
    """Read the job on standard input, and answer on standard output."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it without a word, in the middle of a file too
    answer_to = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints
    if not (line := sys.stdin.readline()):  # it was not needed
        return
    told = json.loads(line)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    confine(Limits.current().memory_bytes)
    try:
        json.dump(answer(ReadJob.from_json(told), Path(told["folder"])), answer_to)
        answer_to.flush()
    except OSError:  # the answer goes to a file too
        os._exit(CANNOT_ANSWER)
    os._exit(0)  # the memory of a large table takes a second to give back piece by piece


def answer(job: ReadJob, folder: Path) -> dict[str, Any]:
    """What becomes of a job, as job.py says."""
    try:
        return {"summary": read_into(job, folder).to_json()}
    except AmbiguousColumns as error:
        asked = {name: getattr(error, name) for name in ("role", "candidates", "place", "why", "rows")}
        return {"ambiguous": asked}
    except UserError as error:
        return {"refused": type(error).__name__, "message": str(error)}
    except MemoryError:
        return {"out_of_memory": True}
    except BaseException as error:  # noqa: BLE001 - a bug in reading, a panic of polars too: the parent tells it
        if is_disk_full(error):
            return {"refused": SetupError.__name__, "message": str(disk_full(folder.parent))}
        return {"crashed": traceback.format_exc()}


def confine(memory_bytes: int) -> None:
    """Bound this process's memory, and let the system end it before others where all memory is used up."""
    with suppress(OSError, AttributeError):  # AttributeError: not on Windows
        os.nice(NICENESS)
    with suppress(OSError):
        Path(OOM_SCORE).write_text("1000")
    with suppress(ImportError, OSError, ValueError):  # where the system keeps no such bound, the parent looks on
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        bound = memory_bytes if most == resource.RLIM_INFINITY else min(memory_bytes, most)
        resource.setrlimit(resource.RLIMIT_DATA, (bound, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main()
