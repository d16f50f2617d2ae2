"""Rules from TOML text, checked against the search spaces; what is wrong is named with its file, line, rule and value.

TOML, since YAML as PyYAML reads it takes `1e-4` for a text and `no` for false; and Python itself reads it.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from agent.advisor.leaning import Span
from agent.advisor.rules.rule import Rule
from agent.errors import SetupError
from memory.likeness import FEATURES
from recmodels.errors import ParamError
from recmodels.models import find_model, whole_space
from recmodels.outside import on_one_line
from recmodels.request import SplitKind
from recmodels.search_space import Choice, Param, ParamValue

SPLITS = tuple(kind for kind in get_args(SplitKind) if kind != "auto")
DEVICES = ("cpu", "cuda", "mps")
MOST_STRENGTH = 3.0  # of one rule: a factor of 20
_SHOWN = 60  # characters of a value that is refused
_Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=r"^[^\n\r]*$")]


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Rule(_Given):
    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,49}$")]
    model: str | list[str]
    when: dict[str, Any] = {}
    prefer: dict[str, Any] = {}
    avoid: dict[str, Any] = {}
    strength: Annotated[float, Field(gt=0, le=MOST_STRENGTH)] = 1.0
    reason: _Line
    source: _Line


class _File(_Given):
    rule: list[dict[str, Any]] = []
    leave_out: list[str] = []


class _Wrong(Exception):
    """Of one rule: the key that is wrong, and why."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(why)
        self.key = key


def read_rules(path: Path, *, known: Sequence[Rule] = (), file: str = "") -> tuple[Rule, ...]:
    """The rules of a file after those that are known; one with the id of a known one takes its place.

    Args:
        known: Of which the file may leave some out, by `leave_out = ["id"]`.
        file: What its rules are marked with.

    Raises:
        SetupError: It cannot be read, or a rule is wrong; one sentence.
    """
    try:
        text = path.read_text(encoding="utf-8")
        given = _File.model_validate(tomllib.loads(text))
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"the rules in {path} cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise SetupError(f"{path} is no TOML: {error}") from error
    except ValidationError as error:
        key, why = _first(error, "a file of rules, which holds [[rule]] tables and `leave_out`")
        raise SetupError(f"{path}: `{key}` {why}") from None
    found: dict[str, Rule] = {rule.id: rule for rule in known}
    for id in given.leave_out:
        if id not in found:
            raise SetupError(f"{path}: `leave_out` names {_shown(id)}, {_unknown(id, found, 'rule')}")
        del found[id]
    own: set[str] = set()
    for number, table in enumerate(given.rule):
        try:
            rule = _rule(table, file)
            if rule.id in own:
                raise _Wrong("id", f"{rule.id} is the id of an earlier rule too")
        except _Wrong as wrong:
            name = f"rule {_shown(table['id'])}" if isinstance(table.get("id"), str) else f"rule {number + 1}"
            line = _line(text, number, wrong.key)
            raise SetupError(f"{path}{f', line {line}' if line else ''}, {name}: {wrong}") from None
        own.add(rule.id)
        found[rule.id] = rule
    return tuple(found.values())


def _rule(table: Mapping[str, Any], file: str) -> Rule:
    try:
        given = _Rule.model_validate(table)
    except ValidationError as error:
        key, why = _first(error, f"a rule, which holds {', '.join(_Rule.model_fields)}")
        raise _Wrong(key, f"`{key}` {why}") from None
    models = (given.model,) if isinstance(given.model, str) else tuple(given.model)
    if bool(given.prefer) == bool(given.avoid) or not models:
        raise _Wrong("model", "a rule has a model, and either `prefer` or `avoid` with params")
    key = "prefer" if given.prefer else "avoid"
    wheres = [
        {name: _of_param(key, model, name, wanted) for name, wanted in (given.prefer or given.avoid).items()}
        for model in models
    ]
    if any(where != wheres[0] for where in wheres):
        raise _Wrong(key, f"{', '.join(models)} do not have the same choices; write a rule for each")
    when = dict(given.when)
    return Rule(
        id=given.id,
        models=models,
        where=wheres[0],
        strength=given.strength if given.prefer else -given.strength,
        reason=on_one_line(given.reason.rstrip(".")),
        source=on_one_line(given.source.rstrip(".")),
        splits=_named("split", when.pop("split", []), SPLITS),
        devices=_named("device", when.pop("device", []), DEVICES),
        profile={name: _of_profile(name, wanted) for name, wanted in when.items()},
        file=file,
    )


def _of_param(key: str, model: str, name: str, wanted: Any) -> Span | tuple[ParamValue, ...]:
    try:
        find_model(model)
    except ParamError as error:
        raise _Wrong("model", str(error)) from None
    try:
        param = whole_space(model).require(name)
        if isinstance(param, Choice):
            return _choices(name, wanted, param)
        return _span(name, wanted, param)
    except ParamError as error:
        raise _Wrong(key, f"{model}: {error}") from None


def _choices(name: str, wanted: Any, param: Choice) -> tuple[ParamValue, ...]:
    values = wanted if isinstance(wanted, list) else [wanted]
    if not values:
        raise ParamError(f"`{name}` needs at least one of {param}")
    return tuple(param.check(name, value) for value in values)


def _of_profile(name: str, wanted: Any) -> Span:
    if name not in FEATURES:
        raise _Wrong("when", f"`{name}` is nothing that a rule can ask for, {_unknown(name, _ASKED, 'condition')}")
    try:
        return _span(name, wanted)
    except ParamError as error:
        raise _Wrong("when", str(error)) from None


_ASKED = (*FEATURES, "split", "device")


def _span(name: str, wanted: Any, param: Param | None = None) -> Span:
    """`[low, high]`, `{low = …}`, `{high = …}`, both, or one value."""
    if isinstance(wanted, list) and len(wanted) == 2:
        wanted = {"low": wanted[0], "high": wanted[1]}
    elif not isinstance(wanted, dict | list):
        wanted = {"low": wanted, "high": wanted}
    if not isinstance(wanted, dict) or not wanted or set(wanted) - {"low", "high"}:
        raise ParamError(f"`{name}` takes [low, high], {{low = …}}, {{high = …}} or a value, got {_shown(wanted)}")
    for value in wanted.values():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ParamError(f"a bound of `{name}` must be a number, got {_shown(value)}")
        if param is not None:
            param.check(name, value)
    span = Span(**wanted)
    if not span.low <= span.high:
        raise ParamError(f"`{name}`: {span.low:g} is above {span.high:g}")
    return span


def _named(what: str, wanted: Any, legal: Sequence[str]) -> tuple[str, ...]:
    values = wanted if isinstance(wanted, list) else [wanted]
    for value in values:
        if value not in legal:
            raise _Wrong("when", f"the {what} must be one of {', '.join(legal)}, got {_shown(value)}")
    return tuple(values)


def _first(error: ValidationError, of: str) -> tuple[str, str]:
    """The key that the first problem is of, and the problem."""
    first = error.errors(include_url=False)[0]
    key = str(next((part for part in first["loc"] if isinstance(part, str)), "")) or "rule"
    if first["type"] == "extra_forbidden":
        return key, f"is no part of {of}"
    got = "" if first["type"] == "missing" else f", got {_shown(first['input'])}"
    return key, f"{'is missing' if not got else first['msg'][0].lower() + first['msg'][1:]}{got}"


def _unknown(name: str, known: Iterable[str], what: str) -> str:
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1)
    return f"did you mean `{near[0]}`?" if near else f"the {what}s are: {', '.join(names) or 'none'}"


def _shown(value: Any) -> str:
    text = on_one_line(repr(value))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _line(text: str, number: int, key: str) -> int | None:
    """Of a key of the rule by its number from 0, else of its head; None where heads cannot be told apart."""
    lines = text.split("\n")
    heads = [i for i, line in enumerate(lines) if re.match(r"\s*\[\[\s*rule\s*\]\]", line)]
    if number >= len(heads):
        return None
    end = heads[number + 1] if number + 1 < len(heads) else len(lines)
    own = rf"\s*(?:{re.escape(key)}\s*[.=]|\[\s*rule\s*\.\s*{re.escape(key)}\b)"
    return next((i for i in range(heads[number], end) if re.match(own, lines[i])), heads[number]) + 1
