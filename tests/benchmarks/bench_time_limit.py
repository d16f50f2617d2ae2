"""What a study with a time limit reaches, by how far the advisor counts the seconds: replayed on measured trials.

python tests/benchmarks/bench_time_limit.py [--histories FOLDER …] [--models bpr_mf ials] [--seeds 3]

As bench_tuning.py, but a trial takes the seconds that a process fitted to the table's own times tells, and the study
ends after as many seconds as ten trials take on the mean; what would end later does not count. Printed is the mean
regret of the best after a third, two thirds and all of the time, and how many trials that were, by the power of the
seconds that a gain is divided by (0: seconds do not count; `cooled`: a power that falls from 1 to 0 with the time).
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from common import commit
from numpy.typing import NDArray
from replays import Past, Table, others, past_of, tables_of

from agent.advisor import advise, pacing
from agent.advisor.situation import Situation, from_unit
from agent.advisor.trial_times import TrialTimes, sizes_of, timed
from agent.objective import Goal
from memory.histories.files import read_lines, shipped
from memory.record import TrialRecord

Array = NDArray[np.float64]
N_MEAN = 10  # trials that the limit is worth
AT = (1 / 3, 2 / 3, 1.0)
FEWEST = 30
POWERS: dict[str, float | None] = {"0": 0.0, "0.5": 0.5, "1": 1.0, "cooled": None}


def times_of(table: Table) -> TrialTimes:
    """What training takes on a table's data."""
    known = [one for record in table.records if (one := timed(record)) is not None]
    sizes = sizes_of(table.profile)
    assert sizes is not None
    return TrialTimes(table.space, known, dataset=table.dataset, sizes=sizes, machine=known[0].machine)


def mean_s(table: Table, times: TrialTimes) -> float:
    """Over the space."""
    space = table.space.searched()
    drawn = np.random.default_rng(0).random((64, len(space)))
    return float(np.exp(times.log_seconds([from_unit(space, point) for point in drawn])[0]).mean())


def replayed(table: Table, times: TrialTimes, past: Past, power: float | None, seed: int) -> list[float]:
    """The least regret at AT, and the number of trials."""
    limit = N_MEAN * mean_s(table, times)
    records: list[TrialRecord] = []
    spent, ended = 0.0, list[tuple[float, float]]()
    while True:
        pacing.POWER = 1 - spent / limit if power is None else power
        situation = Situation(
            goal=Goal.parse([table.objective]),
            spaces={table.model: table.space},
            declared={table.model: table.space},
            records=tuple(records),
            recalled=past,
            seed=seed,
            profile=table.profile,
            time_limit_s=limit if power != 0 else None,
            time_left_s=limit - spent if power != 0 else None,
        )
        candidates = advise(situation)
        if not candidates:
            break
        took = float(np.exp(times.log_seconds([candidates[0].params])[0][0]))
        spent += took
        if spent > limit and records:
            break
        number, value = len(records), table.sign * float(table.expected([candidates[0].params])[0])
        record = replace(
            table.records[0], id=f"replay/{number}", study="replay", number=number, params=candidates[0].params,
            value=value, metrics={f"valid_{table.objective}": value}, curve=(), state="complete", reason=None,
            proposer=candidates[0].source, cost=table.records[0].cost | {"total_s": took, "train_s": took},
        )  # fmt: skip
        records.append(record)
        ended.append((spent / limit, table.regret(table.sign * value)))
    first = ended[0][1]
    return [min((regret for at, regret in ended if at <= limit_at), default=first) for limit_at in AT] + [len(records)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=Path, nargs="+", default=[], help="folders of measured trials")
    parser.add_argument("--models", nargs="+", default=["bpr_mf", "ials", "item_knn"])
    parser.add_argument("--powers", nargs="+", default=list(POWERS), choices=list(POWERS))
    parser.add_argument("--seeds", type=int, default=2)
    arguments = parser.parse_args()
    trials = [*shipped(), *(trial for folder in arguments.histories for trial in read_lines(folder))]
    tables = tables_of(trials, 8)
    targets = [t for t in tables if t.model in arguments.models and len(t.values) >= FEWEST and others(t, tables)]
    found: dict[tuple[str, str], list[list[float]]] = {}
    for seed in range(arguments.seeds):
        for table in targets:
            times, past = times_of(table), past_of(others(table, tables))
            for name in arguments.powers:
                row = replayed(table, times, past, POWERS[name], seed)
                found.setdefault((name, table.model), []).append(row)
                print(seed, table.model, table.dataset, name, np.round(row, 3), flush=True)
    print(f"{len(targets)} tables, {arguments.seeds} seeds, commit {commit()}")
    print("| power | model | after a third | two thirds | all | trials |\n|---|---|---|---|---|---|")
    for name in arguments.powers:
        for model in (*arguments.models, "all"):
            mine = [rows for (one, of), rows in found.items() if one == name and model in (of, "all")]
            if not mine:
                continue
            rows = [row for rows in mine for row in rows]
            print(f"| {name} | {model} | " + " | ".join(f"{cell:.3f}" for cell in np.mean(rows, axis=0)) + " |")


if __name__ == "__main__":
    main()
