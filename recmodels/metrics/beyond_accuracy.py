"""What lists are like beyond hitting the held-out items: how much of the catalogue they show, how popular it is.

ranked   (n_users, R) int64 item numbers, best first, R >= k; -1 where a user had fewer candidates
"""

import torch
from torch import Tensor

POPULAR_SHARE = 0.2


def coverage(ranked: Tensor, k: int, n_items: int) -> float:
    """Share of the catalogue in anybody's first `k`, in [0, 1]."""
    listed = torch.unique(ranked[:, :k])
    return int((listed >= 0).sum()) / n_items


def popularity_share(ranked: Tensor, k: int, counts: Tensor) -> float:
    """Share of listed places that go to the most popular 20 % of items, in [0, 1].

    Args:
        counts: How often each item occurs in the data before the cut. (n_items,)
    """
    n_popular = max(1, round(POPULAR_SHARE * len(counts)))
    is_popular = counts.new_zeros(len(counts), dtype=torch.bool)
    is_popular[counts.argsort(descending=True, stable=True)[:n_popular]] = True
    listed = ranked[:, :k]
    listed = listed[listed >= 0]
    return float(is_popular[listed].float().mean()) if len(listed) else 0.0
