"""How well the time of a trial is told before it runs: on measured trials, leaving out the dataset and its parts.

python tests/benchmarks/bench_trial_times.py [--histories FOLDER …]

FOLDER holds what `recpilot memory measure` wrote; the histories that ship are always among them. For each model and
dataset the time of every trial after the fifth is told from other families' trials and the first 0, 1, 3 or 5 of its
own. Printed: median over datasets of the median |log error| of a trial (0.1 is about 10 %), share of trials within the
stated 80 % interval, |log error| of the mean over all the trials, and share of datasets whose mean lies within its
interval. Next to it the median of the dataset's own trials (of the other datasets' where there are none yet).
"""

import argparse
import math
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
from common import commit
from history_datasets import FAMILIES

from agent.advisor.trial_times import Timed, TrialTimes, thinned, timed
from memory.histories.files import read_lines, shipped
from recmodels.models import find_model

OWN = (0, 1, 3, 5)
FEWEST = 15  # trials of a dataset on a machine
Z80 = 1.2816


class Told(NamedTuple):
    """Of one model, dataset and machine."""

    of_a_trial: float
    by_median: float
    within: float
    of_the_mean: float
    mean_by_median: float
    mean_within: float


def told(model: str, past: list[Timed], own: list[Timed], later: list[Timed]) -> Told:
    """How far the times of later trials are off."""
    space, one = find_model(model).space, later[0]
    times = TrialTimes(space, thinned(past, own), dataset=one.dataset, sizes=one.sizes, machine=one.machine)
    y, params = np.log([trial.seconds for trial in later]), [trial.params for trial in later]
    mean, spread = times.log_seconds(params)
    average, whole = times.average(params), float(np.exp(y).mean())
    median = float(np.median([trial.seconds for trial in own or past]))
    return Told(
        float(np.median(abs(y - mean))),
        float(np.median(abs(y - math.log(median)))),
        float((abs(y - mean) <= Z80 * spread).mean()),
        abs(math.log(whole / average.expected)),
        abs(math.log(whole / median)),
        float(average.low <= whole <= average.high),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=Path, nargs="+", default=[], help="folders of measured trials")
    arguments = parser.parse_args()
    trials = [*shipped(), *(trial for folder in arguments.histories for trial in read_lines(folder))]
    by_model: dict[str, list[Timed]] = defaultdict(list)
    for trial in sorted({trial.key: trial for trial in trials}.values(), key=lambda t: (t.dataset, t.configuration)):
        if (one := timed(trial.record())) is not None:
            by_model[trial.model].append(one)
    print(f"{sum(map(len, by_model.values()))} trials, commit {commit()}")
    print("| own | model | a trial | by the median | within 80 % | the mean | by the median | within 80 % |")
    print("|---" * 8 + "|")
    for n in OWN:
        every: list[Told] = []
        for model, all_ in sorted(by_model.items()):
            groups: dict[tuple[str, str], list[Timed]] = defaultdict(list)
            for one in all_:
                groups[one.dataset, one.machine].append(one)
            found = [
                told(model, [one for one in all_ if _family(one) != _family(mine[0])], mine[:n], mine[max(OWN) :])
                for mine in groups.values()
                if len(mine) >= FEWEST
            ]
            _print(n, f"{model} ({len(found)})", found)
            every += found
        _print(n, f"all ({len(every)})", every)


def _family(one: Timed) -> str:
    return FAMILIES.get(one.dataset, one.dataset)


def _print(n: int, model: str, found: list[Told]) -> None:
    rows = np.array(found)
    cells = [np.mean(rows[:, i]) if i in (2, 5) else np.median(rows[:, i]) for i in range(rows.shape[1])]
    print(f"| {n} | {model} | " + " | ".join(f"{cell:.2f}" for cell in cells) + " |", flush=True)


if __name__ == "__main__":
    main()
