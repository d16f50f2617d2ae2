"""`recpilot memory`: search, count, rebuild, export and import what past trials taught; measure trials for others."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from ui.cli.common import AsJson, MemoryUrl, OneDevice, console, duration, existing_file, print_json, workspace

if TYPE_CHECKING:
    from memory.histories.measured import MeasuredTrial
    from memory.store import Imported, Rebuilt

_SHOWN = 50  # lines of an import that are named with the reason
app = typer.Typer(
    help="What past trials taught: search, stats, rebuild, export, import, measure.", no_args_is_help=True
)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="In words: small dense movie data, sasrec.")],
    dataset: Annotated[str | None, typer.Option(help="Only of this dataset.")] = None,
    model: Annotated[str | None, typer.Option(help="Only of this model.")] = None,
    k: Annotated[int, typer.Option(help="How many.")] = 5,
    memory_url: MemoryUrl = None,
    as_json: AsJson = False,
) -> None:
    """What resembles the query, most alike first."""
    from memory.record import to_dict
    from memory.summary import summarize

    with workspace(memory_url=memory_url, llm="none") as opened:
        found = opened.memory.recall(query, dataset=dataset, model=model, k=k)
    if as_json:
        print_json([{"similarity": hit.similarity} | to_dict(hit.record) for hit in found])
        return
    out = console()
    for hit in found:
        out.print(f"{hit.similarity:.2f}  {hit.record.id}", style="bold", markup=False)
        out.print(f"      {summarize(hit.record)}", markup=False, soft_wrap=True)
    if not found:
        where = [f"of {kind} {name}" for kind, name in (("dataset", dataset), ("model", model)) if name]
        out.print(f"Nothing is remembered {' and '.join(where)}{' ' if where else ''}yet.", markup=False)


@app.command()
def stats(memory_url: MemoryUrl = None, as_json: AsJson = False) -> None:
    """How many trials, datasets and lessons are remembered."""
    with workspace(memory_url=memory_url, llm="none") as opened:
        counts = opened.memory.stats()
    if as_json:
        print_json(counts)
    else:
        from ui.words import count

        console().print(", ".join(count(n, kind) for kind, n in counts.items()), markup=False)


@app.command()
def rebuild(memory_url: MemoryUrl = None) -> None:
    """Write the memory again from the ledger: trials, lessons, and what was imported."""
    with workspace(memory_url=memory_url, llm="none") as opened:
        console().print(rebuilt_words(opened.memory.rebuild()), markup=False, soft_wrap=True)


def rebuilt_words(rebuilt: "Rebuilt") -> str:
    """What a rebuild did, in a sentence or two."""
    from ui.words import count

    counts = ", ".join(count(n, kind) for kind, n in rebuilt.counts.items())
    if (n := rebuilt.n_elsewhere) > 0:
        own = rebuilt.counts["trial"] - n
        counts += f"; {own:,} of the trials from its studies, {n:,} from imports or from studies that it does not have"
    says = f"The memory was written again from the ledger: {counts}."
    if rebuilt.kept:
        says += f" Of these, {count(len(rebuilt.kept), 'record')} came from the old memory and are in the ledger now."
    if rebuilt.moved_to is None:
        return says
    says += f" The old memory was damaged and lies in {rebuilt.moved_to} now; "
    if rebuilt.unread:
        return says + "what was imported or noted by an earlier version of recpilot stood only there and is not here."
    return says + "nothing of it is lost."


@app.command("export")
def export_(path: Annotated[Path, typer.Argument(help="A JSON-lines file.")], memory_url: MemoryUrl = None) -> None:
    """Write everything remembered to a file."""
    from ui.words import count

    with workspace(memory_url=memory_url, llm="none") as opened:
        n = opened.memory.export(path)
    console().print(f"{count(n, 'record')} in {path}", markup=False, soft_wrap=True)


@app.command("import")
def import_(path: Annotated[Path, typer.Argument(help="Such a file.")], memory_url: MemoryUrl = None) -> None:
    """Remember everything in a file; what cannot be so is named with its line, and the rest is remembered."""
    existing_file(path)
    with workspace(memory_url=memory_url, llm="none") as opened:
        found = opened.memory.import_(path)
    errors = console(as_json=True)
    for line in refused_lines(path.name, found.refused):
        errors.print(line, markup=False, soft_wrap=True)
    console().print(imported_words(found), markup=False, soft_wrap=True)
    if found.refused:
        raise typer.Exit(1)


def refused_lines(name: str, refused: Sequence[str]) -> list[str]:
    """What is said of the lines that an import refused: each of the first ones, then the numbers of the others."""
    shown = [f"{name}, {said}" for said in refused[:_SHOWN]]
    rest = [said.partition(":")[0].removeprefix("line ") for said in refused[_SHOWN:]]
    return [*shown, f"{name}, refused too: line{'s' if len(rest) > 1 else ''} {', '.join(rest)}"] if rest else shown


def imported_words(found: "Imported") -> str:
    """What an import brought, in a few sentences."""
    from ui.words import count

    says = f"{count(found.n_new, 'record')} remembered"
    if found.n_here:
        says += f", {found.n_here:,} {'is' if found.n_here == 1 else 'are'} here already"
    if found.refused:
        says += f", {count(len(found.refused), 'line')} refused"
    if not (found.n_new or found.n_here or found.refused):
        says += ": the file holds none"
    if found.n_notes:
        whose = "One of them is a note" if found.n_notes == 1 else f"{found.n_notes:,} of them are notes"
        says += (
            f". {whose} of another person: what is imported binds nothing here; "
            "say “remember that …” in the chat to make a note your own"
        )
    if found.ignored:
        these = (
            "a field that this version of recpilot does not know is"
            if len(found.ignored) == 1
            else ("fields that this version of recpilot does not know are")
        )
        says += f". Left out: {', '.join(found.ignored[:_SHOWN])}; {these} ignored"
    return f"{says}."


@app.command()
def measure(
    dataset: Annotated[list[str], typer.Option(help="A name, or a dataset's folder. May be repeated.")],
    model: Annotated[list[str], typer.Option(help="May be repeated.")],
    to: Annotated[Path, typer.Option(help="A folder; what it holds already is not measured again.")],
    configurations: Annotated[int, typer.Option(min=1, help="Of each model: the defaults, then points spread.")] = 60,
    seed: Annotated[int, typer.Option(min=0, help="Of the configurations.")] = 0,
    split: Annotated[str, typer.Option(help="auto, random, leave_last_out, temporal, given.")] = "random",
    objective: Annotated[str, typer.Option(help="What epochs are chosen by.")] = "ndcg@10",
    epochs: Annotated[int | None, typer.Option(min=1, help="At most; default: each model's own.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes, of one thread each.")] = 1,
    time_limit: Annotated[str | None, typer.Option(help="Of each trial: 90s, 10m.")] = None,
    stop_after: Annotated[str | None, typer.Option(help="Give up what runs by then, to be resumed: 30m, 8h.")] = None,
    device: OneDevice = "cpu",
    pack_to: Annotated[Path | None, typer.Option(help="In the end, compressed files of all in the folder.")] = None,
) -> None:
    """Measure the same configurations on every dataset, validation only; resumes where it was cut off."""
    from agent.measuring.measurement import Dataset, How, plan
    from agent.measuring.runner import measure as measure_all
    from agent.measuring.runner import missing
    from memory.histories.files import pack, read_lines
    from recmodels.metrics import parse_metric
    from recmodels.request import SplitSpec
    from ui.words import count

    how = How(
        split=SplitSpec(kind=split.replace("-", "_")),  # type: ignore[arg-type]  # it checks itself
        objective=parse_metric(objective),
        epochs=epochs,
        time_limit_s=duration(time_limit),
        device=device,
    )
    datasets = [Dataset.open(_dataset_folder(name), how) for name in dataset]
    wanted = plan(datasets, model, configurations, seed, how)
    with _bar(len(wanted), len(wanted) - len(missing(wanted, to))) as advance:
        n = measure_all(wanted, to, n_jobs=jobs, limit_s=duration(stop_after), on_done=advance)
    trials = read_lines(to)
    console().print(f"{n:,} measured; {to} holds {count(len(trials), 'trial')}", markup=False, soft_wrap=True)
    for path in pack(trials, pack_to) if pack_to is not None else ():
        console().print(f"{path}  {path.stat().st_size / 1e3:.0f} kB", markup=False, soft_wrap=True)


@contextmanager
def _bar(total: int, n_done: int) -> Iterator[Callable[["MeasuredTrial"], None]]:
    """A progress bar on stderr; what it gives is told of each trial."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console(as_json=True)) as progress:
        task = progress.add_task("", total=total, completed=n_done)

        def advance(trial: "MeasuredTrial") -> None:
            came = trial.reason if trial.value is None else f"{trial.value:.4f}"
            progress.update(task, advance=1, description=escape(f"{trial.model} on {trial.dataset}: {came}"))

        yield advance


def _dataset_folder(name: str) -> Path:
    """A folder that holds a saved dataset, else that of the dataset of this name."""
    from agent.settings import Settings
    from recmodels.data.catalogue import Catalogue

    if (Path(name) / "dataset.json").is_file():
        return Path(name)
    return Catalogue(Settings().datasets).get(name).folder
