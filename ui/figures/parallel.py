"""Parallel coordinates: each trial of a model as a line through its params to the objective, the better the darker.

Where there is no room for the axes next to each other, they lie above each other and the lines run down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from memory.record import TrialRecord
from ui.figures import scales
from ui.figures.canvas import Canvas, fitted, text_width
from ui.figures.frame import EDGE_PX, Entry, Legend
from ui.figures.kind import Kind, Size
from ui.figures.options import Chosen, Option, choice, several
from ui.figures.picture import Picture, Table, cell
from ui.figures.slices import by_importance, values_of, varied, why_unvaried
from ui.figures.study_data import StudyData
from ui.figures.theme import ACCENT, SERIES, SOFT, SURFACE, TEXT
from ui.figures.trial_marks import broken_numbers, tip_of
from ui.words import count, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_UPRIGHT_PX = 92.0  # between two upright axes
_ROW_PX = 54.0  # between two lying ones
_MOST = 12  # axes
_STEPS = 10  # of how deep the colour of a line is
_BEST: dict[str, Any] = {"color": ACCENT, "linewidth": 2.6, "zorder": 5}
_BROKEN: dict[str, Any] = {"color": SOFT, "linewidth": 1.2, "alpha": 0.45, "zorder": 1.5}
_FAILED: dict[str, Any] = {"color": SOFT, "linewidth": 0.8, "linestyle": (0, (3, 3)), "alpha": 0.6, "zorder": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A trial, and where it crosses each axis: 0 at its low end, 1 at its high one."""

    record: TrialRecord
    shares: tuple[float, ...]


def options(data: StudyData) -> tuple[Option, ...]:
    """Which model, and which of its params."""
    names = list(dict.fromkeys(name for model in data.models for name in varied(data, model)))
    return (
        choice("model", "Model", {model: model for model in data.models}, data.first_model),
        several("params", "Only these params", {name: name for name in names}),
    )


def draw(data: StudyData, chosen: Chosen, size: Size) -> Picture:
    """Upright axes, or lying ones where the width is small."""
    model, wanted = chosen["model"], chosen.several("params")
    own = [record for record in data.records if record.model == model]
    names = ([name for name in varied(data, model) if name in wanted] or by_importance(data, model))[: _MOST - 1]
    measured = [record for record in own if record.value is not None]
    if not measured or not names:
        return Picture.nothing(KIND.title, data.why_empty or why_unvaried(model, measured))
    axes_ = [_scale(data, own, model, name) for name in names]
    values = [record.value for record in measured if record.value is not None]
    axes_.append(scales.linear(scales.axis_name(data.metric), values, n=4))
    lines = [Line(record=r, shares=_shares(axes_, names, r)) for r in own]
    is_upright = (size.width - 80) / (len(axes_) - 1) >= _UPRIGHT_PX
    legend = Legend.of(_legend(data, own), size.width)
    canvas = (_upright if is_upright else _lying)(data, axes_, lines, legend, size)
    return Picture(title=KIND.title, says=_says(data, model, own, names), table=_table(data, own, names),
                   drawing=canvas.done())  # fmt: skip


def _scale(data: StudyData, own: Sequence[TrialRecord], model: str, name: str) -> scales.Scale:
    return scales.of_param(name, [r.params.get(name) for r in own], data.param(model, name), n=4)


def _shares(axes_: Sequence[scales.Scale], names: Sequence[str], record: TrialRecord) -> tuple[float, ...]:
    """A failed trial ends beyond the low end of the objective."""
    through = [scale.share(record.params.get(name)) for scale, name in zip(axes_, names, strict=False)]
    return (*through, -0.07 if record.value is None else axes_[-1].share(record.value))


def _upright(
    data: StudyData, axes_: Sequence[scales.Scale], lines: Sequence[Line], legend: Legend, size: Size
) -> Canvas:
    height = max(size.height, 220.0)
    top = legend.height + 26
    left = EDGE_PX + max([text_width(label) for _, label in axes_[0].ticks] + [20.0])
    right = EDGE_PX + 26
    canvas = Canvas(size.width, height + top + 34)
    legend.draw(canvas)
    axes = canvas.axes(left, top, right, 34)
    _bare(axes, (0, len(axes_) - 1), (-0.09, 1.0))
    step = (size.width - left - right) / (len(axes_) - 1)
    is_crowded = any(text_width(scale.label, is_bold=True) > 0.95 * step for scale in axes_)
    for i, scale in enumerate(axes_):
        axes.plot([i, i], [scale.share_at(scale.numbers_from), 1], color=SOFT, linewidth=1, zorder=2)
        for place, label in scale.ticks:
            at = (i, scale.share_at(place))
            axes.annotate(label, at, xytext=(-5, 0), textcoords="offset points", ha="right", **_tick_looks())
        is_last, y = i == len(axes_) - 1, canvas.height - 14 - (14 if i % 2 and is_crowded else 0)
        name = fitted(scale.label, step * (1.9 if is_crowded else 0.95))
        x, ha = (
            (size.width - EDGE_PX, "right") if is_last else (EDGE_PX, "left") if not i else (left + step * i, "center")
        )
        canvas.text(x, y, name, ha=ha, colour=TEXT, weight="bold" if is_last else "normal")
    _draw_lines(canvas, axes, data, lines, lambda shares: (range(len(shares)), shares))
    return canvas


def _lying(data: StudyData, axes_: Sequence[scales.Scale], lines: Sequence[Line], legend: Legend, size: Size) -> Canvas:
    top, left, right = legend.height + 24, EDGE_PX + 20.0, EDGE_PX + 16.0
    canvas = Canvas(size.width, top + _ROW_PX * (len(axes_) - 1) + 28)
    legend.draw(canvas)
    axes = canvas.axes(left, top, right, 28)
    _bare(axes, (-0.07, 1.0), (len(axes_) - 1, 0))
    for i, scale in enumerate(axes_):
        axes.plot([scale.share_at(scale.numbers_from), 1], [i, i], color=SOFT, linewidth=1, zorder=2)
        for place, label in scale.with_room((size.width - left - right) * 0.93).ticks:
            at = (scale.share_at(place), i)
            axes.annotate(label, at, xytext=(0, -9), textcoords="offset points", ha="center", **_tick_looks())
        is_last = i == len(axes_) - 1
        name = fitted(scale.label, size.width - 2 * EDGE_PX)
        ground = {"facecolor": SURFACE, "edgecolor": "none", "pad": 1.0}  # a line may not strike a name through
        weight = "bold" if is_last else "normal"
        canvas.text(EDGE_PX, top + _ROW_PX * i - 10, name, colour=TEXT, zorder=7, weight=weight, bbox=ground)
    _draw_lines(canvas, axes, data, lines, lambda shares: (shares, range(len(shares))))
    return canvas


def _bare(axes: "Axes", x: tuple[float, float], y: tuple[float, float]) -> None:
    axes.set_xlim(*x)
    axes.set_ylim(*y)
    axes.set_xticks([])
    axes.set_yticks([])


def _tick_looks() -> dict[str, Any]:
    ground = {"facecolor": SURFACE, "edgecolor": "none", "alpha": 0.92, "pad": 0.6}
    return {"va": "center", "color": SOFT, "fontsize": 11, "bbox": ground, "zorder": 6, "annotation_clip": False}


def _draw_lines(canvas: Canvas, axes: "Axes", data: StudyData, lines: Sequence[Line], placed: Any) -> None:
    """The best on top, the failed below."""
    ranked = sorted(lines, key=lambda line: _rank_key(data, line))
    known, breaks = 0, broken_numbers(data)
    n = max(1, sum(line.record.value is not None and line.record.number not in breaks for line in lines) - 1)
    fade, bend = min(1.0, (60 / n) ** 0.5), 1.5 + n / 60  # of many lines only the better ones are to be seen
    for line in ranked:
        record = line.record
        is_best = data.best is not None and record.number == data.best.number
        if record.value is None:
            looks = _FAILED
        elif record.number in breaks:
            looks = _BROKEN
        else:
            share = round(known / n * _STEPS) / _STEPS
            looks = {
                "color": SERIES[0],
                "linewidth": 1.0 + share,
                "alpha": fade * (0.12 + 0.63 * share**bend),
                "zorder": 2 + share,
            }
            known += 1
        xs, ys = placed(line.shares)
        link = canvas.mark(record.number, tip_of(record), is_best=is_best)
        axes.plot(list(xs), list(ys), url=link, clip_on=False, solid_joinstyle="round", **(_BEST if is_best else looks))


def _rank_key(data: StudyData, line: Line) -> tuple[bool, float]:
    value = line.record.value
    return value is not None, 0.0 if value is None else data.goal.primary.sign * value


def _legend(data: StudyData, own: Sequence[TrialRecord]) -> list[Entry]:
    found = []
    if data.best is not None and any(record.number == data.best.number for record in own):
        found.append(Entry(label="best", looks=_BEST | {"zorder": 1}))
    found.append(Entry(label="better", looks={"color": SERIES[0], "linewidth": 2, "alpha": 0.75}))
    found.append(Entry(label="worse", looks={"color": SERIES[0], "linewidth": 1.2, "alpha": 0.25}))
    if broken_numbers(data) & {record.number for record in own}:
        found.append(Entry(label="breaks a constraint", looks=_BROKEN))
    if any(record.value is None for record in own):
        found.append(Entry(label="failed", looks=_FAILED))
    return found


def _says(data: StudyData, model: str, own: Sequence[TrialRecord], names: Sequence[str]) -> str:
    first = f"{count(len(own), 'trial')} of {model} through {count(len(names), 'param')} to {data.metric}"
    best = data.best
    if best is None or best.model != model:
        return f"{first}."
    at = values_of(best, names)
    return f"{first}; the best, trial {best.number} with {number(best.value)}, runs through {at}."


def _table(data: StudyData, own: Sequence[TrialRecord], names: Sequence[str]) -> Table:
    rows = [(r.number, *(cell(r.params.get(name)) for name in names), r.value) for r in own]
    return Table.of(("trial", *names, data.metric), rows)


KIND = Kind(
    name="parallel",
    title="Parallel coordinates",
    asks="Which combinations of params did well together?",
    options_of=options,
    paint=draw,
)
