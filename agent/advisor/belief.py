"""What a model's trials say about one quantity that they measured, and what they would say once running ones end."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from agent.advisor.encoding import Encoding
from agent.advisor.past import PastTask, log_weights
from agent.advisor.process import Observed, Process, cholesky
from agent.advisor.trust import Hypothesis, Trust, trust
from memory.record import TrialRecord

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """A process for the quantity, with the trend that past tasks expect of it."""

    process: Process
    past: Trust | Hypothesis | None = None

    @classmethod
    def of(
        cls,
        encoding: Encoding,
        records: Sequence[TrialRecord],
        values: Sequence[float],
        runs: Sequence[float],
        tasks: Sequence[PastTask] = (),
    ) -> "Belief":
        """Fitted to a value of each record.

        Args:
            runs: Of how many runs each value is the mean; a part of one counts less.
            tasks: Past tasks of the same quantity.
        """
        observed = Observed(
            points=encoding.points([record.params for record in records]),
            owners=encoding.owners,
            values=np.array(values, dtype=np.float64),
            runs=np.array(runs, dtype=np.float64),
        )
        if not tasks:
            return cls(process=_fitted(_Fitted(observed)))
        observed = replace(observed, log_weights=log_weights(tasks))
        past = trust(tasks, observed, encoding.defaults)
        observed = replace(observed, trend=past.trend(observed.points))
        return cls(process=_fitted(_Fitted(observed)), past=past)

    def posterior(self, points: Array) -> tuple[Array, Array]:
        """Mean and standard deviation of the noiseless value at points (m, c); (m,) each."""
        return self.process.posterior(points, self._expected(points))

    def of_a_run(self, points: Array) -> tuple[Array, Array]:
        """The same of what a new run would measure."""
        mean, spread = self.posterior(points)
        return mean, np.hypot(spread, self.process.noise)

    def ahead(self, pending: Array, draws: Array) -> "Ahead":
        """Once trials that have no result yet, (q, c), end as drawn.

        Args:
            draws: Standard normal ones, (q, s).
        """
        covariance = self.covariance(pending, pending)
        noise = self.process.noise**2 * np.eye(len(pending))
        return Ahead(belief=self, pending=pending, draws=draws, factor=cholesky(covariance + noise))

    def covariance(self, points: Array, others: Array) -> Array:
        """Of the noiseless values at points and at others; (m, q)."""
        return self.process.covariance(points, others, self._expected(points), self._expected(others))

    def _expected(self, points: Array) -> Array | None:
        return None if self.past is None else self.past.expects(points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """A belief in each of some draws of what pending trials will measure."""

    belief: Belief
    pending: Array  # (q, c)
    draws: Array  # (q, s)
    factor: Array  # Cholesky of what is expected to be measured there, lower; (q, q)

    def posterior(self, points: Array) -> tuple[Array, Array]:
        """Means at points (m, c) in each draw, (m, s), and their standard deviations, the same in all, (m,)."""
        mean, spread = self.belief.posterior(points)
        if not len(self.pending):
            return np.repeat(mean[:, None], self.draws.shape[1], axis=1), spread
        told = np.linalg.solve(self.factor, self.belief.covariance(self.pending, points)).T  # (m, q)
        left = np.maximum(spread**2 - (told**2).sum(axis=1), 1e-6 * spread**2)
        return mean[:, None] + told @ self.draws, np.sqrt(left)


class _Fitted:
    """What a process is fitted to, compared by its content."""

    def __init__(self, observed: Observed) -> None:
        self.observed, trend = observed, observed.trend
        arrays = [observed.points, observed.owners, observed.values, observed.runs]
        if trend is not None:
            arrays += [trend.at, np.array([trend.variance, trend.amplitude, trend.scale])]
        if observed.log_weights is not None:
            arrays += [observed.log_weights.mean, observed.log_weights.spread]
        self._key = (observed.points.shape, *(array.tobytes() for array in arrays))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Fitted) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


@functools.lru_cache(maxsize=64)  # asked for again at the next moment, where only other models' trials changed
def _fitted(given: _Fitted) -> Process:
    return Process.fit(given.observed)
