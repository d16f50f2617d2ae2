"""History: what each trial measured, the best so far as a line, and the baselines that every trial has to beat."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from agent.objective import measured
from memory.record import TrialRecord
from ui.figures import scales
from ui.figures.canvas import Canvas, note, text_width
from ui.figures.frame import Entry, framed
from ui.figures.kind import Kind, Size
from ui.figures.options import Chosen, Option, choice, switch
from ui.figures.picture import Cell, Picture, Table
from ui.figures.study_data import StudyData
from ui.figures.theme import ACCENT, SOFT, TEXT_PX
from ui.figures.trial_marks import draw_trials, kinds_of, legend_of, tip_of
from ui.words import count, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LINE: dict[str, Any] = {"color": ACCENT, "linewidth": 2}
_FAILED: dict[str, Any] = {"color": SOFT, "linewidths": 1.6, "s": 34}
_RING: dict[str, Any] = {"facecolors": "none", "edgecolors": ACCENT, "linewidths": 1.4}
_APART = 15.0  # px between the labels of two lines
_ABOVE = 30.0  # px that the label of the best needs above its star


def options(data: StudyData) -> tuple[Option, ...]:
    """Which metric, and what is drawn around each trial."""
    return (
        choice("metric", "Metric", {name: name for name in _metrics(data)}),
        switch("errors", "Error bars", "95 % interval of each trial, over users"),
        switch("group", "As good as the best", "the trials that cannot be told apart from the best one"),
    )


def draw(data: StudyData, chosen: Chosen, size: Size) -> Picture:
    """What each trial measured of the chosen metric."""
    metric = chosen["metric"]
    values = {r.number: value for r in data.records if (value := _value(data, r, metric)) is not None}
    if not values:
        return Picture.nothing(KIND.title, data.why_empty or f"No trial measured {metric}.")
    is_objective = metric == data.metric
    spreads = _intervals(data, values) if chosen.is_on("errors") and is_objective else {}
    group = _group(data, values) if chosen.is_on("group") else []
    failed = [record for record in data.records if record.number not in values]
    lines = _baselines(data, metric)
    shown = [*values.values(), *lines.values(), *(end for ends in spreads.values() for end in ends)]
    x = scales.between("trial", -0.6, max(data.records[-1].number, 1) + 0.6, n=max(3, size.width // 70), is_whole=True)
    pad = max(0.1, _ABOVE / (size.height - 2 * _ABOVE))
    y = scales.linear(scales.axis_name(metric), shown, n=max(4, int(size.height) // 45), pad=pad)
    drawn = [record for record in data.records if record.number in values]
    labels = {model: f"{model} {number(value)}" for model, value in lines.items()}
    beside = 0.0 if size.is_narrow else max((text_width(label) + 10 for label in labels.values()), default=0.0)
    entries = _legend(data, drawn, failed, group, is_objective)
    canvas, axes = framed(size.width, size.height, x, y, entries, beside=beside)
    for number_, (low, high) in spreads.items():
        axes.plot([number_, number_], [low, high], color=SOFT, linewidth=1, zorder=1, solid_capstyle="butt")
    if is_objective:
        _draw_line(axes, data)
    _draw_baselines(axes, lines, labels, size)
    draw_trials(canvas, axes, data, [(record, record.number, values[record.number]) for record in drawn])
    if group:
        ringed = [record.number for record in group]
        axes.scatter(ringed, [values[n] for n in ringed], s=120, zorder=2, clip_on=False, **_RING)
    _draw_failed(canvas, axes, failed)
    _name_best(axes, data, values, y, size.height)
    return Picture(
        title=KIND.title,
        says=_says(
            data, metric, values, failed, lines, _no_errors(data, metric, spreads) if chosen.is_on("errors") else ""
        ),
        table=_table(data, metric, values),
        drawing=canvas.done(),
    )


def _metrics(data: StudyData) -> list[str]:
    """The objectives, what is constrained, and what else was measured on validation."""
    goal = data.goal
    asked = [one.metric for one in goal.objectives] + [one.metric for one in goal.constraints]
    found = {name for record in data.measured for name in record.metrics if name.startswith("valid_")}
    return list(dict.fromkeys([*asked, *sorted(name.removeprefix("valid_") for name in found)]))


def _value(data: StudyData, record: TrialRecord, metric: str) -> float | None:
    if metric == data.metric:
        return record.value
    return measured(dict(record.cost) | dict(record.metrics), metric) if record.state == "complete" else None


def _intervals(data: StudyData, values: dict[int, float]) -> dict[int, tuple[float, float]]:
    known = {number_: data.standings[number_].interval for number_ in values}
    return {number_: (one.low, one.high) for number_, one in known.items() if one is not None}


def _no_errors(data: StudyData, metric: str, spreads: Mapping[int, object]) -> str:
    """Why there are no error bars; empty where there are."""
    if metric != data.metric:
        return f"without error bars, since the values of each user are kept of {data.metric} alone"
    return "" if spreads else f"without error bars, since the values of {metric} of each user were not kept"


def _group(data: StudyData, values: dict[int, float]) -> list[TrialRecord]:
    found = [r for r in data.records if r.number in values and data.standings[r.number].in_group]
    return [record for record in found if data.best is None or record.number != data.best.number]


def _baselines(data: StudyData, metric: str) -> dict[str, float]:
    known = {one.model: one.value if metric == data.metric else measured(one.metrics, metric) for one in data.baselines}
    return {model: value for model, value in known.items() if value is not None}


def _legend(
    data: StudyData,
    drawn: Sequence[TrialRecord],
    failed: Sequence[TrialRecord],
    group: Sequence[TrialRecord],
    is_objective: bool,
) -> list[Entry]:
    found = legend_of(data, {record.model for record in drawn}, kinds_of(data, drawn))
    if is_objective and any(data.leaders):
        found.insert(1, Entry(label="best so far", looks=_LINE))
    if group:
        looks = {"mfc": "none", "mec": ACCENT, "ms": 9, "mew": 1.4}
        found.append(Entry(label="as good as the best, within noise", marker="o", looks=looks))
    if failed:
        found.append(Entry(label="failed", marker="x", looks={"color": SOFT, "ms": 6, "mew": 1.6}))
    return found


def _draw_line(axes: "Axes", data: StudyData) -> None:
    pairs = [(r.number, best) for r, best in zip(data.records, data.leaders, strict=True) if best is not None]
    if pairs:
        values = [best.value or 0.0 for _, best in pairs]
        axes.step([at for at, _ in pairs], values, where="post", zorder=2, **_LINE)


def _draw_baselines(axes: "Axes", lines: dict[str, float], labels: dict[str, str], size: Size) -> None:
    """Dotted lines; their labels stand at the right, on the line where there is little room, and keep apart."""
    low, high = axes.get_ylim()
    px = (high - low) / size.height
    last = -float("inf")
    for model, value in sorted(lines.items(), key=lambda pair: pair[1]):
        axes.axhline(value, color=SOFT, linewidth=1.2, linestyle=(0, (1.5, 2.5)), zorder=1)
        at = max(value + (9 * px if size.is_narrow else 0.0), last + _APART * px)
        looks: dict[str, Any] = (
            {"ha": "right", "zorder": 4} if size.is_narrow else {"ha": "left", "shift": (5, 0), "bbox": None}
        )
        note(axes, axes.get_xlim()[1], at, labels[model], color=SOFT, **looks)
        last = at


def _draw_failed(canvas: Canvas, axes: "Axes", failed: Sequence[TrialRecord]) -> None:
    """At the bottom, since they have no value."""
    if failed:
        links = [canvas.mark(record.number, tip_of(record)) for record in failed]
        floor = axes.get_ylim()[0]
        xs = [record.number for record in failed]
        axes.scatter(xs, [floor] * len(failed), marker="x", urls=links, clip_on=False, zorder=3, **_FAILED)


def _name_best(axes: "Axes", data: StudyData, values: dict[int, float], y: scales.Scale, height: float) -> None:
    """Its value next to the star, on the side where there is room."""
    best = data.best
    if best is None or best.number not in values:
        return
    value, (left, right) = values[best.number], axes.get_xlim()
    share = (best.number - left) / (right - left)
    ha, shift = ("right", 2) if share > 0.8 else ("left", -2) if share < 0.2 else ("center", 0)
    up = 17 if (y.high - value) / (y.high - y.low) * height >= _ABOVE - 2 else -17
    note(axes, best.number, value, number(value), shift=(shift, up), ha=ha, weight="bold", fontsize=TEXT_PX)


def _says(
    data: StudyData,
    metric: str,
    values: dict[int, float],
    failed: Sequence[TrialRecord],
    lines: dict[str, float],
    no_errors: str = "",
) -> str:
    parts = [f"{metric} of {count(len(values), 'trial')}"]
    if data.best is not None and data.best.number in values:
        best = f"trial {data.best.number}, {data.best.model}"
        value = number(values[data.best.number])
        is_objective = metric == data.metric
        parts.append(
            f"the best is {best}, with {value}" if is_objective else f"the best by {data.metric}, {best}, has {value}"
        )
    if no_errors:
        parts.append(no_errors)
    parts += [f"{model} reaches {number(value)}" for model, value in lines.items()]
    n_pruned = sum(record.state == "pruned" and record.number in values for record in data.records)
    if n_pruned:
        parts.append(
            f"{count(n_pruned, 'trial')} {'were' if n_pruned > 1 else 'was'} pruned and shown at the best reached"
        )
    if failed:
        parts.append(f"{count(len(failed), 'trial')} failed")
    return f"{parts[0]}: {', '.join(parts[1:])}." if parts[1:] else f"{parts[0]}."


def _table(data: StudyData, metric: str, values: dict[int, float]) -> Table:
    is_objective = metric == data.metric
    head = ["trial", "model", metric, "state", *(["best so far"] if is_objective else [])]
    rows: list[list[Cell]] = []
    for record, best in zip(data.records, data.leaders, strict=True):
        row: list[Cell] = [record.number, record.model, values.get(record.number), record.state]
        rows.append(row + ([best.value if best else None] if is_objective else []))
    return Table.of(head, rows)


KIND = Kind(
    name="history",
    title="History",
    asks="Does it still get better, and does it beat the baselines?",
    options_of=options,
    paint=draw,
)
