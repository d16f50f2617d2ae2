"""What candidates add to a front of several objectives: the log of the expected hypervolume improvement, exactly.

The region above a reference point that no trial of the front dominates is cut into boxes. Over each of them the
expectation is a product, as the objectives' processes are independent (Yang et al. 2019, arXiv 1904.13302). With one
objective there is one box, and this is the expected improvement.

n   points of the front      k   objectives, more being better      b   boxes      m   candidates
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from agent.advisor.acquisition import log_expected_improvement

Array = NDArray[np.float64]
_MOST = 500  # boxes, of which there are about n^(k - 1) / (k - 1)!
_BELOW = 0.1  # the reference lies below the worst of the front by this share of what the front spans


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxes:
    """They do not overlap, and reach up to infinity where nothing bounds them."""

    lows: Array  # (b, k)
    highs: Array  # (b, k)

    @classmethod
    def above(cls, values: Array) -> "Boxes":
        """What the front of some trials' values, (n, k), leaves to be won."""
        front = _thinned(front_of(values))
        lows, highs = _boxes(front, reference(values, front))
        return cls(lows=lows, highs=highs)

    def log_expected_improvement(self, means: Array, spreads: Array) -> Array:
        """log E[what a candidate adds to the hypervolume], for normal objectives; both (m, k); (m,)."""
        sums = np.zeros((len(means), len(self.lows)))
        for j in range(means.shape[1]):
            edges, places = np.unique([self.lows[:, j], self.highs[:, j]], return_inverse=True)
            low, high = places.reshape(2, -1)
            logs = np.full((len(means), len(edges)), -np.inf)  # of the expected improvement over each edge
            is_finite = np.isfinite(edges)
            logs[:, is_finite] = log_expected_improvement(means[:, [j]], spreads[:, [j]], edges[is_finite])
            sums += _log_difference(logs[:, low], logs[:, high])
        return np.asarray(logsumexp(sums, axis=1))


def front_of(values: Array) -> Array:
    """The rows that no other beats, each once."""
    distinct = np.unique(values, axis=0)
    is_as_good = (distinct[None] >= distinct[:, None]).all(axis=-1)  # (n, n), others by column
    return np.asarray(distinct[is_as_good.sum(axis=1) == 1])


def reference(values: Array, front: Array) -> Array:
    """Just below the worst of the front in each objective; (k,)."""
    spans = np.ptp(front, axis=0)
    spans = np.where(spans > 0, spans, np.ptp(values, axis=0))  # of one point: what all trials span
    return np.asarray(front.min(axis=0) - _BELOW * spans)


def volume(values: Array, above: Array) -> float:
    """The hypervolume of what some values, (n, k), dominate above a reference, (k,)."""
    inside = front_of(values[(values > above).all(axis=1)]) if len(values) else values
    if not len(inside):
        return 0.0
    if len(above) == 1:
        return float(inside.max() - above[0])
    levels = np.unique(inside[:, -1])
    steps = zip(levels, np.diff(levels, prepend=above[-1]), strict=True)
    return sum(float(step) * volume(inside[inside[:, -1] >= level, :-1], above[:-1]) for level, step in steps)


def _boxes(front: Array, below: Array) -> tuple[Array, Array]:
    """Slabs between the front's levels of the last objective, each cut by the points that reach above it."""
    if len(below) == 1:
        return np.array([[max(below[0], front.max(initial=-np.inf))]]), np.array([[np.inf]])
    edges = np.array([below[-1], *np.unique(front[front[:, -1] > below[-1], -1]), np.inf])
    lows, highs = [], []
    for low, high in pairwise(edges):
        inner_low, inner_high = _boxes(front[front[:, -1] >= high, :-1], below[:-1])
        lows.append(np.column_stack([inner_low, np.full(len(inner_low), low)]))
        highs.append(np.column_stack([inner_high, np.full(len(inner_high), high)]))
    return np.concatenate(lows), np.concatenate(highs)


def _thinned(front: Array) -> Array:
    """As many points as there are boxes for; of two that are near each other one goes first."""
    k = front.shape[1]
    most = int((_MOST * math.factorial(k - 1)) ** (1 / max(k - 1, 1)))
    places = front / np.maximum(np.ptp(front, axis=0), 1e-300)
    while len(front) > most:
        gaps = np.abs(places[:, None] - places[None]).sum(axis=-1)
        np.fill_diagonal(gaps, np.inf)
        kept = np.arange(len(front)) != np.argmin(gaps.min(axis=1))
        front, places = front[kept], places[kept]
    return front


def _log_difference(larger: Array, smaller: Array) -> Array:
    """log(exp(larger) - exp(smaller))"""
    share = np.minimum(smaller - larger, -1e-300)  # log of smaller / larger
    return np.asarray(larger + np.log(-np.expm1(share)))
