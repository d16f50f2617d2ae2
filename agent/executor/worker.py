"""The worker process: `python -m agent.executor.worker`, started and spoken to by local.py alone.

It keeps torch and the data warm from trial to trial, and ends when its standard input does, so when its parent is gone.
"""

import gc
import json
import os
import queue
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TextIO

from agent.executor import signals
from agent.executor.messages import request_from_dict, result_to_dict
from recmodels.errors import TrialFailed, TrialPruned, UserError
from recmodels.request import EpochReport

Send = Callable[[dict[str, Any]], None]
NICENESS = 5  # people who talk go first; a file that is read comes after, see `recmodels.data.reading.worker`


def main() -> None:
    """Answer requests until standard input ends."""
    signals.ignore()
    with suppress(OSError, AttributeError):  # AttributeError: not on Windows
        os.nice(NICENESS)
    send = _sender(_claim_stdout())
    inbox: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(inbox,), daemon=True).start()
    from recmodels.training import (
        train,
    )  # torch, before the first request, so that the first trial is not charged for it

    gc.freeze()  # what was imported stays: it need not be looked at after each trial
    send({"ready": os.getpid()})
    while True:
        request = request_from_dict(inbox.get()["train"])

        def on_epoch(report: EpochReport) -> None:
            send({"epoch": _report_to_dict(report)})
            if not inbox.get()["go"]:
                raise TrialPruned

        try:
            send({"result": result_to_dict(train(request, on_epoch))})
        except TrialPruned:
            send({"pruned": True})
        except TrialFailed as failure:
            send({"failed": failure.reason, "detail": failure.detail, "device_bytes": failure.device_bytes})
        except UserError as error:
            send({"user_error": type(error).__name__, "message": str(error)})
        except Exception:  # noqa: BLE001 - a bug in one model fails its trial, with the traceback in the log
            send({"crashed": traceback.format_exc()})
        gc.collect()  # a model hangs in cycles with its accelerator, and may be large


def _claim_stdout() -> TextIO:
    """The pipe to the parent; whatever a library prints goes to standard error instead."""
    pipe = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return pipe


def _sender(pipe: TextIO) -> Send:
    def send(message: dict[str, Any]) -> None:
        pipe.write(json.dumps(message) + "\n")
        pipe.flush()

    return send


def _read(inbox: "queue.SimpleQueue[dict[str, Any]]") -> None:
    for line in sys.stdin:
        inbox.put(json.loads(line))
    os._exit(0)  # the parent is gone: end in the middle of an epoch too


def _report_to_dict(report: EpochReport) -> dict[str, Any]:
    return {name: getattr(report, name) for name in report.__slots__} | {"metrics": dict(report.metrics)}


if __name__ == "__main__":
    main()
