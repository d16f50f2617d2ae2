"""What can be taken away from the page: each is a download, also for a person on another machine."""

from collections.abc import Mapping

from starlette.responses import FileResponse, Response

from agent.confirming.opening import confirmations_of
from agent.studies.study import Study
from agent.workspace import Workspace
from ui.page.refusals import Refused
from ui.report import write_report


def answer(workspace: Workspace, what: str, study: Study, options: Mapping[str, str]) -> Response:
    """The file.

    Raises:
        Refused: There is no such file.
        agent.errors.UserError: It cannot be made.
    """
    if what == "report":
        found = confirmations_of(workspace, study.spec.name)
        path = write_report(study, workspace.settings.reports, found)
        return FileResponse(path, filename=path.name, headers={"Cache-Control": "no-store"})
    raise Refused(f"There is no file {what[:40]!r} to take away.", 404)
