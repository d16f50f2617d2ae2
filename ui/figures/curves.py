"""Learning curves: the objective after each epoch, the best trial in front, the one that runs now too."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from typing import TYPE_CHECKING, Any

from agent.answers.curve_shapes import curve_of, peak_words
from agent.standing import ordered
from memory.record import TrialRecord
from recmodels.metrics import is_measured_each_epoch
from ui.figures import scales
from ui.figures.canvas import Canvas, note
from ui.figures.frame import Entry, framed
from ui.figures.kind import Kind, Size
from ui.figures.options import Chosen, Option, choice, several, switch
from ui.figures.picture import Picture, Table
from ui.figures.study_data import StudyData
from ui.figures.theme import ACCENT, SERIES, SOFT
from ui.figures.trial_marks import colour_of, tip_of
from ui.words import count, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BEST_N = {"5": "the best 5", "10": "the best 10", "20": "the best 20", "all": "all"}
_SMOOTH = {"none": "none", "0.5": "a little", "0.8": "much"}
_X = {"epoch": "epoch", "seconds": "seconds"}
_APART = 14.0  # px between the labels at the ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One line."""

    number: int
    model: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    record: TrialRecord | None = None  # None: it runs now


def options(data: StudyData) -> tuple[Option, ...]:
    """Which trials, and how they are drawn."""
    known = {str(record.number): f"{record.number} {record.model}" for record in _ranked(data)}
    if data.running is not None:
        known[str(data.running.number)] = f"{data.running.number} {data.running.model}, running"
    return (
        choice("show", "Trials", _BEST_N),
        several("trials", "Only these", known, says="instead of the best"),
        choice("x", "By", _X),
        choice("smooth", "Smoothing", _SMOOTH, says="each point leans on those before it"),
        switch("log", "Log axis", "the objective by its order of magnitude"),
    )


def draw(data: StudyData, chosen: Chosen, size: Size) -> Picture:
    """The curves of the chosen trials."""
    in_seconds = chosen["x"] == "seconds"
    curves = [curve for record in _shown(data, chosen) if (curve := _curve(record, in_seconds))]
    wanted = chosen.several("trials")
    now = _running(data, in_seconds) if not wanted or str(data.running and data.running.number) in wanted else None
    if not curves and now is None:
        return Picture.nothing(KIND.title, _why_empty(data))
    raw = [*curves, *([now] if now else [])]
    keep = 0.0 if chosen["smooth"] == "none" else float(chosen["smooth"])
    smooth = [_smoothed(curve, keep) for curve in raw]
    every = [y for curve in smooth for y in curve.ys]
    is_log = chosen.is_on("log") and min(every) > 0
    ends = [x for curve in smooth for x in curve.xs]
    reach = max([*ends, float(data.running.epochs) if now and data.running and not in_seconds else 0.0])
    n = max(3, size.width // 80)
    x = scales.between(chosen["x"], min(ends) - 0.02 * reach, reach * (1.0 + (0.1 if len(smooth) > 1 else 0.03)), n=n,
                       is_whole=not in_seconds)  # fmt: skip
    n, name = max(4, int(size.height) // 45), scales.axis_name(data.metric)
    y = scales.logarithmic(name, every, n=n) if is_log else scales.linear(name, every, n=n)
    canvas, axes = framed(size.width, size.height, x, y, _legend(data, smooth))
    _draw_lines(canvas, axes, data, smooth)
    _name_ends(axes, data, smooth, size)
    return Picture(title=KIND.title, says=_says(data, curves, now), table=_table(data, raw, chosen["x"]),
                   drawing=canvas.done())  # fmt: skip


def _ranked(data: StudyData) -> list[TrialRecord]:
    """Those with a curve, best first."""
    return [record for record in ordered(data.goal, data.records) if len(record.by_epoch()) > 1]


def _shown(data: StudyData, chosen: Chosen) -> list[TrialRecord]:
    ranked, wanted = _ranked(data), chosen.several("trials")
    if wanted:
        return [record for record in ranked if str(record.number) in wanted]
    return ranked if chosen["show"] == "all" else ranked[: int(chosen["show"])]


def _curve(record: TrialRecord, in_seconds: bool) -> Curve | None:
    known = record.by_epoch()
    epoch_s = record.cost.get("epoch_s") or record.cost.get("train_s", 0.0) / max(1, len(record.curve))
    if in_seconds and not epoch_s:
        return None
    xs = tuple(epoch * epoch_s if in_seconds else float(epoch) for epoch in known)
    return Curve(number=record.number, model=record.model, xs=xs, ys=tuple(known.values()), record=record)


def _running(data: StudyData, in_seconds: bool) -> Curve | None:
    now = data.running
    if now is None or not now.curve or in_seconds:
        return None
    xs = tuple(float(epoch) for epoch in range(1, len(now.curve) + 1))
    return Curve(number=now.number, model=now.model, xs=xs, ys=now.curve)


def _smoothed(curve: Curve, keep: float) -> Curve:
    """An exponential moving average without the pull of its beginning, as TensorBoard draws it."""
    total, weight, ys = 0.0, 0.0, []
    for y in curve.ys:
        total, weight = keep * total + (1 - keep) * y, keep * weight + (1 - keep)
        ys.append(total / weight)
    return Curve(number=curve.number, model=curve.model, xs=curve.xs, ys=tuple(ys), record=curve.record)


def _looks(data: StudyData, curve: Curve) -> dict[str, Any]:
    if curve.record is None:
        return {"color": ACCENT, "linewidth": 2, "linestyle": (0, (3, 2)), "zorder": 5}
    if data.best is not None and curve.number == data.best.number:
        return {"color": ACCENT, "linewidth": 2.6, "zorder": 4}
    colour = colour_of(data, curve.model) if len(data.models) > 1 else SERIES[0]
    return {"color": colour, "linewidth": 1.4, "alpha": 0.7, "zorder": 3}


def _draw_lines(canvas: Canvas, axes: "Axes", data: StudyData, curves: Sequence[Curve]) -> None:
    for curve in reversed(curves):  # the best one on top
        record = curve.record
        lines = (
            [f"trial {curve.number}, {curve.model}: running, {number(curve.ys[-1])}"]
            if record is None
            else tip_of(record, _came(record))
        )
        is_best = data.best is not None and curve.number == data.best.number
        link = canvas.mark(curve.number, lines, is_best=is_best)
        alone: dict[str, Any] = {"marker": "o", "ms": 4} if len(curve.xs) == 1 else {}
        axes.plot(curve.xs, curve.ys, url=link, solid_capstyle="round", **_looks(data, curve), **alone)


def _came(record: TrialRecord) -> str:
    """Where its curve was best, and where it ended."""
    shape = curve_of(record)
    return peak_words(shape) if shape is not None else ""


def _name_ends(axes: "Axes", data: StudyData, curves: Sequence[Curve], size: Size) -> None:
    """The number of each trial at the end of its line, where there is room."""
    low, high = axes.get_ylim()
    is_log = axes.get_yscale() == "log"

    def px_of(y: float) -> float:
        share = (log10(y) - log10(low)) / (log10(high) - log10(low)) if is_log else (y - low) / (high - low)
        return share * size.height

    taken: list[tuple[float, float]] = []
    for curve in curves[:12]:
        x_px, y_px = curve.xs[-1], px_of(curve.ys[-1])
        if any(abs(y_px - other) < _APART and abs(x_px - at) < 0.06 * axes.get_xlim()[1] for at, other in taken):
            continue
        taken.append((x_px, y_px))
        is_first = curve.record is None or (data.best is not None and curve.number == data.best.number)
        note(axes, curve.xs[-1], curve.ys[-1], str(curve.number), shift=(4, 0), ha="left",
             color=ACCENT if is_first else SOFT, weight="bold" if is_first else "normal")  # fmt: skip


def _legend(data: StudyData, curves: Sequence[Curve]) -> list[Entry]:
    found = []
    if _has_best(data, curves):
        found.append(Entry(label="best", looks={"color": ACCENT, "linewidth": 2.6}))
    if any(curve.record is None for curve in curves):
        found.append(Entry(label="running", looks={"color": ACCENT, "linewidth": 2, "linestyle": (0, (3, 2))}))
    there = [model for model in data.models if any(curve.model == model and curve.record for curve in curves)]
    if len(data.models) > 1:
        found += [Entry(label=model, looks={"color": colour_of(data, model), "linewidth": 1.6}) for model in there]
    elif (
        there
        and len(curves) > 1
        and (others := sum(curve.record is not None for curve in curves) - _has_best(data, curves))
    ):
        label = f"other trials of {there[0]}" if len(found) else f"{'trials' if others > 1 else 'trial'} of {there[0]}"
        found.append(Entry(label=label, looks={"color": SERIES[0], "linewidth": 1.4}))
    return found


def _has_best(data: StudyData, curves: Sequence[Curve]) -> bool:
    return data.best is not None and any(curve.number == data.best.number for curve in curves)


def _why_empty(data: StudyData) -> str:
    if not is_measured_each_epoch(data.metric):
        return f"{data.metric} is measured once, at the end of a trial, so there is no curve."
    if not data.records:
        return data.why_empty
    models = ", ".join(data.models)
    learn = "learns" if len(data.models) == 1 else "learn"
    return f"No trial has a curve: {models} {learn} in one step, or stopped after the first epoch. See the history."


def _says(data: StudyData, curves: Sequence[Curve], now: Curve | None) -> str:
    known = [curve.record for curve in curves if curve.record]
    told = next((one for one in known if data.best and one.number == data.best.number), None)
    if len(known) == 1:
        told, first = known[0], f"{data.metric} by epoch of trial {known[0].number}"
    elif known:
        first = f"{data.metric} by epoch of {count(len(known), 'trial')}"
    else:
        first = f"{data.metric} by epoch"
    parts = (
        [] if told is None else [_came(told) if len(known) == 1 else f"the best, trial {told.number}: {_came(told)}"]
    )
    parts += (
        [] if now is None else [f"trial {now.number} runs, at {number(now.ys[-1])} after {count(len(now.ys), 'epoch')}"]
    )
    return f"{first}; {'; '.join(parts)}." if parts else f"{first}."


def _table(data: StudyData, curves: Sequence[Curve], x: str) -> Table:
    rows = [(c.number, c.model, at, y) for c in curves for at, y in zip(c.xs, c.ys, strict=True)]
    return Table.of(("trial", "model", x, data.metric), rows)


KIND = Kind(
    name="curves",
    title="Learning curves",
    asks="How do trials learn, and when do they stop getting better?",
    options_of=options,
    paint=draw,
)
