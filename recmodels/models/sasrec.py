"""A causal transformer over each user's latest items, trained to name the next item at every position.

Source: Kang & McAuley 2018, Self-Attentive Sequential Recommendation; with a softmax over all items in place of one
negative (Klenitskiy & Vasilev 2023).

    B  users of a batch     L  positions, at most max_length     d  embedding_size
"""

import math

import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from recmodels.models.base import Entities
from recmodels.models.parts.dropout import Dropout
from recmodels.models.parts.sequence import SequenceModel
from recmodels.search_space import Params


class CausalAttention(nn.Module):
    """Each position mixes what it and those before it hold."""

    def __init__(self, size: int, n_heads: int) -> None:
        super().__init__()
        self.n_heads = n_heads
        inner = n_heads * math.ceil(size / n_heads)  # any size goes with any number of heads
        self.to_qkv = nn.Linear(size, 3 * inner)
        self.to_out = nn.Linear(inner, size)

    def forward(self, states: Tensor) -> Tensor:
        """(B, L, d) to (B, L, d)."""
        qkv = self.to_qkv(states).unflatten(-1, (3, self.n_heads, -1))  # (B, L, 3, heads, d / heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # each (B, heads, L, d / heads)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        out: Tensor = self.to_out(mixed.transpose(1, 2).flatten(2))
        return out


class Block(nn.Module):
    """Causal self-attention and a feed-forward layer, each normalised before and added to its input."""

    def __init__(self, size: int, n_heads: int, dropout: float) -> None:
        super().__init__()
        self.attention = nn.Sequential(nn.LayerNorm(size), CausalAttention(size, n_heads), Dropout(dropout))
        self.feed_forward = nn.Sequential(
            nn.LayerNorm(size),
            nn.Linear(size, 2 * size),
            nn.ReLU(),
            nn.Linear(2 * size, size),
            Dropout(dropout),
        )

    def forward(self, states: Tensor) -> Tensor:
        """(B, L, d) to (B, L, d)."""
        states = states + self.attention(states)
        changed: Tensor = states + self.feed_forward(states)
        return changed


class SASRec(SequenceModel):
    """Item vectors with a learned vector for each position, through a stack of blocks."""

    def __init__(self, params: Params, entities: Entities) -> None:
        super().__init__(params, entities)
        size, dropout = int(params["embedding_size"]), float(params["dropout"])
        self.positions = nn.Embedding(self.length, size)
        nn.init.normal_(self.positions.weight, std=0.02)
        self.dropout = Dropout(dropout)
        self.blocks = nn.ModuleList(
            self.block(size, int(params["n_heads"]), dropout) for _ in range(int(params["n_layers"]))
        )
        self.norm = nn.LayerNorm(size)

    def block(self, size: int, n_heads: int, dropout: float) -> nn.Module:
        """One layer of the stack."""
        return Block(size, n_heads, dropout)

    def encode(self, vectors: Tensor) -> Tensor:
        positions = self.positions.weight[: vectors.shape[1]]
        states = self.dropout(vectors * math.sqrt(vectors.shape[-1]) + positions)
        for block in self.blocks:
            states = block(states)
        normalised: Tensor = self.norm(states)
        return normalised
