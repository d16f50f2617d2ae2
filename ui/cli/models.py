"""`recpilot models`: add, list and remove the language models that are kept on this machine."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.common import AsJson, console, print_json

if TYPE_CHECKING:
    from rich.console import Console

    from recmodels.pretrained.shelf import ShelvedModel

app = typer.Typer(help="Language models on this machine: add, list, remove.", no_args_is_help=True)


@app.command()
def add(
    source: Annotated[str, typer.Argument(help="smollm2, a GGUF file, a folder, or a hub id such as Qwen/Qwen3-0.6B.")],
    name: Annotated[str | None, typer.Option(help="What to call it; default: that of the source.")] = None,
    as_json: AsJson = False,
) -> None:
    """Bring a language model and keep it; `--llm NAME` then takes it."""
    from agent.llm.shelf.adding import add_model

    out = console(as_json)
    with _progress(out) as say:
        model = add_model(source, _shelf(), name, say)
    if as_json:
        print_json(model.summary())
        return
    _print(model, out)
    use = (
        f"recpilot chat --llm {model.name}" if model.has_chat else f"RECPILOT_CAUSAL_MODEL={model.name} for llm_ranker"
    )
    note = "" if model.has_chat else "It has no chat template, so it cannot chat or decide. "
    out.print(f"{note}Use it: {use}", markup=False, soft_wrap=True)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """The language models that are here."""
    from recmodels.pretrained.shelf import HOW_TO_ADD, all_shelved

    models = all_shelved(_shelf())
    if as_json:
        print_json([model.summary() for model in models])
        return
    out = console()
    for model in models:
        _print(model, out)
    if not models:
        out.print(f"No model is here yet; {HOW_TO_ADD}.", markup=False, soft_wrap=True)


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="A name, as `recpilot models list` gives it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove a language model with its files; what it was made from stays where it is."""
    from agent.llm.shelf.adding import remove_model
    from recmodels.pretrained.shelf import shelved

    model = shelved(name, _shelf())
    if model is not None and not yes:
        typer.confirm(f"Remove {name} ({model.n_bytes / 1e6:,.0f} MB, from {model.source})?", abort=True, err=as_json)
    remove_model(name, _shelf())
    if as_json:
        print_json({"removed": name})
    else:
        console().print(f"Removed {name}.", markup=False)


def _print(model: "ShelvedModel", out: "Console") -> None:
    size = f"{model.n_bytes / 1e6:,.0f} MB on disk, {model.n_parameters / 1e6:,.0f} million parameters"
    facts = f"{size}, {model.context:,} tokens of context, licence {model.licence or 'not known'}, from {model.source}"
    out.print(f"{model.name}  {facts}", markup=False, soft_wrap=True)


@contextmanager
def _progress(out: "Console") -> Iterator[Callable[[str], None]]:
    """What is being done, with a sign that it goes on where a person watches."""
    if not out.is_terminal:
        yield lambda text: out.print(f"{text} …", markup=False, soft_wrap=True)
        return
    from rich.markup import escape
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    with Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=out) as progress:
        task = progress.add_task("Looking")
        yield lambda text: progress.reset(task, description=f"{escape(text)} …")


def _shelf() -> Path:
    from agent.settings import Settings

    return Settings().models
