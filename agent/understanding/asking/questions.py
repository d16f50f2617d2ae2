"""Questions back: which tool or argument is meant, and whether what was not clear shall be done."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent import outside
from agent.answers.wording import listed
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.known import Known
from agent.understanding.phrases import phrase
from agent.understanding.plan import Request, Waiting, Why
from agent.words.acts import ACTS

REQUIRED: dict[str, tuple[str, ...]] = {
    "add_dataset": ("path",),
    "describe_dataset": ("dataset",),
    "inspect_data": ("dataset", "what"),
    "rename_dataset": ("dataset", "name"),
    "remove_dataset": ("dataset",),
    "filter_dataset": ("dataset",),
    "remember_lesson": ("text",),
    "forget_lesson": ("lesson",),
    "start_study": ("dataset",),
    "open_study": ("study",),
    "rename_study": ("name",),
    "delete_study": ("study",),
    "import_trials": ("path",),
    "predict": ("params",),
    "set_search_space": ("param",),
    "control_study": ("action",),
    "repeat_trial": ("trial",),
    "calc": ("expression",),
    "recommend_items": ("user",),
}
"""What a tool cannot do without."""

_ASKS = {
    "path": "Which file? Give me its path, or drop it into the chat.",
    "text": "What shall I remember? Say it in a sentence.",
    "lesson": "Which note? Name it by its number or its words.",
    "param": "Which param do you mean, and what may it be? For example: keep dropout between low and high.",
    "change": "I found nothing to add or to change there, so nothing was done. What shall it be? For example: 5 more "
    "trials, half an hour more, only `ease`, coverage at least 0.3.",
    "value": "What may it be? For example: between 0.1 and 0.4, at most 0.3, 0.2, or any value.",
    "user": "For which user? Give me an id as it stands in the data.",
    "action": "Shall I pause, resume or stop the study?",
    "study": "Which study do you mean?",
    "name": "What shall it be called?",
    "trial": "Which trial? Name it by its number.",
    "what": "What shall I show: the first rows, a user, an item, the most popular items, repeats or the columns?",
    "params": "Which params, and what values?",
    "expression": "What shall I calculate?",
}


def lacking(request: Request) -> str | None:
    """The first required argument that is not there; a change of the space lacks its `value` where it changes nothing."""
    if (
        request.tool == "set_search_space"
        and set(request.args) <= {"param", "model", "study"}
        and "param" in request.args
    ):
        return "value"
    if request.tool == "extend_study" and set(request.args) <= {"study"}:
        return "change"
    if request.args.get("for_good"):
        return None  # without a dataset: all that is kept of removed ones
    for name in ("study", "dataset"):
        if name in request.args and request.args[name] is None:  # pointed at, and it could be several
            return name
    return next((name for name in REQUIRED.get(request.tool, ()) if request.args.get(name) in (None, {}, [])), None)


def which_argument(requests: tuple[Request, ...], missing: str, known: Known) -> Waiting:
    """Asks for one argument of the first request, naming what there is to choose from."""
    request = requests[0]
    choices: tuple[str, ...] = ()
    text = _ASKS.get(missing, f"What is the {missing}?")
    if missing == "dataset":
        choices = known.datasets[:8]
        verb = {"start_study": "tune on", "remove_dataset": "remove", "rename_dataset": "rename"}.get(
            request.tool, "look at"
        )
        listed = ", ".join(f"`{name}`" for name in choices)
        there = f" There {'is' if len(choices) == 1 else 'are'}: {listed}." if choices else ""
        text = f"Which dataset shall I {verb}?{there} A file dropped into the chat becomes one too."
    elif missing == "study":
        choices = known.studies[:8]
        text += f" There are: {', '.join(f'`{name}`' for name in choices)}." if choices else ""
    elif missing == "action":
        choices = ("Pause", "Resume", "Stop")
    elif missing == "param":
        models = known.study_models
        from recmodels.models import whole_space

        names = sorted({name for model in models for name in whole_space(model)})
        text += f" The params are: {', '.join(f'`{name}`' for name in names)}." if names else ""
    return Waiting(requests=requests, lacking=missing, choices=choices, text=text)


def which_tool(say: str, tools: tuple[str, ...], stretch: Stretch, known: Known) -> Waiting:
    """Asks which of two or three tools is meant; each choice is a request of its own."""
    from agent.understanding.arguments.arguments import read_arguments

    requests = []
    for tool in tools:
        alone = Stretch(stretch.said, stretch.parts)
        args = {} if tool == "control_study" else read_arguments(tool, alone, known)[0]
        requests.append(Request(tool=tool, args=args, words=stretch.text))
    requests = [request for request in requests if lacking(request) is None] or requests
    said = [phrase(request) for request in requests]
    choices = tuple(one[0].upper() + one[1:] for one in said)
    options = " or ".join(filter(None, (", ".join(f"**{one}**" for one in said[:-1]), f"**{said[-1]}**")))
    return Waiting(
        requests=tuple(requests),
        lacking="tool",
        choices=choices,
        text=f"I am not sure what you mean. Shall I {options}?",
    )


_ALL = re.compile(
    r"\b(?:all|every|each)\s+(?:(?:one\s+)?of\s+)?(?:the\s+|my\s+|our\s+|these\s+|those\s+|your\s+)*(?:other\s+|old\s+|single\s+)?"
    r"(?P<kind>stud(?:y|ies)|data\s*sets?)\b",
    re.IGNORECASE,
)


def one_at_a_time(request: Request, stretch: Stretch, known: Known) -> Waiting | None:
    """Says that an act on all studies, or all datasets, is done for one at a time, and asks for which; None: it is of one."""
    found = _ALL.search(stretch.text)
    kind = "study" if found is not None and found["kind"].lower().startswith("stud") else "dataset"
    names = known.studies if kind == "study" else known.datasets
    takes = request.tool in _OF_ONE and (request.tool.endswith("_dataset") == (kind == "dataset"))
    if found is None or not takes or len(names) < 2 or stretch.said.of(kind):
        return None
    waiting = which_argument((request.with_args(**{kind: None}),), kind, known)
    more = f" And {len(names) - len(waiting.choices)} more." if len(names) > len(waiting.choices) else ""
    does = ACTS[request.tool].says.partition(" ")[0] if request.tool != "control_study" else request.args["action"]
    return replace(waiting, text=f"I {does} one {kind} at a time, so nothing was done to all. {waiting.text}{more}")


_OF_ONE = ("delete_study", "remove_dataset", "control_study", "export_model", "confirm", "extend_study", "rename_study")


def nothing_to_run() -> Waiting:
    """Of "do it", where nothing is proposed: what could be done."""
    return Waiting(
        requests=(Request(tool="propose_trial"),),
        text="Nothing is proposed or waiting, so I did nothing. Shall I propose the next trial?",
    )


_COUNTS = ("n_trials", "total_trials", "n_seeds", "k", "epochs", "patience")


def uncountable(request: Request) -> Waiting | None:
    """Asks for a number of things that is no whole number from 1 up; None where all are."""
    for name in _COUNTS:
        value = request.args.get(name)
        if isinstance(value, int | float) and (value < 1 or value != int(value)):
            what = "items" if name == "k" else name.removeprefix("n_").removeprefix("total_")
            text = f"The number of {what} is a whole number from 1 up, not {value:g}. How many shall it be?"
            return Waiting(requests=(request.with_args(**{name: None}),), lacking=name, text=text)
    return None


_PARTS = re.compile(
    r"\b(?:constraints?|limits?|bounds?|caps?|restrictions?|ranges?)\b|\btrials?\s+(?:number\s+)?#?\d|\b(?:bad|worst|failed|last|first|these|those|that|single|some)\s+trials?\b",
    re.IGNORECASE,
)
_WHOLES = re.compile(r"\b(?:stud(?:y|ies)|data\s*sets?|data)\b", re.IGNORECASE)


def speaks_of_a_part(text: str) -> bool:
    """Whether words that seem to remove a study or a dataset speak of a limit of it."""
    return bool(_PARTS.search(text)) and not _WHOLES.search(text)


_TAKES_AWAY = r"\b(?:drop|remove|ditch|lift|forget|delete|lose|scrap|cancel|take\s+(?:out|away|off))\s+(?:the\s+|that\s+|my\s+|our\s+)*{metric}(?!\s*(?:to|at|below|above|under|over|[<>=]|{amount}))"


def takes_away(stretch: Stretch) -> bool:
    """Whether a constraint or an objective shall go: "drop the coverage constraint"."""
    return stretch.says(_TAKES_AWAY)


def not_removed(text: str) -> Waiting:
    """Of a limit that shall go: what can be done instead."""
    return Waiting(
        requests=(Request(tool="study_status", words=text),),
        text="Nothing was deleted. A limit can be changed (say, for example, `coverage@10 at least 0.1`), and a range opened again "
        "(`any dropout again`); a constraint cannot be taken out of a study that has begun, and a single trial stays, since every trial is remembered. Shall I show how the study stands?",
    )


def question(why: Why, requests: Sequence[Request], words: Sequence[str]) -> str:
    """Whether the requests shall be done as they were read."""
    done = listed([phrase(request) for request in requests])
    if why == "unused":
        said = ", ".join(f"“{outside.text(word)}”" for word in words)
        return f"I did not use {said}. Shall I {done} without it, or what is it for?"
    if why == "destructive" and any(request.args.get("for_good") for request in requests):
        return f"Shall I {done}? This cannot be taken back, not even with “undo”."
    if why == "destructive":
        return f"Shall I {done}? It can be taken back with “undo”."
    if why == "whose":
        return f"Shall I {done} all the same?"
    return f"I am not sure that you want this now. Shall I {done}?"
