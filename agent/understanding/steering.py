"""A study that has begun, or waits for a yes, is changed by what is said of it: a range, trials, models; no second begins.

"dropout 0.2 to 0.4" right after "tune sasrec on demo" reads like a change of that order, which has been carried out;
"only ease" under the plan card of a study is of the study on the card.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agent.studies.defaults import TRIALS
from agent.understanding.asking.answers_to import ADDS
from agent.understanding.known import Known
from agent.understanding.plan import Held, Request, Waiting

_BEGINS = re.compile(
    r"\b(?:new|another|fresh|second|separate)\s+(?:study|search|tuning|one)\b|\b(?:start|begin|launch|(?<!to\s)tune|optimi[sz]e|kick|fire|set\s+up|same)\b|开始|新",
    re.IGNORECASE,
)
_EXTENDS = ("n_trials", "time_limit_s", "models", "more_models", "without", "constraints")
_STATES = ("queued", "running", "waiting", "paused")


def begins(text: str) -> bool:
    """Whether the words begin a study of their own."""
    return _BEGINS.search(text) is not None


def steers(request: Request, known: Known, text: str) -> bool:
    """Whether what reads like a study to begin is said of the one at hand: one that goes on, or one that has ended.

    What has ended takes limits, trials and ranges; models named alone begin another one.
    """
    if request.tool != "start_study" or {"dataset", "base"} & set(request.args) or begins(text):
        return False
    if known.study_state in _STATES:
        return True
    return known.study_state in ("finished", "stopped") and bool(request.args) and set(request.args) <= _OF_ENDED


def with_other_likes(request: Request, known: Known) -> Request | None:
    """The copy of the study at hand that other likes, repeats or weights make; None where more is said, or there is none."""
    is_of_these = bool(request.args) and set(request.args) <= {"positive", "repeat_events", "outcomes"}
    if request.tool != "start_study" or not is_of_these or known.study is None:
        return None
    return request.with_args(base=known.study)


_OF_ENDED = {"constraints", "n_trials", "time_limit_s", "without"}


def steered(request: Request) -> list[Request | Held]:
    """The changes of the study at hand; what cannot be changed of one that runs is asked about."""
    args = dict(request.args)
    found: list[Request | Held] = [
        replace(request, tool="set_search_space", args={"param": param} | _range(value), assumed=())
        for param, value in args.pop("space", {}).items()
    ]
    if (epochs := args.pop("epochs", None)) is not None:
        found.append(replace(request, tool="set_search_space", args={"param": "epochs", "high": epochs}, assumed=()))
    for one in args.pop("try_first", ()):
        params = {name: value for name, value in one.items() if name != "model"}
        found.append(replace(request, tool="run_trial", args=_of_model(one) | {"params": params}, assumed=()))
    is_more = _MORE.search(request.words) is not None
    if "models" in args and ADDS.search(request.words):
        args["more_models"] = args.pop("models")
    if more := {_in_all(name, is_more): args.pop(name) for name in _EXTENDS if name in args}:
        found.append(replace(request, tool="extend_study", args=more, assumed=()))
    if args:
        found.append(Held(request=request, why="unclear"))
    return found


_MORE = re.compile(r"\b(?:more|another|extra|further|additional|add|longer|on\s+top|again)\b|\+|再|多", re.IGNORECASE)


def _in_all(name: str, is_more: bool) -> str:
    """ "Make it 10 trials" of a study means 10 in all."""
    return name if is_more else {"n_trials": "total_trials", "time_limit_s": "total_time_s"}.get(name, name)


def _range(value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, list):
        return {"low": value[0], "high": value[-1]}
    return {"value": value}


_ON_CARD = {"total_trials": "n_trials", "total_time_s": "time_limit_s", "more_models": "models"}


def changes_card(request: Request, waiting: Waiting | None, text: str) -> Request | None:
    """The study on the plan card with what the message changes of it; None where it speaks of something else."""
    is_card = waiting is not None and waiting.lacking is None and waiting.requests
    card = waiting.requests[waiting.n_before] if waiting is not None and is_card else None
    if card is None or card.tool != "start_study" or {"dataset", "base"} & set(request.args) or begins(text):
        return None
    args = dict(request.args)
    if request.tool == "set_search_space" and "param" in args:
        param = str(args.pop("param"))
        return card.with_args(space=dict(card.args.get("space", {})) | {param: _wanted(args)})
    if request.tool == "run_trial" and args.get("params") and _FIRST.search(text):
        tries = [*card.args.get("try_first", ()), {**_of_model(args), **args["params"]}]
        return card.with_args(try_first=tries)
    if request.tool == "start_study" and not args:
        return card
    if request.tool not in ("start_study", "extend_study") or not args or "study" in args:
        return None
    if "space" in args:
        args["space"] = dict(card.args.get("space", {})) | dict(args["space"])
    if "models" in args and ADDS.search(text):
        args["more_models"] = args.pop("models")
    if "more_models" in args:
        args["more_models"] = [*card.args.get("models", ()), *args["more_models"]]
    if _MORE.search(text):
        n_trials = None if "time_limit_s" in card.args else TRIALS
        before = {"n_trials": n_trials} | dict(card.args)
        args |= {name: _added(before.get(name), args[name]) for name in ("n_trials", "time_limit_s") if name in args}
    return card.with_args(**{_ON_CARD.get(name, name): value for name, value in args.items()})


_FIRST = re.compile(r"\bfirst\b|\bright\s+after\b|\bbefore\s+\w+\s+else\b|先", re.IGNORECASE)


def _wanted(args: Mapping[str, Any]) -> Any:
    """A range as `start_study` takes it."""
    if "value" in args:
        return args["value"]
    return [args["low"], args["high"]] if {"low", "high"} <= set(args) else dict(args)


def _of_model(args: Mapping[str, Any]) -> dict[str, Any]:
    return {"model": args["model"]} if "model" in args else {}


def _added(there: Any, more: Any) -> Any:
    """ "half an hour on top" of the hour and a half on the card."""
    are_numbers = isinstance(there, int | float) and isinstance(more, int | float)
    return there + more if are_numbers else more
