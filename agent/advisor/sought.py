"""What the next trial is to improve upon: the best of the trials so far, of those that run too, in all objectives."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, ndtri

from agent.advisor.belief import Ahead, Belief
from agent.advisor.hypervolume import Boxes
from agent.advisor.hypotheses import hypotheses_of

Array = NDArray[np.float64]
_DRAWS = 8  # of what trials that still run will measure; the expectation alone for several objectives


@dataclass(frozen=True, slots=True, kw_only=True)
class _Supposed:
    """What is believed of each objective under one hypothesis, and the front of means in each draw of what still runs.

    Means, since values are partly luck.
    """

    log_weight: float
    ahead: tuple[Ahead, ...]  # of each objective
    boxes: tuple[Boxes, ...]  # of each draw

    @classmethod
    def of(cls, log_weight: float, ahead: tuple[Ahead, ...], front: Array) -> "_Supposed":
        means = np.stack([one.posterior(front)[0] for one in ahead], axis=-1)  # (n, s, k)
        boxes = tuple(Boxes.above(means[:, draw]) for draw in range(means.shape[1]))
        return cls(log_weight=log_weight, ahead=ahead, boxes=boxes)

    def log_improvement(self, points: Array) -> Array:
        """With its weight."""
        found = [one.posterior(points) for one in self.ahead]
        means = np.stack([mean for mean, _ in found], axis=-1)  # (m, s, k)
        spreads = np.stack([spread for _, spread in found], axis=-1)  # (m, k)
        logs = [box.log_expected_improvement(means[:, draw], spreads) for draw, box in enumerate(self.boxes)]
        return np.asarray(self.log_weight + logsumexp(logs, axis=0) - math.log(len(logs)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """The improvement that is sought, under each hypothesis about past tasks."""

    supposed: tuple[_Supposed, ...]

    @classmethod
    def of(cls, beliefs: Sequence[Belief], kept: Array, pending: Array, counted: Array, seed: int) -> "Sought | None":
        """None where nothing is to be improved upon.

        Args:
            beliefs: Of each objective, turned so that more is better.
            kept: Trials that meet every constraint, (n, c).
            pending: Trials that still run, (q, c).
            counted: Those of them that are expected to meet every constraint, (q', c).
        """
        front = np.concatenate([kept, counted])
        if not len(front):
            return None
        n_draws = _DRAWS if len(beliefs) == 1 and len(pending) else 1
        draws = _normal(np.random.default_rng(seed), len(pending), n_draws)
        supposed = (
            [(w, (one,)) for w, one in hypotheses_of(beliefs[0])] if len(beliefs) == 1 else [(0.0, tuple(beliefs))]
        )
        ahead = ((w, tuple(belief.ahead(pending, draws) for belief in those)) for w, those in supposed)
        return cls(supposed=tuple(_Supposed.of(w, those, front) for w, those in ahead))

    def log_improvement(self, points: Array) -> Array:
        """Log of the expected improvement, of the hypervolume where there are several objectives; (m,)."""
        return np.asarray(logsumexp([one.log_improvement(points) for one in self.supposed], axis=0))


def _normal(rng: np.random.Generator, q: int, n: int) -> Array:
    """Standard normal draws that are spread evenly for each trial, and one is the expectation; (q, n)."""
    strata = rng.permuted(np.tile(np.arange(n), (q, 1)), axis=1)
    return np.asarray(ndtri((strata + 0.5) / n))
