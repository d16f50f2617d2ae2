"""Which trials fit: conditions on any of their values, joined by and, or, not and brackets; nothing is run as code.

fits = filter_of("(model=ease or model=bpr_mf) and ndcg@10>0.1", records, feasible)

    any  := all ("or" all)*
    all  := one (("and" | "," | ";" | "&") one)*
    one  := "not" one | "(" any ")" | name sign value | a state | a model

Of several values of one thing without "or", such as `model=ease, model=bpr_mf`, any will do: no trial has both.
"""

import operator
import re
from collections import defaultdict
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

from agent.answers.trial_values import Values, known_name
from agent.errors import UserError
from agent.standing import INTERRUPTED
from memory.record import TrialRecord
from recmodels.models import MODELS

Fits = Callable[[TrialRecord], bool]
RULE = "a filter reads like model=ease, state=failed, reason~memory or (ndcg@10>0.1 and train_s<60)"
_STATES = ("complete", "pruned", "failed", INTERRUPTED, "running", "feasible")
_MAX_DEPTH = 20
_SIGNS: dict[str, Callable[..., bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
    "~": operator.contains,
}
_TOKENS = re.compile(
    r"\s*(?:(?P<mark>[()])|(?P<join>,|;|&+|\|+|\b(?:and|or|not)\b)"
    r"|(?P<text>(?:(?!\b(?:and|or)\b)[^(),;&|])+))",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"(?P<name>[\w@ -]+?)\s*(?P<sign><=|>=|!=|==|=|<|>|~)\s*(?P<value>[^<>=~]+)")
_JOINS = {",": "and", ";": "and", "&": "and", "&&": "and", "|": "or", "||": "or"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a trial must have to be shown."""

    name: str
    sign: str
    value: str

    def holds(self, record: TrialRecord, values: Values, feasible: Container[int] = ()) -> bool:
        """Compared as numbers where both are; False where the trial has no such value.

        Args:
            values: Of the study's trials.
            feasible: The numbers of the trials that meet every constraint.
        """
        if self.name == "state" and self.value.lower() == "feasible":
            return (record.number in feasible) is (self.sign != "!=")
        found = _state(record) if self.name == "state" else values.of(record, self.name)
        if found is None:
            return False
        if isinstance(found, int | float) and not isinstance(found, bool):
            number = _number(self.value)
            return number is not None and self.sign != "~" and _SIGNS[self.sign](found, number)
        told = ("on", "off")[not found] if isinstance(found, bool) else str(found)
        said = {"true": "on", "yes": "on", "false": "off", "no": "off"}.get(self.value.lower(), self.value.lower())
        return _SIGNS[self.sign](told.lower(), said) if self.sign in ("=", "==", "!=", "~") else False


def filter_of(text: str, records: Sequence[TrialRecord], feasible: Container[int]) -> Fits:
    """Tells whether a trial fits.

    Args:
        records: All of the study, which tell what there is to compare.
        feasible: The numbers of the trials that meet every constraint.

    Raises:
        UserError: It cannot be read, or no trial has such a value.
    """
    return _Reader(_tokens(text), records, feasible).whole()


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    for match in _TOKENS.finditer(text.strip()):
        found = match[0].strip()
        if found:
            tokens.append(_JOINS.get(found, found) if match["join"] else found)
    return tokens


class _Reader:
    """Reads the tokens once, from left to right."""

    def __init__(self, tokens: list[str], records: Sequence[TrialRecord], feasible: Container[int]) -> None:
        self._tokens = tokens
        self._values = Values(records)
        self._feasible = feasible
        self._at = self._depth = 0

    def whole(self) -> Fits:
        fits = self._any()
        if self._at < len(self._tokens):
            raise UserError(f"{RULE}; this cannot be read: {self._tokens[self._at]!r}")
        return fits

    def _any(self) -> Fits:
        parts = [self._all()]
        while self._next("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else lambda record: any(fits(record) for fits in parts)

    def _all(self) -> Fits:
        found = [self._one()]
        while self._next("and"):
            found.append(self._one())
        groups: dict[object, list[Fits]] = defaultdict(list)
        for place, (name, fits) in enumerate(found):
            groups[name if name is not None else place].append(fits)
        return lambda record: all(any(fits(record) for fits in group) for group in groups.values())

    def _one(self) -> tuple[str | None, Fits]:
        """The name where it says that something has a value, and the condition."""
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise UserError("this filter has too many conditions")
        if self._next("not"):
            _, fits = self._one()
            return None, lambda record: not fits(record)
        if self._next("("):
            inner = self._any()
            if not self._next(")"):
                raise UserError("a bracket of the filter is not closed")
            return None, inner
        if self._at >= len(self._tokens):
            raise UserError(RULE)
        self._at += 1
        condition = _condition(self._tokens[self._at - 1], self._values.records)
        is_equal = condition.sign in ("=", "==")
        return condition.name if is_equal else None, lambda record: condition.holds(
            record, self._values, self._feasible
        )

    def _next(self, token: str) -> bool:
        is_next = self._at < len(self._tokens) and self._tokens[self._at].lower() == token
        self._at += is_next
        return is_next


def _condition(text: str, records: Sequence[TrialRecord]) -> Condition:
    match = _CONDITION.fullmatch(text)
    if match is not None:
        value = match["value"].strip().strip("'\"")
        return Condition(name=known_name(match["name"], records), sign=match["sign"], value=value)
    if text.lower() in _STATES:
        return Condition(name="state", sign="=", value=text)
    if text.lower() in MODELS:
        return Condition(name="model", sign="=", value=text)
    raise UserError(f"{RULE}, got {text!r:.80}")


def _state(record: TrialRecord) -> str:
    return INTERRUPTED if record.reason == INTERRUPTED else record.state


def _number(text: str) -> float | None:
    try:
        return float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        return None
