"""The plan card: what would be done, each value with the words it came from, what it costs, what was not used."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from agent import outside
from agent.advisor.trial_times import Seconds
from agent.answers.facts import quoted
from agent.plan_card import PlanCard, PlanStep, PlanValue
from agent.understanding.asking.prospect import Prospect
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.card_words import ENGLISH, CardWords, words_in
from agent.understanding.clauses.language import answered_in
from agent.understanding.costs import Estimate, estimate
from agent.understanding.known import Known
from agent.understanding.order_again import order_again
from agent.understanding.plan import Request
from agent.words.own_words import own_words
from agent.words.said import Said, Span

_TIMES = ("time_limit_s", "total_time_s", "trial_time_limit_s")
_FIRST = ("dataset", "base", "trial", "model", "models", "params", "n_trials", "time_limit_s")
_WORDS = 48  # characters of a quotation
_TEXT = 240  # characters of a value


def plan_card(requests: Sequence[Request], unused: Sequence[str], said: Said, known: Known, say: str = "") -> PlanCard:
    """One step a request, its cost, and the question, in the language of the message.

    Args:
        say: The message as it was written, of which `said` may be the gloss; empty: it is not.
    """
    language = answered_in(say)
    words = words_in(language)
    say = say if language == "zh" else ""
    is_all_said = all(_is_all_said(one, said, known) for one in requests)
    return PlanCard(
        steps=tuple(_step(one, known, partial(_source, one, said, known, words, say), words) for one in requests),
        question=words.question.format(
            does=words.joined.join(map(words.says, requests)), example=_example(requests, words)
        ),
        unused=tuple(map(outside.text, unused)),
        tools=tuple(one.tool for one in requests),
        order=order_again(requests, say or said.text, language, is_all_said=is_all_said),
        language=language,
    )


def card_of_call(request: Request, known: Known) -> str:
    """Markdown: what a call would do that a program makes, which has no words of a person to quote; and the question."""
    step = _step(request, known, lambda name, _: "this session" if name in request.assumed else "the client", ENGLISH)
    return f"{step.text()}\n\n{ENGLISH.plain_question.format(does=ENGLISH.says(request))}"


def _step(request: Request, known: Known, source: Callable[[str, Any], str], words: CardWords) -> PlanStep:
    """`source`: of an argument's name and value, where it comes from."""
    says, prospect = words.says(request), known.would(request.tool, request.args)
    values = [
        PlanValue(name=_named(name, words), value=shown(name, value, words), source=source(name, value))
        for name, value in sorted(request.args.items(), key=lambda item: _place(item[0]))
    ]
    left = [
        PlanValue(name=words.names.get(name, name), value=text)
        for name, text in words.defaults.get(request.tool, {}).items()
        if name not in request.args
        and name not in prospect.runs
        and "base" not in request.args
        and not (name == "n_trials" and "time_limit_s" in request.args)
    ]
    return PlanStep(
        says=f"{says[0].upper()}{says[1:]}",
        values=(*values, *_to_come(request, prospect, words)),
        defaults=tuple(left),
        notes=tuple(map(words.note, prospect.notes)),
        cost=cost(estimate(request, known), words),
    )


def _named(name: str, words: CardWords) -> str:
    return words.names.get(name, name.replace("_", " "))


def _to_come(request: Request, prospect: Prospect, words: CardWords) -> list[PlanValue]:
    """What the call leaves open, as it would be; of a trial every param."""
    runs, over = prospect.runs, words.origin(prospect.over)
    if "params" in runs:
        seed = words.seed.format(runs["seed"]) if "seed" in runs else ""
        params = shown("params", runs["params"], words)
        what = words.with_params.format(model=_code(runs["model"]), params=params) if params else runs["model"]
        own = words.own_values if request.args.get("params") else ""
        return [
            PlanValue(
                name=words.runs_as.format(runs["trial"]), value=f"{what}{seed if params else ''}", source=f"{own}{over}"
            )
        ]
    if request.tool in ("run_trial", "repeat_trial") and prospect.over:
        return [PlanValue(name=_named("params", words), source=over)]
    open_ = {name: value for name, value in runs.items() if request.args.get(name) != value}
    return [
        PlanValue(
            name=words.names.get(name, name), value=shown(name, value, words), source=words.as_it_would, is_open=True
        )
        for name, value in open_.items()
    ]


def _is_all_said(request: Request, said: Said, known: Known) -> bool:
    """Whether the message alone says every value that the state of the dialogue did not give."""
    return all(
        name in request.assumed or words_of(value, said) or _is_said(request, said, known, name, value)
        for name, value in request.args.items()
    )


def cost(found: Estimate | None, words: CardWords = ENGLISH) -> str:
    """A sentence on how long it takes."""
    if found is None:
        return ""
    told = words.cost
    if found.each is None:
        limit = told.limit.format(most=words.duration(found.seconds)) if found.seconds is not None else ""
        of = told.of.format(models=told.either.join(map(_code, found.models))) if found.models else ""
        return f"{limit}{told.unknown.format(of=of)}"
    each = _each(found.each, words)
    if found.is_limit and found.seconds is not None:
        return told.limited.format(most=words.duration(found.seconds), each=each)
    runs = told.run if found.n_trials == 1 else told.runs.format(n=found.n_trials)
    runs = told.at_most.format(runs=runs) if found.is_most else runs
    return told.whole.format(runs=runs, each=each, total=words.duration(found.seconds or 0.0))


def _each(each: Seconds, words: CardWords) -> str:
    """What a trial takes, between what and what in 8 of 10 cases, and by how many trials."""
    told = words.cost
    by = told.here.format(n=each.n_here) if each.n_here else told.none_here
    if each.n_elsewhere:
        both = told.both if each.n_here else told.only_elsewhere
        by = both.format(here=by, elsewhere=told.elsewhere.format(n=each.n_elsewhere))
    expected, low, high = map(words.duration, (each.expected, each.low, each.high))
    return told.each.format(expected=expected, low=low, high=high, by=by)


def shown(name: str, value: Any, words: CardWords = ENGLISH) -> str:
    """A value as people write it."""
    if name in _TIMES and isinstance(value, int | float):
        return words.duration(float(value))
    if isinstance(value, bool):
        return words.yes if value else words.no
    if isinstance(value, dict):
        return words.comma.join(f"{_code(key)} {shown(key, one, words)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        numbers = len(value) == 2 and all(isinstance(one, int | float) for one in value)
        return (words.range if numbers else words.comma).join(shown("", one, words) for one in value)
    return _code(value) if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)


def _code(text: object) -> str:
    """A text as code, which it cannot end: on one line, capped, what cannot be seen written out."""
    return outside.code(quoted(text, _TEXT)[1:-1])


def _place(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)


def _source(request: Request, said: Said, known: Known, words: CardWords, say: str, name: str, value: Any) -> str:
    """Where a value comes from; `say`: the message in the person's own words, where `said` is its gloss."""
    if found := words_of(value, said):
        own = " … ".join(own_words(one, say) for one in found.split(" … ")) if say else found
        return words.quoted.format(outside.text(own))
    if name in request.limited:
        return words.limited
    is_said = isinstance(value, bool) or _is_said(request, said, known, name, value)
    return words.your_words if is_said and name not in request.assumed else words.this_chat


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


def _example(requests: Sequence[Request], words: CardWords) -> str:
    tools = {request.tool for request in requests}
    study, confirmation, other = words.examples
    return study if tools & {"start_study", "extend_study"} else confirmation if "confirm" in tools else other
