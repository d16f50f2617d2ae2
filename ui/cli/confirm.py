"""`recpilot confirm`: is the best of a study better than the defaults and a simple baseline? Reads the sealed test."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.confirmation import N_SEEDS, N_TOP
from ui.cli.common import AsJson, console, print_json, workspace

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
    as_json: AsJson = False,
) -> None:
    """Run the best trials and the defaults with several seeds, choose on validation, then read test once."""
    from agent.confirming.opening import open_confirmer

    out = console(as_json)
    with workspace(llm="none") as opened:
        chosen = opened.runner.open(study)
        incumbent = None if against is None else _incumbent(chosen, against)
        command = f"recpilot confirm {study} --seeds {seeds} --top {top}" + (f" --against {against}" if against else "")
        confirmer = open_confirmer(opened, chosen, n_seeds=seeds, n_top=top, incumbent=incumbent, command=command)
        found = run_confirmation(opened, confirmer, out)
    if as_json:
        print_json(found.to_dict())


def run_confirmation(opened: "Workspace", confirmer: "Confirmer", out: "Console") -> "Confirmation":
    """To the end, with a bar for all runs; then the verdict and where the record lies."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from ui.confirmation import write_record

    columns = (TextColumn("  [cyan]{task.description}"), BarColumn(bar_width=28), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True) as progress:
        bar = progress.add_task("confirming", total=None)
        for step in confirmer.steps():
            what = f"{step.contender} on {step.stage}, seed {step.seed}"
            progress.update(bar, description=what, completed=step.done, total=step.total)
    found = confirmer.confirmation
    print_confirmation(found, out)
    html, record = write_record(found, opened.settings.reports)
    out.print(f"\nRecord   {html}\n         {record}", soft_wrap=True)
    return found


def print_confirmation(found: "Confirmation", out: "Console") -> None:
    """The verdict, then how it came about."""
    from agent.answers.confirmation import details, verdict

    out.print(f"\n[bold]Confirmed[/]  {verdict(found)}", highlight=False)
    for sentence in details(found):
        out.print(f"  {sentence}", highlight=False)


def _incumbent(study: "Study", against: str) -> "Contender":
    """A trial of the study by its number, or the params in a file.

    Raises:
        agent.errors.UserError: There is no such trial.
        recmodels.errors.ParamError: The params cannot be read.
    """
    from agent.confirming.choice import incumbent_of

    if against.isdigit():
        record = study.record(int(against))
        return incumbent_of({"model": record.model, "params": dict(record.params)}, study.spec.models)
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
