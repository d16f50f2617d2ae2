"""Distribution: the share of feasible trials that are at most as good as each value, of one study or several."""

from collections.abc import Sequence
from typing import Any

from agent.standing import feasible_of
from ui.figures import scales
from ui.figures.canvas import note
from ui.figures.frame import Entry, framed
from ui.figures.kind import Kind, Size
from ui.figures.options import Chosen, Option, several
from ui.figures.picture import Picture, Table
from ui.figures.study_data import StudyData
from ui.figures.theme import ACCENT, DASHES, SERIES, SOFT, plain
from ui.figures.trial_marks import broken_numbers, tip_of
from ui.words import count, number


def options(data: StudyData) -> tuple[Option, ...]:
    """Which studies are compared with this one."""
    return (several("studies", "Compare with", {other.name: plain(other.name) for other in data.others}),)


def draw(data: StudyData, chosen: Chosen, size: Size) -> Picture:
    """A step a trial."""
    studies = [data, *(other for other in data.others if other.name in chosen.several("studies"))]
    found = [(study, _values(study)) for study in studies]
    known = [(study, values) for study, values in found if values]
    if not known:
        return Picture.nothing(KIND.title, data.why_empty or _why_empty(data))
    every = [value for _, values in known for value in values]
    lines = {one.model: one.value for one in data.baselines if one.value is not None}
    x = scales.linear(scales.axis_name(data.metric), [*every, *lines.values()], n=max(3, size.width // 90))
    y = scales.between("share of complete trials with at most this value", -0.05, 1.05, n=5)
    looks = [_looks(i) for i in range(len(known))]
    entries = [Entry(label=study.name, looks=look) for (study, _), look in zip(known, looks, strict=True)]
    canvas, axes = framed(size.width, size.height, x, y, entries if len(known) > 1 else ())
    for model, value in lines.items():
        axes.axvline(value, color=SOFT, linewidth=1.2, linestyle=(0, (1.5, 2.5)), zorder=1)
        is_right = x.share(value) > 0.6
        note(axes, value, 1.0, model, shift=(-3 if is_right else 3, 0), ha="right" if is_right else "left", color=SOFT)
    for (_, values), look in zip(known, looks, strict=True):
        shares = [(i + 1) / len(values) for i in range(len(values))]
        axes.step([x.low, *values, x.high], [0.0, *shares, 1.0], where="post", zorder=3, **look)
    if data.best is not None and data.best.value is not None:
        link = canvas.mark(data.best.number, tip_of(data.best), is_best=True)
        sign = data.goal.primary.sign
        at = sum(value <= data.best.value for value in known[0][1]) / len(known[0][1]) if sign == 1 else 0.0
        axes.scatter([data.best.value], [at], marker="*", s=230, color=ACCENT, zorder=5, clip_on=False, urls=[link])
    return Picture(title=KIND.title, says=_says(data, known), table=_table(data, known), drawing=canvas.done())


def _looks(place: int) -> dict[str, Any]:
    return {"color": SERIES[place % len(SERIES)], "linewidth": 2, "linestyle": DASHES[place % len(DASHES)]}


def _values(study: StudyData) -> list[float]:
    """Of the complete trials that meet the constraints, the smallest first."""
    return sorted(r.value for r in feasible_of(study.goal, study.records) if r.value is not None)


def _why_empty(data: StudyData) -> str:
    if data.goal.constraints:
        return f"No complete trial meets {' and '.join(map(str, data.goal.constraints))}, so none is counted."
    return "No trial is complete yet; pruned ones are not counted."


def _says(data: StudyData, known: Sequence[tuple[StudyData, list[float]]]) -> str:
    said = "; ".join(_says_of(study, values, data.metric) for study, values in known)
    return f"{said[0].upper()}{said[1:]}."


def _says_of(study: StudyData, values: Sequence[float], metric: str) -> str:
    middle, bounds = number(values[(len(values) - 1) // 2]), " and ".join(map(str, study.goal.constraints))
    which = f"{count(len(values), 'complete trial')} of {plain(study.name)}{f' that meet {bounds}' if bounds else ''}"
    said = f"half of the {which} have {metric} {middle} or less"
    if len(values) == 1:
        only = f" that meets {bounds}" if bounds else ""
        said = f"the one complete trial of {plain(study.name)}{only} has {metric} {middle}"
    n_pruned = sum(record.state == "pruned" for record in study.records)
    left = (
        [f"{len(breaks)} that {'break' if len(breaks) > 1 else 'breaks'} it"]
        if (breaks := broken_numbers(study))
        else []
    )
    left += [f"{n_pruned} pruned"] if n_pruned else []
    return f"{said} ({' and '.join(left)} not counted)" if left else said


def _table(data: StudyData, known: Sequence[tuple[StudyData, list[float]]]) -> Table:
    rows = [
        (plain(study.name), value, (i + 1) / len(values)) for study, values in known for i, value in enumerate(values)
    ]
    return Table.of(("study", data.metric, "share of complete trials"), rows)


KIND = Kind(
    name="edf",
    title="Distribution",
    asks="How good are most trials, and is one study better than another throughout?",
    options_of=options,
    paint=draw,
    compares=True,
)
