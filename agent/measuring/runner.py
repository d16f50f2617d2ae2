"""Runs measurements in worker processes and writes each as it ends, so that a run can be cut off and taken up again.

how = How(split=SplitSpec(kind="random"))
measure(plan([Dataset.open(folder, how)], ["ease"], 60, 0, how), Path("measured"), n_jobs=2)
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path

from filelock import FileLock, Timeout

from agent.errors import UserError
from agent.executor.local import LocalExecutor
from agent.measuring.measurement import Measurement, measured
from memory.histories.files import append, read_lines
from memory.histories.measured import MeasuredTrial

OnDone = Callable[[MeasuredTrial], None]
_LOOK_S = 0.2


def missing(plan: Iterable[Measurement], folder: Path) -> list[Measurement]:
    """What of the plan the folder's files do not hold yet, or only as a crash, which says nothing of the params.

    Raises:
        UserError: A file in the folder holds something else.
    """
    try:
        done = {trial.key for trial in read_lines(folder) if not trial.has_crashed}
    except ValueError as error:
        raise UserError(str(error)) from error
    return [measurement for measurement in plan if measurement.key not in done]


def measure(
    plan: Iterable[Measurement],
    folder: Path,
    *,
    n_jobs: int = 1,
    limit_s: float | None = None,
    on_done: OnDone = lambda trial: None,
) -> int:
    """Measure what the folder lacks of the plan, each trial written when it ends; returns how many were measured.

    Args:
        plan: In this order.
        folder: Made where it is missing; one run at a time may write it.
        n_jobs: Worker processes, of one thread each.
        limit_s: Then the trials that run are given up and nothing else is begun.
        on_done: Told of each trial after it is written, by one thread at a time.

    Raises:
        UserError: Another run writes the folder, or a request cannot be run at all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".lock", timeout=0):
            crew = _Crew(missing(plan, folder), folder, on_done)
            return crew.work(n_jobs, limit_s)
    except Timeout as error:
        raise UserError(f"another run writes its measurements to {folder}; take another folder or wait") from error


class _Crew:
    """The workers of one run and what they have left to do."""

    def __init__(self, todo: list[Measurement], folder: Path, on_done: OnDone) -> None:
        self._todo, self._folder, self._on_done = deque(todo), folder, on_done
        self._lock = threading.Lock()
        self._is_over = False
        self._n_done = 0
        self._executors: list[LocalExecutor] = []

    def work(self, n_jobs: int, limit_s: float | None) -> int:
        self._executors = [LocalExecutor(n_threads=1) for _ in range(max(n_jobs, 1))]
        ends_s = None if limit_s is None else time.monotonic() + limit_s
        with ThreadPoolExecutor(len(self._executors)) as threads:
            running = [threads.submit(self._one_after_another, executor) for executor in self._executors]
            try:
                while any(not future.done() for future in running):
                    done, _ = wait(running, timeout=_LOOK_S, return_when=FIRST_EXCEPTION)
                    self._is_over |= ends_s is not None and time.monotonic() >= ends_s
                    if self._is_over or any(future.exception() for future in done):
                        self._end()
            finally:
                while any(not future.done() for future in running):  # one may just have started another worker
                    self._end()
                    wait(running, timeout=_LOOK_S)
                self._end()
        for future in running:
            future.result()
        return self._n_done

    def _one_after_another(self, executor: LocalExecutor) -> None:
        while (measurement := self._next()) is not None:
            trial = measured(measurement, executor.train)
            with self._lock:
                if self._is_over:  # its worker was ended, which says nothing of the trial
                    return
                append(self._folder, trial)
                self._n_done += 1
                self._on_done(trial)

    def _next(self) -> Measurement | None:
        with self._lock:
            return None if self._is_over or not self._todo else self._todo.popleft()

    def _end(self) -> None:
        with self._lock:
            self._is_over = True
        for executor in self._executors:
            executor.close()
