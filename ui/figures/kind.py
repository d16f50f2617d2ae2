"""One kind of figure: its name, what can be chosen of it, and how it is drawn."""

from collections.abc import Callable
from dataclasses import dataclass

from ui.figures.options import Chosen, Given, Option
from ui.figures.picture import Picture
from ui.figures.study_data import StudyData
from ui.figures.theme import WIDTHS

DEFAULT_WIDTH = 720


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """In px: of the whole figure, and how high one pair of axes is."""

    width: int
    height: float

    @classmethod
    def of(cls, width: int, height: float | None = None) -> "Size":
        """A width within bounds; without a height the axes are as high as suits the width."""
        width = min(max(int(width), WIDTHS[0]), WIDTHS[1])
        return cls(width=width, height=min(max(width * 0.46, 190.0), 340.0) if height is None else height)

    @property
    def is_narrow(self) -> bool:
        """As on a phone."""
        return self.width < 480


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of figure."""

    name: str  # in addresses and on the command line
    title: str
    asks: str  # the question that it answers
    options_of: Callable[[StudyData], tuple[Option, ...]]
    paint: Callable[[StudyData, Chosen, Size], Picture]
    compares: bool = False  # with other studies, where the data have them
    prepare: Callable[[StudyData, Chosen], object] | None = (
        None  # what takes long and draws nothing, kept until `paint`
    )

    def options(self, data: StudyData, given: Given | None = None) -> tuple[Option, ...]:
        """What can be chosen, with what is chosen.

        Raises:
            agent.errors.UserError: What was given is not legal; the message names what is.
        """
        return self._chosen(data, given).options

    def draw(
        self, data: StudyData, given: Given | None = None, width: int = DEFAULT_WIDTH, height: float | None = None
    ) -> Picture:
        """The figure; from any thread.

        Args:
            width: In px, of the whole figure.
            height: In px, of one pair of axes; None: what suits the width.

        Raises:
            agent.errors.UserError: What was given is not legal; the message names what is.
        """
        from ui.figures.canvas import at_work

        chosen = self._chosen(data, given)
        if self.prepare is not None:
            self.prepare(data, chosen)
        with at_work():
            return self.paint(data, chosen, Size.of(width, height))

    def _chosen(self, data: StudyData, given: Given | None) -> Chosen:
        return Chosen.of(self.options_of(data), given or {})
