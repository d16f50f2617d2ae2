"""All that a trial measured on validation: a table by cutoff with intervals, and slices of users and items."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.answers.standings import measured_by
from agent.answers.wording import number
from agent.uncertainty import interval, user_values
from memory.record import TrialRecord
from recmodels.metrics import METRICS

_PART = "valid_"
_CUT = re.compile(r"(?P<name>.+)@(?P<cutoff>\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricTable:
    """A row a metric, a column a cutoff."""

    cutoffs: tuple[str, ...]
    rows: tuple["MetricRow", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricRow:
    """One metric."""

    name: str
    says: str  # what it measures
    values: tuple[tuple[str, str], ...]  # by cutoff, with half of the 95 % interval where it is a mean over users
    is_lower_better: bool


def metric_table(record: TrialRecord) -> MetricTable | None:
    """None where nothing was measured."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for metric, value in record.metrics.items():
        if metric.startswith(_PART):
            name, cutoff = parted(metric.removeprefix(_PART))
            found.setdefault(name, {})[cutoff] = (number(value), _half(record, metric))
    if not found:
        return None
    cutoffs = sorted({cutoff for by in found.values() for cutoff in by}, key=lambda cutoff: int(cutoff or 0))
    rows = [_row(name, by, cutoffs) for name, by in found.items()]
    return MetricTable(cutoffs=tuple(f"@{cutoff}" if cutoff else "value" for cutoff in cutoffs), rows=tuple(rows))


def _row(name: str, by: Mapping[str, tuple[str, str]], cutoffs: Sequence[str]) -> MetricRow:
    metric = METRICS.get(name.removesuffix("_gap").removesuffix("_worst"))
    own = METRICS.get(name, metric)
    return MetricRow(
        name=name,
        says="" if own is None else own.says,
        values=tuple(by.get(cutoff, ("–", "")) for cutoff in cutoffs),
        is_lower_better=own is not None and own.direction == "minimize",
    )


def parted(metric: str) -> tuple[str, str]:
    """The name of a metric and its cutoff; empty for one without."""
    found = _CUT.fullmatch(metric)
    return (metric, "") if found is None else (found["name"], found["cutoff"])


def _half(record: TrialRecord, metric: str) -> str:
    values = user_values(record.checkpoint, metric)
    found = None if values is None else interval([values])
    return "" if found is None else f"± {found.half_width:.2g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A part of the users or items that was measured apart."""

    name: str
    n: str
    value: str


def slices_of(record: TrialRecord) -> Sequence[Slice]:
    """Users with little history compared with the others, and new items; empty where that was not measured."""
    measured = measured_by(record)
    cold = None if measured is None else measured.cold
    if measured is None or cold is None:
        return ()
    rows = [Slice(name="all measured users", n=number(measured.n_measured), value=number(record.value))]
    if cold.few is not None:
        rows.append(Slice(name="users with few likes to learn from", n=number(cold.n_few), value=number(cold.few)))
        rows.append(Slice(name="the other users", n=number(cold.n_others), value=number(cold.others)))
    if cold.n_new_items and cold.n_new_found is not None:
        says = f"{number(cold.n_new_found)} found in the first {cold.cutoff}"
        rows.append(Slice(name="held-out items that were new", n=number(cold.n_new_items), value=says))
    return rows
