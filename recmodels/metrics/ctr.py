"""How well labels and ratings are predicted.

labels   (m,) 0 or 1
scores   (m,) float: probabilities, or for AUC anything that orders
ratings  (m,) float
groups   (m,) int64 in [0, n_groups): each row's user
"""

import torch
from torch import Tensor

EPSILON = 1e-7  # probabilities are kept this far from 0 and 1


def logloss(probabilities: Tensor, labels: Tensor) -> float:
    """Mean negative log likelihood, in nats."""
    p = probabilities.double().clamp(EPSILON, 1 - EPSILON)
    return float(-torch.where(labels > 0, p.log(), (-p).log1p()).mean())


def auc(scores: Tensor, labels: Tensor) -> float:
    """Probability that a row of label 1 scores above a row of label 0, ties counting half; NaN with one class only."""
    return float(auc_by_group(scores, labels, torch.zeros_like(labels, dtype=torch.int64), 1)[0])


def auc_by_group(scores: Tensor, labels: Tensor, groups: Tensor, n_groups: int) -> Tensor:
    """The AUC within each group. (n_groups,) float64, NaN where a group has one class only.

    Source: Mann & Whitney 1947, U from the ranks of the positives, tied scores sharing their mean rank.
    """
    order = scores.argsort()
    order = order[groups[order].argsort(stable=True)]  # by group, then score
    scores, labels, groups = scores[order], labels[order].double(), groups[order]
    is_new = torch.ones_like(groups, dtype=torch.bool)  # (m,) no tie with the row before
    is_new[1:] = (scores[1:] != scores[:-1]) | (groups[1:] != groups[:-1])
    tie = is_new.cumsum(0) - 1  # (m,)
    sizes = torch.bincount(tie).double()
    ranks = (sizes.cumsum(0) - (sizes - 1) / 2)[tie]  # from 1, over all groups
    n = torch.bincount(groups, minlength=n_groups).double()
    n_positive = torch.zeros_like(n).index_add_(0, groups, labels)
    rank_sums = torch.zeros_like(n).index_add_(0, groups, labels * (ranks - (n.cumsum(0) - n)[groups]))
    n_pairs = n_positive * (n - n_positive)
    return torch.where(n_pairs > 0, (rank_sums - n_positive * (n_positive + 1) / 2) / n_pairs, torch.nan)


def f1(probabilities: Tensor, labels: Tensor, threshold: float = 0.5) -> float:
    """Harmonic mean of precision and recall of label 1 at a threshold that is not tuned; NaN without a label of 1."""
    is_said, is_so = probabilities >= threshold, labels > 0
    n = int(is_said.sum() + is_so.sum())
    return 2 * int((is_said & is_so).sum()) / n if is_so.any() else float("nan")


def rmse(predictions: Tensor, ratings: Tensor) -> float:
    """Root of the mean squared error, in the ratings' unit."""
    return float((predictions.double() - ratings).square().mean().sqrt())


def mae(predictions: Tensor, ratings: Tensor) -> float:
    """Mean absolute error, in the ratings' unit."""
    return float((predictions.double() - ratings).abs().mean())
