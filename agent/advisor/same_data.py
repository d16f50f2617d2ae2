"""What another study measured on the very same data, under the same terms: its best params run early here."""

from agent.advisor.predict import predicted
from agent.advisor.remembered import legal
from agent.advisor.situation import Situation, Values, shown, value_of
from agent.proposal import Candidate
from agent.standing import meets
from memory.record import TrialRecord

SAME = 0.999  # likeness from which data of one name are the same, where no fingerprint says so


def suggest(situation: Situation, model: str) -> Candidate | None:
    """The best that other studies measured, once, where it is better than all that this one has; else None."""
    best = _best(situation, model)
    params = None if best is None else legal(situation, model, best.params)
    if best is None or params is None or situation.objection(model, params) is not None:
        return None
    why = (
        f"the best that studies before this one measured on the same data and split: "
        f"{situation.goal.primary.metric} {shown(value_of(best, situation.goal.primary.metric))} in trial "
        f"{best.number} of study {best.study}"
    )
    return predicted(situation, model, params, "memory", why, evidence=(best.id,))


def _best(situation: Situation, model: str) -> TrialRecord | None:
    objective, own = situation.goal.primary, Values.of(situation, model)
    if len(situation.goal.objectives) > 1 or not own.records:
        return None
    terms = _terms(own.records[0])
    found = [
        (objective.sign * value, record)
        for record, likeness in situation.recalled
        if record.model == model and record.state == "complete" and _terms(record) == terms
        if _is_same(record, own.records[0], likeness)
        if (value := value_of(record, objective.metric)) is not None and meets(situation.goal, record)
    ]
    if not found:
        return None
    value, record = max(found, key=lambda pair: (pair[0], pair[1].id))
    return record if value > max(own.signed) else None


def _is_same(record: TrialRecord, own: TrialRecord, likeness: float) -> bool:
    """Whether both are of the same data: by what they hold, and by their name where that is not known."""
    if record.data and own.data:
        return record.data == own.data
    return record.dataset == own.dataset and likeness >= SAME


def _terms(record: TrialRecord) -> tuple[str, ...]:
    return record.split, record.positive, record.repeats, record.outcomes
