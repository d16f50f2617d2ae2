"""What may be trained without a person's yes: a number of runs and a time, for the whole life of the server."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from agent.confirming.opening import stop_confirmation
from agent.errors import USER_ERRORS, ToolInputError
from agent.studies.defaults import TRIALS
from agent.studies.study import Study
from agent.understanding.costs import estimate
from agent.understanding.known import Known
from agent.workspace import Workspace
from ui.mcp.questions import Question
from ui.mcp.rules import Rules

LOOK_S = 0.5  # how often the time is looked at while something trains


class Allowance:
    """Training runs are counted when they are asked for, time while it passes."""

    def __init__(self, workspace: Workspace, rules: Rules) -> None:
        self._workspace = workspace
        self._rules = rules
        self._n_taken = 0
        self._spent_s = 0.0
        self._paid_to: dict[str, int] = {}  # study → finished trials up to which runs are counted already
        self._lock = threading.RLock()
        self._ends = threading.Event()
        self._watch: threading.Thread | None = None

    def close(self) -> None:
        """No time is counted any more."""
        self._ends.set()
        if self._watch is not None:
            self._watch.join()

    @contextmanager
    def taken(self, call: Question) -> Iterator[Callable[[str | None], None]]:
        """Counts what the call in this block trains, if the block tells of which study it was; else nothing was begun.

        Raises:
            ToolInputError: It would go beyond the limits.
        """
        with self._lock:
            n, goal = self._runs(call)
            if n and self._spent_s >= 60 * self._rules.max_minutes:
                raise ToolInputError(
                    f"the {self._rules.max_minutes:g} minutes that this server may train without a person's yes are"
                    " used up; let the person go on"
                )
            left = self._rules.max_trials - self._n_taken
            if n > left:
                raise ToolInputError(
                    f"this would be {n} training runs, and {left} are left of the {self._rules.max_trials} that this"
                    " server may begin without a person's yes; ask for fewer, or let the person do it"
                )
            begun: list[str | None] = []
            yield begun.append
            if begun:
                self._n_taken += n
            if begun and begun[0] is not None and n:
                self._begun(begun[0], goal)

    def passed(self, seconds: float) -> None:
        """So much time has passed: it counts where a study trains that was begun here, which stops at the limit."""
        with self._lock:
            training = [name for name in self._paid_to if self._trains(name)]
            self._spent_s += seconds if training else 0.0
            if self._spent_s < 60 * self._rules.max_minutes:
                return
            for name in training:
                with suppress(*USER_ERRORS):  # it has just ended
                    if stop_confirmation(self._workspace, name) is None:
                        self._workspace.runner.peek(name).stop()

    def _runs(self, call: Question) -> tuple[int, int | None]:
        """How many runs are to be counted, and up to how many finished trials the study is then paid for."""
        args, tool = call.request.args, call.request.tool
        if tool == "start_study":
            base = args.get("base")
            usual = TRIALS if base is None else self._workspace.runner.peek(base).spec.n_trials
            return args.get("n_trials") or usual, args.get("n_trials") or usual
        if call.resumes is not None:
            return self._to_go(self._workspace.runner.peek(call.resumes), args)
        found = estimate(call.request, Known(would=lambda tool, args: call.prospect))
        return (0, None) if found is None else (found.n_trials or 1, None)

    def _to_go(self, study: Study, args: Mapping[str, Any]) -> tuple[int, int | None]:
        """What the study may run after the call, of which nothing is counted yet."""
        status = study.status()
        total: int = args.get("total_trials") or status.n_trials
        if args.get("n_trials"):
            total = max(total, status.n_finished) + args["n_trials"]
        return max(0, total - max(status.n_finished, self._paid_to.get(study.name, 0))), total

    def _begun(self, study: str, goal: int | None) -> None:
        name = self._workspace.runner.peek(study).name
        self._paid_to[name] = max(self._paid_to.get(name, 0), goal or 0)
        if self._watch is None:
            self._watch = threading.Thread(target=self._count, name="allowance", daemon=True)
            self._watch.start()

    def _count(self) -> None:
        before = time.monotonic()
        while not self._ends.wait(LOOK_S):
            before, last = time.monotonic(), before
            self.passed(before - last)

    def _trains(self, name: str) -> bool:
        runner = self._workspace.runner
        try:
            return runner.job_of(name) is not None or runner.peek(name).state == "running"
        except USER_ERRORS:  # it was deleted
            return False
