"""Windows of time that follow each other: train on all that came before one, test on what is in it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from recmodels.data.interactions import Interactions
from recmodels.data.split import SHARE
from recmodels.errors import DataError, ParamError

MOST_SHARE = 0.5  # of all events, for all windows together; what came before the first is there to train on


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One of them. The events before it are for training; the latest of these, as many as it has, choose the epoch."""

    number: int  # from 1, the earliest first
    first: int  # moment, unix seconds
    last: int
    n_before: int  # events
    n_events: int


def windows(interactions: Interactions, n: int) -> tuple[Window, ...]:
    """The last events in `n` windows of a tenth each, or of less where that would be more than half of all events.

    Events of one moment are in one window, so that windows may differ in size; one without events is left out.

    Raises:
        ParamError: `n` is not positive.
        DataError: The data have no timestamps, or too few events of different moments.
    """
    if n < 1:
        raise ParamError(f"`windows` must be at least 1, got {n}")
    if interactions.time_kind != "timestamp" or interactions.times is None:
        raise DataError(f"{interactions.name!r} has no timestamps, so there are no windows of time")
    times = np.sort(interactions.times)
    size = int(min(SHARE, MOST_SHARE / n) * len(times))
    if not size:
        raise DataError(f"{interactions.name!r} has {len(times):,} events, too few for {n} windows")
    starts = [int(times[len(times) - size * (n - i)]) for i in range(n)]
    found = list(_between(times, starts))
    if not found or not found[0].n_before:
        raise DataError(f"{interactions.name!r} has too few moments for {n} windows: nothing came before the first")
    return tuple(found)


def _between(times: npt.NDArray[np.int64], starts: list[int]) -> Iterator[Window]:
    edges = [int(np.searchsorted(times, start)) for start in dict.fromkeys(starts)] + [len(times)]
    for number, (begin, end) in enumerate(pairwise(edges), start=1):
        yield Window(
            number=number,
            first=int(times[begin]),
            last=int(times[end - 1]),
            n_before=begin,
            n_events=end - begin,
        )


def up_to(interactions: Interactions, window: Window) -> Interactions:
    """The events until the end of a window, divided for the split `given`: train, valid before it, and it as test."""
    times: npt.NDArray[np.int64] = interactions.times  # type: ignore[assignment]  # they are there: see `windows`
    is_kept = times <= window.last
    kept = times[is_kept]
    before = np.sort(kept[kept < window.first])
    border = before[max(len(before) - window.n_events, len(before) // 2)]
    examples = interactions.examples
    if examples is not None and examples.times is not None:
        is_known = examples.times <= window.last
        examples = replace(
            examples,
            users=examples.users[is_known],
            items=examples.items[is_known],
            labels=None if examples.labels is None else examples.labels[is_known],
            times=examples.times[is_known],
            given_split=_parts(examples.times[is_known], border, window.first),
            outcomes=None if examples.outcomes is None else examples.outcomes[is_known],
            context=None if examples.context is None else examples.context.filter(is_known),
        )
    return replace(
        interactions,
        users=interactions.users[is_kept],
        items=interactions.items[is_kept],
        weights=None if interactions.weights is None else interactions.weights[is_kept],
        times=kept,
        given_split=_parts(kept, border, window.first),
        outcomes=None if interactions.outcomes is None else interactions.outcomes[is_kept],
        examples=examples,
    )


def _parts(times: npt.NDArray[np.int64], valid: np.int64, test: int) -> npt.NDArray[np.int8]:
    return ((times >= valid).astype(np.int8) + (times >= test).astype(np.int8)).astype(np.int8)
