"""A console on which text from outside can do nothing: no control character, no hidden link, no picture."""

from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.style import Style

from agent.outside import harmless
from agent.secrets import shown


class Terminal(Console):
    """Masks secrets and writes out what cannot be seen, whatever prints it; a link is an address behind its words."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Before rich drops the control characters that it knows."""
        super().print(*(shown(one) if isinstance(one, str) else one for one in objects), **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The segments of anything that is shown, also live."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(shown(segment.text), _without_link(segment.style))

    def print_answer(self, markdown: str) -> None:
        """An answer of the chat, whoever worded it."""
        from rich.markdown import Markdown

        self.print(Markdown(harmless(markdown), hyperlinks=False))


def _without_link(style: Style | None) -> Style | None:
    return style.update_link(None) if style is not None and style.link else style
