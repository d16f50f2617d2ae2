"""`recpilot backtest`: one configuration on windows of time that follow each other."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from recmodels.command import HELP, TEST_WAS_READ, request_of
from ui.cli.common import AsJson, OneDevice, console, print_json

if TYPE_CHECKING:
    from rich.console import Console

    from agent.measuring.backtesting import WindowResult


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(backtest)


def backtest(
    dataset: Annotated[str, typer.Argument(help="A dataset's name, or `demo`.")],
    model: Annotated[str, typer.Option(help=HELP["model"])],
    set_: Annotated[list[str] | None, typer.Option("--set", help=HELP["set"])] = None,
    windows: Annotated[int, typer.Option(help="How many, the last ones of the data.", min=1)] = 4,
    objective: Annotated[str, typer.Option(help="What is measured on each window.")] = "ndcg@10",
    positive: Annotated[str | None, typer.Option(help=HELP["positive"])] = None,
    repeat_events: Annotated[str | None, typer.Option(help=HELP["repeat_events"])] = None,
    outcome: Annotated[str | None, typer.Option(help=HELP["outcome"])] = None,
    epochs: Annotated[int | None, typer.Option(help=HELP["epochs"])] = None,
    seed: Annotated[int, typer.Option(min=0, help=HELP["seed"])] = 0,
    device: OneDevice = "auto",
    threads: Annotated[int | None, typer.Option(help=HELP["threads"])] = None,
    as_json: AsJson = False,
) -> None:
    """Train on all that came before each window of time and measure on the window; a reading of test, and counted."""
    from agent.answers.wording import listed, ordinal
    from agent.confirming.opening import count_readings
    from agent.measuring.backtesting import FEW_USERS
    from agent.measuring.backtesting import backtest as run_windows
    from agent.settings import Settings
    from recmodels.data import outcomes
    from recmodels.data.catalogue import Catalogue
    from recmodels.data.likes import rule_of, said_of, with_likes
    from recmodels.data.repeats import choice_of
    from recmodels.data.split import split
    from recmodels.data.versions import known
    from recmodels.data.windows import windows as windows_of
    from recmodels.metrics import prediction_of
    from recmodels.outcomes import parse_outcomes
    from recmodels.request import SplitSpec
    from recmodels.training import train

    settings, out = Settings(), console(as_json)
    stored = known(Catalogue(settings.datasets), dataset)
    request = request_of(
        stored.folder,
        model,
        assigned=set_ or (),
        objective=objective,
        positive=positive,
        repeat_events=repeat_events,
        outcome=outcome,
        epochs=epochs,
        seed=seed,
        device=device,
        threads=threads,
    )
    data = stored.load()
    windows_of(data, windows)  # refuses what cannot be before anything is counted
    rule = rule_of(positive, data)  # of all rows: a window alone may not show the whole scale
    liked = with_likes(data, rule)
    repeats = choice_of(request.repeats, liked, split(liked, SplitSpec(kind="temporal")))
    request = replace(request, positive=rule.to_text(), repeats=repeats.kind)
    weights = None if request.outcomes is None else outcomes.known_outcomes(data, parse_outcomes(request.outcomes))
    readings = count_readings(settings.ledger, stored.folder)
    found = []
    for result in run_windows(request, windows, train):
        found.append(result)
        out.print(f"window {result.window.number} of {windows} is measured", markup=False)
    counted = listed([f"the {ordinal(n)} of {kind}" for kind, n in readings.items()])
    out.print(f"{TEST_WAS_READ} The windows share rows with test parts; this reading was {counted}.", markup=False)
    if as_json:
        print_json(
            {
                "dataset": stored.name,
                "model": model,
                "params": dict(request.params),
                "objective": request.objective,
                "positive": request.positive,
                "repeat_events": {"choice": repeats.kind, "says": repeats.says},
                "outcomes": request.outcomes,
                "windows": [result.to_json() for result in found],
                "readings": readings,
            }
        )
        return
    _show(found, request.objective, out)
    for said in filter(None, (said_of(data, rule), repeats.says)):
        out.print(f"{said[0].upper()}{said[1:]}.", markup=False, soft_wrap=True)
    if weights is not None:
        weighed = outcomes.said_of(data, weights, predicts=prediction_of(request.objective) is not None)
        out.print(f"Outcomes are weighed: {weighed}.", markup=False, soft_wrap=True)
    for result in found:
        if result.reason:
            out.print(f"Window {result.window.number} has no value: {result.reason}.", markup=False, soft_wrap=True)
    if small := [str(result.window.number) for result in found if result.is_small and not result.reason]:
        which = f"window{'s' * (len(small) > 1)} {listed(small)}"
        out.print(f"Too small to say much, with fewer than {FEW_USERS} users measured: {which}.", markup=False)
    if all(result.value is None for result in found):
        raise typer.Exit(1)


def _show(found: "list[WindowResult]", objective: str, out: "Console") -> None:
    from rich.table import Table

    from recmodels.data.filtering import day
    from ui.words import number

    table = Table(box=None, header_style="bold")
    for heading in ("window", "from", "to", "events before", "events", "users measured", objective, "±"):
        table.add_column(heading, justify="left" if heading in ("from", "to") else "right")
    for result in found:
        window, measured = result.window, result.measured
        table.add_row(
            str(window.number),
            day(window.first),
            day(window.last),
            f"{window.n_before:,}",
            f"{window.n_events:,}",
            "–" if measured is None else f"{measured.n_measured:,}",
            number(result.value),
            number(result.half_width),
        )
    out.print(table)
