"""`recpilot explain`, `recommend` and `export`: what came of a study."""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.common import AsJson, console, print_json, workspace
from ui.cli.train import run_shown

if TYPE_CHECKING:
    from agent.studies.study import Study
    from agent.workspace import Workspace
    from memory.record import TrialRecord


_FALLBACKS = {
    "popularity": "The model knows nothing of this user, so these are the most popular items.",
    "average_user": "The model knows nothing of this user, so these are the items for an average one.",
}


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(explain)
    app.command()(recommend)
    app.command()(export)


def explain(
    study: Annotated[str, typer.Argument(help="A study.")],
    trial: Annotated[int, typer.Argument(help="A trial's number.")],
    param: Annotated[str | None, typer.Option(help="Only why this param.")] = None,
    as_json: AsJson = False,
) -> None:
    """Why a trial was run and what came of it, with the evidence."""
    from agent.answers.evidence import explain_trial
    from agent.answers.explain import word
    from agent.results import kept

    with workspace(llm="none") as opened:
        found = explain_trial(opened.runner.open(study), trial, param)
    if as_json:
        print_json(kept.as_json(found))
    else:
        console().print_answer(word("explain_trial", found))


def recommend(
    user: Annotated[str | None, typer.Argument(help="A user's id, as the data has it.")] = None,
    history: Annotated[
        str | None, typer.Option(help="Instead, the ids of somebody's items, oldest first: a,b,c.")
    ] = None,
    new: Annotated[
        list[str] | None, typer.Option(help="The text of an item that is not in the catalogue, to be placed too.")
    ] = None,
    study: Annotated[str | None, typer.Option(help="Default: the latest.")] = None,
    trial: Annotated[int | None, typer.Option(help="Default: the best.")] = None,
    k: Annotated[int, typer.Option(help="How many items.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Items for one user from a trained model; a new user gets the model's fallback, and is told so."""
    if (user is None) == (history is None):
        raise typer.BadParameter("give either a user's id or --history a,b,c")
    had = [item.strip() for item in (history or "").split(",") if item.strip()]
    if history is not None and not had:
        raise typer.BadParameter("--history names no item; the ids are written a,b,c")
    from agent.studies.weights import weights_of
    from recmodels.serving import Recommender

    with workspace(llm="none") as opened:
        _, record = _trained(opened, study, trial)
    with weights_of(record) as folder:
        recommender = Recommender.load(folder)
    items = recommender.recommend(user, k) if user is not None else recommender.recommend_after(had, k)
    fallback = items[0].fallback if items else None
    if new:
        items = recommender.with_new(items, new, user or "", had)
    if as_json:
        rows = [{"item": item.item_id or None, "score": item.score, "text": item.text} for item in items]
        given = {"user": user} if user is not None else {"history": had}
        print_json(given | {"trial": record.id, "fallback": fallback, "items": rows})
        return
    if fallback is not None:
        console(as_json=True).print(_FALLBACKS[fallback])  # to stderr
    out = console()
    for place, item in enumerate(items, start=1):
        out.print(f"{place:>3}  {item.item_id or '(new)'}  {item.text or ''}", markup=False)


def export(
    study: Annotated[str, typer.Argument(help="A study.")],
    trial: Annotated[int | None, typer.Argument(help="Default: the best.")] = None,
    format_: Annotated[str, typer.Option("--format", help="safetensors, csv, parquet.")] = "safetensors",
    to: Annotated[Path, typer.Option(help="Where to write it.")] = Path(),
    refit: Annotated[bool, typer.Option("--refit", help="Learn again from train and valid together first.")] = False,
) -> None:
    """Take a trained model, or its recommendations, away."""
    from agent.studies.weights import weights_of
    from recmodels.export import export_model

    out = console()
    with workspace(llm="none") as opened:
        chosen, record = _trained(opened, study, trial)
        if not refit:
            with weights_of(record) as weights:
                out.print(str(export_model(weights, to, format_)), markup=False, soft_wrap=True)
            return
        with tempfile.TemporaryDirectory() as folder:
            request = replace(chosen.request(record.number), refit=True, resume_folder=None)
            result = run_shown(replace(request, checkpoint=Path(folder) / f"{record.number}-refit"), out)
            out.print("Learned again from train and valid together.")
            out.print(str(export_model(Path(result.checkpoint or ""), to, format_)), markup=False, soft_wrap=True)


def _trained(opened: "Workspace", study: str | None, trial: int | None) -> "tuple[Study, TrialRecord]":
    from agent.errors import UserError

    chosen = opened.runner.open(study) if study else opened.runner.current()
    if chosen is None:
        raise UserError("there is no study yet; begin with: recpilot tune demo --trials 5")
    record = chosen.best() if trial is None else chosen.record(trial)
    if record is None:
        raise UserError(f"study {chosen.title!r} has no trial whose model could be used yet")
    return chosen, record
