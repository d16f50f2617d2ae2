"""`recpilot study`: list, show and resume what the ledger holds."""

from typing import Annotated

import typer

from ui.cli.common import AsJson, console, print_json, workspace

app = typer.Typer(help="Studies in the ledger: list, show, resume.", no_args_is_help=True)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """All studies, the latest first."""
    from agent.errors import USER_ERRORS
    from ui.words import number

    statuses = []
    with workspace(llm="none") as opened:
        for name in opened.runner.names():
            try:
                statuses.append(opened.runner.open(name).status())
            except USER_ERRORS as error:
                console(as_json=True).print(str(error), style="red", markup=False)
    if as_json:
        rows = [
            {
                "study": status.name,
                "dataset": status.dataset,
                "models": list(status.models),
                "state": status.state,
                "n_finished": status.n_finished,
                "n_trials": status.n_trials,
                "best": None if status.best is None else status.best.value,
            }
            for status in statuses
        ]
        print_json(rows)
        return
    out = console()
    for status in statuses:
        best = "" if status.best is None else f", best {number(status.best.value)} (trial {status.best.number})"
        done = f"{status.n_finished} of {status.n_trials} trials"
        out.print(f"[bold]{status.name}[/]  {status.state}, {done}, {status.objective} on {status.dataset}{best}")
    if not statuses:
        out.print("There is no study yet; begin with: recpilot tune demo --trials 5")


@app.command()
def show(name: Annotated[str, typer.Argument(help="A study.")], as_json: AsJson = False) -> None:
    """Leaderboard of one study, and its report written again."""
    from ui.cli.tune import document, print_leaderboard
    from ui.report import write_report

    with workspace(llm="none") as opened:
        study = opened.runner.open(name)
        path = write_report(study, opened.settings.reports)
        if as_json:
            print_json(document(study, str(path)))
            return
        out = console()
        print_leaderboard(study, out)
        out.print(f"\nReport   {path}", markup=False, soft_wrap=True)


@app.command()
def resume(name: Annotated[str, typer.Argument(help="A study.")], as_json: AsJson = False) -> None:
    """Go on with a study that was stopped or cut off; no finished trial is run again."""
    from ui.cli.tune import finish

    with workspace() as opened:
        finish(opened, opened.runner.resume(name), as_json)
