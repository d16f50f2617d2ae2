"""What a figure comes to: a drawing, a sentence that says what is seen, and the values as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from memory.record import ParamValue
from ui.figures.drawing import Drawing
from ui.words import param

Cell = str | float | int | None


def cell(value: ParamValue | None) -> Cell:
    """A param's value in a table: `on` and `off` rather than numbers."""
    return param(value) if isinstance(value, bool) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The values that are drawn; numbers as they are, to be rounded and sorted where they are shown."""

    head: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()

    @classmethod
    def of(cls, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> "Table":
        return cls(head=tuple(head), rows=tuple(map(tuple, rows)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One figure, drawn; or in words why there is nothing to draw."""

    title: str
    says: str = ""
    table: Table = Table()
    empty: str = ""  # why there is nothing to draw, and what helps
    drawing: Drawing | None = None

    @classmethod
    def nothing(cls, title: str, why: str) -> "Picture":
        """A figure that cannot be drawn yet."""
        return cls(title=title, empty=why)

    @property
    def svg(self) -> Markup:
        """For a page of the browser: each trial is a link with a tip; empty where nothing is drawn."""
        return Markup() if self.drawing is None else self.drawing.page(self.says)

    @property
    def still(self) -> Markup:
        """For a page that is read without a script: a picture alone."""
        return Markup() if self.drawing is None else self.drawing.still(self.says)
