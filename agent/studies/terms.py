"""What an earlier study was asked to do, as `StudySpec.create` takes it, for another that keeps what is not said."""

from collections.abc import Mapping
from typing import Any

from agent.studies.study import Study

OF_DATA = ("positive", "repeats", "outcomes")  # settled by the data, so that other data may settle them otherwise
_SAME = (
    "models",
    "n_trials",
    "time_limit_s",
    "trial_time_limit_s",
    "epochs",
    "patience",
    "sampler",
    "pruner",
    "uses_rules",
    "split",
    *OF_DATA,
    "seed",
    "needs_approval",
    "tries",
    "runs_defaults",
)


def terms_of(study: Study) -> dict[str, Any]:
    """All but data, name and who decides, as changed so far."""
    spec = study.spec
    terms: dict[str, Any] = {name: getattr(spec, name) for name in _SAME}
    terms["objectives"] = tuple(objective.metric for objective in spec.goal.objectives)
    terms["constraints"] = tuple(constraint.to_text() for constraint in spec.goal.constraints)
    return terms | {"ranges": study.ranges()}


def changed(terms: Mapping[str, Any], **said: Any) -> dict[str, Any]:
    """The terms with what is said; None is not said."""
    return {**terms, **{name: value for name, value in said.items() if value is not None}}
