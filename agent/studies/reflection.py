"""What a finished trial teaches: a lesson when it broke, or when it surprised by more than the noise."""

import hashlib
from datetime import UTC, datetime

import numpy as np

from agent.advisor.situation import shown
from agent.objective import Goal, measured
from agent.proposal import Proposal, predicted_words
from agent.standing import ordered
from agent.studies.blame import FAILURES, as_large, failure_of
from memory.content import Condition, Content
from memory.record import Lesson, TrialRecord
from recmodels.search_space import Params, ParamValue

SURPRISE = 2.0  # standard deviations between expected and measured
MIN_TRIALS = 4  # whose spread stands in for a prediction's, where there is none


def reflect(goal: Goal, record: TrialRecord, proposal: Proposal, earlier: tuple[TrialRecord, ...]) -> Lesson | None:
    """The lesson of a trial, in one sentence whose numbers are the records'; None when it went as expected.

    Args:
        earlier: All trials of the study before it.
    """
    found = _failure(goal, record, earlier) if record.state == "failed" else _surprise(goal, record, proposal, earlier)
    if found is None:
        return None
    text, content = found
    return lesson(text, record, content, evidence=(record.id, *record.evidence))


def lesson(
    text: str, record: TrialRecord, content: Content, *, evidence: tuple[str, ...] = (), about: str = ""
) -> Lesson:
    """A lesson of reflection; the same sentence has the same id, so it is kept once.

    Args:
        record: A trial that it was learned from.
        about: What tells it apart from the study's other lessons on the model, where its sentence may change; then the
            id is of that.
    """
    named = "/".join((record.study, record.model, content.says, about)) if about else text
    return Lesson(
        id=f"lesson/{hashlib.sha256(named.encode()).hexdigest()[:16]}",
        text=text,
        source="reflection",
        study=record.study,
        dataset=record.dataset,
        evidence=tuple(dict.fromkeys(evidence)),
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        content=content,
    )


Found = tuple[str, Content]


def _failure(goal: Goal, record: TrialRecord, earlier: tuple[TrialRecord, ...]) -> Found | None:
    failure = failure_of(record)
    if failure is None:  # interrupted, or a bug: says nothing about the params
        return None
    how = (record.reason or "").partition(":")[2].strip()
    detail = f" ({how})" if failure == "time_limit" and how else ""  # which limit
    text = f"On {record.dataset}, {record.model} {FAILURES[failure]}{detail} with {_telling(goal, record, earlier)}."
    where = as_large(failure, record.params)
    return text, Content(says="fails", model=record.model, where=where, failure=failure, n=1, profile=record.profile)


def _surprise(goal: Goal, record: TrialRecord, proposal: Proposal, earlier: tuple[TrialRecord, ...]) -> Found | None:
    if record.state != "complete" or record.value is None or record.expected is None:
        return None
    predicted = _spread(proposal)
    spread = predicted or _spread_so_far(record, earlier)
    if spread is None or abs(record.value - record.expected) <= SURPRISE * spread:
        return None
    expected = predicted_words(record.expected, predicted) if predicted else shown(record.expected)
    text = (
        f"On {record.dataset}, {record.model} with {_telling(goal, record, earlier)} {_how(goal, record)}: "
        f"{record.objective} {shown(record.value)} instead of {expected}{_others(goal, record)}."
    )
    changed, _ = _changed(goal, record, earlier)
    return text, Content(
        says="surprise",
        model=record.model,
        where=tuple(_at(name, value) for name, value in (changed or record.params).items()),
        metric=record.objective,
        effect=record.value - record.expected,
        spread=spread,
        n=1,
        profile=record.profile,
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
    changed, best = _changed(goal, record, earlier)
    if best is None:
        return _words(changed) or "no params"
    return f"{_words(changed)} (else as trial {best.id})" if changed else f"the params of trial {best.id}"


def _changed(goal: Goal, record: TrialRecord, earlier: tuple[TrialRecord, ...]) -> tuple[Params, TrialRecord | None]:
    """The params that differ from the model's best trial before, and that trial; all of them when there is none."""
    others = [r for r in earlier if r.model == record.model and r.state == "complete" and r.value is not None]
    if not others:
        return record.params, None
    best = ordered(goal, earlier, others)[0]
    return {name: value for name, value in record.params.items() if best.params.get(name) != value}, best


def _at(name: str, value: ParamValue) -> Condition:
    if isinstance(value, str | bool):
        return Condition(param=name, choices=(value,))
    return Condition(param=name, low=value, high=value)


def _words(params: Params) -> str:
    return ", ".join(f"{name} {shown(value)}" for name, value in params.items())
