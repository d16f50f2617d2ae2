"""`recpilot retune`: a study once more on other data, from where it was best."""

from typing import Annotated

import typer

from agent.confirmation import N_SEEDS
from ui.cli.common import AsJson, Device, Llm, LlmModel, MemoryUrl, Record, console, duration, workspace
from ui.cli.question import wait_s
from ui.cli.searching import Choices, Fix, Range, Searched, Try


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(retune)


def retune(
    study: Annotated[str, typer.Argument(help="A study.")],
    data: Annotated[str, typer.Option(help="The dataset to tune on now, as a new version of the study's.")],
    trials: Annotated[int | None, typer.Option(help="How many trials; default: as many as the study.")] = None,
    model: Annotated[list[str] | None, typer.Option(help="Other models; that of the study's best is needed.")] = None,
    constraint: Annotated[list[str] | None, typer.Option(help="Others in place of the study's.")] = None,
    time_limit: Annotated[str | None, typer.Option(help="For all: 30m, 1h30m; default: the study's.")] = None,
    trial_time_limit: Annotated[str | None, typer.Option(help="For one trial; default: the study's.")] = None,
    epochs: Annotated[int | None, typer.Option(help="At most, for each trial; default: the study's.")] = None,
    sampler: Annotated[str | None, typer.Option(help="advisor, tpe, …; default: the study's.")] = None,
    pruner: Annotated[str | None, typer.Option(help="hurdle, quartile, halving, none; default: the study's.")] = None,
    rules: Annotated[
        bool | None, typer.Option("--rules/--no-rules", help="Whether the advisor heeds rules; default: as the study.")
    ] = None,
    fix: Fix = None,
    range_: Range = None,
    choices: Choices = None,
    try_: Try = None,
    run_defaults: Annotated[
        bool | None, typer.Option("--defaults/--no-defaults", help="Whether defaults run; default: as the study.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Default: the study's.")] = None,
    name: Annotated[str | None, typer.Option(help="The new study's name; default: the dataset's and a number.")] = None,
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
    """Tune again on other data, a study's best params first; what is not said stays as in the study."""
    from agent.studies.retuning import retune as begin
    from agent.studies.retuning import retuned_spec, terms_kept
    from recmodels.data.versions import known
    from ui.cli.tune import finish

    with workspace(
        is_command=True,
        llm=llm,
        llm_model=llm_model,
        memory_url=memory_url,
        device=device,
        record=record,
        answer_wait_s=wait_s() or None,
    ) as opened:
        earlier = opened.runner.peek(study)
        stored = known(opened.catalogue, data)
        spec = retuned_spec(
            earlier,
            stored.key,
            name=name or "",
            llm=opened.settings.chosen_llm,
            n_trials=trials,
            models=tuple(dict.fromkeys(model)) if model else None,
            constraints=constraint,
            time_limit_s=duration(time_limit),
            trial_time_limit_s=duration(trial_time_limit),
            epochs=epochs,
            sampler=sampler,
            pruner=pruner,
            uses_rules=rules,
            runs_defaults=run_defaults,
            seed=seed,
        )
        spec = Searched.typed(fix, range_, choices, try_).of(spec)
        begun = begin(opened.runner, earlier, spec)
        console(as_json).print(f"Retuned  {terms_kept(earlier, spec)}", markup=False, highlight=False)
        finish(opened, begun, as_json, n_seeds=N_SEEDS if confirm else 0)
