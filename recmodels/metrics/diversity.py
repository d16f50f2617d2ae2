"""How different the items of one list are: the mean distance of its pairs.

    ranked   (n_users, R) int64 item numbers, best first, R >= k; -1 where a user had fewer candidates
    vectors  (n_items, c) what is known of each item: its categories (0 or 1), or its factors

Sources: Ziegler et al. 2005 (intra-list similarity); Smyth & McClave 2001.
"""

from typing import Literal

import torch
from torch import Tensor

USERS_A_BLOCK = 1024
Kind = Literal["cosine", "jaccard"]


def intra_list_distance(ranked: Tensor, k: int, vectors: Tensor, kind: Kind) -> float:
    """Mean over the users with two items or more of the mean distance of the pairs in their first `k`, in [0, 2]."""
    distances = torch.cat([_of_users(block[:, :k], vectors, kind) for block in torch.split(ranked, USERS_A_BLOCK)])
    defined = distances[distances.isfinite()]
    return float(defined.mean()) if len(defined) else 0.0


def similarity(vectors: Tensor, kind: Kind) -> Tensor:
    """How alike the items of each list are: (B, R, c) to (B, R, R); an item without categories is like none."""
    common = vectors @ vectors.transpose(1, 2)
    sizes = common.diagonal(dim1=1, dim2=2)  # (B, R) the squared norm, for categories their number
    if kind == "jaccard":
        return common / (sizes[:, :, None] + sizes[:, None] - common).clamp(min=1.0)
    return common / (sizes[:, :, None] * sizes[:, None]).sqrt().clamp(min=1e-12)


def _of_users(ranked: Tensor, vectors: Tensor, kind: Kind) -> Tensor:
    """(B,) NaN where there are no pairs."""
    is_item = ranked >= 0
    pairs = (is_item[:, :, None] & is_item[:, None]).triu(diagonal=1)  # (B, k, k)
    distances = (1 - similarity(vectors[ranked.clamp(min=0)], kind)) * pairs
    return distances.sum(dim=(1, 2)) / pairs.sum(dim=(1, 2))
