"""Batches of (user, item) pairs and their negatives, drawn on the device."""

from collections.abc import Iterator

import torch
from torch import Tensor

from recmodels.data.histories import Histories

MAX_BITMAP_BYTES = 2**28
NEVER = -1e9  # the score of a negative that a pair must not use: its loss and gradient are 0, where -inf gives NaN
MAX_ROUNDS = 100  # a user who has nearly every item keeps what the last round drew


def shuffled(n: int, batch_size: int, generator: torch.Generator) -> Iterator[Tensor]:
    """The numbers below `n` in random order, in batches. Each (<= batch_size,) int64."""
    yield from torch.split(torch.randperm(n, generator=generator, device=generator.device), batch_size)


class NegativeSampler:
    """Draws items that a user does not have: uniformly, or by their counts to the power of `popularity_power`."""

    def __init__(self, histories: Histories, popularity_power: float = 0.0) -> None:
        self.n_items = histories.n_items
        self._bounds = popularity(histories, popularity_power).cumsum(0) if popularity_power else None  # (n_items,)
        size = histories.n_users * histories.n_items
        self._bitmap: Tensor | None = None  # a bool or, where only that fits, a bit for each pair
        keys = histories.users * histories.n_items + histories.items
        if size <= MAX_BITMAP_BYTES:
            self._bitmap = torch.zeros(size, dtype=torch.bool, device=histories.device)
            self._bitmap[keys] = True
            return
        self._keys = torch.unique(keys)  # (m,) sorted user * n_items + item
        if size <= 8 * MAX_BITMAP_BYTES:
            self._bitmap = torch.zeros(size // 8 + 1, dtype=torch.uint8, device=histories.device)
            self._bitmap.index_add_(0, self._keys >> 3, 1 << (self._keys & 7).to(torch.uint8))

    def has(self, users: Tensor, items: Tensor) -> Tensor:
        """Whether each user has the item beside it. Same shape, bool."""
        keys = users * self.n_items + items
        if self._bitmap is not None and self._bitmap.dtype == torch.bool:
            return self._bitmap[keys]
        if self._bitmap is not None:
            return (self._bitmap[keys >> 3] >> (keys & 7).to(torch.uint8) & 1).bool()
        places = torch.searchsorted(self._keys, keys).clamp(max=len(self._keys) - 1)
        found: Tensor = self._keys[places] == keys
        return found

    def draw(self, users: Tensor, n: int, generator: torch.Generator) -> Tensor:
        """`n` items for each of `users` (B,) that the user does not have. (B, n) int64."""
        owners = users.repeat_interleave(n)  # (B * n,)
        items = self._propose(len(owners), generator)
        wrong = self.has(owners, items).nonzero().squeeze(1)
        for _ in range(MAX_ROUNDS):
            if not len(wrong):
                break
            items[wrong] = self._propose(len(wrong), generator)
            wrong = wrong[self.has(owners[wrong], items[wrong])]
        return items.view(len(users), n)

    def _propose(self, n: int, generator: torch.Generator) -> Tensor:
        if self._bounds is None:
            return torch.randint(self.n_items, (n,), generator=generator, device=generator.device)
        points = torch.rand(n, generator=generator, device=generator.device, dtype=self._bounds.dtype)
        return torch.searchsorted(self._bounds, points, right=True).clamp(max=self.n_items - 1)


def popularity(histories: Histories, power: float) -> Tensor:
    """Each item's share of the interactions, to a power and summing to 1. (n_items,) float64, float32 on mps."""
    counts = histories.counts().to(torch.float32 if histories.device.type == "mps" else torch.float64)
    weights = counts**power
    return weights / weights.sum()
