"""How soon a study of several objectives knows their front: expected hypervolume against NSGA-II and random draws.

python tests/benchmarks/bench_fronts.py [--histories FOLDER …] [--seeds 2] [--methods gp nsga2 …] [--to fronts.json]

FOLDER holds what `recpilot memory measure` wrote; the histories that ship are always among them. As in bench_tuning.py
a Gaussian process for each metric answers for training, each study is of one model on one dataset, its first trial is
the defaults, and what the advisor learns from holds nothing of the dataset. Printed is the hypervolume of the trials so
far as a share of that of the whole space, above a reference just below the worst of the space's front.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from common import Kept, commit
from numpy.typing import NDArray
from replays import Table, others, past_of, tables_of
from scipy.stats import qmc

from agent.advisor import advise
from agent.advisor.encoding import Encoding
from agent.advisor.hypervolume import front_of, reference, volume
from agent.advisor.process import Observed, Process
from agent.advisor.situation import Situation, from_unit
from agent.objective import Goal, measured
from memory.histories.files import read_lines, shipped
from memory.record import TrialRecord
from recmodels.search_space import Params

Array = NDArray[np.float64]
GOALS = (
    ("ndcg@10", "coverage@10"),
    ("ndcg@10", "novelty@10"),
    ("ndcg@10", "train_s"),
    ("ndcg@10", "coverage@10", "train_s"),
)
METHODS = ("random", "nsga2", "gp", "advisor")
AT = (10, 20, 30)
FEWEST = 36  # configurations of a table that is replayed
_POINTS, _MOST = 1024, 400


class Front:
    """Several metrics of one table as functions of the params, each from a process of its own."""

    def __init__(self, table: Table, metrics: tuple[str, ...]) -> None:
        self.table, self.goal = table, Goal.parse(metrics)
        self._encoding = Encoding(table.space)
        complete = [record for record in table.records if record.state == "complete"]
        points = self._encoding.points([record.params for record in complete])
        self._processes = [
            Process.fit(
                Observed(
                    points=points,
                    owners=self._encoding.owners,
                    values=np.array([measured(record.metrics, metric) for record in complete], dtype=np.float64),
                    runs=np.ones(len(complete)),
                )
            )
            for metric in metrics
        ]
        self._signs = np.array([objective.sign for objective in self.goal.objectives])
        space = table.space.searched()
        drawn = qmc.Sobol(len(space), rng=np.random.default_rng(0)).random(_POINTS)
        whole = self.values([from_unit(space, point) for point in drawn])
        front = front_of(whole)
        front = front[np.linspace(0, len(front) - 1, min(_MOST, len(front))).astype(int)]
        self._below = reference(whole, front)
        self._most = volume(front, self._below)

    def values(self, params: Sequence[Params]) -> Array:
        """What training would give, as the metrics are."""
        points = self._encoding.points(params)
        return np.column_stack([process.posterior(points)[0] for process in self._processes]) * self._signs

    def share(self, values: Array) -> float:
        """The hypervolume as a share of the space's."""
        return volume(values, self._below) / self._most

    def record(self, number: int, params: Params, proposer: str) -> TrialRecord:
        """A trial of these params."""
        values = self._signs * self.values([params])[0]
        metrics = {f"valid_{o.metric}": float(v) for o, v in zip(self.goal.objectives, values, strict=True)}
        given = replace(self.table.records[0], id=f"replay/{number}", study="replay", number=number, params=params)
        return replace(given, state="complete", value=float(values[0]), metrics=metrics, proposer=proposer, curve=())


def shares(front: Front, method: str, tables: Sequence[Table], seed: int) -> list[float]:
    """The share of the hypervolume after each trial of a study."""
    table, records = front.table, list[TrialRecord]()
    past = past_of(others(table, tables)) if method == "advisor" else ()
    for number in range(max(AT)):
        situation = Situation(
            goal=front.goal,
            spaces={table.model: table.space},
            declared={table.model: table.space},
            records=tuple(records),
            recalled=past,
            n_trials=max(AT),
            seed=seed,
        )
        candidate = advise(situation, method)[0]
        records.append(front.record(number, candidate.params, candidate.source))
    values = front.values([record.params for record in records])
    return [round(front.share(values[:n]), 5) for n in range(1, len(records) + 1)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=Path, nargs="+", default=[], help="folders of measured trials")
    parser.add_argument("--methods", nargs="+", default=METHODS, choices=METHODS)
    parser.add_argument("--models", nargs="+")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--to", type=Path, help="keep the shares here and go on from them")
    arguments = parser.parse_args()
    trials = [*shipped(), *(trial for folder in arguments.histories for trial in read_lines(folder))]
    tables = tables_of(trials, 8)
    targets = [t for t in tables if len(t.values) >= FEWEST and t.model in (arguments.models or {t.model})]
    print(f"{len(targets)} tables, {arguments.seeds} seeds; commit {commit()}", flush=True)
    kept, front_at = Kept(arguments.to), cache(Front)
    for goal in GOALS:
        print(
            f"\n| {', '.join(goal)} | " + " | ".join(f"after {n}" for n in AT) + " |\n" + "|---" * (len(AT) + 1) + "|"
        )
        for method in arguments.methods:
            found = [
                kept.get(
                    f"{method}/{'+'.join(goal)}/{table.model}/{table.dataset}/{seed}",
                    lambda: shares(front_at(table, goal), method, tables, seed),  # noqa: B023
                )
                for table in targets
                for seed in range(arguments.seeds)
            ]
            means = np.mean(found, axis=0)
            print(f"| {method} | " + " | ".join(f"{means[n - 1]:.3f}" for n in AT) + " |", flush=True)


if __name__ == "__main__":
    main()
