"""The order that a plan card answers, complete, so that a person can change it and say it again."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agent.answers.wording import duration, listed
from agent.studies.defaults import OBJECTIVE, TRIALS
from agent.understanding.phrases import phrase
from agent.understanding.plan import Request
from agent.words.said import Said

_BUDGET = ("n_trials", "time_limit_s")


def order_again(requests: Sequence[Request], said: Said, *, is_all_said: bool) -> str:
    """As a person would type it.

    Args:
        said: The message that made the plan.
        is_all_said: Nothing of the plan comes from what was said before, so that its own words serve.
    """
    own = said.text.strip().rstrip(".!?;, ")
    starts = [one for one in requests if one.tool == "start_study"]
    if is_all_said or any(name not in _WORDS for one in starts for name in one.args):
        return f"{own}{_left_open(starts[0]) if starts and len(requests) == 1 else ''}"
    return " and ".join(_start(one) if one.tool == "start_study" else _plain(phrase(one)) for one in requests)


def _start(request: Request) -> str:
    args = request.args
    models = listed(list(args["models"])) if args.get("models") else "everything"
    data = f" on {args['dataset']}" if "dataset" in args else ""
    words = [f"tune {models}{data}"]
    words += [say(args[name]) for name, say in _WORDS.items() if name in args and say is not None]
    return f"{', '.join(words)}{_left_open(request)}"


def _left_open(request: Request) -> str:
    """What a study takes by default and a person changes most."""
    args = request.args
    trials = "" if any(name in args for name in _BUDGET) else f", {TRIALS} trials"
    return f"{trials}{'' if 'objective' in args or 'base' in args else f', optimise {OBJECTIVE}'}"


def _space(space: Mapping[str, Any]) -> str:
    return ", ".join(f"{param} {_range(value)}" for param, value in space.items())


def _range(value: Any) -> str:
    if isinstance(value, list | tuple):
        is_range = len(value) == 2 and all(isinstance(one, int | float) for one in value)
        return f"between {value[0]:g} and {value[1]:g}" if is_range else " or ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _plain(words: str) -> str:
    return words.replace("`", "")


_WORDS: Mapping[str, Callable[[Any], str] | None] = {
    "dataset": None,
    "models": None,
    "n_trials": lambda n: f"{n} trials",
    "time_limit_s": lambda seconds: f"at most {duration(float(seconds))}",
    "objective": lambda metrics: (
        f"optimise {listed(list(metrics) if isinstance(metrics, list | tuple) else [metrics])}"
    ),
    "constraints": lambda bounds: listed(list(bounds)),
    "sampler": lambda name: f"with {name}",
    "space": _space,
}
"""How a study's arguments are said; None: in the first words. Of a study with others the message's own words are kept."""
