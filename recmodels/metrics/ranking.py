"""Accuracy of ranked lists at a cutoff, one value per user.

    hits        (B, R) bool: whether the item at each rank, best first, is relevant; R >= k
    n_relevant  (B,) int64: how many relevant items the user has, at least 1
    k           the cutoff

All return (B,) float32 in [0, 1]. Relevance is binary.
"""

from collections.abc import Callable

import torch
from torch import Tensor


def ndcg(hits: Tensor, n_relevant: Tensor, k: int) -> Tensor:
    """DCG over that of the best possible list. Source: Järvelin & Kekäläinen 2002, eq. 4, gain 1."""
    gains = 1 / torch.log2(torch.arange(k, device=hits.device) + 2.0)  # (k,)
    ideal = gains.cumsum(0)[n_relevant.clamp(max=k) - 1]  # (B,)
    return (hits[:, :k] * gains).sum(dim=1) / ideal


def recall(hits: Tensor, n_relevant: Tensor, k: int) -> Tensor:
    """Share of the relevant items that are in the list."""
    return hits[:, :k].sum(dim=1) / n_relevant.float()


def precision(hits: Tensor, n_relevant: Tensor, k: int) -> Tensor:
    """Share of the list that is relevant."""
    return hits[:, :k].sum(dim=1) / float(k)


def hit(hits: Tensor, n_relevant: Tensor, k: int) -> Tensor:
    """1 when the list holds a relevant item."""
    return hits[:, :k].any(dim=1).float()


def mrr(hits: Tensor, n_relevant: Tensor, k: int) -> Tensor:
    """1 / rank of the first relevant item; 0 when the list holds none."""
    ranks = torch.arange(1, k + 1, device=hits.device)
    return (hits[:, :k] / ranks).amax(dim=1)


def average_precision(hits: Tensor, n_relevant: Tensor, k: int) -> Tensor:
    """Mean precision at the ranks of the hits, over min(k, n_relevant), so that the best list has 1."""
    top = hits[:, :k].float()
    ranks = torch.arange(1, k + 1, device=hits.device)
    precisions = top.cumsum(dim=1) / ranks  # (B, k)
    return (precisions * top).sum(dim=1) / n_relevant.clamp(max=k)


RANKING: dict[str, Callable[[Tensor, Tensor, int], Tensor]] = {
    "ndcg": ndcg,
    "recall": recall,
    "precision": precision,
    "hit": hit,
    "mrr": mrr,
    "map": average_precision,
}
