"""A Gaussian process for few trials: one weight for each param, everything about it in closed form.

n   trials with distinct params      c   coordinates      d   params, each of which owns some coordinates
X   coordinates                      (n, c)
y   standardised values              (n,)
runs   of which each value is the mean   (n,)
D   squared distances by param, of each pair of trials   (d, p), p = n (n - 1) / 2
w   weights of the params            (d,)    r² = w² · D
a   amplitude, s noise of one run, B variance of the constant mean
t   what past tasks expect of each trial, by a slope of 1 that is known but for a variance V   (n,)
K   a · Matérn 5/2(r) + B + V · t tᵀ, plus s / runs on its diagonal   (n, n)
θ   log w, log a, log s              (d + 2,), by maximum a posteriori
"""

import math
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack, solve_triangular
from scipy.optimize import minimize
from scipy.special import logsumexp

Array = NDArray[np.float64]
B = 1.0
_SMALLEST_NOISE = 1e-4  # of the values' variance
_BOUND = 5.0  # of θ around its prior
_SQRT5 = math.sqrt(5)
_FEW = 64  # trials to which θ is fitted from two starts; of more, as many are, and all of them from where that led
_NEAR = {"ftol": 1e-7}  # how near to the largest density is near enough, as a share of it

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
    variance: float  # V
    amplitude: float  # the median of what is left to learn, as a share of the values' variance
    scale: float  # the standard deviation of the values over the space that is expected


@dataclass(frozen=True, slots=True, kw_only=True)
class LogWeights:
    """What is known of the params' log weights before any trial ran: a normal prior on each, (d,)."""

    mean: Array
    spread: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What a process is fitted to."""

    points: Array  # X
    owners: NDArray[np.intp]  # of the coordinates, (c,)
    values: Array  # (n,), each the mean of its runs
    runs: Array  # (n,), how many
    trend: Trend | None = None
    log_weights: LogWeights | None = None

    @property
    def n_params(self) -> int:
        return int(self.owners.max()) + 1 if len(self.owners) else 0

    @property
    def prior(self) -> "Prior":
        return Prior(self.n_params, self.trend.amplitude if self.trend else 1.0, self.log_weights)

    @property
    def at(self) -> Array | None:
        """t; None without a trend."""
        return None if self.trend is None else self.trend.at

    def some(self, most: int) -> "Observed":
        """As many, evenly over their order; itself where there are no more."""
        n = len(self.values)
        if n <= most:
            return self
        rows = np.linspace(0, n - 1, most).round().astype(np.intp)
        trend = None if self.trend is None else replace(self.trend, at=self.trend.at[rows])
        points, values, runs = self.points[rows], self.values[rows], self.runs[rows]
        return replace(self, points=points, values=values, runs=runs, trend=trend)


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A fitted process; `posterior` and `noise` speak in the units of the values it was fitted to."""

    observed: Observed
    theta: Array
    factor: Array  # Cholesky of K, lower
    alpha: Array  # K⁻¹ y
    centre: float
    scale: float

    @classmethod
    def fit(cls, observed: Observed) -> "Process":
        """With the θ of the largest posterior density, searched from two starts."""
        prior = observed.prior
        if len(observed.values) == 1:
            return cls.given(observed, prior.mean)
        few = observed.some(_FEW)
        found = [_largest(few, prior, start) for start in (prior.mean, prior.mean + prior.second)]
        theta = min(found, key=lambda pair: pair[0])[1]
        return cls.given(observed, theta if few is observed else _largest(observed, prior, theta)[1])

    @classmethod
    def given(cls, observed: Observed, theta: Array) -> "Process":
        """With a known θ."""
        y, centre, scale = _standardised(observed)
        kernel = _kernel(theta, observed, (observed.points, observed.at), (observed.points, observed.at))
        factor = cholesky(kernel + np.diag(_diagonal(theta, observed.runs)))
        return cls(observed=observed, theta=theta, factor=factor, alpha=_solved(factor, y), centre=centre, scale=scale)

    def mean(self, points: Array, trend: Array | None = None) -> Array:
        """Of the noiseless value at points (m, c); (m,).

        Args:
            trend: What is expected there, (m,); needed where the process was fitted with a trend.
        """
        return self._mean(self._to_trials(points, trend), trend)

    def posterior(self, points: Array, trend: Array | None = None) -> tuple[Array, Array]:
        """Mean and standard deviation of the noiseless value at points (m, c); (m,) each.

        Args:
            trend: As of `mean`.
        """
        given, k = self.observed.trend, self._to_trials(points, trend)
        variance = math.exp(self.theta[-2]) + B - (_forward(self.factor, k.T) ** 2).sum(axis=0)
        if given is not None and trend is not None:
            variance = variance + given.variance * trend**2
        return self._mean(k, trend), self.scale * np.sqrt(np.maximum(variance, 1e-12))

    def covariance(
        self, points: Array, others: Array, trend: Array | None = None, of_others: Array | None = None
    ) -> Array:
        """Of the noiseless values at points (m, c) and at others (q, c); (m, q)."""
        kernel = _kernel(self.theta, self.observed, (points, trend), (others, of_others))
        known = _forward(self.factor, self._to_trials(points, trend).T)  # (n, m)
        return self.scale**2 * (kernel - known.T @ _forward(self.factor, self._to_trials(others, of_others).T))

    def _to_trials(self, points: Array, trend: Array | None) -> Array:
        """Kernel of points and the trials; (m, n)."""
        return _kernel(self.theta, self.observed, (points, trend), (self.observed.points, self.observed.at))

    def _mean(self, kernel: Array, trend: Array | None) -> Array:
        mean = kernel @ self.alpha
        return np.asarray(self.centre + self.scale * (mean if trend is None else mean + trend))

    @property
    def log_density(self) -> float:
        """Of the values and of θ, up to a constant."""
        y = _standardised(self.observed)[0]
        of_values = -0.5 * float(y @ self.alpha) - float(np.log(np.diag(self.factor)).sum())
        return of_values - self.observed.prior.loss(self.theta)[0]

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
        log_weights: In place of those that know nothing but the number of params.
    """

    def __init__(self, n_params: int, amplitude: float = 1.0, log_weights: LogWeights | None = None) -> None:
        if log_weights is None:
            median = np.full(n_params, WEIGHT - 0.5 * math.log(max(n_params, 1)))
            log_weights = LogWeights(mean=median, spread=np.full(n_params, WEIGHT_SPREAD))
        self.mean = np.array([*log_weights.mean, math.log(amplitude), NOISE])
        self.spread = np.array([*log_weights.spread, AMPLITUDE_SPREAD, NOISE_SPREAD])
        self.second = np.array([*[0.7] * n_params, 0.0, 2.0])  # another start: less smooth, more noise

    def loss(self, theta: Array) -> tuple[float, Array]:
        """Negative log density, up to a constant, and its gradient."""
        z = (theta - self.mean) / self.spread
        return 0.5 * float(z @ z), z / self.spread


def log_evidences(observed: Observed, left: Array, amplitudes: Array) -> Array:
    """Of what several means leave of the values, up to a constant, whatever the process's other θ are.

    Args:
        observed: Points and runs; its values do not count.
        left: In standard deviations of the values, (h, n).
        amplitudes: The median of a under each of them, (h,).

    Returns:
        (h,)
    """
    prior, found = Prior(observed.n_params, log_weights=observed.log_weights), []
    medians = _distances(prior.mean, observed.owners, observed.points, observed.points)
    for longer, larger, noisier in product(_WEIGHTS_TRIED, _AMPLITUDES_TRIED, _NOISES_TRIED):
        theta = prior.mean + np.array([*[longer] * observed.n_params, larger, noisier])
        kernel = _matern(theta, math.exp(longer) * medians) + B + np.diag(_diagonal(theta, observed.runs))
        factor = cholesky(kernel)
        density = -0.5 * (_forward(factor, left.T) ** 2).sum(axis=0) - np.log(np.diag(factor)).sum()
        off = (longer / WEIGHT_SPREAD) ** 2 + (noisier / NOISE_SPREAD) ** 2
        amplitude_off = ((larger - np.log(amplitudes)) / AMPLITUDE_SPREAD) ** 2
        found.append(density - 0.5 * (off + amplitude_off))
    return np.asarray(logsumexp(found, axis=0))


def _standardised(observed: Observed) -> tuple[Array, float, float]:
    """The values less their trend, their centre and their scale."""
    given = observed.trend
    if given is None:
        centre, scale = _standard(observed.values)
        return (observed.values - centre) / scale, centre, scale
    centre, scale = float(observed.values.mean()), given.scale
    return (observed.values - centre) / scale - given.at, centre, scale


def _linear(trend: Trend | None, a: Array | None, b: Array | None) -> Array | float:
    """The part of the kernel that is of the constant and of the slope, between what is expected of some and others."""
    return B if trend is None or a is None or b is None else B + trend.variance * np.outer(a, b)


def _standard(values: Array) -> tuple[float, float]:
    """Centre, and the spread of one more value about it when both are estimated from these few: σ √((n + 1) / (n - 1)).

    Values that are all equal are taken to vary by as much as they are.
    """
    centre, n = float(values.mean()), len(values)
    spread = float(values.std()) * math.sqrt((n + 1) / max(n - 1, 1))
    return centre, spread if spread > 1e-9 * abs(centre) else abs(centre) or 1.0


class _Pairs:
    """The trials by pairs, each once, so that a kernel takes half the work."""

    def __init__(self, observed: Observed) -> None:
        self.runs, self.n = observed.runs, len(observed.values)
        self.y = _standardised(observed)[0]
        self.rows, self.columns = np.tril_indices(self.n, -1)
        self.squared = np.zeros((observed.n_params, len(self.rows)))  # D
        for column, owner in zip(observed.points.T, observed.owners, strict=True):
            self.squared[owner] += (column[self.rows] - column[self.columns]) ** 2
        linear = np.broadcast_to(_linear(observed.trend, observed.at, observed.at), (self.n, self.n))
        self.linear, self.linear_diagonal = linear[self.rows, self.columns], np.diag(linear)

    def loss(self, theta: Array, prior: "Prior") -> tuple[float, Array]:
        """Negative log posterior density, its gradient: ½ yᵀK⁻¹y + ½ log|K| + prior (Rasmussen & Williams, eq. 5.9)."""
        weights, amplitude = np.exp(2 * theta[:-2]), math.exp(theta[-2])
        r = _SQRT5 * np.sqrt(weights @ self.squared)  # √5 r, (p,)
        decay = amplitude * np.exp(-r)
        matern = decay * (1 + r + r**2 / 3)
        kernel = np.zeros((self.n, self.n))
        kernel[self.rows, self.columns] = matern + self.linear
        np.fill_diagonal(kernel, amplitude + self.linear_diagonal + _diagonal(theta, self.runs))
        factor = cholesky(kernel)
        alpha = _solved(factor, self.y)
        inverse = lapack.dpotri(factor, lower=1)[0]
        on = 0.5 * (np.diag(inverse) - alpha**2)  # dloss / dK on the diagonal, (n,)
        off = inverse[self.rows, self.columns] - alpha[self.rows] * alpha[self.columns]  # and off it, twice, (p,)
        gradient = np.empty_like(theta)
        gradient[:-2] = 2 * weights * (self.squared @ (off * decay * (-5 / 6) * (1 + r)))  # dK / d(r²)
        gradient[-2] = off @ matern + amplitude * on.sum()
        gradient[-1] = (on / self.runs).sum() * math.exp(theta[-1])
        prior_loss, prior_gradient = prior.loss(theta)
        fit = 0.5 * float(self.y @ alpha) + float(np.log(np.diag(factor)).sum())
        return fit + prior_loss, gradient + prior_gradient


def _largest(observed: Observed, prior: Prior, start: Array) -> tuple[float, Array]:
    """The least loss near a start, and its θ."""
    bounds = list(zip(prior.mean - _BOUND, prior.mean + _BOUND, strict=True))
    pairs = _Pairs(observed)
    found = minimize(pairs.loss, start, (prior,), "L-BFGS-B", jac=True, bounds=bounds, options=_NEAR)
    return float(found.fun), np.asarray(found.x)


def _kernel(theta: Array, observed: Observed, a: tuple[Array, Array | None], b: tuple[Array, Array | None]) -> Array:
    """Of points and what is expected there, with others; (m, n)."""
    return _matern(theta, _distances(theta, observed.owners, a[0], b[0])) + _linear(observed.trend, a[1], b[1])


def _distances(theta: Array, owners: NDArray[np.intp], a: Array, b: Array) -> Array:
    """r of points (m, c) and (n, c); (m, n)."""
    weights = np.exp(theta[:-2])[owners]
    a, b = a * weights, b * weights
    squared = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T
    return np.asarray(np.sqrt(np.maximum(squared, 0.0)))


def _matern(theta: Array, r: Array) -> Array:
    return np.asarray(math.exp(theta[-2]) * (1 + _SQRT5 * r + 5 / 3 * r**2) * np.exp(-_SQRT5 * r))


def _diagonal(theta: Array, runs: Array) -> Array:
    return np.asarray((math.exp(theta[-1]) + _SMALLEST_NOISE) / runs)


def cholesky(kernel: Array) -> Array:
    """Lower; of the lower half."""
    if not len(kernel):
        return kernel
    factor, info = lapack.dpotrf(kernel, lower=1)
    if info:
        raise np.linalg.LinAlgError(f"the kernel is not positive definite (minor {info})")
    return np.asarray(factor)


def _solved(factor: Array, values: Array) -> Array:
    """K⁻¹ values"""
    return np.asarray(lapack.dpotrs(factor, values, lower=1)[0])


def _forward(factor: Array, values: Array) -> Array:
    """L⁻¹ values, the squares of whose columns sum to vᵀK⁻¹v."""
    return np.asarray(solve_triangular(factor, values, lower=True, check_finite=False))
