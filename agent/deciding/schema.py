"""The JSON schema of an answer: one branch for each act that is legal now, its values out of what was shown.

Local models follow it token by token; every other answer is checked against it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from agent.deciding.answer import MAX_QUESTION, MAX_RATIONALE
from agent.deciding.context import DecisionContext
from agent.deciding.rules import MAX_EVIDENCE, longer_epochs, may_repeat
from agent.deciding.telling import is_conditional
from recmodels.metrics import METRICS
from recmodels.search_space import Choice, Int, Param, SearchSpace

Schema = dict[str, Any]
_BOUND = {"type": "number"}
_VALUE: Schema = {"anyOf": [{"type": "number"}, {"type": "boolean"}, {"type": "string", "maxLength": 30}]}


def schema(context: DecisionContext, evidence: Sequence[str]) -> Schema:
    """The answer's JSON schema.

    Args:
        evidence: Ids of the trials and lessons that were shown.
    """
    items = {"type": "string", "enum": list(evidence)} if evidence else {"type": "string", "maxLength": 0}
    answer = {
        "rationale": {"type": "string", "maxLength": MAX_RATIONALE},
        "choice": {"anyOf": [*_trials(context), *_study_acts(context)]},
        "expected": {"type": "number"} | _range_of(context.goal.primary.metric),
        "evidence": {"type": "array", "items": items, "maxItems": min(len(evidence), MAX_EVIDENCE)},
    }
    return {"title": "Proposal", "description": "What the study does next."} | _object(answer)


def _trials(context: DecisionContext) -> list[Schema]:
    """What gives the next trial."""
    found = [_object({"candidate": {"type": "integer", "enum": list(range(len(context.candidates)))}})]
    for model, space in context.spaces.items():
        if params := _space_schema(space):
            own = {"model": {"type": "string", "enum": [model]}, "params": params}
            found.append(_object(own | {"explores": {"type": "boolean"}}, optional=("explores",)))
    if repeats := [record.number for record in context.records if may_repeat(context, record)]:
        found.append(_object({"repeat": {"type": "integer", "enum": repeats}}))
    if longer := longer_epochs(context):
        whole = {"type": "integer", "minimum": 1}
        most = {"maximum": max(longer.values())}
        trial = {"type": "integer", "enum": list(longer)}
        found.append(_object({"longer": trial, "epochs": whole | most, "patience": whole}, optional=("patience",)))
    return found


def _study_acts(context: DecisionContext) -> list[Schema]:
    """What changes the study, ends it, or asks."""
    if not context.scope.may_act:
        return []
    models = {"type": "string", "enum": list(context.spaces)}
    bounds = {"low": _BOUND, "high": _BOUND, "choices": {"type": "array", "items": _VALUE, "maxItems": 10}}
    name = {"type": "string", "maxLength": 40}
    found = [_object({"model": models, "param": name} | bounds, optional=tuple(bounds))]
    if len(context.spaces) > 1:
        found.append(_object({"leave_out": models}))
    if context.scope.reserve:
        found.append(_object({"bring_in": {"type": "string", "enum": list(context.scope.reserve)}}))
    words = {"type": "string", "maxLength": MAX_QUESTION}
    answers = {"type": "array", "items": {"type": "string", "maxLength": 40}, "maxItems": 4}
    found.append(_object({"stop": {"enum": [True]}}))
    found.append(_object({"ask": words, "choices": answers}, optional=("choices",)))
    return found


def _space_schema(space: SearchSpace) -> Schema | None:
    """What may be chosen; what is held, fixed, or cannot apply is left to its default."""
    searched = space.searched()
    free = {name: param for name, param in searched.items() if not param.is_fixed}
    if not free:
        return None
    conditional = tuple(name for name, param in free.items() if is_conditional(param, searched))
    return _object({name: _param_schema(param) for name, param in free.items()}, optional=conditional)


def _param_schema(param: Param) -> Schema:
    if isinstance(param, Choice):
        return {"enum": list(param.choices)}
    kind = "integer" if isinstance(param, Int) else "number"
    return {"type": kind, "minimum": param.low, "maximum": param.high}


def _range_of(metric: str) -> dict[str, float]:
    """What the metric can be."""
    low, high = METRICS[metric.partition("@")[0]].range
    return {name: bound for name, bound in (("minimum", low), ("maximum", high)) if abs(bound) != float("inf")}


def _object(properties: Mapping[str, Any], optional: Sequence[str] = ()) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }
