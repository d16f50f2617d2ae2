"""What a few words mean that change an earlier request or answer a question: "10", "maria", "without the time limit"."""

from typing import Any

from agent.understanding.arguments.person_words import person_in
from agent.understanding.bounds.bounds import bounds_in
from agent.understanding.bounds.params import relative
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.names.new_names import named_in_edit

Args = dict[str, Any]

_WHOLE = {"start_study": "n_trials", "extend_study": "n_trials", "recommend_items": "k", "confirm": "n_seeds"}
"""What a bare whole number is, by the tool that is edited; it stands for a trial where a tool takes one."""
_TOTALS = {"n_trials": "total_trials"}
_ADDED = {"total_trials": "n_trials", "total_time_s": "time_limit_s"}
_DROPPED = (
    ("trial_time_limit_s", r"(?:time\s+)?(?:limit|cap|budget)\s+(?:per|for\s+each|on\s+each)\s+trial|trial\s+(?:time\s+)?limit|per-trial\s+limit"),
    ("time_limit_s", r"(?:any\s+)?(?:time\s*-?\s*(?:limit|cap|budget|constraint)s?|limit\s+on\s+(?:the\s+)?time|deadline|timeout)"),
    ("constraints", r"constraints?|conditions?|side\s+conditions?"),
    ("seed", r"(?:fixed\s+)?seed"),
    ("needs_approval", r"approvals?|asking(?:\s+me)?"),
    ("epochs", r"epoch\s+limit"),
    ("sampler", r"sampler"),
    ("without", r"exclusions?"),
    ("columns", r"columns?"),
    ("name", r"name"),
)  # fmt: skip
_TAKEN_BACK = r"\b(?:without|no(?:\s+more)?|drop|remove|forget|scrap|lose|skip|leave\s+out|take\s+out|w/o|never\s+mind)\s+(?:the\s+|a\s+|any\s+|that\s+|my\s+)*"


def edited(tool: str, args: Args, stretch: Stretch) -> Args:
    """The arguments with what only an edit or an answer can leave so short."""
    if args.get("dataset") == "it":
        args = {name: value for name, value in args.items() if name != "dataset"}
    args = _dropped(args, stretch) or args | _bare(tool, args, stretch)
    # what there is in all takes the place of what is added
    return args | {added: None for total, added in _ADDED.items() if total in args and added not in args}


def _dropped(args: Args, stretch: Stretch) -> Args:
    gone = {name: None for name, words in _DROPPED if stretch.has(rf"{_TAKEN_BACK}(?:{words})\b")}
    if "trial_time_limit_s" in gone:
        gone.pop("time_limit_s", None)
    return {name: value for name, value in args.items() if name not in gone} | gone if gone else {}


def _bare(tool: str, args: Args, stretch: Stretch) -> Args:
    """The one amount that no name claimed."""
    if tool in _WHOLE and _WHOLE[tool] not in args and _TOTALS.get(_WHOLE[tool]) not in args:
        bounds = bounds_in(stretch)
        for bound in bounds:
            value = next((v for v in (bound.value, bound.high, bound.low) if v is not None), None)
            given = relative(bound) if value is None else value if isinstance(value, int) else None
            if given is not None:
                stretch.use(*bound.spans)
                return {_WHOLE[tool]: given}
    if tool in ("rename_dataset", "rename_study") and not args and (name := named_in_edit(stretch)):
        return {"name": name}
    if tool == "inspect_data" and not args and (person := person_in(stretch)):
        return {"filter": person}
    if tool in ("run_trial", "predict") and not args.get("params"):
        for bound in bounds_in(stretch)[:1]:
            value = relative(bound) if not bound.is_absolute else bound.value
            if value is not None:
                stretch.use(*bound.spans)
                return {"value": value}
    return {}
