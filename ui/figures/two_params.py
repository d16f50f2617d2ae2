"""Two params at once: what the surrogate expects between the trials (contour), and the trials by their rank (rank)."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from agent.standing import ranks_of
from memory.record import ParamValue, TrialRecord
from recmodels.search_space import Choice, Int, SearchSpace
from ui.figures import scales
from ui.figures.canvas import Canvas, note, points
from ui.figures.frame import Entry, framed
from ui.figures.kind import Kind, Size
from ui.figures.options import Chosen, Option, choice, switch
from ui.figures.picture import Picture, Table, cell
from ui.figures.slices import varied, why_unvaried
from ui.figures.study_data import StudyData
from ui.figures.theme import EDGE, SERIES, SOFT, SURFACE
from ui.figures.trial_marks import draw_trials, kinds_of, legend_of, tip_of
from ui.words import count, number, param

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from agent.advisor.surrogate import Surrogate

_N_GRID, _N_LEVELS = 48, 8
_DEEPEST = 0.72  # opacity of the best level
Array = NDArray[np.float64]


def options_of_both(data: StudyData) -> tuple[Option, ...]:
    """Which model, and which two of its params; a param that the model does not vary is replaced."""
    names = list(dict.fromkeys(name for model in data.models for name in varied(data, model)))
    usual = _usual(data, data.first_model)
    return (
        choice("model", "Model", {model: model for model in data.models}, data.first_model),
        choice("x", "Across", {name: name for name in names}, usual[0] if usual else ""),
        choice("y", "Upwards", {name: name for name in names}, usual[1] if len(usual) > 1 else ""),
    )


def contour_options(data: StudyData) -> tuple[Option, ...]:
    """Those of both, and whether to see how unsure the surrogate is."""
    return (
        *options_of_both(data),
        switch("uncertainty", "Uncertainty", "how unsure the surrogate is, not what it expects"),
    )


def draw_contour(data: StudyData, chosen: Chosen, size: Size) -> Picture:
    """What the surrogate expects of each pair of values, the other params as in the best trial."""
    own, names, why = _asked(data, chosen)
    if why:
        return Picture.nothing(CONTOUR.title, why)
    model = chosen["model"]
    surrogate, space = data.surrogate(model), data.spaces.get(model)
    if surrogate is None or space is None:
        least = "The surrogate needs four trials of a model with different params"
        return Picture.nothing(CONTOUR.title, f"{least}; {model} has {count(len(own), 'trial')}.")
    x, y = (_scale(data, own, name, size.width // 110) for name in names)
    is_doubt = chosen.is_on("uncertainty")
    held = data.best.params if data.best is not None and data.best.model == model else own[0].params
    xs, ys = _places(x), _places(y)
    found = _expected(surrogate, space, dict(held), names, xs, ys, is_doubt)
    entries = legend_of(data, (), kinds_of(data, own))
    low, high = float(found.min()), float(found.max())
    entries += _scale_entries(low, high, data.goal.primary.sign, is_doubt, data.metric)
    told = [[value if value is None else _legal(space, name, value) for value in places]
            for name, places in zip(names, (xs, ys), strict=True)]  # fmt: skip
    canvas, axes = framed(size.width, max(size.height, size.width * 0.5), x, y, entries)
    _fill(axes, x, y, xs, ys, found, 1 if is_doubt else data.goal.primary.sign)
    _draw_points(canvas, axes, data, own, names, (x, y))
    return Picture(title=CONTOUR.title, says=_says_contour(data, names, told[0], told[1], found, is_doubt),
                   table=_table(data, own, names), drawing=canvas.done())  # fmt: skip


def draw_rank(data: StudyData, chosen: Chosen, size: Size) -> Picture:
    """The trials by two params, the better the darker."""
    own, names, why = _asked(data, chosen)
    if why:
        return Picture.nothing(RANK.title, why)
    x, y = (_scale(data, own, name, size.width // 110) for name in names)
    ranks = ranks_of(data.goal, data.records)
    ranked = sorted((r for r in own if r.number in ranks), key=lambda r: -ranks[r.number])
    looks: dict[str, Any] = {"color": SERIES[0], "mec": SURFACE, "mew": 0.6}
    entries = legend_of(data, (), kinds_of(data, own) - {"complete"})
    entries += [Entry(label="better", marker="o", looks=looks | {"ms": 10}),
                Entry(label="worse", marker="o", looks=looks | {"ms": 6, "alpha": 0.35})]  # fmt: skip
    canvas, axes = framed(size.width, max(size.height, size.width * 0.5), x, y, entries, has_x_grid=True)
    spots = [(r, x.place(r.params.get(names[0])), y.place(r.params.get(names[1]))) for r in own]
    place_of = {record.number: (at_x, at_y) for record, at_x, at_y in spots}
    best = data.best.number if data.best is not None else None
    usual = [record for record in ranked if record.number != best]
    links = [canvas.mark(record.number, tip_of(record, f"rank {ranks[record.number]}")) for record in usual]
    shares = [(i + 1) / len(ranked) for i in range(len(usual))]
    colours, sizes = [_rgba(0.3 + 0.65 * share**1.5) for share in shares], [30 + 90 * share for share in shares]
    places = [place_of[record.number] for record in usual]
    points(axes, [x for x, _ in places], [y for _, y in places], links, c=colours, s=sizes)
    draw_trials(canvas, axes, data, [spot for spot in spots if spot[0].number not in ranks or spot[0].number == best])
    for record in ranked[-4:]:
        at_x, at_y = place_of[record.number]
        note(axes, at_x, at_y, str(ranks[record.number]), shift=(9, 9), ha="left", color=SOFT)
    table = Table.of(
        ("trial", *names, data.metric, "rank"),
        [(r.number, *(cell(r.params.get(name)) for name in names), r.value, ranks.get(r.number)) for r in own],
    )
    return Picture(title=RANK.title, says=_says_rank(data, own, names, ranked), table=table, drawing=canvas.done())


# -- what is drawn ------------------------------------------------------------------------------------------


def _asked(data: StudyData, chosen: Chosen) -> tuple[list[TrialRecord], tuple[str, str], str]:
    """The model's measured trials and the two params; or why there is nothing to draw."""
    model = chosen["model"]
    own, there = [r for r in data.measured if r.model == model], varied(data, model)
    if not own or not there:
        return own, ("", ""), data.why_empty or why_unvaried(model, own)
    if len(there) < 2:
        return own, ("", ""), f"{model} varied {there[0]} alone so far; two params are needed. See params one by one."
    if chosen["x"] == chosen["y"] and chosen["x"] in there:
        return own, ("", ""), "Both axes show the same param. Choose two different ones."
    usual = iter(_usual(data, model))
    x = chosen["x"] if chosen["x"] in there else next(name for name in usual if name != chosen["y"])
    y = chosen["y"] if chosen["y"] in there else next(name for name in usual if name != x)
    return own, (x, y), ""


def _usual(data: StudyData, model: str) -> list[str]:
    """The params that were varied, numbers with many values first."""
    own = [record.params for record in data.measured if record.model == model]

    def n_values(name: str) -> int:
        return len({str(params.get(name)) for params in own if isinstance(params.get(name), float | int)})

    names = varied(data, model)
    return sorted(names, key=lambda name: (-n_values(name), names.index(name)))


def _scale(data: StudyData, own: Sequence[TrialRecord], name: str, n: int) -> scales.Scale:
    declared = data.param(own[0].model, name)
    return scales.of_param(name, [record.params.get(name) for record in own], declared, n=max(3, n))


def _places(scale: scales.Scale) -> list[ParamValue | None]:
    """The values of an axis that the surrogate is asked about."""
    if scale.categories:
        return list(scale.categories)
    spaced = np.geomspace if scale.is_log else np.linspace
    return [float(value) for value in spaced(scale.numbers_from, scale.high, _N_GRID)]


def _expected(
    surrogate: "Surrogate", space: SearchSpace, held: dict[str, ParamValue], names: tuple[str, str],
    xs: Sequence[ParamValue | None], ys: Sequence[ParamValue | None], is_doubt: bool,
) -> Array:  # fmt: skip
    """What a new trial is expected to measure at each place, or the standard deviation of it; (ys, xs)."""
    many = []
    for y in ys:
        for x in xs:
            params = dict(held)
            for name, value in zip(names, (x, y), strict=True):
                if value is None:
                    params.pop(name, None)
                else:
                    params[name] = _legal(space, name, value)
            many.append(params)
    mean, spread = surrogate.beliefs[0].of_a_run(surrogate.encoding.points(many))
    found = spread if is_doubt else surrogate.sign * mean
    return np.asarray(found, dtype=np.float64).reshape(len(ys), len(xs))


def _legal(space: SearchSpace, name: str, value: ParamValue) -> ParamValue:
    """Within what is declared; the room at the ends of an axis goes beyond it."""
    declared = space.get(name)
    if declared is None or isinstance(declared, Choice) or not isinstance(value, float | int):
        return value
    within = min(max(float(value), float(declared.low)), float(declared.high))
    return round(within) if isinstance(declared, Int) else within


def _fill(
    axes: "Axes", x: scales.Scale, y: scales.Scale, xs: Sequence[Any], ys: Sequence[Any], found: Array, sign: int
) -> None:
    """The better the deeper, in steps; categories as stripes."""
    low, high = float(found.min()), float(found.max())
    levels = np.linspace(low, high if high > low else low + 1.0, _N_LEVELS + 1)
    alphas = [_DEEPEST * (i + 0.5) / _N_LEVELS for i in range(_N_LEVELS)][::sign]
    colours = [_rgba(alpha) for alpha in alphas]
    if not x.categories and not y.categories:
        axes.contourf(xs, ys, found, levels=levels, colors=colours, zorder=0.5, antialiased=False)
        return
    steps = np.clip(np.digitize(found, levels) - 1, 0, _N_LEVELS - 1)
    is_across = bool(x.categories)  # then what is alike lies above each other
    for j in range(steps.shape[1] if is_across else steps.shape[0]):
        line = steps[:, j] if is_across else steps[j]
        starts = [0, *(np.flatnonzero(np.diff(line)) + 1).tolist(), len(line)]
        along, beside = (y, _edges(x, xs, j, j)) if is_across else (x, _edges(y, ys, j, j))
        for first, after in pairwise(starts):
            (low, high), (left, right) = _edges(along, ys if is_across else xs, first, after - 1), beside
            box = [[left, right, right, left], [low, low, high, high]]
            axes.fill(*(box if is_across else box[::-1]), color=colours[line[first]], linewidth=0, zorder=0.5)


def _edges(scale: scales.Scale, places: Sequence[Any], first: int, last: int) -> tuple[float, float]:
    """From where to where the places `first` to `last` of an axis reach."""
    if scale.categories:
        return first - 0.46, last + 0.46
    at, n = [float(place) for place in places], len(places)
    ends = [(at[max(0, first - 1)], at[first]), (at[last], at[min(n - 1, last + 1)])]
    low, high = ((a * b) ** 0.5 if scale.is_log else (a + b) / 2 for a, b in ends)
    return low, high


def _rgba(alpha: float) -> tuple[float, float, float, float]:
    red, green, blue = (int(SERIES[0][i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue, alpha


def _draw_points(canvas: Canvas, axes: "Axes", data: StudyData, own: Sequence[TrialRecord], names: tuple[str, str],
                 axes_: tuple[scales.Scale, scales.Scale]) -> None:  # fmt: skip
    places = [tuple(scale.place(r.params.get(name)) for scale, name in zip(axes_, names, strict=True)) for r in own]
    draw_trials(canvas, axes, data, [(record, at[0], at[1]) for record, at in zip(own, places, strict=True)])


def _scale_entries(low: float, high: float, sign: int, is_doubt: bool, metric: str) -> list[Entry]:
    """What the lightest and the deepest colour stand for."""
    what = f"± of {metric}" if is_doubt else f"expected {metric}"
    ends = (low, high) if is_doubt or sign == 1 else (high, low)
    looks: list[dict[str, Any]] = [
        {"color": SERIES[0], "alpha": _DEEPEST * a, "ms": 10, "mew": 0.8, "mec": EDGE} for a in (0.08, 0.95)
    ]
    return [Entry(label=f"{what} {number(ends[0])}", marker="s", looks=looks[0]),
            Entry(label=number(ends[1]), marker="s", looks=looks[1])]  # fmt: skip


def _says_contour(
    data: StudyData, names: tuple[str, str], xs: Sequence[Any], ys: Sequence[Any], found: Array, is_doubt: bool
) -> str:
    sign = 1 if is_doubt else data.goal.primary.sign
    i, j = divmod(int(np.argmax(sign * found)), found.shape[1])
    at = f"{names[0]} {_said(xs[j])} and {names[1]} {_said(ys[i])}"
    value, over = number(float(found[i, j])), f"{data.metric} by {names[0]} and {names[1]}"
    if is_doubt:
        return f"How unsure the surrogate is of {over}: most, ± {value}, at {at}."
    return f"What the surrogate expects of {over}: the best, {value}, at {at}."


def _says_rank(
    data: StudyData, own: Sequence[TrialRecord], names: tuple[str, str], ranked: Sequence[TrialRecord]
) -> str:
    first = f"Ranks of {count(len(own), 'trial')} by {names[0]} and {names[1]}"
    if not ranked:
        return f"{first}; none meets the constraints."
    best = ranked[-1]
    at = " and ".join(f"{name} {_said(best.params.get(name))}" for name in names)
    return f"{first}: the best of them, trial {best.number}, has {at}."


def _said(value: object) -> str:
    return scales.MISSING if value is None else param(float(f"{value:.3g}") if isinstance(value, float) else value)


def _table(data: StudyData, own: Sequence[TrialRecord], names: tuple[str, str]) -> Table:
    rows = [(r.number, *(cell(r.params.get(name)) for name in names), r.value) for r in own]
    return Table.of(("trial", *names, data.metric), rows)


CONTOUR = Kind(
    name="contour",
    title="Contour",
    asks="Where between the trials is it expected to be good, and where is that unsure?",
    options_of=contour_options,
    paint=draw_contour,
    prepare=lambda data, chosen: data.surrogate(chosen["model"]) if data.measured else None,
)
RANK = Kind(
    name="rank",
    title="Rank",
    asks="Where do the best trials lie?",
    options_of=options_of_both,
    paint=draw_rank,
)
