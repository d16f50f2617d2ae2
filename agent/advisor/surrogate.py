"""The one model of a model's trials: it chooses params, states predictions, answers "what if" and guards the gate.

A process for the objective, one for each constraint that was measured, one for whether a trial comes through at all,
and with several objectives one for a weighing of them.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agent.advisor.acquisition import chebyshev, log_chance_below, log_expected_improvement
from agent.advisor.encoding import Encoding
from agent.advisor.hypotheses import Hypotheses
from agent.advisor.leaning import Leanings
from agent.advisor.past import Trust, log_weights, past_tasks, trust
from agent.advisor.process import Observed, Process
from agent.advisor.situation import MIN_TRIALS, Situation, Values, values_of
from agent.objective import Constraint, Goal, measured
from agent.standing import meets
from memory.record import TrialRecord
from recmodels.search_space import Params

Array = NDArray[np.float64]
_MIN_MEASURED = 2  # values that a process other than the objective's is fitted to


class Prediction(NamedTuple):
    """The objective of a new trial, in its own direction and units."""

    mean: float
    spread: float  # standard deviation, the noise of one run included


@dataclass(frozen=True, slots=True, kw_only=True)
class Surrogate:
    """What the trials of a model so far say about all of its params."""

    sign: int  # 1 where the objective is maximised, else -1
    n: int  # trials it rests on
    encoding: Encoding
    objective: Process  # of values turned so that more is better
    sought: Process  # what is improved upon: the objective, or a weighing of several
    best: float | None  # the largest mean of `sought` at a trial that meets every constraint; None when none does
    bounds: tuple[Process, ...]  # by how much each constraint is missed
    failing: Process | None  # 1 for a trial that failed, 0 for one that did not; None while none failed
    leanings: Leanings  # what is known without trials
    past: Trust | None = None  # what trials on other datasets add to `objective`
    hypotheses: Hypotheses | None = None  # and to what is expected of `sought`, if it is the same

    @property
    def source(self) -> str:
        """What its candidates come from: the memory while this study has too few trials of its own."""
        return "gp" if len(self.objective.observed.values) >= MIN_TRIALS else "memory"

    def predict(self, params: Params) -> Prediction:
        """What a new trial of these params is expected to measure."""
        points = self.encoding.points([params])
        mean, spread = self.objective.posterior(points, self._expected(points))
        return Prediction(self.sign * float(mean[0]), float(np.hypot(spread[0], self.objective.noise)))

    def optimistic(self, params: Params) -> float:
        """Predicted mean plus one standard deviation, turned so that more is better."""
        mean, spread = self.predict(params)
        return self.sign * mean + spread

    def score(self, many: Sequence[Params]) -> Array:
        """Log expected improvement times the chance that every constraint holds and the trial comes through.

        Leanings weigh it while the trials are few. While no trial meets the constraints, the chance alone counts. (n,)
        """
        points = self.encoding.points(many)
        score = np.zeros(len(many))
        if self.best is not None:
            score += self._log_expected_improvement(points, self.best)
        for process in self.bounds:
            score += log_chance_below(*_of_a_run(process, points))
        if self.failing is not None:
            score += log_chance_below(*_of_a_run(self.failing, points), bound=0.5)
        if self.leanings:
            score += self.leanings.log_weights(many)
        return score

    def _log_expected_improvement(self, points: Array, best: float) -> Array:
        if self.hypotheses is not None:
            return self.hypotheses.log_expected_improvement(points)
        return log_expected_improvement(*self.sought.posterior(points), best)

    def _expected(self, points: Array) -> Array | None:
        return None if self.past is None else self.past.expects(points)


def build(situation: Situation, model: str) -> Surrogate:
    """Fit to the model's trials, two or more of which have a value, or one where past trials tell more."""
    encoding, values = Encoding(situation.declared[model]), Values.of(situation, model)
    constraints = _measured_constraints(situation, values)
    past = _past(situation, model, encoding, values)
    objective = _fit(encoding, values.records, values.signed, values.runs, past)
    weighed = _weighed(situation, model, values)
    seekers, sought = (values.records, objective) if weighed is None else (weighed[0], _fit(encoding, *weighed))
    of_sought = past if weighed is None else None  # a weighing of several objectives has units of its own
    compared = _compared(encoding, seekers, replace(situation.goal, constraints=tuple(constraints)))
    return Surrogate(
        sign=situation.goal.primary.sign,
        n=sum(values.runs),
        encoding=encoding,
        objective=objective,
        sought=sought,
        best=_best(sought, compared, of_sought),
        bounds=tuple(_bound(encoding, values, constraint) for constraint in constraints),
        failing=_failing(situation, model, encoding, values),
        leanings=situation.leanings_on(model),
        past=past,
        hypotheses=Hypotheses.of(of_sought, sought, compared) if of_sought is not None and len(compared) else None,
    )


def _past(situation: Situation, model: str, encoding: Encoding, values: Values) -> Trust | None:
    tasks = past_tasks(situation, model)
    if not tasks:
        return None
    observed = _observed(encoding, values.records, values.signed, values.runs)
    return trust(tasks, replace(observed, log_weights=log_weights(tasks)))


def _of_a_run(process: Process, points: Array) -> tuple[Array, Array]:
    mean, spread = process.posterior(points)
    return mean, np.hypot(spread, process.noise)


def _measured_constraints(situation: Situation, values: Values) -> list[Constraint]:
    """Those that some trials measured: nothing is learned about the others."""
    return [c for c in situation.goal.constraints if len(_with(values, c)) >= _MIN_MEASURED]


def _with(values: Values, constraint: Constraint) -> list[TrialRecord]:
    return [record for record in values.records if measured(record.metrics, constraint.metric) is not None]


def _compared(encoding: Encoding, records: tuple[TrialRecord, ...], learned: Goal) -> Array:
    """The points of the trials that are improved upon, (m, c).

    Args:
        learned: The goal with the constraints of which there are bounds.
    """
    return encoding.points([record.params for record in records if meets(learned, record)])


def _best(sought: Process, compared: Array, past: Trust | None) -> float | None:
    """The largest mean at a trial, not the largest value: that is partly luck."""
    if not len(compared):
        return None
    return float(sought.mean(compared, None if past is None else past.expects(compared)).max())


def _weighed(
    situation: Situation, model: str, values: Values
) -> tuple[tuple[TrialRecord, ...], tuple[float, ...], tuple[int, ...]] | None:
    """Several objectives as one, by random weights that differ from moment to moment (ParEGO); None for one."""
    objectives = situation.goal.objectives
    rows = [(r, all_, n) for r, n in zip(values.records, values.runs, strict=True) if (all_ := _all(situation, r))]
    if len(objectives) == 1 or len(rows) < _MIN_MEASURED:
        return None
    weights = np.random.default_rng(situation.seed_of(model, "weights")).dirichlet(np.ones(len(objectives)))
    one = chebyshev(np.array([row[1] for row in rows]) * [objective.sign for objective in objectives], weights)
    return tuple(row[0] for row in rows), tuple(map(float, one)), tuple(row[2] for row in rows)


def _all(situation: Situation, record: TrialRecord) -> list[float] | None:
    return values_of(situation.goal, record) if record.state == "complete" else None


def _bound(encoding: Encoding, values: Values, constraint: Constraint) -> Process:
    records = _with(values, constraint)
    runs = tuple(n for record, n in zip(values.records, values.runs, strict=True) if record in records)
    return _fit(encoding, tuple(records), tuple(constraint.violation(r.metrics) for r in records), runs)


def _failing(situation: Situation, model: str, encoding: Encoding, values: Values) -> Process | None:
    failed = tuple(record for record in situation.of(model) if record.state == "failed")
    if not failed:
        return None
    labels = (0.0,) * len(values.records) + (1.0,) * len(failed)
    return _fit(encoding, values.records + failed, labels, (1,) * len(labels))


def _fit(
    encoding: Encoding,
    records: tuple[TrialRecord, ...],
    values: tuple[float, ...],
    runs: tuple[int, ...],
    past: Trust | None = None,
) -> Process:
    """A process for one value of each record, with the trend that past tasks expect."""
    observed = _observed(encoding, records, values, runs)
    if past is not None:
        trend = past.trend(observed.points)
        observed = replace(observed, trend=trend, log_weights=log_weights(past.tasks))
    return _fitted(_Fitted(observed))


def _observed(
    encoding: Encoding, records: tuple[TrialRecord, ...], values: tuple[float, ...], runs: tuple[int, ...]
) -> Observed:
    return Observed(
        points=encoding.points([record.params for record in records]),
        owners=encoding.owners,
        values=np.array(values),
        runs=np.array(runs, dtype=np.float64),
    )


class _Fitted:
    """What a process is fitted to, compared by its content."""

    def __init__(self, observed: Observed) -> None:
        self.observed, trend = observed, observed.trend
        arrays = [observed.points, observed.owners, observed.values, observed.runs]
        if trend is not None:
            arrays += [trend.at, np.array([trend.variance, trend.amplitude, trend.scale])]
        if observed.log_weights is not None:
            arrays += [observed.log_weights.mean, observed.log_weights.spread]
        self._key = (observed.points.shape, *(array.tobytes() for array in arrays))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Fitted) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


@functools.lru_cache(maxsize=64)  # asked for each candidate of one moment
def _fitted(given: _Fitted) -> Process:
    return Process.fit(given.observed)
