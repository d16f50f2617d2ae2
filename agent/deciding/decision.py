"""Who chooses the next trial: a decider, among the advisor's candidates or under the gate; else the advisor.

A decider that fails, takes too long or breaks the rules twice never stops a study: the advisor's candidate runs, and
the proposal's note says so.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from agent.advisor.situation import Situation
from agent.deciding import gate
from agent.objective import Goal
from agent.proposal import Candidate, Proposal
from memory.record import Lesson, TrialRecord
from recmodels.errors import ParamError
from recmodels.search_space import ParamValue, SearchSpace

_log = logging.getLogger(__name__)
_FAILURES = 2  # in a row, after which the decider is left alone until the study is resumed


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionContext:
    """What a decider sees."""

    study: str
    number: int  # of the trial to come
    n_trials: int
    goal: Goal
    profile: Mapping[str, float]
    spaces: Mapping[str, SearchSpace]  # by model, as narrowed
    records: tuple[TrialRecord, ...]  # of this study
    recalled: tuple[tuple[TrialRecord, float], ...]  # of others, with the datasets' likeness
    lessons: tuple[Lesson, ...]
    candidates: tuple[Candidate, ...]  # the advisor's, its own choice first
    request: str | None = None  # the person's wish, in their words
    rule: str | None = None  # why the decider's last draft was sent back


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A decider's answer, not yet checked: a candidate by number, or a model and params of its own."""

    candidate: int | None = None
    model: str | None = None
    params: Mapping[str, ParamValue] | None = None
    expected: float | None = None
    rationale: str = ""
    evidence: tuple[str, ...] = ()


class DecisionFailed(Exception):
    """A decider has no usable answer; the text says why, for the proposal's note."""


Decider = Callable[[DecisionContext], Draft | None]
"""None leaves the choice to the advisor."""


class Chooser:
    """Turns candidates and a decider's drafts into proposals, and remembers a decider that keeps failing."""

    def __init__(self, decider: Decider | None) -> None:
        self._decider = decider
        self._failures = 0

    def forgive(self) -> None:
        """Ask the decider again, whatever it did before."""
        self._failures = 0

    def choose(self, context: DecisionContext, situation: Situation) -> Proposal:
        """The proposal for the next trial; `context.candidates` holds one at least."""
        if self._decider is None:
            return _of_candidate(context, 0, note=_unheard(context))
        if self._failures >= _FAILURES:
            return _of_candidate(context, 0, note="the language model failed twice in a row; the advisor goes on alone")
        try:
            proposal = self._ask(context, situation)
        except Exception as error:  # noqa: BLE001 - whatever a language model does, the study goes on
            self._failures += 1
            _log.warning("the decider failed: %s", error, exc_info=not isinstance(error, DecisionFailed))
            return _of_candidate(
                context, 0, note=f"the language model did not decide ({_one_line(error)}); the advisor did"
            )
        self._failures = 0
        return proposal

    def _ask(self, context: DecisionContext, situation: Situation) -> Proposal:
        """Ask; an illegal answer goes back once with the rule."""
        rule = None
        for _ in range(2):
            draft = self._decider(replace(context, rule=rule)) if self._decider else None
            if draft is None:
                return _of_candidate(context, 0, note=_unheard(context))
            try:
                return _checked(context, situation, draft)
            except _IllegalError as error:
                rule = str(error)
        return _of_candidate(
            context, 0, note=f"the language model's params were refused: {rule}; the advisor's run instead"
        )


class _IllegalError(Exception):
    """The draft breaks a rule; the text states it."""


def _checked(context: DecisionContext, situation: Situation, draft: Draft) -> Proposal:
    if draft.params is None:
        if draft.candidate is None or not 0 <= draft.candidate < len(context.candidates):
            raise _IllegalError(
                f"a candidate is a number from 0 to {len(context.candidates) - 1}, got {draft.candidate}"
            )
        return _of_candidate(context, draft.candidate, draft)
    if draft.model is None or draft.model not in context.spaces:
        raise _IllegalError(f"the models are {', '.join(context.spaces)}; got {draft.model!r}")
    try:
        params = gate.legal(situation, draft.model, draft.params)
    except ParamError as error:
        raise _IllegalError(str(error)) from error
    rule = gate.objection(situation, draft.model, params, context.candidates)
    if rule is not None:
        raise _IllegalError(rule)
    return Proposal(
        number=context.number,
        model=draft.model,
        params=params,
        proposer="llm",
        rationale=draft.rationale or "params of the language model's own, without a reason given",
        expected=draft.expected,
        evidence=_known(context, draft.evidence),
        candidates=context.candidates,
    )


def _of_candidate(
    context: DecisionContext, place: int, draft: Draft | None = None, note: str | None = None
) -> Proposal:
    """The candidate as a proposal: a decider adds its words, the advisor's prediction stays."""
    candidate = context.candidates[place]
    evidence = (*candidate.evidence, *_known(context, draft.evidence if draft else ()))
    expected = candidate.mean if candidate.mean is not None or draft is None else draft.expected
    return Proposal(
        number=context.number,
        model=candidate.model,
        params=candidate.params,
        proposer=candidate.source,
        rationale=f"{draft.rationale} ({candidate.reason})" if draft and draft.rationale else candidate.reason,
        expected=expected,
        evidence=tuple(dict.fromkeys(evidence)),
        candidates=context.candidates,
        note=note,
    )


def _unheard(context: DecisionContext) -> str | None:
    """A note when the person's wish was not understood and no language model weighed it."""
    if context.request is None or context.candidates[0].source == "request":
        return None
    return "the advisor could not read the request, and no language model decides here; this is its own choice"


def _known(context: DecisionContext, evidence: tuple[str, ...]) -> tuple[str, ...]:
    known = {record.id for record in context.records} | {record.id for record, _ in context.recalled}
    known |= {lesson.id for lesson in context.lessons}
    return tuple(id_ for id_ in dict.fromkeys(evidence) if id_ in known)


def _one_line(error: Exception) -> str:
    lines = (str(error) or type(error).__name__).strip().splitlines()
    return lines[0][:200]
