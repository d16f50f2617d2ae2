"""What is said about requests that were not done: a question about an act, a supposition, a refusal, a later time."""

import re
from collections.abc import Sequence

from agent import outside
from agent.answers.wording import listed
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.phrases import phrase
from agent.understanding.plan import Held, Plan, Request
from agent.words.acts import ACTS
from agent.words.spelling import words_of

_ABOUT = {
    "control_study": "Pausing and stopping lose nothing: trials that finished stay, and a paused or stopped study goes on where it was with `resume`.",
    "start_study": "A study runs in the background and can be paused or stopped at any time. Say, for example, `tune sasrec on demo, 6 trials`.",
    "extend_study": "A study takes more trials, time, models or constraints at any time: say, for example, `add 5 trials`.",
    "run_trial": "A trial is one training run; it counts in the study. Say `run it`, or name the values.",
    "reject_trial": "A trial that waits for your yes does not run before you say `run it`; say `reject it` to get another proposal.",
    "repeat_trial": "A trial can be run again with another seed, which shows how far chance moves it: say, for example, `repeat trial 2`.",
    "set_search_space": "A range can be changed at any time, from the next trial on: say, for example, `keep dropout between 0.1 and 0.4`. `undo` takes it back.",
    "export_model": "A model of any finished trial can be exported, also while the study runs: say `export the best`.",
    "confirm": "A confirmation runs the best trials and the defaults with several seeds and then reads the sealed test once. Say `confirm` to begin.",
    "add_dataset": "A file is read and kept as a dataset of its own; your file stays as it is. Give me its path, or drop it into the chat.",
    "remove_dataset": "A dataset that was removed can be brought back with `undo`; its studies stay.",
    "rename_dataset": "A dataset can be renamed at any time; its studies stay.",
    "filter_dataset": "A part of a dataset is kept as a new version of it, and the dataset stays: say, for example, `filter shop to since 2024 and users with at least 5 events`, or `leave out the bots of shop`.",
    "remember_lesson": "A note stays until you tell me to forget it: say `remember that …`.",
    "forget_lesson": "A note that was forgotten can be brought back with `undo`.",
    "open_study": "Opening a study makes it the one that we talk about; nothing runs by that.",
    "rename_study": "A study can be renamed at any time.",
    "delete_study": "A deleted study can be brought back with `undo`; what its trials taught stays in the memory.",
    "import_trials": "Past trials can be read from an Optuna storage or a CSV of params and values.",
    "undo": "The last change of the space, budget, notes, names or data can be taken back; a trial that ran cannot.",
}


_DONE = {
    "control_study": "stopped or paused",
    "start_study": "started",
    "extend_study": "added or changed",
    "run_trial": "run",
    "reject_trial": "rejected",
    "repeat_trial": "repeated",
    "set_search_space": "changed",
    "export_model": "exported",
    "confirm": "confirmed, and test stays unread",
    "add_dataset": "added",
    "remove_dataset": "removed",
    "rename_dataset": "renamed",
    "filter_dataset": "kept or left out",
    "remember_lesson": "noted",
    "forget_lesson": "forgotten",
    "open_study": "opened",
    "rename_study": "renamed",
    "delete_study": "deleted",
    "import_trials": "imported",
    "undo": "taken back",
}
"""What was not done, as in "nothing was …"."""


def said_of_held(held: Sequence[Held]) -> str:
    """One short paragraph for what was not done; empty where nothing was held back."""
    whys = {one.why for one in held}
    tools = list(dict.fromkeys(one.request.tool for one in held if one.request.tool in _DONE))
    done = " or ".join(_DONE[tool] for tool in tools) or "done"
    if "refusal" in whys and tools == ["remember_lesson"] and any(one.request.args.get("as_bound") for one in held):
        return "All right, it stays a note and binds nothing."
    if "refusal" in whys:
        return f"All right, nothing was {done}."
    about = " ".join(_ABOUT[tool] for tool in tools if tool in _ABOUT)
    if "later" in whys:
        return f"All right, nothing was {done} now; I do not act by myself later, so say it when the time has come."
    if "question" in whys:
        return f"{about} Nothing was {done}.".strip()
    if "supposition" in whys:
        return f"Nothing was {done}. {about}".strip()
    return ""


_STOP = re.compile(r"\b(?:stop|halt|abort|cancel|end)\b|停", re.IGNORECASE)


def runs_on(plan: Plan, known: Known) -> str | None:
    """The study that runs on though the person said stop, which was taken as the answer to a question; None otherwise."""
    is_refused = any(one.why == "refusal" for one in plan.held) and not plan.requests
    says_stop = is_refused and _STOP.search(plan.say) is not None
    return known.study if says_stop and known.study_state in ("queued", "running", "waiting") else None


_STAYS = ("undoable", "destructive")


def said_of_no(known: Known, dialogue: Dialogue) -> str | None:
    """What stays, where "no" answers nothing that was asked; None where nothing was done before it."""
    last = next((one for one in reversed(dialogue.last) if one.acts), None)
    if known.study is not None and known.study_state in ("queued", "running", "waiting"):
        return f"All right, nothing more was done. {said_of_running(known.study)}"
    if last is None or ACTS[last.tool].kind not in _STAYS or last.tool == "export_model":
        return None
    return "All right, nothing more was done. What I did before stays; say `undo` to take it back."


def said_of_running(study: str | None) -> str:
    """That it runs on, and how it is stopped."""
    return f"{outside.code(study)} runs on; say “stop the study” to stop it." if study else ""


def said_of_pretended(request: Request) -> str:
    """What a request would do, were it not only pretended."""
    return f"Would {phrase(request)}."


_SMALL = words_of(
    "the and what which who why how when where is are was were do does did of to in on at for from with by it that this "
    "a an again meant mean you your please can could would should will not just only more then than so if but or"
)
"""Words that change nothing where they were misspelt, so that nothing is said of them."""


def said_of_reading(plan: Plan) -> str:
    """How misspelt names were read and what was assumed, where something was done with it."""
    near = [f"“{outside.text(said)}” as {outside.code(name)}" for said, name in plan.near if name not in _SMALL]
    parts = [f"I read {listed(near)}."] if near else []
    for request in plan.requests:
        if request.acts:
            parts += [
                f"You did not name the {name}; I took {outside.code(request.args[name])}."
                for name in request.assumed
                if name in ("dataset", "trial", "user", "study")
            ]
    return " ".join(parts)
