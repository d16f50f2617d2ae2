"""The Gaussian process by hand, against scikit-learn, and its gradient against differences."""

import math
from dataclasses import replace

import numpy as np
import pytest

from agent.advisor.process import _SMALLEST_NOISE, B, Observed, Prior, Process, Trend, _largest, _Pairs

OWNERS = np.array([0, 1, 1, 2])


def observed(n: int = 9, runs: object = 1.0, seed: int = 0) -> Observed:
    rng = np.random.default_rng(seed)
    points = rng.random((n, len(OWNERS)))
    values = 0.2 + 0.05 * np.sin(4 * points[:, 0]) + 0.01 * rng.standard_normal(n)
    return Observed(points=points, owners=OWNERS, values=values, runs=np.broadcast_to(runs, n))


THETA = np.log([1.5, 0.4, 2.0, 0.8, 0.03])


def test_the_posterior_is_that_of_scikit_learn() -> None:
    kernels = pytest.importorskip("sklearn.gaussian_process.kernels")
    peers = pytest.importorskip("sklearn.gaussian_process")
    given, new = observed(), np.random.default_rng(5).random((7, len(OWNERS)))
    lengths = 1 / np.exp(THETA[:3])[OWNERS]
    kernel = kernels.ConstantKernel(0.8) * kernels.Matern(lengths, nu=2.5) + kernels.ConstantKernel(B)
    centre, scale = given.values.mean(), given.values.std() * math.sqrt(10 / 8)
    peer = peers.GaussianProcessRegressor(kernel, alpha=0.03 + _SMALLEST_NOISE, optimizer=None)
    mean, spread = peer.fit(given.points, (given.values - centre) / scale).predict(new, return_std=True)
    process = Process.given(given, THETA)
    ours = process.posterior(new)
    assert ours[0] == pytest.approx(centre + scale * mean, rel=1e-9)
    assert ours[1] == pytest.approx(scale * spread, rel=1e-6)
    assert process.noise == pytest.approx(scale * math.sqrt(0.03 + _SMALLEST_NOISE))


def test_the_posterior_of_two_points_is_that_worked_out_by_hand() -> None:
    # one param, weight 1, amplitude 1, points 0 and 1, values 1 and 3: scaled by √3 to ±1/√3, the constant cancels
    two = Observed(
        points=np.array([[0.0], [1.0]]),
        owners=np.array([0]),
        values=np.array([1.0, 3.0]),
        runs=np.ones(2),
    )
    process = Process.given(two, np.array([0.0, 0.0, math.log(0.5 - _SMALLEST_NOISE)]))
    kernel = lambda r: (1 + math.sqrt(5) * r + 5 / 3 * r * r) * math.exp(-math.sqrt(5) * r)  # noqa: E731
    assert kernel(1.0) == pytest.approx(0.52399, abs=1e-5)
    near, far = kernel(0.25), kernel(0.75)  # √3 K⁻¹ y is ±1 / (1 + 0.5 - k(1)) = ±1.02457
    mean, spread = process.posterior(np.array([[0.25], [0.5], [40.0]]))
    assert mean[0] == pytest.approx(2 - (near - far) / (1.5 - kernel(1.0)))
    assert mean[1] == pytest.approx(2.0)
    # at 40 the kernel is 0 and the mean constant: a + B - B² · 1ᵀK⁻¹1 = 2 - 2 / (1.5 + 0.52399 + 2)
    assert spread[2] == pytest.approx(math.sqrt(3 * (2 - 2 / (3.5 + kernel(1.0)))))


def test_a_mean_of_repeats_is_trusted_as_much_as_so_many_runs() -> None:
    """The posterior with one mean of four runs is that with the four runs, one by one."""
    rng = np.random.default_rng(2)
    points, values = rng.random((5, 1)), rng.random(5)
    four = values[4] + np.array([-0.3, 0.1, 0.4, -0.2])
    values[4] = four.mean()
    merged = Observed(points=points, owners=np.array([0]), values=values, runs=np.array([1, 1, 1, 1, 4.0]))
    process = Process.given(merged, np.array([0.5, 0.0, math.log(0.3 - _SMALLEST_NOISE)]))
    kernel = lambda a, b: _matern(np.abs(a[:, None, 0] - b[None, :, 0]) * math.exp(0.5)) + B  # noqa: E731
    all_points = np.vstack([points[:4], *[points[4:]] * 4])
    y = (np.concatenate([values[:4], four]) - process.centre) / process.scale
    new = np.array([[0.1], [0.6]])
    k = kernel(new, all_points)
    inverse = np.linalg.inv(kernel(all_points, all_points) + 0.3 * np.eye(8))
    mean, spread = process.posterior(new)
    assert mean == pytest.approx(process.centre + process.scale * (k @ inverse @ y), rel=1e-6)
    assert spread == pytest.approx(process.scale * np.sqrt(1 + B - np.diag(k @ inverse @ k.T)), rel=1e-6)


def _matern(r: np.ndarray) -> np.ndarray:
    return np.asarray((1 + math.sqrt(5) * r + 5 * r**2 / 3) * np.exp(-math.sqrt(5) * r))


def test_a_new_run_has_the_learned_noise() -> None:
    given = replace(observed(2, runs=4.0), values=np.array([0.0, 2.0]))
    assert Process.given(given, THETA).noise == pytest.approx(math.sqrt(3 * (0.03 + _SMALLEST_NOISE)))


@pytest.mark.parametrize("has_trend", [False, True])
def test_the_gradient_of_the_posterior_density_is_that_of_its_differences(has_trend: bool) -> None:
    given = observed(12, runs=np.array([1.0] * 11 + [3.0]))
    at = np.random.default_rng(1).standard_normal(12)
    if has_trend:
        given = replace(given, trend=Trend(at=at, variance=0.3, amplitude=0.5, scale=0.1))
    pairs, prior = _Pairs(given), Prior(3)
    _, gradient = pairs.loss(THETA, prior)
    for i in range(len(THETA)):
        step = 1e-6 * np.eye(len(THETA))[i]
        difference = (pairs.loss(THETA + step, prior)[0] - pairs.loss(THETA - step, prior)[0]) / 2e-6
        assert gradient[i] == pytest.approx(difference, rel=1e-5, abs=1e-6)


def test_the_density_is_the_normal_one_times_the_prior() -> None:
    given = observed()
    y = (given.values - given.values.mean()) / (given.values.std() * math.sqrt(10 / 8))
    gaps = (given.points[:, None] - given.points[None]) ** 2 * np.exp(2 * THETA[:3])[OWNERS]
    cov = 0.8 * _matern(np.sqrt(gaps.sum(axis=-1))) + B + (0.03 + _SMALLEST_NOISE) * np.eye(9)
    normal = 0.5 * y @ np.linalg.solve(cov, y) + 0.5 * np.linalg.slogdet(cov)[1]
    prior = Prior(3)
    z = (THETA - prior.mean) / prior.spread
    assert _Pairs(given).loss(THETA, prior)[0] == pytest.approx(normal + 0.5 * z @ z)


def test_the_fit_is_the_same_in_any_unit_of_the_values() -> None:
    given = observed()
    theta = Process.fit(given).theta
    assert Process.fit(replace(given, values=3 + 100 * given.values)).theta == pytest.approx(theta, abs=1e-3)


def test_the_fit_finds_the_param_that_matters_and_the_noise() -> None:
    rng = np.random.default_rng(3)
    points = rng.random((40, 3))
    values = np.sin(5 * points[:, 1]) + 0.1 * rng.standard_normal(40)
    given = Observed(points=points, owners=np.arange(3), values=values, runs=np.ones(40))
    process = Process.fit(given)
    assert np.argmax(process.theta[:3]) == 1
    assert 0.05 < process.noise < 0.2
    new = rng.random((50, 3))
    assert np.abs(process.posterior(new)[0] - np.sin(5 * new[:, 1])).mean() < 0.1
    assert all(process.theta == Process.fit(given).theta), "the same values give the same process"


def test_the_mean_is_that_of_the_posterior_and_a_trend_moves_it_alone() -> None:
    given, new = observed(), np.random.default_rng(5).random((7, len(OWNERS)))
    process = Process.given(given, THETA)
    assert process.mean(new) == pytest.approx(process.posterior(new)[0])
    known = replace(given, trend=Trend(at=np.zeros(9), variance=0.3, amplitude=1.0, scale=process.scale))
    there = np.linspace(-1, 1, 7)
    trended = Process.given(known, THETA)
    assert trended.mean(new, there) == pytest.approx(process.mean(new) + process.scale * there)
    assert (trended.posterior(new, there)[1] ** 2 - process.posterior(new)[1] ** 2) == pytest.approx(
        process.scale**2 * 0.3 * there**2
    )


def test_many_trials_are_fitted_as_well_from_the_place_that_some_of_them_lead_to() -> None:
    rng = np.random.default_rng(4)
    points = rng.random((130, 3))
    values = np.sin(5 * points[:, 1]) + points[:, 0] + 0.1 * rng.standard_normal(130)
    given = Observed(points=points, owners=np.arange(3), values=values, runs=np.ones(130))
    prior = Prior(3)
    some = given.some(64)
    assert len(some.values) == 64 and some.points[[0, -1]].tolist() == points[[0, -1]].tolist()
    found = _Pairs(given).loss(Process.fit(given).theta, prior)[0]
    starts = [prior.mean, prior.mean + prior.second, *prior.mean + rng.standard_normal((3, 5))]
    assert found < min(_largest(given, prior, start)[0] for start in starts) + 1e-3
