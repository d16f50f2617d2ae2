"""`recpilot confirm`: is the best of a study better than the defaults and a simple baseline? Reads the sealed test."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.confirmation import N_SEEDS, N_TOP
from ui.cli.common import AsJson, console, print_json, workspace
from ui.cli.ending import INTERRUPTED

if TYPE_CHECKING:
    from rich.console import Console

    from agent.confirmation import Confirmation, Contender
    from agent.confirming.confirmer import Confirmer
    from agent.studies.study import Study
    from agent.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(confirm)


def confirm(
    study: Annotated[str, typer.Argument(help="A study.")],
    seeds: Annotated[int, typer.Option(help="Runs of each, with other seeds.", min=1)] = N_SEEDS,
    top: Annotated[int, typer.Option(help="How many of the best trials take part.", min=1)] = N_TOP,
    against: Annotated[
        str | None, typer.Option(help='What runs today: a trial\'s number, or a JSON file {"model", "params"}.')
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Run what was confirmed already once more; it is another reading of test.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Run the best trials and the defaults with several seeds, choose on validation, then read test once.

    What was confirmed already is shown, and nothing is read again. Ctrl-C stops it; the same command goes on with it.
    """
    from agent.confirming.commands import confirm_command
    from agent.confirming.opening import open_confirmer

    out = console(as_json)
    with workspace(llm="none") as opened:
        chosen = opened.runner.open(study)
        incumbent = None if against is None else _incumbent(chosen, against)
        command = confirm_command(study, seeds, top, against)
        confirmer = open_confirmer(
            opened, chosen, n_seeds=seeds, n_top=top, incumbent=incumbent, command=command, again=again
        )
        found = run_confirmation(opened, confirmer, out)
    if as_json:
        print_json(found.to_dict() | {"already_confirmed": confirmer.is_answered})


def run_confirmation(opened: "Workspace", confirmer: "Confirmer", out: "Console") -> "Confirmation":
    """To the end, with a bar for all runs; then the verdict and where the record lies.

    Raises:
        typer.Exit: Ctrl-C stopped it.
    """
    from rich.markup import escape
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from agent.answers.confirmation import answered_before, stopped
    from ui.confirmation import write_record

    columns = (TextColumn("  [cyan]{task.description}"), BarColumn(bar_width=28), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True) as progress:
        bar = progress.add_task("confirming", total=None)
        try:
            for step in confirmer.steps():
                what = f"{step.contender} on {step.stage}, seed {step.seed}"
                progress.update(bar, description=escape(what), completed=step.done, total=step.total)
        except KeyboardInterrupt:
            confirmer.interrupt()
    found = confirmer.confirmation
    if not found.is_done:
        out.print(f"\n{stopped(found)}", markup=False, soft_wrap=True)
        raise typer.Exit(INTERRUPTED)
    if confirmer.is_answered:
        out.print(f"\n{answered_before(found)}", markup=False, highlight=False)
    print_confirmation(found, out)
    html, record = write_record(found, opened.settings.reports)
    out.print(f"\nRecord   {html}\n         {record}", markup=False, soft_wrap=True)
    return found


def follow_confirmation(opened: "Workspace", study: str, out: "Console") -> None:
    """Wait for a confirmation that runs in the background of this process, if there is one, and print how it went."""
    from agent.answers.confirmation import stopped
    from agent.events import ConfirmationFinished, ConfirmationStopped

    job, log = opened.runner.job_of(study), opened.runner.peek(study).log
    if job is None:
        return
    try:
        for event in log.follow(len(log), lambda: job.is_over):
            if isinstance(event, ConfirmationFinished):
                print_confirmation(event.confirmation, out)
            if isinstance(event, ConfirmationStopped):
                out.print(stopped(event.confirmation, event.reason), markup=False, soft_wrap=True)
    except KeyboardInterrupt:
        job.interrupt()
        out.print("Stopped; `confirm` goes on with it.", markup=False)


def print_confirmation(found: "Confirmation", out: "Console") -> None:
    """The verdict, then how it came about."""
    from rich.markup import escape

    from agent.answers.confirmation import details, verdict

    out.print(f"\n[bold]Confirmed[/]  {escape(verdict(found))}", highlight=False)
    for sentence in details(found):
        out.print(f"  {sentence}", markup=False, highlight=False)


def _incumbent(study: "Study", against: str) -> "Contender":
    """A trial of the study by its number, or the params in a file.

    Raises:
        agent.errors.UserError: There is no such trial.
        recmodels.errors.ParamError: The params cannot be read.
    """
    from agent.confirming.choice import incumbent_of, incumbent_trial

    if against.isdigit():
        return incumbent_trial(study.record(int(against)))
    path = Path(against)
    if not path.is_file():
        raise typer.BadParameter(f"--against takes a trial's number or a JSON file; there is no file {path}")
    try:
        given: Any = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise typer.BadParameter(f"{path} is no JSON: {error}") from error
    if not isinstance(given, dict):
        raise typer.BadParameter(f'{path} must hold {{"model": …, "params": {{…}}}}')
    return incumbent_of(given, study.spec.models)
