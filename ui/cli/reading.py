"""A dataset that a command names, by name or as a file: what is taken for what is said, or asked about."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from recmodels.command import named_texts
from recmodels.errors import AmbiguousColumns
from recmodels.outside import on_one_line
from ui.cli.common import console, print_json

if TYPE_CHECKING:
    from recmodels.data.catalogue import Catalogue
    from recmodels.data.stored_dataset import StoredDataset
    from ui.terminal import Terminal

Column = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        help="Which column of a file is what: user=visitorid, item=sku, time=ts, or user=2; ignore=a,b is not read; "
        "with thousands=a a 5.018 is 5018, with dates=day-first 02/05/23 is of May, "
        "with encoding=cp1252 the text is Windows-1252.",
    ),
]


def dataset_of(catalogue: "Catalogue", dataset: str, column: list[str] | None, as_json: bool) -> "StoredDataset":
    """The dataset of that name; a file is read, with a word on what was taken for what."""
    columns = columns_of(column)
    is_file = catalogue.key_of(dataset) is None
    if columns and not is_file:
        raise typer.BadParameter(
            f"it says how a file is read, and {dataset} is a dataset that was read before; give the file",
            param_hint="'--column'",
        )
    with asked(as_json):
        stored = catalogue.get(dataset, columns)
    if is_file:
        show_reading(stored, console(as_json))
    return stored


def columns_of(column: list[str] | None) -> Mapping[str, str] | None:
    """Role → column. Raises ParamError: an option is not `role=column`."""
    return named_texts(column or []) or None


@contextmanager
def asked(as_json: bool) -> Iterator[None]:
    """A question about columns ends the command, with rows of the file and the options that answer it."""
    try:
        yield
    except AmbiguousColumns as question:
        if as_json:
            print_json(question.to_dict())
        _show_question(question, console(as_json=True))
        raise typer.Exit(1) from None


def show_reading(stored: "StoredDataset", out: "Terminal") -> None:
    """The dataset in a sentence, the column of each role, and what was guessed, fixed or left out."""
    out.print(f"[bold]{escape(stored.name)}[/]  {escape(stored.description)}", soft_wrap=True)
    show_notes(stored, out)


def show_notes(stored: "StoredDataset", out: "Terminal") -> None:
    """The column of each role, and what was guessed, fixed or left out."""
    if stored.columns:
        roles = ", ".join(f"{role} = {column}" for role, column in stored.columns.items())
        out.print(f"  read as {roles}", markup=False, soft_wrap=True)
    for note in stored.notes:
        out.print(f"  {note}", markup=False, soft_wrap=True, style="bold" if note.startswith("check this:") else None)


def _show_question(question: AmbiguousColumns, out: "Terminal") -> None:
    out.print(f"recpilot: {question.reason}", markup=False, soft_wrap=True)
    if question.rows:
        lines = [list(question.rows[0]), *(list(row.values()) for row in question.rows)]
        shown = [[on_one_line(cell) for cell in line] for line in lines]
        widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
        for line in shown:
            cells = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            out.print(f"  {cells.rstrip()}", markup=False, soft_wrap=True)
    out.print(f"Say it with {' or '.join(question.options())}", markup=False, soft_wrap=True)
