"""How far past tasks are followed: what they expect of this study's trials, and how far the trials bear it out.

That this study follows a past task by some slope are hypotheses; by a slope of none, gains are as common as in the task
and its ranks tell nothing. Their weights come from the likeness of the datasets before the first trial, and from then
on from the evidence of this study's values too. So a history that ranks the params otherwise soon counts for little,
and one that ranks them alike narrows the search at once.

    m_k    expectation of past task k: the scores of its gains upon the defaults, see scores.py
    f      factor by which gains are larger here than in a task
    z_kf   scores of this study's values in task k, their gains being divided by f
    w_ksf  weight of the hypothesis that z_kf follows m_k by the slope s, what is left having a variance of 1 - s²
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from agent.advisor.past import PastTask
from agent.advisor.process import Observed, Trend, log_evidences
from agent.advisor.scores import level_of, unit_of
from agent.advisor.situation import largest_gap, nearest
from memory.record import TrialRecord
from recmodels.search_space import Params, SearchSpace

Array = NDArray[np.float64]
SLOPES = np.array([0.0, 0.4, 0.8, 0.97])  # never downwards
UNSURE = 0.01  # variance of a slope within its hypothesis
FACTORS = np.array([0.5, 0.7, 1.0, 1.4, 2.0])
_FACTOR_SPREAD = 0.5  # of their logs about one
DOUBT = 0.1  # the weight of a slope of none before the first trial
MOST_ALIKE = 0.99  # weights before the first trial are the odds of the likeness, up to those of this one
_LIGHTEST, _MOST_WEIGHED = 0.005, 20  # hypotheses under which improvement is expected
_LEAST_SCALE = 1e-6  # of a task whose values are all equal
_RANKED = 3  # trials from which their ranks tell something
_AGREEMENTS = ((0.8, "alike"), (0.4, "partly alike"), (-0.4, "hardly alike"), (-1.1, "the other way round"))
_NEAR = 0.3  # of the range of every param: a past trial that is farther away is no evidence
_NAMED, _SEEN = 3, 0.05  # histories that are named: at most, and from which trust on


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """That the scores of this study's values follow a past task by a slope."""

    weight: float  # of all hypotheses, which sum to 1
    task: PastTask
    slope: float
    values: Array  # the scores, by the likeliest factor; (n,)

    @property
    def amplitude(self) -> float:
        """What is left to learn under it, as a share of the scores' variance."""
        return 1 - self.slope**2

    def expects(self, points: Array) -> Array:
        """What the scores would follow, at points (m, c); (m,)."""
        return self.slope * self.task.expects(points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Past tasks with the weights that the trials so far give them."""

    tasks: tuple[PastTask, ...]
    hypotheses: tuple[Hypothesis, ...]  # the heaviest ones, the heaviest first
    weights: Array  # of tasks by slope, over all factors; (k, s)
    scale: float  # the standard deviation of the values over the space that they lead to expect
    n: int  # trials so far, with distinct params
    agreements: (
        Array  # Spearman's correlation of what each task expects of them and their values; 0 for fewer than 3; (k,)
    )

    @property
    def followed(self) -> Array:
        """How far each task is followed, in [0, 1]: the mean of its slope; (k,)."""
        return np.asarray(self.weights @ SLOPES)

    @property
    def total(self) -> float:
        """How far any is."""
        return float(self.followed.sum())

    def expects(self, points: Array) -> Array:
        """The sum of what the tasks expect, each as far as it is followed, at points (m, c); (m,)."""
        parts = zip(self.followed, self.tasks, strict=True)
        return np.asarray(sum((w * task.expects(points) for w, task in parts), np.zeros(len(points))))

    def says(self) -> str:
        """How far each history is followed, and why the first one is, in words."""
        order = [k for k in np.argsort(-self.followed, kind="stable")[:_NAMED] if self.followed[k] >= _SEEN]
        if not order:
            return "in which past trials on other datasets count for nothing, since they rank the params otherwise"
        named = [f"{self.tasks[k].dataset} {self.followed[k]:.2f}" for k in order]
        named[0] += self._since(int(order[0]))
        return f"which begins with what past trials expect (trust: {'; '.join(named)})"

    def _since(self, k: int) -> str:
        if self.n < _RANKED:
            return f", by the likeness of the datasets, {self.tasks[k].likeness:.2f}"
        agreement = float(self.agreements[k])
        how = next(word for least, word in _AGREEMENTS if agreement >= least)
        return f", which ranks the {self.n} trials here {how}, rank correlation {agreement:.2f}"

    def nearest_of_first(self, space: SearchSpace, params: Params) -> tuple[str, TrialRecord | None] | None:
        """The dataset that is followed most, and its trial that is nearest to params.

        None in place of the trial where none is near, and None for both where no dataset is followed.
        """
        place = int(np.argmax(self.followed))
        if self.followed[place] < _SEEN:
            return None
        task = self.tasks[place]
        found = nearest(space, params, task.records)[0]
        return task.dataset, found if largest_gap(space, params, found.params) < _NEAR else None

    def trend(self, points: Array) -> Trend:
        """For the process of the trials."""
        by_slope, total = self.weights.sum(axis=0), max(self.total, 1e-6)
        squares = float(by_slope @ SLOPES**2)
        return Trend(
            at=self.expects(points),
            variance=UNSURE + max(squares / total**2 - 1, 0.0),
            amplitude=1 - squares,
            scale=self.scale,
        )


def trust(tasks: Sequence[PastTask], observed: Observed, defaults: Array) -> Trust:
    """The weights of past tasks after these trials.

    Args:
        observed: The trials so far, one or more, more being better.
        defaults: The point of the params' defaults, (1, c).
    """
    alike = np.minimum([task.likeness for task in tasks], MOST_ALIKE)
    odds = alike / (1 - alike)
    odds /= odds.sum()
    expected = np.array([task.expects(observed.points) for task in tasks])  # (k, n)
    is_anchor = (observed.points == defaults).all(axis=1)
    anchor = observed.values[is_anchor]
    level = float(anchor[0]) if len(anchor) else _level(tasks, odds, expected, observed.values)
    unit = unit_of(level, observed.values)
    if unit > abs(level):  # next to nothing, so what is seen so far tells no unit either
        unit = max(unit, float(np.median([task.unit for task in tasks])))
    values, densities = _scored(tasks, (observed.values - level) / unit, ~is_anchor)  # (k, f, n), (k, f)
    left = values[:, None] - SLOPES[:, None, None] * expected[:, None, None]  # (k, s, f, n)
    amplitudes = np.broadcast_to((1 - SLOPES**2)[:, None], left.shape[:-1])
    evidences = log_evidences(observed, left.reshape(-1, left.shape[-1]), amplitudes.ravel()).reshape(left.shape[:-1])
    before = np.array([DOUBT, *np.full(len(SLOPES) - 1, (1 - DOUBT) / (len(SLOPES) - 1))])
    logs = np.log(np.outer(odds, before))[..., None] + densities[:, None] + evidences
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    spreads = np.array([task.gains.std() for task in tasks])
    scales = unit * np.maximum(spreads[:, None] * FACTORS, _LEAST_SCALE)  # (k, f)
    return Trust(
        tasks=tuple(tasks),
        hypotheses=_heaviest(tasks, values, weights),
        weights=weights.sum(axis=-1),
        scale=math.exp(float((weights.sum(axis=1) * np.log(scales)).sum())),
        n=len(observed.values),
        agreements=_agreements(expected, observed.values),
    )


def _level(tasks: Sequence[PastTask], odds: Array, expected: Array, values: Array) -> float:
    """The value of the defaults, which were not measured, by what tasks expect of the trials, (k, n)."""
    gains = np.array([task.scores.back(row) for task, row in zip(tasks, expected, strict=True)])
    return level_of(values, odds @ gains)


def _scored(tasks: Sequence[PastTask], gains: Array, is_told: NDArray[np.bool_]) -> tuple[Array, Array]:
    """A study's gains (n,) as scores in each task by each factor, (k, f, n), and the log density of that, (k, f).

    Args:
        is_told: Which trials tell something: the gain of the defaults is none in every task.
    """
    shares = gains / FACTORS[:, None]  # (f, n)
    values = np.array([task.scores(shares) for task in tasks])
    logs = np.array([task.scores.log_density(shares) for task in tasks]) - np.log(FACTORS)[:, None]
    return values, logs[..., is_told].sum(axis=-1) - 0.5 * (np.log(FACTORS) / _FACTOR_SPREAD) ** 2


def _heaviest(tasks: Sequence[PastTask], values: Array, weights: Array) -> tuple[Hypothesis, ...]:
    found = [
        Hypothesis(
            weight=float(weights[k, s].sum()),
            task=task,
            slope=float(slope),
            values=values[k, np.argmax(weights[k, s])],
        )
        for k, task in enumerate(tasks)
        for s, slope in enumerate(SLOPES)
    ]
    heavy = sorted((one for one in found if one.weight >= _LIGHTEST), key=lambda one: -one.weight)
    return tuple(heavy[:_MOST_WEIGHED])


def _agreements(expected: Array, values: Array) -> Array:
    """Of each task's expectations (k, n) with the values (n,), by rank."""
    if len(values) < _RANKED or not values.std():
        return np.zeros(len(expected))
    ranks = np.array([rankdata(row) for row in (values, *expected)])
    return np.asarray(np.nan_to_num(np.corrcoef(ranks)[0, 1:]))
