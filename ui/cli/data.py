"""`recpilot data`: add, list, describe, fetch and remove datasets."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from ui.cli.common import AsJson, console, print_json
from ui.cli.reading import Column, asked, columns_of, show_notes, show_reading

if TYPE_CHECKING:
    from recmodels.data.catalogue import Catalogue

app = typer.Typer(help="Datasets: add, list, describe.", no_args_is_help=True)


@app.command()
def add(
    path: Annotated[Path, typer.Argument(help="CSV, TSV, Parquet, JSON lines, RecBole, MovieLens or sequences.")],
    name: Annotated[str | None, typer.Option(help="Default: the file's name.")] = None,
    column: Column = None,
    items: Annotated[Path | None, typer.Option(help="A table that describes the items.")] = None,
    users: Annotated[Path | None, typer.Option(help="A table that describes the users.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read a file and keep it as a dataset."""
    columns = columns_of(column)
    with asked(as_json):
        stored = _catalogue().add(path, name=name, columns=columns, items_path=items, users_path=users)
    if as_json:
        print_json(stored.summary())
        return
    show_reading(stored, console())


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """The datasets that are there; `demo` always is."""
    catalogue = _catalogue()
    stored, damaged = catalogue.all()
    for problem in damaged.values():
        console(as_json=True).print(problem, style="red", markup=False, soft_wrap=True)
    if as_json:
        print_json([dataset.summary() for dataset in stored])
        return
    out = console()
    for dataset in stored:
        out.print(f"[bold]{escape(dataset.name)}[/]  {escape(dataset.description)}", soft_wrap=True)


@app.command()
def describe(dataset: Annotated[str, typer.Argument(help="A name or a file.")], as_json: AsJson = False) -> None:
    """The profile of a dataset."""
    from rich.table import Table
    from rich.text import Text

    from ui.words import number

    with asked(as_json):
        stored = _catalogue().get(dataset)
    if as_json:
        print_json(stored.summary())
        return
    out = console()
    out.print(f"[bold]{escape(stored.name)}[/]  {escape(stored.description)}", soft_wrap=True)
    table = Table(box=None, show_header=False)
    for name, value in stored.profile.items():
        table.add_row(Text(name), number(value))
    out.print(table)
    show_notes(stored, out)


@app.command()
def fetch(
    name: Annotated[str, typer.Argument(help="ml-100k, ml-1m or ml-25m.")],
    to: Annotated[Path, typer.Option(help="The folder that the files go into.")] = Path("data"),
) -> None:
    """Fetch a public dataset from its own site; the only command that asks the network for anything."""
    from recmodels.data.reading.sources import SOURCES
    from recmodels.data.reading.sources import fetch as fetch_source

    path = fetch_source(name, to / name)
    out = console()
    out.print(f"{path}  ({SOURCES[name].licence})", markup=False, soft_wrap=True)
    out.print(f"Next: recpilot data add {path} --name {name}", markup=False, soft_wrap=True)


@app.command()
def remove(dataset: Annotated[str, typer.Argument(help="A name.")]) -> None:
    """Forget a dataset; the file that it was read from stays."""
    _catalogue().remove(dataset)
    console().print(f"Removed {dataset}.", markup=False)


@app.command()
def rename(
    dataset: Annotated[str, typer.Argument(help="A name.")], to: Annotated[str, typer.Argument(help="What to call it.")]
) -> None:
    """Call a dataset otherwise; its studies stay as they are."""
    title = _catalogue().rename(dataset, to)
    console().print(f"{dataset} is called {title} now.", markup=False)


def _catalogue() -> "Catalogue":
    from agent.settings import Settings
    from recmodels.data.catalogue import Catalogue

    return Catalogue(Settings().datasets)
