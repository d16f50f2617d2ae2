"""Batches of (user, item) pairs and their negatives, drawn on the device."""

from collections.abc import Iterator

import torch
from torch import Tensor

from recmodels.models.histories import Histories

MAX_BITMAP_BYTES = 2**28
MAX_ROUNDS = 100  # a user who has nearly every item keeps what the last round drew


def shuffled(n: int, batch_size: int, generator: torch.Generator) -> Iterator[Tensor]:
    """The numbers below `n` in random order, in batches. Each (<= batch_size,) int64."""
    yield from torch.split(torch.randperm(n, generator=generator, device=generator.device), batch_size)


class NegativeSampler:
    """Draws items that a user does not have, uniformly."""

    def __init__(self, histories: Histories) -> None:
        self.n_items = histories.n_items
        size = histories.n_users * histories.n_items
        self._bitmap: Tensor | None = None  # (n_users * n_items,) bool, where it fits
        keys = histories.users * histories.n_items + histories.items
        if size <= MAX_BITMAP_BYTES:
            self._bitmap = torch.zeros(size, dtype=torch.bool, device=histories.device)
            self._bitmap[keys] = True
        else:
            self._keys = torch.unique(keys)  # (m,) sorted user * n_items + item

    def has(self, users: Tensor, items: Tensor) -> Tensor:
        """Whether each user has the item beside it. Same shape, bool."""
        keys = users * self.n_items + items
        if self._bitmap is not None:
            return self._bitmap[keys]
        places = torch.searchsorted(self._keys, keys).clamp(max=len(self._keys) - 1)
        found: Tensor = self._keys[places] == keys
        return found

    def draw(self, users: Tensor, n: int, generator: torch.Generator) -> Tensor:
        """`n` items for each of `users` (B,) that the user does not have. (B, n) int64."""
        owners = users.repeat_interleave(n)  # (B * n,)
        items = torch.randint(self.n_items, owners.shape, generator=generator, device=owners.device)
        wrong = self.has(owners, items).nonzero().squeeze(1)
        for _ in range(MAX_ROUNDS):
            if not len(wrong):
                break
            items[wrong] = torch.randint(self.n_items, wrong.shape, generator=generator, device=owners.device)
            wrong = wrong[self.has(owners[wrong], items[wrong])]
        return items.view(len(users), n)
