"""What a person asks of a study's search space as it begins: ranges, choices and fixed values, by param.

narrowed_from_the_start(["item_knn"], {"n_neighbors": [20, 200], "weighting": {"choices": ["tfidf", "bm25"]}}, {})
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from agent.outside import code
from agent.studies.saved_state import range_of
from agent.studies.study_spec import Ranges
from recmodels.errors import ParamError
from recmodels.models import MODELS, whole_space
from recmodels.search_space import Choice, Param

_BOUNDS = ("low", "high", "choices", "value")
_SHOWN = 60  # characters of a name


def narrowed_from_the_start(models: Sequence[str], space: Mapping[str, Any], earlier: Ranges) -> Ranges:
    """Each param's range for every model that has it, on top of those of an earlier study.

    Args:
        space: By param, or by `model.param` where one model alone is meant: `[low, high]`, one value, or a mapping
            with low, high, choices or value.

    Raises:
        recmodels.errors.ParamError: No model has the param, or a range that a model does not allow.
    """
    found: dict[str, dict[str, Mapping[str, Any]]] = {
        model: dict(earlier[model]) for model in models if model in earlier
    }
    for name in sorted(space, key=lambda name: "." in name):  # what is said of one model stands over the rest
        having, param = models_with(name, models)
        for model in having:
            found.setdefault(model, {})[param] = _range(model, param, space[name])
    return found


def models_with(name: str, models: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """The models that are meant by `param` or `model.param`, and the param.

    Raises:
        recmodels.errors.ParamError: None has it; the message names the nearest, and those that there are.
    """
    model, dot, param = name.rpartition(".")
    if dot and model not in models:
        raise ParamError(
            f"{code(name[:_SHOWN])} names {code(model[:_SHOWN])}, which is no model of this study: {', '.join(models)}"
        )
    among = [model] if dot else list(models)
    having = tuple(one for one in among if param in whole_space(one))
    if not having:
        raise ParamError(_unknown(param, among))
    return having, param


def _unknown(param: str, models: Iterable[str]) -> str:
    spaces = {model: whole_space(model) for model in models}
    near = difflib.get_close_matches(param, {name for space in spaces.values() for name in space}, n=1)
    hint = f"; did you mean `{near[0]}`?" if near else "."
    legal = "; ".join(f"{model}: {', '.join(MODELS[model].space) or 'no params'}" for model in spaces)
    return f"no model of the study has a param {code(param[:_SHOWN])}{hint} Their params are {legal}"


def _range(model: str, param: str, wanted: Any) -> Mapping[str, Any]:
    declared = whole_space(model)
    try:
        return range_of(declared.narrowed(param, **_bounds(declared[param], wanted))[param])
    except (ParamError, TypeError) as error:
        raise ParamError(f"{model}: {error}") from error


def _bounds(param: Param, wanted: Any) -> dict[str, Any]:
    """`[low, high]`, a fixed value, or a mapping with low, high, choices or value."""
    if isinstance(wanted, Mapping):
        if unknown := [name for name in wanted if name not in _BOUNDS]:
            raise ParamError(f"a range has {', '.join(_BOUNDS)}, got {code(unknown[0][:_SHOWN])}")
        return {name: tuple(value) if name == "choices" else value for name, value in wanted.items()}
    if not isinstance(wanted, list | tuple):
        return {"value": wanted}
    if len(wanted) == 2 and not isinstance(param, Choice):
        return {"low": wanted[0], "high": wanted[1]}
    return {"choices": tuple(wanted)}
