"""Timeline: when each trial ran, for how long, and how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from agent.advisor.trial_times import whole_s
from agent.standing import INTERRUPTED
from memory.record import TrialRecord
from ui.figures import scales
from ui.figures.canvas import Canvas, note
from ui.figures.frame import Entry, framed
from ui.figures.kind import Kind, Size
from ui.figures.options import Chosen, Option
from ui.figures.picture import Picture, Table
from ui.figures.study_data import StudyData, moment_of
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
RUNNING = "running"
_STATES: dict[str, dict[str, Any]] = {
    "best": {"color": ACCENT},
    "complete": {"color": SERIES[0]},
    "pruned": {"color": SERIES[0], "alpha": 0.4},
    "failed": {"color": BAD},
    INTERRUPTED: {"color": SOFT, "alpha": 0.5},
    RUNNING: {"color": SERIES[1]},
}
_UNITS = ((86_400.0, "days"), (3_600.0, "hours"), (60.0, "minutes"), (1.0, "seconds"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One trial, in seconds since the first began."""

    number: int
    model: str
    state: str
    start_s: float
    end_s: float
    trained_s: float | None = None
    record: TrialRecord | None = None  # None: it runs now
    is_measured: bool = True  # False: an earlier version kept the end alone, to the second

    @property
    def took_s(self) -> float:
        """From its start to its end; 0 where that is not known."""
        return self.end_s - self.start_s

    @property
    def is_known(self) -> bool:
        """Whether it is known how long it ran."""
        return self.is_measured or self.took_s > 0


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
    ticks = tuple((float(i), str(bar.number)) for i, bar in enumerate(bars) if i % step == 0)
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
    return Picture(title=KIND.title, says=_says(data, bars, whole), table=_table(bars), drawing=canvas.done())


def _bars(data: StudyData) -> list[Bar]:
    """Of trials whose end is known, and of the one that runs now."""
    spans: list[tuple[TrialRecord, datetime, datetime]] = []
    for record in data.all_records:
        end = moment_of(record.finished_at)
        if end is not None:
            spans.append((record, *_span(record, end, spans[-1][2] if spans else None)))
    now = data.running
    begun = moment_of(now.started_at) if now is not None else None
    first = min([start for _, start, _ in spans] + ([begun] if begun else []), default=None)
    if first is None:
        return []
    bars = [
        Bar(
            number=record.number,
            model=record.model,
            state=_state(data, record),
            start_s=(start - first).total_seconds(),
            end_s=(end - first).total_seconds(),
            trained_s=record.cost.get("train_s"),
            record=record,
            is_measured=bool(record.started_at),
        )
        for record, start, end in spans
    ]
    if now is not None and begun is not None:
        at = (begun - first).total_seconds()
        bars.append(Bar(number=now.number, model=now.model, state=RUNNING, start_s=at, end_s=at + now.so_far_s))
    return bars


def _span(record: TrialRecord, end: datetime, before: datetime | None) -> tuple[datetime, datetime]:
    """From when to when a trial ran: as recorded, else about, from an end in whole seconds and how long it took.

    Args:
        before: When the trial before it ended; trials of a study run one after another.
    """
    start = moment_of(record.started_at)
    if start is not None:
        return start, max(start, end)
    took = timedelta(seconds=whole_s(record))
    start = end - took if before is None else max(before, end - took)
    return start, max(end, start + took)


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
        links = [canvas.mark(bars[i].number, _tip(bars[i]), is_best=state == "best") for i in own]
        if own:
            axes.add_collection(PolyCollection(boxes, urls=links, linewidths=0, zorder=3, clip_on=False, **looks))
    for i, bar in enumerate(bars if len(bars) <= _LABELLED else ()):
        note(axes, ends[i][1], i, _took(bar), shift=(4, -1), ha="left", color=SOFT, fontsize=11)


def _took(bar: Bar) -> str:
    if not bar.is_known:
        return "not known"
    return f"{'' if bar.is_measured else '~ '}{duration(bar.took_s)}"


def _tip(bar: Bar) -> list[str]:
    if bar.record is None:
        return [f"trial {bar.number}, {bar.model}: running for {duration(bar.took_s)}"]
    ran = f"ran for {'' if bar.is_measured else 'about '}{duration(bar.took_s)}" if bar.is_known else ""
    return tip_of(bar.record, ran)


def _says(data: StudyData, bars: Sequence[Bar], total_s: float) -> str:
    known, about = [bar for bar in bars if bar.is_known], "" if all(bar.is_measured for bar in bars) else "about "
    parts = [f"{count(len(bars), 'trial')} within {about}{duration(total_s)}, with choosing and pauses in between"]
    if known:
        longest = max(known, key=lambda bar: bar.took_s)
        busy = duration(sum(bar.took_s for bar in known))
        each = f", the longest, trial {longest.number}, for {duration(longest.took_s)}" if len(known) > 1 else ""
        parts.append(f"{'they' if len(bars) > 1 else 'it'} ran for {busy} of that{each}")
    if n := len(bars) - len(known):
        parts.append(f"how long {count(n, 'trial')} ran was not recorded")
    if bars[-1].record is None:
        parts.append(f"trial {bars[-1].number} still runs")
    worked = "" if data.worked_s is None else duration(data.worked_s)
    all_ = f" The study worked for {worked} in all, with baselines and choosing, without pauses." if worked else ""
    return f"{'; '.join(parts)}.{all_}"


def _table(bars: Sequence[Bar]) -> Table:
    """To the millisecond where both ends were measured, else to a tenth of a second."""
    rows = [
        (b.number, b.model, b.state, *(round(s, 3 if b.is_measured else 1) for s in (b.start_s, b.end_s)),
         None if b.trained_s is None else round(b.trained_s, 3), "measured" if b.is_measured else "about")
        for b in bars
    ]  # fmt: skip
    return Table.of(("trial", "model", "state", "began after s", "ended after s", "trained s", "times"), rows)


KIND = Kind(
    name="timeline",
    title="Timeline",
    asks="When did each trial run, and what did it cost?",
    options_of=options,
    paint=draw,
)
