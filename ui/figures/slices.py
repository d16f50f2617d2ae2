"""Slices: the objective against each param that was varied in one model, the default and the best trial marked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from memory.record import TrialRecord
from recmodels.models import MODELS, whole_space
from ui.figures import scales
from ui.figures.canvas import Canvas, fitted, grid, text_width
from ui.figures.frame import EDGE_PX, Entry, Legend, scaled
from ui.figures.kind import Kind, Size
from ui.figures.options import Chosen, Option, choice, several
from ui.figures.picture import Picture, Table, cell
from ui.figures.study_data import StudyData
from ui.figures.theme import EDGE, SOFT, TEXT
from ui.figures.trial_marks import draw_trials, kinds_of, legend_of
from ui.words import count, number, param

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DEFAULT = {"color": SOFT, "linewidth": 1.2, "linestyle": (0, (4, 3))}
_LEAST = 132  # px of a panel, so that three ticks fit
_MOST = 12  # panels, unless more are asked for
_ABOVE, _BELOW = 24, 30  # px around a panel: its name, its ticks


def options(data: StudyData) -> tuple[Option, ...]:
    """Which model, and which of its params."""
    names = list(dict.fromkeys(name for model in data.models for name in varied(data, model)))
    return (
        choice("model", "Model", {model: model for model in data.models}, data.first_model),
        several("params", "Only these params", {name: name for name in names}),
    )


def draw(data: StudyData, chosen: Chosen, size: Size) -> Picture:
    """One panel a param."""
    model = chosen["model"]
    own = [record for record in data.measured if record.model == model]
    wanted = chosen.several("params")
    names = [name for name in varied(data, model) if name in wanted] or by_importance(data, model)[:_MOST]
    if not own or not names:
        return Picture.nothing(KIND.title, data.why_empty or why_unvaried(model, own))
    entries = [*legend_of(data, (), kinds_of(data, own)), Entry(label="default", looks=_DEFAULT)]
    legend = Legend.of(entries, size.width)
    y = scales.linear(
        scales.axis_name(data.metric), [value for r in own if (value := r.value) is not None], n=4, pad=0.1
    )
    left = EDGE_PX + 4 + max(text_width(label) for _, label in y.ticks)
    n_columns = max(1, min(len(names), 4, int((size.width - left) // _LEAST)))
    panel = (size.width - left - EDGE_PX) / n_columns
    height = min(max(panel * 0.72, 110.0), 190.0) + _ABOVE + _BELOW
    top = legend.height + 20
    canvas = Canvas(size.width, top + height * -(-len(names) // n_columns))
    legend.draw(canvas)
    canvas.text(EDGE_PX, legend.height + 9, fitted(y.label, size.width - 2 * EDGE_PX), colour=TEXT)
    for i, name in enumerate(names):
        x_px, y_px = left + panel * (i % n_columns), top + height * (i // n_columns)
        box = (x_px, y_px + _ABOVE, size.width - x_px - panel + 14, canvas.height - y_px - height + _BELOW)
        canvas.text(x_px, y_px + 11, fitted(name, panel - 12), colour=TEXT, weight="bold")
        axes = canvas.axes(*box)
        _draw_panel(canvas, axes, data, own, name, y, panel - 14)
        if i % n_columns:
            axes.tick_params(labelleft=False)
    return Picture(
        title=KIND.title,
        says=_says(data, model, own, names),
        table=Table.of(
            ("trial", *names, data.metric), [(r.number, *(cell(r.params.get(n)) for n in names), r.value) for r in own]
        ),
        drawing=canvas.done(),
    )


def varied(data: StudyData, model: str) -> list[str]:
    """The params of a model of which its measured trials have several values, in the order declared."""
    own = [record.params for record in data.measured if record.model == model]
    found = dict.fromkeys(name for params in own for name in params)
    names = [name for name in found if len({str(params.get(name)) for params in own}) > 1]
    declared = list(data.spaces.get(model, ()))
    return sorted(names, key=lambda name: declared.index(name) if name in declared else len(declared))


def by_importance(data: StudyData, model: str) -> list[str]:
    """The params that were varied; as many as a figure shows, the important first."""
    names = varied(data, model)
    if len(names) <= _MOST or model not in MODELS:
        return names
    from agent.answers.importances import importance_of  # imports optuna

    shares = importance_of(model, [r for r in data.measured if r.model == model and r.state == "complete"])
    return sorted(names, key=lambda name: (-shares.get(name, 0.0), names.index(name)))


def why_unvaried(model: str, own: Sequence[TrialRecord]) -> str:
    """Why nothing can be said of a model's params yet."""
    if not own:
        return f"No trial of {model} has a value yet."
    return f"The {count(len(own), 'trial')} of {model} ran with the same params; further trials will vary them."


def _draw_panel(
    canvas: Canvas, axes: "Axes", data: StudyData, own: Sequence[TrialRecord], name: str, y: scales.Scale, room: float
) -> None:
    model = own[0].model
    values = [record.params.get(name) for record in own]
    x = scales.of_param(name, values, data.param(model, name), n=4)
    scaled(axes, x.with_room(room), y)
    grid(axes)
    if x.missing is not None:  # apart from the numbers
        axes.axvline(x.numbers_from, color=EDGE, linewidth=0.8, zorder=0)
    default = whole_space(model)[name].default if model in MODELS and name in whole_space(model) else None
    if default is not None and x.holds(default):
        axes.axvline(x.place(default), zorder=1, **_DEFAULT)  # type: ignore[arg-type]
    places = [(record, x.place(value), record.value or 0.0) for record, value in zip(own, values, strict=True)]
    tips = [f"{name} {scales.MISSING if value is None else param(value)}" for value in values]
    draw_trials(canvas, axes, data, places, tips, tips_have_params=False)


def _says(data: StudyData, model: str, own: Sequence[TrialRecord], names: Sequence[str]) -> str:
    n = len(varied(data, model))
    which = count(len(names), "param") if len(names) == n else f"{len(names)} of {n} params"
    first = f"{data.metric} of {count(len(own), 'trial')} of {model} by {which}"
    best = data.best
    if best is None or best.model != model:
        return f"{first}."
    return f"{first}; the best, trial {best.number} with {number(best.value)}, has {values_of(best, names)}."


def values_of(record: TrialRecord, names: Sequence[str]) -> str:
    """`l2 500, dropout 0.1`: what a trial has of these params, all that are set."""
    return ", ".join(f"{name} {param(record.params[name])}" for name in names if name in record.params)


KIND = Kind(
    name="slice",
    title="Slices",
    asks="Which values of each param did well?",
    options_of=options,
    paint=draw,
)
