"""Records as JSON values, and back by their type hints: whatever a decision knows can be kept, and decided on again."""

import dataclasses
import math
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from recmodels.search_space import Param, SearchSpace

KIND = "is_a"  # of a record: the name of its class
_SHARED = ("TrialRecord", "Lesson")  # stand in many decisions
Keep = Callable[[Any], Any]
"""Of the JSON of a record that many lines hold: what stands in its place."""


def plain(value: Any, keep: Keep = lambda shared: shared) -> Any:
    """JSON-ready; fields that no comparison looks at and functions are left out, a float that JSON lacks is a text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _record(value, keep)
    if isinstance(value, Mapping):
        return {str(key): plain(item, keep) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item, keep) for item in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    if value is None or isinstance(value, bool | int | str):
        return value
    return plain(value.item(), keep) if hasattr(value, "item") else str(value)


def _record(value: Any, keep: Keep) -> Any:
    fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(value) if f.compare}
    data = {name: plain(item, keep) for name, item in fields.items() if not callable(item)}
    data |= {KIND: type(value).__name__}
    return keep(data) if data[KIND] in _SHARED else data


def built(hint: Any, data: Any) -> Any:
    """The value of this type whose JSON `plain` made; a field that is missing takes its default.

    Raises:
        TypeError: A record lacks a field that has no default.
    """
    if hint is SearchSpace:
        return SearchSpace({name: built(Param, param) for name, param in data.items()})
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _built_record(hint, data)
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _one_of(args, data)
    if origin is tuple:
        return _tuple(args, data)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {built(args[0], name): built(args[1], value) for name, value in data.items()}
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return [built(args[0], item) for item in data]
    return float(data) if hint is float else int(data) if hint is int else data


def _built_record(cls: type, data: Mapping[str, Any]) -> Any:
    hints = get_type_hints(cls)
    names = [f.name for f in dataclasses.fields(cls) if f.init and f.name in data]
    return cls(**{name: built(hints[name], data[name]) for name in names})


def _one_of(hints: Sequence[Any], data: Any) -> Any:
    """By the kind that a record names; other values as they stand."""
    if data is None:
        return None
    named = [hint for hint in hints if isinstance(data, Mapping) and getattr(hint, "__name__", "") == data.get(KIND)]
    others = [hint for hint in hints if hint is not type(None)]
    if named or (len(others) == 1 and get_origin(others[0]) is not Literal):
        return built((named or others)[0], data)
    return data


def _tuple(hints: Sequence[Any], data: Sequence[Any]) -> tuple[Any, ...]:
    if len(hints) == 2 and hints[1] is Ellipsis:
        return tuple(built(hints[0], item) for item in data)
    return tuple(built(hint, item) for hint, item in zip(hints, data, strict=True))
