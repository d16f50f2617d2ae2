"""How a study stands on validation, the noise in view."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.results.result import Part
from agent.results.trial import TrialValue
from recmodels.measured import MeasuredUsers


@dataclass(frozen=True, slots=True, kw_only=True)
class BestStands:
    """The best trial, by the mean of its runs."""

    number: int
    value: float
    n_runs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GainShown:
    """The objective of one trial minus that of another over the same users, turned so that more is better."""

    of: int
    minus: int
    mean: float
    low: float  # of the 95 % interval
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GainOver:
    """What the best trial won over something that is no trial, over the same users; more is better."""

    mean: float
    low: float  # of the 95 % interval
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineShown:
    """A simple model at its defaults."""

    model: str
    value: float | None
    low: float | None = None  # of the 95 % interval over users
    high: float | None = None
    half_width: float | None = None
    is_beaten: bool | None = None  # by the best trial, whatever the noise
    gain: GainOver | None = None  # of the best trial; None where the users' values were not kept
    unmet: Mapping[str, float] = field(default_factory=dict)  # constraints that it breaks, in words, with its values
    further: Mapping[str, float] = field(default_factory=dict)  # as in `TrialRanked`


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontEnd:
    """The trial of the Pareto front that is best by one objective, with what it has of all."""

    objective: str  # a metric
    number: int
    values: Mapping[str, float | None]  # by metric


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingBest:
    """Why there is no best trial yet: none is complete, or none meets the constraints."""

    n_trials: int
    n_complete: int
    constraints: tuple[str, ...]
    closest: int | None = None  # trial
    closest_values: Mapping[str, float | None]  # by the metrics of the constraints


@dataclass(frozen=True, slots=True, kw_only=True)
class BarredDefaults:
    """The trial of a model's defaults where it broke a constraint, so that no gain is counted from it."""

    number: int
    model: str
    value: float | None
    unmet: Mapping[str, float]  # constraints in words, with its values
    gain: GainOver | None = None  # of the best trial over it; None where that cannot be said


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundShown:
    """One constraint, what the best trial has of it, and how many trials meet it."""

    constraint: str  # coverage@10 >= 0.5
    of_best: float | None
    n_meet: int
    n_complete: int  # trials that came to their end; those stopped early or failed do not count


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingShown:
    """The best trial, what cannot be told apart from it, what was won over the defaults, and what is to beat."""

    objective: str  # a metric
    part: Part = "validation"  # of all values
    best: BestStands | None
    best_model: str = ""
    uncertainty: float | None  # half of the interval of the best over users
    confidence: float  # of that interval
    group: tuple[int, ...]  # the best, and the trials that it is not clearly better than
    is_group_known: bool
    defaults: TrialValue | None
    is_defaults: bool  # the best ran the model's defaults
    is_alone: bool = False  # no other configuration came to its end
    defaults_model: str = ""
    defaults_cut: str = ""  # which of its params are not what the model declares: n_neighbors 100; empty: none
    barred_defaults: BarredDefaults | None = None  # where no defaults met the constraints
    bounds: tuple[BoundShown, ...] = ()  # one for each constraint, once a trial came to its end
    gain: GainShown | None = None
    is_clear_gain: bool
    baselines: tuple[BaselineShown, ...]
    rule: str | None = None  # which trial is called best, of several objectives
    front: tuple[int, ...]  # of several objectives
    front_ends: tuple[FrontEnd, ...] = ()  # one for each of them
    nothing: NothingBest | None = None
    repeats: str = ""  # what becomes of items that users had before, and why; empty where nothing repeats
    measured: MeasuredUsers | None = None  # whose mean the values are; None for what is no list, or an older trial
