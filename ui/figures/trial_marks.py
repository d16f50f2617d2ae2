"""How trials look in every figure: coloured by model, marked by state, the best as a star, each with a tip."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from agent.standing import feasible_of
from memory.record import TrialRecord
from recmodels.models import MODELS, whole_space
from ui.figures.canvas import Canvas, points
from ui.figures.frame import Entry
from ui.figures.study_data import StudyData
from ui.figures.theme import ACCENT, MARKERS, SERIES, SOFT, SURFACE, in_order
from ui.words import number, state_line, values_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STAR: dict[str, Any] = {"s": 230, "color": ACCENT, "edgecolors": SURFACE, "linewidths": 1.2, "zorder": 5}
_FEW = 120  # trials; markers of more are smaller
_TOLD = 6  # params in a tip
_FAINT = 0.45  # a trial that breaks a constraint, which is grey whatever its model
Spot = tuple[TrialRecord, float, float]
"""A trial and where it stands."""


def tip_of(record: TrialRecord, *more: str, has_params: bool = True) -> list[str]:
    """The lines of a tip: `trial 3, bpr_mf: ndcg@10 0.1234`, and below it `learning_rate 0.01`."""
    came = f"{record.objective} {number(record.value)}" if record.state == "complete" else state_line(record)
    if record.state == "pruned" and record.value is not None:
        came = f"{came}, {record.objective} {number(record.value)}"
    first = f"trial {record.number}, {record.model}: {came}"
    return [first, *filter(None, more), *([_params(record)] if has_params else [])]


def _params(record: TrialRecord) -> str:
    """What differs from the model's defaults, a few of them."""
    changed = whole_space(record.model).changed(record.params) if record.model in MODELS else dict(record.params)
    first = values_line(dict(list(changed.items())[:_TOLD]))
    return f"{first}, …" if len(changed) > _TOLD else first or "defaults"


def draw_trials(
    canvas: Canvas,
    axes: "Axes",
    data: StudyData,
    spots: Iterable[Spot],
    more: Sequence[str] = (),
    *,
    tips_have_params: bool = True,
) -> None:
    """The trials at their places, coloured by model, the best as a star; `legend_of` says what they mean.

    Args:
        more: What the tip of each says besides.
    """
    found = list(spots)
    tips = dict(zip((record.number for record, _, _ in found), more, strict=False))
    breaks = broken_numbers(data)
    crowded = min(1.0, max(0.45, _FEW / max(1, len(found))))
    groups: dict[tuple[str, str], list[Spot]] = {}
    for spot in found:
        groups.setdefault((spot[0].model, _kind(spot[0], data, breaks)), []).append(spot)
    for (model, kind), own in groups.items():
        links = [
            canvas.mark(
                record.number,
                tip_of(record, tips.get(record.number, ""), has_params=tips_have_params),
                is_best=kind == "best",
            )
            for record, _, _ in own
        ]
        xs, ys = [x for _, x, _ in own], [y for _, _, y in own]
        if kind == "best":
            points(axes, xs, ys, links, "*", **STAR)
        else:
            looks = _looks(_colours(data)[model], kind)
            points(axes, xs, ys, links, _markers(data)[model], **(looks | {"s": looks["s"] * crowded}))


def legend_of(data: StudyData, models: Iterable[str], kinds: Iterable[str]) -> list[Entry]:
    """What the markers of `draw_trials` mean; one model alone needs no entry of its own."""
    there, kinds = [model for model in data.models if model in set(models)], set(kinds)
    found = []
    if "best" in kinds:
        found.append(Entry(label="best", marker="*", looks={"color": ACCENT, "ms": 11, "mec": SURFACE, "mew": 0.8}))
    if len(data.models) > 1:
        looks = {model: {"color": _colours(data)[model], "ms": 7, "mec": SURFACE, "mew": 0.6} for model in there}
        found += [Entry(label=model, marker=_markers(data)[model], looks=looks[model]) for model in there]
    elif "complete" in kinds:
        found.append(Entry(label="complete", marker=MARKERS[0], looks={"color": SERIES[0], "ms": 7, "mew": 0}))
    if "pruned" in kinds:
        edge = SERIES[0] if len(data.models) == 1 else SOFT  # where models differ by colour, hollow alone says it
        found.append(Entry(label="pruned", marker="o", looks={"mfc": "none", "mec": edge, "ms": 6, "mew": 1.4}))
    if "broken" in kinds:
        found.append(Entry(label="breaks a constraint", marker="o", looks={"color": SOFT, "alpha": _FAINT, "ms": 7}))
    return found


def kinds_of(data: StudyData, records: Iterable[TrialRecord]) -> set[str]:
    """`best`, `pruned`, `broken`, `complete`: which there are, for the legend."""
    breaks = broken_numbers(data)
    return {_kind(record, data, breaks) for record in records}


def broken_numbers(data: StudyData) -> set[int]:
    """Of the complete trials that break a constraint."""
    meets = {record.number for record in feasible_of(data.goal, data.records)}
    return {r.number for r in data.measured if r.state == "complete" and r.number not in meets}


def _kind(record: TrialRecord, data: StudyData, breaks: set[int]) -> str:
    if data.best is not None and record.number == data.best.number:
        return "best"
    if record.state == "pruned":
        return "pruned"
    return "broken" if record.number in breaks else "complete"


def _looks(colour: str, kind: str) -> dict[str, Any]:
    if kind == "pruned":
        return {"facecolors": "none", "edgecolors": colour, "linewidths": 1.4, "s": 34}
    return {"color": SOFT, "alpha": _FAINT, "s": 46} if kind == "broken" else {"color": colour, "s": 46}


def _colours(data: StudyData) -> dict[str, str]:
    return in_order(data.models, SERIES)


def _markers(data: StudyData) -> dict[str, str]:
    return in_order(data.models, MARKERS)


def colour_of(data: StudyData, model: str) -> str:
    """The same in every figure of a study."""
    return _colours(data)[model]
