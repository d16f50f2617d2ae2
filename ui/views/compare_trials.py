"""Trials side by side: values with the paired interval, what differs in params, metrics and cost."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.answers.analysis import compare_trials
from agent.answers.bounds import measured_of
from agent.answers.explain_trials import compared_words
from agent.answers.paired import paired
from agent.answers.standings import spread_of
from agent.answers.wording import duration, number, param, signed, told, with_spread
from agent.objective import Constraint, measured
from agent.results.comparison import NotPaired, Paired
from agent.standing import Means
from agent.studies.study import Study
from agent.uncertainty import difference, user_values
from memory.record import TrialRecord
from recmodels.metrics import METRICS
from ui.views.plain import plain
from ui.views.trial_metrics import parted
from ui.words import state_line

_PART = "valid_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: a value for each trial."""

    name: str
    cells: tuple[str, ...]
    differs: bool = False
    best: int | None = None  # the place of the cell that is clearly better than all others


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialsSide:
    """The tables of a comparison."""

    numbers: tuple[int, ...]
    says: str
    reference: int  # the trial that the others are compared with
    lines: tuple[Line, ...]
    params: tuple[Line, ...]
    metrics: tuple[Line, ...]

    @classmethod
    def of(cls, study: Study, numbers: Sequence[int]) -> "TrialsSide":
        """Raises agent.errors.UserError: a trial is not there, or there are fewer than two."""
        facts = compare_trials(study, numbers)
        records = [study.record(trial.number) for trial in facts.trials]
        reference = facts.best if facts.best is not None else records[0].number
        base = study.record(reference)
        return cls(
            numbers=tuple(record.number for record in records),
            says=plain(compared_words(facts)),
            reference=reference,
            lines=(
                Line(name="Model", cells=tuple(record.model for record in records)),
                Line(name=f"{facts.trials[0].objective} ± 95 %", cells=tuple(map(_value, records))),
                Line(name=f"Minus trial {reference}", cells=tuple(_difference(study, base, one) for one in records)),
                *_bounds(study, records),
                Line(name="State", cells=tuple(map(state_line, records))),
                Line(name="Time", cells=tuple(map(_time, records))),
                Line(name="Epochs", cells=tuple(_epochs(record) for record in records)),
                Line(name="Proposed by", cells=tuple(record.proposer for record in records)),
            ),
            params=_params(records),
            metrics=_metrics(records),
        )


def _value(record: TrialRecord) -> str:
    return with_spread(record.value, spread_of(record))


def _difference(study: Study, base: TrialRecord, record: TrialRecord) -> str:
    """To the reference over the same users, and whether it is clear."""
    if base.number == record.number:
        return "–"
    found = paired(study, base, record)
    if isinstance(found, NotPaired):
        return (
            "–" if base.value is None or record.value is None else f"{signed(record.value - base.value)}, no interval"
        )
    return f"{signed(found.mean_difference)} [{signed(found.low)}, {signed(found.high)}], {_sure(study, found)}"


def _sure(study: Study, found: Paired) -> str:
    if not found.is_clear:
        return "could be chance"
    return "clearly better" if study.spec.goal.primary.sign * found.mean_difference > 0 else "clearly worse"


def _time(record: TrialRecord) -> str:
    return duration(record.cost["train_s"]) if "train_s" in record.cost else "–"


def _epochs(record: TrialRecord) -> str:
    return number(record.cost.get("epochs"))


def _params(records: Sequence[TrialRecord]) -> tuple[Line, ...]:
    """Those that any of them has, what differs first."""
    lines, shown = [], [told(record.model, record.params) for record in records]
    for name in dict.fromkeys(name for params in shown for name in params):
        values = [params.get(name) for params in shown]
        differs = len({str(value) for value in values}) > 1
        cells = tuple("–" if value is None else param(value) for value in values)
        lines.append(Line(name=name, cells=cells, differs=differs))
    return tuple(sorted(lines, key=lambda line: not line.differs))


def _bounds(study: Study, records: Sequence[TrialRecord]) -> Iterator[Line]:
    """A row for each constraint: what the trials have of it, and which break it."""
    means = Means.among(study.records())
    for bound in study.spec.goal.constraints:
        values = [measured(measured_of(means.of(record)), bound.metric) for record in records]
        yield Line(name=f"Bound {bound}", cells=tuple(_bound(bound, value) for value in values))


def _bound(bound: Constraint, value: float | None) -> str:
    return "–" if value is None else f"{number(value)}, {'met' if bound.is_met(value) else 'broken ✗'}"


def _metrics(records: Sequence[TrialRecord]) -> tuple[Line, ...]:
    """Those of validation that all have, by cutoff; one that is clearly better than all others is marked."""
    first = records[0].metrics
    names = [name for name in first if name.startswith(_PART) and all(name in record.metrics for record in records)]
    names.sort(key=lambda name: int(parted(name)[1] or sys.maxsize))
    return tuple(_metric(name, records) for name in names)


def _metric(name: str, records: Sequence[TrialRecord]) -> Line:
    cells = tuple(number(record.metrics[name]) for record in records)
    is_same = len(set(cells)) < 2
    best = None if is_same else _clear_best(name, records)
    return Line(name=name.removeprefix(_PART), cells=cells, differs=not is_same, best=best)


def _clear_best(name: str, records: Sequence[TrialRecord]) -> int | None:
    """The place of the trial that is clearly better than each other one over the same users; None without one."""
    metric = METRICS.get(name.removeprefix(_PART).partition("@")[0])
    if metric is None:
        return None
    sign = 1 if metric.direction == "maximize" else -1
    best = max(range(len(records)), key=lambda place: sign * records[place].metrics[name])
    known = [user_values(record.checkpoint, name) for record in records]
    values = [one.turned(sign) for one in known if one is not None]
    if len(values) < len(known):
        return None
    gains = [difference([values[best]], [other]) for place, other in enumerate(values) if place != best]
    return best if all(gain is not None and gain.low > 0 for gain in gains) else None
