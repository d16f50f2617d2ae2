"""A model's trials as an Optuna study in memory, over the narrowed space, so that any Optuna sampler can continue it.

The ledger holds several models and ranges that change on the way; a sampler sees one model and today's ranges.
"""

import warnings
from collections.abc import Callable
from typing import Any

import optuna
from optuna.exceptions import ExperimentalWarning
from optuna.samplers import BaseSampler
from optuna.trial import TrialState

from agent.advisor.situation import Situation, Values, values_of
from agent.objective import Constraint, measured
from memory.record import TrialRecord
from recmodels.errors import ParamError
from recmodels.search_space import Choice, Float, Param, Params, ParamValue, SearchSpace

optuna.logging.set_verbosity(optuna.logging.WARNING)  # a line for each study in memory helps no one
ATTEMPTS = 2  # the second duplicate in a row ends them

MakeSampler = Callable[[int], BaseSampler]
"""A sampler from a seed."""


def ask(make: MakeSampler, situation: Situation, model: str) -> dict[str, ParamValue] | None:
    """New, legal params from an Optuna sampler; None when it repeats itself or comes near failed trials twice.

    Args:
        make: The sampler; asked again with another seed when its first suggestion is refused.
    """
    for attempt in range(ATTEMPTS):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ExperimentalWarning)
            study = _build(make(situation.seed_of(model, attempt)), situation, model)
            params = suggest_all(study.ask(), situation.searched(model))
        if situation.objection(model, params) is None:
            return params
    return None


def told(situation: Situation, model: str, *, with_default: bool = False) -> list[tuple[TrialRecord, Params]]:
    """The trials that a sampler can learn from, with their params in today's ranges.

    Failed ones are left out: a constant penalty would drag the sampler after them.

    Args:
        with_default: Show params that do not apply at their default, for samplers that need one fixed space.
    """
    pairs = [
        (r, _inside(situation.searched(model), r.params, with_default)) for r in Values.of(situation, model).records
    ]
    return [(r, params) for r, params in pairs if params is not None and told_values(situation, r) is not None]


def told_values(situation: Situation, record: TrialRecord) -> list[float] | None:
    """The objectives of a complete trial, or the only one of a pruned trial, if it measured every constraint."""
    if any(measured(record.metrics, c.metric) is None for c in _told_constraints(situation)):
        return None
    if record.state == "complete":
        return values_of(situation.goal, record)
    return [record.value] if record.value is not None and len(situation.goal.objectives) == 1 else None


def told_violations(situation: Situation, record: TrialRecord) -> dict[str, float]:
    """By how much a trial misses each constraint."""
    return {str(c): c.violation(record.metrics) for c in _told_constraints(situation)}


def suggest_all(trial: optuna.Trial, space: SearchSpace, *, with_default: bool = False) -> dict[str, ParamValue]:
    """Ask for every param that applies, in declared order; for those that do not as well if told `with_default`."""
    params: dict[str, ParamValue] = {}
    for name, param in space.items():
        if with_default or param.when is None or params.get(param.when.name) in param.when.values:
            params[name] = _suggested(trial, name, param)
    return space.active(params)


def directions(situation: Situation) -> list[Any]:
    return [objective.direction for objective in situation.goal.objectives]


def _build(sampler: BaseSampler, situation: Situation, model: str) -> optuna.Study:
    study = optuna.create_study(sampler=sampler, directions=directions(situation))
    distributions = situation.searched(model).distributions()
    for record, params in told(situation, model):
        values = told_values(situation, record)
        trial = optuna.trial.create_trial(
            state=TrialState.COMPLETE if record.state == "complete" else TrialState.PRUNED,
            params=dict(params),
            distributions={name: distributions[name] for name in params},
            values=values,
            intermediate_values=record.by_epoch() if len(values or ()) == 1 else None,
            constraints=told_violations(situation, record),
        )
        study.add_trial(trial)
    return study


def _told_constraints(situation: Situation) -> list[Constraint]:
    """Those that some trial measured: a sampler learns nothing from the others."""
    return [
        constraint
        for constraint in situation.goal.constraints
        if any(measured(record.metrics, constraint.metric) is not None for record in situation.records)
    ]


def _inside(space: SearchSpace, params: Params, with_default: bool) -> dict[str, ParamValue] | None:
    """The params that are searched today; None where a range no longer holds one, save a range of one value."""
    shown = {name: param.default for name, param in space.items()} if with_default else {}
    shown |= {name: value for name, value in params.items() if name in space}
    try:
        return {name: _value_inside(space[name], name, value) for name, value in shown.items()}
    except ParamError:
        return None


def _value_inside(param: Param, name: str, value: ParamValue) -> ParamValue:
    return param.default if param.distribution().single() else param.check(name, value)


def _suggested(trial: optuna.Trial, name: str, param: Param) -> ParamValue:
    if isinstance(param, Choice):
        chosen: ParamValue = trial.suggest_categorical(name, param.choices)  # type: ignore[assignment]  # never None
        return chosen
    if isinstance(param, Float):
        return trial.suggest_float(name, param.low, param.high, log=param.log)
    return trial.suggest_int(name, param.low, param.high, log=param.log)
