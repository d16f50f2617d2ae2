"""What is known when a message arrives, read from the catalogue and the studies."""

from agent.errors import USER_ERRORS
from agent.standing import feasible_of, ordered
from agent.studies.runner import StudyRunner
from agent.studies.study import Study
from agent.understanding.known import Known
from recmodels.data.catalogue import Catalogue


def known_now(catalogue: Catalogue, runner: StudyRunner, study: str | None = None) -> Known:
    """The state of affairs now; a study that cannot be opened counts as none.

    Args:
        study: The one at hand; None: the one that was touched last.
    """
    datasets, studies = tuple(catalogue.names()), tuple(reversed(runner.names()))
    try:
        chosen = runner.peek(study) if study else runner.current()
    except USER_ERRORS:
        chosen = None
    known = Known(datasets=datasets, studies=studies)
    return _with_study(known, chosen) if chosen else known


def _with_study(known: Known, study: Study) -> Known:
    status, records, goal = study.status(), study.records(), study.spec.goal
    return Known(
        datasets=known.datasets,
        studies=known.studies,
        study=study.title,
        study_state=status.state,
        study_dataset=status.dataset,
        study_models=status.models,
        objective=goal.primary.metric,
        trials=tuple(record.number for record in records),
        ranking=tuple(record.number for record in ordered(goal, records, feasible_of(goal, records))),
        params={record.number: record.params for record in records},
        trial_models={record.number: record.model for record in records},
        pending=status.pending.number if status.pending else None,
    )
