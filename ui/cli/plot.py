"""`recpilot plot`: a figure of a study as a file, or its values."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.cli.common import AsJson, console, print_json, workspace

if TYPE_CHECKING:
    from ui.figures import Kind, Picture, StudyData


_NARROW = 350  # px, for the page on a phone


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(plot)


def plot(
    study: Annotated[str | None, typer.Argument(help="A study.")] = None,
    kind: Annotated[str | None, typer.Argument(help="history, curves, importance, …; `--list` shows all.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="A file .svg, .png, .pdf, .csv or .html; default: `reports/STUDY-KIND.svg` of the home."),
    ] = None,
    option: Annotated[
        list[str] | None, typer.Option(help="name=value, such as metric=recall@10 or errors=on; `--list` shows them.")
    ] = None,
    width: Annotated[int, typer.Option(help="In px, 280 to 1600.", min=280, max=1600)] = 720,
    list_: Annotated[bool, typer.Option("--list", help="Name the figures; with a study also their options.")] = False,
    as_json: AsJson = False,
) -> None:
    """A figure of a study: written to a file, or its values with --json."""
    if list_:
        _list(study, as_json)
        return
    if study is None or kind is None:
        raise typer.BadParameter("give a study and a kind of figure, such as: recpilot plot demo-1 history")
    from ui.views.plot import data_of

    chosen, given = _kind(kind), _given(option or [])
    _check_ending(out)
    with workspace(llm="none") as opened:
        data = data_of(opened, opened.runner.open(study), chosen)
        picture = _drawn(chosen, data, given, width)
        narrow = _drawn(chosen, data, given, _NARROW) if out is not None and out.suffix.lower() == ".html" else None
        path = out or opened.settings.reports / f"{opened.runner.open(study).name}-{chosen.name}.svg"
    _tell(picture, narrow, data, path, out is not None, as_json)


def _tell(
    picture: "Picture", narrow: "Picture | None", data: "StudyData", path: Path, is_asked: bool, as_json: bool
) -> None:
    """Writes the file, unless JSON alone is asked for, and says where."""
    from agent.errors import UserError
    from ui.figures.files import save

    is_written = not picture.empty and (is_asked or not as_json)
    if is_written:
        save(picture, path, data.name, narrow)
    if as_json:
        found = {"study": data.name, "title": picture.title, "says": picture.says, "empty": picture.empty}
        print_json(found | {"values": _rows(picture), "file": str(path) if is_written else None})
        return
    if picture.empty:
        raise UserError(f"there is nothing to draw: {picture.empty}")
    out = console()
    out.print(picture.says, markup=False, soft_wrap=True)
    out.print(str(path), markup=False, soft_wrap=True)


def _rows(picture: "Picture") -> list[dict[str, Any]]:
    return [dict(zip(picture.table.head, row, strict=True)) for row in picture.table.rows]


def _kind(name: str) -> "Kind":
    """The kind, or wrong usage."""
    from agent.errors import UserError
    from ui.figures import kind_of

    try:
        return kind_of(name)
    except UserError as error:
        raise typer.BadParameter(str(error)) from error


def _drawn(kind: "Kind", data: "StudyData", given: dict[str, list[str]], width: int) -> "Picture":
    """The figure, or wrong usage: an option that it does not have, or a value that is not legal."""
    from agent.errors import UserError

    try:
        return kind.draw(data, given, width)
    except UserError as error:
        raise typer.BadParameter(str(error)) from error


def _given(options: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for option in options:
        name, sign, value = option.partition("=")
        if not sign:
            raise typer.BadParameter(f"an option is written name=value, got {option!r}")
        found.setdefault(name.strip(), []).append(value.strip())
    return found


def _check_ending(out: Path | None) -> None:
    """Before anything is read: wrong usage where the file's kind is not known."""
    from ui.figures.files import ENDINGS

    if out is not None and out.suffix.lower() not in ENDINGS:
        raise typer.BadParameter(f"the file must end in {', '.join(ENDINGS)}, got {out.name!r}")


def _list(study: str | None, as_json: bool) -> None:
    """All kinds, with what can be chosen of each where a study is given."""
    from ui.figures import KINDS
    from ui.views.plot import data_of

    kinds = list(KINDS.values())
    if study is None:
        found: list[dict[str, Any]] = [{"kind": kind.name, "title": kind.title, "asks": kind.asks} for kind in kinds]
    else:
        with workspace(llm="none") as opened:
            shown = opened.runner.open(study)
            found = [
                {"kind": kind.name, "title": kind.title, "asks": kind.asks}
                | {"options": [asdict(option) for option in kind.options(data_of(opened, shown, kind))]}
                for kind in kinds
            ]
    if as_json:
        print_json(found)
        return
    out = console()
    for one in found:
        out.print(f"{one['kind']:<11} {one['asks']}", markup=False, soft_wrap=True)
        for option in one.get("options", ()):
            legal = "on, off" if option["kind"] == "switch" else ", ".join(c["value"] for c in option["choices"])
            out.print(f"{'':<11}   --option {option['name']}=… {legal or 'nothing yet'}", markup=False, soft_wrap=True)
