"""Who chooses the next trial: a decider, among the advisor's candidates or under the gate; else the advisor.

A decider that fails, takes too long or breaks the rules twice never stops a study: the advisor's candidate runs, and
the proposal's note says so. One that fails twice in a row rests for a few trials or minutes, and the person is told
when it is away and when it is back.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, runtime_checkable

from agent.advisor.situation import Situation
from agent.deciding import gate
from agent.objective import Goal
from agent.plain_words import plain
from agent.proposal import Candidate, Proposal
from memory.record import Lesson, TrialRecord
from recmodels.durations import in_words
from recmodels.errors import ParamError
from recmodels.search_space import ParamValue, SearchSpace

_log = logging.getLogger(__name__)
_FAILURES = 2  # in a row, after which the decider rests
REST_TRIALS, REST_S = 3, 300.0  # what is over first; doubled while it keeps failing
_LONGEST_REST = 8  # times as long


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
    asked_at: float | None = field(default=None, compare=False)  # of `time.monotonic`: one time limit for all drafts


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


@runtime_checkable
class HearsChoices(Protocol):
    """A decider that is told of each trial that was chosen, also where it was not asked."""

    def decided(self, context: DecisionContext, situation: Situation, proposal: Proposal) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """How long a decider that failed is left alone."""

    number: int  # of the trial that it is asked for again
    until: float  # or from then on, on the chooser's clock
    length: int = 1  # times `REST_TRIALS` and `REST_S`

    def is_over(self, number: int, now: float) -> bool:
        return number >= self.number or now >= self.until


class Chooser:
    """Turns candidates and a decider's drafts into proposals, and lets a decider that keeps failing rest."""

    def __init__(
        self,
        decider: Decider | None,
        tell: Callable[[str], None] = lambda text: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        Args:
            tell: Called with what the person should know: that the decider is away, or back.
            clock: Seconds.
        """
        self._decider, self._tell, self._clock = decider, tell, clock
        self._failures = 0
        self._rest: Rest | None = None

    def forgive(self) -> None:
        """Ask the decider again, whatever it did before."""
        self._failures, self._rest = 0, None

    def choose(self, context: DecisionContext, situation: Situation) -> Proposal:
        """The proposal for the next trial; `context.candidates` holds one at least."""
        if self._decider is None:
            return _of_candidate(context, 0, note=_unheard(context))
        if self._rest is not None and not self._rest.is_over(context.number, self._clock()):
            return _of_candidate(context, 0, note="the language model failed twice in a row; the advisor goes on alone")
        try:
            proposal = self._ask(replace(context, asked_at=time.monotonic()), situation)
        except Exception as error:  # noqa: BLE001 - whatever a language model does, the study goes on
            return _of_candidate(context, 0, note=self._failed(context.number, error))
        if self._rest is not None:
            self._tell("the language model answers again, and decides from here on")
        self.forgive()
        return proposal

    def _failed(self, number: int, error: Exception) -> str:
        """The proposal's note; after too many failures in a row the decider rests."""
        reason = one_line(error)
        _log.debug("the decider failed", exc_info=True)
        self._failures += 1
        if self._failures >= _FAILURES:
            length = min(2 * self._rest.length, _LONGEST_REST) if self._rest is not None else 1
            rest_s, trials = length * REST_S, length * REST_TRIALS
            if self._rest is None:
                self._tell(
                    f"the language model failed twice in a row ({reason}); the advisor goes on alone and asks it again "
                    f"after {trials} trials or {in_words(rest_s)}"
                )
            self._rest = Rest(number=number + trials + 1, until=self._clock() + rest_s, length=length)
        return f"the language model did not decide ({reason}); the advisor did"

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


def one_line(error: Exception) -> str:
    """What went wrong, without markup, dicts or a traceback."""
    lines = str(error).strip().splitlines()
    return plain(lines[0] if lines and lines[0].lstrip()[:1] not in "<{[" else str(error)) or type(error).__name__
