"""Trials and studies side by side, trade-offs between metrics, and which params mattered; all on validation."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.results.result import Part, Result
from agent.results.trial import BestOfStudy, TrialOnFront, TrialShown
from memory.record import ParamValue


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPaired:
    """Why two trials cannot be told apart or not."""

    why_not: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """The mean difference of a metric over the same users: of one trial minus another."""

    metric: str
    of: int  # trial
    minus: int  # trial
    mean_difference: float
    low: float
    high: float
    confidence: float  # of the interval from low to high
    n_users: int
    n_seeds: int  # on each side
    is_clear: bool  # the interval leaves 0 out

    @staticmethod
    def upgraded(data: Mapping[str, object]) -> Mapping[str, object]:
        """Before, `of` held both trials, and the difference was the second minus the first."""
        of = data.get("of")
        return {**data, "minus": of[0], "of": of[1]} if isinstance(of, list) and len(of) == 2 else data


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialsCompared(Result):
    """Finished trials side by side."""

    study: str
    goal: str
    part: Part = "validation"
    trials: tuple[TrialShown, ...]
    params: Mapping[str, Mapping[int, ParamValue | None]]  # that differ, by trial
    metrics: Mapping[str, Mapping[int, float | None]]  # by trial
    best: int | None  # trial; None: none of them can be judged
    best_by: Mapping[str, int] = field(default_factory=dict)  # of several objectives: the trial that is ahead by each
    unmet: Mapping[int, Mapping[str, float]] = field(default_factory=dict)  # by trial that breaks constraints: these
    of: int  # trial
    minus: int  # trial
    difference: float | None  # of the objective
    paired: Paired | NotPaired  # over the same users

    @staticmethod
    def upgraded(data: Mapping[str, object]) -> Mapping[str, object]:
        """Before, the difference was the second trial minus the first, without saying so."""
        trials = data.get("trials")
        if "minus" in data or not isinstance(trials, list) or len(trials) < 2:
            return data
        return {**data, "of": trials[1]["number"], "minus": trials[0]["number"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyAndBest:
    """A study, what makes it comparable to another, and its best trial."""

    study: str
    dataset: str
    data: str = ""  # the beginning of the fingerprint of its content; empty: an earlier version did not keep it
    objective: str  # a metric
    constraints: tuple[str, ...]
    split: str
    positive: str = "all"  # which rows count as likes
    repeats: str = "mask"  # whether lists hold what users had before
    outcomes: str = "all alike"  # what each counts in ndcg
    best: BestOfStudy | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StudiesPaired:
    """The mean difference of the objective over the same users: of the best of one study minus that of another."""

    of: str = ""  # study
    minus: str = ""  # study
    mean_difference: float
    low: float
    high: float
    confidence: float  # of the interval from low to high
    n_users: int
    is_clear: bool  # the interval leaves 0 out


@dataclass(frozen=True, slots=True, kw_only=True)
class StudiesCompared(Result):
    """The best of one study against the best of another."""

    study: str
    against: str
    part: Part = "validation"
    studies: tuple[StudyAndBest, ...]  # both
    unlike: tuple[str, ...]  # dataset, objective, split, positive, repeats or outcomes, where they are not the same
    is_maximized: bool
    paired: StudiesPaired | None = None  # None: they cannot be compared over users


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelImportance:
    """How much each param of a model moved the objective."""

    n_trials: int  # complete ones
    importance: Mapping[str, float]  # shares that sum to 1; empty: too few trials
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)  # of each share, from and to
    n_needed: int = 0  # complete trials; 0: an earlier version did not say


@dataclass(frozen=True, slots=True, kw_only=True)
class ParamImportance(Result):
    """Which params moved the objective most, for each model of a study."""

    study: str
    objective: str  # a metric
    method: str
    min_trials: int  # of a model, that differ
    models: Mapping[str, ModelImportance]


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeOffs(Result):
    """The trials that meet the constraints and that no other such trial beats on every metric asked for."""

    study: str
    metrics: Mapping[str, str]  # maximize or minimize, by metric
    part: Part = "validation"
    constraints: tuple[str, ...]
    front: tuple[TrialOnFront, ...]
    n_front: int
    n_beaten: int  # trials
    n_infeasible: int = 0  # complete trials that break a constraint, which are not on the front
    n_unmeasured: int  # complete trials that lack a metric
