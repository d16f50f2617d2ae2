"""What is said about requests that were not done: a question about an act, a supposition, a refusal, a later time."""

from collections.abc import Sequence

from agent.understanding.plan import Held, Plan, Request
from agent.words.acts import ACTS

_ABOUT = {
    "control_study": "Pausing and stopping lose nothing: trials that finished stay, and a paused or stopped study goes on where it was with `resume`.",
    "start_study": "A study runs in the background and can be paused or stopped at any time. Say, for example, `tune sasrec on demo, 6 trials`.",
    "extend_study": "A study takes more trials, time, models or constraints at any time: say, for example, `add 5 trials`.",
    "run_trial": "A trial is one training run; it counts in the study. Say `run it`, or name the values.",
    "repeat_trial": "A trial can be run again with another seed, which shows how far chance moves it: say, for example, `repeat trial 2`.",
    "set_search_space": "A range can be changed at any time, from the next trial on: say, for example, `keep dropout between 0.1 and 0.4`. `undo` takes it back.",
    "export_model": "A model of any finished trial can be exported, also while the study runs: say `export the best`.",
    "confirm": "A confirmation runs the best trials and the defaults with several seeds and then reads the sealed test once. Say `confirm` to begin.",
    "add_dataset": "A file is read and kept as a dataset of its own; your file stays as it is. Give me its path, or drop it into the chat.",
    "remove_dataset": "A dataset that was removed can be brought back with `undo`; its studies stay.",
    "rename_dataset": "A dataset can be renamed at any time; its studies stay.",
    "remember_lesson": "A note stays until you tell me to forget it: say `remember that …`.",
    "forget_lesson": "A note that was forgotten can be brought back with `undo`.",
    "open_study": "Opening a study makes it the one that we talk about; nothing runs by that.",
    "rename_study": "A study can be renamed at any time.",
    "delete_study": "A deleted study can be brought back with `undo`; what its trials taught stays in the memory.",
    "import_trials": "Past trials can be read from an Optuna storage or a CSV of params and values.",
    "undo": "The last change of the space, budget, notes, names or data can be taken back; a trial that ran cannot.",
}


def said_of_held(held: Sequence[Held]) -> str:
    """One short paragraph for what was not done; empty where nothing was held back."""
    if not held:
        return ""
    whys = {one.why for one in held}
    acts = _acts([one.request for one in held])
    if "refusal" in whys:
        return f"All right. Nothing was done: I did not {acts}."
    about = " ".join(dict.fromkeys(_ABOUT[one.request.tool] for one in held if one.request.tool in _ABOUT))
    if "later" in whys:
        return f"I did nothing now, and I cannot do it by myself later: say it when the time has come. {about}".strip()
    if "question" in whys:
        return f"{about} Nothing was done.".strip()
    if "supposition" in whys:
        return f"Nothing was run. {about}".strip()
    return ""


def said_of_reading(plan: Plan) -> str:
    """How misspelt names were read and what was assumed, where something was done with it."""
    parts = [f"I read “{said}” as `{name}`." for said, name in plan.near]
    for request in plan.requests:
        if request.acts:
            parts += [
                f"You did not name the {name}; I took `{request.args[name]}`."
                for name in request.assumed
                if name in ("dataset", "trial", "user", "study")
            ]
    return " ".join(parts)


def _acts(requests: Sequence[Request]) -> str:
    says = list(dict.fromkeys(ACTS[request.tool].says for request in requests if request.tool in ACTS))
    return " or ".join(says) or "act"
