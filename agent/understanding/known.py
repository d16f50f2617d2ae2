"""What is known when a message arrives: the person's data and studies, and the study at hand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from agent.advisor.trial_times import Seconds
from agent.understanding.asking.prospect import Would, unknown
from agent.words.file_names import is_odd
from agent.words.names import Names
from recmodels.errors import ParamError
from recmodels.models import MODELS, whole_space
from recmodels.search_space import Param, Params

TrialTime = Callable[[str, tuple[str, ...], int | None], Seconds | None]
"""Of a dataset, models and epochs: the seconds of a trial; None where past trials tell too little."""


StudyKnown = Callable[[str], "Known | None"]
"""Of a study's name: the state of affairs as though that study were at hand; None where it is not known."""


def _unknown(dataset: str, models: tuple[str, ...], epochs: int | None) -> Seconds | None:
    return None


def _nowhere(study: str) -> "Known | None":
    return None


def no_files(folder: str) -> tuple[str, ...]:
    return ()


def none_begun() -> tuple[str, ...]:
    return ()


def nothing_removed() -> tuple[str, ...]:
    return ()


def no_span(dataset: str) -> tuple[str, str] | None:
    return None


def no_values(dataset: str) -> Mapping[str, tuple[str, ...]]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteKnown:
    """A lesson of the memory, by its number."""

    number: int  # from 1
    text: str
    is_own: bool  # told by a person in this home
    is_bound: bool  # later studies are held to it
    params: tuple[str, ...] = ()  # that it speaks of
    dataset: str | None = None  # the only one that it is for; None: every one
    told_at: str = ""  # ISO 8601, UTC
    told_by: str = ""  # the other person who told it; empty: the person who speaks, or it was not kept


def no_notes() -> tuple[NoteKnown, ...]:
    return ()


def no_user(id: str) -> bool:
    return False


def _is_legal(spec: Param, param: str, value: object) -> bool:
    try:
        spec.check(param, value)
    except ParamError:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The state of affairs; everything may be unknown."""

    datasets: tuple[str, ...] = ()
    studies: tuple[str, ...] = ()  # the latest first
    study: str | None = None  # at hand
    study_state: str | None = None  # queued, running, waiting, paused, stopped, finished, failed
    study_dataset: str | None = None
    study_models: tuple[str, ...] = ()
    objective: str | None = None  # of the study, ndcg@10
    trials: tuple[int, ...] = ()  # finished trials, oldest first
    ranking: tuple[int, ...] = ()  # complete trials, best first
    params: Mapping[int, Params] = field(default_factory=dict)  # of finished trials
    trial_models: Mapping[int, str] = field(default_factory=dict)
    ranges: Mapping[str, Mapping[str, tuple[float, float]]] = field(default_factory=dict)  # model → param → as narrowed
    pending: int | None = None  # the trial that is proposed and not run yet
    trial_s: "TrialTime" = _unknown  # how long a trial takes, asked for only where it matters
    files: Callable[[str], tuple[str, ...]] = no_files  # names of the files in a folder, "" for the data folder
    card_s: float = 1800.0  # what would train for longer is asked about first
    has_user: Callable[[str], bool] = (
        no_user  # whether the dataset at hand has a user of this id, read only where it matters
    )
    removed: Callable[[], tuple[str, ...]] = nothing_removed  # names of datasets that were removed and are kept
    span: Callable[[str], tuple[str, str] | None] = no_span  # the first and last day of a dataset
    values: Callable[[str], Mapping[str, tuple[str, ...]]] = (
        no_values  # of the columns by which a filter keeps its rows
    )
    notes: Callable[[], tuple[NoteKnown, ...]] = no_notes  # what is remembered, read only where it matters
    changes: Callable[[], tuple[str, ...]] = (
        nothing_removed  # what was changed in this chat and stands, the latest first
    )
    own: Callable[[], tuple[str, ...]] = none_begun  # studies that were begun in this chat, the latest first
    would: Would = unknown  # what a call that acts would come to, asked before a person is
    with_study: "StudyKnown" = _nowhere  # how another study stands, asked for only where a message names it

    @property
    def names(self) -> Names:
        """The names that a person gave."""
        odd = tuple(file for file in self.files("") if is_odd(file))
        return Names(datasets=self.datasets, studies=self.studies, files=odd)

    def has_study(self, name: str) -> bool:
        """Whether a study is called so, or was before it was renamed, whatever the case."""
        if name.lower() in {one.lower() for one in self.studies}:
            return True
        there = self.with_study(name)
        return there is not None and there.study is not None

    def of(self, study: str | None) -> "Known":
        """The same with that study at hand: "the best" of a study is the best of its own trials.

        Of a study that nothing is known of, there are no trials.
        """
        if study is None or study == self.study:
            return self
        return self.with_study(study) or replace(
            self, study=study, study_models=(), trials=(), ranking=(), params={}, trial_models={}, pending=None
        )

    def takes(self, param: str, value: object) -> bool:
        """Whether a value is one that a model which may be meant declares for a param; true for what no model declares."""
        specs = [whole_space(model)[param] for model in self.models_with(param)]
        return not specs or any(_is_legal(spec, param, value) for spec in specs)

    def models_with(self, param: str) -> tuple[str, ...]:
        """The models of the study at hand that declare a param, else all that do."""
        here = tuple(model for model in self.study_models if model in MODELS and param in whole_space(model))
        return here or tuple(model for model in MODELS if param in whole_space(model))

    def param(self, candidates: tuple[str, ...], models: tuple[str, ...] = ()) -> str:
        """Of the params that a word may mean, the one that these models, or the study's, declare."""
        for group in (models, self.study_models):
            spaces = [whole_space(model) for model in group if model in MODELS]
            for candidate in candidates:
                if any(candidate in space for space in spaces):
                    return candidate
        return candidates[0]
