"""`recpilot restore`: the backups of the ledger and the chats, and one of them put in the place of its file."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.common import AsJson, console, print_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from agent.backups.contents import Lacking
    from agent.backups.listing import Backup
    from agent.settings import Settings
    from ui.terminal import Terminal

_N_NAMED = 8  # studies or chats that are called by their names
_PLURAL = {"study": "studies"}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(restore)


def restore(
    name: Annotated[str | None, typer.Argument(help="As in the list that the command shows without it.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the backups of the ledger and the chats, and put one in place; the file that was there is kept."""
    from agent.settings import Settings

    settings, out = Settings(), console(as_json)
    found = _found(settings, out)
    if as_json:
        print_json([_told(one) for one in found])
    elif name is None:
        _list(found, out)
    if settings.ledger_file is None:
        out.print("The ledger is on a database server, so no backups of it are made here: take them with `pg_dump`.")
    if name is None and found and not as_json and sys.stdin.isatty():
        name = typer.prompt("Which one? Its name, or Enter for none", default="", show_default=False).strip() or None
    if name is not None:
        _put_back(_named(name, found), settings, yes, out)


def _places(settings: "Settings") -> "Mapping[str, Path]":
    """The databases of the home folder by the names of their files."""
    return {place.name: place for place in (settings.chats, settings.ledger_file) if place is not None}


def _found(settings: "Settings", out: "Terminal") -> "list[Backup]":
    """All that can be put back, the latest first; the rest of the folder is told."""
    from agent.backups.listing import backups, replaced, strays

    for path in strays(settings.backups):
        out.print(f"{path} is called as a backup and is none; it is left out.", markup=False, soft_wrap=True)
    found = backups(settings.backups) + [one for place in _places(settings).values() for one in replaced(place)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _named(name: str, found: "Sequence[Backup]") -> "Backup":
    from agent.errors import UserError

    for one in found:
        if name.removesuffix(".db") == one.name:
            return one
    hint = "; a number changes with each new backup, so they have names" if name.isdecimal() else ""
    raise UserError(f"there is no backup {name!r}{hint}; `recpilot restore` lists {len(found)}")


def _put_back(backup: "Backup", settings: "Settings", is_sure: bool, out: "Terminal") -> None:
    from agent.backups.contents import fault, lacking
    from agent.backups.restoring import check_usable, put_back
    from agent.errors import UserError

    places = _places(settings)
    if backup.file not in places:
        raise UserError(f"{backup.path} is of {backup.file}, which these settings do not use")
    place = places[backup.file]
    check_usable(backup, place, tuple(places.values()))
    is_whole = fault(place, place.name) is None
    newer = _newer(lacking(place, backup.path)) if is_whole else ""
    if not is_sure:
        if is_whole:
            says = f"What is newer than it would go: {newer}." if newer else "Nothing in the present one is newer."
            out.print(says, markup=False, soft_wrap=True)
        typer.confirm(f"Put the {backup.file} of {_when(backup)} in place of the present one?", abort=True)
    aside = put_back(backup, place, tuple(places.values()))
    says = f"{backup.file} is as it was on {_when(backup)}: {_holds(backup)}."
    says += f" What came after is not in it: {newer}." if newer else ""
    if aside is not None and ".replaced-" in aside.name:
        says += f" The file that was there is kept; to put it back: recpilot restore {aside.name}"
    elif aside is not None:
        says += f" The damaged file that was there lies in {aside}."
    out.print(says, markup=False, soft_wrap=True)
    if place == settings.ledger_file:
        out.print("Readings of test that were counted since stay counted.", markup=False)
        says = "Weights and memory stay as they are; to write the memory again from it: recpilot memory rebuild"
        out.print(says, markup=False, soft_wrap=True)


def _newer(lost: "Lacking") -> str:
    """What would be lost, in words; empty where nothing is."""
    named = {"study": lost.studies, "chat": lost.chats}
    counted = {"trial": (lost.n_trials, " of other studies"), "lesson": (lost.n_lessons, "")}
    counted["confirmation"] = (lost.n_confirmations, " of other studies")
    parts = [f"{_count(len(names), thing)} ({_some(names)})" for thing, names in named.items() if names]
    return ", ".join(parts + [f"{_count(n, thing)}{of}" for thing, (n, of) in counted.items() if n])


def _some(names: "Sequence[str]") -> str:
    more = len(names) - _N_NAMED
    return ", ".join(names[:_N_NAMED]) + (f" and {more} more" if more > 0 else "")


def _list(found: "Sequence[Backup]", out: "Terminal") -> None:
    width = max((len(backup.name) for backup in found), default=0)
    for backup in found:
        fault = backup.fault()
        says = _holds(backup) if fault is None else f"damaged ({fault})"
        says += "; a backup took its place then" if backup.is_replaced else ""
        out.print(f"{backup.name:<{width}}  {_when(backup)}  {says}", markup=False, soft_wrap=True)
    if found:
        out.print("\nTo put one in place: recpilot restore NAME", markup=False)
    else:
        out.print("There are no backups yet; they are made when a command starts.")


def _told(backup: "Backup") -> "Mapping[str, object]":
    """JSON-ready."""
    about = {"name": backup.name, "file": backup.file, "at": backup.at, "is_replaced": backup.is_replaced}
    return about | {"damaged": backup.fault()} | dict(backup.holds())


def _when(backup: "Backup") -> str:
    return f"{backup.at:%Y-%m-%d %H:%M} UTC"


def _holds(backup: "Backup") -> str:
    return ", ".join(_count(n, thing) for thing, n in backup.holds().items())


def _count(n: int, thing: str) -> str:
    from ui.words import count

    return f"{n} {_PLURAL[thing]}" if thing in _PLURAL and n != 1 else count(n, thing)
