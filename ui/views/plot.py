"""One figure of a study with what can be chosen of it, its sentence, its values, and files to take away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from agent.answers.across_studies import unlike_of
from agent.answers.wording import number
from agent.errors import USER_ERRORS
from agent.studies.study import Study
from agent.workspace import Workspace
from ui.figures import KINDS, Kind, Picture, StudyData, kind_of
from ui.figures.options import Option
from ui.figures.picture import Cell
from ui.markup import template
from ui.views.asked import Asked

MOST_ROWS = 300  # of the values, on the page; the file has all
MOST_OTHERS = 8  # studies next to the one that is shown
_MANY = 8  # choices, from which on they are folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """An option as a form shows it."""

    option: Option

    @property
    def is_folded(self) -> bool:
        """Many boxes are shown when they are asked for."""
        return self.option.kind == "several" and len(self.option.choices) > _MANY

    @property
    def boxes(self) -> list[tuple[str, str, bool]]:
        """Name, label and whether it is chosen, of each box of several."""
        chosen = self.option.value
        return [(f"{self.option.name}.{one.value}", one.label, one.value in chosen) for one in self.option.choices]


def plot(asked: Asked) -> Markup:
    """The kind that the address names, `history` without one."""
    study, kind = asked.shown, kind_of(asked.option("of", "history"))
    data = data_of(asked.workspace, study, kind)
    given = given_of(kind, data, asked.options)
    picture = kind.draw(data, given, width=asked.width)
    html = template("views/plot.html.j2").render(
        study=study.title,
        tabs=[(f"plot/{name}", one.title, name == kind.name) for name, one in KINDS.items()],
        kind=kind,
        picture=picture,
        controls=_controls(kind.options(data, given)),
        rows=[tuple(map(_cell, row)) for row in picture.table.rows[:MOST_ROWS]],
        n_rows=len(picture.table.rows),
        query=urlencode({"study": study.title, "kind": kind.name, **{name: given[name] for name in given}}),
    )
    return Markup(html)  # noqa: S704  the template escapes, and figures write what is escaped


def _controls(options: Sequence[Option]) -> list[Control]:
    """What is folded comes last."""
    return sorted((Control(option=option) for option in options), key=lambda one: one.is_folded)


def data_of(workspace: Workspace, study: Study, kind: Kind) -> StudyData:
    """What a figure of the study needs; others are looked at where the kind compares studies."""
    return StudyData.of(study, comparable(workspace, study) if kind.compares else ())


def comparable(workspace: Workspace, study: Study) -> list[Study]:
    """The latest studies on the same data under the same terms."""
    found: list[Study] = []
    for name in workspace.runner.names():
        try:
            other = workspace.runner.peek(name)
            if other.name != study.name and not unlike_of(study, other):
                found.append(other)
        except USER_ERRORS:  # one that is damaged costs the others nothing
            continue
        if len(found) == MOST_OTHERS:
            break
    return found


def given_of(kind: Kind, data: StudyData, options: Mapping[str, str]) -> dict[str, str]:
    """What of a form's fields are options of the kind; `trials.3` and `trials.5` stand for `trials=3,5`."""
    given: dict[str, str] = {}
    for option in kind.options_of(data):
        boxes = {name: value for name, value in options.items() if name.startswith(f"{option.name}.")}
        if boxes:
            given[option.name] = ",".join(name.partition(".")[2] for name, value in boxes.items() if value)
        elif option.name in options:
            given[option.name] = options[option.name]
    return given


def _cell(cell: Cell) -> str:
    return number(cell) if not isinstance(cell, str) else cell


def drawn(workspace: Workspace, study: Study, options: Mapping[str, str], width: int) -> Picture:
    """The figure that `kind` among the options names, with the other options.

    Raises:
        agent.errors.UserError: There is no such kind, or an option is not legal.
    """
    kind = kind_of(options.get("kind", "history"))
    data = data_of(workspace, study, kind)
    return kind.draw(data, given_of(kind, data, options), width=width)
