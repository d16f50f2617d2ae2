"""Numbers for ids, in the order in which they appear, and the order of rows by user and time, of tens of millions."""

from collections.abc import Iterator
from concurrent.futures import Executor
from functools import partial
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]
BLOCK = 1 << 16  # rows sorted at once: so many fit the processor's cache, and their memory is used again


def numbered(*parts: pl.Series) -> tuple[pl.Series, list[Ints]]:
    """The ids in order of appearance, and the number of each row's id in each part."""
    is_coded = all(ids.dtype == pl.Categorical for ids in parts) or all(ids.dtype == pl.Int64 for ids in parts)
    coded = pl.concat(ids if is_coded else ids.cast(pl.String).cast(pl.Categorical) for ids in parts)
    if coded.dtype == pl.Int64 and not _is_dense(coded):
        coded = coded.cast(pl.String).cast(pl.Categorical)
    codes = coded.to_physical().to_numpy()
    firsts, numbers = _by_appearance(codes)
    return coded.gather(firsts).cast(pl.String), np.split(numbers, np.cumsum([len(ids) for ids in parts])[:-1])


def in_order(users: Ints, times: Ints | None, pool: Executor) -> tuple[Ints, Ints, Ints | None]:
    """The rows by user, then time, then as they stand, as `numpy.lexsort((times, users))`; then both in that order.

    Args:
        users: Numbers from 0, each of which occurs. (n,)
        times: (n,); None for no times.
        pool: Its threads sort several blocks of users at once; numpy does that without Python's lock.
    """
    if len(users) <= BLOCK:
        order: Ints = np.lexsort((users,) if times is None else (times, users))
        return order, users[order], None if times is None else times[order]
    from scipy import sparse  # which takes longer to import than a small file to read

    ones, rows = np.ones(len(users), dtype=np.int8), np.arange(len(users))
    by_user = sparse.coo_array((ones, (users, rows))).tocsr()  # a stable counting sort
    order, offsets = by_user.indices.astype(np.int64), by_user.indptr.astype(np.int64)
    if times is not None:
        unordered, times = times, np.empty_like(times)
        list(pool.map(partial(_sort_block, order, offsets, unordered, times), blocks(offsets)))
    return order, np.repeat(np.arange(len(offsets) - 1), np.diff(offsets)), times


def _by_appearance(codes: npt.NDArray[np.generic]) -> tuple[Ints, Ints]:
    """The first row of each code, ascending, and for each row the number of its code. Codes are dense integers."""
    if not len(codes):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    places = codes - codes.min()
    first = np.full(int(places.max()) + 1, -1, dtype=np.int64)
    first[places[::-1]] = np.arange(len(places) - 1, -1, -1)  # of several rows the last one assigned stays
    present = np.flatnonzero(first >= 0)
    present = present[np.argsort(first[present])]
    numbers = np.zeros(len(first), dtype=np.int64)
    numbers[present] = np.arange(len(present))
    return first[present], numbers[places]


def _is_dense(numbers: pl.Series) -> bool:
    """Whether a table of all numbers from the least to the largest is of a good size."""
    if not len(numbers):
        return True
    least, most = int(numbers.min()), int(numbers.max())  # type: ignore[arg-type]  # they are whole numbers
    span = most - least
    return span < 2**20 or span < 4 * numbers.n_unique() + 2**20


def blocks(offsets: Ints) -> Iterator[tuple[int, int]]:
    """The first user of each block of about BLOCK rows, and the one after its last."""
    marks = np.searchsorted(offsets, np.arange(0, offsets[-1], BLOCK), side="right") - 1
    yield from pairwise([*np.unique(marks).tolist(), len(offsets) - 1])


def row_blocks(offsets: Ints) -> Iterator[tuple[int, int]]:
    """The same as the first row of each block, and the one after its last."""
    return ((int(offsets[first]), int(offsets[last])) for first, last in blocks(offsets))


def _sort_block(order: Ints, offsets: Ints, times: Ints, sorted_times: Ints, users: tuple[int, int]) -> None:
    """Sort the rows of these users by time, in place; a user, a time and a place of that user make one number."""
    first, last = users
    sizes = np.diff(offsets[first : last + 1])
    here = slice(offsets[first], offsets[last])
    rows = order[here]
    starts = np.repeat(offsets[first:last] - offsets[first], sizes)
    numbers = np.repeat(np.arange(last - first), sizes)
    moments = times[rows]
    least, most = int(moments.min()), int(moments.max())
    n_bits, n_time_bits = int(sizes.max()).bit_length(), (most - least).bit_length()
    if (last - first).bit_length() + n_time_bits + n_bits > 63:
        numbers = np.lexsort((moments, numbers))
        rows[:], sorted_times[here] = rows[numbers], moments[numbers]
        return
    numbers <<= n_time_bits
    numbers |= moments - least
    numbers <<= n_bits
    numbers |= np.arange(len(rows)) - starts
    numbers.sort()
    numbers &= (1 << n_bits) - 1
    numbers += starts
    rows[:], sorted_times[here] = rows[numbers], moments[numbers]
