"""Words as they are misspelt: one letter left out, doubled, or two of them swapped."""

import functools
from pathlib import Path

ORDINARY = frozenset(Path(__file__).with_name("ordinary_words.txt").read_text(encoding="utf-8").split())
"""Common words, which are never a misspelt name."""
_SHORTEST = 4


def words_of(text: str) -> frozenset[str]:
    """The words of a list that is written as text."""
    return frozenset(text.split())


def loosely(*words: str) -> str:
    """An alternation of these words with their usual misspellings.

    >>> import re
    >>> [bool(re.fullmatch(loosely("between"), said)) for said in ("between", "betwen", "bewteen", "beaten")]
    [True, True, True, False]
    """
    forms = dict.fromkeys(form for word in words for form in (word, *misspellings(word)))
    return f"(?:{'|'.join(sorted(forms, key=len, reverse=True))})"


@functools.cache
def misspellings(word: str) -> tuple[str, ...]:
    """A word's usual misspellings; none of those that are common words themselves, and none of short words."""
    if len(word) < _SHORTEST:
        return ()
    inner = range(1, len(word))
    left_out = [word[:i] + word[i + 1 :] for i in inner if i + 1 < len(word)]
    doubled = [word[:i] + word[i] + word[i:] for i in inner]
    swapped = [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in inner if i + 1 < len(word)]
    forms = dict.fromkeys((*left_out, *doubled, *swapped))
    return tuple(form for form in forms if form != word and form not in ORDINARY)
