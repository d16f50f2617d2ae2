"""The one model of a model's trials: it chooses params, states predictions, answers "what if" and guards the gate.

A belief about each objective, one about each constraint that was measured, and one about whether a trial comes through
at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agent.advisor.acquisition import log_chance_below
from agent.advisor.belief import Belief
from agent.advisor.encoding import Encoding
from agent.advisor.failures import Outcomes, outcomes
from agent.advisor.leaning import Leanings
from agent.advisor.pacing import Pace, pace_of
from agent.advisor.past import past_tasks
from agent.advisor.process import Process
from agent.advisor.situation import MIN_TRIALS, Situation, Values
from agent.advisor.sought import Sought
from agent.advisor.trust import Trust
from agent.objective import Constraint, Objective, measured
from agent.standing import meets
from memory.record import TrialRecord
from recmodels.search_space import Params

Array = NDArray[np.float64]
_MIN_MEASURED = 2  # values that a belief other than the first objective's is fitted to


class Prediction(NamedTuple):
    """The objective of a new trial, in its own direction and units."""

    mean: float
    spread: float  # standard deviation, the noise of one run included


@dataclass(frozen=True, slots=True, kw_only=True)
class Surrogate:
    """What the trials of a model so far say about all of its params."""

    sign: int  # 1 where the first objective is maximised, else -1
    n: int  # trials it rests on
    encoding: Encoding
    beliefs: tuple[Belief, ...]  # about the objectives, turned so that more is better; the first one's first
    sought: Sought | None  # what is improved upon; None while no trial meets every constraint
    bounds: tuple[Belief, ...]  # about by how much each constraint is missed
    failing: Belief | None  # 1 for a trial that failed, 0 for one that did not; None while none failed
    leanings: Leanings  # what is known without trials
    failures: Outcomes | None = None  # what `failing` rests on
    pace: Pace | None = None  # under a time limit, what a second is worth

    @property
    def objective(self) -> Process:
        """Of the first objective."""
        return self.beliefs[0].process

    @property
    def past(self) -> Trust | None:
        """What trials on other datasets add to the first objective."""
        past = self.beliefs[0].past
        return past if isinstance(past, Trust) else None

    @property
    def source(self) -> str:
        """What its candidates come from: the memory while this study has too few trials of its own."""
        return "gp" if len(self.objective.observed.values) >= MIN_TRIALS else "memory"

    def predict(self, params: Params) -> Prediction:
        """What a new trial of these params is expected to measure."""
        mean, spread = self.beliefs[0].of_a_run(self.encoding.points([params]))
        return Prediction(self.sign * float(mean[0]), float(spread[0]))

    def optimistic(self, params: Params) -> float:
        """Predicted mean plus one standard deviation, turned so that more is better."""
        mean, spread = self.predict(params)
        return self.sign * mean + spread

    def score(self, many: Sequence[Params]) -> Array:
        """What the largest of is run next: `score_of_success` times the chance that the trial comes through. (n,)"""
        score = self.score_of_success(many)
        if self.failing is not None:
            score += log_chance_below(*self.failing.of_a_run(self.encoding.points(many)), bound=0.5)
        return score

    def score_of_success(self, many: Sequence[Params]) -> Array:
        """Log expected improvement times the chance that every constraint holds.

        Under a time limit it counts by the second, and times the chance that the trial ends in time.

        Leanings weigh it while the trials are few. While no trial meets the constraints, the chance alone counts. (n,)
        """
        points = self.encoding.points(many)
        score = np.zeros(len(many)) if self.sought is None else self.sought.log_improvement(points)
        for belief in self.bounds:
            score += log_chance_below(*belief.of_a_run(points))
        if self.pace is not None:
            score -= self.pace.price(many)
        if self.leanings:
            score += self.leanings.log_weights(many)
        return score


def build(situation: Situation, model: str) -> Surrogate:
    """Fit to the model's trials, two or more of which have a value, or one where past trials tell more."""
    encoding, values = Encoding(situation.declared[model]), Values.of(situation, model)
    constraints = [c for c in situation.goal.constraints if len(_with(values, c.metric)) >= _MIN_MEASURED]
    first = Belief.of(encoding, values.records, values.signed, values.runs, past_tasks(situation, model))
    others = (_further(situation, model, encoding, values, other) for other in situation.goal.objectives[1:])
    beliefs = (first, *(belief for belief in others if belief is not None))
    bounds = tuple(_bound(encoding, values, constraint) for constraint in constraints)
    failures = outcomes(situation, model, values)
    return Surrogate(
        sign=situation.goal.primary.sign,
        n=sum(values.runs),
        encoding=encoding,
        beliefs=beliefs,
        sought=_sought(situation, model, encoding, values, beliefs, constraints, bounds),
        bounds=bounds,
        failing=None if failures is None else failures.belief(encoding),
        leanings=situation.leanings_on(model),
        failures=failures,
        pace=pace_of(situation, model),
    )


def _sought(
    situation: Situation,
    model: str,
    encoding: Encoding,
    values: Values,
    beliefs: Sequence[Belief],
    constraints: Sequence[Constraint],
    bounds: Sequence[Belief],
) -> Sought | None:
    learned = replace(situation.goal, constraints=tuple(constraints))
    kept = encoding.points([record.params for record in values.records if meets(learned, record)])
    pending = encoding.points([params for other, params in situation.pending if other == model])
    is_counted = np.ones(len(pending), dtype=bool)
    for bound in bounds:
        is_counted &= bound.posterior(pending)[0] <= 0
    return Sought.of(beliefs, kept, pending, pending[is_counted], situation.seed_of(model, "pending"))


def _further(
    situation: Situation, model: str, encoding: Encoding, values: Values, objective: Objective
) -> Belief | None:
    """About another objective, by complete trials; None where too few measured it."""
    known = [(r, value, n) for r, value, n in _with(values, objective.metric) if r.state == "complete"]
    if len(known) < _MIN_MEASURED:
        return None
    records, found, runs = zip(*known, strict=True)
    tasks = past_tasks(situation, model, objective)
    return Belief.of(encoding, records, [objective.sign * value for value in found], runs, tasks)


def _bound(encoding: Encoding, values: Values, constraint: Constraint) -> Belief:
    records, _, runs = zip(*_with(values, constraint.metric), strict=True)
    return Belief.of(encoding, records, [constraint.violation(record.metrics) for record in records], runs)


def _with(values: Values, metric: str) -> list[tuple[TrialRecord, float, int]]:
    """Trials that measured a metric, with its value and the number of runs."""
    pairs = zip(values.records, values.runs, strict=True)
    return [(r, value, n) for r, n in pairs if (value := measured(r.metrics, metric)) is not None]
