"""Thinking blocks, `<think>…</think>`: taken out of an answer, whole or while it streams."""

import re

OPEN, CLOSE = "<think>", "</think>"


def without_thinking(text: str) -> str:
    """The text without its thinking blocks; one that is not closed goes up to the end."""
    if OPEN not in text and CLOSE in text:  # the prompt opened the block
        text = text.split(CLOSE, 1)[1]
    return re.sub(f"{OPEN}.*?(?:{CLOSE}|$)", "", text, flags=re.DOTALL)


def ends_thinking(prompt: str) -> bool:
    """Whether the prompt ends inside a thinking block that it opened itself."""
    return prompt.rstrip().endswith(OPEN)


class ThinkingFilter:
    """Takes a stream of text and gives back what is not thinking; holds back what may become a marker."""

    def __init__(self) -> None:
        self._buffer = ""
        self._is_inside = False

    def feed(self, text: str) -> str:
        """The part of the stream so far that is surely no thinking and was not yet given."""
        self._buffer += text
        out = ""
        while (marker := CLOSE if self._is_inside else OPEN) in self._buffer:
            before, self._buffer = self._buffer.split(marker, 1)
            out += "" if self._is_inside else before
            self._is_inside = not self._is_inside
        held = held_back(self._buffer, marker)
        cut = len(self._buffer) - held
        out += "" if self._is_inside else self._buffer[:cut]
        self._buffer = self._buffer[cut:]
        return out

    def finish(self) -> str:
        """What was held back and turned out to be text."""
        rest, self._buffer = ("" if self._is_inside else self._buffer), ""
        return rest


def held_back(text: str, marker: str) -> int:
    """How many characters at the end of the text may be the beginning of the marker."""
    return next((n for n in range(min(len(marker) - 1, len(text)), 0, -1) if marker.startswith(text[-n:])), 0)
