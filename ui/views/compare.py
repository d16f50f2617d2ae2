"""Trials of a study side by side, or the best of several studies; with what may be said of the difference."""

from markupsafe import Markup

from agent.standing import counted, ordered
from agent.tools.explaining import best_two
from ui.figures import KINDS, StudyData
from ui.markup import template
from ui.views.asked import Asked
from ui.views.compare_studies import StudiesSide
from ui.views.compare_trials import TrialsSide
from ui.views.plot import comparable

MOST = 8  # side by side
OFFERED = 30  # to choose from


def compare(asked: Asked) -> Markup:
    """Trials, unless studies are asked for."""
    by_studies = asked.option("of") == "studies" or any(_is_of(name, "studies") for name in asked.options)
    return _studies(asked) if by_studies else _trials(asked)


def _trials(asked: Asked) -> Markup:
    study = asked.shown
    every = ordered(study.spec.goal, counted(study.records()))
    wanted = [int(one) for one in chosen(asked, "trials") if one.isdecimal()] or best_two(study)
    wanted = wanted[:MOST]
    side = TrialsSide.of(study, wanted) if len(wanted) > 1 else None
    curves = None
    if side is not None:
        given = {"trials": ",".join(str(n) for n in wanted if len(study.record(n).by_epoch()) > 1)}
        curves = KINDS["curves"].draw(StudyData.of(study), given, width=asked.width) if given["trials"] else None
    html = template("views/compare_trials.html.j2").render(
        study=study.title,
        side=side,
        curves=curves,
        objective=study.spec.goal.primary.metric,
        offered=[(record.number, record.model, record.number in wanted) for record in every[:OFFERED]],
    )
    return Markup(html)  # noqa: S704  the template escapes


def _studies(asked: Asked) -> Markup:
    workspace, known = asked.workspace, asked.workspace.runner.names()
    named = [workspace.runner.peek(name) for name in _named(chosen(asked, "studies"), known)]
    shown = asked.shown if asked.study else None
    if len(named) < 2 and shown is not None:
        named = [shown, *(one for one in named if one.name != shown.name)]
    if len(named) < 2 and named:
        named = [*named, *comparable(workspace, named[0])[:2]]
    studies = list({one.name: one for one in named}.values())[:MOST]
    side = StudiesSide.of(workspace, studies) if len(studies) > 1 else None
    figure = None
    if side is not None and side.alike:
        data = StudyData.of(studies[0], side.alike)
        figure = KINDS["studies"].draw(data, {}, width=asked.width)
    titles = {one.title for one in studies}
    html = template("views/compare_studies.html.j2").render(
        study=asked.study or studies[0].title if studies else "",
        side=side,
        figure=figure,
        offered=[(name, name in titles) for name in known[:OFFERED]],
    )
    return Markup(html)  # noqa: S704  the template escapes


def chosen(asked: Asked, name: str) -> list[str]:
    """What is chosen: boxes such as `trials.3` of a form, else `trials=1,3,4` of an address."""
    boxes = [key.partition(".")[2] for key, value in asked.options.items() if key.startswith(f"{name}.") and value]
    return boxes or [part.strip() for part in asked.option(name).split(",") if part.strip()]


def _is_of(key: str, name: str) -> bool:
    return key == name or key.startswith(f"{name}.")


def _named(parts: list[str], known: list[str]) -> list[str]:
    """The studies' names among what was apart by commas, which may stand in a name too."""
    found, held = [], ""
    for part in parts:
        held = f"{held}, {part}" if held else part
        if held in known or not any(name.startswith(f"{held},") for name in known):
            found.append(held)
            held = ""
    return [*found, held] if held else found
