"""What a study keeps beside its trials, in the ledger: its state, narrowed ranges, and the proposals that wait."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from agent.errors import UserError
from agent.events import StudyState
from agent.proposal import Proposal
from agent.studies.study_spec import StudySpec
from recmodels.errors import ParamError
from recmodels.search_space import Choice, Params, SearchSpace


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A proposal that runs next, budget or not: the person's, an approved one, or an interrupted trial's."""

    proposal: Proposal
    repeats: int | None = None  # the interrupted trial that it runs again


@dataclass(slots=True, kw_only=True)
class SavedState:
    """Written after each change, so that a restart finds it."""

    state: StudyState = "stopped"
    reason: str = "not started yet"
    ranges: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)  # model → param → low, high | choices
    pending: Proposal | None = None
    queue: list[Queued] = field(default_factory=list)
    rejected: list[tuple[str, Params]] = field(default_factory=list)
    request: str | None = None  # the person's wish for the next proposal
    elapsed_s: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "state": self.state,
            "reason": self.reason,
            "ranges": self.ranges,
            "pending": self.pending.to_dict() if self.pending else None,
            # repetitions follow from the ledger
            "queue": [queued.proposal.to_dict() for queued in self.queue if queued.repeats is None],
            "rejected": [[model, dict(params)] for model, params in self.rejected],
            "request": self.request,
            "elapsed_s": self.elapsed_s,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "SavedState":
        """The state that `to_dict` wrote."""
        changed = {
            "pending": Proposal.from_dict(data["pending"]) if data["pending"] else None,
            "queue": [Queued(proposal=Proposal.from_dict(proposal)) for proposal in data["queue"]],
            "rejected": [(model, params) for model, params in data["rejected"]],
        }
        return cls(**(dict(data) | changed))

    def space(self, spec: StudySpec, model: str) -> SearchSpace:
        """The model's space as narrowed so far."""
        space = spec.space(model)
        for param, ranges in self.ranges.get(model, {}).items():
            kept = ranges | {"choices": tuple(ranges["choices"])} if "choices" in ranges else ranges
            with suppress(ParamError):  # kept when what is declared was wider, or not asked; no trial could use it
                space = space.narrowed(param, **kept)
        return space

    def narrow(
        self,
        spec: StudySpec,
        model: str,
        param: str,
        low: float | None = None,
        high: float | None = None,
        choices: tuple[Any, ...] | None = None,
        value: Any = None,
    ) -> SearchSpace:
        """Change one range and return the model's space; a bound that is not given stays as it is.

        Raises:
            ParamError: Outside what the model declares, an empty range, or the wrong kind of change.
        """
        space = self.space(spec, model).narrowed(param, low=low, high=high, choices=choices, value=value)
        changed = space[param]
        self.ranges.setdefault(model, {})[param] = (
            {"choices": list(changed.choices)}
            if isinstance(changed, Choice)
            else {"low": changed.low, "high": changed.high}
        )
        return self.space(spec, model)


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
