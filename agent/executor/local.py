"""A warm worker process for each device: it survives trials, and is replaced when it dies."""

import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from typing import IO, Any

from agent.executor import signals
from agent.executor.messages import USER_ERRORS, request_to_dict, result_from_dict
from recmodels.environment import is_of_the_hub, without_secrets
from recmodels.errors import TrialFailed
from recmodels.request import EpochReport, OnEpoch, TrainRequest, TrainResult

_log = logging.getLogger(__name__)
_GRACE_S = 30.0  # a worker that is silent for twice its time limit and this is taken for hung


class LocalExecutor:
    """Trains in worker processes of this machine.

    executor = LocalExecutor()
    result = executor.train(TrainRequest(dataset=folder, model="ease"))
    executor.close()
    """

    def __init__(self, n_threads: int | None = None) -> None:
        """`n_threads`: torch's CPU threads in a worker; None leaves torch's choice."""
        self._n_threads = n_threads
        self._workers: dict[str, _Worker] = {}
        self._lock = threading.Lock()

    def train(self, request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        """Run the request in the device's worker; reports come as epochs end.

        Raises:
            TrialFailed: As `recmodels.training.train` does; `worker_died` when the process ends on the way.
            recmodels.errors.UserError: What `train` refuses before work.
            Exception: What `on_epoch` raises, after the worker has stopped the trial.
        """
        worker = self._worker(request.device)
        try:
            with worker.turn:
                return worker.train(request, on_epoch)
        except BaseException:
            if not worker.is_idle:  # it died, hung, or was left in the middle of a trial
                self._discard(request.device, worker)
            raise

    def close(self) -> None:
        """End all workers at once, with what they run."""
        with self._lock:
            workers, self._workers = list(self._workers.values()), {}
        for worker in workers:
            worker.kill()
            with worker.turn:  # whoever reads from it has seen its end by then
                worker.forget()

    def _worker(self, device: str) -> "_Worker":
        with self._lock:
            worker = self._workers.get(device)
            if worker is not None and not worker.is_alive:
                worker.forget()
                worker = None
            if worker is None:
                worker = self._workers[device] = _Worker(self._n_threads)
            return worker

    def _discard(self, device: str, worker: "_Worker") -> None:
        with self._lock:
            if self._workers.get(device) is worker:
                del self._workers[device]
        worker.kill()
        worker.forget()


class _Worker:
    """One process and its pipes."""

    def __init__(self, n_threads: int | None) -> None:
        self.turn = threading.RLock()
        self.is_idle = True
        self._is_ready = False
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        with signals.held():
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "agent.executor.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env=_environment(n_threads),
                encoding="utf-8",
            )

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def train(self, request: TrainRequest, on_epoch: OnEpoch | None) -> TrainResult:
        self.is_idle = False
        if not self._is_ready:
            self._receive()
            self._is_ready = True
        self._send({"train": request_to_dict(request)})
        with _Alarm(request.budget.time_limit_s, self.kill) as alarm:
            while True:
                message = self._receive(hung=alarm)
                if "epoch" not in message:
                    break
                self._report(EpochReport(**message["epoch"]), on_epoch)
        self.is_idle = True
        return _result(message)

    def kill(self) -> None:
        """End the process and wait for it."""
        self._process.kill()
        self._process.wait()

    def forget(self) -> None:
        """Close the pipes of a process that has ended."""
        for pipe in (self._process.stdin, self._process.stdout, self._errors):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()

    def _report(self, report: EpochReport, on_epoch: OnEpoch | None) -> None:
        """Pass a report on; what `on_epoch` raises stops the trial first."""
        try:
            if on_epoch is not None:
                on_epoch(report)
        except Exception:
            self._send({"go": False})
            self._receive()  # pruned, or finished on its own
            self.is_idle = True
            raise
        self._send({"go": True})

    def _send(self, message: dict[str, Any]) -> None:
        with suppress(BrokenPipeError):  # it died: the next receive says so
            pipe: IO[str] = self._process.stdin  # type: ignore[assignment]
            pipe.write(json.dumps(message) + "\n")
            pipe.flush()

    def _receive(self, hung: "_Alarm | None" = None) -> dict[str, Any]:
        line = self._process.stdout.readline()  # type: ignore[union-attr]
        if line.endswith("\n"):
            message: dict[str, Any] = json.loads(line)
            return message
        if hung is not None and hung.has_rung:
            raise TrialFailed("time_limit", f"the worker was silent {hung.after_s:.0f} s after its start and was ended")
        raise TrialFailed("worker_died", f"exit status {self._process.wait()}{self._last_words()}")

    def _last_words(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return f": {lines[-1]}" if lines else ""


class _Alarm:
    """Ends a hung worker: one that neither answers nor keeps its own time limit."""

    def __init__(self, time_limit_s: float | None, kill: Any) -> None:
        self.after_s = 2 * (time_limit_s or 0.0) + _GRACE_S
        self.has_rung = False
        self._kill = kill
        self._timer = threading.Timer(self.after_s, self._ring) if time_limit_s is not None else None

    def __enter__(self) -> "_Alarm":
        if self._timer is not None:
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _ring(self) -> None:
        self.has_rung = True
        self._kill()


def _result(message: dict[str, Any]) -> TrainResult:
    if "result" in message:
        return result_from_dict(message["result"])
    if "user_error" in message:
        raise USER_ERRORS[message["user_error"]](message["message"])
    if "failed" in message:
        raise TrialFailed(message["failed"], message["detail"], message["device_bytes"])
    _log.error("a trial crashed in its worker:\n%s", message["crashed"])
    raise TrialFailed("error", message["crashed"].strip().splitlines()[-1])


def _environment(n_threads: int | None) -> dict[str, str]:
    """Without secrets but those that downloads need; threads that wait must not spin next to a language model."""
    changed = {"OMP_WAIT_POLICY": "PASSIVE", "TOKENIZERS_PARALLELISM": "false"}
    if n_threads is not None:
        changed["OMP_NUM_THREADS"] = str(n_threads)
    return without_secrets(os.environ, is_of_the_hub) | changed
