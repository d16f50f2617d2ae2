"""How long a trial takes, learned from past ones: log seconds by params, sizes of the data, epochs and machine.

One Gaussian process for each model. Sizes and epochs act by powers; params by a smooth function that all trials share;
each machine has a factor of its own, and so has each dataset on it, which a study's first trial begins to tell.

n   timed trials                     c   coordinates of params
X   coordinates                      (n, c)
Z   log10 of users, items and interactions, about the middle of usual ones   (n, 3)
y   log seconds, less what sizes and epochs lead to expect   (n,)
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.advisor.encoding import Encoding
from agent.advisor.points import Points
from memory.histories.measured import ON_GPU, SHIPPED
from memory.record import TrialRecord
from recmodels.search_space import Params, SearchSpace

Array = NDArray[np.float64]
SIZES = ("n_users", "n_items", "n_interactions")
HERE = "here, cpu"  # the machine of a home that ran nothing yet
FEWEST = 3  # trials that say something
_MIDDLE = np.array([3.5, 3.5, 5.0])  # log10 of usual sizes
_SLOPES = np.array([0.3, 0.3, 0.4])  # expected powers of the sizes …
_EPOCHS_SLOPE, _EPOCHS_SPREAD = 0.8, 0.3  # … and of the epochs: many end early
_EACH, _OWN = 48, 96  # trials of one dataset on one machine that are learned from; of this study's
# standard deviations of log seconds, chosen by leaving out datasets: bench_trial_times.py
_LEVEL, _SIZE, _SIZE_BENT, _MACHINE, _PLACE = 2.0, 0.5, 0.2, 0.5, 0.4
_LINEAR, _SMOOTH, _OF_PLACE, _WEIGHT = 0.4, 0.7, 0.6, 2.0
_NOISES = (0.12, 0.2, 0.35, 0.55)  # of one run; the likeliest is taken
_SQRT5 = math.sqrt(5)
_DRAWS, _USUAL = 512, (0.1, 0.9)  # quantiles of the stated interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A trial with its time."""

    dataset: str
    machine: str
    params: Params
    sizes: tuple[float, ...]  # as SIZES
    epochs: int  # at most
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Seconds:
    """How long a trial takes, with an interval that holds in 8 of 10 cases."""

    expected: float
    low: float
    high: float
    n_here: int  # trials on these data that it rests on …
    n_elsewhere: int = 0  # … and on others


def whole_s(record: TrialRecord) -> float:
    """From the order to train until the result, loading and measuring included; `train_s` where no more was kept."""
    return max(record.cost.get("total_s", 0.0), record.cost.get("train_s", 0.0))


def sizes_of(profile: Mapping[str, float]) -> tuple[float, ...] | None:
    """The sizes of the data; None where one is not known."""
    sizes = tuple(float(profile.get(name, 0.0)) for name in SIZES)
    return sizes if all(size > 0 and math.isfinite(size) for size in sizes) else None


def machine_of(record: TrialRecord) -> str:
    """Where it ran, as far as the record tells: with those that ship or here, on a GPU or without."""
    return f"{SHIPPED if record.proposer == SHIPPED else 'here'}, {'gpu' if record.cost.get(ON_GPU) else 'cpu'}"


def timed(record: TrialRecord, epochs: int | None = None, profile: Mapping[str, float] | None = None) -> Timed | None:
    """What a record says of time; None where it was cut short or its data are not known.

    Args:
        epochs: That its study set for every trial; None: not known.
        profile: Of its dataset; None: the record's own.
    """
    sizes, seconds = sizes_of(record.profile if profile is None else profile), whole_s(record)
    if record.state != "complete" or record.reason or sizes is None or not seconds > 0 or not math.isfinite(seconds):
        return None
    most = _epochs(record.params) if epochs is None else epochs
    ran = int(record.cost.get("epochs", most))
    if epochs is None and ran <= FEWEST < most:  # sooner than patience ends a trial: its study had set so few
        most = ran
    return Timed(
        dataset=record.dataset,
        machine=machine_of(record),
        params=record.params,
        sizes=sizes,
        epochs=max(most, 1),
        seconds=seconds,
    )


def _epochs(params: Params) -> int:
    value = params.get("epochs", 1)
    return max(int(value), 1) if isinstance(value, int | float) else 1


def thinned(trials: Sequence[Timed], own: Sequence[Timed]) -> list[Timed]:
    """Of each dataset on each machine some at even distances, in the order given; of `own` the latest."""
    groups: dict[tuple[str, str], list[Timed]] = {}
    for one in trials:
        groups.setdefault((one.dataset, one.machine), []).append(one)
    kept = [one for group in groups.values() for one in _evenly(group)]
    return [*kept, *own[-_OWN:]]


def _evenly(group: Sequence[Timed]) -> list[Timed]:
    return [group[round(i)] for i in np.linspace(0, len(group) - 1, min(len(group), _EACH))]


class TrialTimes:
    """What a model's timed trials say of one to come on a dataset."""

    def __init__(
        self,
        space: SearchSpace,
        trials: Sequence[Timed],
        *,
        dataset: str,
        sizes: tuple[float, ...],
        machine: str,
        epochs: int | None = None,
    ) -> None:
        """
        Args:
            space: Declared, whole.
            trials: FEWEST or more.
            epochs: At most, of every trial to come; None: what its params say.
        """
        self._space, self._encoding, self._epochs = space, Encoding(space), epochs
        self._to_come = dataset, machine, sizes
        self._codes: dict[str, int] = {}
        points = self._points([one.params for one in trials])
        self._centre, is_varied = points.mean(axis=0), np.ptp(points, axis=0) > 0
        self._n_varied = max(len(set(self._encoding.owners[is_varied])), 1)
        self.trials = tuple(trials)
        self._given = self._rows(
            [one.params for one in trials],
            np.array([float(one.epochs) for one in trials]),
            [(one.dataset, one.machine, one.sizes) for one in trials],
        )
        y = np.log(np.array([one.seconds for one in trials])) - self._given.expected
        like = _kernel(self._given, self._given)
        factors = [np.asarray(np.linalg.cholesky(like + noise**2 * np.eye(len(y))), np.float64) for noise in _NOISES]
        self.noise, factor = max(zip(_NOISES, factors, strict=True), key=lambda pair: _evidence(pair[1], y))
        self._inverse = np.linalg.inv(factor)  # of the Cholesky factor
        self._alpha = self._inverse @ y

    def log_seconds(self, many: Sequence[Params]) -> tuple[Array, Array]:
        """Mean and standard deviation of the log seconds of one run of each params; (m,) each."""
        rows = self._coming(many)
        solved = self._inverse @ _kernel(self._given, rows)  # (n, m)
        variance = _variances(rows) - (solved**2).sum(axis=0) + self.noise**2
        return rows.expected + solved.T @ self._alpha, np.sqrt(np.maximum(variance, 1e-9))

    def seconds(self, params: Params) -> Seconds:
        """Of one trial."""
        mean, spread = self.log_seconds([params])
        centre, half = float(mean[0]), 1.2816 * float(spread[0])
        return self._told(math.exp(centre), math.exp(centre - half), math.exp(centre + half))

    def average(self, many: Sequence[Params]) -> Seconds:
        """Of the mean of trials of all these params: what they do not share evens out."""
        rows = self._coming(many)
        solved = self._inverse @ _kernel(self._given, rows)
        covariance = _kernel(rows, rows) - solved.T @ solved + self.noise**2 * np.eye(len(many))
        root = np.linalg.cholesky(covariance + 1e-9 * np.eye(len(many)))
        drawn = np.random.default_rng(0).standard_normal((_DRAWS, len(many)))
        means = np.exp(rows.expected + solved.T @ self._alpha + drawn @ root.T).mean(axis=1)
        low, middle, high = np.quantile(means, (_USUAL[0], 0.5, _USUAL[1]))
        return self._told(float(middle), float(low), float(high))

    def _told(self, expected: float, low: float, high: float) -> Seconds:
        n_here = sum(one.dataset == self._to_come[0] and one.machine == self._to_come[1] for one in self.trials)
        return Seconds(expected=expected, low=low, high=high, n_here=n_here, n_elsewhere=len(self.trials) - n_here)

    def _coming(self, many: Sequence[Params]) -> "_Rows":
        many, places = Points.of(self._space, many), list(self._space)
        epochs = many.rows[:, places.index("epochs")] if "epochs" in places else np.ones(len(many))
        epochs = epochs if self._epochs is None else np.full(len(many), float(self._epochs))
        return self._rows(many, np.maximum(np.nan_to_num(epochs, nan=1.0), 1.0), [self._to_come] * len(many))

    def _rows(
        self, many: Sequence[Params], epochs: Array, places: Sequence[tuple[str, str, tuple[float, ...]]]
    ) -> "_Rows":
        z = np.log10([sizes for _, _, sizes in places]).reshape(len(many), 3) - _MIDDLE
        logs = np.log(epochs)
        return _Rows(
            points=self._points(many) - self._centre,
            n_varied=self._n_varied,
            z=z,
            epochs=logs,
            places=self._coded(f"{dataset}\n{machine}" for dataset, machine, _ in places),
            machines=self._coded(machine for _, machine, _ in places),
            expected=math.log(10) * z @ _SLOPES + _EPOCHS_SLOPE * logs,
        )

    def _points(self, many: Sequence[Params]) -> Array:
        points = self._encoding.points(many)
        points[:, [self._encoding.names[owner] == "epochs" for owner in self._encoding.owners]] = 0.0
        return points

    def _coded(self, names: Iterable[str]) -> NDArray[np.intp]:
        return np.array([self._codes.setdefault(name, len(self._codes)) for name in names], dtype=np.intp)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Trials as the kernel sees them."""

    points: Array  # X, about the middle of the timed ones
    n_varied: int  # params that differ among the timed ones
    z: Array  # Z
    epochs: Array  # logs
    places: NDArray[np.intp]
    machines: NDArray[np.intp]
    expected: Array  # of log seconds, by sizes and epochs alone


def _kernel(a: _Rows, b: _Rows) -> Array:
    """Prior covariance of log seconds; (len(a), len(b))."""
    inner = a.z @ b.z.T
    by_params = _by_params(a, b)
    same_place = a.places[:, None] == b.places[None]
    return np.asarray(
        _LEVEL**2
        + _SIZE**2 * inner
        + _SIZE_BENT**2 * inner**2
        + _EPOCHS_SPREAD**2 * np.outer(a.epochs, b.epochs)
        + _MACHINE**2 * (a.machines[:, None] == b.machines[None])
        + by_params
        + same_place * (_PLACE**2 + _OF_PLACE**2 * by_params)
    )


def _by_params(a: _Rows, b: _Rows) -> Array:
    inner = a.points @ b.points.T
    squared = (a.points**2).sum(axis=1)[:, None] + (b.points**2).sum(axis=1)[None] - 2 * inner
    r = _WEIGHT * np.sqrt(np.maximum(squared, 0.0) / a.n_varied)
    return np.asarray(_LINEAR**2 * inner + _SMOOTH**2 * (1 + _SQRT5 * r + 5 / 3 * r**2) * np.exp(-_SQRT5 * r))


def _variances(rows: _Rows) -> Array:
    """The diagonal of the kernel."""
    inner = (rows.z**2).sum(axis=1)
    by_params = _LINEAR**2 * (rows.points**2).sum(axis=1) + _SMOOTH**2
    fixed = _LEVEL**2 + _MACHINE**2 + _PLACE**2 + _EPOCHS_SPREAD**2 * rows.epochs**2
    return np.asarray(fixed + _SIZE**2 * inner + _SIZE_BENT**2 * inner**2 + (1 + _OF_PLACE**2) * by_params)


def _evidence(factor: Array, y: Array) -> float:
    z = np.linalg.solve(factor, y)
    return -0.5 * float(z @ z) - float(np.log(np.diag(factor)).sum())
