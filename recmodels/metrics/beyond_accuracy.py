"""What lists are like beyond hitting the held-out items: how much of the catalogue they show, how popular it is.

ranked   (n_users, R) int64 item numbers, best first, R >= k; -1 where a user had fewer candidates
"""

import torch
from torch import Tensor

POPULAR_SHARE = 0.2
TAIL_SHARE = 0.2


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


def gini(ranked: Tensor, k: int, n_items: int) -> float:
    """How unevenly the listed places are spread over the catalogue: 0 all items alike, towards 1 a single one.

    Source: Fleder & Hosanagar 2009.
    """
    listed = ranked[:, :k]
    counts = torch.bincount(listed[listed >= 0], minlength=n_items).double().sort().values
    total = float(counts.sum())
    ranks = torch.arange(1, n_items + 1, device=counts.device, dtype=counts.dtype)
    return float((2 * (ranks * counts).sum() / (n_items * total)) - (n_items + 1) / n_items) if total else 0.0


def average_popularity(ranked: Tensor, k: int, counts: Tensor) -> float:
    """Interactions of the listed items before the cut, averaged over all places."""
    listed = ranked[:, :k]
    listed = listed[listed >= 0]
    return float(counts[listed].double().mean()) if len(listed) else 0.0


def tail_share(ranked: Tensor, k: int, counts: Tensor) -> float:
    """Share of listed places that go to the tail: the least popular items that together make 20 % of all interactions.

    Source: Abdollahpouri et al. 2017 (short head and long tail).
    """
    order = counts.argsort(stable=True)
    is_tail = counts.new_zeros(len(counts), dtype=torch.bool)
    is_tail[order[counts[order].cumsum(0) <= TAIL_SHARE * counts.sum()]] = True
    listed = ranked[:, :k]
    listed = listed[listed >= 0]
    return float(is_tail[listed].double().mean()) if len(listed) else 0.0


def novelty(ranked: Tensor, k: int, counts: Tensor, n_users: int) -> float:
    """Mean self-information of the listed items in bits, -log2 of the share of users who have the item.

    An item that nobody has counts as if one user had it. Source: Zhou et al. 2010.
    """
    bits = -(counts.clamp(min=1).double() / max(n_users, 1)).clamp(max=1.0).log2()
    listed = ranked[:, :k]
    listed = listed[listed >= 0]
    return float(bits[listed].mean()) if len(listed) else 0.0


def serendipity(ranked: Tensor, hits: Tensor, k: int, counts: Tensor) -> float:
    """Share of listed places that are relevant and not among the `k` most popular items, in [0, 1].

    Args:
        hits: Whether the item at each place is relevant. (n_users, R) bool

    Source: Ge et al. 2010, with popularity as the primitive recommender.
    """
    is_expected = counts.new_zeros(len(counts), dtype=torch.bool)
    is_expected[counts.argsort(descending=True, stable=True)[:k]] = True
    listed = ranked[:, :k]
    found = hits[:, :k] & (listed >= 0) & ~is_expected[listed.clamp(min=0)]
    return float(found.double().mean()) if found.numel() else 0.0
