"""A message with its names and amounts marked: `said.marked` has the same length, each span as one sign of its kind.

Readers of bounds and arguments match patterns over the marked text, in which `{number}` stands for any number and
`{param}` for any param, so that no pattern lists names and no value is read from inside a name.
"""

import bisect
import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

KINDS = (
    "path", "study", "dataset", "metric", "model", "param", "choice", "sampler", "split", "user", "trial",
    "number", "share", "fraction", "duration", "size", "ms", "factor", "clock", "gone",
)  # fmt: skip
_FIRST = {kind: chr(0xE001 + place) for place, kind in enumerate(KINDS)}
_KIND_OF = {sign: kind for kind, sign in _FIRST.items()}
_REST = "\ue000"
_GROUPS = {"amount": ("number", "share", "fraction"), "value": ("number", "share", "fraction", "choice")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A name or an amount within a message."""

    kind: str  # one of KINDS
    value: Any
    start: int
    end: int
    is_near: bool = False  # misspelt: taken for the name that is next to it
    parts: tuple[int, ...] = ()  # what "16,32" may mean instead


class Said:
    """What a person said, with what stands in it."""

    def __init__(self, text: str, spans: Iterable[Span]) -> None:
        self.text = text
        self.spans = tuple(sorted(spans, key=lambda span: span.start))
        marked = list(text)
        for span in self.spans:
            marked[span.start : span.end] = _FIRST[span.kind] + _REST * (span.end - span.start - 1)
        self.marked = "".join(marked)
        self._starts = [span.start for span in self.spans]
        self._at = {span.start: span for span in self.spans}

    def find(self, pattern: str, start: int = 0, end: int | None = None) -> Iterator["re.Match[str]"]:
        """The matches of a pattern over the marked text within a stretch of it, whatever the case."""
        return compiled(pattern).finditer(self.marked, start, len(self.marked) if end is None else end)

    def has(self, pattern: str, start: int = 0, end: int | None = None) -> bool:
        """Whether the pattern matches anywhere in the stretch."""
        return next(self.find(pattern, start, end), None) is not None

    def span(self, match: "re.Match[str]", group: str) -> Span:
        """The span that a group of a match stands for."""
        return self._at[match.start(group)]

    def within(self, start: int, end: int) -> list[Span]:
        """The spans that lie in a stretch, whatever their kind, in its order."""
        first = bisect.bisect_left(self._starts, start)
        last = bisect.bisect_left(self._starts, end, lo=first)
        return [span for span in self.spans[first:last] if span.end <= end]

    def of(self, *kinds: str, start: int = 0, end: int | None = None) -> list[Span]:
        """The spans of these kinds in a stretch, in its order."""
        last = len(self.text) if end is None else end
        return [span for span in self.within(start, last) if span.kind in kinds]

    def words(self, span: Span) -> str:
        """What was said."""
        return self.text[span.start : span.end]


@functools.lru_cache(maxsize=2048)
def compiled(pattern: str) -> "re.Pattern[str]":
    """A pattern in which `{number}` is one span of that kind, `{amount}` a number, share or fraction."""

    def sign(match: "re.Match[str]") -> str:
        kinds = _GROUPS.get(match[1], (match[1],))
        return f"[{''.join(_FIRST[kind] for kind in kinds)}]{_REST}*"

    return re.compile(re.sub(r"\{([a-z]+)\}", sign, pattern), re.IGNORECASE)
