"""The rules that each act keeps: a legal draft becomes a proposal or a deed, any other goes back with its rule."""

from collections.abc import Sequence
from dataclasses import replace

from agent.advisor.situation import Situation, shown
from agent.deciding import gate
from agent.deciding.acts import (
    EXPLORE,
    LONGER,
    OWN,
    REPEAT,
    TAKE,
    Deed,
    Draft,
    IllegalError,
    Longer,
    Own,
    Repeat,
    Take,
)
from agent.deciding.context import DecisionContext
from agent.deciding.study_rules import deed_of
from agent.proposal import Proposal
from agent.standing import counted, repeats_of
from memory.record import TrialRecord
from recmodels.errors import ParamError
from recmodels.metrics import METRICS
from recmodels.search_space import Int, Params, ParamValue

EXPLORED_SHARE = 0.2  # of the budget, and one trial at least, may be explorations that the surrogate has no say in
MAX_RUNS = 4  # of the same params
MAX_EVIDENCE = 5
NO_REASON = "the language model gave no reason"


def checked(context: DecisionContext, situation: Situation, draft: Draft) -> Proposal | Deed:
    """What the draft comes to.

    Raises:
        IllegalError: It breaks a rule.
    """
    match draft.act:
        case Take():
            found = _taken(context, draft.act)
        case Own():
            found = _own(context, situation, draft.act)
        case Repeat():
            found = _repeat(context, draft.act)
        case Longer():
            found = _longer(context, situation, draft.act)
        case _:
            return deed_of(context, situation, draft)
    _require_possible(context, draft.expected)
    return replace(
        found,
        rationale=draft.rationale or found.rationale,
        expected=found.expected if draft.expected is None else draft.expected,
        evidence=known_ids(context, (*found.evidence, *draft.evidence)),
    )


def known_ids(context: DecisionContext, evidence: Sequence[str]) -> tuple[str, ...]:
    """Those of trials and lessons that there are, each once."""
    known = {record.id for record in context.records} | {record.id for record, _ in context.recalled}
    known |= {lesson.id for lesson in context.lessons}
    return tuple(id_ for id_ in dict.fromkeys(evidence) if id_ in known)


def _require_possible(context: DecisionContext, expected: float | None) -> None:
    metric = context.goal.primary.metric
    low, high = METRICS[metric.partition("@")[0]].range
    if expected is not None and not low <= expected <= high:
        legal = f"at least {low:g}" if high == float("inf") else f"between {low:g} and {high:g}"
        raise IllegalError(f"`expected` is a value of {metric}, which is {legal}; got {shown(expected)}")


# -- the next trial -----------------------------------------------------------------------------------------


def _taken(context: DecisionContext, act: Take) -> Proposal:
    """The candidate as the decider's choice: its words, its expectation; the advisor's stay with the candidate."""
    if not 0 <= act.candidate < len(context.candidates):
        raise IllegalError(f"a candidate is a number from 0 to {len(context.candidates) - 1}, got {act.candidate}")
    candidate = context.candidates[act.candidate]
    found = _proposal(context, candidate.model, candidate.params, proposer=candidate.source, act=TAKE)
    return replace(found, expected=candidate.mean)


def _own(context: DecisionContext, situation: Situation, act: Own) -> Proposal:
    if act.model not in context.spaces:
        raise IllegalError(f"the models are {', '.join(context.spaces)}; got {act.model!r}")
    params = _legal(situation, act.model, act.params)
    if not situation.of(act.model) and params != context.spaces[act.model].defaults() and context.request is None:
        raise IllegalError(f"the defaults of {act.model} run first, so that every change is measured against them")
    rule = situation.objection(act.model, params)
    if rule is None and not act.explores:
        rule = gate.worse(situation, act.model, params, context.candidates)
    if rule is None and act.explores:
        rule = _overspent(context)
    if rule is not None:
        raise IllegalError(rule)
    return _proposal(context, act.model, params, proposer="llm", act=EXPLORE if act.explores else OWN)


def explorations_left(context: DecisionContext) -> int:
    """How many more trials may explore."""
    return max(_explorations(context) - context.scope.n_explored, 0)


def _explorations(context: DecisionContext) -> int:
    return max(1, int(EXPLORED_SHARE * context.n_trials))


def _overspent(context: DecisionContext) -> str | None:
    if explorations_left(context):
        return None
    allowed = _explorations(context)
    return f"{allowed} of {context.n_trials} trials may be explorations, and {context.scope.n_explored} were"


def _legal(situation: Situation, model: str, params: Params) -> dict[str, ParamValue]:
    """The params completed and typed; what is held stays as it is."""
    try:
        legal = gate.legal(situation, model, params)
    except ParamError as error:
        raise IllegalError(str(error)) from error
    for name, param in situation.spaces[model].items():
        if param.held and name in legal and legal[name] != param.default:
            raise IllegalError(f"`{name}` is held at {shown(param.default)} until the person gives it a range")
    return legal


def may_repeat(context: DecisionContext, record: TrialRecord) -> bool:
    """Whether a trial may run once more with another seed."""
    n_runs = len(repeats_of(record, context.records))
    return record.number in context.scope.repeats and record.state == "complete" and n_runs < MAX_RUNS


def _repeat(context: DecisionContext, act: Repeat) -> Proposal:
    record = _trial(context, act.trial)
    if not may_repeat(context, record):
        raise IllegalError(
            f"trial {act.trial} cannot be repeated: it did not complete, its model is not random, or its params ran "
            f"{MAX_RUNS} times"
        )
    first = min(repeats_of(record, context.records), key=lambda run: run.number)
    found = _proposal(context, record.model, record.params, proposer="llm", act=REPEAT)
    seed = context.scope.repeats[act.trial]
    return replace(found, repeat_of=first.number, seed=seed, evidence=(record.id,))


def longer_epochs(context: DecisionContext) -> dict[int, int]:
    """By number of the trials that may run longer, the most epochs that their model takes."""
    if context.terms.epochs is not None:
        return {}
    found = {}
    for record in counted(context.records):
        param = context.spaces[record.model].get("epochs") if record.model in context.spaces else None
        if isinstance(param, Int) and record.curve and record.state != "failed":
            found[record.number] = max(param.high, int(record.params.get("epochs", param.default)))
    return found


def _longer(context: DecisionContext, situation: Situation, act: Longer) -> Proposal:
    """The trial with more epochs, or as many as it asked for with more patience."""
    record, most = _trial(context, act.trial), longer_epochs(context).get(act.trial)
    if most is None:
        raise IllegalError(f"trial {act.trial} cannot run longer: nothing sets its epochs, or the person did")
    asked, patience = int(record.params.get("epochs", most)), act.patience or context.terms.patience
    if not 1 <= act.epochs <= most:
        raise IllegalError(f"`epochs` of {record.model} must be in [1, {most}], got {act.epochs}")
    if act.epochs == asked:
        raise IllegalError(
            f"trial {act.trial} was given {asked} epochs; give others, so that the two can be told apart"
        )
    ran = len(record.curve)
    if act.epochs <= ran:
        raise IllegalError(f"trial {act.trial} ran {ran} epochs; `epochs` must be more")
    if ran < asked and patience <= context.terms.patience:
        raise IllegalError(
            f"trial {act.trial} ended after {ran} of {asked} epochs, {context.terms.patience} without a gain; "
            "give it more `patience`"
        )
    params = situation.declared[record.model].check(dict(record.params) | {"epochs": act.epochs})
    same = next((run for run in situation.of(record.model) if dict(run.params) == params), None)
    rule = gate.worse(situation, record.model, params, context.candidates)
    if same is not None or rule is not None:
        raise IllegalError(rule if same is None else f"these params are those of trial {same.number}")
    found = _proposal(context, record.model, params, proposer="llm", act=LONGER)
    return replace(found, patience=act.patience, evidence=(record.id,))


def _trial(context: DecisionContext, number: int) -> TrialRecord:
    found = {record.number: record for record in counted(context.records)}
    if number not in found:
        raise IllegalError(f"the finished trials are {', '.join(map(str, found)) or 'none yet'}; got {number}")
    return found[number]


def _proposal(context: DecisionContext, model: str, params: Params, *, proposer: str, act: str) -> Proposal:
    return Proposal(
        number=context.number,
        model=model,
        params=params,
        proposer=proposer,
        act=act,
        rationale=NO_REASON,
        candidates=context.candidates,
    )
