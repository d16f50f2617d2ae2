"""Trade-offs: two things that were measured against each other, and the feasible trials that no other beats on both."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from agent.standing import feasible_of, front_of, sign_of, values_of
from memory.record import TrialRecord
from recmodels.errors import ParamError
from recmodels.metrics import cutoff_of, parse_metric
from ui.figures import scales
from ui.figures.canvas import note
from ui.figures.frame import Entry, framed
from ui.figures.kind import Kind, Size
from ui.figures.options import Chosen, Option, choice
from ui.figures.picture import Picture, Table
from ui.figures.study_data import StudyData
from ui.figures.theme import ACCENT, SOFT, WARN
from ui.figures.trial_marks import broken_numbers, draw_trials, kinds_of, legend_of
from ui.words import count, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FRONT: dict[str, Any] = {"color": ACCENT, "linewidth": 1.6}
_BOUND: dict[str, Any] = {"color": WARN, "linewidth": 1.2, "linestyle": (0, (4, 3))}
_RING: dict[str, Any] = {"facecolors": "none", "edgecolors": ACCENT, "linewidths": 1.4, "s": 110}
_NAMED = 8  # trials of the front that are numbered


def options(data: StudyData) -> tuple[Option, ...]:
    """Which two metrics."""
    names = {name: name for name in metrics_of(data)}
    x, y = _usual(data, list(names))
    return choice("x", "Across", names, x), choice("y", "Upwards", names, y)


def metrics_of(data: StudyData) -> list[str]:
    """What complete trials measured on validation, and of cost: the objectives and constraints first."""
    found: dict[str, None] = {}
    for record in data.measured:
        for name in [*record.metrics, *record.cost]:
            found[name.removeprefix("valid_")] = None
    asked = [one.metric for one in data.goal.objectives] + [one.metric for one in data.goal.constraints]
    return list(dict.fromkeys([*asked, *sorted(filter(_is_metric, found))]))


def draw(data: StudyData, chosen: Chosen, size: Size) -> Picture:
    """The complete trials by two metrics; the front is of those that meet the constraints."""
    names = (chosen["x"], chosen["y"])
    places = [(r, values[0], values[1]) for r in data.records if (values := values_of(names, r)) is not None]
    if not places or names[0] == names[1]:
        return Picture.nothing(KIND.title, data.why_empty or _why_empty(names))
    front = front_of(names, feasible_of(data.goal, data.records))
    bounds = [c for c in data.goal.constraints if c.metric in names]
    xs = [x for _, x, _ in places] + [c.bound for c in bounds if c.metric == names[0]]
    ys = [y for _, _, y in places] + [c.bound for c in bounds if c.metric == names[1]]
    x = scales.linear(_with_direction(names[0]), xs, n=max(4, size.width // 90))
    y = scales.linear(_with_direction(names[1]), ys, n=max(4, int(size.height) // 45), pad=0.1)
    drawn = [record for record, _, _ in places]
    entries = legend_of(data, {r.model for r in drawn}, kinds_of(data, drawn))
    if front:
        entries.append(Entry(label="no other trial beats these on both", looks=_FRONT))
    if bounds:
        entries.append(Entry(label=", ".join(map(str, bounds)), looks=_BOUND))
    canvas, axes = framed(size.width, size.height, x, y, entries, has_x_grid=True)
    for bound in bounds:
        (axes.axvline if bound.metric == names[0] else axes.axhline)(bound.bound, zorder=1, **_BOUND)
    _draw_front(axes, names, [values for _, values in front])
    draw_trials(canvas, axes, data, places, _tips(names, places))
    _name_front(axes, front)
    return Picture(title=KIND.title, says=_says(data, names, places, front), table=_table(data, names, places, front),
                   drawing=canvas.done())  # fmt: skip


def _is_metric(name: str) -> bool:
    try:
        return parse_metric(name) == name
    except ParamError:
        return False


def _usual(data: StudyData, names: Sequence[str]) -> tuple[str, str]:
    """The second and the first objective; with one alone what is constrained, coverage, or time."""
    first = data.metric
    cutoff = cutoff_of(first) if first in names else None
    others = [one.metric for one in data.goal.objectives[1:]] + [one.metric for one in data.goal.constraints]
    others += [f"coverage@{cutoff or 10}", "latency_ms", "train_s", *names]
    return next((name for name in others if name in names and name != first), first), first


def _why_empty(names: tuple[str, str]) -> str:
    if names[0] == names[1]:
        return "Both axes show the same metric. Choose two different ones."
    return f"No complete trial measured both {names[0]} and {names[1]}. Choose two others."


def _with_direction(name: str) -> str:
    return f"{name} ({'more' if sign_of(name) == 1 else 'less'} is better)"


def _draw_front(axes: "Axes", names: tuple[str, str], front: Sequence[tuple[float, ...]]) -> None:
    """A staircase along what the front's trials reach together."""
    places = sorted((values[0], values[1]) for values in front)
    where: Literal["pre", "post"] = "post" if sign_of(names[0]) == -1 else "pre"
    if len(places) > 1:
        axes.step([x for x, _ in places], [y for _, y in places], where=where, zorder=2, **_FRONT)
    axes.scatter([x for x, _ in places], [y for _, y in places], zorder=2, clip_on=False, **_RING)


def _name_front(axes: "Axes", front: Sequence[tuple[TrialRecord, tuple[float, ...]]]) -> None:
    taken: list[tuple[float, float]] = []
    for record, (x, y, *_) in front:
        across, up = axes.transData.transform((x, y))
        if len(taken) < _NAMED and all(abs(across - a) > 24 or abs(up - u) > 14 for a, u in taken):
            taken.append((across, up))
            note(axes, x, y, str(record.number), shift=(8, 10), ha="left", color=SOFT)


def _tips(names: tuple[str, str], places: Sequence[tuple[TrialRecord, float, float]]) -> list[str]:
    return [f"{names[0]} {number(x)}, {names[1]} {number(y)}" for _, x, y in places]


def _says(data: StudyData, names: tuple[str, str], places: Sequence[tuple[TrialRecord, float, float]],
          front: Sequence[tuple[TrialRecord, tuple[float, ...]]]) -> str:  # fmt: skip
    n_broken = len(broken_numbers(data) & {record.number for record, _, _ in places})
    what = f"{names[0]} and {names[1]} of {count(len(places), 'complete trial')}"
    if n_broken:
        what = f"{what}, of which {len(places) - n_broken or 'none'} {_meet(data, len(places) - n_broken)}"
    if not front:
        return f"{what}, so there is no front."
    if len(front) == 1:
        ((record, values),) = front
        least = f"trial {record.number} ({number(values[0])}, {number(values[1])})"
        others = "it is the only one" if len(places) - n_broken == 1 else "no other is as good on both"
        return f"{what}: on the front is {least}; {others}."
    ends = front[0], front[-1]
    told = " to ".join(f"trial {r.number} ({number(v[0])}, {number(v[1])})" for r, v in ends)
    return f"{what}: no other beats {len(front)} of them on both, from {told}."


def _meet(data: StudyData, n: int) -> str:
    return f"{'meets' if n < 2 else 'meet'} {' and '.join(map(str, data.goal.constraints))}"


def _table(data: StudyData, names: tuple[str, str], places: Sequence[tuple[TrialRecord, float, float]],
           front: Sequence[tuple[TrialRecord, tuple[float, ...]]]) -> Table:  # fmt: skip
    on_front, breaks = {record.number for record, _ in front}, broken_numbers(data)
    is_bound = bool(data.goal.constraints)
    rows = [(r.number, r.model, x, y, *(("no" if r.number in breaks else "yes",) if is_bound else ()),
             "yes" if r.number in on_front else "") for r, x, y in places]  # fmt: skip
    meets = ("meets the constraints",) if is_bound else ()
    return Table.of(("trial", "model", *names, *meets, "on the front"), rows)


KIND = Kind(
    name="pareto",
    title="Trade-offs",
    asks="What does more of one cost of the other?",
    options_of=options,
    paint=draw,
)
