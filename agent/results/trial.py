"""A trial in a result: what it ran and measured, and what else is told of it there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from memory.record import ParamValue

Changed = Mapping[str, tuple[ParamValue | None, ParamValue | None]]
"""By param that is not the same: its value before and after; None: there was none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialShown:
    """What one finished trial ran and measured on validation, in short."""

    trial: str  # study/3
    number: int
    model: str
    params: Mapping[str, ParamValue]
    state: str
    objective: str  # a metric
    value: float | None  # of the objective
    reason: str | None = None  # why it was pruned or failed, quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRanked(TrialShown):
    """A trial in a leaderboard."""

    rank: int | None = None  # among the feasible trials
    half_width: float | None = None  # of the 95 % interval over users
    in_group: bool  # the best trial is not clearly better
    is_starred: bool = False  # it is the best, and clearly better than the defaults
    further: Mapping[str, float] = field(default_factory=dict)  # other objectives, constraints, each outcome alone


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialOnFront(TrialShown):
    """A trial that no other beats on every metric asked for."""

    values: Mapping[str, float]  # by metric
    feasible: bool  # it meets the constraints of its study


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRemembered(TrialShown):
    """A trial that a proposal rests on."""

    dataset: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRecalled(TrialShown):
    """A trial that the memory found."""

    dataset: str
    similarity: float  # to the query, at most 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialNear:
    """A trial near to params that were asked about."""

    trial: str  # study/3
    number: int
    model: str
    state: str
    objective: str  # a metric
    value: float | None
    reason: str | None = None
    differs: Changed  # from the trial's params to those asked about


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialValue:
    """A trial and its value of the objective."""

    number: int
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BestOfStudy:
    """The best trial of a study."""

    trial: int
    value: float | None
    model: str | None = None
