"""The expected hypervolume improvement against samples, the front by hand, and one objective as a special case."""

import math

import numpy as np
import pytest

from agent.advisor.acquisition import log_expected_improvement
from agent.advisor.hypervolume import Boxes, front_of, reference, volume


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_of_a_candidate_without_doubt_it_is_what_the_candidate_adds(k: int) -> None:
    rng = np.random.default_rng(k)
    values, means = rng.random((6, k)), 0.5 + rng.random((3, k))
    below = reference(values, front_of(values))
    added = [volume(np.vstack([values, one]), below) - volume(values, below) for one in means]
    ours = np.exp(Boxes.above(values).log_expected_improvement(means, np.full((3, k), 1e-9)))
    assert ours == pytest.approx(added, rel=1e-6, abs=1e-8)


def test_the_expectation_is_the_mean_over_samples() -> None:
    rng = np.random.default_rng(0)
    values, mean, spread = rng.random((6, 2)), np.array([[0.7, 0.8]]), np.array([[0.2, 0.3]])
    below = reference(values, front_of(values))
    drawn = mean + spread * rng.standard_normal((500, 2))
    gains = np.array([volume(np.vstack([values, one]), below) for one in drawn]) - volume(values, below)
    ours = float(np.exp(Boxes.above(values).log_expected_improvement(mean, spread))[0])
    assert ours == pytest.approx(gains.mean(), abs=4 * gains.std() / math.sqrt(500))


def test_of_one_objective_it_is_the_expected_improvement() -> None:
    values, means, spreads = np.array([[0.2], [0.5], [0.4]]), np.array([[0.3], [0.9], [-40.0]]), np.full((3, 1), 0.1)
    ours = Boxes.above(values).log_expected_improvement(means, spreads)
    assert ours == pytest.approx(log_expected_improvement(means[:, 0], spreads[:, 0], 0.5))


def test_boxes_fill_the_room_above_the_front_and_no_more() -> None:
    """Of a certain candidate the improvement is what it adds."""
    values = np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0], [1.5, 1.5]])
    boxes = Boxes.above(values)
    lows = boxes.lows[np.argsort(boxes.lows[:, 0])]
    assert lows == pytest.approx(np.array([[0.8, 3.0], [1.0, 2.0], [2.0, 1.0], [3.0, 0.8]]))
    certain = np.full((4, 2), 1e-9)
    added = boxes.log_expected_improvement(np.array([[2.5, 2.5], [1.2, 2.9], [4.0, 0.9], [1.0, 1.0]]), certain)
    assert np.exp(added[:3]) == pytest.approx([1.25, 0.18, 0.1], rel=1e-6)
    assert added[3] < -100 and np.isfinite(added[3]), "what is beaten keeps an order all the same"


def test_the_hypervolume_is_that_of_hand() -> None:
    values = np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0], [1.5, 1.5], [-1.0, 9.0]])
    assert volume(values, np.zeros(2)) == pytest.approx(6.0)
    cube = np.array([[2.0, 2.0, 1.0], [1.0, 1.0, 3.0]])
    assert volume(cube, np.zeros(3)) == pytest.approx(4 + 2)
    assert volume(np.zeros((0, 2)), np.zeros(2)) == volume(values, np.full(2, 5.0)) == 0.0


def test_the_front_holds_what_nothing_beats_once_and_its_reference_is_below_its_worst() -> None:
    values = np.array([[1.0, 3.0], [3.0, 1.0], [1.0, 3.0], [1.0, 2.0], [0.0, 0.0]])
    front = front_of(values)
    assert front.tolist() == [[1.0, 3.0], [3.0, 1.0]]
    assert reference(values, front) == pytest.approx([0.8, 0.8])
    one = np.array([[2.0, 2.0], [0.0, 1.0]])
    assert reference(one, front_of(one)) == pytest.approx([1.8, 1.9]), "of one point by what all trials span"


def test_a_front_of_hundreds_is_thinned_evenly() -> None:
    angle = np.linspace(0, np.pi / 2, 200)
    values = np.column_stack([np.cos(angle), np.sin(angle), np.sin(2 * angle)])
    boxes = Boxes.above(values)
    assert len(boxes.lows) < 1500
    assert np.isfinite(boxes.log_expected_improvement(values, np.full(values.shape, 0.01))).all()
