"""Pointwise attention without a softmax over each user's latest items, gated, with a bias for each distance.

Source: Zhai et al. 2024, Actions Speak Louder than Words, section 3.1 (HSTU), with distances in positions, not in time.

    B  users of a batch     L  positions, at most max_length     d  embedding_size
"""

import math

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from recmodels.models.parts.dropout import Dropout
from recmodels.models.sasrec import SASRec


class HstuBlock(nn.Module):
    """One projection, pointwise attention over earlier positions, and a gate, added to the input."""

    def __init__(self, size: int, n_heads: int, length: int, dropout: float) -> None:
        super().__init__()
        self.n_heads = n_heads
        inner = n_heads * math.ceil(size / n_heads)  # any size goes with any number of heads
        self.norm = nn.LayerNorm(size)
        self.to_uvqk = nn.Linear(size, 4 * inner, bias=False)
        self.biases = nn.Parameter(torch.zeros(n_heads, length))  # by distance
        self.mixed_norm = nn.LayerNorm(inner)
        self.dropout = Dropout(dropout)
        self.to_out = nn.Linear(inner, size)

    def forward(self, states: Tensor) -> Tensor:
        """(B, L, d) to (B, L, d)."""
        uvqk = F.silu(self.to_uvqk(self.norm(states)))  # (B, L, 4 * inner)
        u, v, q, k = uvqk.view(*uvqk.shape[:2], 4, self.n_heads, -1).permute(
            2, 0, 3, 1, 4
        )  # each (B, heads, L, d / heads)
        places = torch.arange(states.shape[1], device=states.device)
        distances = places[:, None] - places  # (L, L)
        biases = self.biases[:, distances.clamp(min=0)]  # (heads, L, L)
        seen = (distances >= 0) / (1 + places)[:, None]  # (L, L) a mean, so that no padding counts
        weights = F.silu(q @ k.transpose(-1, -2) + biases) * seen  # (B, heads, L, L)
        mixed = self.mixed_norm((weights @ v).transpose(1, 2).flatten(2))  # (B, L, inner)
        changed: Tensor = states + self.to_out(self.dropout(mixed * u.transpose(1, 2).flatten(2)))
        return changed


class HSTU(SASRec):
    """As SASRec, of other blocks."""

    def block(self, size: int, n_heads: int, dropout: float) -> nn.Module:
        return HstuBlock(size, n_heads, self.length, dropout)
