"""The command line that would do the same as a request: "recpilot tune shop --model sasrec --trials 60"."""

import re
import shlex
from collections.abc import Callable, Mapping
from typing import Any

from agent.studies.asked_trials import MODEL
from agent.studies.space_options import options_of_space, options_of_tries
from agent.understanding.known import Known
from agent.understanding.plan import Request

_ASKED = re.compile(
    r"\b(?:what|which|how|give|show|tell|is\s+there|as)\b[^.!]*?\b(?:commands?(?:\s+lines?)?|cli|terminal|shell|script)\b",
    re.IGNORECASE,
)
Args = Mapping[str, Any]


def asks_command(say: str) -> bool:
    """Whether a message asks how the same is done on the command line."""
    return _ASKED.search(say) is not None


def command(request: Request, known: Known) -> str | None:
    """The command; None where the chat alone can do it, or where it would need what is not known."""
    made = _COMMANDS.get(request.tool)
    study = request.args.get("study") or known.study
    words = made(request.args, str(study) if study else "") if made else None
    return None if words is None or "" in words else f"recpilot {shlex.join(words)}"


def said_of_commands(requests: "list[Request] | tuple[Request, ...]", known: Known) -> str:
    """One sentence for what a message speaks of."""
    found = [one for request in requests if (one := command(request, known))]
    if not found:
        return 'There is no command for that; the chat does it, also as `recpilot ask "…"`. Nothing was run.'
    return f"On the command line: {', then '.join(f'`{one}`' for one in found)}. Nothing was run."


def _tune(args: Args, study: str) -> list[str] | None:
    if {"patience", "without", "base", "needs_approval"} & set(args) or "dataset" not in args:
        return None
    rules = [] if args.get("use_rules") is None else ["--rules" if args["use_rules"] else "--no-rules"]
    defaults = ["--no-defaults"] if args.get("run_defaults") is False else []
    return ["tune", str(args["dataset"]), *_options(args, _TUNE), *_searched(args), *rules, *defaults]


def _searched(args: Args) -> list[str]:
    tries = [
        (str(one.get(MODEL, "")), {k: v for k, v in one.items() if k != MODEL}) for one in args.get("try_first", ())
    ]
    options = [*options_of_space(args.get("space") or {}), *options_of_tries(tries)]
    return [word for option in options for word in option]


_TUNE = {
    "models": "--model",
    "objective": "--objective",
    "constraints": "--constraint",
    "n_trials": "--trials",
    "time_limit_s": "--time-limit",
    "trial_time_limit_s": "--trial-time-limit",
    "epochs": "--epochs",
    "sampler": "--sampler",
    "pruner": "--pruner",
    "split": "--split",
    "positive": "--positive",
    "repeat_events": "--repeat-events",
    "outcomes": "--outcome",
    "seed": "--seed",
}


_FILTER = {
    "min_weight": "--min-weight",
    "since": "--since",
    "until": "--until",
    "where": "--where",
    "max_user_events": "--max-user-events",
    "min_user_events": "--min-user-events",
    "min_item_events": "--min-item-events",
    "name": "--name",
}


def _options(args: Args, names: Mapping[str, str]) -> list[str]:
    found: list[str] = []
    for name, option in names.items():
        value = args.get(name)
        values = value if isinstance(value, list | tuple) else [] if value is None else [value]
        for one in values:
            found += [option, f"{one:g}s" if name.endswith("_s") else str(one)]
    return found


def _with(*words: str, of: str = "", **options: str) -> Callable[[Args, str], list[str] | None]:
    """A command whose last word is an argument of the request (`of`), with its options."""
    return lambda args, study: [*words, *([str(args.get(of, ""))] if of else []), *_options(args, options)]


def _of_study(*words: str, then: str = "", **options: str) -> Callable[[Args, str], list[str] | None]:
    """A command whose first argument is the study."""

    def made(args: Args, study: str) -> list[str]:
        more = [str(args[then])] if isinstance(args.get(then), int) else []
        return [*words, study, *more, *_options(args, options)]

    return made


_COMMANDS: dict[str, Callable[[Args, str], list[str] | None]] = {
    "start_study": _tune,
    "list_datasets": _with("data", "list"),
    "add_dataset": _with("data", "add", of="path", name="--name", append="--append", where="--where"),
    "describe_dataset": _with("data", "describe", of="dataset"),
    "rename_dataset": lambda args, study: ["data", "rename", str(args.get("dataset", "")), str(args.get("name", ""))],
    "remove_dataset": _with("data", "remove", of="dataset"),
    "filter_dataset": lambda args, study: [
        *("data", "filter", str(args.get("dataset", ""))),
        *_options(args, _FILTER),
        *(("--without-bots",) if args.get("without_bots") else ()),
    ],
    "recall_trials": _with("memory", "search", of="query", dataset="--dataset", k="--k"),
    "list_studies": _with("study", "list"),
    "study_status": _of_study("study", "show"),
    "trials": _of_study("study", "show"),
    "report": _of_study("study", "show"),
    "rename_study": lambda args, study: ["study", "rename", study, str(args.get("name", ""))],
    "delete_study": _of_study("study", "delete"),
    "control_study": lambda args, study: ["study", "resume", study] if args.get("action") == "resume" else None,
    "explain_trial": lambda args, study: ["explain", study, str(args.get("trial", ""))],
    "recommend_items": _with("recommend", of="user", k="--k", study="--study", trial="--trial"),
    "export_model": _of_study("export", then="trial", format="--format"),
    "confirm": _of_study("confirm", n_seeds="--seeds", against="--against"),
}
