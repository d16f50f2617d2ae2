"""What params would probably reach, and what can be tuned."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.results.result import Part, Result
from agent.results.trial import TrialNear, TrialValue
from memory.record import ParamValue


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredBefore:
    """What these very params reached, where they ran."""

    trials: tuple[int, ...]
    value: float | None  # the mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction(Result):
    """What params would reach on validation; nothing ran."""

    study: str
    objective: str  # a metric
    part: Part = "validation"
    direction: str  # maximize, minimize
    model: str
    params: Mapping[str, ParamValue]  # complete
    given: Mapping[str, ParamValue | None]  # by the person
    base: int | None = None  # the trial whose params the others are
    best: TrialValue | None = None  # of the study
    nearest: tuple[TrialNear, ...]
    measured: MeasuredBefore | None = None
    mean: float | None  # None: it cannot be predicted
    why_not: str | None = None
    n_trials: int  # that the prediction rests on
    min_trials: int | None = None  # that one takes
    interval: tuple[float, float] | None = None
    confidence: float | None = None  # of the interval
    against_best: float | None = None  # the mean minus the best trial's value
    could_win: bool | None = None  # the interval reaches beyond the best trial


@dataclass(frozen=True, slots=True, kw_only=True)
class ParamShown:
    """A param as it is searched now."""

    param: str
    range: str
    default: ParamValue
    declared_default: ParamValue | None = None  # of the model, where the range cuts it
    declared: str | None = None  # the range that the model allows, where it is another
    is_fixed: bool = False
    is_held: bool = False  # at its default, until the person frees it
    when: str | None = None  # it applies only then
    says: str | None = None  # what it changes


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceShown(Result):
    """What can be tuned."""

    study: str | None = None  # that narrows it
    param: str | None = None  # only this one
    models: Mapping[str, tuple[ParamShown, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceChanged(Result):
    """A param that is searched in another range from the next proposal on."""

    study: str
    model: str
    param: str
    before: str | None
    after: str | None
