"""What a message said that no request used, and that could change an act: the other end of the check."""

import re
from collections.abc import Iterable, Sequence

from agent.understanding.plan import Held, Request
from agent.words.said import Said, Span

_BINDING = (
    "number", "share", "fraction", "duration", "size", "ms", "factor", "clock", "model", "metric", "dataset", "study",
    "trial", "user", "path", "sampler", "split",
)  # fmt: skip


def unused(said: Said, used: Iterable[Span], requests: Sequence[Request], held: Sequence[Held]) -> tuple[str, ...]:
    """The amounts, names and limits that nothing used; a value that an argument holds anyway is used."""
    taken = set(used)
    values = {str(value) for request in (*requests, *(one.request for one in held)) for value in _flat(request.args)}
    left = [
        span for span in said.spans if span.kind in _BINDING and span not in taken and str(_value(span)) not in values
    ]
    return tuple(dict.fromkeys([*(_shown(said, span) for span in left), *_unread(said, values)]))


_DIGITS = re.compile(r"(?<![\w.@/-])[a-z]{0,3}\d[\w.,]*", re.IGNORECASE)


def _unread(said: Said, values: Iterable[str]) -> list[str]:
    """Words with a digit that no reader knows, such as "20tr"; those that stand in an argument's text are used."""
    whole = " ".join(values).lower()
    below = [said.text[match.start() : match.end()] for match in said.find(r"\b(?:minus|negative)\s+{number}")]
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
