"""The trials of a study as CSV, with all that was measured on validation."""

import csv
import io
from collections.abc import Iterable, Mapping

from agent.answers.standings import trial_standings
from agent.standing import ordered
from agent.studies.study import Study
from agent.studies.trial_notes import TrialNotes
from memory.record import ParamValue
from recmodels.outside import cell

_ABOUT = ("state", "reason", "proposer", "act", "expected", "seed", "rationale", "started_at", "finished_at")


def trials_csv(study: Study, notes: TrialNotes) -> str:
    """One row a trial, best first; numbers as they are, and no text that a spreadsheet would calculate.

    Columns: trial, model, objective with its 95 % interval, rank, whether it cannot be told apart from the best, of
    several objectives whether it is on the Pareto front, `metric …`, `param …`, `cost …`, what is known of the trial,
    note and tags.
    """
    goal, records = study.spec.goal, study.records()
    stands, written = trial_standings(goal, records), notes.of(study.name)
    metrics, params, costs = (
        _names(getattr(record, kind) for record in records) for kind in ("metrics", "params", "cost")
    )
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    objective, has_front = goal.primary.metric, len(goal.objectives) > 1
    rows.writerow(
        ["trial", "model", objective, "low", "high", "rank", "is_like_best"]
        + ["front"] * has_front
        + [f"metric {name}" for name in metrics]
        + [f"param {name}" for name in params]
        + [f"cost {name}" for name in costs]
        + [*_ABOUT, "tags", "note"]
    )
    for record in ordered(goal, records):
        stand, note = stands[record.number], written.get(record.number)
        interval = stand.interval
        bounds = ["", ""] if interval is None else [interval.low, interval.high]
        values: list[ParamValue | None] = [
            record.number,
            record.model,
            record.value,
            *bounds,
            stand.rank,
            stand.in_group,
            *([stand.is_on_front] if has_front else []),
        ]
        values += [record.metrics.get(name) for name in metrics]
        values += [record.params.get(name) for name in params]
        values += [record.cost.get(name) for name in costs]
        values += [getattr(record, name) for name in _ABOUT]
        values += [", ".join(note.tags), note.note] if note else ["", ""]
        rows.writerow(map(_cell, values))
    return out.getvalue()


def _names(found: Iterable[Mapping[str, ParamValue]]) -> list[str]:
    return list(dict.fromkeys(name for names in found for name in names))


def _cell(value: ParamValue | None) -> ParamValue:
    return "" if value is None else cell(value) if isinstance(value, str) else value
