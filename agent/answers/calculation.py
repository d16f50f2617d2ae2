"""Arithmetic over numbers and values of trials, read by a small grammar; nothing is evaluated as code.

calculate("t3.ndcg@10 - mean(t0.ndcg@10, t1.ndcg@10)", study)

    sum     := product (("+" | "-") product)*
    product := power (("*" | "/") power)*
    power   := "-" power | atom ("^" power)?
    atom    := number "%"? | value | ("sqrt" | "exp" | "log" | "abs")? "(" sum ")"
             | ("mean" | "median" | "sum" | "min" | "max" | "std") "(" (sum | values) ("," (sum | values))* ")"
    value   := (name "of")? trial | trial "." name          values := the same of "all trials"
    trial   := "trial" number | "t" number | "the best" | "the defaults"
"""

import math
import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

from agent.answers.sum_words import in_signs
from agent.answers.trial_values import known_name, value_of
from agent.errors import UserError
from agent.results.sums import Sum, ValueUsed
from agent.standing import defaults_of
from agent.studies.study import Study
from memory.record import TrialRecord

RULE = (
    "a sum reads like `t3.ndcg@10 - t0.ndcg@10`, `mean(t1.train_s, t2.train_s)`, `max(train_s of all trials) / 60` or "
    "`(0.41 - 0.38) / 0.38`"
)
_T = TypeVar("_T")
_MAX_POWER = 100.0
_MAX_DEPTH = 100
_TRIAL = (
    r"(?:(?:trial\s*#?|t)(?P<number{n}>\d+)|(?:the\s+)?(?P<best{n}>best|winner)(?:\s+trial)?"
    r"|(?:the\s+)?(?P<defaults{n}>defaults?)|(?P<all{n}>all|every)(?:\s+(?:the\s+)?trials?)?)"
)
_VALUE = (
    rf"{_TRIAL.replace('{n}', '')}\s*\.\s*(?P<name>[A-Za-z][\w@]*)"
    rf"|(?:(?P<name_of>[A-Za-z][\w@ -]*?)\s+(?:of|in|for|at|over|across)\s+)?{_TRIAL.replace('{n}', '_of')}(?![\w.])"
)
_NUMBER = r"(?:{digits}\.?\d*|\.\d+)(?:e[+-]?\d+)?"
_DIGITS, _GROUPED = r"\d+", r"\d[\d,]*"  # a comma within brackets of a list parts its entries
_TOKENS = {
    is_list: re.compile(
        rf"\s*(?:(?P<value>{_VALUE})|(?P<literal>{_NUMBER.replace('{digits}', _DIGITS if is_list else _GROUPED)})\s*(?P<percent>%)?"
        r"|(?P<function>sqrt|exp|log|abs|mean|average|median|sum|min|max|std)(?=\s*\()|(?P<sign>\*\*|[-+*/^(),×÷−]))",
        re.IGNORECASE,
    )
    for is_list in (False, True)
}
_SIGNS = {"×": "*", "÷": "/", "−": "-", "**": "^"}
_FUNCTIONS: dict[str, Callable[[float], float]] = {"sqrt": math.sqrt, "exp": math.exp, "log": math.log, "abs": abs}
_OF_LISTS: dict[str, Callable[[Sequence[float]], float]] = {
    "mean": statistics.fmean,
    "average": statistics.fmean,
    "median": statistics.median,
    "sum": math.fsum,
    "min": min,
    "max": max,
    "std": statistics.stdev,  # of a sample
}


class _Token(NamedTuple):
    kind: str  # number, list, or the sign itself
    value: float = 0.0
    values: tuple[float, ...] = ()


def calculate(expression: str, study: Study | None) -> Sum:
    """The result, the values that it took, and for two values their difference and ratio.

    Raises:
        UserError: It cannot be read, a trial or value is not there, or it has no finite result.
    """
    text = in_signs(re.sub(r"\{([^{}]*)\}", r"\1", expression))  # a fact may be cited as {t7.recall@10}
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
    tokens: list[_Token] = []
    brackets: list[bool] = []  # that are open: whether each is of a list
    at = 0
    while text[at:].strip():
        match = _TOKENS[any(brackets)].match(text, at)
        if match is None:
            raise UserError(f"{RULE}; this cannot be read: {text[at:].strip()[:60]!r}")
        at = match.end()
        token = _token(match, study, used)
        if token.kind == "(":
            brackets.append(bool(tokens) and tokens[-1].kind in _OF_LISTS)
        elif token.kind == ")" and brackets:
            brackets.pop()
        tokens.append(token)
    return tokens


def _token(match: re.Match[str], study: Study | None, used: list[ValueUsed]) -> _Token:
    if match["value"]:
        return _of_trials(match, study, used)
    if match["literal"]:
        number = float(match["literal"].replace(",", ""))
        return _Token("number", number / (100 if match["percent"] else 1))
    found = (match["function"] or match["sign"]).lower()
    return _Token(_SIGNS.get(found, found))


def _of_trials(match: re.Match[str], study: Study | None, used: list[ValueUsed]) -> _Token:
    """A value of one trial, or of all that have it."""
    if study is None:
        raise UserError("there is no study yet, so only numbers can be worked with")
    records = study.records()
    name = known_name(match["name"] or match["name_of"] or "value", records)
    if match["all"] or match["all_of"]:
        found = [value for record in records if (value := _number_of(record, name)) is not None]
        if not found:
            raise UserError(f"no trial of {study.title} has a number for {name}")
        metric = study.spec.goal.primary.metric if name == "value" else name
        used.append(ValueUsed(what=f"{metric} of {len(found)} trials, summed", value=math.fsum(found)))
        return _Token("list", values=tuple(found))
    record = _trial(match, study, records)
    shown = record.objective if name == "value" else name
    value = _number_of(record, name)
    if value is None:
        raise UserError(f"trial {record.number} has no number for {shown}")
    used.append(ValueUsed(what=f"{shown} of trial {record.number}", value=value))
    return _Token("number", value)


def _number_of(record: TrialRecord, name: str) -> float | None:
    value = value_of(record, name)
    return None if isinstance(value, bool) or not isinstance(value, int | float) else float(value)


def _trial(match: re.Match[str], study: Study, records: Sequence[TrialRecord]) -> TrialRecord:
    if number := match["number"] or match["number_of"]:
        return study.record(int(number))
    is_best = bool(match["best"] or match["best_of"])
    found = study.best() if is_best else defaults_of(study.spec.goal, records)
    if found is None:
        raise UserError(f"{study.title} has no {'best trial' if is_best else 'trial of the defaults'} yet")
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
        if (name := self._next(*_OF_LISTS)) is not None:
            return _result_of(_OF_LISTS[name], self._list())
        if self._next("(") is not None:
            value = self._sum()
            if self._next(")") is None:
                raise UserError("a bracket is not closed")
            return value
        if self._at < len(self._tokens) and self._tokens[self._at].kind == "number":
            self._at += 1
            return self._tokens[self._at - 1].value
        raise UserError(RULE)

    def _list(self) -> list[float]:
        """The entries in the brackets of a function."""
        found: list[float] = []
        self._next("(")
        while True:
            if self._next("list") is not None:
                found += self._tokens[self._at - 1].values
            else:
                found.append(self._sum())
            if self._next(",") is None:
                break
        if self._next(")") is None:
            raise UserError("a bracket is not closed")
        return found

    def _next(self, *signs: str) -> str | None:
        if self._at < len(self._tokens) and self._tokens[self._at].kind in signs:
            self._at += 1
            return self._tokens[self._at - 1].kind
        return None


def _result_of(function: Callable[[_T], float], value: _T) -> float:
    try:
        return function(value)
    except statistics.StatisticsError as error:
        raise UserError("a spread takes two values at least") from error
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
