"""Facts about trials: why one was run, what was expected and came out, and what else was known then."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from agent.advisor.situation import nearest
from agent.answers.curve_shapes import curve_of
from agent.answers.facts import quoted
from agent.errors import UserError
from agent.proposal import PREDICTED, Candidate, Proposal
from agent.results.explained import (
    Focus,
    NearestEarlier,
    RestsOn,
    TrialExplained,
    ValueConsidered,
    ValueOfParam,
)
from agent.results.memory import IdOnly, LessonShown
from agent.results.proposal import CandidateShown, ProposalShown
from agent.results.result import extended
from agent.results.trial import Changed, TrialRemembered, TrialShown, TrialValue
from agent.standing import broken, feasible_of, pareto_front, rank_of, standing
from agent.studies.study import Study
from agent.uncertainty import CONFIDENCE, interval, valid_values
from memory.record import Lesson, ParamValue, Record, TrialRecord
from memory.store import TrialMemory
from recmodels.models import whole_space

MAX_RATIONALE = 600  # characters
MAX_SHOWN = 5  # candidates, recalled trials and nearby trials in one answer


def trial_shown(record: TrialRecord) -> TrialShown:
    """What one finished trial ran and measured, in short."""
    return TrialShown(
        trial=record.id,
        number=record.number,
        model=record.model,
        params=record.params,
        state=record.state,
        objective=record.objective,
        value=record.value,
        reason=quoted(record.reason) if record.reason else None,
    )


def proposal_shown(proposal: Proposal) -> ProposalShown:
    """What a proposal would run, and why; its rationale was checked when the decision was made."""
    return ProposalShown(
        number=proposal.number,
        model=proposal.model,
        params=proposal.params,
        proposer=proposal.proposer,
        act=proposal.act or None,
        rationale=quoted(proposal.why, MAX_RATIONALE),
        expected=proposal.expected,
        evidence=proposal.evidence[:MAX_SHOWN],
        note=quoted(proposal.note) if proposal.note else None,
        considered=tuple(_candidate_shown(candidate, proposal) for candidate in proposal.candidates[:MAX_SHOWN]),
    )


def explain_trial(
    study: Study,
    number: int,
    param: str | None = None,
    memory: TrialMemory | None = None,
    *,
    dataset: str | None = None,
    which: str = "asked for",
) -> TrialExplained:
    """Why trial `number` was run and what it taught; with `param`, about that param above all.

    Args:
        dataset: What the study's dataset is called; None: as the study says.
        which: Why this trial is told of.

    Raises:
        UserError: No such trial or param, with those that there are.
    """
    proposal, record = _proposal(study, number), _finished(study, number)
    rests_on = tuple(_remembered(found) for found in _rests_on(proposal.evidence, memory, study))
    earlier = [other for other in study.records() if other.number < number]
    found = extended(
        TrialExplained,
        proposal_shown(proposal),
        trial=f"{study.spec.name}/{number}",
        study=study.title,
        dataset=dataset or study.spec.dataset,
        which=which,
        goal=study.spec.aim,
        objective=study.spec.goal.primary.metric,
        direction=study.spec.goal.primary.direction,
        state=record.state if record else study.state,
        measured=record.value if record else None,
        rests_on=rests_on,
        nearest=_nearest(proposal, record, earlier),
        focus=_focus(_param_name(proposal, param), proposal, earlier, rests_on) if param else None,
    )
    return _with_outcome(found, study, record) if record else found


def finished(study: Study, number: int) -> TrialRecord:
    """The record of a finished trial.

    Raises:
        UserError: There is none; the text names those that are.
    """
    record = _finished(study, number)
    if record is None:
        raise UserError(f"trial {number} of {study.spec.name} has not finished; finished are {finished_numbers(study)}")
    return record


def _finished(study: Study, number: int) -> TrialRecord | None:
    return next((record for record in study.records() if record.number == number), None)


def finished_numbers(study: Study) -> str:
    return ", ".join(str(record.number) for record in study.records()) or "none yet"


def _proposal(study: Study, number: int) -> Proposal:
    pending = study.status().pending
    if pending is not None and pending.number == number:
        return pending
    known = {record.number for record in study.records()} | {study.status().running}
    if number not in known:
        raise UserError(f"there is no trial {number} in {study.spec.name}; finished are {finished_numbers(study)}")
    return study.proposal(number)


def _candidate_shown(candidate: Candidate, proposal: Proposal) -> CandidateShown:
    return CandidateShown(
        source=candidate.source,
        model=candidate.model,
        params=candidate.params,
        reason=quoted(candidate.reason),
        mean=candidate.mean,
        spread=candidate.spread,
        interval=candidate.interval,
        confidence=None if candidate.interval is None else PREDICTED,
        chosen=candidate.model == proposal.model and dict(candidate.params) == dict(proposal.params),
    )


def _with_outcome(found: TrialExplained, study: Study, record: TrialRecord) -> TrialExplained:
    goal, records = study.spec.goal, study.records()
    stands = standing(goal, records, valid_values)
    own = interval([values]) if (values := valid_values(record)) is not None else None
    return replace(
        found,
        reason=quoted(record.reason) if record.reason else None,
        surprise=difference(record.value, record.expected),
        rank=rank_of(goal, record, records),
        n_ranked=len(feasible_of(goal, records)),
        is_on_front=record in pareto_front(goal, records) if len(goal.objectives) > 1 else None,
        constraints=tuple(str(constraint) for constraint in goal.constraints),
        broken=tuple(broken(goal, record, records)),
        uncertainty=own.half_width if own else None,
        confidence=CONFIDENCE if own else None,
        best=TrialValue(number=stands.best.number, value=stands.best.value) if stands.best else None,
        is_like_best=stands.is_group_known and any(other.number == record.number for other in stands.group),
        group=tuple(other.number for other in stands.group),
        curve=curve_of(record),
        train_s=record.cost.get("train_s"),
    )


def _rests_on(ids: Sequence[str], memory: TrialMemory | None, study: Study) -> list[Record | str]:
    """What a proposal rests on: the records, or the bare ids where a record is gone."""
    own = {record.id: record for record in study.records()}
    return [own.get(id_) or (memory.get(id_) if memory else None) or id_ for id_ in ids[:MAX_SHOWN]]


def _remembered(record: Record | str) -> RestsOn:
    if isinstance(record, TrialRecord):
        return extended(TrialRemembered, trial_shown(record), dataset=record.dataset)
    if isinstance(record, Lesson):
        return lesson_shown(record)
    return IdOnly(id=record if isinstance(record, str) else record.id)


def lesson_shown(lesson: Lesson) -> LessonShown:
    """A lesson among other facts."""
    return LessonShown(id=lesson.id, text=quoted(lesson.text), withdrawn=why_withdrawn(lesson))


def why_withdrawn(lesson: Lesson) -> str:
    """Quoted; empty where it holds."""
    return quoted(lesson.withdrawn) if lesson.withdrawn else ""


def _nearest(proposal: Proposal, record: TrialRecord | None, earlier: Sequence[TrialRecord]) -> NearestEarlier | None:
    """The earlier trial of the same model with the fewest and smallest changes, and what changed."""
    rivals = [other for other in earlier if other.model == proposal.model and other.value is not None]
    if not rivals:
        return None
    near = nearest(whole_space(proposal.model), proposal.params, rivals)[0]
    return NearestEarlier(
        trial=near.id,
        number=near.number,
        changed=changed(near.params, proposal.params),
        value=near.value,
        of=proposal.number,
        minus=near.number,
        difference=difference(record.value if record else None, near.value),
    )


def changed(before: Mapping[str, ParamValue], after: Mapping[str, ParamValue]) -> Changed:
    """The params that differ, each with its value before and after."""
    names = dict.fromkeys([*after, *before])
    return {name: (before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)}


def _param_name(proposal: Proposal, param: str) -> str:
    space = whole_space(proposal.model)
    wanted = param.strip().lower().replace(" ", "_").replace("-", "_").rpartition(".")[2]
    near = difflib.get_close_matches(wanted, space, n=1, cutoff=0.7)
    if not near:
        raise UserError(f"{proposal.model} has no param {param!r}; its params are {', '.join(space) or 'none'}")
    return near[0]


def _focus(name: str, proposal: Proposal, earlier: Sequence[TrialRecord], rests_on: Sequence[RestsOn]) -> Focus:
    """One param of a proposal: its value, what the evidence had there, and what else was tried or considered."""
    declared = whole_space(proposal.model)[name]
    chosen = next((c for c in proposal.candidates if dict(c.params) == dict(proposal.params)), None)
    tried = [other for other in earlier if other.model == proposal.model and name in other.params]
    return Focus(
        param=name,
        value=proposal.params.get(name),
        range=str(declared),
        default=declared.default,
        source=chosen.source if chosen else proposal.proposer,
        in_evidence=tuple(
            ValueOfParam(id=other.trial, value=other.params[name], measured=other.value)
            for other in rests_on
            if isinstance(other, TrialRemembered) and name in other.params
        ),
        considered=tuple(
            ValueConsidered(source=c.source, value=c.params[name], mean=c.mean)
            for c in proposal.candidates[:MAX_SHOWN]
            if c.model == proposal.model and name in c.params and c is not chosen
        ),
        tried_before=tuple(
            ValueOfParam(id=other.id, value=other.params[name], measured=other.value) for other in tried[-MAX_SHOWN:]
        ),
    )


def difference(value: float | None, base: float | None) -> float | None:
    return None if value is None or base is None else value - base
