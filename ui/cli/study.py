"""`recpilot study`: list, show and resume what the ledger holds."""

import time
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from ui.cli.common import AsJson, console, print_json, workspace
from ui.cli.question import wait_s

if TYPE_CHECKING:
    from rich.console import Console

    from agent.studies.study_spec import StudyStatus

app = typer.Typer(help="Studies in the ledger: list, show, resume, wait for, rename, delete.", no_args_is_help=True)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """All studies, the latest first."""
    from agent.confirming.readings import Readings
    from agent.errors import USER_ERRORS

    found: list[tuple[StudyStatus, int, str | None]] = []
    with workspace(llm="none") as opened:
        readings = Readings(opened.ledger.storage.engine)
        for name in opened.runner.names():
            try:
                study = opened.runner.open(name)
                found.append((study.status(), len(readings.done(study.name)), study.begun.person))
            except USER_ERRORS as error:
                console(as_json=True).print(str(error), style="red", markup=False)
    if as_json:
        rows = [
            {
                "study": status.name,
                "dataset": status.dataset,
                "models": list(status.models),
                "state": status.state,
                "run_by": status.run_by,
                "n_finished": status.n_finished,
                "n_trials": status.n_trials,
                "best": None if status.best is None else status.best.value,
                "confirmations": n_confirmations,
                "begun_by": person,
            }
            for status, n_confirmations, person in found
        ]
        print_json(rows)
        return
    out = console()
    for status, n_confirmations, person in found:
        print_line(status, n_confirmations, out, person)
    if not found:
        out.print("There is no study yet; begin with: recpilot tune demo --trials 5")


def print_line(status: "StudyStatus", n_confirmations: int, out: "Console", person: str | None = None) -> None:
    """One study of the list; `person`: who had logged in and began it."""
    from ui.words import number, trials_done

    best = "" if status.best is None else f", best {number(status.best.value)} (trial {status.best.number})"
    state = f"{status.state}, run by {status.run_by}" if status.run_by else status.state
    state = f"{state}, confirmed" if n_confirmations else state
    state = f"{state}, begun by {person}" if person else state
    done = trials_done(status.n_finished, status.n_trials)
    about = escape(f"{status.objective} on {status.dataset}")
    line = f"[bold]{escape(status.name)}[/]  {escape(state)}, {done}, {about}{best}"
    out.print(line, soft_wrap=True)


@app.command()
def show(name: Annotated[str, typer.Argument(help="A study.")], as_json: AsJson = False) -> None:
    """Leaderboard of one study, and its report written again."""
    from agent.confirming.opening import confirmations_of
    from ui.cli.tune import document, print_confirmations, print_leaderboard
    from ui.report import write_report

    with workspace(llm="none") as opened:
        study = opened.runner.open(name)
        confirmed = confirmations_of(opened, study.spec.name)
        path = write_report(study, opened.settings.reports, confirmed)
        if as_json:
            print_json(document(study, path, confirmed))
            return
        out = console()
        print_leaderboard(study, out)
        print_confirmations(confirmed, opened.settings.reports, out)
        out.print(f"\nReport   {path}", markup=False, soft_wrap=True)


@app.command()
def resume(name: Annotated[str, typer.Argument(help="A study.")], as_json: AsJson = False) -> None:
    """Go on with a study that was stopped or cut off; no finished trial is run again."""
    from ui.cli.tune import finish

    with workspace(is_command=True, answer_wait_s=wait_s() or None) as opened:
        finish(opened, opened.runner.resume(name), as_json)


@app.command()
def wait(
    name: Annotated[str | None, typer.Argument(help="A study; default: the latest.")] = None,
    every: Annotated[float, typer.Option(help="Seconds between two looks.", min=0.1)] = 2.0,
) -> None:
    """Return when a study ends, also one of another process, so that another command can follow."""
    with workspace(llm="none") as opened:
        names = opened.runner.names()
        if name is None and not names:
            raise typer.BadParameter("there is no study yet")
        study = opened.runner.peek(name or names[0])
        while (status := study.status()).state in ("queued", "running", "waiting"):
            time.sleep(every)
        print_line(status, 0, console())


@app.command()
def rename(
    name: Annotated[str, typer.Argument(help="A study.")], to: Annotated[str, typer.Argument(help="What to call it.")]
) -> None:
    """Call a study otherwise; its trials and weights stay as they are."""
    with workspace(llm="none") as opened:
        title = opened.runner.rename(name, to).title
    console().print(f"{name} is called {title} now.", markup=False)


@app.command()
def delete(
    name: Annotated[str, typer.Argument(help="A study.")],
    forget: Annotated[bool, typer.Option("--forget", help="The memory loses what its trials taught too.")] = False,
) -> None:
    """Take a study out of the list; its trials and weights stay on disk, and `study restore` brings it back."""
    with workspace(llm="none") as opened:
        own = opened.runner.delete(name, forgets=forget)
    console().print(f"Deleted {name}. To bring it back: recpilot study restore {own}", markup=False)


@app.command()
def restore(name: Annotated[str, typer.Argument(help="A deleted study.")]) -> None:
    """Bring a deleted study back."""
    with workspace(llm="none") as opened:
        title = opened.runner.restore(name).title
    console().print(f"{title} is in the list again.", markup=False)
