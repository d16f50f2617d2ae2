"""The addresses of a chat: what is said, listed, renamed, deleted and brought back; each chat is one person's."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request

from recmodels.outside import visible
from ui.door.login import person_of
from ui.exporting import exported
from ui.owners import is_own
from ui.page.feed import earlier
from ui.page.files import attached
from ui.page.refusals import NOT_YOURS, Refused
from ui.page.site import Site
from ui.views.suggestions import suggestions


def say(site: Site, request: Request, body: Mapping[str, Any]) -> object:
    """Takes a message."""
    person = person_of(request)
    dropped = [str(one["path"]) for one in body.get("files") or () if isinstance(one, dict) and "path" in one]
    text, study, answers = body.get("text") or "", body.get("study") or None, body.get("answers")
    if not isinstance(text, str) or not isinstance(study, str | None) or not isinstance(answers, str | None):
        raise Refused("A message is a text, and its study a name.")
    site.acts.say(site.acts.chat(body.get("chat"), person), person, text, dropped, study, answers)
    return {}


def start(site: Site, request: Request, body: Mapping[str, Any]) -> object:
    """What an empty chat shows."""
    person, study = person_of(request), request.query_params.get("study", "")
    return {
        "title": "What shall we tune?",
        "words": "Hand me a dataset (drop a file), or begin with the demo data: 2,000 readers, 1,500 books. "
        "I propose, train, learn from each trial, and can say why.",
        "suggestions": suggestions(site.workspace, site.workspace.runner.called(study) if study else None, person),
    }


def find(site: Site, request: Request, body: Mapping[str, Any]) -> object:
    """A person's chats in which words were said."""
    person = person_of(request)
    found = [
        {**site.list.shown(one.chat), "snippet": visible(one.snippet)}
        for one in site.workspace.chats.find(request.query_params.get("find", ""))
        if is_own(one.chat.id, person)
    ]
    return {"chats": found}


def earlier_of(site: Site, request: Request, body: Mapping[str, Any]) -> object:
    """The entries of a long chat before those that a tab has."""
    chat = site.acts.chat(request.path_params["chat"], person_of(request))
    return earlier(chat, request.query_params.get("before", ""))


def act(site: Site, request: Request, body: Mapping[str, Any]) -> object:
    """What is done with a chat."""
    person, name, named = person_of(request), request.path_params["act"], request.path_params["chat"]
    if not is_own(named, person):
        raise Refused(NOT_YOURS, 403)
    chats, study = site.workspace.chats, body.get("study") or None
    if not isinstance(study, str | None):
        raise Refused("A study is a name.")
    acts: dict[str, Callable[[], object]] = {
        "stop": lambda: site.acts.chat(named, person).stop(),
        "retry": lambda: site.acts.again(named, person, study),
        "edit": lambda: site.acts.edit(named, person, body.get("turn"), body.get("text"), study),
        "undo": lambda: site.acts.chat(named, person).undo(),
        "rename": lambda: chats.rename(named, str(body.get("title", ""))),
        "pin": lambda: chats.pin(named, is_pinned=bool(body.get("pinned", True))),
        "delete": lambda: _delete(site, named, person),
        "restore": lambda: chats.restore(named),
    }
    if name not in acts:
        raise Refused(f"A chat has no act {name[:40]!r}; there are: {', '.join(acts)}.", 404)
    said = acts[name]()
    site.list.forget()
    return {"said": said} if name == "undo" and said else {}


def _delete(site: Site, chat: str, person: str | None) -> None:
    """Takes a chat out of the list, and stops what it answers."""
    site.acts.chat(chat, person).stop()
    site.workspace.chats.delete(chat)


def export(site: Site, request: Request, body: Mapping[str, Any]) -> object:
    """A whole chat as a file."""
    named, form = request.path_params["chat"], request.path_params["form"]
    chat = site.acts.chat(named, person_of(request))
    chat.follow()  # what studies did since it was looked at
    found = exported(site.workspace.chats.get(named), chat.transcript.entries(), chat.history(), form)
    return attached(found.text, found.name, "application/json" if form == "json" else "text/markdown")
