"""Gains as scores: their order is kept, they have a normal spread over a task, and their density is the derivative."""

import numpy as np
import pytest

from agent.advisor.scores import Scores, level_of, unit_of

GAINS = np.concatenate([np.linspace(-0.9, 0.0, 50), np.linspace(0.0005, 0.02, 10)])  # much is lost, and little is won


def test_scores_rise_within_the_gains_and_beyond_them() -> None:
    scores = Scores.of(GAINS)
    at = np.linspace(-3.0, 3.0, 2001)
    assert (np.diff(scores(at)) > 0).all()
    assert scores(GAINS).mean() == pytest.approx(0.0, abs=0.15) and scores(GAINS).std() == pytest.approx(1.0, abs=0.15)


def test_a_small_gain_near_the_top_counts_as_much_as_a_large_one_far_below() -> None:
    low, middle, high, higher = Scores.of(GAINS)(np.array([-0.6, -0.3, 0.0, 0.01]))
    assert higher - high > 0.3 * (middle - low)


def test_the_density_is_the_derivative_of_the_score() -> None:
    scores, step = Scores.of(GAINS), 1e-6
    at = np.array([-2.0, -0.5, 0.0011, 0.5])
    slopes = (scores(at + step) - scores(at - step)) / (2 * step)
    assert np.exp(scores.log_density(at)) == pytest.approx(slopes, rel=0.01)


def test_values_that_are_all_equal_have_scores() -> None:
    assert np.isfinite(Scores.of(np.zeros(8))(np.array([-1.0, 0.0, 1.0]))).all()


def test_the_value_of_defaults_that_did_not_run_is_told_from_what_the_others_gain() -> None:
    assert level_of(np.array([0.22, 0.18, 0.3]), np.array([0.1, -0.1, 0.5])) == pytest.approx(0.2)
    assert level_of(np.array([-0.45, -0.55]), np.array([0.1, -0.1])) == pytest.approx(-0.5)  # a loss


def test_gains_upon_next_to_nothing_are_counted_in_the_largest_value() -> None:
    assert unit_of(0.2, np.array([0.2, 0.3])) == 0.2
    assert unit_of(0.0, np.array([0.0, 0.3])) == pytest.approx(0.03)
    assert unit_of(0.0, np.array([0.0])) == 1.0
