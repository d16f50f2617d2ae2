"""Examples on a device: what models that predict learn from and are measured on, with what a user answered before.

A row of train sees earlier rows of train, one of valid or test also those of the parts before it. Where the rows have
times it sees what came before it in its own part too, as in use; else only the parts before.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from recmodels.data.examples import Examples, Target

NOTHING = -1  # an item's number in a window: no row


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Rows in order, and for each of `m` predicted rows where its own past begins and ends among them."""

    items: Tensor  # (N,) int64
    is_liked: Tensor  # (N,) bool
    starts: Tensor  # (m,) int64
    stops: Tensor  # (m,) int64

    def windows(self, rows: Tensor, length: int) -> tuple[Tensor, Tensor]:
        """The latest `length` answers before each row, oldest first: items, or `NOTHING`, and likes. Both (B, L)."""
        places = self.stops[rows][:, None] - length + torch.arange(length, device=rows.device)
        is_there = places >= self.starts[rows][:, None]
        places = places.clamp(min=0, max=max(len(self.items) - 1, 0))
        return self.items[places].masked_fill(~is_there, NOTHING), self.is_liked[places] & is_there


@dataclass(frozen=True, slots=True, kw_only=True)
class Observations:
    """Rows of users, items and their context, by user, then time."""

    users: Tensor  # (m,) int64
    items: Tensor  # (m,) int64
    context: Tensor  # (m, C) int64 codes as in `Features.context_codes`
    numbers: Tensor  # (m, N) float32, NaN where missing
    labels: Tensor | None = None  # (m,) float32; None: all rows were wanted, or those of `wanted`
    target: Target | None = None  # what `labels` are
    outcomes: Tensor | None = None  # (m, c) 0 and 1, where `labels` are their weighted mean
    ratings: Tensor | None = None  # (m,) float32, where the data have them, whatever the task is
    wanted: Tensor | None = None  # (w,) places of the rows that are likes, where not all are and `labels` are none
    past: Past | None = None  # what was answered before each row; only for models that read it

    def __len__(self) -> int:
        return len(self.users)

    def batch(self, rows: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """What `Predictor.predict` reads of these rows."""
        return self.users[rows], self.items[rows], self.context[rows], self.numbers[rows]


def past_of_train(rows: Observations) -> Past:
    """The past of train rows among themselves."""
    is_liked = torch.ones(len(rows), dtype=torch.bool, device=rows.items.device)
    return Past(
        items=rows.items,
        is_liked=is_liked if rows.labels is None else rows.labels > 0,
        starts=torch.searchsorted(rows.users, rows.users),
        stops=torch.arange(len(rows), device=rows.items.device),
    )


def past_of(examples: Examples, parts: npt.NDArray[np.int8], part: int, device: torch.device) -> Past:
    """The past of the rows of one part (0 train, 1 valid, 2 test), as the module says.

    Args:
        parts: The part of each row of `examples`.
    """
    rows = np.flatnonzero(parts <= part)
    has_times = examples.times is not None
    rows = rows if has_times else rows[np.lexsort((parts[rows], examples.users[rows]))]
    users = examples.users[rows]
    own = np.flatnonzero(parts[rows] == part)
    starts = np.searchsorted(users, users[own])
    stops = own
    if not has_times and part:
        stops = np.searchsorted(users * 3 + parts[rows], users[own] * 3 + part)
    arrays = (examples.items[rows], examples.likes()[rows], starts, stops)
    items, likes, begins, ends = (torch.as_tensor(array, device=device) for array in arrays)
    return Past(items=items, is_liked=likes, starts=begins, stops=ends)
