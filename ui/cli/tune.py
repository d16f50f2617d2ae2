"""`recpilot tune` and `recpilot demo`: a study without a chat."""

import platform
from collections.abc import Sequence
from dataclasses import asdict, replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.confirmation import N_SEEDS, N_TOP
from agent.pruner_words import DEFAULT_PRUNER
from agent.studies import defaults
from recmodels.command import HELP
from recmodels.outcomes import parse_outcomes
from recmodels.positive import EVERY, parse_rule
from recmodels.repeats import MASK, words_of
from ui.cli.common import (
    AsJson,
    Device,
    Llm,
    LlmModel,
    MemoryUrl,
    Record,
    console,
    duration,
    follow,
    print_json,
    workspace,
)
from ui.cli.ending import INTERRUPTED
from ui.cli.question import wait_s
from ui.cli.reading import Column, dataset_of
from ui.cli.searching import Choices, Fix, Range, Searched, Try

if TYPE_CHECKING:
    from rich.console import Console

    from agent.confirmation import Confirmation
    from agent.studies.study import Study
    from agent.workspace import Workspace
    from ui.terminal import Terminal

DEMO_TRIALS = 8
DEMO_EPOCHS = 6
DEMO_SEEDS = 3
DEMO_TRIAL_S = 18.0  # so that eight trials stay below three minutes on a slow machine too


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(tune)
    app.command()(demo)


def tune(
    dataset: Annotated[str, typer.Argument(help="A dataset's name, `demo`, or a file.")],
    model: Annotated[
        list[str] | None,
        typer.Option(help="Repeat it and the models compete; default: the usual ones for the objective."),
    ] = None,
    column: Column = None,
    objective: Annotated[
        list[str] | None, typer.Option(help=f"{defaults.OBJECTIVE} (default); repeat it for several objectives.")
    ] = None,
    constraint: Annotated[list[str] | None, typer.Option(help='As "coverage@10>=0.2".')] = None,
    trials: Annotated[int, typer.Option(help="How many trials.")] = defaults.TRIALS,
    time_limit: Annotated[str | None, typer.Option(help="For the whole study: 30m, 1h30m.")] = None,
    trial_time_limit: Annotated[str | None, typer.Option(help="For one trial.")] = None,
    epochs: Annotated[int | None, typer.Option(help="At most, for each trial.")] = None,
    sampler: Annotated[str, typer.Option(help="advisor, tpe, gp, cmaes, nsga2, grid, random.")] = "advisor",
    pruner: Annotated[
        str, typer.Option(help="hurdle, quartile, halving, none: when bad trials stop.")
    ] = DEFAULT_PRUNER,
    rules: Annotated[
        bool, typer.Option("--rules/--no-rules", help="Whether the advisor heeds rules; see `recpilot rules`.")
    ] = True,
    fix: Fix = None,
    range_: Range = None,
    choices: Choices = None,
    try_: Try = None,
    run_defaults: Annotated[
        bool, typer.Option("--defaults/--no-defaults", help="Whether the first trial of each model is its defaults.")
    ] = True,
    split: Annotated[str, typer.Option(help="auto, leave_last_out, temporal, random, given.")] = "auto",
    positive: Annotated[str | None, typer.Option(help=HELP["positive"])] = None,
    repeat_events: Annotated[str | None, typer.Option(help=HELP["repeat_events"])] = None,
    outcome: Annotated[str | None, typer.Option(help=HELP["outcome"])] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same study on a CPU.")] = 0,
    name: Annotated[str | None, typer.Option(help="The study's name; default: the dataset's and a number.")] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Confirm the best at the end: several seeds, then the sealed test, once.")
    ] = False,
    llm: Llm = None,
    llm_model: LlmModel = None,
    memory_url: MemoryUrl = None,
    device: Device = None,
    record: Record = None,
    as_json: AsJson = False,
) -> None:
    """Tune models on a dataset: proposals with their rationale, progress, leaderboard, report."""
    from agent.studies.study_spec import StudySpec
    from recmodels.request import SplitSpec

    with workspace(
        is_command=True,
        llm=llm,
        llm_model=llm_model,
        memory_url=memory_url,
        device=device,
        record=record,
        answer_wait_s=wait_s() or None,
    ) as opened:
        spec = StudySpec.create(
            name=name or "",
            dataset=dataset,
            models=model or (),
            objectives=objective or (defaults.OBJECTIVE,),
            constraints=constraint or [],
            n_trials=trials,
            time_limit_s=duration(time_limit),
            trial_time_limit_s=duration(trial_time_limit),
            epochs=epochs,
            sampler=sampler,
            pruner=pruner,
            uses_rules=rules,
            split=SplitSpec(kind=split),  # type: ignore[arg-type]  # it checks itself
            positive=positive,
            repeats=repeat_events,
            outcomes=outcome,
            seed=seed,
            runs_defaults=run_defaults,
            llm=opened.settings.chosen_llm,
        )
        spec = Searched.typed(fix, range_, choices, try_).of(spec)
        stored = dataset_of(opened.catalogue, dataset, column, as_json)
        study = opened.runner.start(replace(spec, dataset=stored.key))
        finish(opened, study, as_json, n_seeds=N_SEEDS if confirm else 0)


def demo(
    trials: Annotated[int, typer.Option(help="How many trials.")] = DEMO_TRIALS,
    epochs: Annotated[int, typer.Option(help="At most, for each trial.")] = DEMO_EPOCHS,
    seed: Annotated[int, typer.Option(min=0, help="Of the study.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Tune bpr_mf and sasrec on the built-in demo data, offline, then ask why."""
    from agent.studies.study_spec import StudySpec

    out = console(as_json)
    with workspace(is_command=True) as opened:
        spec = StudySpec.create(
            dataset="demo",
            models=["bpr_mf", "sasrec"],
            n_trials=trials,
            epochs=epochs,
            trial_time_limit_s=DEMO_TRIAL_S,
            seed=seed,
            llm=opened.settings.chosen_llm,
        )
        study = opened.runner.start(spec)
        finish(opened, study, as_json, n_seeds=DEMO_SEEDS, n_top=1)
        out.print("\n[bold]You[/]: why the best one?")
        _ask(opened, out, "why the best one?")
        out.print("\nNow the same in the browser: [bold]make ui[/]")


def finish(opened: "Workspace", study: "Study", as_json: bool, n_seeds: int = 0, n_top: int = N_TOP) -> None:
    """Follows a study that runs to its end, then shows the leaderboard, the report and where the weights lie.

    With seeds, a study that is done is confirmed: its `n_top` best trials, the defaults and a baseline.
    """
    from agent.confirming.opening import confirmations_of, open_confirmer
    from ui.cli.confirm import run_confirmation
    from ui.report import write_report

    out = console(as_json)
    is_done = follow(study, out)
    best = study.best()
    confirmed = confirmations_of(opened, study.spec.name)
    out.print()
    print_leaderboard(study, out)
    path = write_report(study, opened.settings.reports, confirmed)
    print_confirmations(confirmed, opened.settings.reports, out)
    out.print(f"\nReport   {path}", markup=False, soft_wrap=True)
    if best is not None and best.checkpoint:
        out.print(f"Weights  {best.checkpoint}", markup=False, soft_wrap=True)
    confirmation = None
    if n_seeds and best is not None and study.state == "finished":
        confirmer = open_confirmer(opened, study, n_seeds=n_seeds, n_top=n_top)
        confirmation = run_confirmation(opened, confirmer, out)
        confirmed = confirmations_of(opened, study.spec.name)
        write_report(study, opened.settings.reports, confirmed)
    if as_json:
        told = {} if confirmation is None else {"confirmation": confirmation.to_dict()}
        print_json(document(study, path, confirmed) | told)
    if not is_done:
        raise typer.Exit(INTERRUPTED)
    if best is None:
        raise typer.Exit(1)


def print_leaderboard(study: "Study", out: "Console") -> None:
    """All trials and baselines, and what may be said of them on validation."""
    from agent.answers.retuned import retuned_words
    from agent.answers.standings import standing_shown, standing_words
    from ui.live import leaderboard

    out.print(leaderboard(study.spec.goal, study.records(), out.width, study.baselines()))
    words = standing_words(standing_shown(study)) or ("" if study.records() else "No trial has finished.")
    words = " ".join(filter(None, (words, retuned_words(study))))
    if words:
        out.print(f"\n{words}", markup=False, highlight=False)


def print_confirmations(confirmed: "Sequence[Confirmation]", folder: Path, out: "Console") -> None:
    """What the confirmations of a study found, and where their records lie."""
    from agent.answers.confirmation import verdict
    from ui.report import record_of

    for found in confirmed:
        out.print(f"\nConfirmation {found.number}: {verdict(found)}", markup=False, highlight=False)
        out.print(f"Record   {record_of(found, folder)[0]}", markup=False, soft_wrap=True)


def document(study: "Study", report: Path, confirmed: "Sequence[Confirmation]" = ()) -> dict[str, Any]:
    """The study as `tune --json` and `study show --json` print it.

    Args:
        report: The HTML file; the records of confirmations lie next to it.
        confirmed: The study's confirmations that are done.
    """
    from agent.answers.standings import standing_shown
    from agent.studies.retuning import retuned

    spec, best, stands = study.spec, study.best(), standing_shown(study)
    return {
        "study": spec.name,
        "dataset": spec.dataset,
        "objective": str(spec.goal),
        "constraints": [str(constraint) for constraint in spec.goal.constraints],
        "split": {"kind": spec.split.kind, "seed": spec.split.seed},
        "positive": {"rule": spec.positive, "says": parse_rule(spec.positive or EVERY.to_text()).words()},
        "repeat_events": {"choice": spec.repeats, "says": spec.repeats_says or words_of(spec.repeats or MASK)},
        "outcomes": None
        if spec.outcomes is None
        else {"weights": spec.outcomes, "says": parse_outcomes(spec.outcomes).words()},
        "seed": spec.seed,
        "rules": spec.uses_rules,
        "space": {model: {param: dict(kept) for param, kept in own.items()} for model, own in study.ranges().items()},
        "tries": [{"model": model, "params": dict(params)} for model, params in spec.tries],
        "runs_defaults": spec.runs_defaults,
        "versions": _versions(),
        "state": study.status().state,
        "baselines": [
            {
                "model": one.model,
                "params": dict(one.params),
                "value": one.value,
                "interval": None if one.low is None else [one.low, one.high],
                "reason": one.reason,
                "measured_in": one.measured_in or None,
            }
            for one in study.baselines()
        ],
        "group": {
            "says": "the trials that the best one is not clearly better than, the best first",
            "trials": list(stands.group),
            "is_known": stands.is_group_known,
        },
        "front": list(stands.front),
        "retuned": None if (again := retuned(study)) is None else again.to_json(),
        "defaults": None if stands.defaults is None else asdict(stands.defaults),
        "gain": None if stands.gain is None else asdict(stands.gain) | {"is_clear": stands.is_clear_gain},
        "trials": _trials(study),
        "best": None
        if best is None
        else {"number": best.number, "model": best.model, "value": best.value, "params": dict(best.params)},
        "confirmations": [_confirmation(found, report.parent) for found in confirmed],
        "report": str(report),
        "checkpoint": None if best is None else best.checkpoint,
    }


def _trials(study: "Study") -> list[dict[str, Any]]:
    from agent.answers.standings import trial_standings

    stands = trial_standings(study.spec.goal, study.records())
    return [
        {
            "number": record.number,
            "state": record.state,
            "reason": record.reason,
            "model": record.model,
            "params": dict(record.params),
            "seed": record.seed,
            "split": record.split,
            "positive": record.positive,
            "repeat_events": record.repeats,
            "outcomes": record.outcomes or None,
            "values": {"objective": record.value, **record.metrics},
            "interval": None if (over := stands[record.number].interval) is None else [over.low, over.high],
            "rank": stands[record.number].rank,
            "in_group": stands[record.number].in_group,
            "is_clear": stands[record.number].is_clear,
            "measured": dict(record.measured),
            "cost": dict(record.cost),
            "proposer": record.proposer,
            "expected": record.expected,
            "rationale": record.rationale,
            "evidence": list(record.evidence),
            "note": study.proposal(record.number).note,
        }
        for record in study.records()
    ]


def _confirmation(found: "Confirmation", folder: Path) -> dict[str, Any]:
    from agent.answers.confirmation import details, verdict
    from ui.report import record_of

    html, record = record_of(found, folder)
    return {
        "number": found.number,
        "winner": found.winner,
        "verdict": verdict(found),
        "details": details(found),
        "reading": found.reading,
        "ended_at": found.ended_at,
        "record": {"html": str(html), "json": str(record)},
    }


def _versions() -> dict[str, str]:
    return {name: metadata.version(name) for name in ("recpilot", "torch", "numpy")} | {
        "python": platform.python_version()
    }


def _ask(opened: "Workspace", out: "Terminal", message: str) -> None:
    from agent.chat.conversation import Conversation
    from ui.cli.chat import print_answer

    print_answer(Conversation(opened, "demo").send(message), out)
