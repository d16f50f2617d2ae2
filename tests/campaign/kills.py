"""Commands of `recpilot` ended at random moments, by SIGKILL and by the signals that ask for an end.

One home after the other: studies begin, are cut off and are resumed; data are added, the memory is rebuilt and sent
out, a chat goes on, weights are exported. After each end the home is whole, nothing that had finished is lost, and
no process is left. What is asked to end does so in time, with a sentence and the exit status of its signal.
"""

import random
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from tests.campaign import Attempt
from tests.campaign.checks import Home
from tests.campaign.commands import Command
from tests.campaign.small import write_tiny

How = Literal["process", "group", "worker", "SIGTERM", "SIGHUP", "SIGINT", "SIGINT twice", "none"]
HOWS: tuple[How, ...] = ("process", "process", "group", "worker", "SIGTERM", "SIGHUP", "SIGINT", "SIGINT twice", "none")
PER_HOME = 60  # attempts, after which a new home begins
N_TRIALS = 4
ENDS_S = 8.0  # after a signal that asks for an end: five seconds, and some for a busy machine
ENDS_ITSELF_S = 180.0
LEAVES_S = 10.0  # until the worker has seen that its parent is gone
BEGINS_S = 1.0  # until a command listens for signals; before, there is nothing to keep
SAYS = re.compile(r"recpilot study resume|go(es)? on with|kept", re.IGNORECASE)


def attempts(seed: int, folder: Path) -> Iterator[Attempt]:
    """For ever."""
    rng, n = random.Random(seed), 0  # noqa: S311 - it only chooses what to try
    while True:
        home = _Home(folder / f"home-{n}", rng)
        for _ in range(PER_HOME):
            yield home.attempt()
        n += 1


class _Home:
    """One home, on which commands are tried."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        folder.mkdir(parents=True)
        self.folder, self.rng = folder, rng
        self.home = Home(folder / "home")
        self.n = 0
        self.lasts_s: dict[str, float] = {}  # how long a command of each kind took when it was left alone
        write_tiny(folder / "tiny.csv", seed=rng.randrange(2**31))

    def attempt(self) -> Attempt:
        """One command, ended in one way at one moment."""
        kind, args = self._choice()
        how: How = "none" if kind not in self.lasts_s else self.rng.choice(HOWS)
        share = self.rng.random()
        moment_s = self.lasts_s.get(kind, 0.0) * share
        log = self.folder / f"{self.n}.log"
        self.n += 1
        command = Command(self.folder / "home", log, *args)
        try:
            problem, ended = self._ended(command, kind, how, moment_s)
        finally:
            command.end()
        problems = ([problem] if problem else []) + list(self.home.problems())
        what = f"{' '.join(args)}: {ended}"
        if problems:
            return Attempt(what=what, problem="; ".join(problems), kept=(log, self.folder / "home"))
        log.unlink(missing_ok=True)
        return Attempt(what=what)

    def _choice(self) -> tuple[str, list[str]]:
        """What is done next: a study that was cut off is likely to go on."""
        rng, n = self.rng, self.n
        if n == 0:
            return "add", ["data", "add", str(self.folder / "tiny.csv")]
        resumable, finished = self.home.to_resume(), self.home.finished()
        if resumable and rng.random() < 0.5:
            return "resume", ["study", "resume", rng.choice(resumable)]
        models = rng.choice([["ease", "item_knn"], ["bpr_mf", "ease"]])
        tune = ["tune", "tiny", *(f"--model={model}" for model in models), f"--trials={N_TRIALS}", "--epochs=3"]
        choices = [("tune", [*tune, f"--name=s{n}", f"--seed={n}", "--llm=none"])] * 4
        choices += [("ask", ["ask", f"tune ease on tiny, {N_TRIALS} trials"])]
        choices += [("look", ["ask", "which datasets are there?"])]
        choices += [("add", ["data", "add", str(self.folder / "tiny.csv"), f"--name=d{n}"])]
        choices += [("rebuild", ["memory", "rebuild"])]
        choices += [("memory", ["memory", "export", str(self.folder / f"memory-{n}.jsonl")])]
        if finished:
            choices += [("export", ["export", rng.choice(finished)])]
            choices += [("confirm", ["confirm", rng.choice(finished), "--seeds=2", "--top=1"])]
        return rng.choice(choices)

    def _ended(self, command: Command, kind: str, how: How, moment_s: float) -> tuple[str | None, str]:
        """What is wrong with how it ended, and how it did."""
        deadline = time.monotonic() + moment_s
        while command.is_running and time.monotonic() < deadline:
            command.children()
            command.wait(min(0.05, max(0.0, deadline - time.monotonic())))
        worker = command.worker() if how == "worker" else None
        if how == "none" or not command.is_running or (how == "worker" and worker is None):
            return self._left_alone(command, kind)
        if worker is not None:
            worker.kill()
            problem, _ = self._left_alone(command, kind)
            return problem, f"its worker killed after {moment_s:.1f} s"
        return self._asked(command, how, moment_s)

    def _left_alone(self, command: Command, kind: str) -> tuple[str | None, str]:
        if not command.wait(ENDS_ITSELF_S):
            return f"it did not end within {ENDS_ITSELF_S:.0f} s", "hung"
        took = time.monotonic() - command.began
        if command.status == 0:
            self.lasts_s[kind] = took
        problem = _problem_of(command, (0, 1))
        left = command.left_over(LEAVES_S)
        return problem or (f"it left {left}" if left else None), f"ended by itself after {took:.1f} s"

    def _asked(self, command: Command, how: How, moment_s: float) -> tuple[str | None, str]:
        name = how.split()[0] if how.startswith("SIG") else "SIGKILL"
        number, began = signal.Signals[name], time.monotonic()
        command.send(number, to_group=how == "group")
        if how.endswith("twice"):
            time.sleep(0.2)
            command.send(number)
        is_over = command.wait(ENDS_S)
        took, left = time.monotonic() - began, command.left_over(LEAVES_S)
        ended = f"{'killed' if name == 'SIGKILL' else how}{' as a group' * (how == 'group')} after {moment_s:.1f} s"
        ended += f", over {took:.1f} s later" * (name != "SIGKILL")
        if not is_over:
            return f"it did not end within {ENDS_S:.0f} s of {how}", ended
        problem = f"it left {left}" if left else None
        if name != "SIGKILL":
            had_not_begun = moment_s < BEGINS_S and not command.output
            problem = problem or _problem_of(command, (128 + number, 0, 1, *([-number] if had_not_begun else [])))
            is_silent = command.status == 128 + number and not SAYS.search(command.output)
            problem = problem or (f"it said nothing of what is kept: {command.output[-300:]!r}" if is_silent else None)
        return problem, ended


def _problem_of(command: Command, legal: tuple[int, ...]) -> str | None:
    """What is wrong with an end that was no kill."""
    output = command.output
    if "Traceback" in output:
        return f"a traceback: {output[-400:]!r}"
    if command.status not in legal:
        return f"exit status {command.status}: {output[-300:]!r}"
    return None
