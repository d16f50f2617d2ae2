"""The looks of all figures: colours with the CSS variables that they stand for, markers, sizes in CSS pixels.

Figures are drawn in the colours of a light page. In a page each becomes `var(--name, colour)`, so that it follows the
theme of whatever page shows it; in a file it stays as it is. That is why no two names may have the same colour.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from agent.secrets import shown
from recmodels.outside import on_one_line

TEXT, SOFT, EDGE, SURFACE = "#1b1f24", "#596069", "#dadfe5", "#ffffff"
ACCENT, BAD = "#d4490c", "#c92a2b"
SERIES = ("#4263eb", "#0b8468", "#9c36b5", "#a86400", "#c2255c", "#0c7c93", "#5f7a12", "#7a5543")
"""At least 3:1 on white; apart for people who see no red or no green, and told apart by `MARKERS` too."""
DARK = {
    "--text": "#e6e9ed", "--soft": "#a7aeb7", "--edge": "#3a4048", "--surface": "#16181b", "--accent": "#ff8a4c",
    "--bad": "#ff7b7b",
    **{f"--series-{i}": colour for i, colour in enumerate(
        ("#8ea2ff", "#3fc9a5", "#d88bea", "#e0a84a", "#f582ab", "#4cc4dd", "#a8c64e", "#c9a28f"), start=1)},
}  # fmt: skip
VARIABLES = {
    TEXT: "--text",
    SOFT: "--soft",
    EDGE: "--edge",
    SURFACE: "--surface",
    ACCENT: "--accent",
    BAD: "--bad",
    **{colour: f"--series-{i}" for i, colour in enumerate(SERIES, start=1)},
}
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
