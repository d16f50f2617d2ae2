"""What the likeness of datasets is worth: whether params that were good on the more alike one are good here.

python tests/benchmarks/bench_likeness.py [--histories FOLDER …]

A pair is a model on two datasets, neither a part of the other, and the configurations that both measured. What goes
over from the first to the second is the regret, on the second, of the three best configurations of the first (0 the
best of all, 1 their median). The weights of the features are fitted to all pairs but those of one family of datasets,
by least squares without negative weights on squared differences, both less their means over each second dataset; and
tried on the pairs that were left out, by Spearman's correlation of distance and regret over each second dataset.
"""

import argparse
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from common import commit
from numpy.typing import NDArray
from replays import Table, tables_of
from scipy.optimize import nnls
from scipy.stats import spearmanr

from memory.histories.files import read_lines, shipped
from memory.likeness import FEATURES, difference, likeness

Array = NDArray[np.float64]
FITTED = ("n_users", "n_items", "n_interactions", "density", "history_mean", "history_p90", "popularity_gini")
FEWEST, BEST, RIDGE, MOST_REGRET = 15, 3, 0.1, 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A model on two datasets."""

    model: str
    known: str  # the family of the first dataset …
    target: str  # … and of the second
    onto: str  # the second
    differences: Array  # by feature, squared, (d,)
    likeness: float
    regret: float

    @property
    def group(self) -> tuple[str, str]:
        """What pairs are compared within: some datasets are harder than others."""
        return self.model, self.onto


def pair_of(known: Table, target: Table) -> Pair | None:
    """None where they share too few configurations."""
    shared = sorted(set(known.values) & set(target.values))
    if known.model != target.model or known.family == target.family or len(shared) < FEWEST:
        return None
    there, here = (np.array([table.values[number] for number in shared]) for table in (known, target))
    regrets = (here.max() - here) / ((here.max() - np.median(here)) or 1.0)
    squared = [difference(name, known.profile, target.profile) ** 2 for name in FITTED]
    return Pair(
        model=known.model,
        known=known.family,
        target=target.family,
        onto=target.dataset,
        differences=np.array(squared),
        likeness=likeness(known.profile, target.profile),
        regret=float(np.minimum(regrets[np.argsort(-there)[:BEST]], MOST_REGRET).mean()),
    )


def fitted(pairs: Sequence[Pair]) -> Array:
    """The weights, which sum to 1; (d,)."""
    spread = {model: np.std([pair.regret for pair in pairs if pair.model == model]) for model in _models(pairs)}
    regrets = _within(pairs, np.array([pair.regret / spread[pair.model] for pair in pairs]))
    differences = _within(pairs, np.array([pair.differences for pair in pairs]))
    ridge = math.sqrt(RIDGE * len(pairs) * differences.var(axis=0).mean()) * np.eye(len(FITTED))
    weights = nnls(np.vstack([differences, ridge]), np.concatenate([regrets, np.zeros(len(FITTED))]))[0]
    return np.asarray(weights / (weights.sum() or 1.0))


def agreement(pairs: Sequence[Pair], distances: Array) -> float:
    """Mean over the second datasets of the correlation of distance and regret."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, pair in enumerate(pairs):
        groups[pair.group].append(i)
    found = [
        float(spearmanr(distances[rows], [pairs[i].regret for i in rows]).statistic)
        for rows in groups.values()
        if len(rows) > BEST
    ]
    return float(np.nanmean(found))


def held_out(pairs: Sequence[Pair]) -> Array:
    """The distance of each pair by weights that were fitted without its second dataset's family; (n,)."""
    distances = np.zeros(len(pairs))
    for family in {pair.target for pair in pairs}:
        weights = fitted([pair for pair in pairs if family not in (pair.known, pair.target)])
        for i, pair in enumerate(pairs):
            if pair.target == family:
                distances[i] = math.sqrt(float(pair.differences @ weights))
    return distances


def _within(pairs: Sequence[Pair], values: Array) -> Array:
    """Less the mean over each second dataset."""
    groups = [pair.group for pair in pairs]
    means = {group: values[[g == group for g in groups]].mean(axis=0) for group in set(groups)}
    return np.asarray(values - np.array([means[group] for group in groups]))


def _models(pairs: Sequence[Pair]) -> set[str]:
    return {pair.model for pair in pairs}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=Path, nargs="+", default=[], help="folders of measured trials")
    arguments = parser.parse_args()
    trials = [*shipped(), *(trial for folder in arguments.histories for trial in read_lines(folder))]
    tables = tables_of(trials, FEWEST)
    pairs = [pair for known in tables for target in tables if (pair := pair_of(known, target)) is not None]
    ours = np.array([-math.log(pair.likeness) for pair in pairs])
    print(f"{len(pairs)} pairs of {len(tables)} tables; commit {commit()}")
    print(f"correlation of distance and regret: by the likeness that ships {agreement(pairs, ours):.2f}")
    print(f"by weights fitted without the family {agreement(pairs, held_out(pairs)):.2f}")
    weights = dict(zip(FITTED, fitted(pairs), strict=True))
    print("fitted to all: " + ", ".join(f"{name} {weight:.2f}" for name, weight in weights.items()))
    print("that ship: " + ", ".join(f"{name} {feature.weight:g}" for name, feature in FEATURES.items()))


if __name__ == "__main__":
    main()
