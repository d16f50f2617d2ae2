"""A Gaussian process for few trials: one weight for each param, everything about it in closed form.

n   trials with distinct params      c   coordinates      d   params, each of which owns some coordinates
X   coordinates                      (n, c)
y   standardised values              (n,)
runs   of which each value is the mean   (n,)
D   squared distances by param       (n, m, d)
w   weights of the params            (d,)    r² = D · w²
a   amplitude, s noise of one run, B variance of the constant mean
t   what past tasks expect of each trial, by a slope that is known but for a variance V   (n,)
K   a · Matérn 5/2(r) + B + V · t tᵀ, plus s / runs on its diagonal   (n, n)
θ   log w, log a, log s              (d + 2,), by maximum a posteriori
"""

import math
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize
from scipy.special import logsumexp

Array = NDArray[np.float64]
B = 1.0
_SMALLEST_NOISE = 1e-4  # of the values' variance
_BOUND = 5.0  # of θ around its prior
_SQRT5 = math.sqrt(5)

# medians and spreads of the priors' logs, chosen so that stated intervals hold: bench_calibration_synthetic.py
WEIGHT, WEIGHT_SPREAD = math.log(4.5), 1.0  # for one param
AMPLITUDE_SPREAD = 0.7  # around the values' variance
NOISE, NOISE_SPREAD = math.log(0.02), 1.0  # of the values' variance
# about the medians, where the evidence of a mean is summed over what is not known of the process
_WEIGHTS_TRIED, _AMPLITUDES_TRIED, _NOISES_TRIED = (-0.7, 0.0, 0.7), (-3.0, -2.0, -1.0, 0.0, 1.0), (0.0, 1.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """What is expected of the trials before any of them ran, and how far it is believed."""

    at: Array  # t, with a spread of about 1 over the space
    slope: float  # in standard deviations of the values
    variance: float  # V
    amplitude: float  # the median of what is left to learn, as a share of the values' variance
    scale: float  # the standard deviation of the values over the space that is expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What a process is fitted to."""

    points: Array  # X
    owners: NDArray[np.intp]  # of the coordinates, (c,)
    values: Array  # (n,), each the mean of its runs
    runs: Array  # (n,), how many
    trend: Trend | None = None

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
        prior = Prior(observed.n_params, observed.trend.amplitude if observed.trend else 1.0)
        y, _, _ = _standardised(observed)
        if len(y) == 1:
            return cls.given(observed, prior.mean)
        squared = _squared(observed.points, observed.points, observed.owners)
        bounds = list(zip(prior.mean - _BOUND, prior.mean + _BOUND, strict=True))
        given = (squared, y, observed.runs, prior, _linear(observed.trend, None))
        found = [
            minimize(_loss, start, given, "L-BFGS-B", jac=True, bounds=bounds)
            for start in (prior.mean, prior.mean + prior.second)
        ]
        return cls.given(observed, min(found, key=lambda result: float(result.fun)).x)

    @classmethod
    def given(cls, observed: Observed, theta: Array) -> "Process":
        """With a known θ."""
        y, centre, scale = _standardised(observed)
        factor = cho_factor(_covariance(observed, theta), lower=True)
        return cls(
            observed=observed, theta=theta, factor=factor, alpha=cho_solve(factor, y), centre=centre, scale=scale
        )

    def posterior(self, points: Array, trend: Array | None = None) -> tuple[Array, Array]:
        """Mean and standard deviation of the noiseless value at points (m, c); (m,) each.

        Args:
            trend: What is expected there, (m,); needed where the process was fitted with a trend.
        """
        given = self.observed.trend
        k = _matern(self.theta, _squared(points, self.observed.points, self.observed.owners))  # (m, n)
        k = k + _linear(given, trend)
        variance = math.exp(self.theta[-2]) + B - (k * cho_solve(self.factor, k.T).T).sum(axis=1)
        mean = k @ self.alpha
        if given is not None and trend is not None:
            variance, mean = variance + given.variance * trend**2, mean + given.slope * trend
        return self.centre + self.scale * mean, self.scale * np.sqrt(np.maximum(variance, 1e-12))

    @property
    def noise(self) -> float:
        """Standard deviation of one new run around its noiseless value."""
        return self.scale * math.sqrt(math.exp(self.theta[-1]) + _SMALLEST_NOISE)


class Prior:
    """Normal priors on θ, for 4 to 40 trials.

    A weight falls with the root of the number of params, so that the distance of two random points, and with it how
    much trials tell of each other, is alike in small and large spaces (Hvarfner et al. 2024, arXiv 2402.02229).

    Args:
        amplitude: The median of a, as a share of the values' variance.
    """

    def __init__(self, n_params: int, amplitude: float = 1.0) -> None:
        log_weight = WEIGHT - 0.5 * math.log(max(n_params, 1))
        self.mean = np.array([*[log_weight] * n_params, math.log(amplitude), NOISE])
        self.spread = np.array([*[WEIGHT_SPREAD] * n_params, AMPLITUDE_SPREAD, NOISE_SPREAD])
        self.second = np.array([*[0.7] * n_params, 0.0, 2.0])  # another start: less smooth, more noise

    def loss(self, theta: Array) -> tuple[float, Array]:
        """Negative log density, up to a constant, and its gradient."""
        z = (theta - self.mean) / self.spread
        return 0.5 * float(z @ z), z / self.spread


def log_evidences(observed: Observed, means: Array, amplitudes: Array, scales: Array) -> Array:
    """Of the values under each of several means and scales, up to a constant, whatever the process's other θ are.

    Args:
        means: In standard deviations of the values, (h, n).
        amplitudes: The median of a under each of them, (h,).
        scales: Standard deviations of the values that are tried, (c,).

    Returns:
        (h, c)
    """
    n, y = len(observed.values), observed.values - observed.values.mean()
    squared = _squared(observed.points, observed.points, observed.owners)
    prior, found = Prior(observed.n_params), []
    for longer, larger, noisier in product(_WEIGHTS_TRIED, _AMPLITUDES_TRIED, _NOISES_TRIED):
        theta = prior.mean + np.array([*[longer] * observed.n_params, larger, noisier])
        factor = cho_factor(_matern(theta, squared) + B + np.diag(_diagonal(theta, observed.runs)), lower=True)
        solved = cho_solve(factor, np.column_stack([y, means.T]))  # (n, 1 + h)
        of_means = (means.T * solved[:, 1:]).sum(axis=0)[:, None]  # (h, 1)
        fit = float(y @ solved[:, 0]) / scales**2 - 2 * np.outer(y @ solved[:, 1:], 1 / scales) + of_means  # (h, c)
        density = -0.5 * fit - np.log(np.diag(factor[0])).sum() - n * np.log(scales)
        off = (longer / WEIGHT_SPREAD) ** 2 + (noisier / NOISE_SPREAD) ** 2
        amplitude_off = ((larger - np.log(amplitudes)) / AMPLITUDE_SPREAD) ** 2  # (h,)
        found.append(density - 0.5 * (off + amplitude_off[:, None]))
    return np.asarray(logsumexp(found, axis=0))


def _standardised(observed: Observed) -> tuple[Array, float, float]:
    """The values less their trend, their centre and their scale."""
    given = observed.trend
    if given is None:
        centre, scale = _standard(observed.values)
        return (observed.values - centre) / scale, centre, scale
    centre, scale = float(observed.values.mean()), given.scale
    return (observed.values - centre) / scale - given.slope * given.at, centre, scale


def _covariance(observed: Observed, theta: Array) -> Array:
    squared = _squared(observed.points, observed.points, observed.owners)
    linear = _linear(observed.trend, None)
    return _matern(theta, squared) + linear + np.diag(_diagonal(theta, observed.runs))


def _linear(trend: Trend | None, others: Array | None) -> Array | float:
    """The part of the kernel that is of the constant and of the slope; of the trials, or of others and them."""
    if trend is None:
        return B
    return B + trend.variance * np.outer(trend.at if others is None else others, trend.at)


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


def _matern(theta: Array, squared: Array) -> Array:
    r = np.sqrt(squared @ np.exp(2 * theta[:-2]))  # (n, m)
    return np.asarray(np.exp(theta[-2]) * (1 + _SQRT5 * r + 5 / 3 * r**2) * np.exp(-_SQRT5 * r))


def _diagonal(theta: Array, runs: Array) -> Array:
    return np.asarray((np.exp(theta[-1]) + _SMALLEST_NOISE) / runs)


def _loss(
    theta: Array, squared: Array, y: Array, runs: Array, prior: Prior, linear: Array | float = B
) -> tuple[float, Array]:
    """Negative log posterior density and its gradient: ½ yᵀK⁻¹y + ½ log|K| + prior (Rasmussen & Williams, eq. 5.9)."""
    weights, amplitude = np.exp(2 * theta[:-2]), np.exp(theta[-2])
    r = np.sqrt(squared @ weights)
    decay = amplitude * np.exp(-_SQRT5 * r)
    matern = decay * (1 + _SQRT5 * r + 5 / 3 * r**2)
    factor = cho_factor(matern + linear + np.diag(_diagonal(theta, runs)), lower=True)
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
