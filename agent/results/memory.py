"""What is remembered: trials of all studies, and lessons."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.results.result import Result
from agent.results.trial import TrialRecalled
from memory.record import ParamValue


@dataclass(frozen=True, slots=True, kw_only=True)
class IdOnly:
    """A record that is gone."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonShown:
    """A lesson by its id."""

    id: str
    text: str  # quoted
    withdrawn: str = ""  # why it does not hold any more, quoted; empty: it holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled(Result):
    """Past trials and lessons that resemble a query, the nearest first."""

    query: str  # quoted
    dataset: str | None = None  # only trials on it
    trials: tuple[TrialRecalled, ...]
    lessons: tuple[LessonShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonNoted(Result):
    """A lesson that was kept."""

    lesson: str  # its id
    text: str  # quoted
    dataset: str | None
    number: int  # in the list of lessons, from 1
    bound: str = ""  # what it says of params, where it can be read as a bound
    is_bound: bool = False  # whether later studies are held to it; else it is a note
    was_bound: bool = False  # whether they were before, and are no more
    scope: str = ""  # the only dataset that it is for; empty: every one
    against: tuple[str, ...] = ()  # bounds that leave a param no value together with it, quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonListed:
    """A lesson by its number."""

    number: int  # from 1
    text: str  # quoted
    source: str  # user, reflection, imported
    dataset: str | None  # what a lesson was learned on, or the only one that a note is for
    withdrawn: str = ""  # why it does not hold any more, quoted; empty: it holds
    weighed_in: tuple[str, ...] = ()  # the latest of the trials, one of each study, whose params it changed
    n_weighed_in: int = 0  # studies
    bound: str = ""  # what later studies are held to; empty: it binds nothing
    told_by: str = ""  # you, a person's name, someone; empty: no person told it


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonList(Result):
    """The lessons, what people told first."""

    study: str | None = None  # only of it
    dataset: str | None = None  # only what is for it
    about: str = ""  # only those that speak of this param or word, quoted
    only_bounds: bool = False
    by_number: bool = False  # only those that were asked for by their numbers
    count: int
    n_told: int  # by people
    n_by: Mapping[str, int] = field(default_factory=dict)  # of these, by who told them
    n_withdrawn: int = 0  # that later trials contradicted
    n_others: int = 0  # of other studies, and told notes, where only those of one study were asked for
    lessons: tuple[LessonListed, ...]  # the first ones


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonForgotten(Result):
    """A lesson that is remembered no more, or several."""

    lesson: str  # its id
    text: str  # quoted
    others: tuple[str, ...] = ()  # the texts of those that went with it, quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class BestImported:
    """The best of some imported trials."""

    value: float | None
    params: Mapping[str, ParamValue]
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialsImported(Result):
    """A person's past trials that were remembered."""

    file: str
    n: int
    n_left_out: int  # they did not finish
    dataset: str
    models: tuple[str, ...]
    objective: str  # a metric
    at_defaults: tuple[str, ...]  # params that the file does not name
    best: BestImported
