"""The params that a person wants run first: each right after the defaults of its model, within the budget."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from agent.cut_defaults import defaults_named
from agent.errors import UserError
from agent.proposal import Proposal
from agent.standing import DEFAULTS, counted
from agent.studies.asked_space import models_with
from agent.studies.saved_state import SavedState
from agent.studies.study_spec import StudySpec, Try
from memory.record import TrialRecord
from memory.written import written
from recmodels.errors import ParamError
from recmodels.search_space import Param, Params, ParamValue, SearchSpace

MODEL = "model"  # the name next to the params that says whose they are


def tries_of(models: Sequence[str], asked: Sequence[Mapping[str, Any]]) -> tuple[Try, ...]:
    """What a person asked to run first, each with its model.

    Args:
        models: Of the study.
        asked: Params by name, with the model under `model` where several of the study's have them.

    Raises:
        recmodels.errors.ParamError: An unknown model or param, no param, or several models that have them.
    """
    found: list[Try] = []
    for one in asked:
        params = {name: value for name, value in one.items() if name != MODEL}
        if not params:
            raise ParamError("a trial to run first needs at least one param, such as n_neighbors=50")
        found.append((_model(one.get(MODEL), params, models), params))
    return tuple(found)


def _model(named: Any, params: Mapping[str, Any], models: Sequence[str]) -> str:
    if named is not None and named not in models:
        raise ParamError(f"this study tunes {', '.join(models)}; got {str(named)[:60]!r} for a trial to run first")
    among = list(models) if named is None else [str(named)]
    for name in params:
        having = models_with(name, among)[0]
        among = [model for model in among if model in having]
    if len(among) != 1:
        shown = ", ".join(f"{name} {value}" for name, value in params.items())
        which = " or ".join(among) if among else "none has all of these params"
        raise ParamError(f"say which model is to run {shown} first: {which}")
    return among[0]


def check_tries(spec: StudySpec) -> None:
    """Whether a study can run all that it is asked to run first.

    Raises:
        recmodels.errors.ParamError: A value outside what the study searches, or one that would have no effect.
        UserError: The budget is too small for them.
    """
    for model, params in spec.tries:
        _check(spec, model, params)
    models = {model for model, _ in spec.tries} if spec.runs_defaults else set()
    if spec.tries and spec.n_trials < (needed := len(spec.tries) + len(models) + bool(spec.retuned_from)):
        more = " and the earlier best" if spec.retuned_from else ""
        more += f" and the defaults of {' and '.join(sorted(models))}" if models else ""
        raise UserError(
            f"{len(spec.tries)} trial{'s' if len(spec.tries) > 1 else ''} to run first{more} need {needed} trials, "
            f"and the study has {spec.n_trials}"
        )


def _check(spec: StudySpec, model: str, params: Params) -> None:
    declared, narrowed = spec.space(model), SavedState().limits(spec, model)
    try:
        full = _whole(spec, model, params)
    except ParamError as error:
        raise ParamError(f"what is to run first of {model}: {error}") from error
    for name, value in params.items():
        try:
            narrowed[name].check(name, value)
        except ParamError as error:
            where = _searched(narrowed[name])
            raise ParamError(
                f"what is to run first of {model}: `{name}` is {where} in this study, got {value!r}"
            ) from error
        if name not in full and (when := declared[name].when) is not None:
            legal = " or ".join(map(str, when.values))
            raise ParamError(f"what is to run first of {model}: `{name}` has no effect unless {when.name} is {legal}")


def _searched(param: Param) -> str:
    return f"fixed at {param.default}" if param.is_fixed else f"searched in {param}"


def _whole(spec: StudySpec, model: str, params: Params) -> dict[str, ParamValue]:
    """With the rest at the defaults that the study began with, whatever was narrowed since."""
    begun = SavedState().limits(spec, model)
    return spec.space(model).check({**{name: param.default for name, param in begun.items()}, **params})


def due(
    spec: StudySpec,
    spaces: Mapping[str, SearchSpace],
    records: Sequence[TrialRecord],
    number: int,
    rejected: Collection[tuple[str, Params]] = (),
) -> Proposal | None:
    """What was asked for and has not run, as trial `number`; before it the defaults of its model, where they run.

    Args:
        spaces: By model, as narrowed so far.
    """
    done = [(record.model, dict(record.params)) for record in counted(records)]
    done += [(model, dict(params)) for model, params in rejected]
    for model, params in spec.tries:
        if model not in spaces:  # it was left out since
            continue
        full = _whole(spec, model, params)
        if (model, full) in done:
            continue
        defaults = spaces[model].defaults()
        if spec.runs_defaults and all(other != model for other, _ in done):
            reason = f"{defaults_named(model, defaults)}, so that every later change is measured against them"
            return Proposal(number=number, model=model, params=defaults, proposer=DEFAULTS, rationale=reason)
        where = f"right after the defaults of {model}" if spec.runs_defaults else "first"
        reason = f"asked for with the study, to run {where}"
        return Proposal(number=number, model=model, params=full, proposer="user", rationale=reason)
    return None


def told(tries: Sequence[Try]) -> str:
    """`item_knn with n_neighbors 50 and shrinkage 0; …`."""
    return "; ".join(f"{model} with {_told(params)}" for model, params in tries)


def _told(params: Params) -> str:
    return " and ".join(f"{name} {written(value)}" for name, value in params.items())
