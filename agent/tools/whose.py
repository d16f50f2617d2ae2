"""Whether an act falls on a study that the person may not mean: another person began it, or it is only the latest.

A study belongs to all who may log in, who see what it found; who steers one that another person began is asked, and
told whose it is. Where nobody logs in, a chat that has not spoken of a study yet is told which one it would steer while
that one runs.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agent import outside
from agent.answers.wording import listed
from agent.errors import USER_ERRORS
from agent.studies.at_hand import hand
from agent.studies.study import Study
from agent.understanding.asking.prospect import Prospect
from agent.words.acts import ACTS
from agent.workspace import Workspace

_AT_WORK = ("queued", "running", "waiting")
_OF_DATA = ("rename_dataset", "remove_dataset")
_OF_NO_STUDY = ("undo", "remember_lesson")
"""What falls on the chat's own changes, or on notes, whatever study is at hand; notes say themselves whose they are."""


def with_whose(workspace: Workspace, prospect: Prospect, tool: str, args: Mapping[str, Any]) -> Prospect:
    """The prospect with what the person is asked first, where an act is on a study that may not be meant."""
    if prospect.problem is not None or ACTS[tool].kind == "reads" or tool in _OF_NO_STUDY:
        return prospect
    if tool in _OF_DATA:
        return replace(prospect, asks=_asks_of_data(workspace, str(args.get("dataset"))))
    study = _study(workspace, args.get("study"))
    asks = None if study is None else _asks(study)
    return prospect if study is None or asks is None else replace(prospect, asks=asks, study=study.title)


def _asks_of_data(workspace: Workspace, named: str) -> str:
    """Who else tunes on a dataset, which gets another name, or none, for them too."""
    mine = hand()
    key = workspace.catalogue.key_of(name) if (name := workspace.catalogue.called(named)) is not None else None
    if mine is None or mine.person is None or key is None:
        return ""
    theirs: dict[str, str] = {}
    for title in workspace.runner.names():
        study = _study(workspace, title)
        if study is not None and study.spec.dataset == key and study.begun.is_of_another(mine.person):
            theirs.setdefault(study.begun.person or "", study.title)
    told = listed([f"{outside.text(person)} ({outside.code(title)})" for person, title in theirs.items()])
    return f"Dataset {outside.code(named)} is tuned on by {told}, too." if theirs else ""


def _study(workspace: Workspace, named: str | None) -> Study | None:
    """The one that the call is about, as it stands."""
    mine = hand()
    try:
        name = named or (mine.study if mine is not None else None)
        return workspace.runner.peek(name) if name else workspace.runner.current()
    except USER_ERRORS:  # the call says why
        return None


def _asks(study: Study) -> str | None:
    mine, title = hand(), outside.code(study.title)
    if mine is None or mine.chat is None:
        return None
    if study.begun.is_of_another(mine.person):
        return f"{outside.text(study.begun.person or '')} began study {title}."
    is_own = study.begun.chat == mine.chat or (mine.person is not None and study.begun.person == mine.person)
    if mine.is_fresh and not is_own and study.state in _AT_WORK:
        return f"Study {title} is {study.state}, and this chat did not begin it."
    return None
