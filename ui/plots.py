"""Plotly figures of a study; transparent and mid-grey, so that they read on light and on dark."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from agent.baseline import Baseline
from agent.objective import Goal
from agent.standing import front_of, so_far, values_of
from memory.record import TrialRecord
from ui.markup import html
from ui.words import number, params_line

ACCENT = "#e8590c"
MODEL_COLOURS = ("#4c6ef5", "#12b886", "#be4bdb", "#fab005", "#15aabf", "#f06595")
FAILED = "#868e96"
_GRID = "rgba(128,128,128,.22)"
_TEXT = "#868e96"


def best_so_far(records: Sequence[TrialRecord], goal: Goal, baselines: Sequence[Baseline] = ()) -> go.Figure:
    """Every trial's objective, coloured by model, with the best value so far that meets the goal as a line.

    Baselines are dotted lines across the plot.
    """
    figure = _figure("trial", records[0].objective if records else "objective")
    measured = [record for record in records if record.value is not None]
    for model, colour in model_colours(measured).items():
        own = [record for record in measured if record.model == model]
        figure.add_scatter(
            x=[record.number for record in own],
            y=[record.value for record in own],
            name=model,
            mode="markers",
            marker={
                "size": 10,
                "color": colour,
                "symbol": ["circle" if record.state == "complete" else "x-thin-open" for record in own],
            },
            text=[_hover(record) for record in own],
            hovertemplate="%{text}<extra></extra>",
        )
    leaders = zip(records, so_far(goal, records), strict=True)
    line = [(record.number, best.value) for record, best in leaders if best is not None]
    if line:
        figure.add_scatter(
            x=[number for number, _ in line],
            y=[value for _, value in line],
            name="best so far",
            mode="lines",
            line={"color": ACCENT, "width": 2, "shape": "hv"},
            hoverinfo="skip",
        )
    failed = [record for record in records if record.value is None]
    if failed:
        floor = min((record.value for record in measured if record.value is not None), default=0.0)
        figure.add_scatter(
            x=[record.number for record in failed],
            y=[floor] * len(failed),
            name="failed",
            mode="markers",
            marker={"size": 10, "color": FAILED, "symbol": "x"},
            text=[_hover(record) for record in failed],
            hovertemplate="%{text}<extra></extra>",
        )
    figure.update_xaxes(dtick=max(1, len(records) // 10), range=[-0.4, max(len(records), 2) - 0.6])
    for one in baselines:
        figure.add_hline(
            y=one.value, line={"color": FAILED, "dash": "dot", "width": 1}, annotation_text=one.model,
            annotation_font_size=11,
        )  # fmt: skip
    heights = {record.value for record in measured if record.value is not None}
    heights |= {one.value for one in baselines if one.value is not None}
    if len(heights) == 1:  # plotly would show it from -1 to 1
        (height,) = heights
        room = abs(height) / 10 or 0.1
        figure.update_yaxes(range=[height - room, height + room])
    return figure


def learning_curves(
    records: Sequence[TrialRecord], best: TrialRecord | None, running: Mapping[str, Sequence[float]] | None = None
) -> go.Figure:
    """The objective after each epoch, one line a trial, the best stands out; `running` adds unfinished ones by name."""
    figure = _figure("epoch", records[0].objective if records else "objective")
    colours = model_colours(records)
    for record in records:
        if len(record.curve) < 2:
            continue
        is_best = best is not None and record.number == best.number
        figure.add_scatter(
            x=list(range(1, len(record.curve) + 1)),
            y=list(record.curve),
            name=f"trial {record.number}",
            mode="lines",
            line={"color": ACCENT if is_best else colours[record.model], "width": 3 if is_best else 1.5},
            opacity=1.0 if is_best else 0.55,
            hovertemplate=f"trial {record.number}, epoch %{{x}}: %{{y:.4f}}<extra></extra>",
        )
    for name, curve in (running or {}).items():
        figure.add_scatter(
            x=list(range(1, len(curve) + 1)),
            y=list(curve),
            name=name,
            mode="lines+markers",
            line={"color": ACCENT, "dash": "dot"},
        )
    return figure


def param_slices(records: Sequence[TrialRecord], model: str) -> go.Figure | None:
    """The objective against each param that was varied in `model`; None when nothing was."""
    own = [record for record in records if record.model == model and record.value is not None]
    names = dict.fromkeys(name for record in own for name in record.params)
    varied = [name for name in names if len({record.params.get(name) for record in own}) > 1]
    if not varied:
        return None
    n_columns = min(3, len(varied))
    n_rows = -(-len(varied) // n_columns)
    figure = make_subplots(rows=n_rows, cols=n_columns, subplot_titles=varied, horizontal_spacing=0.08)
    for place, name in enumerate(varied):
        shown = [record for record in own if name in record.params]
        values = [record.params[name] for record in shown]
        row, column = place // n_columns + 1, place % n_columns + 1
        figure.add_scatter(
            x=values,
            y=[record.value for record in shown],
            mode="markers",
            marker={"size": 8, "color": [record.number for record in shown], "colorscale": "Blues", "cmin": -len(own)},
            text=[_hover(record) for record in shown],
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
            row=row,
            col=column,
        )
        numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
        if len(numbers) == len(values) and min(numbers) > 0 and max(numbers) / min(numbers) >= 20:
            figure.update_xaxes(type="log", row=row, col=column)
    return _styled(figure, height=230 * n_rows + 40)


def importance_bars(importance: Mapping[str, float]) -> go.Figure:
    """Share of the objective's variation that each param explains."""
    ordered = sorted(importance.items(), key=lambda pair: pair[1])
    figure = _figure("importance", "", height=60 + 34 * len(ordered))
    figure.add_bar(
        x=[share for _, share in ordered],
        y=[name for name, _ in ordered],
        orientation="h",
        marker_color=MODEL_COLOURS[0],
    )
    figure.update_yaxes(automargin=True)
    return figure


def tradeoffs(records: Sequence[TrialRecord], x: str, y: str) -> go.Figure:
    """Two metrics against each other; the trials of the Pareto front stand out."""
    figure = _figure(x, y)
    front = {record.number for record, _ in front_of((x, y), records)}
    points = {record.number: point for record in records if (point := values_of((x, y), record)) is not None}
    for is_front in (False, True):
        part = [number for number in points if (number in front) == is_front]
        figure.add_scatter(
            x=[points[number][0] for number in part],
            y=[points[number][1] for number in part],
            mode="markers+text",
            name="Pareto front" if is_front else "other trials",
            text=[str(number) for number in part],
            textposition="top center",
            cliponaxis=False,
            marker={"size": 11, "color": ACCENT if is_front else FAILED},
        )
    return figure


def model_colours(records: Sequence[TrialRecord]) -> dict[str, str]:
    """One colour a model, in the order of appearance."""
    models = dict.fromkeys(record.model for record in records)
    return {model: MODEL_COLOURS[i % len(MODEL_COLOURS)] for i, model in enumerate(models)}


def _hover(record: TrialRecord) -> str:
    value = html(record.reason or "") if record.value is None else f"{record.objective} {number(record.value)}"
    return f"trial {record.number}, {record.model}: {value}<br>{params_line(record).replace(', ', '<br>')}"


def _figure(x: str, y: str, height: int = 300) -> go.Figure:
    figure = go.Figure()
    figure.update_xaxes(title=x)
    figure.update_yaxes(title=y)
    return _styled(figure, height)


def _styled(figure: go.Figure, height: int) -> go.Figure:
    figure.update_layout(
        height=height,
        margin={"l": 50, "r": 10, "t": 30, "b": 40},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": _TEXT, "size": 12},
        legend={"orientation": "h", "y": 1.12},
        hoverlabel={"align": "left"},
    )
    figure.update_xaxes(gridcolor=_GRID, zeroline=False)
    figure.update_yaxes(gridcolor=_GRID, zeroline=False)
    return figure
