"""What a tab asks for when it shows a view."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from markupsafe import Markup

from agent.errors import UserError
from agent.llm.choices import KnownModels
from agent.studies.study import Study
from agent.workspace import Workspace

NARROWEST, WIDEST = 280, 1600  # CSS pixels that a plot is drawn for


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A view of what one tab shows; the texts in `options` come from an address and may be anything."""

    workspace: Workspace
    person: str | None = None  # who has logged in
    chat: str | None = None
    study: str | None = None  # that the tab shows
    width: int = 600  # of the place for a plot, in CSS pixels
    options: Mapping[str, str] = field(default_factory=dict)  # what was chosen in the view
    models: KnownModels = field(default_factory=KnownModels)  # language models that this server offers

    @property
    def shown(self) -> Study:
        """The study that the tab shows.

        Raises:
            agent.errors.UserError: There is none, or it cannot be read.
        """
        if not self.study:
            raise UserError("No study is shown yet. Say “tune sasrec on the demo data, 6 trials” to begin one.")
        return self.workspace.runner.peek(self.study)

    def option(self, name: str, default: str = "") -> str:
        """What was chosen, without blanks around it."""
        return self.options.get(name, "").strip() or default

    def of(self, name: str, value: str) -> "Asked":
        """The same with one more option."""
        return replace(self, options={**self.options, name: value})


View = Callable[[Asked], Markup]
