"""Tools about studies as a whole: which there are, going to one, renaming and deleting it."""

from typing import Annotated

from pydantic import Field

from agent.answers.facts import quoted
from agent.answers.status_facts import data_title
from agent.answers.wording import count
from agent.confirming.opening import outlook
from agent.errors import USER_ERRORS, UserError
from agent.results.result import extended
from agent.results.study import (
    StudyDeleted,
    StudyList,
    StudyOpened,
    StudyRenamed,
    StudyRow,
    StudyShown,
    StudyUnreadable,
)
from agent.results.trial import BestOfStudy
from agent.standing import counted
from agent.studies.at_hand import hand
from agent.studies.study import Study
from agent.tools.checking import acts_now
from agent.tools.making import correctable
from agent.tools.studies_at_hand import StudyName, logged, state_of, study_at_hand
from agent.understanding.asking.prospect import Prospect
from agent.workspace import Workspace

MAX_LISTED = 20  # studies in one answer


def list_studies(workspace: Workspace) -> StudyList:
    """List the studies, the latest first: what each tunes, how far it is, and its best value so far."""
    current = workspace.runner.current()
    names = workspace.runner.names()
    return StudyList(
        count=len(names),
        studies=tuple(_listed(workspace, name, current) for name in names[:MAX_LISTED]),
    )


def open_study(
    workspace: Workspace, study: Annotated[str, Field(description="a name from list_studies", max_length=100)]
) -> StudyOpened:
    """Make a study the one at hand, which later questions and orders are about."""
    left = _at_hand_now(workspace)
    with correctable():
        workspace.runner.peek(study)
    with logged(workspace, "open_study", left=left) as entry:
        chosen = workspace.runner.open(study)
        entry.says, entry.study = f"{chosen.title} was opened", chosen.name
        entry.is_kept = left != chosen.name
    return extended(StudyOpened, _shown(workspace, chosen, is_at_hand=True))


def _at_hand_now(workspace: Workspace) -> str | None:
    """The study that this chat or client has at hand; outside of one, the one touched last."""
    if (mine := hand()) is not None:
        return None if mine.study is None else workspace.ledger.name_of(mine.study)
    current = workspace.runner.current()
    return None if current is None else current.name


def rename_study(
    workspace: Workspace,
    name: Annotated[str, Field(description="what to call it from now on", min_length=1, max_length=100)],
    study: StudyName = None,
) -> StudyRenamed:
    """Give a study another name, also while it runs. Its trials, weights and confirmations stay as they are."""
    chosen = study_at_hand(workspace, study)
    before, title = chosen.title, " ".join(name.split())
    with correctable():
        workspace.ledger.check_title(chosen.name, title)
    if title == before:
        return StudyRenamed(study=before, before=before)
    with correctable(), logged(workspace, "rename_study", chosen, title=before) as entry:
        workspace.runner.rename(chosen.name, title)
        entry.says = f"study {before} was renamed {title}"
    return StudyRenamed(study=chosen.title, before=before)


def delete_study(
    workspace: Workspace,
    study: Annotated[str, Field(description="its name, as the person said it", max_length=100)],
    forget_trials: Annotated[
        bool, Field(description="true, only where the person says so: what its trials taught is forgotten too")
    ] = False,
) -> StudyDeleted:
    """Take a study out of the list. Its trials and weights stay on disk, so that undo brings it back.

    Only when the person asks for it by name. It is refused while the study runs or is being confirmed.
    """
    chosen = study_at_hand(workspace, study)
    title, n_trials = chosen.title, len(counted(chosen.records()))
    with correctable():
        if outlook(workspace, chosen.name).holder is not None:
            raise UserError(f"study {title} is being confirmed; stop that first")
        workspace.runner.check_deletable(chosen.name)
    taught = f", and what they taught is {'forgotten' if forget_trials else 'remembered'}" if n_trials else ""
    acts_now(Prospect(notes=(f"It has {count(n_trials, 'finished trial')}{taught}. Undo brings it back.",)))
    with correctable(), logged(workspace, "delete_study", chosen, name=chosen.name) as entry:
        workspace.runner.delete(chosen.name, forgets=forget_trials)
        entry.says = f"study {title} was deleted"
    return StudyDeleted(deleted=title, n_trials=n_trials, is_remembered=not forget_trials)


def _listed(workspace: Workspace, name: str, current: Study | None) -> StudyRow:
    try:
        study = workspace.runner.peek(name)
        return _shown(workspace, study, is_at_hand=current is not None and study.name == current.name)
    except USER_ERRORS as error:  # it is damaged, or of a newer version
        return StudyUnreadable(study=name, problem=quoted(error))


def _shown(workspace: Workspace, study: Study, *, is_at_hand: bool) -> StudyShown:
    status = study.status()
    return StudyShown(
        study=study.title,
        dataset=data_title(workspace, status.dataset),
        models=status.models,
        objective=study.spec.goal.primary.metric,
        state=state_of(workspace, study),
        n_finished=status.n_finished,
        n_trials=status.n_trials,
        best=None if status.best is None else BestOfStudy(trial=status.best.number, value=status.best.value),
        is_at_hand=is_at_hand,
        begun_by=study.begun.person,
    )
