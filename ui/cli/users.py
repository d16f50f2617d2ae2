"""`recpilot users`: the people who may use the page in the browser: add, list, remove."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.common import AsJson, console, print_json

if TYPE_CHECKING:
    from ui.door.people import People

app = typer.Typer(help="People who may log in to the page in the browser: add, list, remove.", no_args_is_help=True)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Letters, digits, '.', '_' and '-'; read in lower case.")],
    password: Annotated[str | None, typer.Argument(hidden=True)] = None,
    as_json: AsJson = False,
) -> None:
    """Add a person; the password is asked for, or read from standard input as one line."""
    if password is not None:
        raise typer.BadParameter("a password is no argument, since the list of processes shows it; it is asked for")
    added = _people().add(name, _password(as_json))
    if as_json:
        print_json({"added": added})
    else:
        later = "one that runs without any does so from its next start on"
        console().print(f"Added {added}. `recpilot ui` asks for a login; {later}.", markup=False)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """The people who may log in."""
    names = _people().names()
    if as_json:
        print_json(names)
        return
    for name in names or ["Nobody yet: without users the page is for this machine only, and asks for no login."]:
        console().print(name, markup=False, soft_wrap=True)


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="A name, as `recpilot users list` gives it.")], as_json: AsJson = False
) -> None:
    """Remove a person: their sessions end, their chats stay and go to the person who gets the name later."""
    removed = _people().remove(name)
    if as_json:
        print_json({"removed": removed})
    else:
        stay = f"The chats of {removed} stay: who is added under this name later has them"
        delete = f"; to keep them from someone else, let {removed} delete them on the page first, or use another name"
        console().print(f"Removed {removed}. {stay}{delete}.", markup=False, soft_wrap=True)


def _password(as_json: bool) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=as_json)
    return asked


def _people() -> "People":
    from agent.settings import Settings
    from ui.door.people import People

    return People(Settings().users)
