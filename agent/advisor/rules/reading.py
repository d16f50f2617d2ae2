"""Rules from TOML text, checked against the search spaces; what is wrong is named with its file, line, rule and value.

TOML, since YAML as PyYAML reads it takes `1e-4` for a text and `no` for false; and Python itself reads it.
"""

import difflib
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from agent.advisor.leaning import Span
from agent.advisor.rules.contradictions import condition_faults, contradictions
from agent.advisor.rules.rule import Rule
from agent.advisor.rules.text import read_text, toml_in
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
_MOST_RULES = 200  # of a person
_MOST_TOLD = 20  # mistakes of a file
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
    """Of one rule: the keys that are wrong, each with why."""

    def __init__(self, *faults: tuple[str, str]) -> None:
        super().__init__(*faults)
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fault:
    """What is wrong in a file."""

    line: int | None  # None: it cannot be told
    says: str


def read_rules(path: Path, *, known: Sequence[Rule] = (), file: str = "") -> tuple[Rule, ...]:
    """The rules of a file after those that are known; one with the id of a known one takes its place.

    Args:
        known: Of which the file may leave some out, by `leave_out = ["id"]`.
        file: What its rules are marked with.

    Raises:
        SetupError: It cannot be read, or something in it is wrong; one sentence with all that is, by line.
    """
    text = read_text(path)
    try:
        given = _File.model_validate(toml_in(text, path))
    except ValidationError as error:
        of = "a file of rules, which holds [[rule]] tables and `leave_out`"
        wrong_keys = [_Fault(line=_line_of(text, key), says=f"`{key}` {why}") for key, why in _all(error, of)]
        raise _refused(path, wrong_keys) from None
    found: dict[str, Rule] = {rule.id: rule for rule in known}
    faults = [_Fault(line=_line_of(text, "leave_out"), says=why) for why in _left_out(given.leave_out, found)]
    own: dict[str, tuple[int, Rule]] = {}
    if len(given.rule) > _MOST_RULES:
        raise SetupError(f"{path}: a file holds at most {_MOST_RULES} rules, got {len(given.rule):,}")
    for number, table in enumerate(given.rule):
        try:
            rule = _rule(table, file)
            if rule.id in own:
                raise _Wrong(("id", f"{rule.id} is the id of an earlier rule too"))
            own[rule.id] = number, rule
        except _Wrong as wrong:
            name = f"rule {_shown(table['id'])}" if isinstance(table.get("id"), str) else f"rule {number + 1}"
            faults += [_Fault(line=_line(text, number, key), says=f"{name}: {why}") for key, why in wrong.faults]
    for rule, why in contradictions([rule for _, rule in own.values()]):
        line = _line(text, own[rule.id][0], "prefer" if rule.strength > 0 else "avoid")
        faults.append(_Fault(line=line, says=f"rule '{rule.id}': {why}"))
    if faults:
        raise _refused(path, faults)
    return tuple((found | {id: rule for id, (_, rule) in own.items()}).values())


def _refused(path: Path, faults: Sequence[_Fault]) -> SetupError:
    """All that is wrong, in one sentence."""
    if len(faults) == 1:
        (fault,) = faults
        return SetupError(f"{path}{f', line {fault.line}, ' if fault.line else ': '}{fault.says}")
    told = [f"{f'line {one.line}, ' if one.line else ''}{one.says}" for one in faults]
    more = [f"{len(told) - _MOST_TOLD} more"] if len(told) > _MOST_TOLD else []
    return SetupError(f"{path} has {len(told)} mistakes: {'; '.join([*told[:_MOST_TOLD], *more])}")


def _left_out(ids: Sequence[str], found: dict[str, Rule]) -> list[str]:
    """Takes the rules out of those that are known; what is wrong with the ids."""
    faults = []
    for id, n in Counter(ids).items():
        if n > 1:
            faults.append(f"`leave_out` names {_shown(id)} twice")
        if found.pop(id, None) is None:
            faults.append(f"`leave_out` names {_shown(id)}, {_unknown(id, found, 'rule')}")
    return faults


def _rule(table: Mapping[str, Any], file: str) -> Rule:
    """Raises _Wrong: with all that is wrong in it."""
    try:
        given = _Rule.model_validate(table)
    except ValidationError as error:
        named = [
            (key, f"`{key}` {why}") for key, why in _all(error, f"a rule, which holds {', '.join(_Rule.model_fields)}")
        ]
        raise _Wrong(*named) from None
    models = (given.model,) if isinstance(given.model, str) else tuple(given.model)
    if bool(given.prefer) == bool(given.avoid) or not models:
        raise _Wrong(("model", "a rule has a model, and either `prefer` or `avoid` with params"))
    faults = [("model", f"`model` names {model} twice") for model, n in Counter(models).items() if n > 1]
    key = "prefer" if given.prefer else "avoid"
    wheres: list[dict[str, Span | tuple[ParamValue, ...]]] = [{} for _ in models]
    splits: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    profile: dict[str, Span] = {}
    for where, model in zip(wheres, models, strict=True):
        for name, wanted in (given.prefer or given.avoid).items():
            with _kept(faults):
                where[name] = _of_param(key, model, name, wanted)
    for name, wanted in given.when.items():
        with _kept(faults):
            match name:
                case "split":
                    splits = _named("split", wanted, SPLITS)
                case "device":
                    devices = _named("device", wanted, DEVICES)
                case _:
                    profile[name] = _of_profile(name, wanted)
    faults += [("when", why) for why in condition_faults(profile)]
    if not faults and any(where != wheres[0] for where in wheres):
        faults.append((key, f"{', '.join(models)} do not have the same choices; write a rule for each"))
    if faults:
        raise _Wrong(*dict.fromkeys(faults))
    return Rule(
        id=given.id,
        models=models,
        where=wheres[0],
        strength=given.strength if given.prefer else -given.strength,
        reason=on_one_line(given.reason.rstrip(".")),
        source=on_one_line(given.source.rstrip(".")),
        splits=splits,
        devices=devices,
        profile=profile,
        file=file,
    )


@contextmanager
def _kept(faults: list[tuple[str, str]]) -> Iterator[None]:
    """What is wrong in the block goes to the list."""
    try:
        yield
    except _Wrong as wrong:
        faults += wrong.faults


def _of_param(key: str, model: str, name: str, wanted: Any) -> Span | tuple[ParamValue, ...]:
    try:
        find_model(model)
    except ParamError as error:
        raise _Wrong(("model", str(error))) from None
    try:
        param = whole_space(model).require(name)
        if isinstance(param, Choice):
            return _choices(name, wanted, param)
        return _span(name, wanted, param)
    except ParamError as error:
        raise _Wrong((key, f"{model}: {error}")) from None


def _choices(name: str, wanted: Any, param: Choice) -> tuple[ParamValue, ...]:
    values = wanted if isinstance(wanted, list) else [wanted]
    if not values:
        raise ParamError(f"`{name}` needs at least one of {param}")
    checked = tuple(param.check(name, value) for value in values)
    if len(set(map(repr, checked))) < len(checked):
        raise ParamError(f"`{name}` names a choice twice: {_shown(wanted)}")
    return checked


def _of_profile(name: str, wanted: Any) -> Span:
    if name not in FEATURES:
        raise _Wrong(("when", f"`{name}` is nothing that a rule can ask for, {_unknown(name, _ASKED, 'condition')}"))
    try:
        return _span(name, wanted)
    except ParamError as error:
        raise _Wrong(("when", str(error))) from None


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
        if param is None and math.isnan(value):
            raise ParamError(f"a bound of `{name}` must be a number, got nan")
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
            raise _Wrong(("when", f"the {what} must be one of {', '.join(legal)}, got {_shown(value)}"))
    return tuple(values)


def _all(error: ValidationError, of: str) -> list[tuple[str, str]]:
    """The keys that problems are of, each with its first problem."""
    found: dict[str, str] = {}
    for one in error.errors(include_url=False):
        key = str(next((part for part in one["loc"] if isinstance(part, str)), "")) or "rule"
        got = f", got {_shown(one['input'])}"
        if one["type"] == "extra_forbidden":
            why = f"is no part of {of}"
        elif one["type"] == "missing":
            why = "is missing"
        elif one["type"] == "list_type" and key == "rule":
            why = f"is written as [[rule]], in two brackets, once for each rule{got}"
        else:
            why = f"{one['msg'][0].lower()}{one['msg'][1:]}{got}"
        found.setdefault(key, why)
    return list(found.items())


def _unknown(name: str, known: Iterable[str], what: str) -> str:
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1)
    return f"did you mean `{near[0]}`?" if near else f"the {what}s are: {', '.join(names) or 'none'}"


def _shown(value: Any) -> str:
    text = on_one_line(repr(value))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _line_of(text: str, key: str) -> int | None:
    """Of a key of the file itself; None where it cannot be found."""
    own = rf"\s*(?:{re.escape(key)}\s*[.=]|\[+\s*{re.escape(key)}\s*[\].])"
    return next((i for i, line in enumerate(text.split("\n"), start=1) if re.match(own, line)), None)


def _line(text: str, number: int, key: str) -> int | None:
    """Of a key of the rule by its number from 0, else of its head; None where heads cannot be told apart."""
    lines = text.split("\n")
    heads = [i for i, line in enumerate(lines) if re.match(r"\s*\[\[\s*rule\s*\]\]", line)]
    if number >= len(heads):
        return None
    end = heads[number + 1] if number + 1 < len(heads) else len(lines)
    own = rf"\s*(?:{re.escape(key)}\s*[.=]|\[\s*rule\s*\.\s*{re.escape(key)}\b)"
    return next((i for i in range(heads[number], end) if re.match(own, lines[i])), heads[number]) + 1
