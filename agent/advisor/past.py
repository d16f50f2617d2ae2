"""What trials on other datasets tell: each past task, a model's trials on one dataset, is a function of the params."""

import json
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from agent.advisor.encoding import Encoding
from agent.advisor.process import LogWeights, Observed, Prior, Process
from agent.advisor.scores import Scores, unit_of
from agent.advisor.situation import Situation, completed, value_of
from agent.objective import Objective
from memory.record import TrialRecord
from recmodels.search_space import SearchSpace

Array = NDArray[np.float64]
_LEAST_SPREAD = 0.5  # of what past tasks say of a log weight
FEWEST = 6  # distinct params that a past task must have tried
_KEPT = 8  # expectations, by what they are made of
_made: dict[tuple[object, ...], tuple["PastTask", ...]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTask:
    """A model's trials on another dataset, as a function of the params."""

    dataset: str
    likeness: float  # of the datasets, in [0, 1]
    unit: float  # in which its gains are counted
    gains: Array  # of its values upon the defaults, (n,)
    scores: Scores  # of such gains
    process: Process  # of the scores of its values
    records: tuple[TrialRecord, ...]  # one of each params

    def expects(self, points: Array) -> Array:
        """Scores at points (m, c); (m,)."""
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
    observed = Observed(
        points=encoding.points(list(params.values())),
        owners=encoding.owners,
        values=values,
        runs=np.array([len(runs[key]) for key in params], dtype=np.float64),
    )
    defaults = runs.get(json.dumps(space.defaults()))
    level = float(np.mean(defaults)) if defaults else float(Process.fit(observed).mean(encoding.defaults)[0])
    unit = unit_of(level, values)
    gains = (values - level) / unit
    scores = Scores.of(gains)
    return PastTask(
        dataset=trials[0][0].dataset,
        likeness=max(likeness for _, likeness, _ in trials),
        unit=unit,
        gains=gains,
        scores=scores,
        process=Process.fit(replace(observed, values=scores(gains))),
        records=tuple(records[key] for key in params),
    )
