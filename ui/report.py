"""One HTML file that tells a study from the question to the answer; it opens without a network."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import plotly.graph_objects as go
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from agent.answers.analysis import parameter_importance, show_tradeoffs
from agent.answers.confirmation import details, verdict
from agent.answers.standings import (
    further_metrics,
    further_values,
    measured_of,
    spread_of,
    standing_shown,
    standing_words,
    trial_standings,
)
from agent.baseline import Baseline, shown
from agent.confirmation import Confirmation
from agent.objective import Goal
from agent.standing import best_of, ordered
from agent.studies.study import Study
from memory.record import TrialRecord
from recmodels.data.folders import disk_full, is_disk_full
from recmodels.errors import SetupError
from ui import plots
from ui.confirmation import write_record
from ui.markup import template
from ui.words import count, duration, number, params_line, state_line, with_spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """The answer of the study, in words."""

    number: int
    model: str
    objective: str
    value: str
    params: str
    weights: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Cells as text; the template escapes them."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    best: int | None = None  # the row that stands out


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """A confirmation in words, and the name of its record next to the report."""

    number: int
    verdict: str
    details: Sequence[str]
    record: str

    @classmethod
    def of(cls, confirmation: Confirmation) -> "Confirmed":
        return cls(
            number=confirmation.number,
            verdict=verdict(confirmation),
            details=details(confirmation),
            record=f"{confirmation.record_name}.html",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A figure and its heading."""

    title: str
    html: Markup

    @classmethod
    def of(cls, title: str, figure: go.Figure) -> "Plot":
        config = {"displayModeBar": False, "responsive": True}
        html = figure.to_html(full_html=False, include_plotlyjs=False, config=config)
        return cls(title=title, html=Markup(html))  # noqa: S704  plotly escapes what it writes into its script


def record_of(confirmation: Confirmation, folder: Path) -> tuple[Path, Path]:
    """Where the record of a confirmation lies, as HTML and JSON; it is written where it is missing."""
    html, record = (folder / f"{confirmation.record_name}.{ending}" for ending in ("html", "json"))
    return (html, record) if html.is_file() and record.is_file() else write_record(confirmation, folder)


def write_report(study: Study, folder: Path, confirmations: Sequence[Confirmation] = ()) -> Path:
    """Writes `<folder>/<study>.html` and returns its path; an earlier one is replaced whole.

    Args:
        confirmations: Those of the study that are done; the report links to their records.

    Raises:
        recmodels.errors.SetupError: It cannot be written.
    """
    path = folder / f"{study.spec.name}.html"
    draft = path.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for confirmation in confirmations:
            record_of(confirmation, folder)
        draft.write_text(report(study, confirmations), encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        says = disk_full(path) if is_disk_full(error) else SetupError(f"{path} cannot be written: {error.strerror}")
        raise says from error
    return path


def report(study: Study, confirmations: Sequence[Confirmation] = ()) -> str:
    """The report as one HTML document; all text is escaped by the template."""
    records, status, spec = study.records(), study.status(), study.spec
    best = best_of(spec.goal, records)
    effort = f"{count(len(records), 'trial')} of {', '.join(spec.models)} in {duration(status.elapsed_s)}"
    return template("report.html.j2").render(
        title=spec.name,
        name=spec.name,
        objective=status.objective,
        dataset=spec.dataset,
        effort=f"{effort}, seed {spec.seed}{'' if spec.uses_rules else ', without rules'}",
        best=None if best is None else _best(best),
        standing=standing_words(standing_shown(study)),
        confirmed=[Confirmed.of(confirmation) for confirmation in confirmations],
        plots=_plots(study, records, best),
        leaderboard=_leaderboard(spec.goal, records, study.baselines()),
        reasons=_reasons(study, records),
        plotly=Markup(get_plotlyjs()),  # noqa: S704  plotly's own script
    )


def _best(best: TrialRecord) -> Best:
    return Best(
        number=best.number,
        model=best.model,
        objective=best.objective,
        value=with_spread(best.value, spread_of(best)),
        params=params_line(best),
        weights=best.checkpoint,
    )


def _plots(study: Study, records: Sequence[TrialRecord], best: TrialRecord | None) -> list[Plot]:
    """The best so far first, and what else there is to draw."""
    found = [
        Plot.of("Best so far", plots.best_so_far(records, study.spec.goal, shown(study.spec.goal, study.baselines())))
    ]
    if any(len(record.curve) > 1 for record in records):
        found.append(Plot.of("Learning curves", plots.learning_curves(records, best)))
    for model, facts in parameter_importance(study).models.items():
        if facts.importance:
            found.append(Plot.of(f"Which params of {model} mattered", plots.importance_bars(facts.importance)))
    for model in dict.fromkeys(record.model for record in records):
        figure = plots.param_slices(records, model)
        if figure is not None:
            found.append(Plot.of(f"What the params of {model} did", figure))
    between = show_tradeoffs(study)
    if between.n_front + between.n_beaten > 1:
        x, y = list(between.metrics)[:2]
        found.append(Plot.of("Trade-offs", plots.tradeoffs(records, x, y)))
    return found


def _leaderboard(goal: Goal, records: Sequence[TrialRecord], baselines: Sequence[Baseline]) -> Table:
    """All trials, best first, then the lines to beat; the star is for a best trial clearly above the defaults."""
    stands, has_front = trial_standings(goal, records), len(goal.objectives) > 1
    further = further_metrics(goal, records) + ["front"] * has_front
    rows: list[tuple[str, ...]] = [
        (
            f"{'★ ' if stands[record.number].is_starred else ''}{record.number}",
            record.model,
            with_spread(record.value, stands[record.number].half_width),
            *further_values(goal, measured_of(record), records),
            *(("yes" if stands[record.number].is_on_front else "",) if has_front else ()),
            "top" if stands[record.number].in_group else "",
            state_line(record),
            duration(record.cost.get("train_s", 0.0)),
            record.proposer,
            params_line(record),
        )
        for record in ordered(goal, records)
    ]
    rows += [
        (
            "–",
            one.model,
            with_spread(one.value, one.spread),
            *further_values(goal, one.metrics, records),
            *[""] * (has_front + 1),
            "baseline",
            duration(one.train_s),
            "–",
            "defaults",
        )
        for one in shown(goal, baselines)
    ]
    head = (
        "trial",
        "model",
        f"{goal.primary.metric} on validation, ± 95 %",
        *further,
        "group",
        "state",
        "time",
        "proposed by",
        "params",
    )
    return Table(head=head, rows=rows, best=0 if best_of(goal, records) else None)


def _reasons(study: Study, records: Sequence[TrialRecord]) -> Table:
    rows = [
        (
            str(record.number),
            study.proposal(record.number).rationale,
            number(record.expected),
            number(record.value),
            ", ".join(record.evidence) or "–",
        )
        for record in records
    ]
    return Table(head=("trial", "rationale", "expected", "measured", "evidence"), rows=rows)
