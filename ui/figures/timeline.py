"""Timeline: when each trial ran, for how long, and how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from agent.standing import INTERRUPTED
from memory.record import TrialRecord
from ui.figures import scales
from ui.figures.canvas import Canvas, note
from ui.figures.frame import Entry, framed
from ui.figures.kind import Kind, Size
from ui.figures.options import Chosen, Option
from ui.figures.picture import Picture, Table
from ui.figures.study_data import StudyData
from ui.figures.theme import ACCENT, BAD, SERIES, SOFT
from ui.figures.trial_marks import tip_of
from ui.words import count, duration

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW, _LEAST, _MOST = 17.0, 150.0, 420.0  # px of a trial, and of all at least and at most
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)  # between two ticks
_THIN = 3.0  # px of a bar at least
_SHORTEST_S = 1.0  # of the axis
_LABELLED = 24  # trials whose time is written
_STATES: dict[str, dict[str, Any]] = {
    "best": {"color": ACCENT},
    "complete": {"color": SERIES[0]},
    "pruned": {"color": SERIES[0], "alpha": 0.4},
    "failed": {"color": BAD},
    INTERRUPTED: {"color": SOFT, "alpha": 0.5},
}
_UNITS = ((86_400.0, "days"), (3_600.0, "hours"), (60.0, "minutes"), (1.0, "seconds"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One trial, in seconds since the first began."""

    record: TrialRecord
    state: str
    start_s: float
    end_s: float


def options(data: StudyData) -> tuple[Option, ...]:
    """There is nothing to choose."""
    return ()


def draw(data: StudyData, chosen: Chosen, size: Size) -> Picture:
    """A bar a trial, the first at the top."""
    bars = _bars(data)
    if not bars:
        return Picture.nothing(KIND.title, data.why_empty or "It is not known when these trials ended.")
    whole = max(_SHORTEST_S, *(bar.end_s for bar in bars))
    unit, word = next(((s, name) for s, name in _UNITS if whole >= 2 * s), _UNITS[-1])
    x = scales.between(f"{word} since the first trial began", 0.0, whole / unit * 1.001, n=max(3, size.width // 80))
    last = len(bars) - 0.4
    step = next((one for one in _STEPS if len(bars) <= 14 * one), len(bars))
    ticks = tuple((float(i), str(bar.record.number)) for i, bar in enumerate(bars) if i % step == 0)
    y = scales.Scale(label="trial", low=last, high=-0.6, ticks=ticks)
    height = min(max(_ROW * len(bars), _LEAST), _MOST)
    there = [state for state in _STATES if any(bar.state == state for bar in bars)]
    entries = [Entry(label=state, marker="s", looks=_STATES[state] | {"ms": 9, "mew": 0}) for state in there]
    canvas, axes = framed(
        size.width, height, x, y, entries, has_x_grid=True, beside=60 if len(bars) <= _LABELLED else 0
    )
    axes.grid(visible=False, axis="y")
    half = max(0.36, _THIN / 2 * len(bars) / height)
    _draw_bars(canvas, axes, bars, unit, whole * 2 / size.width, half)
    return Picture(title=KIND.title, says=_says(bars, whole), table=_table(bars), drawing=canvas.done())


def _bars(data: StudyData) -> list[Bar]:
    """Of trials whose end is known; a start is the end without what the training took."""
    known = [(r, datetime.fromisoformat(r.finished_at)) for r in data.all_records if r.finished_at]
    spans = [(r, end - timedelta(seconds=r.cost.get("train_s", 0.0)), end) for r, end in known]
    first = min((start for _, start, _ in spans), default=None)
    return [
        Bar(
            record=r,
            state=_state(data, r),
            start_s=(start - first).total_seconds(),
            end_s=(end - first).total_seconds(),
        )
        for r, start, end in spans
        if first is not None
    ]


def _state(data: StudyData, record: TrialRecord) -> str:
    if data.best is not None and record.number == data.best.number:
        return "best"
    return INTERRUPTED if record.reason == INTERRUPTED else record.state


def _draw_bars(canvas: Canvas, axes: "Axes", bars: Sequence[Bar], unit: float, least_s: float, half: float) -> None:
    from matplotlib.collections import PolyCollection

    ends = [(bar.start_s / unit, (bar.start_s + max(bar.end_s - bar.start_s, least_s)) / unit) for bar in bars]
    for state, looks in _STATES.items():
        own = [i for i, bar in enumerate(bars) if bar.state == state]
        boxes = [[(x, y) for x, y in zip((a, b, b, a), (i - half, i - half, i + half, i + half), strict=True)]
                 for i in own for a, b in (ends[i],)]  # fmt: skip
        links = [canvas.mark(bars[i].record.number, _tip(bars[i]), is_best=state == "best") for i in own]
        if own:
            axes.add_collection(PolyCollection(boxes, urls=links, linewidths=0, zorder=3, clip_on=False, **looks))
    for i, bar in enumerate(bars if len(bars) <= _LABELLED else ()):
        took = duration(bar.end_s - bar.start_s)
        note(axes, ends[i][1], i, took, shift=(4, -1), ha="left", color=SOFT, fontsize=11)


def _tip(bar: Bar) -> list[str]:
    return tip_of(bar.record, f"trained for {duration(bar.end_s - bar.start_s)}")


def _says(bars: Sequence[Bar], whole_s: float) -> str:
    longest = max(bars, key=lambda bar: bar.end_s - bar.start_s)
    busy = sum(bar.end_s - bar.start_s for bar in bars)
    return (
        f"{count(len(bars), 'trial')} in {duration(whole_s)}, {duration(busy)} of which they trained; the longest, "
        f"trial {longest.record.number}, took {duration(longest.end_s - longest.start_s)}."
    )


def _table(bars: Sequence[Bar]) -> Table:
    rows = [(b.record.number, b.record.model, b.state, b.start_s, b.end_s, b.end_s - b.start_s) for b in bars]
    return Table.of(("trial", "model", "state", "began after s", "ended after s", "trained s"), rows)


KIND = Kind(
    name="timeline",
    title="Timeline",
    asks="When did each trial run, and what did it cost?",
    options_of=options,
    paint=draw,
)
