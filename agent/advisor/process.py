"""A Gaussian process for few trials: one weight for each param, everything about it in closed form.

n   trials with distinct params      c   coordinates      d   params, each of which owns some coordinates
X   coordinates                      (n, c)
y   standardised values              (n,)
runs   of which each value is the mean   (n,)
D   squared distances by param       (n, m, d)
w   weights of the params            (d,)    r² = D · w²
a   amplitude, s noise of one run, B variance of the constant mean
K   a · Matérn 5/2(r) + B, plus s / runs on its diagonal   (n, n)
θ   log w, log a, log s              (d + 2,), by maximum a posteriori
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize

Array = NDArray[np.float64]
B = 1.0
_SMALLEST_NOISE = 1e-4  # of the values' variance
_BOUND = 5.0  # of θ around its prior
_SQRT5 = math.sqrt(5)

# medians and spreads of the priors' logs, chosen so that stated intervals hold: bench_calibration_synthetic.py
WEIGHT, WEIGHT_SPREAD = math.log(4.5), 1.0  # for one param
AMPLITUDE_SPREAD = 0.7  # around the values' variance
NOISE, NOISE_SPREAD = math.log(0.02), 1.0  # of the values' variance


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What a process is fitted to."""

    points: Array  # X
    owners: NDArray[np.intp]  # of the coordinates, (c,)
    values: Array  # (n,), each the mean of its runs
    runs: Array  # (n,), how many

    @property
    def n_params(self) -> int:
        return int(self.owners.max()) + 1 if len(self.owners) else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A fitted process; `posterior` and `noise` speak in the units of the values it was fitted to."""

    observed: Observed
    theta: Array
    factor: tuple[Array, bool]  # Cholesky of K
    alpha: Array  # K⁻¹ y
    centre: float
    scale: float

    @classmethod
    def fit(cls, observed: Observed) -> "Process":
        """With the θ of the largest posterior density, searched from two starts."""
        prior = Prior(observed.n_params)
        centre, scale = _standard(observed.values)
        y = (observed.values - centre) / scale
        squared = _squared(observed.points, observed.points, observed.owners)
        bounds = list(zip(prior.mean - _BOUND, prior.mean + _BOUND, strict=True))
        found = [
            minimize(_loss, start, (squared, y, observed.runs, prior), "L-BFGS-B", jac=True, bounds=bounds)
            for start in (prior.mean, prior.mean + prior.second)
        ]
        return cls.given(observed, min(found, key=lambda result: float(result.fun)).x)

    @classmethod
    def given(cls, observed: Observed, theta: Array) -> "Process":
        """With a known θ."""
        centre, scale = _standard(observed.values)
        kernel = _kernel(theta, _squared(observed.points, observed.points, observed.owners))
        factor = cho_factor(kernel + np.diag(_diagonal(theta, observed.runs)), lower=True)
        alpha = cho_solve(factor, (observed.values - centre) / scale)
        return cls(observed=observed, theta=theta, factor=factor, alpha=alpha, centre=centre, scale=scale)

    def posterior(self, points: Array) -> tuple[Array, Array]:
        """Mean and standard deviation of the noiseless value at points (m, c); (m,) each."""
        k = _kernel(self.theta, _squared(points, self.observed.points, self.observed.owners))  # (m, n)
        variance = math.exp(self.theta[-2]) + B - (k * cho_solve(self.factor, k.T).T).sum(axis=1)
        return self.centre + self.scale * (k @ self.alpha), self.scale * np.sqrt(np.maximum(variance, 1e-12))

    @property
    def noise(self) -> float:
        """Standard deviation of one new run around its noiseless value."""
        return self.scale * math.sqrt(math.exp(self.theta[-1]) + _SMALLEST_NOISE)


class Prior:
    """Normal priors on θ, for 4 to 40 trials.

    A weight falls with the root of the number of params, so that the distance of two random points, and with it how
    much trials tell of each other, is alike in small and large spaces (Hvarfner et al. 2024, arXiv 2402.02229).
    """

    def __init__(self, n_params: int) -> None:
        log_weight = WEIGHT - 0.5 * math.log(max(n_params, 1))
        self.mean = np.array([*[log_weight] * n_params, 0.0, NOISE])
        self.spread = np.array([*[WEIGHT_SPREAD] * n_params, AMPLITUDE_SPREAD, NOISE_SPREAD])
        self.second = np.array([*[0.7] * n_params, 0.0, 2.0])  # another start: less smooth, more noise

    def loss(self, theta: Array) -> tuple[float, Array]:
        """Negative log density, up to a constant, and its gradient."""
        z = (theta - self.mean) / self.spread
        return 0.5 * float(z @ z), z / self.spread


def _standard(values: Array) -> tuple[float, float]:
    """Centre, and the spread of one more value about it when both are estimated from these few: σ √((n + 1) / (n - 1)).

    Values that are all equal are taken to vary by as much as they are.
    """
    centre, n = float(values.mean()), len(values)
    spread = float(values.std()) * math.sqrt((n + 1) / max(n - 1, 1))
    return centre, spread if spread > 1e-9 * abs(centre) else abs(centre) or 1.0


def _squared(a: Array, b: Array, owners: NDArray[np.intp]) -> Array:
    """Squared distance in each param's coordinates; (len(a), len(b), d)."""
    sums = np.zeros((len(a), len(b), int(owners.max()) + 1 if len(owners) else 0))
    for i, owner in enumerate(owners):
        sums[:, :, owner] += (a[:, None, i] - b[None, :, i]) ** 2
    return sums


def _kernel(theta: Array, squared: Array) -> Array:
    r = np.sqrt(squared @ np.exp(2 * theta[:-2]))  # (n, m)
    return np.asarray(np.exp(theta[-2]) * (1 + _SQRT5 * r + 5 / 3 * r**2) * np.exp(-_SQRT5 * r) + B)


def _diagonal(theta: Array, runs: Array) -> Array:
    return np.asarray((np.exp(theta[-1]) + _SMALLEST_NOISE) / runs)


def _loss(theta: Array, squared: Array, y: Array, runs: Array, prior: Prior) -> tuple[float, Array]:
    """Negative log posterior density and its gradient: ½ yᵀK⁻¹y + ½ log|K| + prior (Rasmussen & Williams, eq. 5.9)."""
    weights, amplitude = np.exp(2 * theta[:-2]), np.exp(theta[-2])
    r = np.sqrt(squared @ weights)
    decay = amplitude * np.exp(-_SQRT5 * r)
    matern = decay * (1 + _SQRT5 * r + 5 / 3 * r**2)
    factor = cho_factor(matern + B + np.diag(_diagonal(theta, runs)), lower=True)
    alpha = cho_solve(factor, y)
    outer = 0.5 * (cho_solve(factor, np.eye(len(y))) - np.outer(alpha, alpha))  # dloss / dK
    slope = outer * decay * (-5 / 6) * (1 + _SQRT5 * r)  # dloss / d(r²)
    gradient = np.empty_like(theta)
    gradient[:-2] = 2 * weights * np.einsum("nm,nmd->d", slope, squared)
    gradient[-2] = (outer * matern).sum()
    gradient[-1] = (np.diag(outer) / runs).sum() * np.exp(theta[-1])
    prior_loss, prior_gradient = prior.loss(theta)
    fit = 0.5 * float(y @ alpha) + float(np.log(np.diag(factor[0])).sum())
    return fit + prior_loss, gradient + prior_gradient
