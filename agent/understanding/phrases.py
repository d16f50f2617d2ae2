"""A request as a person would say it: `add 5 trials`, `keep dropout between 0.1 and 0.4`; questions and rehearsals use it.

phrase(Request(tool="export_model", args={"trial": 2, "format": "csv"}))  # → "export trial 2 as csv"
"""

from collections.abc import Callable, Mapping
from typing import Any

from agent.answers.wording import duration, listed
from agent.outside import in_markdown
from agent.understanding.plan import Request
from agent.words.acts import ACTS

Args = Mapping[str, Any]


def phrase(request: Request) -> str:
    """What the request does, in the words of an order; arguments without words of their own stand behind, in brackets."""
    return in_markdown(lambda args: _phrase(request.tool, args), request.args)


def _phrase(tool: str, args: Args) -> str:
    say, told = _PHRASES.get(tool, (_plain, ()))
    rest = {name: value for name, value in args.items() if name not in (*told, "study") and value is not None}
    behind = ", ".join(_argument(name, value) for name, value in rest.items())
    study = f" in `{args['study']}`" if "study" in args and tool not in _NAMED else ""
    return f"{say(args) or ACTS[tool].says}{study}{f' ({behind})' if behind else ''}"


_NAMED = ("open_study", "delete_study", "rename_study")
"""Tools whose phrase names the study itself."""


def _plain(args: Args) -> str:
    return ""


def _start(args: Args) -> str:
    models = listed([f"`{model}`" for model in args.get("models", ())])
    dataset = f" on `{args['dataset']}`" if "dataset" in args else ""
    like = f" like `{args['base']}`" if "base" in args else ""
    first = ", its best params first" if args.get("retune") else ""
    return f"tune {models or 'the usual models'}{dataset}{like}{first}"


def _extend(args: Args) -> str:
    parts = [
        *([f"add {_n(args['n_trials'], 'trial')}"] if "n_trials" in args else []),
        *([f"make it {_n(args['total_trials'], 'trial')} in all"] if "total_trials" in args else []),
        *([f"add {_time(args['time_limit_s'])}"] if "time_limit_s" in args else []),
        *([f"make it {_time(args['total_time_s'])} in all"] if "total_time_s" in args else []),
        *([f"go on with {_models(args['models'])} only"] if "models" in args else []),
        *([f"bring in {_models(args['more_models'])}"] if "more_models" in args else []),
        *([f"leave out {_models(args['without'])}"] if "without" in args else []),
        *(
            [f"hold the study to {listed([f'`{one}`' for one in args['constraints']])}"]
            if "constraints" in args
            else []
        ),
        *([f"aim at {_models(args['objective'])}"] if "objective" in args else []),
    ]
    return listed(parts)


def _trial(args: Args) -> str:
    params = _values(args.get("params") or {})
    of = f" with {params}" if params else ""
    model = f" of `{args['model']}`" if "model" in args else ""
    return f"{model}{of}{_based(args)}"


def _based(args: Args) -> str:
    return f", the rest as in trial {args['base']}" if "base" in args else ""


def _space(args: Args) -> str:
    param = f"`{args['param']}`" if "param" in args else "it"
    of = f" of `{args['model']}`" if "model" in args else ""
    if args.get("reset"):
        return f"open {param}{of} to its whole range"
    if "choices" in args:
        return f"let {param}{of} be {_either(args['choices'])}"
    if "value" in args:
        return f"fix {param}{of} at {_shown(args['value'])}"
    if {"low", "high"} <= set(args):
        return f"keep {param}{of} between {_shown(args['low'])} and {_shown(args['high'])}"
    if "low" in args:
        return f"keep {param}{of} at {_shown(args['low'])} or more"
    return f"keep {param}{of} at {_shown(args['high'])} or less" if "high" in args else ""


def _renamed(kind: str) -> Callable[[Args], str]:
    return lambda args: f"call the {kind}{f' `{args[kind]}`' if kind in args else ''} “{args.get('name', '…')}”"


def _confirmed(args: Args) -> str:
    seeds = f" with {_n(args['n_seeds'], 'seed')}" if "n_seeds" in args else ""
    against = f" against trial {args['against']}" if "against" in args else ""
    return f"confirm the best trial{seeds}{against}, and read test"


def _exported(args: Args) -> str:
    as_format = f" as {args['format']}" if "format" in args else ""
    return f"export {_of_trial(args) or 'the best trial'}{as_format}"


def _repeated(args: Args) -> str:
    seed = f"seed {args['seed']}" if "seed" in args else "another seed"
    return f"run {_of_trial(args) or 'the trial'} again with {seed}"


def _of_trial(args: Args) -> str:
    trial = args.get("trial")
    return (
        "" if trial is None else f"the {trial} trial" if isinstance(trial, str) and trial != "it" else f"trial {trial}"
    )


def _added(args: Args) -> str:
    name = f" as `{args['name']}`" if "name" in args else ""
    to = f" to `{args['append']}`, as a new version" if "append" in args else ""
    rows = " and ".join(f"`{condition}`" for condition in args.get("where") or ())
    hashed = " and ".join(f"{role}s" for role in args.get("hash_ids") or ())
    more = (f", rows with {rows} only" if rows else "") + (f", with hashed ids of {hashed}" if hashed else "")
    return f"add the file `{args['path']}`{to}{name}{more}" if "path" in args else ""


def _filtered(args: Args) -> str:
    kept = [says.format(args[name]) for name, says in _BOUNDS.items() if name in args]
    kept += [f"`{condition}`" for condition in args.get("where") or ()]
    kept += ["no bots"] if args.get("without_bots") else []
    name = f", as `{args['name']}`" if "name" in args else ""
    return f"keep {listed(kept)} of `{args.get('dataset', '…')}`{name}" if kept else ""


_BOUNDS = {
    "min_weight": "ratings of {} and more",
    "since": "what came since {}",
    "until": "what came until {}",
    "max_user_events": "users with at most {} events",
    "min_user_events": "users with {} events and more",
    "min_item_events": "items with {} events and more",
}
"""Bounds of a filter in words."""


def _noted(word: str, name: str) -> Callable[[Args], str]:
    return lambda args: f"{word} “{args[name]}”" if name in args else ""


def _forgotten(args: Args) -> str:
    found = args.get("lesson")
    if isinstance(found, list | tuple):
        return f"forget the notes {listed([str(one) if isinstance(one, int) else f'“{one}”' for one in found])}"
    return f"forget note {found}" if isinstance(found, int) else _noted("forget the note", "lesson")(args)


def _remembered(args: Args) -> str:
    if args.get("as_bound") is False:
        return f"make “{args.get('text', '…')}” a plain note again"
    said = _noted("remember", "text")(args)
    return f"{said} and hold later studies to it" if said and args.get("as_bound") else said


def _removed(args: Args) -> str:
    if not args.get("for_good"):
        return f"remove the dataset `{args.get('dataset', '…')}`"
    of = f"`{args['dataset']}`" if args.get("dataset") else "what is kept of removed datasets"
    return f"delete {of} for good"


_PHRASES: Mapping[str, tuple[Callable[[Args], str], tuple[str, ...]]] = {
    "start_study": (_start, ("models", "dataset", "base")),
    "extend_study": (
        _extend,
        (
            "n_trials",
            "total_trials",
            "time_limit_s",
            "total_time_s",
            "models",
            "more_models",
            "without",
            "constraints",
            "objective",
        ),
    ),
    "run_trial": (lambda args: f"run a trial{_trial(args)}", ("params", "model", "base")),
    "predict": (lambda args: f"predict a trial{_trial(args)}", ("params", "model", "base")),
    "reject_trial": (lambda args: f"reject trial {args['trial']}" if "trial" in args else "", ("trial",)),
    "repeat_trial": (_repeated, ("trial", "seed")),
    "set_search_space": (_space, ("param", "model", "low", "high", "choices", "value", "reset")),
    "control_study": (lambda args: f"{args['action']} the study" if "action" in args else "", ("action",)),
    "confirm": (_confirmed, ("n_seeds", "against")),
    "export_model": (_exported, ("trial", "format")),
    "explain_trial": (lambda args: f"explain {_of_trial(args) or 'the best trial'}", ("trial",)),
    "add_dataset": (_added, ("path", "name", "append", "where", "hash_ids")),
    "rename_dataset": (_renamed("dataset"), ("dataset", "name")),
    "rename_study": (_renamed("study"), ("study", "name")),
    "remove_dataset": (_removed, ("dataset", "for_good")),
    "filter_dataset": (_filtered, ("dataset", "name", "where", "without_bots", *_BOUNDS)),
    "describe_dataset": (lambda args: f"describe the dataset `{args.get('dataset', '…')}`", ("dataset",)),
    "delete_study": (lambda args: f"delete the study `{args.get('study', '…')}`", ("study",)),
    "open_study": (lambda args: f"open the study `{args.get('study', '…')}`", ("study",)),
    "remember_lesson": (_remembered, ("text", "as_bound")),
    "forget_lesson": (_forgotten, ("lesson",)),
    "import_trials": (lambda args: f"import past trials from `{args.get('path', '…')}`", ("path",)),
    "recommend_items": (
        lambda args: f"recommend {_n(args['k'], 'item') if 'k' in args else 'items'} to user `{args.get('user', '…')}`",
        ("user", "k"),
    ),
}
"""Of a tool: its words, and the arguments that these words hold."""
_WORDS: Mapping[str, Callable[[Any], str]] = {
    "n_trials": lambda value: _n(value, "trial"),
    "time_limit_s": lambda value: f"at most {_time(value)}",
    "trial_time_limit_s": lambda value: f"at most {_time(value)} a trial",
    "objective": lambda value: f"for {_models(value)}",
    "constraints": lambda value: f"with {listed([f'`{one}`' for one in value])}",
    "without": lambda value: f"without {_models(value)}",
    "space": lambda value: _values(value),
    "columns": lambda value: f"with {listed([f'{role} = `{column}`' for role, column in value.items()])}",
    "needs_approval": lambda value: "asking before each trial" if value else "without asking before each trial",
    "try_first": lambda value: f"{listed([_values(one) for one in value])} first",
    "run_defaults": lambda value: "with the defaults" if value else "without the defaults",
    "use_rules": lambda value: "with rules" if value else "without rules",
}


def _argument(name: str, value: Any) -> str:
    return _WORDS[name](value) if name in _WORDS else f"{name} {_shown(value)}"


def _n(value: Any, noun: str) -> str:
    return f"{_shown(value)} {noun}{'' if value == 1 else 's'}"


def _time(value: Any) -> str:
    return duration(value) if isinstance(value, int | float) else str(value)


def _either(values: Any) -> str:
    return " or ".join(_shown(one) for one in values)


def _models(value: Any) -> str:
    return listed([f"`{one}`" for one in (value if isinstance(value, list | tuple) else [value])])


def _values(params: Mapping[str, Any]) -> str:
    return listed([f"{name} {_shown(value)}" for name, value in params.items()])


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        numbers = all(isinstance(one, int | float) for one in value) and len(value) == 2  # a range
        return " to ".join(map(_shown, value)) if numbers else listed([_shown(one) for one in value])
    if isinstance(value, Mapping):
        low, high = value.get("low"), value.get("high")
        ends = [f"from {_shown(low)}" if low is not None else "", f"up to {_shown(high)}" if high is not None else ""]
        return " ".join(filter(None, ends)) or _either(value.get("choices", ()))
    return f"{value:g}" if isinstance(value, float) else str(value)
