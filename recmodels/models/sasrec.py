"""A causal transformer over each user's latest items, trained to name the next item at every position.

Source: Kang & McAuley 2018, Self-Attentive Sequential Recommendation; with a softmax over all items in place of one
negative (Klenitskiy & Vasilev 2023), sampled where the catalogue is large.

    B  users of a batch     L  max_length     d  embedding_size     m  real positions of a batch
"""

import math
from collections.abc import Iterator

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from recmodels.errors import DataError
from recmodels.models.base import Entities, RecModel
from recmodels.models.histories import Histories
from recmodels.search_space import Params

MAX_FULL_SOFTMAX = 10_000  # items; above, the softmax is over sampled ones
N_SAMPLED = 1024  # shared by a batch


class Block(nn.Module):
    """Causal self-attention and a feed-forward layer, each normalised before and added to its input."""

    def __init__(self, size: int, n_heads: int, dropout: float) -> None:
        super().__init__()
        self.n_heads = n_heads
        self.dropout = dropout
        self.attention_norm = nn.LayerNorm(size)
        inner = n_heads * math.ceil(size / n_heads)  # any size goes with any number of heads
        self.to_qkv = nn.Linear(size, 3 * inner)
        self.to_out = nn.Linear(inner, size)
        self.feed_forward = nn.Sequential(
            nn.LayerNorm(size),
            nn.Linear(size, 2 * size),
            nn.ReLU(),
            nn.Linear(2 * size, size),
            nn.Dropout(dropout),
        )

    def forward(self, states: Tensor) -> Tensor:
        """(B, L, d) to (B, L, d)."""
        qkv = self.to_qkv(self.attention_norm(states)).unflatten(
            -1, (3, self.n_heads, -1)
        )  # (B, L, 3, heads, d / heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # each (B, heads, L, d / heads)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        mixed = self.to_out(mixed.transpose(1, 2).flatten(2))
        states = states + F.dropout(mixed, self.dropout, self.training)
        changed: Tensor = states + self.feed_forward(states)
        return changed


class SASRec(RecModel):
    """The score of an item is its embedding times the state at the user's latest position.

    Windows are padded on the right, so that under the causal mask no real position sees the padding.
    """

    max_grad_norm = 5.0

    def __init__(self, params: Params, entities: Entities) -> None:
        super().__init__(params, entities)
        size, dropout = int(params["embedding_size"]), float(params["dropout"])
        self.length = int(params["max_length"])
        self.items = nn.Embedding(entities.n_items + 1, size, padding_idx=entities.n_items)  # the last row is padding
        self.positions = nn.Embedding(self.length, size)
        self.dropout = nn.Dropout(dropout)
        self.blocks = nn.ModuleList(
            Block(size, int(params["n_heads"]), dropout) for _ in range(int(params["n_layers"]))
        )
        self.norm = nn.LayerNorm(size)
        for table in (self.items, self.positions):
            nn.init.normal_(table.weight, std=0.02)
        nn.init.zeros_(self.items.weight[entities.n_items :])

    def fit(self, histories: Histories) -> None:
        if not (histories.lengths() > 1).any():
            raise DataError(
                "sasrec learns what follows what, and no user has two interactions to train on; try another model"
            )

    def batches(self, histories: Histories, generator: torch.Generator) -> Iterator[tuple[Tensor, ...]]:
        """(windows (B, <= L + 1),): all but the last item of a window are read, all but the first are asked for.

        Long histories are cut at places that are drawn anew each epoch, so that every item is asked for once in it.
        Windows of about the same length share a batch, which leaves little padding.
        """
        starts, stops = _cut(histories, self.length, generator)
        order = torch.randperm(len(starts), generator=generator, device=histories.device)
        order = order[(stops - starts)[order].argsort(stable=True)]
        batches = torch.split(order, int(self.params["batch_size"]))
        longest = [int(size) for size in torch.stack([(stops - starts)[rows[-1]] for rows in batches]).tolist()]
        for number in torch.randperm(len(batches), generator=generator, device=histories.device).tolist():
            rows = batches[number]
            yield (histories.window(starts[rows], stops[rows], longest[number]),)

    def forward(self, *batch: Tensor) -> Tensor:
        (windows,) = batch
        targets = windows[:, 1:]
        is_real = targets != self.n_items  # (B, L)
        states = self.encode(windows[:, :-1])[is_real]  # (m, d)
        targets = targets[is_real]  # (m,)
        if self.n_items <= MAX_FULL_SOFTMAX:
            return F.cross_entropy(states @ self.items.weight[: self.n_items].T, targets)
        return self._sampled_softmax(states, targets)

    def _sampled_softmax(self, states: Tensor, targets: Tensor) -> Tensor:
        """Cross-entropy whose denominator is estimated from shared uniform negatives."""
        negatives = torch.randint(self.n_items, (N_SAMPLED,), device=states.device)
        positive: Tensor = (states * self.items(targets)).sum(-1, keepdim=True)  # (m, 1)
        logits = states @ self.items(negatives).T + math.log((self.n_items - 1) / N_SAMPLED)  # (m, N_SAMPLED)
        logits = logits.masked_fill(targets[:, None] == negatives, -torch.inf)
        return (torch.cat([positive, logits], dim=1).logsumexp(dim=1) - positive.squeeze(1)).mean()

    def encode(self, windows: Tensor) -> Tensor:
        """The state at each position of right-padded windows: (B, <= L) int64 to (B, <= L, d)."""
        positions = self.positions.weight[: windows.shape[1]]
        states = self.dropout(self.items(windows) * math.sqrt(self.items.embedding_dim) + positions)
        for block in self.blocks:
            states = block(states)
        normalised: Tensor = self.norm(states)
        return normalised

    def encode_items(self) -> Tensor:
        return self.items.weight[: self.n_items]

    def score(self, users: Tensor, histories: Histories, items: Tensor | None) -> Tensor:
        windows = histories.last(users, self.length)
        latest = ((windows != self.n_items).sum(dim=1) - 1).clamp(min=0)  # (B,)
        states = self.encode(windows)[torch.arange(len(users), device=users.device), latest]  # (B, d)
        return states @ self.items.weight[: self.n_items].T


def _cut(histories: Histories, length: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Windows of at most `length` + 1 entries over all histories; neighbours share one entry. Both (n_windows,) int64.

    A history of more than `length` + 1 entries is cut at its end, at a random place within the last `length` entries,
    and from there backwards every `length`.
    """
    n_targets = (histories.lengths() - 1).clamp(min=0)  # (n_users,)
    tails = torch.randint(length, n_targets.shape, generator=generator, device=histories.device)
    tails = torch.where(n_targets > length, tails, 0)  # targets of the window at the end; 0: a whole window
    n_windows = (n_targets - tails + length - 1) // length + (tails > 0)
    users = torch.arange(histories.n_users, device=histories.device).repeat_interleave(n_windows)
    before = (n_windows.cumsum(0) - n_windows)[users]  # windows of the users above
    number = torch.arange(len(users), device=histories.device) - before  # within the user, 0 the latest
    tail, has_tail = tails[users], (tails > 0)[users].long()
    stops = histories.offsets[users + 1] - torch.where(number > 0, tail, 0) - (number - has_tail).clamp(min=0) * length
    sizes = torch.where((number == 0) & (tail > 0), tail, length) + 1
    return torch.maximum(histories.offsets[users], stops - sizes), stops
