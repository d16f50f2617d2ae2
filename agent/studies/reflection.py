"""What a finished trial teaches: a lesson when it broke, or when it surprised by more than the noise."""

import hashlib
from datetime import UTC, datetime

import numpy as np

from agent.advisor.situation import shown
from agent.objective import Goal, measured
from agent.proposal import Proposal, predicted_words
from agent.standing import ordered
from memory.record import Lesson, TrialRecord
from recmodels.search_space import Params

SURPRISE = 2.0  # standard deviations between expected and measured
MIN_TRIALS = 4  # whose spread stands in for a prediction's, where there is none
_FAILURES = {
    "diverged": "diverged",
    "out_of_memory": "ran out of memory",
    "time_limit": "ran into its time limit",
    "worker_died": "killed its worker process",
}


def reflect(goal: Goal, record: TrialRecord, proposal: Proposal, earlier: tuple[TrialRecord, ...]) -> Lesson | None:
    """The lesson of a trial, in one sentence whose numbers are the records'; None when it went as expected.

    Args:
        earlier: All trials of the study before it.
    """
    text = _failure(goal, record, earlier) if record.state == "failed" else _surprise(goal, record, proposal, earlier)
    if text is None:
        return None
    return lesson(text, study=record.study, dataset=record.dataset, evidence=(record.id, *record.evidence))


def lesson(text: str, *, study: str | None, dataset: str | None, evidence: tuple[str, ...] = ()) -> Lesson:
    """A lesson of reflection; the same sentence has the same id, so it is kept once."""
    return Lesson(
        id=f"lesson/{hashlib.sha256(text.encode()).hexdigest()[:16]}",
        text=text,
        source="reflection",
        study=study,
        dataset=dataset,
        evidence=tuple(dict.fromkeys(evidence)),
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _failure(goal: Goal, record: TrialRecord, earlier: tuple[TrialRecord, ...]) -> str | None:
    what = _FAILURES.get((record.reason or "").partition(":")[0])
    if what is None:  # interrupted, or a bug: says nothing about the params
        return None
    return f"On {record.dataset}, {record.model} {what} with {_telling(goal, record, earlier)}."


def _surprise(goal: Goal, record: TrialRecord, proposal: Proposal, earlier: tuple[TrialRecord, ...]) -> str | None:
    if record.state != "complete" or record.value is None or record.expected is None:
        return None
    predicted = _spread(proposal)
    spread = predicted or _spread_so_far(record, earlier)
    if spread is None or abs(record.value - record.expected) <= SURPRISE * spread:
        return None
    expected = predicted_words(record.expected, predicted) if predicted else shown(record.expected)
    return (
        f"On {record.dataset}, {record.model} with {_telling(goal, record, earlier)} {_how(goal, record)}: "
        f"{record.objective} {shown(record.value)} instead of {expected}{_others(goal, record)}."
    )


def _how(goal: Goal, record: TrialRecord) -> str:
    """Better or worse; with several objectives a trial may be on the front all the same, so only one is judged."""
    is_above = (record.value or 0.0) > (record.expected or 0.0)
    if len(goal.objectives) > 1:
        return f"had a {'higher' if is_above else 'lower'} {record.objective} than expected"
    return f"was {'better' if is_above == (record.direction == 'maximize') else 'worse'} than expected"


def _others(goal: Goal, record: TrialRecord) -> str:
    """What it reached on the other objectives."""
    values = {objective.metric: measured(record.metrics, objective.metric) for objective in goal.objectives[1:]}
    told = [f"{metric} {shown(value)}" for metric, value in values.items() if value is not None]
    return f", with {' and '.join(told)}" if told else ""


def _spread(proposal: Proposal) -> float | None:
    """The prediction's own, if it stated one; what a language model expects states none."""
    return None if proposal.act or proposal.taken is None else proposal.taken.spread


def _spread_so_far(record: TrialRecord, earlier: tuple[TrialRecord, ...]) -> float | None:
    """Of the values of the model's trials."""
    values = [r.value for r in earlier if r.model == record.model and r.state == "complete" and r.value is not None]
    return float(np.std(values)) if len(values) >= MIN_TRIALS else None


def _telling(goal: Goal, record: TrialRecord, earlier: tuple[TrialRecord, ...]) -> str:
    """The params that differ from the model's best trial before, or all of them when there is none."""
    others = [r for r in earlier if r.model == record.model and r.state == "complete" and r.value is not None]
    if not others:
        return _words(record.params) or "no params"
    best = ordered(goal, earlier, others)[0]
    changed = {name: value for name, value in record.params.items() if best.params.get(name) != value}
    return f"{_words(changed)} (else as trial {best.id})" if changed else f"the params of trial {best.id}"


def _words(params: Params) -> str:
    return ", ".join(f"{name} {shown(value)}" for name, value in params.items())
