"""What a study taught, in sentences."""

from collections.abc import Sequence

from agent.errors import USER_ERRORS
from agent.studies.study import Study
from agent.workspace import Workspace
from memory.record import Lesson
from recmodels.outside import on_one_line

MOST = 8


def lessons_of(workspace: Workspace, study: Study) -> Sequence[str]:
    """The lessons that the study's trials taught, those that hold first; empty too where the memory cannot be read."""
    try:
        records = workspace.memory.records("lesson")
    except USER_ERRORS:
        return ()
    found = [one for one in records if isinstance(one, Lesson) and one.study == study.name]
    return [on_one_line(one.said) for one in sorted(found, key=lambda one: (not one.holds, one.created_at))][:MOST]
