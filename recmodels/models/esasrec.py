"""SASRec with gated residuals and SwiGLU in its blocks.

Source: Tikhonovich et al. 2025, eSASRec; the block is LiGR's (Borisyuk et al. 2025).

    B  users of a batch     L  positions, at most max_length     d  embedding_size
"""

import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from recmodels.models.sasrec import CausalAttention, SASRec


class SwiGLU(nn.Module):
    """A feed-forward layer whose inner part is gated by a second projection (Shazeer 2020)."""

    def __init__(self, size: int, inner: int) -> None:
        super().__init__()
        self.to_inner = nn.Linear(size, 2 * inner, bias=False)
        self.to_out = nn.Linear(inner, size, bias=False)

    def forward(self, states: Tensor) -> Tensor:
        """(B, L, d) to (B, L, d)."""
        gate, values = self.to_inner(states).chunk(2, dim=-1)  # each (B, L, inner)
        out: Tensor = self.to_out(F.silu(gate) * values)
        return out


class GatedBlock(nn.Module):
    """What attention and the feed-forward layer add is scaled, feature by feature, by a gate that reads the state."""

    def __init__(self, size: int, n_heads: int, dropout: float) -> None:
        super().__init__()
        layers = (CausalAttention(size, n_heads), SwiGLU(size, 4 * size))
        self.changes = nn.ModuleList(nn.Sequential(nn.LayerNorm(size), layer, nn.Dropout(dropout)) for layer in layers)
        self.gates = nn.ModuleList(nn.Linear(size, size) for _ in layers)

    def forward(self, states: Tensor) -> Tensor:
        """(B, L, d) to (B, L, d)."""
        for change, gate in zip(self.changes, self.gates, strict=True):
            states = states + gate(states).sigmoid() * change(states)
        return states


class ESASRec(SASRec):
    """As SASRec, of gated blocks."""

    def block(self, size: int, n_heads: int, dropout: float) -> nn.Module:
        return GatedBlock(size, n_heads, dropout)
