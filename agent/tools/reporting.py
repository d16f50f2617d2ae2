"""The tool that says where a study's report lies; writing it belongs to the user interface, which lends its writer."""

from datetime import UTC, datetime

from agent.confirmation import told_time
from agent.results.study import ReportPlace
from agent.tools.studies_at_hand import StudyName, study_at_hand
from agent.workspace import Workspace


def report(workspace: Workspace, study: StudyName = None) -> ReportPlace:
    """Say where the HTML report of a study lies: leaderboard, plots, the reason for each trial. It is written now."""
    chosen = study_at_hand(workspace, study)
    command = f"recpilot study show {chosen.title}"
    if workspace.write_report is not None and chosen.records():
        written = str(workspace.write_report(chosen))
        return ReportPlace(study=chosen.title, command=command, path=written, is_new=True)
    path = workspace.settings.reports / f"{chosen.name}.html"
    if not path.is_file():
        return ReportPlace(
            study=chosen.title, command=command, path=None, is_new=False, n_finished=len(chosen.records())
        )
    at = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
    return ReportPlace(study=chosen.title, command=command, path=str(path), is_new=False, written_at=told_time(at))
