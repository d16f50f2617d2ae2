"""The bootstrap interval of paired differences, against exact quantiles and the plain loop over resamples."""

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import binom

from agent.answers.paired import MAX_VALUES, N_SAMPLES, bootstrap_interval

Floats = npt.NDArray[np.float64]


def by_loop(differences: Floats) -> tuple[float, float]:
    """The definition: draw users with replacement, take the mean, many times."""
    generator, n = np.random.default_rng(7), len(differences)
    means = [differences[generator.integers(0, n, n)].mean() for _ in range(N_SAMPLES)]
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def test_two_users_give_the_interval_that_can_be_counted() -> None:
    assert bootstrap_interval(np.array([-1.0, 3.0])) == (-1.0, 3.0)  # means -1, 1, 3 with weights 1/4, 1/2, 1/4


def test_equal_differences_give_an_interval_without_width() -> None:
    assert bootstrap_interval(np.full(1000, 0.25)) == (0.25, 0.25)


def test_users_who_differ_or_not_give_a_binomial_interval() -> None:
    differences = np.repeat([1.0, 0.0], [30, 170])
    low, high = bootstrap_interval(differences)
    assert low == pytest.approx(binom.ppf(0.025, 200, 0.15) / 200, abs=0.0051)  # one user more or less
    assert high == pytest.approx(binom.ppf(0.975, 200, 0.15) / 200, abs=0.0051)


@pytest.mark.parametrize("n_users", [40, MAX_VALUES, MAX_VALUES + 1, 3000])
@pytest.mark.parametrize("shape", ["normal", "skewed", "one outlier"])
def test_the_interval_is_that_of_the_plain_loop(shape: str, n_users: int) -> None:
    generator = np.random.default_rng(3)
    differences = generator.normal(0.1, 1, n_users)
    if shape == "skewed":
        differences = np.exp(2 * differences)
    elif shape == "one outlier":  # all others fall into one bin
        differences[0] = 10.0 * n_users
    low, high = by_loop(differences)
    assert bootstrap_interval(differences) == pytest.approx((low, high), abs=0.08 * (high - low))


def test_the_same_seed_gives_the_same_interval_and_more_users_a_narrower_one() -> None:
    few, many = np.random.default_rng(1).normal(0.1, 1, 50), np.random.default_rng(1).normal(0.1, 1, 5000)
    assert bootstrap_interval(many) == bootstrap_interval(many)
    low, high = bootstrap_interval(many)
    assert low < many.mean() < high
    assert high - low == pytest.approx(2 * 1.96 / 5000**0.5, rel=0.1)
    assert high - low < np.subtract(*bootstrap_interval(few)[::-1])
