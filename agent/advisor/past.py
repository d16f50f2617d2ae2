"""What trials on other datasets expect of a model's params, and how far the trials so far bear them out.

Each past task, one model's trials on one dataset under the same terms, becomes a function of the params. That this
study follows it by some slope, or follows none, are hypotheses. Their weights come from the likeness of the datasets
before the first trial, and from then on from the evidence of this study's values too. So a history that ranks the
params otherwise soon counts for little, and one that ranks them alike narrows the search at once.

    m_k   expectation of past task k, with a spread of 1 over the params that it tried
    w_ks  weight of the hypothesis that values follow m_k by the slope s, what is left having a variance of 1 - s²
    w_0   weight of that of no past task; all of them sum to 1
"""

import json
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from agent.advisor.encoding import Encoding
from agent.advisor.process import LogWeights, Observed, Prior, Process, Trend, log_evidences
from agent.advisor.situation import Situation, completed, nearest, value_of
from agent.objective import Objective
from memory.record import TrialRecord
from recmodels.search_space import Params, SearchSpace

Array = NDArray[np.float64]
SLOPES = np.array([0.3, 0.6, 0.9])  # of a task that is followed, in standard deviations; never downwards
UNSURE = 0.01  # variance of a slope within its hypothesis
_SCALES, _SCALE_SPREAD = np.linspace(-2.0, 2.0, 9), 0.7  # logs about the spread that past tasks had
DOUBT = 0.1  # the weight of no past task before the first trial
MOST_ALIKE = 0.99  # weights before the first trial are the odds of the likeness, up to those of this one
_LEAST_SPREAD = 0.5  # of what past tasks say of a log weight
_LIGHTEST, _MOST_WEIGHED = 0.005, 20  # hypotheses under which improvement is expected
FEWEST = 6  # distinct params that a past task must have tried
_RANKED = 3  # trials from which their ranks tell something
_AGREEMENTS = ((0.8, "alike"), (0.4, "partly alike"), (-0.4, "hardly alike"), (-1.1, "the other way round"))
_NAMED, _SEEN = 3, 0.05  # histories that are named: at most, and from which trust on
_KEPT = 8  # expectations, by what they are made of
_made: dict[tuple[object, ...], tuple["PastTask", ...]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTask:
    """A model's trials on another dataset, as a function of the params."""

    dataset: str
    likeness: float  # of the datasets, in [0, 1]
    relative_spread: float  # standard deviation of its values as a share of that of the defaults, else the largest
    process: Process  # of the values' normal scores
    records: tuple[TrialRecord, ...]  # one of each params

    def expects(self, points: Array) -> Array:
        """Normal scores at points (m, c); (m,)."""
        return self.process.mean(points)


def past_tasks(situation: Situation, model: str, objective: Objective | None = None) -> tuple[PastTask, ...]:
    """Of the trials that were recalled, each dataset's apart; the most alike first.

    Args:
        objective: What they are a function of, turned so that more is better; None: the first of the study.
    """
    objective = objective or situation.goal.primary
    metric = objective.metric
    groups: dict[tuple[str, ...], list[tuple[TrialRecord, float, float]]] = defaultdict(list)
    for record, likeness in situation.recalled:
        value = value_of(record, metric) if record.model == model and record.state == "complete" else None
        if value is not None and math.isfinite(value):
            terms = (record.dataset, record.split, record.positive, record.repeats, record.outcomes or "")
            groups[terms].append((record, likeness, value))
    space = tuple(situation.declared[model].describe().items())  # a goal of more than relevance searches more params
    key = (
        model,
        metric,
        objective.sign,
        space,
        *((r.id, likeness, value) for group in groups.values() for r, likeness, value in group),
    )
    if key not in _made:
        while len(_made) >= _KEPT:
            _made.pop(next(iter(_made)))
        made = (_task(situation.declared[model], objective, group) for group in groups.values())
        _made[key] = tuple(sorted(filter(None, made), key=lambda task: (-task.likeness, task.dataset)))
    return _made[key]


def log_weights(tasks: Sequence[PastTask]) -> LogWeights:
    """How much each param matters, by what was fitted to past tasks; drawn to what is taken of a model without any."""
    fitted = np.array([task.process.theta[:-2] for task in tasks])  # (k, d)
    unknown = Prior(fitted.shape[1])
    mean = (fitted.sum(axis=0) + unknown.mean[:-2]) / (len(tasks) + 1)
    variance = (((fitted - mean) ** 2).sum(axis=0) + unknown.spread[:-2] ** 2) / (len(tasks) + 1)
    return LogWeights(mean=mean, spread=np.maximum(np.sqrt(variance), _LEAST_SPREAD))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """That this study's values follow a past task by a slope, or none."""

    weight: float  # of all hypotheses, which sum to 1
    task: PastTask | None
    slope: float

    @property
    def amplitude(self) -> float:
        """What is left to learn under it, as a share of the values' variance."""
        return 1 - self.slope**2

    def expects(self, points: Array) -> Array:
        """What the values would follow, at points (m, c); (m,)."""
        return np.zeros(len(points)) if self.task is None else self.slope * self.task.expects(points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Past tasks with the weights that the trials so far give them."""

    tasks: tuple[PastTask, ...]
    weights: Array  # w_ks; (k, s)
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

    @property
    def hypotheses(self) -> list[Hypothesis]:
        """The heaviest ones."""
        places = [(k, s) for k in range(len(self.tasks)) for s in range(len(SLOPES))]
        found = [
            Hypothesis(weight=float(self.weights[k, s]), task=self.tasks[k], slope=float(SLOPES[s])) for k, s in places
        ]
        found.append(Hypothesis(weight=max(1 - float(self.weights.sum()), 0.0), task=None, slope=0.0))
        heavy = sorted((one for one in found if one.weight >= _LIGHTEST), key=lambda one: -one.weight)
        return heavy[:_MOST_WEIGHED]

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

    def closest(self, space: SearchSpace, params: Params) -> TrialRecord | None:
        """The trial that was nearest to params, of the task that is followed most; None where none is followed."""
        place = int(np.argmax(self.followed))
        if self.followed[place] < _SEEN:
            return None
        return nearest(space, params, self.tasks[place].records)[0]

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


def trust(tasks: Sequence[PastTask], observed: Observed) -> Trust:
    """The weights of past tasks after these trials.

    Args:
        observed: The trials so far, one or more, more being better.
    """
    alike = np.minimum([task.likeness for task in tasks], MOST_ALIKE)
    odds = alike / (1 - alike)
    level = float(abs(observed.values).max()) or 1.0
    factors = np.exp(_SCALES)
    scales = level * float(np.average([task.relative_spread for task in tasks], weights=odds)) * factors
    expected = np.array([task.expects(observed.points) for task in tasks])  # (k, n)
    followed = (SLOPES[None, :, None] * expected[:, None, :]).reshape(-1, expected.shape[1])  # (k s, n)
    means = np.concatenate([followed, np.zeros((1, expected.shape[1]))])
    left = np.array([*np.tile(1 - SLOPES**2, len(tasks)), 1.0])
    before = np.array([*np.repeat((1 - DOUBT) * odds / odds.sum() / len(SLOPES), len(SLOPES)), DOUBT])
    logs = np.log(np.maximum(before, 1e-12))[:, None] + log_evidences(observed, means, left, scales)
    weights = np.exp(logs - 0.5 * (_SCALES / _SCALE_SPREAD) ** 2 - logs.max())
    weights /= weights.sum()
    return Trust(
        tasks=tuple(tasks),
        weights=weights[:-1].sum(axis=1).reshape(len(tasks), len(SLOPES)),
        scale=math.exp(float(weights.sum(axis=0) @ np.log(scales))),
        n=len(observed.values),
        agreements=_agreements(expected, observed.values),
    )


def _agreements(expected: Array, values: Array) -> Array:
    """Of each task's expectations (k, n) with the values (n,), by rank."""
    if len(values) < _RANKED or not values.std():
        return np.zeros(len(expected))
    ranks = np.array([_ranks(row) for row in (values, *expected)])
    return np.asarray(np.nan_to_num(np.corrcoef(ranks)[0, 1:]))


def _task(
    space: SearchSpace, objective: Objective, trials: Sequence[tuple[TrialRecord, float, float]]
) -> PastTask | None:
    runs: dict[str, list[float]] = defaultdict(list)
    params, records = {}, {}
    for record, _, value in trials:
        key = json.dumps(completed(space, record.params))
        params[key], records[key] = record.params, record
        runs[key].append(objective.sign * value)
    if len(runs) < FEWEST:
        return None
    values = np.array([np.mean(runs[key]) for key in params])
    encoding = Encoding(space)
    defaults = runs.get(json.dumps(space.defaults()))
    level = abs(float(np.mean(defaults))) if defaults else float(abs(values).max())
    observed = Observed(
        points=encoding.points(list(params.values())),
        owners=encoding.owners,
        values=normal_scores(values),
        runs=np.array([len(runs[key]) for key in params], dtype=np.float64),
    )
    return PastTask(
        dataset=trials[0][0].dataset,
        likeness=max(likeness for _, likeness, _ in trials),
        relative_spread=float(values.std()) / level if level else 1.0,
        process=Process.fit(observed),
        records=tuple(records[key] for key in params),
    )


def normal_scores(values: Array) -> Array:
    """Values by their rank alone, as normal ones: past values of another dataset mean nothing but their order."""
    scores = ndtri((_ranks(values) - 0.5) / len(values))
    spread = float(scores.std())
    return np.asarray(scores / spread if spread else scores)


def _ranks(values: Array) -> Array:
    """From 1, equal values sharing the mean of theirs; (n,)."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((counts.cumsum() - (counts - 1) / 2)[places])
