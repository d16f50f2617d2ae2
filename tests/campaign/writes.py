"""Kills at each write of small pieces of work: every statement of SQL, every file that is opened, moved or removed.

A process is killed at a write, then the one that goes on with it at one of its own, and so on; the last one is left
alone. It must end as it would have without a kill, and what had finished is there, unchanged and once.
"""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

from agent.standing import counted
from agent.studies.ledger import Ledger
from memory.embedding import HashingEmbedder
from memory.store import TrialMemory
from tests.campaign import Attempt
from tests.campaign.checks import Home
from tests.campaign.forking import count, run
from tests.campaign.small import N_TRIALS, WORK

MOST_KILLS = 12  # in a row


def attempts(seed: int, folder: Path) -> Iterator[Attempt]:
    """Each a kill, or the end that follows on several; for ever."""
    rng = random.Random(seed)  # noqa: S311 - it only chooses what to try
    n_writes: dict[str, int] = {}
    for n in range(10**9):
        name = rng.choice(list(WORK))
        if name not in n_writes:
            (folder / f"whole-{name}").mkdir(parents=True)
            n_writes[name] = count(WORK[name], folder / f"whole-{name}")
        home = folder / str(n)
        home.mkdir(parents=True)
        yield from _killed_again_and_again(name, home, n_writes[name], rng)
        shutil.rmtree(home)


def _killed_again_and_again(name: str, home: Path, n_writes: int, rng: random.Random) -> Iterator[Attempt]:
    looked = Home(home)
    for _ in range(rng.randint(1, MOST_KILLS)):
        moment = rng.randint(1, n_writes if rng.random() < 0.3 else min(n_writes, 20))
        status, said = run(WORK[name], home, kill_at=moment)
        problems = list(looked.problems())
        if status not in (-9, 0):  # there may be less to do than at first
            problems.append(f"it ended with {status}: {said[-600:]!r}")
        yield _attempt(f"{name} killed at write {moment} of {n_writes}", problems, home)
        if status == 0:
            break
    status, said = run(WORK[name], home)
    problems = [*looked.problems(), *_unfinished(name, home)]
    if status != 0:
        problems.append(f"it ended with {status}: {said[-600:]!r}")
    yield _attempt(f"{name} left alone after kills", problems, home)


def _attempt(what: str, problems: list[str], home: Path) -> Attempt:
    return Attempt(what=what, problem="; ".join(problems) or None, kept=(home,) if problems else ())


def _unfinished(name: str, home: Path) -> Iterator[str]:
    """What is missing after an end that nothing cut off."""
    if name in ("study", "remembered"):
        ledger = Ledger(f"sqlite:///{home / 'studies.db'}")
        done = counted(ledger.open("s").records())
        ledger.close()
        if len(done) != N_TRIALS:
            yield f"{len(done)} of {N_TRIALS} trials are done"
        if name == "remembered":
            yield from _forgotten(home, {record.id for record in done})
    if name == "lessons":
        yield from _forgotten(home, {f"lesson/{n}" for n in (0, 1, 2, 4)})


def _forgotten(home: Path, expected: set[str]) -> Iterator[str]:
    memory = TrialMemory(home / "memory", HashingEmbedder())
    found = {record.id for record in memory.records()}
    memory.close()
    if not expected <= found:
        yield f"the memory lost {sorted(expected - found)}"
