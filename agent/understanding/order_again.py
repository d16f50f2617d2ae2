"""The order that a plan card answers, complete, so that a person can change it and say it again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.answers.wording import duration, listed
from agent.answers.wording_in_chinese import duration as duration_in_chinese
from agent.answers.wording_in_chinese import listed as listed_in_chinese
from agent.plan_card import Language
from agent.studies.defaults import OBJECTIVE, TRIALS
from agent.understanding.phrases import phrase
from agent.understanding.plan import Request

_BUDGET = ("n_trials", "time_limit_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """How a study is ordered in one language."""

    start: Callable[[list[str], str], str]  # of the models and the dataset, each may be empty
    says: Mapping[str, Callable[[Any], str] | None]
    """How a study's arguments are said; None: in the first words. Of a study with others the message's own words are kept."""
    trials: str
    objective: str
    comma: str
    plain: Callable[[Request], str]  # any other order; empty: it cannot be said again
    joined: str


def order_again(requests: Sequence[Request], own: str, language: Language, *, is_all_said: bool) -> str:
    """As a person would type it; empty where it cannot be said in one message.

    Args:
        own: The message that made the plan.
        is_all_said: Nothing of the plan comes from what was said before, so that its own words serve.
    """
    words = _IN[language]
    starts = [one for one in requests if one.tool == "start_study"]
    is_sayable = all(name in words.says for one in starts for name in one.args)
    if not is_all_said and not is_sayable and len(starts) == 1:
        own = starts[0].words or own
    if is_all_said or not is_sayable:
        left = _left_open(starts[0], words) if starts and len(requests) == 1 else []
        return words.comma.join([own.strip().rstrip(".!?;, 。！？；，"), *left])
    said = [_start(one, words) if one.tool == "start_study" else words.plain(one) for one in requests]
    return words.joined.join(said) if all(said) else ""


def _start(request: Request, words: _Words) -> str:
    args = request.args
    models = [*args.get("models", ())]
    if "base" in args:
        said = [f"start a study like {args['base']}{f' with {listed(models)}' if models else ''}"]
    else:
        said = [words.start(models, str(args.get("dataset", "")))]
    said += [say(args[name]) for name, say in words.says.items() if name in args and say is not None]
    return words.comma.join([*said, *_left_open(request, words)])


def _left_open(request: Request, words: _Words) -> list[str]:
    """What a study takes by default and a person changes most."""
    args = request.args
    if "base" in args:
        return []
    trials = [] if any(name in args for name in _BUDGET) else [words.trials.format(TRIALS)]
    return trials if "objective" in args else [*trials, words.objective.format(OBJECTIVE)]


def _space(space: Mapping[str, Any]) -> str:
    return ", ".join(f"{param} {_range(value)}" for param, value in space.items())


def _range(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"between {value[0]:g} and {value[1]:g}" if _is_range(value) else " or ".join(map(str, value))
    return _number(value)


def _is_range(value: Sequence[Any]) -> bool:
    return len(value) == 2 and all(isinstance(one, int | float) for one in value)


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _space_in_chinese(space: Mapping[str, Any]) -> str:
    return "，".join(f"{param} {_range_in_chinese(value)}" for param, value in space.items())


def _range_in_chinese(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"在 {value[0]:g} 到 {value[1]:g} 之间" if _is_range(value) else " 或 ".join(map(str, value))
    return _number(value)


def _metrics(metrics: Any) -> list[str]:
    return list(metrics) if isinstance(metrics, list | tuple) else [metrics]


_ENGLISH = _Words(
    start=lambda models, data: f"tune {listed(models) or 'everything'}{f' on {data}' if data else ''}",
    says={
        "base": None,
        "dataset": None,
        "models": None,
        "n_trials": "{} trials".format,
        "time_limit_s": lambda seconds: f"at most {duration(float(seconds))}",
        "objective": lambda metrics: f"optimise {listed(_metrics(metrics))}",
        "constraints": lambda bounds: listed(list(bounds)),
        "sampler": "with {}".format,
        "without": lambda models: f"without {listed(list(models))}",
        "needs_approval": lambda is_on: "ask me before each trial" if is_on else "don't ask me before each trial",
        "run_defaults": lambda is_on: "with the defaults first" if is_on else "without the defaults",
        "pruner": lambda name: "no pruning" if name == "none" else f"with the {name} pruner",
        "seed": "seed {}".format,
        "epochs": "at most {} epochs".format,
        "space": _space,
    },
    trials="{} trials",
    objective="optimise {}",
    comma=", ",
    plain=lambda request: phrase(request).replace("`", ""),
    joined=" and ",
)
_CHINESE = _Words(
    start=lambda models, data: (
        f"{f'用 {listed_in_chinese(models)} ' if models else ''}{f'在 {data} 上' if data else ''}调参"
    ),
    says={
        "dataset": None,
        "models": None,
        "n_trials": "{} 次试验".format,
        "time_limit_s": lambda seconds: f"最多 {duration_in_chinese(float(seconds))}",
        "objective": lambda metrics: f"优化 {' 和 '.join(_metrics(metrics))}",
        "constraints": "，".join,
        "sampler": "采样器 {}".format,
        "needs_approval": lambda is_on: "每次试验前先问我" if is_on else "试验前不用问我",
        "seed": "随机种子 {}".format,
        "space": _space_in_chinese,
    },
    trials="{} 次试验",
    objective="优化 {}",
    comma="，",
    plain=lambda request: "",
    joined="，",
)
_IN: Mapping[Language, _Words] = {"en": _ENGLISH, "zh": _CHINESE}
