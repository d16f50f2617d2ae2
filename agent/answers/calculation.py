"""Arithmetic over numbers and values of trials, read by a small grammar; nothing is evaluated as code.

calculate("ndcg@10 of trial 3 - ndcg@10 of trial 0", study)

    sum     := product (("+" | "-") product)*
    product := power (("*" | "/") power)*
    power   := "-" power | atom ("^" power)?
    atom    := number "%"? | value | ("sqrt" | "exp" | "log" | "abs")? "(" sum ")"
    value   := (name "of")? trial          trial := "trial" number | "the best" | "the defaults"
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from agent.answers.sum_words import in_signs
from agent.answers.trial_values import known_name, value_of
from agent.errors import UserError
from agent.results.sums import Sum, ValueUsed
from agent.standing import DEFAULTS
from agent.studies.study import Study
from memory.record import TrialRecord

RULE = "a sum reads like `ndcg@10 of trial 3 - ndcg@10 of trial 0` or `(0.41 - 0.38) / 0.38`"
_MAX_POWER = 100.0
_MAX_DEPTH = 100
_TRIAL = (
    r"(?:trial\s*#?(?P<number>\d+)|(?:the\s+)?(?P<best>best|winner)(?:\s+trial)?|(?:the\s+)?(?P<defaults>defaults?))"
)
_TOKENS = re.compile(
    rf"\s*(?:(?P<value>(?:(?P<name>[A-Za-z][\w@ -]*?)\s+(?:of|in|for|at)\s+)?{_TRIAL}(?!\w))"
    r"|(?P<literal>(?:\d[\d,]*\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(?P<percent>%)?"
    r"|(?P<function>sqrt|exp|log|abs)(?=\s*\()|(?P<sign>\*\*|[-+*/^()×÷−]))",
    re.IGNORECASE,
)
_SIGNS = {"×": "*", "÷": "/", "−": "-", "**": "^"}
_FUNCTIONS: dict[str, Callable[[float], float]] = {"sqrt": math.sqrt, "exp": math.exp, "log": math.log, "abs": abs}


class _Token(NamedTuple):
    kind: str  # number, or the sign itself
    value: float = 0.0


def calculate(expression: str, study: Study | None) -> Sum:
    """The result, the values that it took, and for two values their difference and ratio.

    Raises:
        UserError: It cannot be read, a trial or value is not there, or it has no finite result.
    """
    text = in_signs(expression)
    used: list[ValueUsed] = []
    parser = _Parser(_tokens(text, study, used))
    result = parser.whole()
    title = study.title if study is not None and used else None
    found = Sum(expression=text, result=result, study=title, values=tuple(used))
    return _paired(found, used[0].value, used[1].value) if len(used) == 2 else found


def _paired(found: Sum, first: float, second: float) -> Sum:
    """With what people ask next of two values."""
    difference = first - second
    if not second:
        return replace(found, difference=difference)
    return replace(found, difference=difference, ratio=first / second, relative_change=difference / abs(second))


def _tokens(text: str, study: Study | None, used: list[ValueUsed]) -> list[_Token]:
    tokens, at = [], 0
    while at < len(text):
        match = _TOKENS.match(text, at)
        if match is None:
            if not text[at:].strip():
                break
            raise UserError(f"{RULE}; this cannot be read: {text[at:].strip()[:60]!r}")
        at = match.end()
        if match["value"]:
            used.append(_value(match, study))
            tokens.append(_Token("number", used[-1].value))
        elif match["literal"]:
            tokens.append(_Token("number", float(match["literal"].replace(",", "")) / (100 if match["percent"] else 1)))
        elif match["function"]:
            tokens.append(_Token(match["function"].lower()))
        else:
            tokens.append(_Token(_SIGNS.get(match["sign"], match["sign"])))
    return tokens


def _value(match: re.Match[str], study: Study | None) -> ValueUsed:
    if study is None:
        raise UserError("there is no study yet, so only numbers can be worked with")
    records = study.records()
    record = _trial(match, study, records)
    name = known_name(match["name"] or "value", records)
    value = value_of(record, name)
    shown = record.objective if name == "value" else name
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UserError(f"trial {record.number} has no number for {shown}")
    return ValueUsed(what=f"{shown} of trial {record.number}", value=float(value))


def _trial(match: re.Match[str], study: Study, records: Sequence[TrialRecord]) -> TrialRecord:
    if match["number"]:
        return study.record(int(match["number"]))
    found = study.best() if match["best"] else next((r for r in records if r.proposer == DEFAULTS), None)
    if found is None:
        raise UserError(f"{study.title} has no {'best trial' if match['best'] else 'trial of the defaults'} yet")
    return found


class _Parser:
    """Reads the tokens once, from left to right."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0  # of signs, brackets and numbers so far

    def whole(self) -> float:
        result = self._sum()
        if self._at < len(self._tokens):
            raise UserError(RULE)
        if not math.isfinite(result):
            raise UserError("this has no finite result")
        return result

    def _sum(self) -> float:
        value = self._product()
        while (sign := self._next("+", "-")) is not None:
            right = self._product()
            value = value + right if sign == "+" else value - right
        return value

    def _product(self) -> float:
        value = self._power()
        while (sign := self._next("*", "/")) is not None:
            right = self._power()
            if sign == "/" and right == 0:
                raise UserError("this divides by 0")
            value = value * right if sign == "*" else value / right
        return value

    def _power(self) -> float:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise UserError("this has too many brackets or signs")
        if self._next("-") is not None:
            return -self._power()
        value = self._atom()
        return value if self._next("^") is None else _power_of(value, self._power())

    def _atom(self) -> float:
        if (name := self._next(*_FUNCTIONS)) is not None:
            return _result_of(_FUNCTIONS[name], self._atom())
        if self._next("(") is not None:
            value = self._sum()
            if self._next(")") is None:
                raise UserError("a bracket is not closed")
            return value
        if self._at < len(self._tokens) and self._tokens[self._at].kind == "number":
            self._at += 1
            return self._tokens[self._at - 1].value
        raise UserError(RULE)

    def _next(self, *signs: str) -> str | None:
        if self._at < len(self._tokens) and self._tokens[self._at].kind in signs:
            self._at += 1
            return self._tokens[self._at - 1].kind
        return None


def _result_of(function: Callable[[float], float], value: float) -> float:
    try:
        return function(value)
    except (OverflowError, ValueError) as error:
        raise UserError("this has no real result") from error


def _power_of(value: float, exponent: float) -> float:
    if abs(exponent) > _MAX_POWER:
        raise UserError(f"a power is at most {_MAX_POWER:g}")
    try:
        result: float | complex = value**exponent
    except (OverflowError, ZeroDivisionError) as error:
        raise UserError("this has no finite result") from error
    if isinstance(result, complex):
        raise UserError("this has no real result")
    return result
