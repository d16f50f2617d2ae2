"""The tool that takes back the last change: one more act in the ledger, never a deletion of what happened.

Each entry of `_BACK` does the opposite of a tool from what was logged before it, and may be done twice without harm.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from agent.answers.facts import quoted
from agent.errors import USER_ERRORS, UserError
from agent.results.study import NothingToUndo, NotUndone, Undone
from agent.standing import counted
from agent.studies.acts_log import Logged
from agent.studies.at_hand import hand
from agent.studies.study import Study
from agent.tools.changing import kept_terms
from agent.tools.checking import acts_now, could_act, is_checking
from agent.tools.studies_at_hand import StudyName, study_at_hand
from agent.words.acts import ACTS
from agent.workspace import Workspace
from memory.record import Lesson, from_dict

DatasetOfChange = Annotated[
    str | None, Field(description="only a change of the dataset of this name; left out: of anything", max_length=100)
]


def undo(
    workspace: Workspace, study: StudyName = None, dataset: DatasetOfChange = None
) -> Undone | NotUndone | NothingToUndo:
    """Take back the last change of this chat: space, budget, models, constraints, pause, lessons, names, removals.

    What cannot be taken back (a trial that ran, an export, a reading of test) is told, with the nearest thing to do;
    a further undo then goes on to the change before it.
    """
    mine = hand()
    chat = mine.chat if mine else None
    chosen = None if study is None else study_at_hand(workspace, study)
    standing = workspace.ledger.acts.last(chat, chosen.name if chosen else None, dataset=dataset)
    if not standing:
        if dataset is not None and (again := _had_again(workspace, chat, dataset)) is not None:
            return again
        of = chosen.title if chosen else f"dataset {quoted(dataset)}" if dataset is not None else None
        return NothingToUndo(nothing=_nothing(workspace.ledger.acts.last(chat), of))
    act = standing[0]
    if is_checking() and isinstance(cannot := _taken_back(workspace, act), NotUndone):
        return cannot
    acts_now()
    earlier = standing[1] if len(standing) > 1 else None
    with workspace.ledger.acts.act("undo", chat=chat, study=act.study, before={}, undoes=act.number) as entry:
        found = _taken_back(workspace, act)
        entry.says = found.undone if isinstance(found, Undone) else found.cannot
    can_go_back = earlier is not None and could_act(lambda: _taken_back(workspace, earlier))
    return replace(found, before_that=earlier.says if earlier else None, can_go_back=can_go_back)


def _had_again(workspace: Workspace, chat: str | None, dataset: str) -> Undone | None:
    """Bring back a dataset whose adding was taken back, as one more act; None where none of that name was."""
    gone = [act for act in workspace.ledger.acts.taken_back(chat, dataset) if act.tool in _MAKE_DATA]
    if not gone or "instead_of" in gone[0].before or workspace.catalogue.called(dataset) is not None:
        return None
    act = gone[0]
    workspace.catalogue.check_restorable(act.before["dataset"])
    acts_now()
    with workspace.ledger.acts.act(act.tool, chat=chat, before=act.before) as entry:
        entry.says = act.says
        name = workspace.catalogue.restore(act.before["dataset"])
    return Undone(
        tool="undo", at=act.at, undone=f"the undo of “{act.says}”", now=f"dataset {name} is back", is_certain=True
    )


_MAKE_DATA = ("add_dataset", "filter_dataset")


def _nothing(others: Sequence[Logged], of: str | None) -> str:
    """Why there is nothing to take back; of one study or dataset, what undo alone would take back."""
    if of is None or not others:
        return f"nothing{f' of {of}' if of else ''} was changed in this chat that could be taken back"
    says = others[0].says or ACTS[others[0].tool].says
    return f"nothing of {of} was changed in this chat; `undo` alone takes back what came last: {says}"


def _taken_back(workspace: Workspace, act: Logged) -> Undone | NotUndone:
    """Do the opposite, or say why that cannot be."""
    back = _BACK.get(act.tool)
    says = act.says or ACTS[act.tool].says
    if back is None:
        return NotUndone(tool=act.tool, at=act.at, cannot=says, instead=ACTS[act.tool].instead)
    try:
        now = back(workspace, act)
    except USER_ERRORS as error:
        return NotUndone(tool=act.tool, at=act.at, cannot=says, why=str(error))
    return Undone(tool=act.tool, at=act.at, undone=says, now=now, is_certain=act.outcome == "done")


# -- the opposite of each tool; each says how it is now, and stops at `acts_now` where it is only checked ---------


def _space(workspace: Workspace, act: Logged) -> str:
    study, model, param = _study(workspace, act), act.before["model"], act.before["param"]
    kept = act.before["range"]
    if kept is None:
        space = study.narrow(model, param, is_reset=True)
    else:
        choices = tuple(kept["choices"]) if "choices" in kept else None
        space = study.narrow(model, param, kept.get("low"), kept.get("high"), choices)
    return f"{param} of {model} is searched in {space.describe()[param]} again"


def _terms(workspace: Workspace, act: Logged) -> str:
    study, before = _study(workspace, act), act.before
    now, was_over = study.spec, before["state"] in ("finished", "stopped")
    if any(kept_terms(now)[name] != value for name, value in before.items() if name in kept_terms(now)):
        study.extend(
            n_trials=before["n_trials"],
            time_limit_s=before["time_limit_s"],
            lifts_time_limit=before["time_limit_s"] is None,
            trial_time_limit_s=before.get("trial_time_limit_s"),
            lifts_trial_time_limit=before.get("trial_time_limit_s", now.trial_time_limit_s) is None,
            needs_approval=before.get("needs_approval"),
            models=before["models"],
            constraints=before["constraints"],
        )
    if was_over and study.state in ("running", "queued", "waiting"):
        study.stop()
    n_more = len(counted(study.records())) - before["n_finished"]
    ran = f"; {n_more} trial{'s' * (n_more > 1)} that ran meanwhile stay" if n_more > 0 else ""
    return f"{study.title} has its earlier terms again: {study.spec.n_trials} trials, {study.spec.goal}{ran}"


def _control(workspace: Workspace, act: Logged) -> str:
    study = _study(workspace, act)
    state, action = act.before["state"], act.before["action"]
    back = "resume" if action in ("pause", "stop") else "pause" if state == "paused" else "stop"
    if back == "resume" and study.state in ("running", "queued"):
        return f"{study.title} is running"
    {"pause": study.pause, "resume": study.resume, "stop": study.stop}[back]()
    return f"{study.title} was told to {back}"


def _opened(workspace: Workspace, act: Logged) -> str:
    if act.before["left"] is None:
        raise UserError("no study was at hand before")
    workspace.runner.peek(act.before["left"])
    acts_now()
    return f"{workspace.runner.open(act.before['left']).title} is at hand again"


def _renamed(workspace: Workspace, act: Logged) -> str:
    study = _study(workspace, act)
    workspace.ledger.check_title(study.name, act.before["title"])
    acts_now()
    return f"the study is called {workspace.runner.rename(study.name, act.before['title']).title} again"


def _deleted(workspace: Workspace, act: Logged) -> str:
    acts_now()
    return f"study {workspace.runner.restore(act.before['name']).title} is back, with all its trials"


def _data_added(workspace: Workspace, act: Logged) -> str:
    name = workspace.catalogue.called(act.before.get("dataset", ""))
    if name is None:
        return "the dataset is not in the list"
    instead_of = act.before.get("instead_of")
    acts_now()
    workspace.catalogue.set_aside(name)
    if instead_of is not None:
        return f"dataset {workspace.catalogue.restore(instead_of)} is read as it was before"
    return f"dataset {name} is out of the list; its file stays where it is, and “bring {name} back” has it there again"


def _data_renamed(workspace: Workspace, act: Logged) -> str:
    workspace.catalogue.new_title(act.before["dataset"], act.before["title"])
    acts_now()
    return f"the dataset is called {workspace.catalogue.rename(act.before['dataset'], act.before['title'])} again"


def _data_removed(workspace: Workspace, act: Logged) -> str:
    if act.before.get("for_good"):
        raise UserError("its files are gone: nothing brings back what was deleted for good")
    workspace.catalogue.check_restorable(act.before["dataset"])
    acts_now()
    return f"dataset {workspace.catalogue.restore(act.before['dataset'])} is back"


def _lesson_kept(workspace: Workspace, act: Logged) -> str:
    acts_now()
    if "was" in act.before:
        was = from_dict(act.before["was"])
        workspace.memory.remember(was)
        binds = isinstance(was, Lesson) and was.content is not None
        return "it is a bound again" if binds else "it is a note again, which binds nothing"
    workspace.memory.forget(from_dict(act.before["lesson"]).id)
    return "it is not remembered any more"


def _lesson_forgotten(workspace: Workspace, act: Logged) -> str:
    acts_now()
    lessons = [from_dict(one) for one in (act.before["lesson"], *act.before.get("others", ()))]
    workspace.memory.remember(*lessons)
    return "it is remembered again" if len(lessons) == 1 else f"all {len(lessons)} are remembered again"


def _imported(workspace: Workspace, act: Logged) -> str:
    records = [from_dict(record) for record in act.before["records"]]
    acts_now()
    for record in records:
        workspace.memory.forget(record.id)
    return f"{len(records)} imported trials are not remembered any more"


_BACK: dict[str, Callable[[Workspace, Logged], str]] = {
    "set_search_space": _space,
    "extend_study": _terms,
    "control_study": _control,
    "open_study": _opened,
    "rename_study": _renamed,
    "delete_study": _deleted,
    "add_dataset": _data_added,
    "rename_dataset": _data_renamed,
    "remove_dataset": _data_removed,
    "filter_dataset": _data_added,
    "remember_lesson": _lesson_kept,
    "forget_lesson": _lesson_forgotten,
    "import_trials": _imported,
}


def _study(workspace: Workspace, act: Logged) -> Study:
    if is_checking():
        return workspace.runner.peek(act.study or "").only_checked()
    return workspace.runner.open(act.study or "")
