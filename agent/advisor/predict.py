"""What the trials so far predict for params: mean and spread from a Gaussian process, and the trials it rests on."""

import functools
from typing import TYPE_CHECKING

import numpy as np

from agent.advisor.situation import Situation, Values, distance, shown, unit
from agent.proposal import Candidate
from memory.record import TrialRecord
from recmodels.search_space import Params

if TYPE_CHECKING:
    from agent.advisor.surrogate import Surrogate

MIN_TRIALS = 4  # with a value; fewer predict nothing worth saying
_N_EVIDENCE = 3


def predicted(situation: Situation, model: str, params: Params, source: str, why: str) -> Candidate:
    """A candidate with the prediction and its evidence in the reason, where there are trials enough to predict from."""
    surrogate = surrogate_of(situation, model)
    if surrogate is None:
        return Candidate(model=model, params=dict(params), source=source, reason=why)
    mean, spread = surrogate.predict(unit(situation.declared[model], params))
    mean *= 1 if situation.goal.primary.is_maximized else -1
    best, nearest = _evidence(situation, model, params)
    reason = (
        f"{why}; predicted {situation.goal.primary.metric} {shown(mean)} ± {shown(spread)} from "
        f"{surrogate.n} trials, the best of which is trial {best.number} with {shown(best.value)}"
    )
    evidence = tuple(dict.fromkeys(record.id for record in (best, *nearest)))
    return Candidate(
        model=model, params=dict(params), source=source, reason=reason, mean=mean, spread=spread, evidence=evidence
    )


def surrogate_of(situation: Situation, model: str) -> "Surrogate | None":
    """The model's predictor at this moment; None with too few trials."""
    values = Values.of(situation, model)
    if len(values.records) < MIN_TRIALS or not len(situation.declared[model]):
        return None
    points = np.stack([unit(situation.declared[model], record.params) for record in values.records])
    return _fit(points.tobytes(), points.shape, values.signed)


@functools.lru_cache(maxsize=32)  # asked for each candidate of one moment
def _fit(points: bytes, shape: tuple[int, int], signed: tuple[float, ...]) -> "Surrogate":
    from agent.advisor.surrogate import Surrogate  # imports scipy.optimize

    return Surrogate.fit(np.frombuffer(points).reshape(shape), np.array(signed))


def _evidence(situation: Situation, model: str, params: Params) -> tuple[TrialRecord, list[TrialRecord]]:
    values = Values.of(situation, model)
    best = values.records[int(np.argmax(values.signed))]
    nearest = sorted(values.records, key=lambda r: distance(situation.declared[model], params, r.params))
    return best, nearest[: _N_EVIDENCE - 1]
