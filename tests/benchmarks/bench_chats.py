"""Chats at once: how long a person waits for the first word of an answer, quiet and while a study trains.

python tests/benchmarks/bench_chats.py [--minutes 1.4] [--chats 1 10 50] [--only quiet|training] [--at-once]

Starts `recpilot ui` on a home with a small dataset and two finished studies, and opens pages as browsers do, each with
its chat and its stream. Each sends one of twelve messages every 30 s (with fewer than ten chats every 6 s)
from a random moment on; with `--at-once` after each answer, which the server takes once a second. The study that trains
is sasrec on the demo data, in the server's own worker. All six rows take about eleven minutes.

With `--reading` instead: the page at `/`, and the first word of an answer, idle and while a CSV of 300 MB is read.
"""

import argparse
import asyncio
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
from page_client import Answer, Tab

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-c", "from ui.cli import main; main()"]
MESSAGES = (
    "How good is shop-1?",
    "Which trial of shop-1 is the best, and why?",
    "Give me 5 items for user u3",
    "Why did you pick these params in trial 2 of shop-1?",
    "Thanks, that helps",
    "What can you do?",
    "Compare trials 0 and 3 of shop-2",
    "Which params matter most in shop-1?",
    "Which datasets are there?",
    "How does shop-2 go?",
    "What would happen in shop-1 with a learning rate of 0.01?",
    "How can I stop a study?",
)
TRAINING = "Tune sasrec on the demo data, 200 trials, 50 epochs"
EVERY_S, FEW, EVERY_FEW_S = 30.0, 10, 6.0  # fewer chats than FEW speak more often, to give a figure at all
LEAST_S = 1.0  # between two messages of a chat, which the server holds to one a second
OPENING_S = 0.1  # between two pages that open


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one number of chats gave."""

    n_chats: int
    answers: tuple[Answer, ...]
    problems: tuple[str, ...]
    server_s: float  # of a processor, the streams of the pages included
    wall_s: float
    peak_mib: float


def make_home(home: Path) -> None:
    """The dataset `shop` and its studies `shop-1` and `shop-2`."""
    home.mkdir(parents=True)
    rng = np.random.default_rng(0)
    rows = [
        f"u{user},i{item},{1_600_000_000 + t}"
        for user in range(300)
        for t, item in enumerate((user % 5) * 30 + rng.choice(30, size=12, replace=False))
    ]
    (home / "shop.csv").write_text("\n".join(["user,item,timestamp", *rows]))
    recpilot(home, "data", "add", str(home / "shop.csv"))
    for model in ("bpr_mf", "ease"):
        recpilot(home, "tune", "shop", "--model", model, "--trials", "6", "--epochs", "4")


def recpilot(home: Path, *arguments: str) -> None:
    subprocess.run([*COMMAND, *arguments], env=environment(home), cwd=home, check=True, stdout=subprocess.DEVNULL)


def environment(home: Path) -> dict[str, str]:
    more = {"RECPILOT_HOME": str(home), "PYTHONPATH": str(ROOT), "RECPILOT_CARD_MINUTES": "1e9", "HF_HUB_OFFLINE": "1"}
    return {name: value for name, value in os.environ.items() if not name.startswith("RECPILOT_")} | more


@contextmanager
def served(home: Path, *options: str) -> Iterator[tuple[psutil.Process, int]]:
    """The process of a server, and its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (home / "server.log").open("w") as log:
        command = [*COMMAND, "ui", "--port", str(port), *options]
        process = subprocess.Popen(command, env=environment(home), cwd=home, stdout=log, stderr=log)
    try:
        while "the chat is at" not in (home / "server.log").read_text():
            if process.poll() is not None:
                sys.exit((home / "server.log").read_text())
            time.sleep(0.1)
        yield psutil.Process(process.pid), port
    finally:
        process.terminate()
        process.wait()


async def measured(process: psutil.Process, port: int, n_chats: int, seconds: float, seed: int, at_once: bool) -> Row:
    """Opens the pages, lets them speak for so long, and leaves."""
    tabs = [Tab("127.0.0.1", port) for _ in range(n_chats)]
    await asyncio.gather(*(opened(tab, place * OPENING_S) for place, tab in enumerate(tabs)))
    await asyncio.sleep(2.0)
    began, before = time.monotonic(), processor_s(process)
    rng = random.Random(seed)  # noqa: S311 - it only chooses what is said when
    every_s = LEAST_S if at_once else EVERY_S if n_chats >= FEW else EVERY_FEW_S
    talks = [talk(tab, random.Random(rng.random()), began + seconds, every_s) for tab in tabs]  # noqa: S311
    answers = [answer for said in await asyncio.gather(*talks) for answer in said]
    row = Row(
        n_chats=n_chats,
        answers=tuple(answers),
        problems=tuple(problem for tab in tabs for problem in tab.problems),
        server_s=processor_s(process) - before,
        wall_s=time.monotonic() - began,
        peak_mib=peak_mib(process),
    )
    for tab in tabs:
        tab.close()
    return row


async def opened(tab: Tab, after_s: float) -> None:
    await asyncio.sleep(after_s)
    await tab.open()


async def talk(tab: Tab, rng: random.Random, until: float, every_s: float) -> list[Answer]:
    """The answers to the messages of a mix, each chat's in an order of its own."""
    order = rng.sample(MESSAGES, len(MESSAGES))
    said: list[Answer] = []
    due = time.monotonic() + rng.random() * every_s
    while due < until:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        said.append(await tab.say(order[len(said) % len(order)]))
        due = max(due + every_s, time.monotonic())
    return said


async def warm(port: int) -> None:
    """Says everything once, so that no row pays for what a server loads once."""
    tab = Tab("127.0.0.1", port)
    await tab.open()
    for text in MESSAGES:
        await tab.say(text)
    tab.close()


async def begin_training(port: int) -> None:
    """Has a study begin, and waits until its first trial trains."""
    tab = Tab("127.0.0.1", port)
    await tab.open()
    for text in (TRAINING, "Run it"):  # the plan of a long study is asked about first
        answer = await tab.say(text)
        if answer.problem:
            sys.exit(f"the study did not begin: {answer.problem}")
    for _ in range(600):
        if any("training" in title or "epoch" in title for title in tab.titles()):
            break
        await asyncio.sleep(0.2)
    else:
        sys.exit("the study did not train within two minutes")
    tab.close()


async def read_meanwhile(port: int, file: Path | None) -> tuple[list[float], list[float | None], bool]:
    """Seconds to the page and to the first word while a file is read, else for half a minute; whether it is read."""
    reader, tab = (Tab("127.0.0.1", port) for _ in range(2))
    await reader.open()
    await tab.open()
    reading = asyncio.create_task(reader.say(f"Read the file {file.name}") if file else asyncio.sleep(30))
    pages, words = [], []
    while not reading.done():
        pages.append(await tab.load_s())
        words.append((await tab.say(MESSAGES[len(words) % len(MESSAGES)])).first_s)
        await asyncio.sleep(0.5)
    is_read = "Read a dataset" in reader.titles()  # what could not be read has more in its title
    reader.close()
    tab.close()
    return pages, words, is_read


def print_reading(home: Path, n_bytes: int = 300_000_000) -> None:
    """The page and a question, idle and while a large file is read."""
    big = home / "big.csv"
    block = "".join(f"reader-{n % 40_009},book-{n * 7919 % 20_011},{1_600_000_000 + n}\n" for n in range(100_000))
    big.write_text("user,item,timestamp\n" + block * (n_bytes // len(block)))
    print("| | asked | page p50 / p95 / max, s | first word p50 / p95 / max, s |\n| --- | --- | --- | --- |")
    with served(home, "--data-folder", str(home)) as (_, port):
        asyncio.run(warm(port))
        for name, file in (("idle", None), ("while 300 MB are read", big)):
            pages, words, is_read = asyncio.run(read_meanwhile(port, file))
            if file and not is_read:
                sys.exit("the file was not read")
            shares = [" / ".join(f"{one:.2f}" for one in spread(times)) for times in (pages, words)]
            print(f"| {name} | {len(words)} | {' | '.join(shares)} |", flush=True)


def processor_s(process: psutil.Process) -> float:
    """Of the server itself, without the worker that trains."""
    used = process.cpu_times()
    return float(used.user + used.system)


def peak_mib(process: psutil.Process) -> float:
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def shown(row: Row, is_training: bool) -> str:
    """One line of the table; times in seconds."""
    good = [answer for answer in row.answers if not answer.problem]
    n_errors = len(row.answers) - len(good) + len(row.problems)
    cells = [str(row.n_chats), "next to a study" if is_training else "quiet", str(len(good)), str(n_errors)]
    waited = [answer.first_s for answer in good], [answer.end_s for answer in good]
    cells += [" / ".join(f"{found:.2f}" for found in spread(times)) for times in waited]
    cells += [f"{row.server_s / max(len(good), 1):.2f}", f"{row.server_s / row.wall_s:.2f}", f"{row.peak_mib:.0f}"]
    return f"| {' | '.join(cells)} |"


def spread(times: Sequence[float | None]) -> tuple[float, float, float]:
    """Median, 95th percentile (the next larger value) and maximum."""
    found = [one for one in times if one is not None] or [float("nan")]
    return float(np.median(found)), float(np.quantile(found, 0.95, method="higher")), max(found)


def print_rows(asked: argparse.Namespace, tuned: Path, folder: Path) -> None:
    """The table; the exit status is 1 where an answer did not come."""
    print("| chats | | answers | errors | first word p50 / p95 / max, s | whole answer, s | ", end="")
    print("processor s an answer | processors | peak MiB |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    problems: list[str] = []
    for kind in [asked.only] if asked.only else ["quiet", "training"]:
        home = Path(shutil.copytree(tuned, folder / kind))
        with served(home) as (process, port):
            asyncio.run(warm(port))
            if kind == "training":
                asyncio.run(begin_training(port))
            for n_chats in asked.chats:
                row = asyncio.run(
                    measured(process, port, n_chats, asked.minutes * 60, asked.seed, at_once=asked.at_once)
                )
                print(shown(row, kind == "training"), flush=True)
                problems += [f"{one.text}: {one.problem}" for one in row.answers if one.problem]
                problems += row.problems
    for problem in problems[:20]:
        print(problem, file=sys.stderr)
    sys.exit(bool(problems))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=1.4, help="of each row")
    parser.add_argument("--chats", type=int, nargs="+", default=[1, 10, 50])
    parser.add_argument("--only", choices=["quiet", "training"])
    parser.add_argument("--at-once", action="store_true", help="a message after each answer")
    parser.add_argument("--reading", action="store_true", help="the page next to a large file that is read")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--home", type=Path, help="a folder that keeps what is tuned first, for the next run")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tuned = asked.home or Path(folder) / "tuned"
        if not tuned.exists():
            make_home(tuned)
        if asked.reading:
            print_reading(Path(shutil.copytree(tuned, Path(folder) / "reading")))
        else:
            print_rows(asked, tuned, Path(folder))


if __name__ == "__main__":
    main()
