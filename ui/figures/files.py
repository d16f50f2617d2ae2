"""A figure as a file of its own: a picture, its values as a table, or a page with both."""

import csv
import io
from contextlib import suppress
from pathlib import Path

from recmodels.data.folders import disk_full, is_disk_full
from recmodels.errors import SetupError
from recmodels.outside import cell, visible
from ui.figures.picture import Cell, Picture, Table
from ui.markup import template
from ui.words import number

PICTURES = (".svg", ".png", ".pdf")
ENDINGS = (*PICTURES, ".csv", ".html")


def save(picture: Picture, path: Path, name: str, narrow: Picture | None = None) -> None:
    """Writes a figure that is not empty, by the ending of the path; an earlier file is replaced whole.

    Args:
        name: Of the study, for the page.
        narrow: The same figure drawn for a phone, for the page.

    Raises:
        recmodels.errors.SetupError: It cannot be written.
    """
    draft = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(picture, draft, name, narrow)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        says = disk_full(path) if is_disk_full(error) else SetupError(f"{path} cannot be written: {error.strerror}")
        raise says from error


def as_csv(table: Table) -> str:
    """The values for a spreadsheet, which will calculate nothing of what they say."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerows([_for_spreadsheet(value) for value in row] for row in (table.head, *table.rows))
    return out.getvalue()


def rounded(value: Cell) -> str:
    """A value of a table as people read it."""
    return "" if value is None else number(value)


def _write(picture: Picture, path: Path, name: str, narrow: Picture | None) -> None:
    assert picture.drawing is not None  # noqa: S101  the caller has looked
    if path.suffix in PICTURES:
        picture.drawing.save(path, picture.says, f"{name}: {picture.title}")
    elif path.suffix == ".csv":
        path.write_text(as_csv(picture.table), "utf-8", newline="")
    else:
        page = template("figure.html.j2")
        title = f"{name}: {picture.title}"
        path.write_text(page.render(title=title, picture=picture, narrow=narrow, rounded=rounded), "utf-8")


def _for_spreadsheet(value: Cell) -> Cell:
    return cell(visible(value)) if isinstance(value, str) else value
