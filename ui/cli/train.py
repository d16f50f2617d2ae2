"""`recpilot train`: one training run, no agent."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recmodels.command import TEST_WAS_READ
from ui.cli.common import AsJson, assignments, console, duration, print_json

if TYPE_CHECKING:
    from rich.console import Console

    from recmodels.request import TrainRequest, TrainResult


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(train)


def train(
    dataset: Annotated[str, typer.Argument(help="A dataset's name, `demo`, or a file.")],
    model: Annotated[str, typer.Option(help="Its name, such as sasrec; a name that there is not brings the list.")],
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="A param, as learning_rate=0.001; the rest are defaults.")
    ] = None,
    split: Annotated[str, typer.Option(help="auto, leave_last_out, temporal, random, given.")] = "auto",
    objective: Annotated[str, typer.Option(help="Early stopping and the best epoch follow it.")] = "ndcg@10",
    epochs: Annotated[int | None, typer.Option(help="At most.")] = None,
    time_limit: Annotated[str | None, typer.Option(help="90s, 30m.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same weights on a CPU.")] = 0,
    refit: Annotated[
        bool,
        typer.Option(
            "--refit",
            help="Learn again from train and valid, for as many epochs as were best, and measure test on that.",
        ),
    ] = False,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, mps.")] = "auto",
    precision: Annotated[str, typer.Option(help="auto, fp32, bf16.")] = "auto",
    checkpoint: Annotated[
        Path | None, typer.Option(help="Folder for the weights; default: under the home folder.")
    ] = None,
    tensorboard: Annotated[Path | None, typer.Option(help="Folder for TensorBoard logs.")] = None,
    as_json: AsJson = False,
) -> None:
    """Train one model once and print its metrics."""
    from agent.settings import Settings
    from recmodels.data.catalogue import Catalogue
    from recmodels.metrics import parse_metric
    from recmodels.request import Budget, SplitSpec, TrainRequest

    settings = Settings()
    stored = Catalogue(settings.datasets).get(dataset)
    request = TrainRequest(
        dataset=stored.folder,
        model=model,
        params=assignments(set_ or []),
        split=SplitSpec(kind=split),  # type: ignore[arg-type]  # it checks itself
        objective=parse_metric(objective),
        budget=Budget(epochs=epochs, time_limit_s=duration(time_limit)),
        seed=seed,
        measures_test=True,
        refit=refit,
        checkpoint=checkpoint or settings.checkpoints / "train" / f"{stored.name}-{model}-{seed}",
        tracker_folder=tensorboard,
        device=device,
        precision=precision,  # type: ignore[arg-type]  # checked by the training tool
    )
    out = console(as_json)
    result = run_shown(request, out)
    say_test_was_read(out)
    if as_json:
        print_json({"model": model} | result.summary())
        return
    _show(result, out)


def say_test_was_read(out: "Console") -> None:
    """Called once for every measuring of the test part from the command line: the place to count them."""
    out.print(TEST_WAS_READ)


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
            out.print(f"The run failed: {failure}")
            raise typer.Exit(1) from failure


def _show(result: "TrainResult", out: "Console") -> None:
    from rich.table import Table

    from ui.words import epochs_line, number, size, values_line

    names = [name.removeprefix("valid_") for name in result.metrics if name.startswith("valid_")]
    table = Table(box=None, header_style="bold")
    for heading in ("metric", "valid", "test"):
        table.add_column(heading, justify="left" if heading == "metric" else "right")
    for name in names:
        table.add_row(name, number(result.metrics[f"valid_{name}"]), number(result.metrics.get(f"test_{name}")))
    out.print(table)
    cost = result.cost
    out.print(
        f"{epochs_line(cost)}, best {result.best_epoch}; "
        f"{number(int(cost['n_parameters']))} parameters, {cost['trainable_share']:.1%} of them trained, "
        f"{size(cost.get('weights_bytes', 0))}; {size(cost['peak_memory_bytes'])} of memory; split {result.split}"
    )
    if cost["batch_splits"]:
        n_parts = 2 ** int(cost["batch_splits"])
        out.print(f"Batches did not fit in memory and were read in {n_parts} parts, as one step.")
    if "refit_epochs" in cost:
        epochs = epochs_line({"epochs": cost["refit_epochs"], "train_s": cost["refit_s"]})
        out.print(f"Test and weights are of a refit on train and valid together, {epochs}.")
    out.print(values_line(result.params), soft_wrap=True)
    out.print(f"Weights  {result.checkpoint}", soft_wrap=True)
