"""How often a stated interval holds: studies replayed on measured trials, each next trial predicted before it is read.

python tests/benchmarks/bench_calibration.py [--histories FOLDER] [--models ease ials] [--trials 30] [--seeds 5]

FOLDER holds what `recpilot memory measure` wrote, lines or packed; without it, the histories that ship. A study begins
with the defaults and three random configurations; then, among the measured ones that were not tried, either the one of
the best acquisition is next, as the advisor would choose, or a random one. Before each trial the surrogate of that
moment states mean and spread; counted is how often the measured value lies within mean ± 1.645 spread (90 %).
"""

import argparse
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from common import commit

from agent.advisor.predict import surrogate_of
from agent.advisor.situation import MIN_TRIALS, Situation
from agent.objective import Goal
from memory.histories.files import read_lines, shipped
from memory.histories.measured import MeasuredTrial
from memory.record import TrialRecord
from recmodels.models import MODELS

Z = 1.6448536269514722  # a normal variable is within ± Z in 90 % of cases
Table = list[MeasuredTrial]  # of one model and dataset, by configuration


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One prediction of a next trial, and what was measured."""

    model: str
    dataset: str
    chosen: str  # by the advisor or at random
    n_known: int  # trials that it rests on
    mean: float
    spread: float
    value: float
    scale: float  # standard deviation of the values known then

    @property
    def z(self) -> float:
        """How far the value lies above the mean, in spreads."""
        return (self.value - self.mean) / self.spread


def tables(trials: list[MeasuredTrial]) -> dict[tuple[str, str], Table]:
    """The first seed of each configuration, by model and dataset."""
    found: dict[tuple[str, str], dict[int, MeasuredTrial]] = defaultdict(dict)
    for trial in trials:
        found[trial.model, trial.dataset].setdefault(trial.configuration, trial)
    return {key: [by_number[i] for i in sorted(by_number)] for key, by_number in sorted(found.items())}


def replayed(table: Table, chosen: str, n_trials: int, seed: int) -> Iterator[Stated]:
    """The predictions of one study; a trial that failed is known afterwards, but there is no value to compare."""
    model, space = table[0].model, MODELS[table[0].model].space
    rng = np.random.default_rng(seed)
    untried = [trial.record() for trial in table]
    known: list[TrialRecord] = []
    while untried and len(known) < n_trials:
        situation = Situation(
            goal=Goal.parse([table[0].objective]),
            spaces={model: space},
            declared={model: space},
            records=tuple(known),
            n_trials=n_trials,
            seed=seed,
        )
        surrogate = surrogate_of(situation, model)
        place = 0 if not known else int(rng.integers(len(untried)))  # the defaults are the first
        if surrogate is not None and chosen == "advisor":
            place = int(np.argmax(surrogate.score([record.params for record in untried])))
        record = replace(untried.pop(place), number=len(known), study="replay")
        if surrogate is not None and record.value is not None:
            mean, spread = surrogate.predict(record.params)
            values = [known_.value for known_ in known if known_.value is not None]
            yield Stated(
                model=model,
                dataset=table[0].dataset,
                chosen=chosen,
                n_known=len(known),
                mean=mean,
                spread=spread,
                value=record.value,
                scale=float(np.std(values)),
            )
        known.append(record)


def line(name: str, stated: list[Stated]) -> str:
    """One row: how often the interval held, which side it missed, how wide it was."""
    z = np.array([one.z for one in stated])
    held, n = int((abs(z) <= Z).sum()), len(z)
    low, high = wilson(held, n)
    width = float(np.median([one.spread / one.scale for one in stated if one.scale > 0]))
    error = math.sqrt(np.mean([((one.value - one.mean) / one.scale) ** 2 for one in stated if one.scale > 0]))
    return (
        f"| {name} | {n} | {held / n:.1%} | {low:.1%}–{high:.1%} | {(z < -Z).mean():.1%} | {(z > Z).mean():.1%} "
        f"| {width:.2f} | {error:.2f} |"
    )


def wilson(held: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share; Wilson 1927. Predictions of one table are not independent, so it is too narrow."""
    share, z2 = held / n, 1.96**2
    half = 1.96 * math.sqrt(share * (1 - share) / n + z2 / (4 * n**2))
    centre = share + z2 / (2 * n)
    return (centre - half) / (1 + z2 / n), (centre + half) / (1 + z2 / n)


def report(stated: list[Stated]) -> Iterator[str]:
    """The rows for all, and for each model and way of choosing."""
    yield "| next trials | n | within 90 % | 95 % interval | below | above | spread / sd | RMSE / sd |"
    yield "|---|---|---|---|---|---|---|---|"
    groups: dict[str, list[Stated]] = defaultdict(list)
    for one in stated:
        groups["all"].append(one)
        groups[f"all, {one.chosen}"].append(one)
        groups[f"{one.model}, {one.chosen}"].append(one)
        groups[f"{one.dataset}, {one.chosen}"].append(one)
        groups["up to 10 trials known" if one.n_known <= 10 else "more than 10 trials known"].append(one)
    for name, those in groups.items():
        yield line(name, those)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=Path, help="a folder of measured trials; default: those that ship")
    parser.add_argument("--models", nargs="+")
    parser.add_argument("--datasets", nargs="+")
    parser.add_argument("--trials", type=int, default=30, help="of a study")
    parser.add_argument("--seeds", type=int, default=5, help="studies of each model, dataset and way of choosing")
    arguments = parser.parse_args()
    trials = read_lines(arguments.histories) if arguments.histories else list(shipped())
    found = {
        (model, dataset): table
        for (model, dataset), table in tables(trials).items()
        if model in (arguments.models or [model])
        and dataset in (arguments.datasets or [dataset])
        and len(table) > MIN_TRIALS
    }
    if not found:
        print("not run: no measured trials; `recpilot memory measure` makes some, --histories names their folder")
        return
    sizes = [len(table) for table in found.values()]
    print(
        f"{len(found)} tables of {min(sizes)} to {max(sizes)} configurations, {arguments.seeds} seeds, studies of "
        f"{arguments.trials} trials; commit {commit()}",
        flush=True,
    )
    stated = [
        one
        for table in found.values()
        for chosen in ("advisor", "random")
        for seed in range(arguments.seeds)
        for one in replayed(table, chosen, arguments.trials, seed)
    ]
    print("\n".join(report(stated)))


if __name__ == "__main__":
    main()
