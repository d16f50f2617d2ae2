"""The study panel: what a status, a table and the plots of a study look like beside the chat."""

from collections.abc import Sequence

import plotly.graph_objects as go

from agent.answers.confirmation import outdated, progress, stopped, verdict
from agent.answers.standings import spread_of, standing_shown, standing_words, trial_standings
from agent.baseline import Baseline, shown
from agent.confirmation import told_time
from agent.confirming.opening import Outlook, trials_since
from agent.events import EpochFinished
from agent.studies.study import Study
from agent.studies.study_spec import StudyStatus
from memory.record import TrialRecord
from recmodels.outside import visible
from ui import plots
from ui.markup import html
from ui.words import changes_line, duration, number, params_line, state_line, trials_done, with_spread

HEADERS = ["trial", "model", "objective ± 95 %", "time", "state", "params"]
LOADING = "<div class='card empty'>Looking for the latest study …</div>"
_EMPTY = (
    "<div class='card empty'><b>No study yet.</b> Say <i>“tune sasrec on the demo data, 6 trials”</i>, or drop a CSV "
    "with users and items into the chat.</div>"
)


def status_card(status: StudyStatus | None) -> str:
    """State, progress and the best trial as HTML; all text from outside is escaped."""
    if status is None:
        return _EMPTY
    share = 100 * status.n_finished / max(status.n_trials, 1)
    best = "no result yet" if status.best is None else _best(status.best)
    return (
        f"<div class='card'><div class='line'><b>{html(status.name)}</b>"
        f"<span class='state {status.state}'>{status.state}</span></div>"
        f"<div class='soft'>{html(status.objective)} on {html(status.dataset)} · "
        f"{html(', '.join(status.models))}</div>"
        f"{_elsewhere(status)}"
        f"<div class='bar'><div style='width:{share:.0f}%'></div></div>"
        f"<div class='line'><span>{trials_done(status.n_finished, status.n_trials)}{_now(status)}</span>"
        f"<span class='soft'>{duration(status.elapsed_s)}</span></div>"
        f"<div class='best'>{best}</div></div>"
    )


def trial_rows(study: Study | None) -> list[list[str]]:
    """The trials table, the latest first."""
    if study is None:
        return []
    starred = {number for number, one in trial_standings(study.spec.goal, study.records()).items() if one.is_starred}
    lines = [baseline_row(one) for one in shown(study.spec.goal, study.baselines())]
    return [trial_row(record, is_best=record.number in starred) for record in reversed(study.records())] + lines


def standing_card(study: Study | None, now: Outlook | None = None) -> str:
    """What may be said of the trials on validation, and of a confirmation, as HTML; empty before the first result."""
    words = standing_words(standing_shown(study)) if study else ""
    said = [words, _confirmed(now, study.records())] if words and now is not None and study else [words]
    return "".join(f"<div class='soft standing'>{html(text.replace('`', ''))}</div>" for text in said if text)


def _confirmed(now: Outlook, records: Sequence[TrialRecord]) -> str:
    """How the last confirmation stands, or what one would do."""
    if now.last is None:
        return "Not confirmed. Say “confirm it” for several seeds and one reading of test."
    if now.last.is_done:
        said = f"Confirmed on {told_time(now.last.ended_at)}. {verdict(now.last)}"
        return f"{said} {outdated(trials_since(now.last, records))}".strip()
    if now.holder is None:
        return stopped(now.last)
    done, total = progress(now.last)
    part = "validation" if now.last.stage == "valid" else "test"
    return f"Confirming: {done} of {total} runs on {part} are done. Stop ends it."


def value_plot(study: Study | None) -> go.Figure | None:
    """Best so far, or nothing to draw."""
    records = study.records() if study else ()
    if not study or not records:
        return None
    return plots.best_so_far(records, study.spec.goal, shown(study.spec.goal, study.baselines()))


def curve_plot(study: Study | None) -> go.Figure | None:
    """Learning curves, or nothing to draw."""
    if study is None:
        return None
    records, running = study.records(), _running_curve(study)
    if not running and not any(len(record.curve) > 1 for record in records):
        return None
    return plots.learning_curves(records, study.best(), running)


def _running_curve(study: Study) -> dict[str, list[float]]:
    """The curve so far of the trial that trains now, by its name."""
    trial = study.status().running
    epochs = [event for event in study.log.events() if isinstance(event, EpochFinished) and event.number == trial]
    return {f"trial {trial}, now": [event.value for event in epochs]} if epochs else {}


def _elsewhere(status: StudyStatus) -> str:
    return f"<div class='soft'>run by {html(status.run_by)}; steer it there</div>" if status.run_by else ""


def _now(status: StudyStatus) -> str:
    if status.running is None:
        return ""
    return (
        f", trial {status.running} at epoch {status.epoch} of {status.epochs}"
        if status.epoch
        else f", trial {status.running} begins"
    )


def _best(record: TrialRecord) -> str:
    return (
        f"best: trial {record.number}, {html(record.model)}, {html(record.objective)} <b>{number(record.value)}</b>"
        f"<div class='soft'>{html(params_line(record))}</div>"
    )


def baseline_row(baseline: Baseline) -> list[str]:
    """A line to beat, under the trials."""
    value = with_spread(baseline.value, baseline.spread)
    return ["–", baseline.model, value, duration(baseline.train_s), "baseline", "defaults"]


def trial_row(record: TrialRecord, is_best: bool) -> list[str]:
    """The cells under `HEADERS`."""
    return [
        f"{record.number}{' ★' if is_best else ''}",
        record.model,
        with_spread(record.value, spread_of(record)),
        duration(record.cost.get("train_s", 0.0)),
        visible(state_line(record)),
        changes_line(record),
    ]
