"""Who chooses what comes next: a decider, under the rules; else the advisor.

A decider that fails, takes too long or breaks the rules twice never stops a study: the advisor's candidate runs, and
the proposal's note says so. One that fails twice in a row rests for a few trials or minutes, and the person is told
when it is away and when it is back.
"""

import json
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from agent.advisor.situation import Situation
from agent.deciding import gate
from agent.deciding.acts import Deed, Draft, IllegalError, Own
from agent.deciding.answer import choice_of
from agent.deciding.context import DecisionContext, Refusal
from agent.deciding.rules import checked
from agent.plain_words import plain
from agent.proposal import Proposal
from agent.standing import DEFAULTS, counted
from recmodels.durations import in_words
from recmodels.errors import ParamError

_log = logging.getLogger(__name__)
_FAILURES = 2  # in a row, after which the decider rests
REST_TRIALS, REST_S = 3, 300.0  # what is over first; doubled while it keeps failing
_LONGEST_REST = 8  # times as long


class DecisionFailed(Exception):
    """A decider has no usable answer; the text says why, for the proposal's note."""


Decider = Callable[[DecisionContext], Draft | None]
"""None leaves the choice to the advisor."""


@runtime_checkable
class HearsChoices(Protocol):
    """A decider that is told of each trial that was chosen, also where it was not asked, and of each deed."""

    def decided(self, context: DecisionContext, situation: Situation, proposal: Proposal | Deed) -> None: ...


@runtime_checkable
class DecidesByName(Protocol):
    """Several language models: each study is decided by the one that its spec names."""

    def named(self, llm: str) -> Decider: ...


Deciding = Decider | DecidesByName


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

    def choose(self, context: DecisionContext, situation: Situation) -> Proposal | Deed:
        """The proposal for the next trial, or what is done to the study first.

        Args:
            context: Holds one candidate at least.
        """
        if self._decider is None or _begins(context):
            return of_advisor(context, _unheard(context))
        if self._rest is not None and not self._rest.is_over(context.number, self._clock()):
            return of_advisor(context, "the language model failed twice in a row; the advisor goes on alone")
        try:
            chosen = self._ask(replace(context, asked_at=time.monotonic()), situation)
        except Exception as error:  # noqa: BLE001 - whatever a language model does, the study goes on
            return of_advisor(context, self._failed(context.number, error))
        if self._rest is not None:
            self._tell("the language model answers again, and decides from here on")
        self.forgive()
        return chosen

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

    def _ask(self, context: DecisionContext, situation: Situation) -> Proposal | Deed:
        """Ask; an illegal answer goes back once, with the rule and with what is promised for it."""
        refusal = None
        for _ in range(2):
            draft = self._decider(replace(context, refusal=refusal)) if self._decider else None
            if draft is None:
                return of_advisor(context, _unheard(context))
            try:
                return checked(context, situation, draft)
            except IllegalError as error:
                refusal = _refusal(context, situation, draft, str(error))
        rule = refusal.rule if refusal else ""
        note = f"the language model's answers were refused: {rule}; the advisor's first candidate runs instead"
        return of_advisor(context, note)


def of_advisor(context: DecisionContext, note: str | None = None) -> Proposal:
    """The advisor's first candidate as a proposal."""
    candidate = context.candidates[0]
    return Proposal(
        number=context.number,
        model=candidate.model,
        params=candidate.params,
        proposer=candidate.source,
        rationale=candidate.reason,
        expected=candidate.mean,
        evidence=candidate.evidence,
        candidates=context.candidates,
        note=note,
    )


def _begins(context: DecisionContext) -> bool:
    """Whether the defaults run as the study's first trial, so that nobody has to be asked."""
    is_first = not counted(context.records) and context.candidates[0].source == DEFAULTS
    return is_first and context.request is None


def _refusal(context: DecisionContext, situation: Situation, draft: Draft, rule: str) -> Refusal:
    """What the decider is told of a draft that breaks a rule."""
    own = draft.act if isinstance(draft.act, Own) and draft.act.model in situation.spaces else None
    promised = ""
    if own is not None:
        with suppress(ParamError):
            params = gate.legal(situation, own.model, own.params)
            promised = gate.promised(situation, own.model, params, context.candidates)
    answer = json.dumps(choice_of(draft.act), ensure_ascii=False)
    return Refusal(rule=rule, answer=answer, promised=promised)


def _unheard(context: DecisionContext) -> str | None:
    """A note when the person's wish was not understood and no language model weighed it."""
    if context.request is None or context.candidates[0].source == "request":
        return None
    return "the advisor could not read the request, and no language model decides here; this is its own choice"


def one_line(error: Exception) -> str:
    """What went wrong, without markup, dicts or a traceback."""
    lines = str(error).strip().splitlines()
    return plain(lines[0] if lines and lines[0].lstrip()[:1] not in "<{[" else str(error)) or type(error).__name__
