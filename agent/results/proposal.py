"""A proposal in a result, and the tools that make one or run it."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.results.result import Result
from memory.record import ParamValue


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateShown:
    """One suggestion that was known when a proposal was chosen."""

    source: str  # defaults, memory, gp, tpe, …
    model: str
    params: Mapping[str, ParamValue]
    reason: str  # quoted
    mean: float | None = None  # predicted objective
    spread: float | None = None  # its standard deviation
    interval: tuple[float, float] | None = None  # of the prediction
    confidence: float | None = None  # of that interval
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalShown:
    """What a proposal would run, and why; its rationale was checked when the decision was made."""

    number: int  # of the trial
    model: str
    params: Mapping[str, ParamValue]
    proposer: str
    act: str | None = None  # how a language model chose it: take, own, explore, repeat, longer; None: none did
    rationale: str  # quoted
    expected: float | None = None  # objective
    evidence: tuple[str, ...] = ()  # ids of trials and lessons
    note: str | None = None  # quoted
    considered: tuple[CandidateShown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed(Result):
    """The trial that would come next; nothing runs."""

    study: str
    objective: str  # a metric
    proposal: ProposalShown


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialBegun(Result):
    """A trial that is on its way."""

    study: str
    trial: str  # study/3
    objective: str  # a metric
    state: str  # of the study
    proposal: ProposalShown


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRejected(Result):
    """A proposal that waited for a yes and got a no."""

    study: str
    trial: str  # study/3
    number: int
    reason: str  # quoted, which the next proposal is told


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatBegun(TrialBegun):
    """A trial that runs once more."""

    repeats: int  # the trial
    seed: int | None
