"""Studies that really train, on data that neither defaults nor histories saw: the advisor and the usual samplers.

python tests/benchmarks/bench_live.py --data ml-latest-small [--models item_knn] [--trials 12] --to live.json

The memory is what ships. Printed are the means over seeds of the best validation ndcg@10 after each trial, and after
how many trials the advisor's is as good as TPE's at the end. Then the best of the advisor is compared on the sealed
test part with the defaults, once: the mean difference over users with a 95 % interval by bootstrap. Trials are kept as
they come: a run that was cut off goes on.
"""

import argparse
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from bench_tuning import first_at
from common import REAL_DATA, Kept, commit
from numpy.typing import NDArray

from agent.advisor import advise
from agent.advisor.situation import Situation
from agent.objective import Goal
from agent.studies.past_of_others import DATASETS
from agent.uncertainty import UserValues, difference
from memory.histories.files import shipped_like
from memory.record import TrialRecord
from recmodels.data.interactions import Interactions
from recmodels.data.profile import profile
from recmodels.data.reading.read import read_interactions
from recmodels.models import find_model
from recmodels.per_user import load_per_user
from recmodels.request import SplitSpec, TrainRequest
from recmodels.search_space import Params
from recmodels.training import train

METRIC = "ndcg@10"
METHODS = ("random", "tpe", "gp", "advisor")
Past = tuple[tuple[TrialRecord, float], ...]


class Study:
    """One model on one dataset by one method and seed; what was trained is kept by its params."""

    def __init__(self, folder: Path, name: str, model: str, past: Past, kept: Kept) -> None:
        self.folder, self.name, self.model, self.past, self.kept = folder, name, model, past, kept
        self.space = find_model(model).space

    def value(self, params: Params) -> float:
        """Validation ndcg@10; the same params are trained once, whoever proposed them."""
        key = f"{self.name} {self.model} {sorted(self.space.check(params).items())}"
        return float(self.kept.get(key, lambda: self._trained(params)))

    def best_so_far(self, method: str, seed: int, n_trials: int) -> tuple[list[float], Params]:
        """After each trial, and the best params."""
        records: list[TrialRecord] = []
        for number in range(n_trials):
            candidate = advise(self._moment(records, n_trials, seed), method)[0]
            value = self.value(candidate.params)
            records.append(
                TrialRecord(
                    id=f"live/{number}",
                    study="live",
                    number=number,
                    dataset=self.name,
                    model=self.model,
                    params=self.space.check(candidate.params),
                    state="complete",
                    objective=METRIC,
                    value=value,
                    metrics={f"valid_{METRIC}": value},
                )
            )
            print(f"\r{self.model} {method} {seed}: {number + 1}/{n_trials}", end="", flush=True)
        values = [record.value or 0.0 for record in records]
        return list(np.maximum.accumulate(values)), records[int(np.argmax(values))].params

    def confirmed(self, params: Params) -> tuple[float, float, float]:
        """By how much they beat the defaults on test: mean over users and the ends of its interval."""
        name = f"{self.name} {self.model} confirmed {sorted(params.items())}"
        mean, low, high = self.kept.get(name, lambda: self._compared(params))
        return mean, low, high

    def _compared(self, params: Params) -> tuple[float, float, float]:
        ours, theirs = (self._on_test(each) for each in (params, self.space.defaults()))
        found = difference([ours], [theirs])
        if found is None:
            raise ValueError("the test parts of the two have no users in common")
        return found.mean, found.low, found.high

    def _moment(self, records: list[TrialRecord], n_trials: int, seed: int) -> Situation:
        return Situation(
            goal=Goal.parse([METRIC]),
            spaces={self.model: self.space},
            declared={self.model: self.space},
            records=tuple(records),
            recalled=self.past,
            n_trials=n_trials,
            seed=seed,
        )

    def _trained(self, params: Params) -> float:
        return float(train(self._request(params)).metrics[f"valid_{METRIC}"])

    def _on_test(self, params: Params) -> UserValues:
        with tempfile.TemporaryDirectory() as folder:
            train(self._request(params, checkpoint=Path(folder) / "best", measures_test=True))
            found = load_per_user(Path(folder) / "best")
        return UserValues(users=found["test_users"], values=found[f"test_{METRIC}"])

    def _request(self, params: Params, **rest: Any) -> TrainRequest:
        return TrainRequest(
            dataset=self.folder,
            model=self.model,
            params=params,
            split=SplitSpec(kind="random"),
            positive="all",
            repeats="mask",
            device="cpu",
            **rest,
        )


def report(study: Study, curves: Mapping[str, NDArray[np.float64]]) -> None:
    """The table of one study; `curves` holds (seeds, trials) by method."""
    n = next(iter(curves.values())).shape[1]
    at = [i for i in (1, 2, 3, 5, 6, 8, 12, 20) if i <= n]
    print(f"\n\n{study.model} on {study.name}\n| method | " + " | ".join(f"after {i}" for i in at) + " |")
    print("|---" * (len(at) + 1) + "|")
    for method, values in curves.items():
        print(
            f"| default + {method} | "
            + " | ".join(f"{value:.4f}" for value in values.mean(axis=0)[np.array(at) - 1])
            + " |"
        )
    level = float(curves["tpe"].mean(axis=0)[-1])
    print(
        f"TPE has {level:.4f} after {n} trials, the advisor after {first_at(-curves['advisor'].mean(axis=0), -level)}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help=f"a file or folder, or a name in {REAL_DATA}")
    parser.add_argument("--models", nargs="+", default=["item_knn"])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--trials", type=int, default=12)
    parser.add_argument("--to", type=Path, help="keep what was trained here and go on from it")
    arguments = parser.parse_args()
    path = arguments.data if arguments.data.exists() else REAL_DATA / arguments.data
    with tempfile.TemporaryDirectory() as folder:
        interactions = read_interactions(path)
        interactions.save(Path(folder) / "data")
        print(f"{path.stem}: {len(interactions)} rows; {arguments.seeds} seeds; commit {commit()}")
        _run(arguments, interactions, Path(folder) / "data", path.stem)


def _run(arguments: argparse.Namespace, interactions: Interactions, folder: Path, name: str) -> None:
    kept, about = Kept(arguments.to), profile(interactions)
    for model in arguments.models:
        found = [(hit.record, hit.similarity) for hit in shipped_like(model, about, DATASETS)]
        past = tuple((record, likeness) for record, likeness in found if isinstance(record, TrialRecord))
        study = Study(folder, name, model, past, kept)
        runs = {
            method: [study.best_so_far(method, seed, arguments.trials) for seed in range(arguments.seeds)]
            for method in METHODS
        }
        report(study, {method: np.array([curve for curve, _ in those]) for method, those in runs.items()})
        params = max(runs["advisor"], key=lambda run: run[0][-1])[1]
        mean, low, high = study.confirmed(params)
        print(f"its best against the defaults on test: {mean:+.4f} [{low:+.4f}, {high:+.4f}]")


if __name__ == "__main__":
    main()
