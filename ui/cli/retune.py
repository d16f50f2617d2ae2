"""`recpilot retune`: a study once more on other data, from where it was best."""

from typing import Annotated

import typer

from ui.cli.common import AsJson, Device, Llm, LlmModel, Record, workspace
from ui.cli.question import wait_s


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(retune)


def retune(
    study: Annotated[str, typer.Argument(help="A study.")],
    data: Annotated[str, typer.Option(help="The dataset to tune on now, as a new version of the study's.")],
    trials: Annotated[int | None, typer.Option(help="How many trials; default: as many as the study.")] = None,
    name: Annotated[str | None, typer.Option(help="The new study's name; default: the dataset's and a number.")] = None,
    llm: Llm = None,
    llm_model: LlmModel = None,
    device: Device = None,
    record: Record = None,
    as_json: AsJson = False,
) -> None:
    """Tune again on other data: models, goal, split and limits of a study, its best params first."""
    from agent.studies.retuning import retune as begin
    from agent.studies.retuning import retuned_spec
    from recmodels.data.versions import known
    from ui.cli.tune import finish

    with workspace(
        is_command=True, llm=llm, llm_model=llm_model, device=device, record=record, answer_wait_s=wait_s() or None
    ) as opened:
        earlier = opened.runner.peek(study)
        stored = known(opened.catalogue, data)
        spec = retuned_spec(earlier, stored.key, n_trials=trials, name=name or "", llm=opened.settings.chosen_llm)
        finish(opened, begin(opened.runner, earlier, spec), as_json)
