"""The frame of a figure with one pair of axes: legend and name of the y axis above, ticks, thin grid."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ui.figures.canvas import Canvas, fitted, grid, text_width
from ui.figures.scales import Scale
from ui.figures.theme import EDGE, SOFT, TEXT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW = 20  # px of a row of a legend
_SIGN, _GAP = 22, 14  # px of a sign with its space, and between two entries
_TICKS, _LABEL = 24, 18  # px below the axes
EDGE_PX = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a legend."""

    label: str
    marker: str = ""  # empty: a line
    looks: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """Entries in rows that fit into the width."""

    rows: tuple[tuple[tuple[float, Entry, str], ...], ...] = ()  # from the left, in px

    @classmethod
    def of(cls, entries: Sequence[Entry], width: float) -> "Legend":
        rows: list[list[tuple[float, Entry, str]]] = [[]]
        x = float(EDGE_PX)
        for entry in entries:
            label = fitted(entry.label, width - 2 * EDGE_PX - _SIGN)
            needed = _SIGN + text_width(label)
            if rows[-1] and x + needed > width - EDGE_PX:
                rows.append([])
                x = float(EDGE_PX)
            rows[-1].append((x, entry, label))
            x += needed + _GAP
        return cls(rows=tuple(map(tuple, rows)) if entries else ())

    @property
    def height(self) -> float:
        return _ROW * len(self.rows) + (4 if self.rows else 0)

    def draw(self, canvas: Canvas) -> None:
        """At the top."""
        for i, row in enumerate(self.rows):
            y = _ROW * (i + 0.5)
            for x, entry, label in row:
                if entry.marker:
                    canvas.point(x + 7, y, entry.marker, **entry.looks)
                else:
                    canvas.line(x, x + 15, y, **entry.looks)
                canvas.text(x + _SIGN, y, label)


def framed(
    width: int,
    height: float,
    x: Scale,
    y: Scale,
    entries: Sequence[Entry] = (),
    *,
    has_x_grid: bool = False,
    beside: float = 0.0,
) -> "tuple[Canvas, Axes]":
    """A canvas with one pair of axes.

    Args:
        width: Of all, in px.
        height: Of the axes alone; what is around them comes on top.
        beside: Room at the right of the axes, in px.
    """
    legend = Legend.of(entries, width)
    y = replace(y, ticks=tuple((place, fitted(label, 0.3 * width)) for place, label in y.ticks))
    left = EDGE_PX + 4 + max((text_width(label) for _, label in y.ticks), default=0)
    right = max([14.0, beside, *(text_width(label) / 2 + 4 for _, label in x.ticks[-1:])])
    top = legend.height + _LABEL + 6
    bottom = _TICKS + (_LABEL if x.label else 0)
    canvas = Canvas(width, height + top + bottom)
    x = x.with_room(width - left - right)
    legend.draw(canvas)
    canvas.text(EDGE_PX, legend.height + _LABEL / 2, fitted(y.label, width - 2 * EDGE_PX), colour=TEXT)
    axes = canvas.axes(left, top, right, bottom)
    scaled(axes, x, y)
    grid(axes, x=has_x_grid)
    if x.label:
        middle = left + (width - left - right) / 2
        canvas.text(middle, canvas.height - _LABEL / 2 - 1, fitted(x.label, width - left), ha="center", colour=TEXT)
    return canvas, axes


def scaled(axes: "Axes", x: Scale, y: Scale) -> None:
    """Sets both scales and their ticks, and draws the line at the bottom."""
    for scale, set_scale, set_ticks, set_limits in (
        (x, axes.set_xscale, axes.set_xticks, axes.set_xlim),
        (y, axes.set_yscale, axes.set_yticks, axes.set_ylim),
    ):
        if scale.is_log:  # axes are linear from the start
            set_scale("log")
            set_ticks([], minor=True)
        set_limits(scale.low, scale.high)
        set_ticks([place for place, _ in scale.ticks], [label for _, label in scale.ticks])
    axes.spines["bottom"].set_visible(True)
    axes.spines["bottom"].set_color(EDGE)
    axes.spines["bottom"].set_linewidth(1)
    axes.tick_params(axis="both", which="both", labelcolor=SOFT)
