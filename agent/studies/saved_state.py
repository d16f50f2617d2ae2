"""What a study keeps apart from its trials: its state, what was changed since it began, and the proposals that wait."""

import dataclasses
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from agent.deciding.acts import Deed, SetRange
from agent.deciding.study_rules import ranged
from agent.errors import UserError
from agent.events import StudyState
from agent.formats import STEPS, stamped
from agent.objective import Goal
from agent.proposal import Proposal
from agent.studies.study_spec import Ranges, StudySpec, check_positive
from memory.formats import known, upgraded
from recmodels.durations import in_words
from recmodels.errors import ParamError
from recmodels.models import find_model
from recmodels.search_space import Choice, Int, Param, Params, ParamValue, SearchSpace

OVER: tuple[StudyState, ...] = ("finished", "stopped", "failed")
Wanted = Literal["run", "pause", "stop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A proposal that runs next, budget or not: the person's, an approved one, or an interrupted trial's."""

    proposal: Proposal
    repeats: int | None = None  # the interrupted trial that it runs again


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What was changed of a study after it was begun, by a person or a language model; None stays as it is."""

    n_trials: int | None = None  # in all
    time_limit_s: float | None = None  # of the whole study, in working time
    trial_time_limit_s: float | None = None
    models: tuple[str, ...] | None = None
    constraints: tuple[str, ...] | None = None  # as `Goal.parse` reads them; empty: none any more
    lifts_time_limit: bool = False  # no limit of the whole study any more
    lifts_trial_time_limit: bool = False  # nor of each trial
    needs_approval: bool | None = None
    by: str = "user"  # or llm
    after: int = 0  # finished trials there were then

    def applied(self, spec: StudySpec) -> StudySpec:
        """The spec from then on.

        Raises:
            recmodels.errors.ParamError: A budget that is not positive, a model or metric that does not exist.
            UserError: A constraint that cannot be read, or no model.
        """
        check_positive(
            n_trials=self.n_trials, time_limit_s=self.time_limit_s, trial_time_limit_s=self.trial_time_limit_s
        )
        changed: dict[str, Any] = {
            name: value
            for name in ("n_trials", "time_limit_s", "trial_time_limit_s", "models", "needs_approval")
            if (value := getattr(self, name)) is not None
        }
        if self.lifts_time_limit:
            changed["time_limit_s"] = None
        if self.lifts_trial_time_limit:
            changed["trial_time_limit_s"] = None
        if self.models is not None and not self.models:
            raise UserError("a study needs a model")
        for model in self.models or ():
            find_model(model)
        if self.constraints is not None:
            objectives = [objective.metric for objective in spec.goal.objectives]
            changed["goal"] = Goal.parse(objectives, self.constraints)
        return replace(spec, **changed)

    def in_words(self, n_before: int | None = None) -> str:
        """What is asked for, as people say it.

        Args:
            n_before: Trials in all until then; None: not told.
        """
        n_more = 0 if self.n_trials is None or n_before is None else self.n_trials - n_before
        told = {
            "trials": f"{self.n_trials}, {n_more} more" if n_more > 0 else self.n_trials,
            "time limit": "none" if self.lifts_time_limit else self.time_limit_s and in_words(self.time_limit_s),
            "time limit of a trial": "none"
            if self.lifts_trial_time_limit
            else self.trial_time_limit_s and in_words(self.trial_time_limit_s),
            "models": None if self.models is None else ", ".join(self.models),
            "constraints": None if self.constraints is None else ", ".join(self.constraints) or "none",
            "approval of each trial": None if self.needs_approval is None else ("no", "yes")[self.needs_approval],
        }
        return "; ".join(f"{name}: {value}" for name, value in told.items() if value is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedState:
    """Written after each change, so that a restart finds it."""

    state: StudyState = "stopped"
    reason: str = "not started yet"
    wanted: Wanted = "run"  # what to do after what the person queued
    ranges: Ranges = field(default_factory=dict)
    pending: Proposal | None = None
    queue: tuple[Queued, ...] = ()
    rejected: tuple[tuple[str, Params], ...] = ()
    request: str | None = None  # the person's wish for the next proposal
    changes: tuple[Change, ...] = ()
    tightened: Ranges = field(default_factory=dict)  # by a language model, within what the person allows
    deeds: tuple[Deed, ...] = ()  # what a language model did to the study
    elapsed_s: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        data = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        changed = {
            "pending": self.pending.to_dict() if self.pending else None,
            # repetitions follow from the ledger
            "queue": [queued.proposal.to_dict() for queued in self.queue if queued.repeats is None],
            "rejected": [[model, dict(params)] for model, params in self.rejected],
            "changes": [dataclasses.asdict(change) for change in self.changes],
            "deeds": [deed.to_dict() for deed in self.deeds],
        }
        return stamped("state", data | changed)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "SavedState":
        """The state that `to_dict` wrote, in this version or an earlier one; empty: that of a new study.

        Raises:
            memory.errors.UserError: A newer version wrote it.
        """
        fields = known(cls, upgraded(data, STEPS["state"], "a study's state"))
        changed = {
            "pending": Proposal.from_dict(fields["pending"]) if fields.get("pending") else None,
            "queue": tuple(Queued(proposal=Proposal.from_dict(proposal)) for proposal in fields.get("queue", ())),
            "rejected": tuple((model, params) for model, params in fields.get("rejected", ())),
            "changes": tuple(map(_change, fields.get("changes", ()))),
            "deeds": tuple(map(Deed.from_dict, fields.get("deeds", ()))),
        }
        return cls(**(fields | changed))

    def spec(self, created: StudySpec) -> StudySpec:
        """The study's spec as changed so far."""
        spec = created
        for change in self.changes:
            spec = change.applied(spec)
        return spec

    @property
    def question(self) -> Deed | None:
        """What the person was asked and the study waits for."""
        return next((deed for deed in reversed(self.deeds) if deed.is_open), None)

    def with_deed(self, deed: Deed, *, instead_of: Deed | None = None) -> "SavedState":
        """With one more deed, or one that an answer changed."""
        if instead_of is None:
            return replace(self, deeds=(*self.deeds, deed))
        return replace(self, deeds=tuple(deed if one is instead_of else one for one in self.deeds))

    def space(self, spec: StudySpec, model: str) -> SearchSpace:
        """The model's space as narrowed so far, by the person and by a language model."""
        space = self.limits(spec, model)
        for param, kept in self.tightened.get(model, {}).items():
            with suppress(ParamError):  # the person has set another range since
                space = _within(space, param, kept)
        return space

    def tightened_by(self, spec: StudySpec, act: SetRange) -> "SavedState":
        """With a language model's range of a param.

        Raises:
            ParamError: It lies outside what the person allows.
        """
        changed = ranged(self.space(spec, act.model), self.limits(spec, act.model), act)[act.param]
        of_model = {**self.tightened.get(act.model, {}), act.param: range_of(changed)}
        return replace(self, tightened={**self.tightened, act.model: of_model})

    def allowed_by(self, spec: StudySpec, act: SetRange) -> "SavedState":
        """With a range that the person said yes to.

        Raises:
            ParamError: It lies outside what the model declares.
        """
        changed = ranged(self.space(spec, act.model), spec.space(act.model), act)[act.param]
        of_model = {**self.ranges.get(act.model, {}), act.param: range_of(changed)}
        return self._loosened(act.model, act.param, {**self.ranges, act.model: of_model})

    def _loosened(self, model: str, param: str, ranges: Ranges) -> "SavedState":
        """With the person's ranges, of which none is tightened for this param any more."""
        kept = {name: own for name, own in self.tightened.get(model, {}).items() if name != param}
        return replace(self, ranges=ranges, tightened={**self.tightened, model: kept})

    def limits(self, spec: StudySpec, model: str) -> SearchSpace:
        """The model's space as the person narrowed it; a study that sets the epochs leaves none to tune."""
        space = self._narrowed(spec, model)
        declared = space.get("epochs")
        if spec.epochs is None or not isinstance(declared, Int):
            return space
        return space.narrowed("epochs", value=min(max(spec.epochs, declared.low), declared.high))

    def widened(self, spec: StudySpec, model: str, param: str) -> "SavedState":
        """With the whole range of one param again, as the model declares it."""
        declared = spec.space(model).require(param)
        of_model = {name: kept for name, kept in self.ranges.get(model, {}).items() if name != param}
        if param in spec.ranges.get(model, {}):  # narrowed from the beginning, which a range on top takes back
            of_model[param] = range_of(declared)
        return self._loosened(model, param, {**self.ranges, model: of_model})

    def narrowed(
        self,
        spec: StudySpec,
        model: str,
        param: str,
        low: float | None = None,
        high: float | None = None,
        choices: tuple[Any, ...] | None = None,
        value: ParamValue | None = None,
    ) -> "SavedState":
        """With one range changed; a bound that is not given stays as it is.

        Raises:
            ParamError: Outside what the model declares, an empty range, or the wrong kind of change.
        """
        space = self._narrowed(spec, model).narrowed(param, low=low, high=high, choices=choices, value=value)
        of_model = {**self.ranges.get(model, {}), param: range_of(space[param])}
        return self._loosened(model, param, {**self.ranges, model: of_model})

    def _narrowed(self, spec: StudySpec, model: str) -> SearchSpace:
        return asked_for(spec, model, self.all_ranges(spec))

    def all_ranges(self, spec: StudySpec) -> Ranges:
        """What was narrowed from the beginning and since."""
        models = dict.fromkeys([*spec.ranges, *self.ranges])
        return {model: {**spec.ranges.get(model, {}), **self.ranges.get(model, {})} for model in models}


def asked_for(spec: StudySpec, model: str, ranges: Ranges) -> SearchSpace:
    """A model's space in these ranges."""
    space = spec.space(model)
    for param, kept in ranges.get(model, {}).items():
        with suppress(ParamError):  # kept when what is declared was wider, or not asked; no trial could use it
            space = space.narrowed(param, **_bounds(kept))
    return space


def _bounds(kept: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a range, as `SearchSpace.narrowed` takes it."""
    return {**kept, "choices": tuple(kept["choices"])} if "choices" in kept else dict(kept)


def _within(space: SearchSpace, param: str, kept: Mapping[str, Any]) -> SearchSpace:
    """The space with one param narrowed further, and no wider than it is.

    Raises:
        ParamError: The range lies outside of it.
    """
    narrower = SearchSpace(dict(space)).narrowed(param, **_bounds(kept))
    return SearchSpace({**space, param: narrower[param]}, space)


def range_of(param: Param) -> Mapping[str, Any]:
    """What is kept of a narrowed param, as `SearchSpace.narrowed` takes it."""
    if isinstance(param, Choice):
        return {"choices": list(param.choices)}
    return {"low": param.low, "high": param.high}


def model_of(param: str | None, model: str | None, spec: StudySpec) -> str:
    """The model that a param belongs to: the one named, or the only one of the study that has it.

    Without a param, the only model of the study.

    Raises:
        ParamError: No model of the study has the param, or the named model is none of the study's.
        UserError: Several have it.
    """
    models = spec.models
    if model is not None:
        if model not in models:
            raise ParamError(f"this study tunes {', '.join(models)}; got {model!r}")
        return model
    if len(models) == 1:
        return models[0]
    having = [name for name in models if param is None or param in spec.space(name)]
    if not having:
        raise ParamError(f"no model of this study has a param `{param}`; its models are {', '.join(models)}")
    if len(having) > 1:
        raise UserError(f"say which model is meant: {', '.join(having)}")
    return having[0]


def _change(data: Mapping[str, Any]) -> Change:
    fields = known(Change, data)
    lists = {name: tuple(fields[name]) for name in ("models", "constraints") if fields.get(name) is not None}
    return Change(**(fields | lists))
