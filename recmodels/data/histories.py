"""Every user's items in order, on one device: what models train on, score from and what is masked."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Histories:
    """The items of user u are `items[offsets[u] : offsets[u + 1]]`, oldest first (CSR)."""

    offsets: Tensor  # (n_users + 1,) int64
    items: Tensor  # (n,) int64
    users: Tensor  # (n,) int64, non-decreasing
    n_items: int
    refused: "Histories | None" = None  # known and not wanted: never learned, and masked
    keeps_repeats: bool = False  # whether a user may want the items above again; else they are masked too
    outcomes: Tensor | None = None  # (n,) int64, bits: what came of each entry, where lists are judged by it

    @classmethod
    def from_arrays(
        cls,
        users: npt.NDArray[np.int64],
        items: npt.NDArray[np.int64],
        *,
        n_users: int,
        n_items: int,
        device: torch.device | str = "cpu",
        keeps_repeats: bool = False,
    ) -> "Histories":
        """From rows sorted by user, then time: `users` (n,) and `items` (n,)."""
        counts = np.bincount(users, minlength=n_users)
        offsets = np.concatenate([[0], np.cumsum(counts)])
        return cls(
            offsets=torch.as_tensor(offsets, dtype=torch.int64, device=device),
            items=torch.as_tensor(items, dtype=torch.int64, device=device),
            users=torch.as_tensor(users, dtype=torch.int64, device=device),
            n_items=n_items,
            keeps_repeats=keeps_repeats,
        )

    @property
    def n_users(self) -> int:
        return len(self.offsets) - 1

    @property
    def device(self) -> torch.device:
        return self.items.device

    def __len__(self) -> int:
        return len(self.items)

    def lengths(self) -> Tensor:
        """How many items each user has. (n_users,) int64."""
        return self.offsets[1:] - self.offsets[:-1]

    def counts(self) -> Tensor:
        """How often each item occurs. (n_items,) int64."""
        return torch.bincount(self.items, minlength=self.n_items)

    def last(self, users: Tensor, length: int) -> Tensor:
        """The latest `length` items of each user, oldest first, padded on the right with `n_items`.

        Args:
            users: (B,) int64.

        Returns:
            (B, length) int64 in [0, n_items]; a row of only `n_items` is an empty history.
        """
        stops = self.offsets[users + 1]
        return self.window(torch.maximum(self.offsets[users], stops - length), stops, length)

    def window(self, starts: Tensor, stops: Tensor, length: int) -> Tensor:
        """The entries `starts[i]` to `stops[i]` (at most `length`), padded on the right with `n_items`. (B, length)"""
        positions = starts[:, None] + torch.arange(length, device=self.device)  # (B, length)
        is_padding = positions >= stops[:, None]
        if not len(self.items):
            return torch.full_like(positions, self.n_items)
        return self.items[positions.clamp(max=len(self.items) - 1)].masked_fill(is_padding, self.n_items)

    def entries(self, users: Tensor) -> tuple[Tensor, Tensor]:
        """Row in `users` and item of every entry of these users, to index a (B, n_items) matrix with."""
        lengths = self.offsets[users + 1] - self.offsets[users]  # (B,)
        rows = torch.repeat_interleave(torch.arange(len(users), device=self.device), lengths)  # (m,)
        before = lengths.cumsum(0) - lengths  # entries of the rows above
        positions = torch.arange(len(rows), device=self.device) - before[rows] + self.offsets[users][rows]
        return rows, self.items[positions]

    def masked(self, users: Tensor) -> tuple[Tensor, Tensor]:
        """As `entries`, of what is not to be recommended: the items unless they may come again, and the refused."""
        rows, items = self.entries(users)
        if self.refused is None:
            return (rows[:0], items[:0]) if self.keeps_repeats else (rows, items)
        refused_rows, refused_items = self.refused.entries(users)
        if not self.keeps_repeats:
            return torch.cat([rows, refused_rows]), torch.cat([items, refused_items])
        is_left = ~torch.isin(refused_rows * self.n_items + refused_items, rows * self.n_items + items)
        return refused_rows[is_left], refused_items[is_left]

    def multi_hot(self, users: Tensor) -> Tensor:
        """1 where the user has the item. (B, n_items) float32."""
        matrix = torch.zeros(len(users), self.n_items, device=self.device)
        matrix[self.entries(users)] = 1.0
        return matrix
