"""Users that go on like a machine: at a steady pace for a hundred events, or without a free hour for days.

Both count only for users with many times as many events as the others, so that times that were made up for all users
(one event a minute each) point at nobody.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from recmodels.data.interactions import Interactions

STEADY = 100  # gaps in a row between moments with events
STEADY_SPREAD = 0.1  # standard deviation of these gaps, in parts of their mean; people have 1 and more
MAX_GAP_S = 3600  # a steady gap is shorter than the hour
AWAKE_HOURS = 72  # hours in a row, each with an event
TIMES_MEDIAN = 10  # as many events as the user in the middle
MIN_USERS = 20  # with fewer, nothing is said by comparing them
_HOUR_S = 3600


def machine_like(interactions: Interactions) -> npt.NDArray[np.int64]:
    """Users with far more events than others, at a steady pace or round the clock. (n,), sorted"""
    none = np.empty(0, dtype=np.int64)
    if interactions.time_kind != "timestamp" or interactions.times is None:
        return none
    lengths = np.diff(interactions.offsets())
    if np.count_nonzero(lengths) < MIN_USERS:
        return none
    is_heavy = lengths >= max(STEADY, TIMES_MEDIAN * np.median(lengths[lengths > 0]))
    if not is_heavy.any():
        return none
    offsets, heavy = interactions.offsets(), np.flatnonzero(is_heavy)
    moments = (np.unique(interactions.times[offsets[user] : offsets[user + 1]]) for user in heavy)
    return heavy[[_is_steady(one) or _is_without_sleep(one) for one in moments]]


def _is_steady(moments: npt.NDArray[np.int64]) -> bool:
    """Whether `STEADY` gaps in a row are almost the same; moments: seconds, (n,), ascending, each once."""
    gaps = np.minimum(np.diff(moments), MAX_GAP_S).astype(np.float64)
    if len(gaps) < STEADY:
        return False
    mean, of_squares, n_breaks = (_in_a_row(one) / STEADY for one in (gaps, gaps**2, gaps >= MAX_GAP_S))
    variance = np.maximum(of_squares - mean**2, 0)
    return bool(((variance <= (STEADY_SPREAD * mean) ** 2) & (n_breaks == 0)).any())


def _in_a_row(values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """The sum of each `STEADY` values in a row. (n - STEADY + 1,)"""
    sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    found: npt.NDArray[np.float64] = sums[STEADY:] - sums[:-STEADY]
    return found


def _is_without_sleep(moments: npt.NDArray[np.int64]) -> bool:
    """Whether each of `AWAKE_HOURS` hours in a row has an event."""
    hours = np.unique(moments // _HOUR_S)
    if len(hours) < AWAKE_HOURS:
        return False
    return bool((hours[AWAKE_HOURS - 1 :] - hours[: -AWAKE_HOURS + 1] == AWAKE_HOURS - 1).any())
