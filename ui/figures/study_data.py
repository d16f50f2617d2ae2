"""All that figures need of a study, gathered in one place; tests make one of plain records."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from agent.answers.standings import TrialStanding, trial_standings
from agent.baseline import Baseline, shown
from agent.objective import Goal
from agent.standing import best_of, counted, so_far
from memory.record import TrialRecord
from recmodels.models import MODELS
from recmodels.search_space import Param, SearchSpace

if TYPE_CHECKING:
    from agent.advisor.surrogate import Surrogate
    from agent.studies.study import Study


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The trial that trains now."""

    number: int
    model: str
    curve: tuple[float, ...]  # the objective after each epoch so far
    epochs: int  # at most
    started_at: str = ""  # ISO 8601, UTC
    so_far_s: float = 0.0  # how long it has run


def _knows_nothing(model: str) -> "Surrogate | None":
    return None


@dataclass(frozen=True, kw_only=True)
class StudyData:
    """What is known of a study; of the validation part alone."""

    name: str  # what people call it
    goal: Goal
    all_records: tuple[TrialRecord, ...]  # with the interrupted ones
    baselines: tuple[Baseline, ...] = ()  # those that are shown
    running: Running | None = None
    spaces: Mapping[str, SearchSpace] = field(default_factory=dict)  # by model, as declared
    dataset: str = ""
    surrogate: Callable[[str], "Surrogate | None"] = _knows_nothing  # of a model, as it stands now
    worked_s: float | None = None  # the working time of the study, without pauses
    others: tuple["StudyData", ...] = ()  # further studies to compare it with

    @classmethod
    def of(cls, study: "Study", others: Sequence["Study"] = ()) -> "StudyData":
        """Of a study as it stands now.

        Args:
            others: Studies that it can be compared with.
        """
        spec, records = study.spec, study.records()
        return cls(
            name=study.title,
            goal=spec.goal,
            all_records=records,
            baselines=shown(spec.goal, study.baselines()),
            running=_running(study),
            spaces=declared_spaces(study),
            dataset=spec.dataset,
            surrogate=lambda model: surrogate_of_study(study, model),
            worked_s=study.status().elapsed_s,
            others=tuple(cls.of(other) for other in others),
        )

    @property
    def metric(self) -> str:
        """The first objective."""
        return self.goal.primary.metric

    @cached_property
    def records(self) -> tuple[TrialRecord, ...]:
        """The finished trials by number; an interrupted one runs again, and is none."""
        return tuple(counted(self.all_records))

    @cached_property
    def measured(self) -> tuple[TrialRecord, ...]:
        """Those with a value of the objective, complete or pruned."""
        return tuple(record for record in self.records if record.value is not None)

    @cached_property
    def best(self) -> TrialRecord | None:
        """The best trial that meets the constraints."""
        return best_of(self.goal, self.records)

    @cached_property
    def leaders(self) -> tuple[TrialRecord | None, ...]:
        """The best trial after each of the records."""
        return tuple(so_far(self.goal, self.records))

    @cached_property
    def standings(self) -> dict[int, TrialStanding]:
        """How each trial stands, with its interval; by number."""
        return trial_standings(self.goal, self.records)

    @cached_property
    def models(self) -> tuple[str, ...]:
        """Those that ran, in the order of appearance."""
        return tuple(dict.fromkeys(record.model for record in self.records))

    def param(self, model: str, name: str) -> Param | None:
        """As declared; None: it is not known any more."""
        space = self.spaces.get(model)
        return None if space is None else space.get(name)

    @property
    def first_model(self) -> str:
        """That of the best trial, or the first one that ran."""
        return self.best.model if self.best is not None else next(iter(self.models), "")

    @property
    def why_empty(self) -> str:
        """Why nothing can be drawn, and what helps; empty where trials were measured."""
        if not self.records:
            if self.running is not None:
                return "The first trial is running; its value comes when it ends."
            return "No trial has finished yet. Start the study, or resume it."
        if not self.measured:
            return f"No trial has a value of {self.metric}: {len(self.records)} ended without. See why in the trials."
        return ""


def _running(study: "Study") -> Running | None:
    now = study.running()
    if now is None:
        return None
    began = moment_of(now.started_at)
    return Running(
        number=now.proposal.number,
        model=now.proposal.model,
        curve=now.curve,
        epochs=now.epochs,
        started_at=now.started_at,
        so_far_s=0.0 if began is None else max(0.0, (datetime.now(UTC) - began).total_seconds()),
    )


def moment_of(text: str) -> datetime | None:
    """The time that a record holds, in UTC where it says no zone; None where it holds none."""
    if not text:
        return None
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def declared_spaces(study: "Study") -> dict[str, SearchSpace]:
    """Of the study's models, and of those that ran before they were left out, as far as this version knows them."""
    models = dict.fromkeys([*study.spec.models, *(record.model for record in study.records())])
    return {model: study.spec.space(model) for model in models if model in MODELS}


def surrogate_of_study(study: "Study", model: str) -> "Surrogate | None":
    """What the study's trials so far say of a model; None where they are too few."""
    from agent.advisor import surrogate  # imports scipy
    from agent.advisor.situation import MIN_TRIALS, Situation, Values

    spec, declared = study.spec, declared_spaces(study)
    if model not in declared:
        return None
    spaces = declared | study.spaces()
    situation = Situation(goal=spec.goal, spaces=spaces, declared=declared, records=study.records(), seed=spec.seed)
    n = len(Values.of(situation, model).records)
    return surrogate.build(situation, model) if n >= MIN_TRIALS and len(declared[model]) else None
