"""Studies as a whole: begun, changed, steered, listed, renamed, deleted, and changes taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from agent.pruner_words import DEFAULT_PRUNER
from agent.results.result import Result
from agent.results.trial import BestOfStudy


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyBegun(Result):
    """A study that runs from now on, and its terms."""

    study: str
    dataset: str
    models: tuple[str, ...]
    models_chosen_by: str  # person, llm: the language model that called the tool, recpilot
    goal: str  # maximize ndcg@10, coverage@10 >= 0.2
    objective: str  # a metric
    n_trials: int
    time_limit_s: float | None = None
    trial_time_limit_s: float | None = None
    epochs: int | None = None  # of a trial, at most
    patience: int | None = None  # epochs
    sampler: str = "advisor"
    pruner: str = DEFAULT_PRUNER  # by what rule trials that will not win stop early
    uses_rules: bool = True  # whether the advisor heeds rules
    split: str = "auto"
    positive: str = "all"  # which rows count as likes: all, or a bound such as >=4
    likes: str = ""  # the same in words, with how many rows there are; empty where the data have no ratings
    repeats: str = "mask"  # whether lists hold what users had before: mask, keep
    repeats_says: str = ""  # the same with its reason; empty where nothing repeats and nobody asked
    outcomes: str = ""  # what each outcome counts, with its rows; empty: all alike
    seed: int = 0
    tries: str = ""  # what runs right after the defaults: "item_knn with n_neighbors 50; …"
    runs_defaults: bool = True
    space: Mapping[str, str]  # what was narrowed: "dropout of sasrec", "in [0.1, 0.4]"
    needs_approval: bool
    state: str
    base: str | None = None  # the study that it copies
    bounds: tuple[str, ...] = ()  # what the person's notes left of its space, a clause each

    @staticmethod
    def upgraded(data: Mapping[str, object]) -> Mapping[str, object]:
        """Before, `objective` held the goal."""
        return data if "goal" in data else {**data, "goal": data.get("objective", "")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a study may use and must keep to."""

    n_trials: int
    time_limit_s: float | None
    trial_time_limit_s: float | None = None
    needs_approval: bool = False
    models: tuple[str, ...]
    constraints: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsChanged(Result):
    """A study that may use more, or must keep to something else."""

    study: str
    before: Terms
    after: Terms
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StudySteered(Result):
    """A study that was paused, resumed or stopped."""

    study: str
    action: str  # pause, resume, stop
    before: str  # state
    state: str
    is_stopping: bool = False  # told to stop, and what runs has yet to end
    running: int | None = None  # trial
    n_finished: int  # trials
    n_trials: int  # of the budget
    n_asked_for: int  # beyond the budget


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationCutOff(Result):
    """A confirmation that was told to stop; its study is as it was."""

    study: str
    action: str
    state: str  # of the study
    stopped: str  # a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyShown:
    """A study in short."""

    study: str
    dataset: str
    models: tuple[str, ...]
    objective: str  # a metric
    state: str
    n_finished: int  # trials
    n_trials: int  # of the budget
    best: BestOfStudy | None
    is_at_hand: bool
    begun_by: str | None = None  # who had logged in; None: nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyUnreadable:
    """A study that is damaged, or of a newer version."""

    study: str
    problem: str  # quoted


StudyRow: TypeAlias = StudyShown | StudyUnreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyList(Result):
    """The studies, the latest first."""

    count: int
    studies: tuple[StudyRow, ...]  # the first ones


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyOpened(StudyShown, Result):
    """The study that is at hand from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyRenamed(Result):
    """A study's name, and the one that it had."""

    study: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyDeleted(Result):
    """A study that is out of the list."""

    deleted: str
    n_trials: int
    is_remembered: bool  # what its trials taught


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPlace(Result):
    """Where a study's report lies."""

    study: str
    command: str  # that writes it
    path: str | None  # None: there is none
    is_new: bool  # written just now
    n_finished: int | None = None  # trials, where there is no report
    written_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToUndo(Result):
    """No change that could be taken back."""

    nothing: str  # why


@dataclass(frozen=True, slots=True, kw_only=True)
class _LastAct:
    """The act that was to be taken back."""

    tool: str
    at: str
    before_that: str | None = None  # the act before it
    can_go_back: bool = False  # that one can be taken back


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone(_LastAct, Result):
    """A change that was taken back."""

    undone: str
    now: str  # how it is
    is_certain: bool  # False: the program had ended in the middle of the act


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUndone(_LastAct, Result):
    """An act that cannot be taken back."""

    cannot: str  # the act
    why: str | None = None
    instead: str = ""  # what can be done
