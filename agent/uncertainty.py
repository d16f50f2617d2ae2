"""How sure a number is: differences and means over users, and over seeds where a configuration ran with several.

A configuration is measured on n users by k runs that differ in their seed; the same users are compared, so what is
easy for one user is easy for both sides and cancels.

    A   values of the users by run   (k, n)
    W   how often each bootstrap sample draws each user, (S, n)
"""

import functools
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from memory.record import TrialRecord
from recmodels.errors import DataError
from recmodels.per_user import PER_USER_FILE, load_per_user

_log = logging.getLogger(__name__)
CONFIDENCE = 0.95
N_SAMPLES = 2000
MOST_UNITS = 1000  # that a bootstrap draws from; more users than this are drawn in groups

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserValues:
    """One metric of each user that a run was measured on."""

    users: npt.NDArray[np.int64]  # (n,) ascending
    values: Values  # (n,)


PerUser = Callable[[TrialRecord], UserValues | None]
"""The objective of each user of a trial on validation; None where it was not kept or is no mean over users."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A mean with its interval at `CONFIDENCE`."""

    mean: float
    low: float
    high: float
    n_users: int
    n_seeds: int = 1

    @property
    def half_width(self) -> float:
        """What stands behind ±."""
        return (self.high - self.low) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference(Interval):
    """One side minus the other, over the users that both were measured on."""

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low > 0 or self.high < 0


def valid_values(record: TrialRecord) -> UserValues | None:
    """The objective of each user on validation, from what was kept with the weights."""
    return user_values(record.checkpoint, f"valid_{record.objective}")


def user_values(checkpoint: str | Path | None, metric: str) -> UserValues | None:
    """A metric such as `valid_ndcg@10` of each user; None where it was not kept."""
    if checkpoint is None:
        return None
    try:
        written_at = (Path(checkpoint) / PER_USER_FILE).stat().st_mtime_ns
        return _read(str(checkpoint), metric, written_at)
    except OSError:  # it was not kept
        return None
    except DataError as error:
        _log.warning("%s; intervals are left out where they need it", error)
        return None


@functools.lru_cache(maxsize=256)
def _read(checkpoint: str, metric: str, written_at: int) -> UserValues | None:
    arrays = load_per_user(Path(checkpoint))
    if metric not in arrays:
        return None
    users = arrays[f"{metric.partition('_')[0]}_users"]
    return UserValues(users=users, values=arrays[metric].astype(np.float64))


def interval(runs: Sequence[UserValues]) -> Interval | None:
    """The mean over users (and runs) with its interval; None with fewer than two shared users."""
    users, values = _aligned(runs)
    if len(users) < 2:
        return None
    low, high = _quantiles(_resampled_means(values))
    return Interval(mean=float(values.mean()), low=low, high=high, n_users=len(users), n_seeds=len(runs))


def difference(one: Sequence[UserValues], other: Sequence[UserValues]) -> Difference | None:
    """One minus the other with a paired bootstrap over their shared users, and over the seeds of either side.

    Returns:
        None where fewer than two users were measured on both sides.

    Source: Efron & Tibshirani 1993, An Introduction to the Bootstrap, ch. 13.
    """
    users, values = _aligned([*one, *other])
    if len(users) < 2:
        return None
    mine, its = values[: len(one)], values[len(one) :]
    drawn = _resampled_means(mine, its)
    low, high = _quantiles(drawn)
    mean = float(mine.mean() - its.mean())
    n_seeds = min(len(one), len(other))
    return Difference(mean=mean, low=low, high=high, n_users=len(users), n_seeds=n_seeds)


def _aligned(runs: Sequence[UserValues]) -> tuple[npt.NDArray[np.int64], Values]:
    """The users that all runs share, and their values by run, (k, n)."""
    users = functools.reduce(_shared, (run.users for run in runs)) if runs else np.array([], dtype=np.int64)
    rows = [run.values[np.searchsorted(run.users, users)] for run in runs]
    return users, np.stack(rows) if rows else np.zeros((0, 0))


def _shared(some: npt.NDArray[np.int64], others: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The users of both, ascending; those of one split are the same, and need no sorting."""
    return some if np.array_equal(some, others) else np.intersect1d(some, others)


def _resampled_means(mine: Values, its: Values | None = None) -> Values:
    """The mean of each bootstrap sample of users and seeds, minus the other side's on the same users; (S,)."""
    generator = np.random.default_rng(0)
    sides = [mine] if its is None else [mine, its]
    by_run = _sampled(np.concatenate(sides))  # (S, k)
    found, start = [], 0
    for side in sides:
        columns = by_run[:, start : start + len(side)]
        start += len(side)
        chosen = generator.integers(0, len(side), (N_SAMPLES, len(side)))
        found.append(np.take_along_axis(columns, chosen, axis=1).mean(axis=1))
    drawn: Values = found[0] if its is None else found[0] - found[1]
    return drawn


def _sampled(values: Values) -> Values:
    """The mean of each run over each sample of users, (S, k).

    Very many users are drawn in groups that were put together by chance, which leaves the spread of a mean as it is.
    """
    n_users = values.shape[1]
    n = min(n_users, MOST_UNITS)
    sums, sizes = values, np.ones(n)
    if n < n_users:
        shuffled = values[:, np.random.default_rng(0).permutation(n_users)]
        starts = np.linspace(0, n_users, n, endpoint=False).astype(np.int64)
        sums = np.add.reduceat(shuffled, starts, axis=1)
        sizes = np.diff(starts, append=n_users).astype(np.float64)
    weights = _weights(n)
    means: Values = (weights @ sums.T) / (weights @ sizes)[:, None]
    return means


@functools.lru_cache(maxsize=4)  # a study compares all its trials over the same users
def _weights(n: int) -> Values:
    """How often each sample draws each of n units, (S, n)."""
    drawn = np.random.default_rng(0).integers(0, n, (N_SAMPLES, n)) + (np.arange(N_SAMPLES) * n)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=N_SAMPLES * n)
    weights: Values = counts.reshape(N_SAMPLES, n).astype(np.float64)
    return weights


def _quantiles(means: Values) -> tuple[float, float]:
    low, high = np.quantile(means, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high)
