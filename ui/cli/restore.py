"""`recpilot restore`: the backups of the ledger and the chats, and one of them put in the place of its file."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.common import AsJson, console, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from agent.backups import Backup


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(restore)


def restore(
    number: Annotated[int | None, typer.Argument(help="Of the list that the command shows without it.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the backups of the ledger and the chats, and put one in place; the file that was there is kept."""
    from agent.backups import backups
    from agent.errors import UserError
    from agent.settings import Settings

    settings = Settings()
    found, out = backups(settings.backups), console(as_json)
    if as_json:
        print_json([{"number": n, "file": one.file, "at": one.at, **one.holds()} for n, one in enumerate(found, 1)])
    elif number is None:
        _list(found, out)
    if settings.ledger_file is None:
        out.print("The ledger is on a database server, so no backups of it are made here: take them with `pg_dump`.")
    if number is None and found and not as_json and sys.stdin.isatty():
        answer = typer.prompt("Which one? A number, or Enter for none", default="", show_default=False)
        number = int(answer) if answer.strip().isdecimal() else None
    if number is None:
        return
    if not 1 <= number <= len(found):
        raise UserError(f"there is no backup {number}; `recpilot restore` lists {len(found)}")
    backup = found[number - 1]
    places = {place.name: place for place in (settings.chats, settings.ledger_file) if place is not None}
    if backup.file not in places:
        raise UserError(f"{backup.path} is of {backup.file}, which these settings do not use")
    _put_back(backup, places[backup.file], yes, out)


def _put_back(backup: "Backup", place: "Path", is_sure: bool, out: "Console") -> None:
    from agent.backups import restore as put_back

    if not is_sure:
        typer.confirm(f"Put the {backup.file} of {_when(backup)} in place of the present one?", abort=True)
    aside = put_back(backup, place)
    out.print(
        f"{backup.file} is as it was on {_when(backup)}: {_holds(backup)}. What came after is not in it."
        + (f" The file that was there lies in {aside}." if aside else ""),
        markup=False,
        soft_wrap=True,
    )


def _list(found: "Sequence[Backup]", out: "Console") -> None:
    for number, backup in enumerate(found, start=1):
        line = f"{number:>3}  {backup.file:<11} {_when(backup)}  {_holds(backup)}"
        out.print(line, markup=False, soft_wrap=True)
    if found:
        out.print("\nTo put one in place: recpilot restore NUMBER", markup=False)
    else:
        out.print("There are no backups yet; they are made when a command starts.")


def _when(backup: "Backup") -> str:
    return f"{backup.at:%Y-%m-%d %H:%M} UTC"


def _holds(backup: "Backup") -> str:
    from ui.words import count

    plural = {"study": "studies"}
    return ", ".join(
        f"{n} {plural[thing]}" if thing in plural and n != 1 else count(n, thing) for thing, n in backup.holds().items()
    )
