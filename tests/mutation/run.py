"""Mutation testing of one area: `python -m tests.mutation.run metrics`, or `make mutants AREA=metrics`.

A sample of the mutants is run on a copy of the working tree, each in a process of its own against the tests that run
its lines. Where the change is in the body of a function, the process is forked from a pytest session that has collected
the tests; any other change starts pytest again on changed files, with the libraries imported already.
"""

import argparse
import json
import os
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from tests.mutation.areas import AREAS, files_of, tests_of
from tests.mutation.mutants import Mutant, sampled
from tests.mutation.processes import ROOT, copied, trace_of
from tests.mutation.session import Verdict, in_one_session, in_own_sessions
from tests.mutation.tracing import Trace

# One thread a process, and the same order of sets in every run.
ENVIRONMENT = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS"), "1")
ENVIRONMENT |= {"HF_HUB_OFFLINE": "1", "PYTHONHASHSEED": "0"}


def main() -> None:
    """Print the survivors and the share killed."""
    asked = _arguments()
    if any(os.environ.get(name) != value for name, value in ENVIRONMENT.items()):
        command = [sys.executable, "-m", "tests.mutation.run", *sys.argv[1:]]
        os.execve(sys.executable, command, os.environ | ENVIRONMENT)  # noqa: S606
    began = time.monotonic()
    area = AREAS[asked.area]
    paths, tests = files_of(ROOT, area.sources), tests_of(ROOT, area)
    if not paths or not tests:
        sys.exit(f"{area} has no sources or no tests")
    with tempfile.TemporaryDirectory(prefix="mutants-") as temporary:
        folders = [copied(Path(temporary) / str(i)) for i in range(asked.jobs + 1)]
        trace = trace_of(folders[0], paths, tests)
        print(f"{len(trace.seconds)} tests take {sum(trace.seconds.values()):.0f} s", flush=True)
        mutants = sampled(ROOT, paths, asked.seed)
        counted, n_stillborn = _sample(asked, folders, tests, trace, mutants)
    _report(asked, counted, n_stillborn, time.monotonic() - began)
    if asked.killed:
        killed = [verdict.mutant.key for verdict in counted if verdict.outcome in ("killed", "timeout")]
        asked.killed.write_text(json.dumps(killed), encoding="utf-8")


def _sample(
    asked: argparse.Namespace, folders: list[Path], tests: list[str], trace: Trace, mutants: Iterator[Mutant]
) -> tuple[list[Verdict], int]:
    """The verdicts of as many mutants as are asked for, and how many more cannot be imported."""
    known = _read(asked.killed)
    counted: list[Verdict] = []
    bodies: list[Mutant] = []
    n_stillborn = 0
    while batch := list(islice(mutants, asked.n_mutants - len(counted) - len(bodies))):
        again = [mutant for mutant in batch if mutant.key in known]
        counted += [Verdict(mutant=mutant, outcome="killed", by="as the last time") for mutant in again]
        fresh = [mutant for mutant in batch if mutant.key not in known]
        at_import = [mutant for mutant in fresh if trace.runs_at_import(mutant.path, mutant.statement)]
        bodies += [mutant for mutant in fresh if mutant not in at_import]
        own = list(in_own_sessions(folders[1:], trace, at_import))
        counted += [verdict for verdict in own if verdict.outcome != "stillborn"]
        n_stillborn += len(own) - len([verdict for verdict in own if verdict.outcome != "stillborn"])
    found = list(in_one_session(folders, tests, trace, bodies)) if bodies else []
    others = [verdict.mutant for verdict in found if verdict.outcome == "body"]
    counted += [verdict for verdict in found if verdict.outcome != "body"]
    return counted + list(in_own_sessions(folders[1:], trace, others)), n_stillborn


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("area", choices=AREAS)
    parser.add_argument("--n-mutants", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--killed", type=Path, help="a file that keeps what was killed, which is not run again")
    return parser.parse_args()


def _read(path: Path | None) -> set[tuple[str, ...]]:
    if path is None or not path.exists():
        return set()
    return {tuple(entry) for entry in json.loads(path.read_text(encoding="utf-8"))}


def _argued() -> dict[tuple[str, ...], str]:
    """Why mutants that survive say the same as the code, by file and diff."""
    entries = tomllib.loads(Path(__file__).with_name("equivalent.toml").read_text(encoding="utf-8"))["mutant"]
    return {(entry["path"], *map(_words, entry["diff"])): entry["why"] for entry in entries}


def _words(line: str) -> str:
    return line[0] + "".join(line[1:].split())


def _report(asked: argparse.Namespace, counted: list[Verdict], n_stillborn: int, seconds: float) -> None:
    reasons = _argued()
    outcomes = Counter(verdict.outcome for verdict in counted)
    survivors = [verdict for verdict in counted if verdict.outcome == "survived"]
    n_killed, n_equivalent = outcomes["killed"] + outcomes["timeout"], 0
    for verdict in sorted(survivors, key=lambda verdict: (verdict.mutant.path, verdict.mutant.line)):
        mutant = verdict.mutant
        reason = reasons.get((mutant.path, *map(_words, mutant.diff)))
        n_equivalent += reason is not None
        print(f"\n{mutant.path}:{mutant.line} {mutant.operator} {verdict.by}", *mutant.diff, sep="\n")
        if reason:
            print(f"  equivalent: {reason}")
    print(
        f"\n{asked.area}: {len(counted)} mutants of seed {asked.seed} ({n_stillborn} more cannot be imported),",
        f"{n_killed} killed ({outcomes['timeout']} by time), {len(survivors)} survived,",
        f"{n_equivalent} of them argued equivalent.\n{n_killed / len(counted):.1%} killed,",
        f"{n_killed / (len(counted) - n_equivalent):.1%} without the equivalent ones; {seconds:.0f} s",
    )


if __name__ == "__main__":
    main()
