"""Results as JSON, for a language model and in chats, and back: the only place that knows both.

A field that has a default is left out where it holds it and says nothing: None, False, empty. Read back, what is
missing takes the default, else what says nothing; what is unknown is ignored: chats outlive versions.
"""

import functools
import json
import math
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from agent.results.result import Json, JsonObject
from agent.secrets import shown

SIGNIFICANT_DIGITS = 6
_T = TypeVar("_T")
_Reader = Callable[[object], object]


def to_json(result: object) -> str:
    return json.dumps(as_json(result), ensure_ascii=False)


def json_of(content: object) -> JsonObject:
    """The JSON of a result that a tool's message holds; a plain text, as a chat framework writes, is an error."""
    try:
        found = json.loads(content) if isinstance(content, str | bytes) else None
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"error": str(content)}


def as_json(value: object) -> Json:
    """JSON-ready: records by their fields, floats with six significant digits, None where one is not finite.

    Secrets are masked; what cannot be seen in texts is written out, so that no model reads what a person does not see.
    """
    if isinstance(value, str):
        return shown(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return float(f"{value:.{SIGNIFICANT_DIGITS}g}") if math.isfinite(value) else None
    if is_dataclass(value) and not isinstance(value, type):
        return as_object(value)
    if isinstance(value, Mapping):
        return {shown(str(key)): as_json(item) for key, item in value.items()}
    if isinstance(value, Sequence | set | frozenset):
        return [as_json(item) for item in value]
    return str(value) if isinstance(value, Path) or not hasattr(value, "item") else as_json(value.item())


def as_object(record: object) -> JsonObject:
    """A record as JSON."""
    found: JsonObject = {}
    for field in _fields(type(record)):
        value = getattr(record, field.name)
        if value or field.is_required or value != field.default:
            found[field.key] = as_json(value)
    return found


def from_json(cls: type[_T], data: Mapping[str, object]) -> _T:
    """The record of that class that was written, by this version or an earlier one.

    A class may turn what earlier versions wrote into its own keys: `upgraded(data)`, a static method.

    Raises:
        AttributeError, TypeError, ValueError: The data are of another shape.
    """
    upgrade: Callable[[Mapping[str, object]], Mapping[str, object]] | None = getattr(cls, "upgraded", None)
    known = data if upgrade is None else upgrade(data)
    return cls(**{f.name: f.read(known[f.key]) if f.key in known else f.default for f in _fields(cls)})


def fits(cls: type[object], data: Mapping[str, object]) -> int:
    """How well data fit a class: required fields that are there, minus those that are not; of another kind: -1000."""
    found = 0
    for field in _fields(cls):
        if field.literal and data.get(field.key) not in field.literal:
            return -1000
        if field.is_required:
            found += 1 if field.key in data else -1
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """How a field is written and read."""

    name: str
    key: str  # in JSON
    default: object  # of a required field: what says nothing
    is_required: bool
    literal: tuple[object, ...]  # the only values of a required field that names them
    read: _Reader


_KNOWN: dict[type[object], tuple[_Field, ...]] = {}


def _fields(cls: type[object]) -> tuple[_Field, ...]:
    if cls not in _KNOWN:
        hints = get_type_hints(cls)
        _KNOWN[cls] = tuple(_field(field, hints[field.name]) for field in fields(cls))  # type: ignore[arg-type]
    return _KNOWN[cls]


def _field(field: "Field[object]", hint: object) -> _Field:
    is_required = field.default is MISSING and field.default_factory is MISSING
    default = field.default if field.default is not MISSING else _empty(hint)
    if field.default_factory is not MISSING:
        default = field.default_factory()
    literal = get_args(hint) if is_required and get_origin(hint) is Literal else ()
    return _Field(
        name=field.name,
        key=field.name.rstrip("_"),  # `from_`
        default=default,
        is_required=is_required,
        literal=literal,
        read=_reader(hint),
    )


def _reader(hint: object) -> _Reader:
    """From JSON to a value of that type; what holds no records is taken as it is."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        kinds = [arg for arg in args if arg is not type(None)]
        read = _reader(kinds[0]) if len(kinds) == 1 else _one_of(kinds) if all(map(is_dataclass, kinds)) else _as_it_is
        return _optional(read) if len(kinds) < len(args) else read
    if origin is tuple:
        items = [_reader(arg) for arg in args if arg is not ...]
        return _tuple(items[0]) if args[-1] is ... else _fixed(items)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(*args)
    if isinstance(hint, type) and is_dataclass(hint):
        return functools.partial(from_json, hint)
    return _as_it_is


def _as_it_is(value: object) -> object:
    return value


def _optional(read: _Reader) -> _Reader:
    return lambda value: None if value is None else read(value)


def _one_of(classes: "Sequence[type[object]]") -> _Reader:
    """A record of the class that the data fit best."""

    def reader(value: object) -> object:
        if not isinstance(value, Mapping):
            raise TypeError(f"a record is kept here, got {value!r:.80}")
        return from_json(max(classes, key=lambda cls: fits(cls, value)), value)

    return reader


def _tuple(read: _Reader) -> _Reader:
    return lambda value: tuple(map(read, _sequence(value)))


def _fixed(readers: Sequence[_Reader]) -> _Reader:
    return lambda value: tuple(read(item) for read, item in zip(readers, _sequence(value), strict=True))


def _mapping(key: object, item: object) -> _Reader:
    """JSON's keys are texts; those of a mapping by number are numbers again."""
    named: Callable[[str], object] = int if key is int else str
    read = _reader(item)

    def reader(value: object) -> object:
        if not isinstance(value, Mapping):
            raise TypeError(f"a mapping is kept here, got {value!r:.80}")
        return {named(name): read(one) for name, one in value.items()}

    return reader


def _sequence(value: object) -> Sequence[object]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise TypeError(f"a list is kept here, got {value!r:.80}")
    return value


def _empty(hint: object) -> object:
    """What says nothing: None where that is allowed, else "", 0, False, or a record of such."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return None if type(None) in args else _empty(args[0])
    if origin is Literal:
        return args[0]
    if origin is tuple:
        return () if args[-1] is ... else tuple(map(_empty, args))
    if origin is not None:
        return {}
    if isinstance(hint, type) and is_dataclass(hint):
        return from_json(hint, {})
    return hint() if isinstance(hint, type) and hint in (str, int, float, bool) else None
