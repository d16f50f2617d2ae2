"""A home folder of which one file is damaged, and the commands that people run then.

A home with a dataset, a finished and a stopped study, a lesson and a chat is made once. Each attempt copies it, damages
one file (truncated, bits flipped, zeroes, junk, emptied, deleted), and runs each command in a process of its own. A
command may fail with a sentence; a traceback, a hang, or success that leaves out what was lost is a problem.
"""

import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.campaign import Attempt

LIMIT_S = 60.0  # for one command
MAKING_S = 300.0  # for one of those that make the home
_TOLD = (
    "damaged",
    "cannot be",
    "could not be",
    "missing",
    "gone",
    "not a checkpoint",
    "restore",
    "there is no",
    "lost",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What is run, and what stands in its output where nothing is lost."""

    line: tuple[str, ...]
    reads: str  # the beginnings of the paths that it reads, below the home folder
    shows: tuple[str, ...] = ()


COMMANDS = (
    Command(line=("data", "list"), reads="datasets", shows=("orders", "other")),
    Command(line=("data", "describe", "orders"), reads="datasets", shows=("orders",)),
    Command(line=("study", "list"), reads="studies", shows=("shop", "cut")),
    Command(line=("study", "show", "shop"), reads="studies checkpoints", shows=("ease", "Report")),
    Command(line=("memory", "stats"), reads="studies memory", shows=("4 trials", "1 lesson")),
    Command(line=("memory", "rebuild"), reads="studies memory", shows=("4 trials", "1 lesson")),
    Command(line=("recommend", "u1", "--study", "shop"), reads="datasets checkpoints", shows=(" 10  ",)),
    Command(line=("export", "shop", "--to", "exported"), reads="studies checkpoints", shows=("ease-",)),
    Command(line=("ask", "which datasets are there?"), reads="chats studies datasets", shows=("orders", "other")),
    Command(line=("study", "resume", "cut"), reads="studies memory datasets checkpoints/cut", shows=("Report",)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What came of a command."""

    status: int
    out: str
    errors: str


def attempts(seed: int, folder: Path, commands: tuple[Command, ...] = COMMANDS) -> Iterator[Attempt]:
    """Damage of one file after the other, for ever."""
    chance = random.Random(seed)  # noqa: S311 - it picks what to damage
    whole = made_home(folder / "whole")
    files = sorted(path.relative_to(whole) for path in whole.rglob("*") if path.is_file() and _counts(path))
    for number in range(sys.maxsize):
        home = folder / f"home-{number}"
        shutil.copytree(whole, home)
        # one kind of file after the other: most files are weights, and all kinds are to be met soon
        kinds = sorted({_kind(file) for file in files})
        file = chance.choice([file for file in files if _kind(file) == kinds[number % len(kinds)]])
        name = chance.choice(sorted(DAMAGES))
        DAMAGES[name](home / file, chance)
        readers = [one for one in commands if str(file).startswith(tuple(one.reads.split()))]
        yield from (_tried(home, command, f"{file} {name}: ") for command in readers)
        shutil.rmtree(home)


def _tried(home: Path, command: Command, what: str) -> Attempt:
    run = in_child(home, command.line)
    return Attempt(what=f"{what}recpilot {' '.join(command.line)}", problem=_problem(run, command), kept=(home,))


def _problem(run: Run, command: Command) -> str | None:
    said = run.out + run.errors
    if "Traceback" in said:
        return f"a traceback: {said.strip().splitlines()[-1]}"
    if run.status in (-signal.SIGALRM, -signal.SIGKILL):
        return f"no end within {LIMIT_S:.0f} s"
    if run.status < 0:
        return f"ended by signal {-run.status}"
    if run.status and not run.errors.strip() and not run.out.strip():
        return f"status {run.status} without a word"
    lost = [words for words in command.shows if words not in run.out]
    if run.status == 0 and lost and not any(sign in said for sign in _TOLD):
        return f"without a word, {', '.join(lost)} is not in: {' '.join(said.split())[:300]}"
    return None


# -- damage ----------------------------------------------------------------------------------------------------------


def _truncate(file: Path, chance: random.Random) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: chance.randrange(len(content))] if content else b"")


def _flip(file: Path, chance: random.Random) -> None:
    content = bytearray(file.read_bytes())
    for _ in range(max(1, len(content) // 2000) if content else 0):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    file.write_bytes(content)


def _zero(file: Path, chance: random.Random) -> None:
    content = bytearray(file.read_bytes())
    start = chance.randrange(len(content) or 1)
    end = min(len(content), start + chance.randrange(1, 8192))
    content[start:end] = bytes(end - start)
    file.write_bytes(content)


def _junk(file: Path, chance: random.Random) -> None:
    file.write_bytes(chance.randbytes(chance.randrange(1, 5000)))


def _overwrite(file: Path, chance: random.Random) -> None:
    content = bytearray(file.read_bytes())
    start = chance.randrange(len(content) or 1)
    content[start : start + 64] = chance.randbytes(64)
    file.write_bytes(content)


def _empty(file: Path, _: random.Random) -> None:
    file.write_bytes(b"")


def _delete(file: Path, _: random.Random) -> None:
    file.unlink()


DAMAGES: Mapping[str, Callable[[Path, random.Random], None]] = {
    "truncated": _truncate,
    "with flipped bits": _flip,
    "with zeroes in it": _zero,
    "replaced by junk": _junk,
    "overwritten in part": _overwrite,
    "emptied": _empty,
    "deleted": _delete,
}


# -- the home and its commands ---------------------------------------------------------------------------------------


def made_home(home: Path) -> Path:
    """Two datasets, a finished and a stopped study, a lesson and a chat."""
    home.parent.mkdir(parents=True, exist_ok=True)
    if home.exists():
        return home
    for name, step in (("orders", 7), ("other", 5)):
        rows = [
            f"u{user},i{user % 3 * 15 + (user * step + n * 4) % 15},{1_600_000_000 + n * 3600}"
            for user in range(60)
            for n in range(8)
        ]
        file = home.parent / f"{name}.csv"
        file.write_text("customer_id,sku,timestamp\n" + "\n".join(rows) + "\n")
        _made(home, "data", "add", str(file))
    _made(home, "tune", "orders", "--name", "shop", "--model", "ease", "--trials", "3", "--llm", "none")
    _made(home, "tune", "orders", "--name", "cut", "--model", "ease", "--trials", "1", "--llm", "none")
    _made(home, "ask", "remember that short histories need a small model")
    _stop(home / "studies.db")
    return home


def _made(home: Path, *line: str) -> None:
    run = in_child(home, line, MAKING_S)
    if run.status in (-signal.SIGALRM, -signal.SIGKILL):
        raise RuntimeError(f"making the home took more than {MAKING_S:.0f} s, as on a busy machine: {' '.join(line)}")
    if run.status:
        raise RuntimeError(f"the home could not be made: {line}: {run.out}{run.errors}")


def _stop(ledger: Path) -> None:
    """As though `cut` had been stopped before its second trial."""
    connection = sqlite3.connect(ledger)
    with connection:
        where = "study_id = (SELECT study_id FROM studies WHERE study_name = 'cut')"
        (state,) = connection.execute(f"SELECT state FROM recpilot_states WHERE {where}").fetchone()  # noqa: S608
        change = {"n_trials": 2, "by": "user", "after": 1}
        stopped = json.loads(state) | {"state": "stopped", "reason": "stopped by the person", "changes": [change]}
        connection.execute(f"UPDATE recpilot_states SET state = ? WHERE {where}", (json.dumps(stopped),))  # noqa: S608
    connection.close()


def _counts(file: Path) -> bool:
    """Whether anything is lost with the file, and a command would see it."""
    is_passing = file.suffix in (".html", ".log", ".db-shm") or file.name in ("lock", "writes")
    is_unused = "cut" in file.parts or any(part.startswith("baseline-") for part in file.parts)
    return not is_passing and not is_unused and "backups" not in file.parts


def _kind(file: Path) -> str:
    """What is treated alike: a database, or all files of a name in a kind of folder."""
    return f"{file.parts[0]}/{file.suffix if len(file.parts) > 2 else ''}{file.name if file.suffix == '.json' else ''}"


def in_child(home: Path, line: tuple[str, ...], limit_s: float = LIMIT_S) -> Run:
    """Run a command in a forked process, which need not import again what this one has; at most `limit_s`."""
    import chromadb  # noqa: F401

    import agent.studies.runner  # noqa: F401
    import memory.store  # noqa: F401
    import ui.cli.app

    out, errors = home.parent / "out.txt", home.parent / "errors.txt"
    child = os.fork()
    if not child:
        status = 70
        try:
            os.setsid()
            _redirect(out, errors)
            os.environ |= {"RECPILOT_HOME": str(home), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1", "COLUMNS": "160"}
            os.chdir(home.parent)
            sys.argv = ["recpilot", *line]
            signal.alarm(int(limit_s))
            status = _status(ui.cli.main)
        except BaseException:  # noqa: BLE001 - told as the command would
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    status = _waited(child, limit_s)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # a worker that a command left
    return Run(status=status, out=out.read_text(errors="replace"), errors=errors.read_text(errors="replace"))


def _status(command: Callable[[], None]) -> int:
    try:
        command()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


def _redirect(out: Path, errors: Path) -> None:
    for path, stream in ((out, sys.stdout), (errors, sys.stderr)):
        stream.flush()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(handle, stream.fileno())


def _waited(child: int, limit_s: float) -> int:
    end = time.monotonic() + limit_s + 5
    while time.monotonic() < end:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
