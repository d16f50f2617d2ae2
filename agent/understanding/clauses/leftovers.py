"""What a message said that no request used, and that could change an act: the other end of the check."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from agent.understanding.bounds.ruled_out import is_ruled_out_at
from agent.understanding.clauses.corrections import MARKER
from agent.understanding.plan import Held, Request
from agent.words.said import Said, Span, compiled

_EXACT = ("number", "duration", "size", "ms", "trial", "user", "model", "dataset", "study", "path", "sampler")
"""What must stand in an argument as it was said, even where a reader took it."""
_BINDING = (
    "number", "share", "fraction", "duration", "size", "ms", "factor", "clock", "model", "metric", "dataset", "study",
    "trial", "user", "path", "sampler", "split",
)  # fmt: skip


def unused(
    said: Said, used: Iterable[Span], requests: Sequence[Request], held: Sequence[Held], before: Sequence[Request] = ()
) -> tuple[str, ...]:
    """The amounts, names and limits that nothing used; a value that an argument holds anyway is used.

    What a reader took must stand in an argument all the same, unless it counts the calls or was ruled out.

    Args:
        before: What waited for an answer; an amount may be added to one of it.
    """
    taken = set(used)
    calls = (*requests, *(one.request for one in held))
    values = {str(value) for request in calls for value in _flat(_without_wishes(request))}
    notes = " ".join(str(one.args.get(name, "")) for one in calls for name in ("text", "lesson", "name")).lower()
    values |= {str(value) for value in _added(calls, before)}
    counts = {len(calls), *Counter(request.tool for request in calls).values()}
    is_trial = any(one.tool in ("run_trial", "predict") for one in calls)  # which takes no choices but one
    left = [
        span
        for span in said.spans
        if (span.kind in _BINDING or (is_trial and span.kind == "choice" and is_ruled_out_at(said, span)))
        and str(_value(span)) not in values
        and not _counts_calls(said, span, counts)
        and said.words(span).lower() not in notes
        and (span not in taken or (span.kind in _EXACT and not _is_held(said, span, values)))
    ]
    if calls and all(one.tool == "control_study" for one in calls) and not _WHEN.search(said.text):
        left = [span for span in left if span.kind not in ("number", "share", "fraction")]  # "12 done, enough, stop"
    return tuple(dict.fromkeys([*(_shown(said, span) for span in left), *_unread(said, values)]))


_OF_A_PARAM = compiled(
    r"\b(?:good|better|best|right|proper|nice|usual|standard|other|different|small|smaller|tiny|few|fewer|low|lower|large|larger|big|"
    r"bigger|huge|many|high|higher|strong|stronger|weak|weaker)\s+(?P<a>{param})|(?P<b>{param})\s*(?:is\s+|=\s*|:\s*)?{choice}"
)
"""What says a value of a param without an amount: "with the good loss", "a small learning rate"."""


def params_left(said: Said, requests: Sequence[Request]) -> tuple[str, ...]:
    """What an order to train says of a param that no argument holds."""
    held = {str(value) for request in requests for value in _flat(dict(request.args))}
    left = []
    for match in _OF_A_PARAM.finditer(said.marked):
        names = said.span(match, "a" if match["a"] else "b").value
        if not held & set(names):
            left.append(said.text[match.start() : match.end()])
    return tuple(left)


def _without_wishes(request: Request) -> dict[str, Any]:
    """The arguments without the person's own words, which hold every amount whether it is used or not."""
    return {name: value for name, value in request.args.items() if name not in ("query", "request")}


def _added(calls: Sequence[Request], before: Sequence[Request]) -> list[float]:
    """How much more the calls hold than what waited: "half an hour on top"."""
    now, then = ([v for one in calls for v in one.args.values()] for calls in (calls, before))
    numbers = [[v for v in part if isinstance(v, int | float) and not isinstance(v, bool)] for part in (now, then)]
    return [one - other for one in numbers[0] for other in numbers[1] if one > other]


_WHEN = re.compile(r"\b(?:at|after|until|till|when|once)\b", re.IGNORECASE)
_RUNS = re.compile(
    r"\s*(?:more\s+|single\s+|further\s+|extra\s+)?(?:trials?|runs?|tests?|experiments?|stud(?:y|ies)|times|次)",
    re.IGNORECASE,
)
_RUN_BEFORE = re.compile(r"\b(?:run|try|train|do)\s+$", re.IGNORECASE)
_RULED_OUT = re.compile(
    r"(?:\b(?:not|no|without|forget|skip|drop|except|never)|n't|\bleave\s+out)\s+(?:(?:use|want|take|include|try|add|need|tune)\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
_OF_WHAT_IS = re.compile(
    r"\b(?:on\s+top\s+of|in\s+addition\s+to|beyond|besides)\s+(?:the|those|these|my|our)\s+$|\bfrom\s+(?:the\s+)?$",
    re.IGNORECASE,
)
"""What stands before an amount that there is already: "24 on top of the four", "from 4 to 28"."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[-+]?\d+)?")


def _counts_calls(said: Said, span: Span, counts: set[int]) -> bool:
    """Whether an amount says how many calls there are: "one trial", "run 1 of ease"."""
    if span.kind != "number" or span.value not in counts:
        return False
    around = _RUNS.match(said.text[span.end :]) or _RUN_BEFORE.search(said.text[: span.start])
    return around is not None or "次" in said.text


def _is_held(said: Said, span: Span, values: Iterable[str]) -> bool:
    """Whether an argument holds what a reader took, in any unit, or whether it says something else."""
    value = _value(span)
    texts = " ".join(values).lower()
    if not isinstance(value, int | float):
        names = [str(one.value).lower() for one in said.spans if one.kind == span.kind and one.start > span.start]
        is_corrected = MARKER.search(said.marked, span.end) is not None and bool(names)
        return str(value).lower() in texts or is_corrected or _RULED_OUT.search(said.text[: span.start]) is not None
    before = said.text[: span.start]
    if _OF_WHAT_IS.search(before) or ("choices" in values and _RULED_OUT.search(before)):
        return True
    held = [float(one) for one in _NUMBER.findall(texts)]
    meant = [scaled for one in (value, *span.parts) for scaled in (one, 1000 * one, one / 100)]
    return any(abs(one - other) <= 1e-6 * max(1.0, abs(other)) for one in held for other in meant)


_HALF = r"\bbetween\s+{amount}\s+and\b(?!\s*(?:\w+\s+)?{amount})|\bfrom\s+{amount}\s+(?:to|up\s+to)\s*(?=[,.;!?]|$)"
"""Half a range: "learning rate between 0.001 and, please"."""
_EACH = r"\b(?:per|for\s+each|for\s+every|each)\s+model\b|(?:{number}|\b(?:one|two|three))\s+(?:trials?\s+)?each\b"
"""An amount for each of several: "2 trials per model" are not two in all."""
_DIGITS = re.compile(r"(?<![\w.@/-])[a-z]{0,3}\d[\w.,]*", re.IGNORECASE)


def _unread(said: Said, values: Iterable[str]) -> list[str]:
    """Words with a digit that no reader knows, such as "20tr"; those that stand in an argument's text are used."""
    whole = " ".join(values).lower()
    below = [said.text[match.start() : match.end()] for match in said.find(r"\b(?:minus|negative)\s+{number}")]
    below += [said.text[match.start() : match.end()] + " …" for match in said.find(_HALF)]
    below += [said.text[match.start() : match.end()] for match in said.find(_EACH)]
    found = [match[0].rstrip(".,") for match in _DIGITS.finditer(said.marked)]
    return below + [word for word in found if word.lower() not in whole and not _ORDINAL.fullmatch(word)]


_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)", re.IGNORECASE)


def _value(span: Span) -> object:
    return span.value[0] if isinstance(span.value, tuple) else span.value


def _flat(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from _flat(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _flat(one)
    else:
        yield value


def _shown(said: Said, span: Span) -> str:
    """The words around an amount, so that it is recognised."""
    end = span.end
    if span.kind in ("number", "share", "fraction"):
        tail = said.text[span.end : span.end + 24]
        word = tail.split()[0] if tail[:1] == " " and tail.split() else ""
        end = span.end + 1 + len(word) if word.isalpha() else span.end
    return said.text[span.start : end].strip()
