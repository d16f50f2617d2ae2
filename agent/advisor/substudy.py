"""A model's trials as an Optuna study in memory, over the narrowed space, so that any Optuna sampler can continue it.

The ledger holds several models and ranges that change on the way; a sampler sees one model and today's ranges.
"""

import logging
import warnings
from collections.abc import Callable
from typing import Any

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution
from optuna.exceptions import ExperimentalWarning
from optuna.samplers import BaseSampler
from optuna.trial import FrozenTrial, TrialState

from agent.advisor.situation import Situation, values_of
from agent.objective import Constraint, measured
from memory.record import TrialRecord
from recmodels.search_space import Int, Param, ParamValue, SearchSpace

logging.getLogger("optuna").setLevel(logging.WARNING)  # a line for each study in memory helps nobody
_ATTEMPTS = 8
_WIDE = 8  # whole numbers in a range

MakeSampler = Callable[[int], BaseSampler]
"""A sampler from a seed."""


def ask(
    make: MakeSampler, situation: Situation, model: str, *, is_flat: bool = False, with_pruned: bool = False
) -> dict[str, ParamValue] | None:
    """New, legal params from an Optuna sampler; None when it only repeats itself.

    Args:
        make: The sampler; asked again with another seed when its suggestion ran before or is near a failed trial.
        is_flat: Show params whose condition does not hold at their default, for samplers that need one fixed space.
        with_pruned: Tell pruned trials as complete at their best epoch, for samplers that know no pruning.
    """
    for attempt in range(_ATTEMPTS):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ExperimentalWarning)
            study = build(make(situation.seed_of(model, attempt)), situation, model, is_flat, with_pruned)
            params = suggest_all(study.ask(), situation.searched(model), is_flat)
        if situation.objection(model, params) is None:
            return params
    return None


def build(
    sampler: BaseSampler, situation: Situation, model: str, is_flat: bool = False, with_pruned: bool = False
) -> optuna.Study:
    """The study in memory. Failed trials are left out: a constant penalty would drag the sampler after them."""
    directions: list[Any] = [objective.direction for objective in situation.goal.objectives]
    study = optuna.create_study(sampler=sampler, directions=directions)
    for record in situation.of(model):
        trial = _trial(situation, record, is_flat, with_pruned)
        if trial is not None:
            study.add_trial(trial)
    return study


def _trial(situation: Situation, record: TrialRecord, is_flat: bool, with_pruned: bool) -> FrozenTrial | None:
    space = situation.searched(record.model)
    distributions = _distributions(space, is_flat)
    told = {name: param.default for name, param in space.items()} if is_flat else {}
    told |= {name: value for name, value in record.params.items() if name in space}
    params = {name: inside for name in told if (inside := _inside(distributions[name], told[name])) is not None}
    if len(params) < len(told):
        return None  # outside today's ranges
    values = _told_values(situation, record)
    if values is None:
        return None
    is_complete = record.state == "complete" or with_pruned
    return optuna.trial.create_trial(
        state=TrialState.COMPLETE if is_complete else TrialState.PRUNED,
        params=params,
        distributions={name: distributions[name] for name in params},
        values=values,
        intermediate_values=dict(enumerate(record.curve, start=1)) if len(values) == 1 else None,
        constraints={str(c): c.violation(record.metrics) for c in _told_constraints(situation)},
    )


def _told_constraints(situation: Situation) -> list[Constraint]:
    """Those that some trial measured: a sampler learns nothing from the others."""
    return [
        constraint
        for constraint in situation.goal.constraints
        if any(measured(record.metrics, constraint.metric) is not None for record in situation.records)
    ]


def _told_values(situation: Situation, record: TrialRecord) -> list[float] | None:
    """The objectives of a complete trial, or the only one of a pruned trial, if it measured every constraint."""
    if any(measured(record.metrics, c.metric) is None for c in _told_constraints(situation)):
        return None
    if record.state == "complete":
        return values_of(situation.goal, record)
    is_known = record.state == "pruned" and record.value is not None and len(situation.goal.objectives) == 1
    return [record.value] if is_known and record.value is not None else None


def _distributions(space: SearchSpace, is_flat: bool) -> dict[str, BaseDistribution]:
    """Each param's; in a flat space a wide whole number counts as real, which a Gaussian process searches faster."""
    return {name: _relaxed(param) if is_flat else param.distribution() for name, param in space.items()}


def _relaxed(param: Param) -> BaseDistribution:
    if isinstance(param, Int) and param.high - param.low >= _WIDE:
        return FloatDistribution(param.low, param.high, log=param.log)
    return param.distribution()


def _inside(distribution: BaseDistribution, value: Any) -> Any:
    """The value if today's range holds it, else None; a param that is fixed today takes its fixed value."""
    if isinstance(distribution, CategoricalDistribution):
        if value in distribution.choices:
            return value
        fixed = distribution.choices[0]
    else:
        if distribution._contains(value):
            return value
        fixed = distribution.low  # type: ignore[attr-defined]
    return fixed if distribution.single() else None


def suggest_all(trial: optuna.Trial, space: SearchSpace, is_flat: bool) -> dict[str, ParamValue]:
    """Ask for every param that applies, in declared order; for all of them when the space is flat."""
    params: dict[str, ParamValue] = {}
    distributions = _distributions(space, is_flat)
    for name, param in space.items():
        if is_flat or param.when is None or params.get(param.when.name) in param.when.values:
            value = trial._suggest(name, distributions[name])
            params[name] = round(value) if isinstance(param, Int) else value
    return space.active(params)
