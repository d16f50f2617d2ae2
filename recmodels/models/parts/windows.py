"""Windows over users' histories for models that name the next item, and what training may do to them.

    B  windows of a batch     L  entries of the longest

Crop, mask and reorder: Xie et al. 2022, Contrastive Learning for Sequential Recommendation, section 3.2, here applied
to the one window that is trained on rather than to a pair.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from recmodels.data.histories import Histories


def cut(histories: Histories, length: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
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


def crop(starts: Tensor, stops: Tensor, share: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """A random stretch of each window without `share` of its entries; two are always kept. Both (n_windows,) int64."""
    sizes = stops - starts
    kept = torch.minimum((sizes * (1 - share)).round().long().clamp(min=2), sizes)
    starts = starts + _uniform(sizes - kept + 1, generator)
    return starts, starts + kept


def batched(
    histories: Histories, starts: Tensor, stops: Tensor, batch_size: int, generator: torch.Generator
) -> Iterator[Tensor]:
    """The windows in random order, right-padded with `n_items`; those of about the same length share a batch. (B, L)"""
    for rows, longest in grouped(starts, stops, batch_size, generator):
        yield histories.window(starts[rows], stops[rows], longest)


def grouped(starts: Tensor, stops: Tensor, batch_size: int, generator: torch.Generator) -> Iterator[tuple[Tensor, int]]:
    """The numbers of the windows of each batch, (<= batch_size,), and the length of the longest."""
    order = torch.randperm(len(starts), generator=generator, device=starts.device)
    sizes = stops - starts
    order = order[sizes[order].argsort(stable=True)]
    batches = torch.split(order, batch_size)
    longest: list[int] = sizes[torch.stack([rows[-1] for rows in batches])].tolist()
    for number in torch.randperm(len(batches), generator=generator, device=starts.device).tolist():
        yield batches[number], longest[number]


def reorder(windows: Tensor, share: float, padding: int, generator: torch.Generator) -> Tensor:
    """A random stretch, `share` of each window and two entries at least, in random order. (B, L) to (B, L)."""
    sizes = (windows != padding).sum(dim=1)  # (B,)
    n = torch.minimum((sizes * share).round().long().clamp(min=2), sizes)
    first = _uniform(sizes - n + 1, generator)[:, None]
    places = torch.arange(windows.shape[1], device=windows.device).expand_as(windows)
    is_moved = (places >= first) & (places < first + n[:, None])
    drawn = torch.rand(windows.shape, generator=generator, device=windows.device)
    order = torch.where(is_moved, first + drawn * n[:, None], places).argsort(dim=1, stable=True)
    return windows.gather(1, order)


def mask(inputs: Tensor, share: float, padding: int, generator: torch.Generator) -> Tensor:
    """Each entry is hidden, which reads as padding does, with probability `share`. (B, L) to (B, L)."""
    return inputs.masked_fill(torch.rand(inputs.shape, generator=generator, device=inputs.device) < share, padding)


def _uniform(below: Tensor, generator: torch.Generator) -> Tensor:
    """A whole number in [0, below) for each entry. Same shape, int64."""
    return (torch.rand(below.shape, generator=generator, device=below.device, dtype=torch.float64) * below).long()
