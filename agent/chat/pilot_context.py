"""What the pilot knows beside the message, read from the catalogue and the study at hand."""

from agent.errors import USER_ERRORS
from agent.llm.pilot.context import PilotContext
from agent.standing import feasible_of, ordered
from agent.studies.runner import StudyRunner
from agent.studies.study import Study
from recmodels.data.catalogue import Catalogue


def pilot_context(catalogue: Catalogue, runner: StudyRunner) -> PilotContext:
    """The state of affairs now; a study that cannot be opened counts as none."""
    datasets = tuple(catalogue.names())
    try:
        study = runner.current()
    except USER_ERRORS:
        study = None
    return _with_study(datasets, study) if study else PilotContext(datasets=datasets)


def _with_study(datasets: tuple[str, ...], study: Study) -> PilotContext:
    status, records, objective = study.status(), study.records(), study.spec.goal.primary
    goal = study.spec.goal
    return PilotContext(
        datasets=datasets,
        study=status.name,
        study_state=status.state,
        study_dataset=status.dataset,
        study_models=status.models,
        objective=objective.metric,
        trials=tuple(record.number for record in records),
        ranking=tuple(record.number for record in ordered(goal, records, feasible_of(goal, records))),
        params={record.number: record.params for record in records},
        trial_models={record.number: record.model for record in records},
        has_proposal=status.pending is not None,
    )
