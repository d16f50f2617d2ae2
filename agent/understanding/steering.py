"""A study that has begun is steered by what is said of it: a range, more trials, other models; no second one begins.

"dropout 0.2 to 0.4" right after "tune sasrec on demo" reads like a change of that order, which has been carried out.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agent.understanding.known import Known
from agent.understanding.plan import Held, Request

_BEGINS = re.compile(
    r"\b(?:new|another|fresh|second|separate)\s+(?:study|search|tuning|one)\b|\b(?:start|begin|launch|(?<!to\s)tune|optimi[sz]e|kick|fire|set\s+up|same)\b|开始|新",
    re.IGNORECASE,
)
_EXTENDS = ("n_trials", "time_limit_s", "models", "without", "constraints")
_STATES = ("queued", "running", "waiting", "paused")


def steers(request: Request, known: Known, text: str) -> bool:
    """Whether what reads like a study to begin is said of the one at hand, which has begun."""
    names_other = {"dataset", "base"} & set(request.args)
    return (
        request.tool == "start_study" and known.study_state in _STATES and not names_other and not _BEGINS.search(text)
    )


def steered(request: Request) -> list[Request | Held]:
    """The changes of the study at hand; what cannot be changed of one that runs is asked about."""
    args = dict(request.args)
    found: list[Request | Held] = [
        replace(request, tool="set_search_space", args={"param": param} | _range(value), assumed=())
        for param, value in args.pop("space", {}).items()
    ]
    if (epochs := args.pop("epochs", None)) is not None:
        found.append(replace(request, tool="set_search_space", args={"param": "epochs", "high": epochs}, assumed=()))
    if more := {name: args.pop(name) for name in _EXTENDS if name in args}:
        found.append(replace(request, tool="extend_study", args=more, assumed=()))
    if args:
        found.append(Held(request=request, why="unclear"))
    return found


def _range(value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, list):
        return {"low": value[0], "high": value[-1]}
    return {"value": value}
