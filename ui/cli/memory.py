"""`recpilot memory`: search, count, rebuild, export and import what past trials taught."""

from pathlib import Path
from typing import Annotated

import typer

from ui.cli.common import AsJson, MemoryUrl, console, existing_file, print_json, workspace

app = typer.Typer(help="What past trials taught: search, stats, rebuild, export, import.", no_args_is_help=True)


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
        out.print("Nothing is remembered yet.")


@app.command()
def stats(memory_url: MemoryUrl = None, as_json: AsJson = False) -> None:
    """How many trials, datasets and lessons are remembered."""
    with workspace(memory_url=memory_url, llm="none") as opened:
        counts = opened.memory.stats()
    if as_json:
        print_json(counts)
    else:
        console().print(", ".join(f"{count} {kind}s" for kind, count in counts.items()))


@app.command()
def rebuild(memory_url: MemoryUrl = None) -> None:
    """Write the memory anew from the ledger; lessons that people told stay."""
    with workspace(memory_url=memory_url, llm="none") as opened:
        trials = opened.ledger.records()
        opened.memory.rebuild(trials)
        console().print(f"{len(trials)} trials of the ledger are remembered; datasets and lessons stayed.")


@app.command("export")
def export_(path: Annotated[Path, typer.Argument(help="A JSON-lines file.")], memory_url: MemoryUrl = None) -> None:
    """Write everything remembered to a file."""
    with workspace(memory_url=memory_url, llm="none") as opened:
        console().print(f"{opened.memory.export(path)} records in {path}")


@app.command("import")
def import_(path: Annotated[Path, typer.Argument(help="Such a file.")], memory_url: MemoryUrl = None) -> None:
    """Remember everything in a file."""
    existing_file(path)
    with workspace(memory_url=memory_url, llm="none") as opened:
        console().print(f"{opened.memory.import_(path)} records remembered")
