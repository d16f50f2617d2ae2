"""What may be answered now: one branch for each act that is legal, as a line of the question and as JSON schemas.

The question lists these branches and the schema takes them, so that neither offers what the other does not.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.deciding.answer import MAX_QUESTION
from agent.deciding.context import DecisionContext
from agent.deciding.rules import explorations_left, longer_epochs, may_repeat
from agent.deciding.study_rules import dispensable, end_objection, question_objection, ran, unanswered
from agent.deciding.telling import is_conditional
from recmodels.search_space import Choice, Int, Param, SearchSpace

Schema = dict[str, Any]
_BOUND = {"type": "number"}
_VALUE: Schema = {"anyOf": [{"type": "number"}, {"type": "boolean"}, {"type": "string", "maxLength": 30}]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One act."""

    says: str  # its form, and what it is for
    schemas: tuple[Schema, ...]


def branches(context: DecisionContext) -> list[Branch]:
    """Those that are open: what gives the next trial, then what changes the study, ends it, or asks."""
    found = [_take(context), *_own(context), *_repeat(context), *_longer(context)]
    if context.scope.may_act:
        found += [*_ranges(context), *_models(context), *_end(context), *_ask(context)]
    return found


def object_of(properties: Mapping[str, Any], optional: Sequence[str] = ()) -> Schema:
    """The schema of an object that holds these properties and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _one_of(values: Sequence[str]) -> Schema:
    return {"type": "string", "enum": list(values)}


# -- the next trial -----------------------------------------------------------------------------------------


def _take(context: DecisionContext) -> Branch:
    says = (
        '{"candidate": n}: run a candidate of the advisor\'s. The first is a strong choice; take it unless the facts '
        "below say that something else will do better."
    )
    numbers = {"type": "integer", "enum": list(range(len(context.candidates)))}
    return Branch(says=says, schemas=(object_of({"candidate": numbers}),))


def _own(context: DecisionContext) -> Iterator[Branch]:
    n_left = explorations_left(context)
    explores = {"explores": {"type": "boolean"}} if n_left else {}
    schemas = []
    for model, space in context.spaces.items():
        if params := _space_schema(space):
            own = {"model": _one_of([model]), "params": params} | explores
            schemas.append(object_of(own, optional=tuple(explores)))
    unless = f', unless it "explores": true, which {n_left} more trial{"s" * (n_left > 1)} may' if n_left else ""
    if schemas:
        says = (
            '{"model", "params"}: params of your own. They lie in the ranges, differ from every trial, stay away from '
            "what failed; params that do not apply are left out. What the trials so far call plainly worse is refused"
            f"{unless}."
        )
        yield Branch(says=says, schemas=tuple(schemas))


def _repeat(context: DecisionContext) -> Iterator[Branch]:
    if repeats := [record.number for record in context.records if may_repeat(context, record)]:
        says = '{"repeat": trial}: the same params with another seed, to tell a gain from noise.'
        yield Branch(says=says, schemas=(object_of({"repeat": {"type": "integer", "enum": repeats}}),))


def _longer(context: DecisionContext) -> Iterator[Branch]:
    if longer := longer_epochs(context):
        whole = {"type": "integer", "minimum": 1}
        most = {"maximum": max(longer.values())}
        trial = {"type": "integer", "enum": list(longer)}
        says = (
            '{"longer": trial, "epochs", "patience"?}: the same params with more epochs, or more epochs without a '
            "gain before it ends."
        )
        of = object_of({"longer": trial, "epochs": whole | most, "patience": whole}, optional=("patience",))
        yield Branch(says=says, schemas=(of,))


# -- the study ----------------------------------------------------------------------------------------------


def _ranges(context: DecisionContext) -> Iterator[Branch]:
    if not (models := ran(context)):
        return
    bounds = {"low": _BOUND, "high": _BOUND, "choices": {"type": "array", "items": _VALUE, "maxItems": 10}}
    beyond = "is refused" if unanswered(context) else "becomes a question to them"
    says = (
        '{"model", "param", "low"?, "high"?, "choices"?}: narrow or widen a range. Beyond what the person allowed it '
        f"{beyond}."
    )
    name = {"type": "string", "maxLength": 40}
    of = object_of({"model": _one_of(models), "param": name} | bounds, optional=tuple(bounds))
    yield Branch(says=says, schemas=(of,))


def _models(context: DecisionContext) -> Iterator[Branch]:
    if models := dispensable(context):
        says = '{"leave_out": model}: no more trials of a model that cannot win.'
        yield Branch(says=says, schemas=(object_of({"leave_out": _one_of(models)}),))
    may_ask = not unanswered(context)
    reserve = {model: asks for model, asks in context.scope.reserve.items() if may_ask or not asks}
    if reserve:
        listed = ", ".join(f"{model}{' (the person is asked)' if asks else ''}" for model, asks in reserve.items())
        says = f'{{"bring_in": model}}: {listed}.'
        yield Branch(says=says, schemas=(object_of({"bring_in": _one_of(list(reserve))}),))


def _end(context: DecisionContext) -> Iterator[Branch]:
    if end_objection(context) is None:
        says = '{"stop": true}: end the study, since no trial that is left is worth its time.'
        yield Branch(says=says, schemas=(object_of({"stop": {"enum": [True]}}),))


def _ask(context: DecisionContext) -> Iterator[Branch]:
    if question_objection(context) is None:
        words = {"type": "string", "maxLength": MAX_QUESTION}
        answers = {"type": "array", "items": {"type": "string", "maxLength": 40}, "maxItems": 4}
        says = '{"ask": question, "choices"?}: ask the person, only what no trial can tell.'
        yield Branch(says=says, schemas=(object_of({"ask": words, "choices": answers}, optional=("choices",)),))


# -- params -------------------------------------------------------------------------------------------------


def _space_schema(space: SearchSpace) -> Schema | None:
    """What may be chosen; what is held, fixed, or cannot apply is left to its default."""
    searched = space.searched()
    free = {name: param for name, param in searched.items() if not param.is_fixed}
    if not free:
        return None
    conditional = tuple(name for name, param in free.items() if is_conditional(param, searched))
    return object_of({name: _param_schema(param) for name, param in free.items()}, optional=conditional)


def _param_schema(param: Param) -> Schema:
    if isinstance(param, Choice):
        return {"enum": list(param.choices)}
    kind = "integer" if isinstance(param, Int) else "number"
    return {"type": kind, "minimum": param.low, "maximum": param.high}
