"""Values as scores: what they gain upon the defaults, by how common such a gain is in a past task.

Values of different datasets are alike in no unit. Their gains upon the value of the defaults are, but not evenly: most
params lose much, and a few win a little. So a gain becomes the normal score of its place among those of the task. A
step of one score is then as likely wherever it starts, and near the top it is no more than what can be won there.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator
from scipy.special import ndtri

Array = NDArray[np.float64]
_PLACES = np.array([0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98])
_LEAST_STEP = 0.01  # between the gains of two knots, as a share of their standard deviation
_LEAST_LEVEL = 0.1  # of the defaults, as a share of the largest value
_FLATTEST = 0.01  # slope, as a share of the mean one
_OUTER = (2, 3)  # steps of the knots at the lower and the upper end whose slope goes on beyond them


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """A rising function of the gain: smooth between knots, and ever slower beyond them."""

    gains: Array  # of the knots
    inner: PchipInterpolator
    density: PchipInterpolator  # its derivative
    slopes: tuple[float, float]  # at the ends

    @classmethod
    def of(cls, gains: Array) -> "Scores":
        """By the gains of a task."""
        places = (np.arange(len(gains)) + 0.5) / len(gains)
        steps = _LEAST_STEP * max(float(gains.std()), 1e-3) * np.arange(len(_PLACES))
        knots = np.maximum.accumulate(np.interp(_PLACES, places, np.sort(gains)) - steps) + steps
        scores, (low, high) = ndtri(_PLACES), _OUTER
        slopes = (
            float((scores[low] - scores[0]) / (knots[low] - knots[0])),
            float((scores[-1] - scores[-1 - high]) / (knots[-1] - knots[-1 - high])),
        )
        inner = PchipInterpolator(knots, scores)
        return cls(gains=knots, inner=inner, density=inner.derivative(), slopes=slopes)

    def __call__(self, gains: Array) -> Array:
        """Scores of gains; (n,)."""
        low, high = self._beyond(gains)
        width = self._width
        beyond = self.slopes[1] * np.log1p(high / width) - self.slopes[0] * np.log1p(low / width)
        return np.asarray(self.inner(np.clip(gains, self.gains[0], self.gains[-1])) + width * beyond)

    def back(self, scores: Array) -> Array:
        """The gains of scores, within those of the knots; (n,)."""
        return np.asarray(np.interp(scores, ndtri(_PLACES), self.gains))

    def log_density(self, gains: Array) -> Array:
        """Log of the derivative at gains; (n,)."""
        low, high = self._beyond(gains)
        inner = self.density(np.clip(gains, self.gains[0], self.gains[-1]))
        slope = np.where(low > 0, self.slopes[0], np.where(high > 0, self.slopes[1], inner))
        return np.asarray(np.log(np.maximum(slope, _FLATTEST * self._steepness)) - np.log1p((low + high) / self._width))

    def _beyond(self, gains: Array) -> tuple[Array, Array]:
        """By how much gains lie below the lowest knot, and above the highest; (n,) each."""
        return np.maximum(self.gains[0] - gains, 0.0), np.maximum(gains - self.gains[-1], 0.0)

    @property
    def _width(self) -> float:
        return float(self.gains[-1] - self.gains[0])

    @property
    def _steepness(self) -> float:
        return float(np.ptp(ndtri(_PLACES))) / self._width


def unit_of(level: float, values: Array) -> float:
    """What gains are counted in: the value of the defaults, or where that is next to nothing, the largest value."""
    return max(abs(level), _LEAST_LEVEL * float(abs(values).max(initial=0.0))) or 1.0


def level_of(values: Array, gains: Array) -> float:
    """The value of the defaults, where they were not measured, by what the params of values are expected to gain."""
    shares = np.maximum(1 + np.sign(values) * gains, _LEAST_LEVEL)
    return float(np.median(values / shares))
