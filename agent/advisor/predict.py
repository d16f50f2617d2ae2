"""What the trials so far predict for params: the surrogate of the moment, and its prediction put into words."""

from typing import TYPE_CHECKING

from agent.advisor.situation import MIN_TRIALS, Situation, Values, nearest, shown
from agent.proposal import Candidate, predicted_words
from agent.standing import best_of
from memory.record import TrialRecord
from recmodels.search_space import Params

if TYPE_CHECKING:
    from agent.advisor.surrogate import Surrogate

_N_EVIDENCE = 3
_latest: list[tuple[Situation, str, "Surrogate | None"]] = []  # asked for again by each candidate of one moment


def surrogate_of(situation: Situation, model: str) -> "Surrogate | None":
    """What predicts at this moment; None with too few trials of this study or nothing to vary."""
    return seeker_of(situation, model) if _n_known(situation, model) >= MIN_TRIALS else None


def seeker_of(situation: Situation, model: str) -> "Surrogate | None":
    """What chooses at this moment: the same, and after the first trial already where past trials expect something."""
    for moment, whose, known in _latest:
        if moment is situation and whose == model:
            return known
    seeker = _seeker_of(situation, model)
    _latest[:] = [(situation, model, seeker)]
    return seeker


def _seeker_of(situation: Situation, model: str) -> "Surrogate | None":
    from agent.advisor import past, surrogate  # import scipy, a second of every other command

    n = _n_known(situation, model)
    if n == 0 or not len(situation.declared[model]) or (n < MIN_TRIALS and not past.past_tasks(situation, model)):
        return None
    return surrogate.build(situation, model)


def _n_known(situation: Situation, model: str) -> int:
    return len(Values.of(situation, model).records)


def predicted(
    situation: Situation, model: str, params: Params, source: str, why: str, evidence: tuple[str, ...] = ()
) -> Candidate:
    """A candidate with its evidence, and with the prediction where there are trials enough to predict from.

    Args:
        evidence: Ids that it rests on, where that is more than the trials of the prediction.
    """
    seeker = seeker_of(situation, model)
    if seeker is None:
        return Candidate(model=model, params=dict(params), source=source, reason=why, evidence=evidence)
    is_of_past = seeker.past is not None and source in ("gp", "memory")  # other sources chose without it
    first = seeker.past.nearest_of_first(situation.declared[model], params) if seeker.past and is_of_past else None
    if first is not None and first[1] is None:
        why = f"{why}, near which {first[0]} has no trial"
    followed = evidence or ((first[1].id,) if first is not None and first[1] is not None else ())
    if surrogate_of(situation, model) is None:
        return Candidate(model=model, params=dict(params), source=source, reason=why, evidence=followed)
    mean, spread = seeker.predict(params)
    values = Values.of(situation, model)
    best, near = _evidence(situation, model, params, values)
    runs = values.runs[values.records.index(best)]
    reason = (
        f"{why}; predicted {situation.goal.primary.metric} {predicted_words(mean, spread)} from "
        f"{seeker.n} trials, the best of which is trial {best.number} with {shown(best.value)}"
        + (f", the mean of {runs} runs" if runs > 1 else "")
    )
    resting = tuple(dict.fromkeys((best.id, *(record.id for record in near), *followed)))
    return Candidate(
        model=model, params=dict(params), source=source, reason=reason, mean=mean, spread=spread, evidence=resting
    )


def _evidence(
    situation: Situation, model: str, params: Params, values: Values
) -> tuple[TrialRecord, list[TrialRecord]]:
    """The best trial, the largest value where none is complete and meets the constraints; and the nearest ones."""
    largest = max(zip(values.signed, values.records, strict=True), key=lambda pair: pair[0])[1]
    best = best_of(situation.goal, values.records) or largest
    return best, nearest(situation.declared[model], params, values.records)[: _N_EVIDENCE - 1]
