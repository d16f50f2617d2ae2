"""The part of a message that makes one request, and which of its names and amounts have been used."""

import re
from collections.abc import Iterable, Iterator

from agent.words.said import Said, Span


class Stretch:
    """Some clauses of a message. What a reader takes is used, so that no amount means two things."""

    def __init__(self, said: Said, parts: Iterable[tuple[int, int]], used: set[Span] | None = None) -> None:
        """
        Args:
            parts: The places (start, end) of the clauses, in order.
            used: Shared by the requests of one message.
        """
        self.said = said
        self.parts = tuple(parts)
        self.used: set[Span] = set() if used is None else used

    @property
    def text(self) -> str:
        """What was said, clause by clause."""
        return " ".join(self.said.text[start:end].strip() for start, end in self.parts)

    def earlier(self) -> "Stretch":
        """What the message says before, whether used or not."""
        return Stretch(self.said, [(0, self.parts[0][0])] if self.parts else [])

    def spans(self, *kinds: str) -> list[Span]:
        """The spans of these kinds that are not used."""
        return [
            span
            for start, end in self.parts
            for span in self.said.of(*kinds, start=start, end=end)
            if span not in self.used
        ]

    def find(self, pattern: str) -> Iterator["re.Match[str]"]:
        """The matches of a pattern over the marked text whose spans are all free."""
        for start, end in self.parts:
            for match in self.said.find(pattern, start, end):
                if not any(span in self.used for span in self._within(match)):
                    yield match

    def has(self, pattern: str) -> bool:
        """Whether there is such a match."""
        return next(self.find(pattern), None) is not None

    def says(self, pattern: str) -> bool:
        """Whether it matches anywhere, on what is used too."""
        return any(self.said.has(pattern, start, end) for start, end in self.parts)

    def take(self, pattern: str) -> "re.Match[str] | None":
        """The first such match; its spans are used from now on."""
        match = next(self.find(pattern), None)
        if match is not None:
            self.used.update(self._within(match))
        return match

    def take_all(self, pattern: str) -> "list[re.Match[str]]":
        """Every such match, one after the other."""
        found = []
        while match := self.take(pattern):
            found.append(match)
            if not self._within(match):
                break
        return found

    def use(self, *spans: Span) -> None:
        """These are used."""
        self.used.update(spans)

    def value(self, match: "re.Match[str]", group: str) -> "float | int":
        """The value of the amount that a group of a match stands for."""
        value: float | int = self.said.span(match, group).value
        return value

    def _within(self, match: "re.Match[str]") -> list[Span]:
        return self.said.within(match.start(), match.end())
