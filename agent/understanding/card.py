"""The plan card: what would be done, each value with the words it came from, what it costs, what was not used."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from agent import outside
from agent.advisor.trial_times import Seconds
from agent.answers.facts import quoted
from agent.answers.wording import duration
from agent.plan_card import AS_IT_WOULD, PlanCard, PlanStep, PlanValue
from agent.pruner_words import DEFAULT_PRUNER
from agent.studies.defaults import OBJECTIVE, TRIALS
from agent.understanding.asking.prospect import Prospect
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.costs import Estimate, estimate
from agent.understanding.known import Known
from agent.understanding.order_again import order_again
from agent.understanding.plan import Request
from agent.words.acts import ACTS
from agent.words.said import Said, Span

_NAMES = {
    "n_trials": "trials",
    "total_trials": "trials in all",
    "time_limit_s": "time limit",
    "total_time_s": "time in all",
    "trial_time_limit_s": "time limit of a trial",
    "needs_approval": "ask before each trial",
    "use_rules": "rules",
    "try_first": "params to run first",
    "run_defaults": "a trial of the defaults",
    "n_seeds": "seeds",
    "more_models": "further models",
    "positive": "ratings that count as likes",
    "repeat_events": "items that people had before",
    "outcomes": "what outcomes count",
}
_TIMES = ("time_limit_s", "total_time_s", "trial_time_limit_s")
_DEFAULTS = {
    "start_study": {
        "models": "the usual ones",
        "objective": f"`{OBJECTIVE}`",
        "n_trials": f"{TRIALS} trials",
        "split": "chosen for the data",
        "positive": "chosen for the data",
        "repeat_events": "chosen for the data",
        "sampler": "`advisor`",
        "pruner": f"`{DEFAULT_PRUNER}`",
        "use_rules": "used",
        "space": "every param in its whole range",
        "run_defaults": "first",
    },
    "confirm": {"n_seeds": "5 seeds"},
}
_FIRST = ("dataset", "base", "trial", "model", "models", "params", "n_trials", "time_limit_s")
_WORDS = 48  # characters of a quotation
_TEXT = 240  # characters of a value
RUN, CANCEL = "Run it", "Cancel"
DO, LEAVE = "Do it", "Leave it"  # of what may not have been an order
AGREED = ("Yes", RUN)  # what `ask --yes` says yes to: never to what may not have been an order


def plan_card(requests: Sequence[Request], unused: Sequence[str], said: Said, known: Known) -> PlanCard:
    """One step a request, its cost, and the question."""
    does = " and ".join(ACTS[one.tool].says for one in requests)
    return PlanCard(
        steps=tuple(_step(request, known, partial(_source, request, said, known)) for request in requests),
        question=f"Shall I {does}? Or say what to change, such as “{_example(requests)}”.",
        unused=tuple(map(outside.text, unused)),
        tools=tuple(one.tool for one in requests),
        order=order_again(requests, said, is_all_said=all(_is_all_said(one, said, known) for one in requests)),
    )


def card_of_call(request: Request, known: Known) -> str:
    """Markdown: what a call would do that a program makes, which has no words of a person to quote; and the question."""
    step = _step(request, known, lambda name, _: "this session" if name in request.assumed else "the client")
    return f"{step.text}\n\nShall I {_says(request)}?"


def _says(request: Request) -> str:
    """What it does; of a tool that steers, which of the ways."""
    action = request.args.get("action") if request.tool == "control_study" else None
    return f"{action} the study" if action else ACTS[request.tool].says


def _step(request: Request, known: Known, source: Callable[[str, Any], str]) -> PlanStep:
    """`source`: of an argument's name and value, where it comes from."""
    says, prospect = _says(request), known.would(request.tool, request.args)
    values = [
        PlanValue(name=_named(name), value=shown(name, value), source=source(name, value))
        for name, value in sorted(request.args.items(), key=lambda item: _place(item[0]))
    ]
    left = [
        PlanValue(name=_NAMES.get(name, name), value=text)
        for name, text in _DEFAULTS.get(request.tool, {}).items()
        if name not in request.args
        and name not in prospect.runs
        and "base" not in request.args
        and not (name == "n_trials" and "time_limit_s" in request.args)
    ]
    return PlanStep(
        says=f"{says[0].upper()}{says[1:]}",
        values=(*values, *_to_come(request, prospect)),
        defaults=tuple(left),
        notes=tuple(prospect.notes),
        cost=cost(estimate(request, known)),
    )


def _named(name: str) -> str:
    return _NAMES.get(name, name.replace("_", " "))


def _to_come(request: Request, prospect: Prospect) -> list[PlanValue]:
    """What the call leaves open, as it would be; of a trial every param."""
    runs = prospect.runs
    if "params" in runs:
        seed = f", seed {runs['seed']}" if "seed" in runs else ""
        what = (
            f"{_code(runs['model'])} with {shown('params', runs['params'])}{seed}" if runs["params"] else runs["model"]
        )
        own = "the values above, and else " if request.args.get("params") else ""
        return [PlanValue(name=f"then runs as trial {runs['trial']}", value=what, source=f"{own}{prospect.over}")]
    if request.tool in ("run_trial", "repeat_trial") and prospect.over:
        return [PlanValue(name="params", source=prospect.over)]
    open_ = {name: value for name, value in runs.items() if request.args.get(name) != value}
    return [
        PlanValue(name=_NAMES.get(name, name), value=shown(name, value), source=AS_IT_WOULD)
        for name, value in open_.items()
    ]


def _is_all_said(request: Request, said: Said, known: Known) -> bool:
    """Whether the message alone says every value that the state of the dialogue did not give."""
    return all(
        name in request.assumed or words_of(value, said) or _is_said(request, said, known, name, value)
        for name, value in request.args.items()
    )


def cost(found: Estimate | None) -> str:
    """A sentence on how long it takes."""
    if found is None:
        return ""
    if found.each is None:
        limit = f"At most {duration(found.seconds)}, the limit. " if found.seconds is not None else ""
        of = f" of {' or '.join(map(_code, found.models))}" if found.models else ""
        return f"{limit}How long a trial takes is known after the first one: too few{of} were measured yet."
    each = f"about {duration(found.each.expected)} ({_rests_on(found.each)})"
    if found.is_limit and found.seconds is not None:
        return f"At most {duration(found.seconds)}, the limit; a trial takes {each}."
    total = duration(found.seconds or 0.0)
    runs = f"{'At most ' if found.is_most else ''}{found.n_trials} training run{'' if found.n_trials == 1 else 's'}"
    return f"{runs} × {each} ≈ **{total}**."


def _rests_on(each: Seconds) -> str:
    """Between what and what a trial takes in 8 of 10 cases, and by how many trials."""
    here = f"{each.n_here} on these data" if each.n_here else "none on these data yet"
    others = f"{each.n_elsewhere} trials on other data" if each.n_elsewhere else ""
    by = f"{here}{' and ' if each.n_here else ', '}{others}" if others else f"{here}"
    return f"{duration(each.low)} to {duration(each.high)}, by past trials: {by}"


def shown(name: str, value: Any) -> str:
    """A value as people write it."""
    if name in _TIMES and isinstance(value, int | float):
        return duration(float(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{_code(key)} {shown(key, one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        numbers = len(value) == 2 and all(isinstance(one, int | float) for one in value)
        return (" to " if numbers else ", ").join(shown("", one) for one in value)
    return _code(value) if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)


def _code(text: object) -> str:
    """A text as code, which it cannot end: on one line, capped, what cannot be seen written out."""
    return outside.code(quoted(text, _TEXT)[1:-1])


def _place(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)


def _source(request: Request, said: Said, known: Known, name: str, value: Any) -> str:
    words = words_of(value, said)
    if words:
        return f"“{outside.text(words)}”"
    if name in request.limited:
        return "the limit, which is below what you said"
    if name in request.assumed:
        return "this chat"
    return "your words" if isinstance(value, bool) or _is_said(request, said, known, name, value) else "this chat"


def _is_said(request: Request, said: Said, known: Known, name: str, value: Any) -> bool:
    """Whether the message alone says a value, in words that are no name and no amount: "no pruning"."""
    from agent.understanding.arguments.arguments import read_arguments

    if request.tool != "start_study":
        return False
    whole = Stretch(said, [(0, len(said.text))])
    return any(args.get(name) == value for args in read_arguments(request.tool, whole, known))


def words_of(value: Any, said: Said) -> str:
    """The words that a value was read from; empty where the message does not hold it."""
    wanted = {_plain(one) for one in _flat(value)}
    spans = [span for span in said.spans if span.kind != "gone" and _values(span) & wanted]
    if not spans:
        return ""
    start, end = spans[0].start, max(span.end for span in spans)
    if end - start > _WORDS:
        return " … ".join(dict.fromkeys(_with_unit(said, span) for span in spans))
    return said.text[start : max(end, spans[-1].start + len(_with_unit(said, spans[-1])))].strip()


def _with_unit(said: Said, span: Span) -> str:
    tail = said.text[span.end : span.end + 24].split(" ")
    unit = tail[1].strip(".,;:!?") if span.kind == "number" and len(tail) > 1 and tail[0] == "" else ""
    return said.text[span.start : span.end] + (f" {unit}" if unit.isalpha() else "")


def _values(span: Span) -> set[str]:
    values = span.value if isinstance(span.value, tuple) else (span.value, *span.parts)
    return {_plain(one) for one in values}


def _flat(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from _flat(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _flat(one)
    elif isinstance(value, str) and (">=" in value or "<=" in value):
        yield from value.replace("<=", ">=").split(">=")
    else:
        yield value


def _plain(value: Any) -> str:
    try:
        return f"{float(value):.9g}"
    except (TypeError, ValueError):
        return str(value).lower().removesuffix("@10")


def _example(requests: Sequence[Request]) -> str:
    tools = {request.tool for request in requests}
    return (
        "only 5 trials"
        if tools & {"start_study", "extend_study"}
        else "3 seeds"
        if "confirm" in tools
        else "dropout 0.2"
    )
