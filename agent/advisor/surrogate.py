"""A small Gaussian process on the unit cube, for predictions that are stated to people.

X   points tried               (n, d)
y   standardised values        (n,)   more is better
w   inverse length scales      (d,)
K   Matérn 5/2 kernel matrix   (n, n), amplitude a, plus noise s on its diagonal
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize

Array = NDArray[np.float64]
_SMALLEST_NOISE = 1e-3  # of the values' variance


@dataclass(frozen=True, slots=True, kw_only=True)
class Surrogate:
    """A fitted process; `predict` speaks in the units of the values it was fitted to."""

    n: int
    points: Array
    theta: Array
    weights: Array  # K⁻¹ y, (n,)
    factor: tuple[Array, bool]  # Cholesky of K
    centre: float
    scale: float

    @classmethod
    def fit(cls, points: Array, values: Array) -> "Surrogate":
        """Kernel parameters by maximum a posteriori: with few trials the priors keep length scales near the range."""
        centre, scale = float(values.mean()), float(values.std()) or 1.0
        y = (values - centre) / scale
        start = np.concatenate([np.zeros(points.shape[1]), [0.0, np.log(0.1)]])
        theta = minimize(_loss, start, args=(points, y), method="L-BFGS-B", bounds=[(-4, 4)] * len(start)).x
        factor = cho_factor(_noisy(theta, points), lower=True)
        return cls(
            n=len(y),
            points=points,
            theta=theta,
            weights=cho_solve(factor, y),
            factor=factor,
            centre=centre,
            scale=scale,
        )

    def predict(self, point: Array) -> tuple[float, float]:
        """Mean and standard deviation of a new trial at a point (d,), its noise included."""
        k = _kernel(self.theta, point[None], self.points)[0]  # (n,)
        mean = float(k @ self.weights)
        variance = np.exp(self.theta[-2]) + _noise(self.theta) - float(k @ cho_solve(self.factor, k))
        return self.centre + self.scale * mean, self.scale * float(np.sqrt(max(variance, 1e-12)))


def _kernel(theta: Array, a: Array, b: Array) -> Array:
    """Matérn 5/2 with a length scale for each dimension; (len(a), len(b))."""
    difference = (a[:, None] - b[None]) * np.exp(theta[:-2])
    distance = np.sqrt(5 * (difference**2).sum(axis=-1))
    kernel: Array = np.exp(theta[-2]) * (1 + distance + distance**2 / 3) * np.exp(-distance)
    return kernel


def _noise(theta: Array) -> float:
    return float(np.exp(theta[-1])) + _SMALLEST_NOISE


def _noisy(theta: Array, points: Array) -> Array:
    return _kernel(theta, points, points) + _noise(theta) * np.eye(len(points))


def _loss(theta: Array, points: Array, y: Array) -> float:
    """Negative log posterior: normal priors on the logs of scales, amplitude and noise."""
    factor = cho_factor(_noisy(theta, points), lower=True)
    fit = 0.5 * float(y @ cho_solve(factor, y)) + float(np.log(np.diag(factor[0])).sum())
    prior = 0.5 * (theta[:-2] ** 2).sum() + 0.5 * theta[-2] ** 2 + 0.5 * (theta[-1] - np.log(0.05)) ** 2
    return fit + float(prior)
