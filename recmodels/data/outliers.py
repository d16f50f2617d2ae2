"""Users that are hardly people: bursts, a machine's pace, the same history as others, a large part of the data."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from recmodels.data.interactions import Interactions
from recmodels.data.numbering import blocks, row_blocks
from recmodels.data.pace import AWAKE_HOURS, MIN_USERS, STEADY, TIMES_MEDIAN, machine_like

BURST = 100  # events
BURST_S = 60  # within
MIN_SAME = 10  # items of a history, before two that are the same say anything
MIN_TWINS = 3  # users
MAX_SHARE = 0.2  # of all events
_WAY_OUT = "`recpilot data filter` with `--without-bots` leaves them out"
_MIX = np.uint64(0x9E3779B97F4A7C15)


def outliers(interactions: Interactions) -> tuple[str, ...]:
    """A sentence for each kind of user that should be looked at; nobody is left out."""
    return (*_bursts(interactions), *_machines(interactions), *_twins(interactions), *giants(interactions))


def bots(interactions: Interactions) -> npt.NDArray[np.int64]:
    """Users with more events a minute than people have, with a machine's pace, or with others' history. (n,), sorted"""
    paced = np.union1d(_in_bursts(interactions), machine_like(interactions))
    return np.union1d(paced, _with_twins(interactions)[0])


def _bursts(interactions: Interactions) -> Iterator[str]:
    if len(found := _in_bursts(interactions)):
        yield (
            f"{_users(interactions, found)} {BURST} events or more within a minute, as programs and imported lists "
            f"have; {_WAY_OUT}"
        )


def _machines(interactions: Interactions) -> Iterator[str]:
    if len(found := machine_like(interactions)):
        yield (
            f"{_users(interactions, found)} {TIMES_MEDIAN} times as many events as the median user or more, {STEADY} "
            f"of them at an even pace or some in each of {AWAKE_HOURS} hours in a row, as programs have; {_WAY_OUT}"
        )


def _twins(interactions: Interactions) -> Iterator[str]:
    found, n_groups = _with_twins(interactions)
    if len(found):
        of = "one history" if n_groups == 1 else f"{n_groups:,} histories"
        yield (
            f"{_users(interactions, found)} the same items in the same order as others ({of} of {MIN_SAME} or more); "
            f"{_WAY_OUT}"
        )


def _in_bursts(interactions: Interactions) -> npt.NDArray[np.int64]:
    if interactions.time_kind != "timestamp" or interactions.times is None or len(interactions) < BURST:
        return np.empty(0, dtype=np.int64)
    bursts = []
    for start, end in row_blocks(interactions.offsets()):
        users, times = interactions.users[start:end], interactions.times[start:end]
        is_burst = (users[BURST - 1 :] == users[: -BURST + 1]) & (times[BURST - 1 :] - times[: -BURST + 1] < BURST_S)
        bursts.append(np.unique(users[: -BURST + 1][is_burst]))
    return np.concatenate(bursts)


def _with_twins(interactions: Interactions) -> tuple[npt.NDArray[np.int64], int]:
    """Users with the same items in the same order, and how many such histories there are."""
    offsets = interactions.offsets()
    lengths = np.diff(offsets)
    if interactions.n_users < MIN_USERS or not len(interactions):
        return np.empty(0, dtype=np.int64), 0
    sums = np.zeros(interactions.n_users, dtype=np.uint64)
    for first, last in blocks(offsets):
        sums[first:last] = _hashes(interactions.items, offsets[first : last + 1])
    long = np.flatnonzero(lengths >= MIN_SAME)
    _, group, sizes = np.unique(sums[long], return_inverse=True, return_counts=True)
    return long[sizes[group] >= MIN_TWINS], int((sizes >= MIN_TWINS).sum())


def _hashes(items: npt.NDArray[np.int64], offsets: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    """Of the items of each of some users and their places."""
    rows = items[offsets[0] : offsets[-1]].astype(np.uint64)
    starts = offsets[:-1] - offsets[0]
    rows += np.uint64(1)
    rows *= _MIX
    rows += (np.arange(len(rows)) - np.repeat(starts, np.diff(offsets))).astype(np.uint64)
    rows ^= rows >> np.uint64(29)
    rows *= np.uint64(0xBF58476D1CE4E5B9)
    return np.add.reduceat(rows, np.minimum(starts, len(rows) - 1))


def giants(interactions: Interactions, share: float = MAX_SHARE) -> Iterator[str]:
    """The user with the most events, where these are more than a share of all."""
    lengths = np.diff(interactions.offsets())
    if interactions.n_users < MIN_USERS:
        return
    largest = int(lengths.argmax())
    if lengths[largest] > share * len(interactions):
        part = lengths[largest] / len(interactions)
        yield f"the user {_shown(interactions, largest)} has {part:.0%} of all events"


def _users(interactions: Interactions, found: npt.NDArray[np.int64]) -> str:
    """`3 of 80 users (u7, u9, …) have`."""
    some = ", ".join(_shown(interactions, int(user)) for user in found[:3]) + (", …" if len(found) > 3 else "")
    return f"{len(found):,} of {interactions.n_users:,} users ({some}) {'has' if len(found) == 1 else 'have'}"


def _shown(interactions: Interactions, user: int) -> str:
    return repr(str(interactions.user_ids[user])[:40])
