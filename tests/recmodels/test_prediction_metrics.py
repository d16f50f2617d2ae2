"""AUC, log loss, F1, RMSE and MAE against their definitions written out pair by pair."""

import math

import numpy as np
import pytest
import torch

from recmodels.metrics import ctr


def auc_by_pairs(scores: np.ndarray, labels: np.ndarray) -> float:
    above, below = scores[labels == 1][:, None], scores[labels == 0][None]
    return float((above > below).mean() + (above == below).mean() / 2)


@pytest.mark.parametrize("n_values", [3, 10_000])  # with many ties and with none
def test_auc_is_the_share_of_pairs_in_order_with_ties_counting_half(n_values: int) -> None:
    rng = np.random.default_rng(n_values)
    scores, labels = rng.integers(0, n_values, 300).astype(np.float32), rng.integers(0, 2, 300)
    found = ctr.auc(torch.tensor(scores), torch.tensor(labels).float())
    assert found == pytest.approx(auc_by_pairs(scores, labels), abs=1e-12)


def test_auc_within_each_group_is_that_of_its_rows_alone() -> None:
    rng = np.random.default_rng(0)
    scores, labels = rng.integers(0, 6, 400).astype(np.float32), rng.integers(0, 2, 400)
    groups = rng.integers(0, 9, 400)
    labels[groups == 4] = 1
    found = ctr.auc_by_group(torch.tensor(scores), torch.tensor(labels).float(), torch.tensor(groups), 11)
    assert found[[4, 9, 10]].isnan().all()  # one class; no rows
    for group in (0, 1, 2, 3, 5, 6, 7, 8):
        of_group = groups == group
        assert float(found[group]) == pytest.approx(auc_by_pairs(scores[of_group], labels[of_group]), abs=1e-12)


def test_auc_of_one_class_is_not_a_number() -> None:
    assert math.isnan(ctr.auc(torch.tensor([0.1, 0.7]), torch.tensor([1.0, 1.0])))


def test_the_others_are_as_calculated_by_hand() -> None:
    p, labels = torch.tensor([0.9, 0.5, 0.2, 0.6]), torch.tensor([1.0, 1.0, 1.0, 0.0])
    assert ctr.logloss(p, labels) == pytest.approx(-np.log([0.9, 0.5, 0.2, 0.4]).mean())
    assert ctr.f1(p, labels) == pytest.approx(2 * 2 / (3 + 3))  # said: three, of which two are so; so: three
    assert math.isnan(ctr.f1(p, torch.zeros(4)))
    assert ctr.rmse(torch.tensor([1.0, 3.0]), torch.tensor([2.0, 5.0])) == pytest.approx(2.5**0.5)
    assert ctr.mae(torch.tensor([1.0, 3.0]), torch.tensor([2.0, 5.0])) == pytest.approx(1.5)


def test_a_certain_mistake_costs_a_finite_log_loss() -> None:
    assert ctr.logloss(torch.tensor([0.0, 1.0]), torch.tensor([1.0, 0.0])) == pytest.approx(-math.log(1e-7), rel=1e-3)


def test_equal_scores_in_neighbouring_groups_are_no_ties() -> None:
    labels, groups = torch.tensor([1.0, 0, 0, 0, 1, 0]), torch.tensor([0, 0, 0, 1, 1, 1])
    found = ctr.auc_by_group(torch.full((6,), 0.5), labels, groups, 2)
    assert found.tolist() == [0.5, 0.5]


def test_one_pair_is_enough_for_an_auc() -> None:
    scores, labels = torch.tensor([0.2, 0.7, 0.9, 0.1]), torch.tensor([0.0, 1, 0, 1])
    assert ctr.auc_by_group(scores, labels, torch.tensor([0, 0, 1, 1]), 2).tolist() == [1.0, 0.0]


@pytest.mark.parametrize(("threshold", "value"), [(0.5, 2 * 2 / (3 + 3)), (0.9, 2 * 1 / (1 + 3)), (0.91, 0.0)])
def test_f1_is_of_the_rows_at_the_threshold_or_above(threshold: float, value: float) -> None:
    p, labels = torch.tensor([0.9, 0.5, 0.2, 0.6]), torch.tensor([1.0, 1.0, 1.0, 0.0])
    assert ctr.f1(p, labels, threshold) == pytest.approx(value)


def test_a_certain_and_right_prediction_costs_almost_nothing() -> None:
    assert ctr.logloss(torch.tensor([0.0, 1.0]), torch.tensor([0.0, 1.0])) == pytest.approx(1e-7, rel=1e-3)
