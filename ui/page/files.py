"""What can be taken away from the page: each is a download, also for a person on another machine."""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from agent.answers.evidence import finished
from agent.confirming.opening import confirmations_of
from agent.studies.study import Study
from agent.studies.weights import weights_of
from agent.workspace import Workspace
from memory.record import TrialRecord
from ui.page.refusals import Refused
from ui.report import record_of, write_report
from ui.views.plot_file import TYPES, plot_file
from ui.views.trials_file import trials_csv

Options = Mapping[str, str]
NO_STORE = {"Cache-Control": "no-store"}


def answer(workspace: Workspace, what: str, study: Study, options: Options) -> Response:
    """The file that a link names.

    Args:
        what: A key of `FILES`.
        options: `trial`, by number; `confirmation`, by number, and whether its record is `json`; of a plot its `kind`
            and what is chosen of it.

    Raises:
        Refused: There is no such file.
        agent.errors.UserError: It cannot be made.
    """
    if what not in FILES:
        raise Refused(f"There is no file {what[:40]!r} to take away; there are: {', '.join(FILES)}.", 404)
    return FILES[what](workspace, study, options)


def attached(content: str | bytes, name: str, kind: str) -> Response:
    """A text, or what was made, as a file."""
    headers = {"Content-Disposition": f"attachment; filename*=utf-8''{quote(name, safe='')}", **NO_STORE}
    return Response(content, media_type=kind, headers=headers)


def _report(workspace: Workspace, study: Study, options: Options) -> Response:
    path = write_report(study, workspace.settings.reports, confirmations_of(workspace, study.spec.name))
    return FileResponse(path, filename=path.name, headers=NO_STORE)


def _record(workspace: Workspace, study: Study, options: Options) -> Response:
    found = confirmations_of(workspace, study.spec.name)
    asked = options.get("confirmation", "")
    chosen = [one for one in found if str(one.number) == asked] if asked else found[-1:]
    if not chosen:
        raise Refused(f"{study.title} has no confirmation that is done; say “confirm it” for one.", 404)
    html, record = record_of(chosen[0], workspace.settings.reports)
    path = record if options.get("format") == "json" else html
    return FileResponse(path, filename=path.name, headers=NO_STORE)


def _trials(workspace: Workspace, study: Study, options: Options) -> Response:
    return attached(trials_csv(study, workspace.ledger.trial_notes), f"{study.title}-trials.csv", "text/csv")


def _model(format: str) -> Callable[[Workspace, Study, Options], Response]:
    def made(workspace: Workspace, study: Study, options: Options) -> Response:
        from recmodels.export import export_model  # imports torch

        folder = Path(tempfile.mkdtemp(prefix="recpilot-"))
        try:
            with weights_of(_trial(study, options)) as weights:
                path = export_model(weights, folder, format)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return _once(path, folder)

    return made


def _plot(ending: str) -> Callable[[Workspace, Study, Options], Response]:
    def made(workspace: Workspace, study: Study, options: Options) -> Response:
        content = plot_file(workspace, study, ending, options)
        return attached(content, f"{study.title}-{options.get('kind', 'history')}.{ending}", TYPES[ending])

    return made


def _adapter(workspace: Workspace, study: Study, options: Options) -> Response:
    from recmodels.pretrained.adapters import ADAPTER_FOLDER  # imports torch

    record = _trial(study, options)
    with weights_of(record) as weights:
        if not (weights / ADAPTER_FOLDER).is_dir():
            raise Refused(f"Trial {record.number} trained no adapter; its weights are one file.", 404)
        folder = Path(tempfile.mkdtemp(prefix="recpilot-"))
        name = folder / f"{record.model}-{weights.name}-adapter"
        path = Path(shutil.make_archive(str(name), "zip", weights / ADAPTER_FOLDER))
    return _once(path, folder)


def _once(path: Path, folder: Path) -> Response:
    """A file that is gone when it has been sent."""
    gone = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    return FileResponse(path, filename=path.name, headers=NO_STORE, background=gone)


def _trial(study: Study, options: Options) -> TrialRecord:
    number = options.get("trial", "")
    if number and not (number.isdecimal() and len(number) < 10):
        raise Refused(f"A trial is named by its number; got {number[:40]!r}.")
    if number:
        return finished(study, int(number))
    best = study.best()
    if best is None:
        raise Refused(f"{study.title} has no finished trial whose model could be taken away yet.", 404)
    return best


FILES: Mapping[str, Callable[[Workspace, Study, Options], Response]] = {
    "report": _report,
    "record": _record,
    "trials.csv": _trials,
    "weights": _model("zip"),
    "adapter": _adapter,
    "lists.csv": _model("csv"),
    **{f"plot.{ending}": _plot(ending) for ending in TYPES},
}
