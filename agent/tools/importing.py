"""The tool that brings a person's own past trials into the memory: from an Optuna storage, or from a table."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from agent.errors import ToolInputError
from agent.results.memory import BestImported, TrialsImported
from agent.studies import past_trials
from agent.tools.data import readable_path
from agent.tools.making import correctable
from agent.tools.studies_at_hand import StudyName, dataset_at_hand, logged, study_at_hand
from agent.workspace import Workspace
from memory.record import TrialRecord, to_dict

MAX_TRIALS = 5_000  # in one file


def import_trials(
    workspace: Workspace,
    path: Annotated[str, Field(description="the file, as the person wrote it", max_length=4096)],
    model: Annotated[str | None, Field(description="left out: by the file's params, or the study's only one")] = None,
    dataset: Annotated[str | None, Field(description="what they were run on; left out: the study's")] = None,
    study: StudyName = None,
) -> TrialsImported:
    """Remember a person's past trials from an Optuna storage (SQLite) or a CSV with params and a value in each row.

    They are marked as theirs, are never counted as trials of a study, and later proposals can rest on them.
    """
    chosen = study_at_hand(workspace, study) if study is not None else workspace.runner.current()
    stored = dataset_at_hand(workspace, dataset, study)
    file = readable_path(workspace, path)
    goal = None if chosen is None or chosen.spec.dataset != stored.key else chosen.spec.goal.primary
    with correctable():
        read = past_trials.read(
            file,
            model=model,
            models=() if chosen is None else chosen.spec.models,
            objective=None if goal is None else goal.metric,
        )
        if len(read.trials) > MAX_TRIALS:
            raise ToolInputError(f"{file.name} holds {len(read.trials)} trials; at most {MAX_TRIALS} are taken at once")
        records = [
            replace(record, dataset=stored.key, profile=dict(stored.profile))
            for record in past_trials.records(read, file)
        ]
    with logged(workspace, "import_trials", records=[to_dict(record) for record in records]) as entry:
        entry.says = f"{len(records)} trials of {file.name} were remembered"
        workspace.memory.remember(*records)
    best = _best(records)
    return TrialsImported(
        file=file.name,
        n=len(records),
        n_left_out=read.n_left_out,
        dataset=stored.name,
        models=tuple(dict.fromkeys(record.model for record in records)),
        objective=records[0].objective,
        at_defaults=tuple(read.at_defaults),
        best=BestImported(value=best.value, params=best.params, model=best.model),
    )


def _best(records: list[TrialRecord]) -> TrialRecord:
    return max(records, key=lambda record: record.sign * (record.value or 0.0))
