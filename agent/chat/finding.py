"""Words found in titles and messages, whatever their case and accents, with a piece of the text around them."""

import unicodedata
from collections.abc import Sequence

_AROUND = 40  # characters before and after what was found


def folded(text: str) -> str:
    """Small letters without accents: `Épée` and `epee` are the same."""
    return "".join(map(_folded, text))


def words_of(find: str) -> list[str]:
    """The words that all have to occur."""
    return folded(find).split()


def snippet(text: str, words: Sequence[str]) -> str:
    """One line of the text around the first of the words that occurs, cut between words, with `…` where it is cut.

    Args:
        words: Folded ones.
    """
    line = " ".join(text.split())
    letters = [_folded(char) for char in line]
    whole = "".join(letters)
    found = [place for place in (whole.find(word) for word in words) if place >= 0]
    at = _place(letters, min(found)) if found else 0
    start, end = max(0, at - _AROUND), min(len(line), at + 2 * _AROUND)
    if start:
        start = line.find(" ", start, at) + 1 or start
    if end < len(line) and " " in line[at:end]:
        end = line.rfind(" ", at, end)
    return f"{'… ' if start else ''}{line[start:end].strip()}{' …' if end < len(line) else ''}"


def _folded(char: str) -> str:
    apart = unicodedata.normalize("NFKD", char.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one))


def _place(letters: Sequence[str], folded_place: int) -> int:
    """The place in a text that belongs to a place in its folded form."""
    passed = 0
    for place, letter in enumerate(letters):
        if passed + len(letter) > folded_place:
            return place
        passed += len(letter)
    return 0
