"""`recpilot train`: one training run, no agent."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recmodels.command import HELP, TEST_WAS_READ, request_of
from recmodels.request import Budget
from ui.cli.common import AsJson, OneDevice, console, print_json
from ui.cli.reading import Column, dataset_of

if TYPE_CHECKING:
    from rich.console import Console

    from recmodels.request import TrainRequest, TrainResult


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(train)


def train(
    dataset: Annotated[str, typer.Argument(help="A dataset's name, `demo`, or a file.")],
    model: Annotated[str, typer.Option(help=HELP["model"])],
    column: Column = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help=HELP["set"])] = None,
    split: Annotated[str, typer.Option(help=HELP["split"])] = "auto",
    positive: Annotated[str | None, typer.Option(help=HELP["positive"])] = None,
    repeat_events: Annotated[str | None, typer.Option(help=HELP["repeat_events"])] = None,
    outcome: Annotated[str | None, typer.Option(help=HELP["outcome"])] = None,
    objective: Annotated[str, typer.Option(help=HELP["objective"])] = "ndcg@10",
    epochs: Annotated[int | None, typer.Option(help=HELP["epochs"])] = None,
    time_limit: Annotated[str | None, typer.Option(help=HELP["time_limit"])] = None,
    patience: Annotated[int, typer.Option(help=HELP["patience"])] = Budget().patience,
    seed: Annotated[int, typer.Option(min=0, help=HELP["seed"])] = 0,
    refit: Annotated[bool, typer.Option("--refit", help=HELP["refit"])] = False,
    test: Annotated[bool, typer.Option("--test/--no-test", help=HELP["test"])] = True,
    device: OneDevice = "auto",
    precision: Annotated[str, typer.Option(help=HELP["precision"])] = "auto",
    threads: Annotated[int | None, typer.Option(help=HELP["threads"])] = None,
    checkpoint: Annotated[
        Path | None, typer.Option(help=f"{HELP['checkpoint']} Default: under the home folder.")
    ] = None,
    resume_folder: Annotated[Path | None, typer.Option(help=HELP["resume_folder"])] = None,
    tensorboard: Annotated[
        Path | None, typer.Option("--tensorboard", "--tracker-folder", help=HELP["tensorboard"])
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Train one model once and print its metrics, those of test too unless it is told not to."""
    from agent.answers.wording import ordinal
    from agent.confirming.opening import count_reading
    from agent.settings import Settings
    from recmodels.data.catalogue import Catalogue
    from recmodels.data.outcomes import known_outcomes
    from recmodels.outcomes import parse_outcomes

    settings = Settings()
    stored = dataset_of(Catalogue(settings.datasets), dataset, column, as_json)
    place = checkpoint or settings.checkpoints / "train" / f"{stored.name}-{model}-{seed}"
    is_replaced = (place / "checkpoint.json").exists()
    request = request_of(
        stored.folder,
        model,
        assigned=set_ or (),
        split=split,
        positive=positive,
        repeat_events=repeat_events,
        outcome=outcome,
        objective=objective,
        epochs=epochs,
        time_limit=time_limit,
        patience=patience,
        seed=seed,
        refit=refit,
        test=test,
        checkpoint=place,
        resume_folder=resume_folder,
        tensorboard=tensorboard,
        device=device,
        precision=precision,
        threads=threads,
    )
    if request.outcomes is not None:
        known_outcomes(stored.load(), parse_outcomes(request.outcomes))  # before a reading is counted
    out = console(as_json)
    reading = count_reading(settings.ledger, request.dataset, request.split) if test else None
    result = run_shown(request, out)
    if reading is not None:
        out.print(f"{TEST_WAS_READ} This was the {ordinal(reading)} reading of this test part.")
    if as_json:
        print_json({"model": model} | result.summary())
        return
    _show(result, out, epochs, is_replaced=is_replaced)


def run_shown(request: "TrainRequest", out: "Console") -> "TrainResult":
    """Train with a progress bar; a failure is said and exits with 1."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from recmodels.errors import TrialFailed
    from recmodels.request import EpochReport, RefitReport
    from recmodels.training import train as run
    from ui.words import number

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("epoch {task.completed:.0f}/{task.total:.0f}  {task.fields[value]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=out, transient=True) as progress:
        bar = progress.add_task(request.model, total=1, value="")

        def on_epoch(report: EpochReport) -> None:
            progress.update(
                bar, completed=report.epoch, total=report.epochs, value=f"{request.objective} {number(report.value)}"
            )

        def on_refit(report: RefitReport) -> None:
            progress.update(
                bar,
                description=f"{request.model} on train and valid",
                completed=report.epoch,
                total=report.epochs,
                value="",
            )

        try:
            return run(request, on_epoch, on_refit)
        except TrialFailed as failure:
            out.print(f"The run failed: {failure}", markup=False)
            raise typer.Exit(1) from failure


def _show(result: "TrainResult", out: "Console", epochs: int | None, *, is_replaced: bool) -> None:
    """What a run came to.

    Args:
        epochs: That were asked for in place of those of the params.
        is_replaced: Whether other weights were in their place.
    """
    from rich.table import Table

    from recmodels.measured import MeasuredUsers
    from ui.words import epochs_line, number, size, values_line

    names = [name.removeprefix("valid_") for name in result.metrics if name.startswith("valid_")]
    table = Table(box=None, header_style="bold")
    for heading in ("metric", "valid", "test"):
        table.add_column(heading, justify="left" if heading == "metric" else "right")
    for name in names:
        table.add_row(name, number(result.metrics[f"valid_{name}"]), number(result.metrics.get(f"test_{name}")))
    out.print(table)
    for part, counts in result.measured.items():
        who = MeasuredUsers.from_json(counts)
        out.print(f"{part}: measured on {who}", markup=False, soft_wrap=True)
        if cold := who.cold_words():
            out.print(f"{part}: {cold}", markup=False, soft_wrap=True)
    if result.outcomes:
        out.print(f"Outcomes are weighed: {result.outcomes_said}.", markup=False, soft_wrap=True)
        for part, relevant in result.relevant.items():
            told = ", ".join(f"{n:,} {outcome}" for outcome, n in relevant.items())
            out.print(f"{part}: lists could find {told}", markup=False, soft_wrap=True)
    cost = result.cost
    out.print(
        f"{epochs_line(cost)}, best {result.best_epoch}; "
        f"{number(int(cost['n_parameters']))} parameters, {cost['trainable_share']:.1%} of them trained, "
        f"{size(cost.get('weights_bytes', 0))}; {size(cost['peak_memory_bytes'])} of memory; split {result.split}",
        markup=False,
    )
    for said in filter(None, (result.likes, result.repeats_says)):
        out.print(f"{said[0].upper()}{said[1:]}.", markup=False, soft_wrap=True)
    if cost["batch_splits"]:
        n_parts = 2 ** int(cost["batch_splits"])
        out.print(f"Batches did not fit in memory and were read in {n_parts} parts, as one step.")
    if "refit_epochs" in cost:
        of_refit = epochs_line({"epochs": cost["refit_epochs"], "train_s": cost["refit_s"]})
        out.print(f"Test and weights are of a refit on train and valid together, {of_refit}.")
    if result.reason:
        out.print(f"It ended early: {result.reason}.", markup=False)
    its_params = dict(result.params)
    if epochs is not None and "epochs" in its_params:
        its_params["epochs"] = epochs
    out.print(values_line(its_params), markup=False, soft_wrap=True)
    before = ", in place of those of an earlier run" if is_replaced else ""
    out.print(f"Weights  {result.checkpoint}{before}", markup=False, soft_wrap=True)
