"""Expected improvement under each hypothesis about past tasks: not under one average of them.

An average of tasks that disagree is flat where they disagree, and its best is nobody's. So each hypothesis of weight
has a process of its own, which expects its task's values by its slope, and what is expected of params is the mean over
hypotheses of the improvement upon what would be the best so far if it held.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from agent.advisor.acquisition import log_expected_improvement
from agent.advisor.past import UNSURE, Hypothesis, Trust
from agent.advisor.process import Observed, Process, Trend

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """A hypothesis taken as true."""

    log_weight: float
    of: Hypothesis
    process: Process
    best: float

    def log_expected_improvement(self, points: Array, expected: Array) -> Array:
        """With its weight; `expected` is what its task expects there, (m,)."""
        posterior = self.process.posterior(points, self.of.slope * expected)
        return self.log_weight + log_expected_improvement(*posterior, self.best)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypotheses:
    """Those of weight, each with what the trials say if it holds."""

    them: tuple[_Held, ...]

    @classmethod
    def of(cls, past: Trust, objective: Process, compared: Array) -> "Hypotheses":
        """
        Args:
            objective: The process under the average of them, whose weights of the params and noise all share.
            compared: The points of the trials that are improved upon, (m, c), one or more.
        """
        return cls(them=tuple(_held(one, past.scale, objective, compared) for one in past.hypotheses))

    def log_expected_improvement(self, points: Array) -> Array:
        """Upon the best so far, at points (m, c); (m,)."""
        expected = {id(one.of.task): _expected(one.of, points) for one in self.them}
        found = [
            one.log_weight
            + log_expected_improvement(
                *one.process.posterior(points, one.of.slope * expected[id(one.of.task)]), one.best
            )
            for one in self.them
        ]
        return np.asarray(logsumexp(found, axis=0))


def _held(one: Hypothesis, scale: float, objective: Process, compared: Array) -> _Held:
    observed, theta = objective.observed, objective.theta.copy()
    theta[-2] = math.log(one.amplitude)
    process = Process.given(replace(observed, trend=_trend(one, scale, observed)), theta)
    best = float(process.mean(compared, one.slope * _expected(one, compared)).max())
    return _Held(log_weight=math.log(one.weight), of=one, process=process, best=best)


def _trend(one: Hypothesis, scale: float, observed: Observed) -> Trend:
    at = one.slope * _expected(one, observed.points)
    return Trend(at=at, variance=UNSURE, amplitude=one.amplitude, scale=scale)


def _expected(one: Hypothesis, points: Array) -> Array:
    return np.zeros(len(points)) if one.task is None else one.task.expects(points)
