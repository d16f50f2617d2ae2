"""A figure of matplotlib's whose unit is the CSS pixel, counted from the top left, as all figures are drawn on.

matplotlib is no library for several threads, so one figure is drawn at a time.
"""

import logging
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from ui.figures.drawing import MARK, Drawing, Mark, written
from ui.figures.theme import EDGE, SOFT, SURFACE, TEXT, TEXT_PX, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ONE_AT_A_TIME = threading.RLock()
_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "recpilot",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",
    "font.size": TEXT_PX,
    "axes.unicode_minus": False,
    "path.simplify": True,
}
warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # the page has its own fonts


@contextmanager
def at_work() -> Iterator[None]:
    """Within it matplotlib may be used."""
    with _ONE_AT_A_TIME:
        import matplotlib as mpl

        with mpl.rc_context(_settings()):
            yield


@cache
def _settings() -> dict[Any, Any]:
    """The library's own with ours, whatever a person has set for plots of theirs."""
    import matplotlib as mpl

    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # such as that it looks for fonts, the first time
    theirs = ("backend", "interactive", "toolbar", "timezone")  # of no importance to a file
    return {name: value for name, value in mpl.rcParamsDefault.items() if name not in theirs} | _SETTINGS


@lru_cache(maxsize=4096)
def text_width(text: str, px: float = TEXT_PX, *, is_bold: bool = False) -> float:
    """In px, in a font that is rather wide, so that it fits in others too."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family="DejaVu Sans", size=px, weight="bold" if is_bold else "normal")
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width)


def fitted(text: str, room: float, px: float = TEXT_PX) -> str:
    """The text on one line, cut in the middle where it is wider than `room` px."""
    line = plain(text)
    if text_width(line, px) <= room:
        return line
    for n in range(len(line) - 1, 1, -1):
        head = (n + 1) // 2
        cut = f"{line[:head].rstrip()}…{line[len(line) - (n - head) :].lstrip()}"
        if text_width(cut, px) <= room:
            return cut
    return "…"


class Canvas:
    """What one figure is drawn on."""

    def __init__(self, width: int, height: float) -> None:
        from matplotlib.figure import Figure

        self.width, self.height = width, round(height)
        self.figure = Figure(figsize=(self.width / 72, self.height / 72), dpi=72)
        self._marks: list[Mark] = []

    def axes(self, left: float, top: float, right: float, bottom: float) -> "Axes":
        """Axes between these distances from the edges of the canvas, without a frame."""
        w, h = self.width, self.height
        box = (left / w, bottom / h, max(1.0, w - left - right) / w, max(1.0, h - top - bottom) / h)
        axes = self.figure.add_axes(box)
        axes.patch.set_visible(False)
        axes.set_axisbelow(True)
        for side in axes.spines.values():
            side.set_visible(False)
        axes.tick_params(length=0, labelsize=TEXT_PX, labelcolor=SOFT, pad=5)
        return axes

    def text(self, x: float, y: float, text: str, *, ha: str = "left", colour: str = SOFT, **more: Any) -> None:
        """Text whose middle line is `y` px below the top."""
        looks: dict[str, Any] = {"fontsize": TEXT_PX, "va": "center"} | more
        self.figure.text(x / self.width, 1 - y / self.height, text, ha=ha, color=colour, **looks)

    def point(self, x: float, y: float, marker: str, **looks: Any) -> None:
        """A marker that stands for no trial, as in a legend."""
        from matplotlib.lines import Line2D

        self.figure.add_artist(
            Line2D([x / self.width], [1 - y / self.height], marker=marker, linestyle="none", **looks)
        )

    def line(self, x0: float, x1: float, y: float, **looks: Any) -> None:
        """A line across, as in a legend; a marker among its looks stands in its middle."""
        from matplotlib.lines import Line2D

        xs = [x / self.width for x in (x0, (x0 + x1) / 2, x1)]
        self.figure.add_artist(Line2D(xs, [1 - y / self.height] * 3, markevery=[1], **looks))

    def mark(self, trial: int, lines: Sequence[str], *, is_best: bool = False) -> str:
        """The link of what stands for a trial; `lines` are those of its tip."""
        self._marks.append(Mark(trial=trial, lines=tuple(map(plain, lines)), is_best=is_best))
        return f"{MARK}{len(self._marks) - 1}"

    def done(self) -> Drawing:
        """The drawing."""
        return written(self.figure, self._marks, self.width, self.height)


def points(
    axes: "Axes", xs: Sequence[float], ys: Sequence[float], links: Sequence[str], marker: str = "o", **looks: Any
) -> None:
    """Markers that stand for trials; filled ones have a thin edge in the colour of the page, so that they part.

    Args:
        links: As `Canvas.mark` gives them.
    """
    usual: dict[str, Any] = {"s": 46, "linewidths": 0.8, "edgecolors": SURFACE, "zorder": 3, "clip_on": False}
    axes.scatter(xs, ys, marker=marker, urls=list(links), **(usual | looks))


def note(axes: "Axes", x: float, y: float, text: str, *, shift: tuple[float, float] = (0, 0), **looks: Any) -> None:
    """Text at a place of the axes, on a ground that keeps it legible; `shift` in px, to the right and up."""
    ground = {"facecolor": SURFACE, "edgecolor": "none", "alpha": 0.8, "pad": 1.0}
    usual: dict[str, Any] = {"color": TEXT, "fontsize": TEXT_PX, "bbox": ground, "zorder": 6, "va": "center"}
    axes.annotate(text, (x, y), xytext=shift, textcoords="offset points", annotation_clip=False, **(usual | looks))


def grid(axes: "Axes", *, x: bool = False, y: bool = True) -> None:
    """Thin lines at the ticks."""
    looks: dict[str, Any] = {"color": EDGE, "linewidth": 0.8, "zorder": 0}
    if x:
        axes.grid(axis="x", **looks)
    if y:
        axes.grid(axis="y", **looks)
