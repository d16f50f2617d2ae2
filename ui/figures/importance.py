"""Importance: how much each param of each model moved the objective, with how far that can be trusted."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from agent.answers.importance_words import MIN_TRIALS, first_words, share_words, too_few_words
from memory.record import TrialRecord
from recmodels.models import MODELS
from ui.figures import scales
from ui.figures.canvas import Canvas, fitted, note, text_width
from ui.figures.frame import EDGE_PX, scaled
from ui.figures.kind import Kind, Size
from ui.figures.options import Chosen, Option, choice
from ui.figures.picture import Picture, Table
from ui.figures.slices import why_unvaried
from ui.figures.study_data import StudyData
from ui.figures.theme import EDGE, SERIES, SOFT, TEXT
from ui.words import count

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW = 27.0  # px of a bar with its room
_MOST = 12  # bars of one model
Bars = list[tuple[str, float, tuple[float, float]]]
"""Params with their share and from where to where it goes, the largest first."""


def options(data: StudyData) -> tuple[Option, ...]:
    """Which model."""
    return (choice("model", "Model", {model: model for model in data.models}, data.first_model),)


def draw(data: StudyData, chosen: Chosen, size: Size) -> Picture:
    """A bar a param, with its interval."""
    model = chosen["model"]
    own = _complete(data, model)
    bars = _bars(model, own)
    if not bars:
        return Picture.nothing(KIND.title, data.why_empty or _why_empty(model, own))
    shown = bars[:_MOST]
    room = size.width * (0.42 if size.is_narrow else 0.3)
    names = [fitted(name, room) for name, _, _ in shown]
    left = EDGE_PX + 6 + max(map(text_width, names))
    height = _ROW * len(shown)
    canvas = Canvas(size.width, height + 52)
    axes = canvas.axes(left, 8, 52, 44)
    x = scales.between("share of what the params explain", 0.0, max(1.0, *(high for _, _, (_, high) in shown)), n=4)
    ticks = tuple((float(i), name) for i, name in enumerate(names))
    scaled(axes, x, scales.Scale(label="", low=len(shown) - 0.5, high=-0.5, ticks=ticks))
    axes.grid(axis="x", color=EDGE, linewidth=0.8, zorder=0)
    axes.tick_params(axis="y", labelcolor=TEXT)
    fitting = replace(x, ticks=tuple((place, f"{round(100 * place)} %") for place, _ in x.ticks))
    fitting = fitting.with_room(size.width - left - 52)
    axes.set_xticks([place for place, _ in fitting.ticks], [label for _, label in fitting.ticks])
    canvas.text(
        left, canvas.height - 10, fitted(f"share of {data.metric}'s variation", size.width - left - 8), colour=TEXT
    )
    _draw_bars(axes, shown)
    return Picture(title=KIND.title, says=_says(data, model, own, bars), table=_table(bars), drawing=canvas.done())


def _complete(data: StudyData, model: str) -> list[TrialRecord]:
    return [record for record in data.measured if record.model == model and record.state == "complete"]


def _bars(model: str, own: Sequence[TrialRecord]) -> Bars:
    from agent.answers.importances import importance_intervals, importance_of  # import optuna

    shares = importance_of(model, own) if own and model in MODELS else {}
    ends = importance_intervals(model, own) if shares else {}
    return [(name, share, ends.get(name, (share, share))) for name, share in shares.items()]


def _draw_bars(axes: "Axes", shown: Bars) -> None:
    """The interval ends beyond or before the end of its bar, and its number stands behind both."""
    for i, (_, share, (low, high)) in enumerate(shown):
        axes.barh([i], [share], height=0.62, color=SERIES[0], linewidth=0, zorder=2)
        axes.plot([low, high], [i, i], color=TEXT, linewidth=1.2, zorder=3, solid_capstyle="butt")
        for end in (low, high):
            axes.plot([end, end], [i - 0.15, i + 0.15], color=TEXT, linewidth=1.2, zorder=3, clip_on=False)
        note(axes, max(share, high), i, share_words(share), shift=(6, 0), ha="left", color=SOFT)


def _why_empty(model: str, own: Sequence[TrialRecord]) -> str:
    from agent.answers.importances import needed

    if model and model not in MODELS:
        return f"{model} is not a model of this version, so it is not known what its params may be."
    if len(own) < (n_needed := needed(model, own) if model else MIN_TRIALS):
        said = too_few_words({model or "the study": (len(own), n_needed)})
        return f"{said[0].upper()}{said[1:]}."
    return why_unvaried(model, own)


def _says(data: StudyData, model: str, own: Sequence[TrialRecord], bars: Bars) -> str:
    from agent.answers.importances import CONFIDENCE, METHOD, N_DRAWS

    shares, intervals = {name: share for name, share, _ in bars}, {name: ends for name, _, ends in bars}
    first = first_words(model, data.metric, shares, intervals)
    return (
        f"{first[0].upper()}{first[1:]}, by {METHOD} over {count(len(own), 'complete trial')}; the intervals hold "
        f"{100 * CONFIDENCE:.0f} % of {N_DRAWS} draws of as many of these trials, with replacement."
        f"{' The other objectives are not looked at.' if len(data.goal.objectives) > 1 else ''}"
    )


def _table(bars: Bars) -> Table:
    return Table.of(("param", "share", "from", "to"), [(name, share, low, high) for name, share, (low, high) in bars])


KIND = Kind(
    name="importance",
    title="Importance",
    asks="Which params decide, and how sure is that?",
    options_of=options,
    paint=draw,
    prepare=lambda data, chosen: _bars(chosen["model"], _complete(data, chosen["model"])),
)
