"""How sure a number is: differences and means over users, and over seeds where a configuration ran with several.

A configuration is measured on n users by k runs that differ in their seed; the same users are compared, so what is
easy for one user is easy for both sides and cancels.

    A   values of the users by run   (k, n)
    W   how often each bootstrap sample draws each user, (S, n)
"""

import functools
import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeGuard

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


@dataclass(frozen=True, kw_only=True)
class UserValues:
    """One metric of each user that a run was measured on."""

    users: npt.NDArray[np.int64]  # (n,) ascending
    values: Values  # (n,)

    def turned(self, sign: int) -> "UserValues":
        """With the sign, so that more is better."""
        return self if sign == 1 else UserValues(users=self.users, values=-self.values)


class Source(NamedTuple):
    """Where the values of a run's users are kept, and when they were written: the same as long as they are."""

    checkpoint: str
    metric: str  # valid_ndcg@10
    written_at: int
    sign: int = 1


class KeptValues(UserValues):
    """Values that are read when they are needed; what was worked out from them once is known by their source."""

    def __init__(self, source: Source) -> None:
        object.__setattr__(self, "source", source)

    source: Source

    @property
    def users(self) -> npt.NDArray[np.int64]:
        return self._read()[0]

    @property
    def values(self) -> Values:
        return self._read()[1] * self.source.sign

    def turned(self, sign: int) -> "KeptValues":
        return self if sign == 1 else KeptValues(self.source._replace(sign=sign * self.source.sign))

    def _read(self) -> tuple[npt.NDArray[np.int64], Values]:
        found = _read(*self.source[:3])
        assert found is not None  # noqa: S101 - looked at before it was made
        return found


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
        source = Source(str(checkpoint), metric, written_at)
        return KeptValues(source) if _is_kept(source) else None
    except OSError:  # it was not kept
        return None
    except DataError as error:
        _log.warning("%s; intervals are left out where they need it", error)
        return None


@functools.lru_cache(maxsize=65536)
def _is_kept(source: Source) -> bool:
    return _read(*source[:3]) is not None


@functools.lru_cache(maxsize=256)
def _read(checkpoint: str, metric: str, written_at: int) -> tuple[npt.NDArray[np.int64], Values] | None:
    """Users and values; None where the metric was not kept."""
    arrays = load_per_user(Path(checkpoint))
    if metric not in arrays:
        return None
    return arrays[f"{metric.partition('_')[0]}_users"], arrays[metric].astype(np.float64)


def interval(runs: Sequence[UserValues]) -> Interval | None:
    """The mean over users (and runs) with its interval; None with fewer than two shared users."""
    return _interval_of_kept(_sources(runs)) if _are_kept(runs) else _interval(runs)


def difference(one: Sequence[UserValues], other: Sequence[UserValues]) -> Difference | None:
    """One minus the other with a paired bootstrap over their shared users, and over the seeds of either side.

    Returns:
        None where fewer than two users were measured on both sides.

    Source: Efron & Tibshirani 1993, An Introduction to the Bootstrap, ch. 13.
    """
    if _are_kept(one) and _are_kept(other):
        return _difference_of_kept(_sources(one), _sources(other))
    return _difference(one, other)


def _are_kept(runs: Sequence[UserValues]) -> TypeGuard[Sequence[KeptValues]]:
    return all(isinstance(run, KeptValues) for run in runs)


def _sources(runs: Sequence[KeptValues]) -> tuple[Source, ...]:
    return tuple(run.source for run in runs)


@functools.lru_cache(maxsize=16384)
def _interval_of_kept(sources: tuple[Source, ...]) -> Interval | None:
    return _interval([KeptValues(source) for source in sources])


@functools.lru_cache(maxsize=32768)
def _difference_of_kept(one: tuple[Source, ...], other: tuple[Source, ...]) -> Difference | None:
    return _difference([KeptValues(source) for source in one], [KeptValues(source) for source in other])


def _interval(runs: Sequence[UserValues]) -> Interval | None:
    drawn = _drawn(runs)
    if drawn.n_users < 2:
        return None
    low, high = _quantiles(_resampled([drawn.by_run]))
    return Interval(mean=float(np.mean(drawn.means)), low=low, high=high, n_users=drawn.n_users, n_seeds=len(runs))


def _difference(one: Sequence[UserValues], other: Sequence[UserValues]) -> Difference | None:
    drawn, n = _drawn([*one, *other]), len(one)
    if drawn.n_users < 2:
        return None
    low, high = _quantiles(_resampled([drawn.by_run[:, :n], drawn.by_run[:, n:]]))
    mean = float(np.mean(drawn.means[:n]) - np.mean(drawn.means[n:]))
    n_seeds = min(len(one), len(other))
    return Difference(mean=mean, low=low, high=high, n_users=drawn.n_users, n_seeds=n_seeds)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """Runs on the users that they share, and what each has on each bootstrap sample of these."""

    n_users: int
    means: Values  # (k,)
    by_run: Values  # (S, k)


def _drawn(runs: Sequence[UserValues]) -> _Drawn:
    """Of runs on the same users each is sampled once, whatever it is compared with."""
    if runs and _are_kept(runs):
        found = [_sampled_run(run.source) for run in runs]
        if len({one.of for one in found}) == 1:
            means, by_run = np.array([one.mean for one in found]), np.stack([one.means for one in found], axis=1)
            return _Drawn(n_users=found[0].n_users, means=means, by_run=by_run)
    users, values = _aligned(runs)
    by_run = _sampled(values) if len(users) > 1 else np.zeros((0, len(runs)))
    return _Drawn(n_users=len(users), means=values.mean(axis=1) if len(users) else np.zeros(len(runs)), by_run=by_run)


@dataclass(frozen=True, slots=True, kw_only=True)
class _SampledRun:
    """One run on each bootstrap sample of its users."""

    of: bytes  # tells whether the users are the same
    n_users: int
    mean: float
    means: Values  # (S,)


@functools.lru_cache(maxsize=2048)  # 16 kB each
def _sampled_run(source: Source) -> _SampledRun:
    users, values = KeptValues(source).users, KeptValues(source).values
    of = hashlib.blake2b(np.ascontiguousarray(users).tobytes(), digest_size=16).digest()
    means = _sampled(values[None])[:, 0] if len(users) > 1 else np.zeros(N_SAMPLES)
    return _SampledRun(of=of, n_users=len(users), mean=float(values.mean()) if len(users) else 0.0, means=means)


def _aligned(runs: Sequence[UserValues]) -> tuple[npt.NDArray[np.int64], Values]:
    """The users that all runs share, and their values by run, (k, n)."""
    users = functools.reduce(_shared, (run.users for run in runs)) if runs else np.array([], dtype=np.int64)
    rows = [run.values[np.searchsorted(run.users, users)] for run in runs]
    return users, np.stack(rows) if rows else np.zeros((0, 0))


def _shared(some: npt.NDArray[np.int64], others: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The users of both, ascending; those of one split are the same, and need no sorting."""
    return some if np.array_equal(some, others) else np.intersect1d(some, others)


def _resampled(sides: Sequence[Values]) -> Values:
    """The mean of each bootstrap sample of users and seeds; of two sides the first minus the second, (S,).

    Args:
        sides: Runs on each sample of users, (S, k) each.
    """
    generator = np.random.default_rng(0)
    found = []
    for side in sides:
        k = side.shape[1]
        if k == 1:  # there is nothing to draw
            found.append(side[:, 0])
            continue
        chosen = generator.integers(0, k, (N_SAMPLES, k))
        found.append(np.take_along_axis(side, chosen, axis=1).mean(axis=1))
    drawn: Values = found[0] if len(found) == 1 else found[0] - found[1]
    return drawn


def _sampled(values: Values) -> Values:
    """The mean of each run over each sample of users, (S, k).

    Very many users are drawn in groups that were put together by chance, which leaves the spread of a mean as it is.
    """
    n_users = values.shape[1]
    n = min(n_users, MOST_UNITS)
    sums = values if n == n_users else np.add.reduceat(values[:, _shuffled(n_users)], _starts(n_users), axis=1)
    means: Values = (_weights(n) @ sums.T) / _sizes(n_users)[:, None]
    return means


@functools.lru_cache(maxsize=2)
def _shuffled(n_users: int) -> npt.NDArray[np.int64]:
    """The users in the order in which they are put into groups."""
    return np.random.default_rng(0).permutation(n_users)


def _starts(n_users: int) -> npt.NDArray[np.int64]:
    """Where each group begins."""
    return np.linspace(0, n_users, MOST_UNITS, endpoint=False).astype(np.int64)


@functools.lru_cache(maxsize=4)
def _sizes(n_users: int) -> Values:
    """How many users each sample draws, (S,)."""
    n = min(n_users, MOST_UNITS)
    sizes = np.ones(n) if n == n_users else np.diff(_starts(n_users), append=n_users).astype(np.float64)
    drawn: Values = _weights(n) @ sizes
    return drawn


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
