"""The trials of a study as a table: the columns and the trials that were asked for."""

import operator
import re
from collections import defaultdict
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

from agent.answers.facts import quoted
from agent.answers.trial_values import known_name, value_of
from agent.errors import UserError
from agent.results.table import Cell, TrialTable
from agent.standing import INTERRUPTED, feasible_of, ordered
from agent.studies.study import Study
from memory.record import TrialRecord
from recmodels.models import MODELS

MAX_ROWS = 50
_CONDITION = re.compile(r"\s*(?P<name>[\w@ -]+?)\s*(?P<sign><=|>=|!=|==|=|<|>)\s*(?P<value>[^<>=]+?)\s*")
_SIGNS: dict[str, Callable[..., bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
}
_STATES = ("complete", "pruned", "failed", INTERRUPTED, "running", "feasible")
_ALWAYS = ("number", "model", "state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a trial must have to be shown."""

    name: str
    sign: str
    value: str

    def holds(self, record: TrialRecord) -> bool:
        """Compared as numbers where both are; False where the trial has no such value."""
        found = _state(record) if self.name == "state" else value_of(record, self.name)
        if found is None:
            return False
        if isinstance(found, int | float) and not isinstance(found, bool):
            return (number := _number(self.value)) is not None and _SIGNS[self.sign](found, number)
        told = ("on", "off")[not found] if isinstance(found, bool) else str(found)
        said = {"true": "on", "yes": "on", "false": "off", "no": "off"}.get(self.value.lower(), self.value.lower())
        return _SIGNS[self.sign](told.lower(), said) if self.sign in ("=", "==", "!=") else False


def trial_table(study: Study, columns: Sequence[str] | None = None, filter: str | None = None) -> TrialTable:
    """Best first; the columns default to what is not the same in all trials.

    Raises:
        UserError: A column that no trial has, or a filter that cannot be read.
    """
    goal, records = study.spec.goal, study.records()
    shown = ordered(goal, records)
    if filter:
        shown = _fitting(conditions_of(filter, records), shown, {r.number for r in feasible_of(goal, records)})
    names = [known_name(column, records) for column in columns or ()] or _differing(shown or records)
    names = list(dict.fromkeys(["number", *names] if columns else [*_ALWAYS, "value", *names]))
    return TrialTable(
        study=study.title,
        objective=goal.primary.metric,
        filter=quoted(filter) if filter else None,
        columns=tuple(names),
        n=len(shown),
        n_all=len(records),
        rows=tuple(tuple(_cell(value_of(record, name)) for name in names) for record in shown[:MAX_ROWS]),
    )


def conditions_of(text: str, records: Sequence[TrialRecord]) -> list[Condition]:
    """`model=ease and ndcg@10>0.1` as conditions; a bare word is a state or a model.

    Raises:
        UserError: It cannot be read.
    """
    found = []
    for part in re.split(r"\s*(?:,|;|&|\b(?:and|or)\b)\s*", text.strip()):
        match = _CONDITION.fullmatch(part)
        if match is not None:
            name = known_name(match["name"], records)
            found.append(Condition(name=name, sign=match["sign"], value=match["value"].strip()))
        elif part.lower() in _STATES:
            found.append(Condition(name="state", sign="=", value=part))
        elif part.lower() in MODELS:
            found.append(Condition(name="model", sign="=", value=part))
        else:
            raise UserError(f"a filter reads like model=ease, state=failed or ndcg@10>0.1, got {part!r}")
    return found


def _fitting(
    conditions: Sequence[Condition], records: Sequence[TrialRecord], feasible: Container[int]
) -> list[TrialRecord]:
    """The trials that meet every condition; of several values of one thing, such as two models, any."""
    groups: dict[object, list[Condition]] = defaultdict(list)
    for place, condition in enumerate(conditions):
        groups[condition.name if condition.sign in ("=", "==") else place].append(condition)

    def fits(record: TrialRecord, condition: Condition) -> bool:
        is_feasible = condition.name == "state" and condition.value.lower() == "feasible"
        return record.number in feasible if is_feasible else condition.holds(record)

    return [r for r in records if all(any(fits(r, one) for one in group) for group in groups.values())]


def _state(record: TrialRecord) -> str:
    return INTERRUPTED if record.reason == INTERRUPTED else record.state


def _differing(records: Sequence[TrialRecord]) -> list[str]:
    """The params that are not the same in all, and how long training took."""
    names = dict.fromkeys(name for record in records for name in record.params)
    varied = [name for name in names if len({record.params.get(name) for record in records}) > 1]
    return [*varied[:8], "train_s"] if any("train_s" in record.cost for record in records) else varied[:8]


def _cell(value: Cell) -> Cell:
    return quoted(value, 120) if isinstance(value, str) and len(value) > 40 else value


def _number(text: str) -> float | None:
    try:
        return float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        return None
