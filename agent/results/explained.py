"""Why a trial was run, what was expected and came out."""

from dataclasses import dataclass
from typing import TypeAlias

from agent.results.memory import IdOnly, LessonShown
from agent.results.proposal import ProposalShown
from agent.results.result import Part, Result
from agent.results.trial import Changed, TrialRemembered, TrialValue
from memory.record import ParamValue

RestsOn: TypeAlias = TrialRemembered | LessonShown | IdOnly
"""What a proposal rests on; the bare id where it is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestEarlier:
    """The earlier trial of the same model with the fewest and smallest changes."""

    trial: str  # study/3
    number: int
    changed: Changed  # from it to the explained trial
    value: float | None
    of: int  # the explained trial
    minus: int  # the earlier one
    difference: float | None = None  # of the objective


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The shape of a learning curve on validation."""

    epochs: int
    first: float
    best: float
    best_epoch: int  # from 1
    last: float
    shape: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueOfParam:
    """The value of a param in an earlier trial, and what that measured."""

    id: str  # study/3
    value: ParamValue
    measured: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueConsidered:
    """The value of a param in another candidate."""

    source: str
    value: ParamValue
    mean: float | None = None  # predicted objective


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """One param of a proposal: its value, what the evidence had there, and what else was tried or considered."""

    param: str
    value: ParamValue | None  # None: it did not apply
    range: str
    default: ParamValue
    source: str
    in_evidence: tuple[ValueOfParam, ...] = ()
    considered: tuple[ValueConsidered, ...] = ()
    tried_before: tuple[ValueOfParam, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialExplained(ProposalShown, Result):
    """The proposal of a trial, and what became of it, which is None until it has ended; measured on validation."""

    trial: str  # study/3
    study: str
    dataset: str
    which: str = "asked for"  # the best so far, the latest, …
    goal: str
    objective: str  # a metric
    part: Part = "validation"
    direction: str  # maximize, minimize
    state: str
    measured: float | None  # objective
    rests_on: tuple[RestsOn, ...] = ()
    nearest: NearestEarlier | None = None
    reason: str | None = None  # why it was pruned or failed, quoted
    surprise: float | None = None  # measured minus expected
    rank: int | None = None  # among the feasible trials
    n_ranked: int = 0
    is_on_front: bool | None = None  # None: there is one objective
    constraints: tuple[str, ...] | None = None  # of the study
    broken: tuple[str, ...] | None = None  # of those, by this trial
    uncertainty: float | None = None  # half of the interval over users
    confidence: float | None = None  # of that interval
    best: TrialValue | None = None  # of the study
    is_like_best: bool | None = None  # they cannot be told apart
    group: tuple[int, ...] = ()  # the best, and the trials that it is not clearly better than
    curve: Curve | None = None
    train_s: float | None = None
    focus: Focus | None = None
