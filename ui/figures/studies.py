"""Studies compared: the best value so far of several studies, trial by trial."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ui.figures import scales
from ui.figures.canvas import fitted, note, text_width
from ui.figures.frame import Entry, framed
from ui.figures.kind import Kind, Size
from ui.figures.labels import spread
from ui.figures.options import Chosen, Option, several
from ui.figures.picture import Picture, Table
from ui.figures.study_data import StudyData
from ui.figures.theme import DASHES, MARKERS, SERIES, SURFACE, plain
from ui.words import count, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_APART, _LEADER = 15.0, 20  # px between two labels, and from the end of a line to its label
Line = tuple[StudyData, list[int], list[float]]
"""A study, the numbers of its trials from the first feasible one, and the best value until then."""


def options(data: StudyData) -> tuple[Option, ...]:
    """Which studies; all, unless some are chosen."""
    return (several("studies", "Only these", {other.name: plain(other.name) for other in data.others}),)


def draw(data: StudyData, chosen: Chosen, size: Size) -> Picture:
    """One line a study."""
    wanted = chosen.several("studies")
    studies = [data, *(other for other in data.others if not wanted or other.name in wanted)]
    lines = [line for study in studies if (line := _line(study))]
    if len(lines) < 2:
        return Picture.nothing(KIND.title, _why_empty(data))
    every = [value for _, _, values in lines for value in values]
    ends = [at for _, ats, _ in lines for at in ats]
    names = [fitted(f"{study.name} {number(values[-1])}", size.width / 3) for study, _, values in lines]
    beside = 0.0 if size.is_narrow else max(map(text_width, names)) + _LEADER + 6
    x = scales.between("trial", -0.4, max(*ends, 1) + 0.4, n=max(3, size.width // 80), is_whole=True)
    height = size.height if size.is_narrow else max(size.height, _APART * len(lines))
    y = scales.linear(f"best so far, {scales.axis_name(data.metric)}", every, n=max(4, int(height) // 45))
    entries = [Entry(label=study.name, looks=_looks(i) | _mark(i)) for i, (study, _, _) in enumerate(lines)]
    canvas, axes = framed(size.width, height, x, y, entries if size.is_narrow else (), beside=beside)
    for i, (_, ats, values) in enumerate(lines):
        axes.step([*ats, x.high], [*values, values[-1]], where="post", zorder=3, **_looks(i))
        axes.plot(ats[-1:], values[-1:], linestyle="none", zorder=4, clip_on=False, **_mark(i))
    if not size.is_narrow:
        _name_lines(axes, [values[-1] for _, _, values in lines], names, x, y, height)
    return Picture(title=KIND.title, says=_says(data, lines), table=_table(data, lines), drawing=canvas.done())


def _name_lines(
    axes: "Axes", values: Sequence[float], names: Sequence[str], x: scales.Scale, y: scales.Scale, height: float
) -> None:
    """The name of each study at the right, in the colour of its line and tied to its end."""
    px = [(value - y.low) / (y.high - y.low) * height for value in values]
    for i, (at, place) in enumerate(zip(px, spread(px, _APART, 6.0, height - 6.0), strict=True)):
        colour = _looks(i)["color"]
        leader = {"arrowstyle": "-", "color": colour, "linewidth": 1, "shrinkA": 2, "shrinkB": 0, "relpos": (0, 0.5)}
        note(axes, x.high, values[i], names[i], shift=(_LEADER, place - at), ha="left", color=colour, bbox=None,
             arrowprops=leader)  # fmt: skip


def _line(study: StudyData) -> Line | None:
    pairs = [(r.number, best.value) for r, best in zip(study.records, study.leaders, strict=True) if best is not None]
    known = [(at, value) for at, value in pairs if value is not None]
    return (study, [at for at, _ in known], [value for _, value in known]) if known else None


def _looks(place: int) -> dict[str, Any]:
    """Of a line; where the colours begin again, the dashes differ."""
    dash = DASHES[place // len(SERIES) % len(DASHES)]
    return {"color": SERIES[place % len(SERIES)], "linewidth": 2, "linestyle": dash}


def _mark(place: int) -> dict[str, Any]:
    marker = MARKERS[(place + place // len(SERIES)) % len(MARKERS)]
    return {"color": SERIES[place % len(SERIES)], "marker": marker, "ms": 7, "mec": SURFACE, "mew": 0.6}


def _why_empty(data: StudyData) -> str:
    if not data.others:
        return f"There is no other study of {plain(data.dataset)} with the objective {data.metric} to compare with."
    return data.why_empty or "No trial of the chosen studies has a value yet."


def _says(data: StudyData, lines: Sequence[Line]) -> str:
    ranked = sorted(lines, key=lambda line: -data.goal.primary.sign * line[2][-1])
    parts = [
        f"{plain(study.name)} {number(values[-1])} in {count(len(study.records), 'trial')}"
        for study, _, values in ranked
    ]
    return f"Best {data.metric} of {len(lines)} studies: {', '.join(parts)}."


def _table(data: StudyData, lines: Sequence[Line]) -> Table:
    rows = [(plain(s.name), at, value) for s, ats, values in lines for at, value in zip(ats, values, strict=True)]
    return Table.of(("study", "trial", f"best {data.metric} so far"), rows)


KIND = Kind(
    name="studies",
    title="Studies",
    asks="Which study got further, and how soon?",
    options_of=options,
    paint=draw,
    compares=True,
)
