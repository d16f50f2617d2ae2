"""One HTML file that tells a study from the question to the answer; it opens without a network."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from agent.proposal import Proposal
from agent.studies.study import Study
from memory.record import TrialRecord
from ui import plots
from ui.words import duration, number, params_line

_STYLE = """
:root { color-scheme: light dark; --text: #212529; --soft: #868e96; --line: #dee2e6; --accent: #e8590c; --page: #fff; }
@media (prefers-color-scheme: dark) { :root { --text: #e9ecef; --line: #373a40; --page: #141517; } }
body { font: 16px/1.55 system-ui, sans-serif; color: var(--text); background: var(--page); max-width: 980px;
       margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; margin-bottom: .2rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
.lead { color: var(--soft); } .answer { border-left: 4px solid var(--accent); padding: .1rem 1rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .9rem;
        font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 600; } tr.best td { font-weight: 600; } .soft { color: var(--soft); }
"""


def write_report(study: Study, folder: Path) -> Path:
    """Writes `<folder>/<study>.html` and returns its path; an earlier one is replaced whole."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{study.spec.name}.html"
    draft = path.with_suffix(".part")
    draft.write_text(report(study), encoding="utf-8")
    draft.replace(path)
    return path


def report(study: Study) -> str:
    """The report as one HTML document."""
    records, best, status = study.records(), study.best(), study.status()
    proposals = {record.number: study.proposal(record.number) for record in records}
    parts = [
        f"<h1>{escape(study.spec.name)}</h1>",
        f"<p class=lead>{escape(status.objective)} on <b>{escape(study.spec.dataset)}</b>, "
        f"{len(records)} trials of {escape(', '.join(study.spec.models))} in {duration(status.elapsed_s)}, "
        f"seed {study.spec.seed}</p>",
        _answer(best, records),
        "<h2>Best so far</h2>",
        _plot(plots.best_so_far(records)),
        "<h2>Leaderboard</h2>",
        _leaderboard(records, best),
    ]
    if any(len(record.curve) > 1 for record in records):
        parts += ["<h2>Learning curves</h2>", _plot(plots.learning_curves(records))]
    for model in dict.fromkeys(record.model for record in records):
        figure = plots.param_slices(records, model)
        if figure is not None:
            parts += [f"<h2>What the params of {escape(model)} did</h2>", _plot(figure)]
    parts += ["<h2>Why each trial was run</h2>", _reasons(records, proposals)]
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>{escape(study.spec.name)}</title><style>{_STYLE}</style><script>{get_plotlyjs()}</script>"
        f"<body>{''.join(parts)}</body></html>"
    )


def _answer(best: TrialRecord | None, records: Sequence[TrialRecord]) -> str:
    if best is None:
        return "<p class=answer>No trial has finished with a value that keeps the constraints.</p>"
    test = best.metrics.get(f"test_{best.objective}")
    on_test = f", <b>{number(test)}</b> on test" if test is not None else ""
    first = next((record for record in records if record.model == best.model and record.proposer == "defaults"), None)
    gain = ""
    if first is not None and first is not best and first.value and best.value is not None:
        gain = (
            f" The defaults of {escape(best.model)} reach {number(first.value)} ({best.value / first.value - 1:+.1%})."
        )
    weights = f"<br><span class=soft>Weights: {escape(best.checkpoint)}</span>" if best.checkpoint else ""
    return (
        f"<p class=answer>Trial {best.number}, <b>{escape(best.model)}</b>: {escape(best.objective)} "
        f"<b>{number(best.value)}</b> on validation{on_test}.{gain}<br>{escape(params_line(best))}{weights}</p>"
    )


def _leaderboard(records: Sequence[TrialRecord], best: TrialRecord | None) -> str:
    sign = -1 if records and records[0].direction == "maximize" else 1
    ordered = sorted(records, key=lambda record: (record.value is None, sign * (record.value or 0.0)))
    rows = "".join(_row(record, is_best=record == best) for record in ordered)
    name = escape(records[0].objective) if records else "value"
    head = f"<tr><th>trial<th>model<th>valid {name}<th>test {name}<th>state<th>time<th>proposed by<th>params"
    return f"<div class=wide><table>{head}{rows}</table></div>"


def _row(record: TrialRecord, is_best: bool) -> str:
    cells = (
        str(record.number),
        record.model,
        number(record.value),
        number(record.metrics.get(f"test_{record.objective}")),
        record.state if record.reason is None else f"{record.state}: {record.reason}",
        duration(record.cost.get("train_s", 0.0)),
        record.proposer,
        params_line(record),
    )
    return f"<tr{' class=best' if is_best else ''}>" + "".join(f"<td>{escape(cell)}" for cell in cells)


def _reasons(records: Sequence[TrialRecord], proposals: Mapping[int, Proposal]) -> str:
    rows = "".join(
        f"<tr><td>{record.number}<td>{escape(proposals[record.number].rationale)}<td>{number(record.expected)}"
        f"<td>{number(record.value)}<td class=soft>{escape(', '.join(record.evidence)) or '–'}"
        for record in records
    )
    head = "<tr><th>trial<th>rationale<th>expected<th>measured<th>evidence"
    return f"<div class=wide><table>{head}{rows}</table></div>"


def _plot(figure: go.Figure) -> str:
    return str(
        figure.to_html(full_html=False, include_plotlyjs=False, config={"displayModeBar": False, "responsive": True})
    )
