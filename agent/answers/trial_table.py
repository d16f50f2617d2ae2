"""The trials of a study as a table: the columns, the trials and the order that were asked for."""

import re
from collections.abc import Sequence

from agent.answers.facts import quoted
from agent.answers.standings import further_metrics
from agent.answers.trial_filter import filter_of
from agent.answers.trial_values import Values, is_from_outside, is_metric, known_name, names_of
from agent.results.table import Cell, TrialTable
from agent.standing import feasible_of, ordered, sign_of
from agent.studies.study import Study
from memory.record import TrialRecord

MAX_ROWS = 200
_CELLS = 500  # of a table in whose length the call has no say
_ALWAYS = ("number", "model", "state")
_SORT = re.compile(r"(?P<minus>-?)\s*(?P<name>.+?)\s*(?P<way>\b(?:asc|desc)\w*)?", re.IGNORECASE)


def trial_table(
    study: Study,
    columns: Sequence[str] | None = None,
    filter: str | None = None,
    sort: str | None = None,
    limit: int | None = None,
) -> TrialTable:
    """Best first; the columns default to what is measured beside the objective, and what is not the same in all trials.

    Args:
        columns: Names of values; `params`, `metrics` and `costs` stand for all of them.
        sort: A column; metrics best first, the rest ascending, unless it says `desc` or begins with "-".
        limit: Rows at most.

    Raises:
        UserError: A column that no trial has, or a filter that cannot be read.
    """
    goal, records = study.spec.goal, study.records()
    shown, values = ordered(goal, records), Values(records)
    if filter:
        fits = filter_of(filter, records, {record.number for record in feasible_of(goal, records)})
        shown = [record for record in shown if fits(record)]
    if sort:
        shown = _sorted(shown, values, sort, goal.primary.metric)
    names = [name for column in columns or () for name in names_of(column, records)] or _differing(shown or records)
    further = further_metrics(goal, records)
    names = list(dict.fromkeys(["number", *names] if columns else [*_ALWAYS, "value", *further, *names]))
    rows = shown[: min(limit, MAX_ROWS) if limit is not None else max(1, _CELLS // len(names))]
    return TrialTable(
        study=study.title,
        objective=goal.primary.metric,
        filter=quoted(filter) if filter else None,
        sort=sort,
        columns=tuple(names),
        n=len(shown),
        n_all=len(records),
        n_left_out=len(shown) - len(rows),
        rows=tuple(tuple(_cell(values.of(record, name), name) for name in names) for record in rows),
    )


def _sorted(records: Sequence[TrialRecord], values: Values, sort: str, objective: str) -> list[TrialRecord]:
    """Those without such a value last."""
    match = _SORT.fullmatch(sort.strip())
    assert match is not None  # noqa: S101 - any text matches
    name = known_name(match["name"], values.records)
    metric = objective if name == "value" else name
    is_turned = is_metric(metric) and sign_of(metric) > 0
    if match["minus"] or match["way"]:
        is_turned = bool(match["minus"]) or (match["way"] or "").lower().startswith("desc")
    found = [(values.of(record, name), record) for record in records]
    known = [(value, record) for value, record in found if value is not None]
    are_numbers = all(isinstance(value, int | float) for value, _ in known)
    known.sort(key=lambda pair: pair[0] if are_numbers else str(pair[0]), reverse=is_turned)
    return [record for _, record in known] + [record for value, record in found if value is None]


def _differing(records: Sequence[TrialRecord]) -> list[str]:
    """The params that are not the same in all, and how long training took."""
    names = dict.fromkeys(name for record in records for name in record.params)
    varied = [name for name in names if len({record.params.get(name) for record in records}) > 1]
    return [*varied[:8], "train_s"] if any("train_s" in record.cost for record in records) else varied[:8]


def _cell(value: Cell, name: str) -> Cell:
    """Texts that people, models and files wrote are quoted."""
    return quoted(value, 120) if isinstance(value, str) and is_from_outside(name) else value
