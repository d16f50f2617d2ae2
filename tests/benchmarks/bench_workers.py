"""What workers that run at once cost: regret by trials with pending ones counted with, only excluded, and one by one.

python tests/benchmarks/bench_workers.py [--histories FOLDER …] [--workers 4] [--seeds 1] [--sampler advisor]

FOLDER holds what `recpilot memory measure` wrote; the histories that ship are always among them. Trials are replayed as
in bench_tuning.py; all take equally long, so each proposal is made while the ones before it, one fewer than there are
workers, have no result yet.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from common import Kept, commit
from replays import Past, Table, others, past_of, tables_of

from agent.advisor import SAMPLERS, advise
from agent.advisor.situation import Situation
from agent.objective import Goal
from memory.histories.files import read_lines, shipped
from memory.record import TrialRecord
from recmodels.search_space import Params

AT = (3, 5, 9, 13, 17, 21, 25)
FEWEST, FEWEST_PAST = 40, 8  # configurations of a table that is replayed, and of one that is learned from
WAYS = ("one by one", "pending counted with", "pending only excluded")


def regrets(table: Table, past: Past, sampler: str, workers: int, way: str, seed: int) -> list[float]:
    """The least regret after each trial."""
    proposed, n_pending = list[Params](), 0 if way == WAYS[0] else workers - 1
    for number in range(max(AT)):
        n_known = max(number - n_pending, 0)
        waiting = tuple((table.model, params) for params in proposed[n_known:])
        situation = Situation(
            goal=Goal.parse([table.objective]),
            spaces={table.model: table.space},
            declared={table.model: table.space},
            records=tuple(_record(table, i, params) for i, params in enumerate(proposed[:n_known])),
            recalled=past,
            excluded=waiting,
            pending=waiting if way == WAYS[1] else (),
            n_trials=max(AT),
            seed=seed,
        )
        proposed.append(advise(situation, sampler)[0].params)
    values = table.expected(proposed)
    return [round(float(value), 5) for value in np.minimum.accumulate([table.regret(float(v)) for v in values])]


def _record(table: Table, number: int, params: Params) -> TrialRecord:
    value = table.sign * float(table.expected([params])[0])
    given = replace(table.records[0], id=f"replay/{number}", study="replay", number=number, params=params, curve=())
    return replace(given, state="complete", value=value, metrics={f"valid_{table.objective}": value})


def all_of(
    targets: Sequence[Table], tables: Sequence[Table], given: argparse.Namespace, kept: Kept, way: str
) -> list[list[float]]:
    """Of each table and seed."""
    return [
        kept.get(
            f"{given.sampler}/{given.workers}/{way}/{table.model}/{table.dataset}/{seed}",
            lambda: regrets(table, past_of(others(table, tables)), given.sampler, given.workers, way, seed),  # noqa: B023
        )
        for table in targets
        for seed in range(given.seeds)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=Path, nargs="+", default=[], help="folders of measured trials")
    parser.add_argument("--sampler", default="advisor", choices=SAMPLERS)
    parser.add_argument("--models", nargs="+")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--to", type=Path, help="keep the curves here and go on from them")
    given = parser.parse_args()
    trials = [*shipped(), *(trial for folder in given.histories for trial in read_lines(folder))]
    tables = tables_of(trials, FEWEST_PAST)
    targets = [t for t in tables if len(t.values) >= FEWEST and t.model in (given.models or {t.model})]
    print(f"{len(targets)} tables, {given.seeds} seeds, {given.workers} workers, {given.sampler}; commit {commit()}\n")
    print("| trials that were proposed | " + " | ".join(map(str, AT)) + " |\n" + "|---" * (len(AT) + 1) + "|")
    for way in WAYS:
        means = np.mean(all_of(targets, tables, given, Kept(given.to), way), axis=0)
        print(f"| {way} | " + " | ".join(f"{means[n - 1]:.3f}" for n in AT) + " |", flush=True)


if __name__ == "__main__":
    main()
