"""Whether some trials are worse or better than others by more than chance: permutation tests of ranks.

y   values, more being better                                  (n,)
m   which trials a split has inside, of those that it is of    (s, n)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
N_PERMUTATIONS = 2000
_SEED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Worst:
    """The split whose inside is worst."""

    place: int
    p: float  # of a split as bad as this among all of them by chance


def worst_split(values: Array, inside: Mask, scope: Mask) -> Worst:
    """Of many splits the one whose inside ranks lowest, tested against the lowest of all splits under permutation.

    The largest statistic of each permutation is what the observed one is compared with, so that no further correction
    for the number of splits is needed (Westfall and Young 1993).

    Args:
        values: (n,), more being better.
        inside, scope: The trials inside each split, and those that it is of; (s, n).
    """
    ranks = rankdata(values)
    n_in, n = inside.sum(axis=1), scope.sum(axis=1)
    weights = (n_in / n)[:, None] * scope - inside  # (s, n)
    scale = np.sqrt(n_in * (n - n_in) / n) * (ranks.std() or 1.0)
    found = weights @ ranks / scale
    drawn = _permuted(ranks) @ weights.T / scale  # (p, s)
    place = int(np.argmax(found))
    n_as_large = int((drawn.max(axis=1) >= found[place] - 1e-9).sum())
    return Worst(place=place, p=(1 + n_as_large) / (1 + N_PERMUTATIONS))


def p_better(strata: Sequence[tuple[Array, Mask]]) -> float:
    """How likely chance makes the inside as good as it is, within every stratum; one-sided (van Elteren 1960).

    Args:
        strata: Values, more being better, and which are inside; (n,) each.
    """
    found, drawn = 0.0, np.zeros(N_PERMUTATIONS)
    for values, inside in strata:
        ranks = rankdata(values)
        weights = (inside - inside.mean()) / (len(values) + 1)
        found += float(weights @ ranks)
        drawn += _permuted(ranks) @ weights
    return float(1 + (drawn >= found - 1e-9).sum()) / (1 + N_PERMUTATIONS)


def _permuted(ranks: Array) -> Array:
    """(p, n)"""
    generator = np.random.default_rng([_SEED, len(ranks)])
    return generator.permuted(np.tile(ranks, (N_PERMUTATIONS, 1)), axis=1)
