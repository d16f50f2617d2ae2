"""Tools that explain, compare and weigh, and those that use a trained model."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from agent.answers import analysis, evidence
from agent.answers.across_studies import compare_studies
from agent.answers.facts import quoted
from agent.answers.status_facts import data_title
from agent.errors import ToolInputError, UserError
from agent.results.comparison import ParamImportance, StudiesCompared, TradeOffs, TrialsCompared
from agent.results.explained import TrialExplained
from agent.results.serving import ItemShown, ItemsRecommended, ModelExported
from agent.standing import ordered
from agent.studies.study import Study
from agent.studies.weights import weights_of
from agent.tools.making import correctable
from agent.tools.studies_at_hand import StudyName, logged, study_at_hand, study_read
from agent.workspace import Workspace
from memory.record import TrialRecord

TrialNumber = Annotated[int | None, Field(description="its number, from 0", ge=0)]


def explain_trial(
    workspace: Workspace,
    trial: TrialNumber = None,
    param: Annotated[str | None, Field(description="the param that was asked about, if one was")] = None,
    study: StudyName = None,
) -> TrialExplained:
    """Say why a trial was run: the proposal, what else was considered, what was expected and what came out.

    Left out, `trial` is the best one. Give `param` when the person asks why that param had its value.
    """
    chosen = study_at_hand(workspace, study)
    number, which = _best_or_latest(chosen) if trial is None else (trial, "asked for")
    with correctable():
        dataset = data_title(workspace, chosen.spec.dataset)
        return evidence.explain_trial(chosen, number, param, workspace.memory, dataset=dataset, which=which)


def compare_trials(
    workspace: Workspace,
    trials: Annotated[
        list[int] | None, Field(description="two or more numbers; left out: the best two", max_length=10)
    ] = None,
    study: StudyName = None,
    against_study: Annotated[
        str | None, Field(description="another study: the best trial of each is compared", max_length=100)
    ] = None,
) -> TrialsCompared | StudiesCompared:
    """Put finished trials side by side: params, metrics, and whether the first two differ beyond chance.

    With `against_study` the best of one study is set against the best of another.
    """
    if against_study is not None:
        with correctable():
            return compare_studies(study_read(workspace, study), study_read(workspace, against_study))
    chosen = study_at_hand(workspace, study)
    with correctable():
        return analysis.compare_trials(chosen, best_two(chosen) if trials is None else trials)


def best_two(study: Study) -> list[int]:
    """The numbers of the two best trials that came to their end, those that break a constraint last."""
    complete = [record for record in study.records() if record.state == "complete" and record.value is not None]
    return [record.number for record in ordered(study.spec.goal, study.records(), complete)[:2]]


def parameter_importance(workspace: Workspace, study: StudyName = None) -> ParamImportance:
    """Say which params moved the objective most in a study."""
    return analysis.parameter_importance(study_at_hand(workspace, study))


def show_tradeoffs(
    workspace: Workspace,
    metrics: Annotated[list[str] | None, Field(description='["ndcg@10", "coverage@10"]', max_length=5)] = None,
    study: StudyName = None,
) -> TradeOffs:
    """Show the trials that no other beats on every metric asked for (the Pareto front)."""
    chosen = study_at_hand(workspace, study)
    with correctable():
        return analysis.show_tradeoffs(chosen, metrics)


def recommend_items(
    workspace: Workspace,
    user: Annotated[str, Field(description="a user id of the dataset", max_length=200)],
    k: Annotated[int, Field(description="how many items", ge=1, le=100)] = 10,
    trial: TrialNumber = None,
    study: StudyName = None,
) -> ItemsRecommended:
    """Recommend items to one user with the model of a finished trial; left out, the best one.

    `fallback` in the answer says that the model knows nothing of this user: tell the person so.
    """
    from recmodels.serving import Recommender

    record, which = _trained(study_at_hand(workspace, study), trial)
    with weights_of(record) as weights:
        recommender = Recommender.load(weights)
    with correctable():
        items = recommender.recommend(user, k)
    return ItemsRecommended(
        user=user,
        trial=record.id,
        which=which,
        model=record.model,
        fallback=(items[0].fallback or None) if items else None,
        items=tuple(
            ItemShown(
                rank=rank, item=item.item_id, score=item.score, text=quoted(item.text, 120) if item.text else None
            )
            for rank, item in enumerate(items, 1)
        ),
    )


def export_model(
    workspace: Workspace,
    trial: TrialNumber = None,
    format: Annotated[str, Field(description="safetensors: the weights; csv, parquet: lists")] = "safetensors",
    study: StudyName = None,
) -> ModelExported:
    """Write the model of a finished trial to a folder that the person can take away; left out, the best one."""
    chosen = study_at_hand(workspace, study)
    record, which = _trained(chosen, trial)
    from recmodels import export  # imports torch

    with correctable():
        export.check_format(format)
    folder = workspace.settings.home / "exports" / record.id.replace("/", "-")
    with correctable(), logged(workspace, "export_model", chosen) as entry, weights_of(record) as weights:
        written = export.export_model(weights, folder, format)
        entry.says = f"trial {record.number} of {chosen.title} was exported to {written}"
    files = [written] if written.is_file() else [file for file in written.rglob("*") if file.is_file()]
    size = sum(file.stat().st_size for file in files)
    return ModelExported(
        trial=record.id,
        which=which,
        model=record.model,
        format=format,
        path=str(written),
        size_bytes=size,
    )


def _best_or_latest(study: Study) -> tuple[int, str]:
    best = study.best()
    if best is not None:
        return best.number, "the best so far"
    status = study.status()
    records = study.records()
    if records:
        return records[-1].number, "the latest"
    if status.running is not None or status.pending is not None:
        number = status.running if status.running is not None else status.pending.number if status.pending else 0
        return number, "the first"
    raise UserError(f"{study.spec.name} has no trial yet")


def _trained(study: Study, trial: int | None) -> tuple[TrialRecord, str]:
    """A trial with weights: the one asked for, else the best."""
    if trial is not None:
        with correctable():
            record, which = evidence.finished(study, trial), "asked for"
    else:
        best = study.best()
        if best is None:
            raise UserError(f"{study.spec.name} has no finished trial whose model could be used yet")
        record, which = best, "the best so far"
    if record.checkpoint is None or not Path(record.checkpoint).is_dir():
        raise ToolInputError(f"trial {record.number} kept no weights; leave `trial` out for the best one")
    return record, which
