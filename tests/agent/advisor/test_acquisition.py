"""Log expected improvement against an integral and its own asymptote, and chances."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from agent.advisor.acquisition import log_chance_below, log_expected_improvement


@pytest.mark.parametrize("z", [-5.0, -2.0, -1.0001, -1.0, -0.3, 0.0, 0.7, 3.0])
def test_the_expected_improvement_is_the_integral_of_the_improvement(z: float) -> None:
    best, spread = 0.4, 0.05
    mean = best + z * spread
    integral, _ = quad(lambda f: (f - best) * norm.pdf(f, mean, spread), best, best + (max(z, 0) + 12) * spread)
    ours = log_expected_improvement(np.array([mean]), np.array([spread]), best)
    assert ours[0] == pytest.approx(math.log(integral), rel=1e-7)


def test_the_expected_improvement_keeps_its_order_where_it_is_below_the_smallest_number() -> None:
    z = -np.logspace(0.5, 6, 400)
    ours = log_expected_improvement(z, np.ones(400), 0.0)
    assert np.isfinite(ours).all() and (np.diff(ours) < 0).all()
    far = z < -300
    asymptote = -0.5 * z**2 - 0.5 * math.log(2 * math.pi) - 2 * np.log(-z)
    assert ours[far] == pytest.approx(asymptote[far], abs=1e-3, rel=1e-12)


def test_of_two_candidates_with_one_mean_the_less_certain_promises_more() -> None:
    ours = log_expected_improvement(np.array([0.3, 0.3, 0.35]), np.array([0.01, 0.05, 0.01]), 0.4)
    assert ours[1] > ours[2] > ours[0]


def test_the_chance_below_a_bound_is_the_normal_one() -> None:
    ours = log_chance_below(np.array([0.0, -0.2, 0.3, 20.0]), np.array([1.0, 0.1, 0.1, 0.1]))
    assert np.exp(ours[:3]) == pytest.approx([0.5, 0.977249868, 0.001349898])
    assert ours[3] == pytest.approx(-20006.217, abs=0.01)
    assert np.exp(log_chance_below(np.array([0.5]), np.array([0.1]), bound=0.5))[0] == pytest.approx(0.5)
