"""The addresses of a study: what is decided, steered and taken away; each names the study that it is about."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from agent.studies.trial_notes import NoteChanged
from ui.door.login import person_of
from ui.owners import is_own
from ui.page import files
from ui.page.refusals import Refused
from ui.page.site import Site
from ui.views.asked import NARROWEST, WIDEST, Asked
from ui.views.registry import shown
from ui.views.trial_note import keep_note


def act(site: Site, request: Request, body: Mapping[str, Any]) -> object:
    """What is done with a study."""
    person, name, acts = person_of(request), request.path_params["act"], site.acts
    if name == "restore":
        return acts.restore(request.path_params["study"])
    study = acts.study(request.path_params["study"])
    if name == "approve":
        acts.approve(study, person, body.get("trial"), body.get("proposal"))
    elif name == "reject":
        acts.reject(study, person, body.get("trial"), body.get("proposal"))
    elif name == "answer":
        acts.answer(study, person, str(body.get("text", "")))
    elif name == "rename":
        acts.rename(study, person, str(body.get("title", "")))
    elif name == "delete":
        acts.delete(study, person)
    else:
        acts.steer(study, person, name)
    return {}


def note(site: Site, request: Request, body: Mapping[str, Any]) -> object:
    """A note and tags of a trial."""
    study, number = site.acts.study(request.path_params["study"]), request.path_params["trial"]
    if not number.isdecimal():
        raise Refused("A trial is named by its number.")
    try:
        kept = keep_note(site.workspace, study.title, int(number), body, person_of(request))
    except NoteChanged as changed:
        raise Refused(str(changed), 412) from None
    if body.get("back"):
        return {"said": f"What stood at trial {int(number)} before is back."}
    said = f"Kept with trial {int(number)}." if not kept.note.is_empty else f"Taken away from trial {int(number)}."
    if kept.was.is_empty:
        return {"said": said}
    seen = "" if kept.note.is_empty else kept.note.at
    return {"said": said, "back": {"label": "Put the old one back", "body": {"back": True, "seen": seen}}}


def view(site: Site, request: Request, body: Mapping[str, Any]) -> object:
    """What the study part shows, as a fragment of HTML."""
    options = dict(request.query_params)
    at, study, chat, width = (options.pop(name, "") for name in ("at", "study", "chat", "width"))
    person = person_of(request)
    asked = Asked(
        workspace=site.workspace,
        person=person,
        chat=chat if is_own(chat, person) else None,
        study=site.workspace.runner.called(study) if study else None,
        width=min(max(int(width), NARROWEST), WIDEST) if width.isdecimal() and len(width) < 6 else 600,
        options=options,
        models=site.models,
    )
    return HTMLResponse(str(shown(at, asked)), headers={"Cache-Control": "no-store"})


def file(site: Site, request: Request, body: Mapping[str, Any]) -> object:
    """What can be taken away."""
    query = request.query_params
    return files.answer(site.workspace, query.get("what", ""), site.acts.study(query.get("study")), dict(query))
