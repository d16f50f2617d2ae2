"""The looks of all figures: the light colours of the page's tokens (`ui/assets/style.css`), markers, sizes in px.

Figures are drawn in the colours of a light page. In a page each becomes `var(--name, colour)`, so that it follows the
theme of whatever page shows it; in a file it stays as it is. That is why no two names may have the same colour.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from agent.secrets import shown
from recmodels.outside import on_one_line

TEXT, SOFT, EDGE, SURFACE = "#1c2128", "#58616d", "#d5dae1", "#ffffff"
ACCENT, BAD, WARN = "#c2410c", "#b42323", "#8a5300"
_SERIES = {
    1: "#3b5bdb",
    2: "#0b7a5c",
    3: "#9c36b5",
    5: "#0b7285",
    6: "#c2255c",
    7: "#5c7a12",
    8: "#5f3dc4",
    4: "#b35900",
}
SERIES = tuple(_SERIES.values())
"""In the order in which they are used: the fourth one, which is near to the accent, last."""
VARIABLES = {
    TEXT: "--text",
    SOFT: "--soft",
    EDGE: "--edge",
    SURFACE: "--surface",
    ACCENT: "--accent",
    BAD: "--bad",
    WARN: "--warn",
    **{colour: f"--series-{i}" for i, colour in _SERIES.items()},
}
DASHES = ("solid", (0, (5, 2)), (0, (1.5, 1.5)), (0, (5, 2, 1, 2)))
MARKERS = ("o", "s", "^", "D", "v", "P", "p", "h")
TEXT_PX, SMALL_PX = 12.0, 11.0
WIDTHS = (280, 1600)  # what a figure may be drawn for

_T = TypeVar("_T")


def plain(text: str) -> str:
    """Any text as a figure may show it: on one line, without secrets, with what cannot be seen written out."""
    return on_one_line(shown(text))


def light() -> dict[str, str]:
    """Each variable with its colour on a light page."""
    return {name: colour for colour, name in VARIABLES.items()}


def in_order(names: Iterable[str], looks: Sequence[_T]) -> dict[str, _T]:
    """One look for each name, in the order of appearance; they repeat when they run out."""
    return {name: looks[i % len(looks)] for i, name in enumerate(dict.fromkeys(names))}
