"""What stopping bad trials early is worth at equal cost: each pruner on curves that were measured, epoch by epoch.

python tests/benchmarks/bench_pruning.py [--histories FOLDER …] [--order drawn|advisor] [--seeds 5] [--models bpr_mf]

FOLDER holds what `recpilot memory measure` wrote; the histories that ship are always among them. A study takes the
measured configurations of one model on one dataset, the defaults first, then in a drawn order or as the advisor chooses
among them. A trial that is stopped costs its share of the time and has the curve up to there. What the pruner and the
advisor remember holds nothing of the dataset, nor of one that is a part of the same. The budget is counted in trials of
mean length after the defaults. Regret is 0 for the best configuration and 1 for the median one. Printed is the mean
over tables and seeds of the best complete trial, how many trials began within the last budget, what all configurations
cost in a drawn order, as a share of what they cost in full, and the regret of the best that is left.
"""

import argparse
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from common import commit
from history_datasets import FAMILIES

from agent.advisor.predict import seeker_of
from agent.advisor.situation import Situation
from agent.objective import Goal
from agent.studies.pruners import PRUNERS
from agent.studies.pruners.look import MIN_EPOCHS, Look, Pruner
from agent.studies.pruners.progress import best_by, past_progress
from memory.histories.files import read_lines, shipped
from memory.histories.measured import MeasuredTrial
from memory.likeness import likeness
from memory.record import TrialRecord
from recmodels.models import find_model

AT = (2, 4, 6, 8)
FEWEST = 18  # configurations of a table that is replayed
Past = tuple[tuple[TrialRecord, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One model's measured curves on one dataset, one of each configuration."""

    model: str
    dataset: str
    trials: dict[int, MeasuredTrial]

    @property
    def family(self) -> str:
        return FAMILIES.get(self.dataset, self.dataset)

    @property
    def sign(self) -> int:
        return 1 if self.trials[0].direction == "maximize" else -1

    def end(self, number: int) -> float:
        """What the configuration comes to, more being better."""
        return max(self.sign * value for value in self.trials[number].curve)

    def cost(self, number: int, epochs: int) -> float:
        """Seconds of so many epochs, the reading of the data included."""
        trial = self.trials[number]
        load_s = trial.cost.get("load_s", 0.0)
        return load_s + (trial.cost["total_s"] - load_s) * epochs / len(trial.curve)

    def regret(self, value: float) -> float:
        ends = [self.end(number) for number in self.trials]
        return (max(ends) - value) / (max(ends) - float(np.median(ends)))

    def past(self, tables: Sequence["Table"]) -> Past:
        """The same model's trials elsewhere with the likeness of their datasets."""
        profile = self.trials[0].profile
        others = [t for t in tables if t.model == self.model and t.family != self.family]
        return tuple((one.record(), likeness(profile, one.profile)) for t in others for one in t.trials.values())


def tables_of(trials: Sequence[MeasuredTrial]) -> list[Table]:
    """Those of models that learn in epochs, the defaults among the trials."""
    groups: dict[tuple[str, str], dict[int, MeasuredTrial]] = defaultdict(dict)
    for trial in trials:
        if trial.state == "complete" and len(trial.curve) > 1:
            groups[trial.model, trial.dataset].setdefault(trial.configuration, trial)
    return [Table(model=m, dataset=d, trials=those) for (m, d), those in sorted(groups.items()) if 0 in those]


@dataclass(slots=True, kw_only=True)
class Study:
    """A replayed study as far as it has got."""

    table: Table
    past: Past
    judge: Pruner
    seed: int

    def run(self, order: "Order", budget: float) -> list[tuple[float, float]]:
        """After each trial the seconds spent and the best complete value, until the budget is spent."""
        table, goal = self.table, Goal.parse([self.table.trials[0].objective])
        progress = past_progress(self.past, table.model, goal.primary)
        rng, left, records = np.random.default_rng(self.seed), list(table.trials), list[TrialRecord]()
        spent, best, path = 0.0, -np.inf, list[tuple[float, float]]()
        while left and spent <= budget:
            number = order(self, goal, records, left, rng)
            left.remove(number)
            trial = table.trials[number]
            look = Look(
                curve=(),
                epochs=trial.epochs or len(trial.curve),
                model=table.model,
                records=records,
                goal=goal,
                past=progress,
            )
            stops = (e for e in range(MIN_EPOCHS, len(trial.curve)) if self.judge(replace(look, curve=trial.curve[:e])))
            epochs = next(stops, len(trial.curve))
            record = replace(trial.record(), number=len(records), curve=trial.curve[:epochs])
            if epochs < len(trial.curve):
                reached = best_by(record.curve, epochs, table.sign)
                record = replace(record, state="pruned", value=table.sign * (reached or 0.0))
            else:
                best = max(best, table.end(number))
            records.append(record)
            spent += table.cost(number, epochs)
            path.append((spent, best))
        return path


Order = Callable[[Study, Goal, Sequence[TrialRecord], Sequence[int], np.random.Generator], int]


def drawn(
    study: Study, goal: Goal, records: Sequence[TrialRecord], left: Sequence[int], rng: np.random.Generator
) -> int:
    """The defaults, then any."""
    return int(rng.choice(left)) if records else 0


def chosen(
    study: Study, goal: Goal, records: Sequence[TrialRecord], left: Sequence[int], rng: np.random.Generator
) -> int:
    """The defaults, one that is drawn, so that seeds differ, and then what the advisor expects most of."""
    table = study.table
    if len(records) < 2:
        return drawn(study, goal, records, left, rng)
    space = {table.model: find_model(table.model).space}
    now = Situation(
        goal=goal, spaces=space, declared=space, records=tuple(records), recalled=study.past, seed=study.seed
    )
    seeker = seeker_of(now, table.model)
    if seeker is None:
        return drawn(study, goal, records, left, rng)
    return left[int(np.argmax(seeker.score([table.trials[number].params for number in left])))]


ORDERS: dict[str, Order] = {"drawn": drawn, "advisor": chosen}


def rows(tables: Sequence[Table], names: Sequence[str], order: str, n_seeds: int) -> list[str]:
    """One line for each pruner and model."""
    found = ["| model | pruner | " + " | ".join(f"after {n}" for n in AT) + " | trials | cost of all | regret of all |"]
    found += ["|---" * (len(AT) + 5) + "|"]
    replayed = [table for table in tables if len(table.trials) >= FEWEST]
    for model in dict.fromkeys(table.model for table in replayed):
        for name in names:
            values = np.array(
                [_one(t, tables, name, order, seed) for t in replayed if t.model == model for seed in range(n_seeds)]
            ).mean(axis=0)
            cells = [f"{value:.3f}" for value in values[: len(AT)]] + [f"{value:.2f}" for value in values[len(AT) : -1]]
            found.append(f"| {model} | {name} | " + " | ".join([*cells, f"{values[-1]:.3f}"]) + " |")
            print(found[-1], flush=True)
    return found


def _one(table: Table, tables: Sequence[Table], name: str, order: str, seed: int) -> list[float]:
    """The regret at each cost, the trials until the last of them; the cost and the regret of all configurations."""
    full = [table.cost(number, len(table.trials[number].curve)) for number in table.trials]
    mean, first = float(np.mean(full)), full[list(table.trials).index(0)]
    limits = [first + n * mean for n in AT]
    study = Study(table=table, past=table.past(tables), judge=PRUNERS[name], seed=seed)
    path = study.run(ORDERS[order], np.inf if order == "drawn" else limits[-1])
    regrets = [table.regret(max(best for spent, best in path if spent <= limit)) for limit in limits]
    n_within = sum(spent <= limits[-1] for spent, _ in path)
    return [*regrets, float(n_within), path[-1][0] / sum(full), table.regret(path[-1][1])]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=Path, nargs="+", default=[], help="folders of measured trials")
    parser.add_argument("--pruners", nargs="+", default=list(PRUNERS), choices=list(PRUNERS))
    parser.add_argument("--models", nargs="+")
    parser.add_argument("--order", default="drawn", choices=list(ORDERS))
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    trials = [*shipped(), *(trial for folder in arguments.histories for trial in read_lines(folder))]
    tables = [t for t in tables_of(trials) if t.model in (arguments.models or [t.model])]
    datasets = sorted({table.dataset for table in tables if len(table.trials) >= FEWEST})
    print(f"order {arguments.order}, {arguments.seeds} seeds, {', '.join(datasets)}; commit {commit()}", flush=True)
    print("\n".join(rows(tables, arguments.pruners, arguments.order, arguments.seeds)))


if __name__ == "__main__":
    main()
