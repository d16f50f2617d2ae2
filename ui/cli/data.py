"""`recpilot data`: add, filter, compare, list, describe, fetch and remove datasets."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from ui.cli.common import AsJson, console, print_json
from ui.cli.reading import Column, asked, columns_of, show_notes

if TYPE_CHECKING:
    from recmodels.data.catalogue import Catalogue
    from recmodels.data.choices import Choices
    from recmodels.data.stored_dataset import StoredDataset

Where = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CONDITION",
        help='Rows that are kept: "status=delivered", "event!=view", "kind=a|b", "price>=10"; all must hold.',
    ),
]
app = typer.Typer(help="Datasets: add, list, describe, filter, compare.", no_args_is_help=True)


@app.command()
def add(
    path: Annotated[
        Path,
        typer.Argument(help="CSV, TSV, Parquet, JSON, RecBole, MovieLens or sequences, or a zip of these."),
    ],
    name: Annotated[str | None, typer.Option(help="Default: the file's name.")] = None,
    column: Column = None,
    items: Annotated[Path | None, typer.Option(help="A table that describes the items.")] = None,
    users: Annotated[Path | None, typer.Option(help="A table that describes the users.")] = None,
    append: Annotated[
        str | None,
        typer.Option(metavar="DATASET", help="Join its events to those of this dataset, as a new version of it."),
    ] = None,
    where: Where = None,
    positive: Annotated[
        str | None,
        typer.Option(metavar="RULE", help="What counts as a like in these data, unless a study says otherwise: >=4."),
    ] = None,
    hash_ids: Annotated[
        bool, typer.Option("--hash-ids", help="Keep keyed hashes in place of the users' ids: pseudonyms.")
    ] = False,
    hash_item_ids: Annotated[bool, typer.Option("--hash-item-ids", help="The same for the items' ids.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read a file and keep it as a dataset, or as a new version of one."""
    from recmodels.data.versions import append as append_to

    catalogue, columns = _catalogue(), columns_of(column)
    choices = _choices(where, positive, append, users_hashed=hash_ids, items_hashed=hash_item_ids)
    with asked(as_json):
        if append is None:
            stored = catalogue.add(path, name, columns, items, users, choices=choices)
        else:
            stored = append_to(
                catalogue,
                path,
                append,
                name=name,
                columns=columns,
                items_path=items,
                users_path=users,
                choices=choices,
            )
    _show(catalogue, stored, as_json, compared_with=append)


@app.command("filter")
def filter_(
    dataset: Annotated[str, typer.Argument(help="A name.")],
    min_weight: Annotated[float | None, typer.Option(help="The least rating, or weight, that is kept.")] = None,
    since: Annotated[str | None, typer.Option(help="From this day or moment on: 2024-01-01 (UTC).")] = None,
    until: Annotated[str | None, typer.Option(help="To this day or moment, included.")] = None,
    where: Where = None,
    without_bots: Annotated[
        bool,
        typer.Option(
            "--without-bots", help="Leave out users with the pace of a program, or with the history of others."
        ),
    ] = False,
    max_user_events: Annotated[int | None, typer.Option(help="Users with more are left out.")] = None,
    min_user_events: Annotated[int | None, typer.Option(help="Users with fewer are left out.")] = None,
    min_item_events: Annotated[int | None, typer.Option(help="Items with fewer are left out.")] = None,
    name: Annotated[str | None, typer.Option(help="Default: the dataset's, and the number of the version.")] = None,
    as_json: AsJson = False,
) -> None:
    """Keep a part of a dataset as a new version of it."""
    from recmodels.data.filtering import Filter
    from recmodels.data.versions import keep_filtered

    kept = Filter(
        min_weight=min_weight,
        since=since,
        until=until,
        where=tuple(where or ()),
        without_bots=without_bots,
        max_user_events=max_user_events,
        min_user_events=min_user_events,
        min_item_events=min_item_events,
    )
    catalogue = _catalogue()
    stored = keep_filtered(catalogue, dataset, kept, name)
    _show(catalogue, stored, as_json, compared_with=dataset)


@app.command()
def compare(
    old: Annotated[str, typer.Argument(help="A dataset.")],
    new: Annotated[str, typer.Argument(help="Another, or a later version of it.")],
    as_json: AsJson = False,
) -> None:
    """What one dataset has that another has not, and whether popularity, histories and weights have drifted."""
    from recmodels.data.drift_words import sentences
    from recmodels.data.versions import compared

    found = compared(_catalogue(), old, new)
    if as_json:
        print_json(found.to_json())
        return
    for sentence in sentences(found):
        console().print(sentence, markup=False, soft_wrap=True)


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
        out.print(_line(catalogue, dataset), soft_wrap=True)


@app.command()
def describe(dataset: Annotated[str, typer.Argument(help="A name or a file.")], as_json: AsJson = False) -> None:
    """The profile of a dataset."""
    from rich.table import Table
    from rich.text import Text

    from ui.words import number

    catalogue = _catalogue()
    with asked(as_json):
        stored = catalogue.get(dataset)
    if as_json:
        print_json(stored.summary())
        return
    out = console()
    out.print(_line(catalogue, stored), soft_wrap=True)
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
def purge(
    dataset: Annotated[
        str | None, typer.Argument(help="Only of this one; default: all that is kept of removed ones.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete for good what is kept of removed datasets for undo, and copies of dropped files that no dataset needs."""
    from agent.purge import purge as delete
    from agent.purge import to_purge
    from agent.settings import Settings

    catalogue, settings, out = _catalogue(), Settings(), console()
    if dataset is not None and (called := catalogue.called(dataset)) is not None:
        raise typer.BadParameter(f"{called} is in the list; `recpilot data remove {called}` takes it out first")
    what = to_purge(settings, catalogue, dataset)
    if not (what.asides or what.copies):
        out.print("Nothing is kept of removed datasets.")
        return
    for one in what.in_words():
        out.print(one, markup=False, soft_wrap=True)
    in_short = what.in_short()
    if not yes:
        typer.confirm(f"Delete {in_short}? Nothing brings it back", abort=True)
    delete(what)
    out.print(f"Deleted {in_short}.", markup=False, soft_wrap=True)


@app.command()
def rename(
    dataset: Annotated[str, typer.Argument(help="A name.")], to: Annotated[str, typer.Argument(help="What to call it.")]
) -> None:
    """Call a dataset otherwise; its studies stay as they are."""
    title = _catalogue().rename(dataset, to)
    console().print(f"{dataset} is called {title} now.", markup=False)


def _choices(
    where: list[str] | None, positive: str | None, append: str | None, *, users_hashed: bool, items_hashed: bool
) -> "Choices":
    """Raises ParamError: a rule or a condition cannot be read."""
    from recmodels.data.choices import Choices, Hashed
    from recmodels.positive import parse_rule

    if append is not None and (positive is not None or users_hashed or items_hashed):
        raise typer.BadParameter(
            f"`--positive` and `--hash-ids` are chosen when a dataset is first added; {append} keeps its own",
            param_hint="'--append'",
        )
    kept: tuple[str, ...] = ()
    if where:
        from recmodels.data.conditions import parse_conditions  # which needs polars

        kept = tuple(condition.in_words() for condition in parse_conditions(where))
    hashed: tuple[Hashed, ...] = (*(("user",) if users_hashed else ()), *(("item",) if items_hashed else ()))
    return Choices(
        positive=None if positive is None else parse_rule(positive).to_text(),
        where=kept,
        hashed=hashed,
    )


def _show(catalogue: "Catalogue", stored: "StoredDataset", as_json: bool, compared_with: str | None = None) -> None:
    """A dataset that was added; of a version also what is new in it."""
    found = None
    if compared_with is not None:
        from recmodels.data.drift_words import sentences
        from recmodels.data.versions import compared

        found = compared(catalogue, compared_with, stored.name)
    if as_json:
        print_json(stored.summary() | ({} if found is None else {"compared": found.to_json()}))
        return
    out = console()
    out.print(_line(catalogue, stored), soft_wrap=True)
    show_notes(stored, out)
    for sentence in () if found is None else sentences(found, stored.derived.kept if stored.derived else None):
        out.print(f"  {sentence}", markup=False, soft_wrap=True)


def _line(catalogue: "Catalogue", stored: "StoredDataset") -> str:
    """A dataset in markup: its name, what it comes from and what it holds."""
    made = stored.derived
    origin = "" if made is None else f"{made.in_words(catalogue.called(made.base) or '')}. "
    return f"[bold]{escape(stored.name)}[/]  {escape(origin + stored.description)}"


def _catalogue() -> "Catalogue":
    from agent.settings import Settings
    from recmodels.data.catalogue import Catalogue

    return Catalogue(Settings().datasets)
