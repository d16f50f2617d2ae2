"""A disk that is full at any moment: files of a home that cannot grow beyond a size, as `ulimit -f` has it.

What is cut off so says it in one sentence, where it is a command; nothing that had finished is lost; and with room
again the same work goes on to its end.
"""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.campaign import Attempt
from tests.campaign.checks import Home
from tests.campaign.commands import Command
from tests.campaign.forking import run
from tests.campaign.small import WORK, write_tiny

SMALLEST, LARGEST = 1_000, 400_000  # bytes of a file; a fresh ledger has 200,000
ENDS_S = 180.0


def attempts(seed: int, folder: Path) -> Iterator[Attempt]:
    """Small pieces of work, and now and then a command, for ever."""
    rng = random.Random(seed)  # noqa: S311 - it only chooses what to try
    for n in range(10**9):
        home, limit = folder / str(n), round(SMALLEST * (LARGEST / SMALLEST) ** rng.random())
        home.mkdir(parents=True)
        is_command = rng.random() < 0.1
        yield _of_command(home, limit, rng) if is_command else _of_work(home, limit, rng.choice(list(WORK)))
        shutil.rmtree(home)


def _of_work(home: Path, limit: int, name: str) -> Attempt:
    looked = Home(home)
    status, said = run(WORK[name], home, file_bytes=limit)
    problems = list(looked.problems()) + (["it hung"] if status is None else [])
    status, said = run(WORK[name], home)
    problems += list(looked.problems())
    if status != 0:
        problems.append(f"with room again it ended with {status}: {said[-600:]!r}")
    return _attempt(f"{name} with files of {limit} bytes at most", problems, home)


def _of_command(home: Path, limit: int, rng: random.Random) -> Attempt:
    tiny, looked = write_tiny(home / "tiny.csv"), Home(home / "home")
    tune = ("tune", str(tiny), "--model=ease", "--trials=3", "--name=s", "--llm=none")
    problems = list(_said_wrong(home, tune, limit)) + list(looked.problems())
    again = ("study", "resume", "s") if "s" in looked.to_resume() else tune
    if "s" not in looked.finished():
        problems += list(_said_wrong(home, again, None)) + list(looked.problems())
        problems += [] if "s" in looked.finished() else ["with room again it did not finish"]
    return _attempt(f"{' '.join(tune)} with files of {limit} bytes at most", problems, home)


def _said_wrong(home: Path, args: tuple[str, ...], limit: int | None) -> Iterator[str]:
    """What is wrong with how a command ended."""
    command = Command(home / "home", home / "log", *args, file_bytes=limit)
    try:
        if not command.wait(ENDS_S):
            yield f"it did not end within {ENDS_S:.0f} s"
        elif "Traceback" in command.output:
            yield f"a traceback: {command.output[-600:]!r}"
        elif limit is None and command.status != 0:
            yield f"with room again it ended with {command.status}: {command.output[-400:]!r}"
    finally:
        command.end()


def _attempt(what: str, problems: list[str], home: Path) -> Attempt:
    return Attempt(what=what, problem="; ".join(problems) or None, kept=(home,) if problems else ())
