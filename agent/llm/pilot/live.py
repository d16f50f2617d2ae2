"""The state of affairs in an open workspace, as the pilot's context."""

from typing import TYPE_CHECKING

from agent.llm.pilot.context import PilotContext
from recmodels.search_space import Params

if TYPE_CHECKING:
    from agent.runner import StudyRunner
    from agent.study import Study
    from memory.record import TrialRecord
    from recmodels.data.catalogue import Catalogue


def live_context(catalogue: "Catalogue", runner: "StudyRunner") -> PilotContext:
    """The datasets that are there and the study that was touched last; a few milliseconds."""
    datasets = tuple(catalogue.names())
    study = runner.current()
    return PilotContext(datasets=datasets) if study is None else _with_study(datasets, study)


def _with_study(datasets: tuple[str, ...], study: "Study") -> PilotContext:
    status, records = study.status(), study.records()
    objective = study.spec.goal.primary
    complete = [record for record in records if record.state == "complete" and record.value is not None]
    best = status.best.number if status.best else None
    ranked = sorted(complete, key=lambda record: (record.number != best, _loss(record, objective.is_maximized)))
    params: dict[int, Params] = {record.number: record.params for record in records}
    return PilotContext(
        datasets=datasets,
        study=status.name,
        study_state=status.state,
        study_dataset=status.dataset,
        study_models=tuple(status.models),
        objective=objective.metric,
        trials=tuple(record.number for record in records),
        ranking=tuple(record.number for record in ranked),
        params=params,
        trial_models={record.number: record.model for record in records},
        has_proposal=status.pending is not None,
    )


def _loss(record: "TrialRecord", is_maximized: bool) -> float:
    value = record.value if record.value is not None else 0.0
    return -value if is_maximized else value
