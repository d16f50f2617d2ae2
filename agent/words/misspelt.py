"""Names that are a letter or two away from a word that is none: "sasrce", "learnign rate"."""

import functools
import re
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein

from agent.words.declared import cutoff_after
from agent.words.lexicon import lexicons, plain
from agent.words.own_names import Names
from agent.words.said import Span
from agent.words.spelling import ORDINARY, words_of
from recmodels.metrics import METRICS

_SHORTEST = 4  # letters of a word that can be misspelt
_DIGITS = re.compile(r"\d+")
_NEAR_KINDS = ("model", "param", "metric", "sampler", "split")


def misspelt(rest: str, names: Names) -> list[Span]:
    """Names that are a letter or two away from a word which is no ordinary one: "sasrce", "learnign rate"."""
    near: list[Span] = []
    for size in (3, 2, 1):
        pattern = rf"(?<![\w@/.#-])(?=(?P<words>[A-Za-z][\w]+(?:[- ][A-Za-z]\w+){{{size - 1}}})(?![\w/]|\.\w))"
        for match in re.finditer(pattern, rest, re.ASCII):
            words, start, end = match["words"], match.start("words"), match.end("words")
            said = plain(words)
            if any(start < other.end and other.start < end for other in near):
                continue
            parts = re.split(r"[- ]", words.lower())
            if all(part in ORDINARY or part in _exact() for part in parts):
                continue
            if size > 1 and {parts[0], parts[-1]} & _SMALL:
                continue
            if (meant := _nearest(said, names, is_pair=size > 1)) is not None:
                kind, value = meant
                if kind == "metric" and "@10" in value and (cutoff := cutoff_after(rest, end)):
                    value, end = f"{value.partition('@')[0]}@{cutoff.k}", cutoff.end
                near.append(Span(kind=kind, value=value, start=start, end=end, is_near=True))
    return near


_SMALL = words_of("to of in on at by or and the a an is it for with from as my our your")
"""Words that no misspelt name begins or ends with."""


@functools.cache
def _exact() -> frozenset[str]:
    """Words that are names as they stand; where they were not read as such, they were meant otherwise."""
    return frozenset(word for lexicon in lexicons().values() for word in lexicon.meanings)


def _nearest(said: str, names: Names, *, is_pair: bool) -> tuple[str, Any] | None:
    allowed = 0 if len(said) < 4 else 1 if len(said) < 7 else 2
    best: tuple[int, str, Any] | None = None
    for kind, word, value in _targets(names).get(said[0], ()):
        if is_pair and len(word) < 8:
            continue
        if kind == "dataset" and _DIGITS.findall(said) != _DIGITS.findall(word):
            continue  # another version is another dataset
        limit = min(allowed, 1 if len(word) < 6 else 2)
        if abs(len(word) - len(said)) > limit or limit == 0:
            continue
        distance = DamerauLevenshtein.distance(said, word, score_cutoff=limit)
        if distance <= limit and (best is None or distance < best[0]):
            best = (distance, kind, value)
    return None if best is None else (best[1], best[2])


@functools.lru_cache(maxsize=64)
def _targets(names: Names) -> dict[str, list[tuple[str, str, Any]]]:
    """Kind, plain word and value of every name that may be meant, by its first letter."""
    found: list[tuple[str, str, Any]] = []
    for kind in _NEAR_KINDS:
        for word, meant in lexicons()[kind].meanings.items():
            value: Any = meant if kind == "param" else meant[0]
            if kind == "metric":
                value = f"{meant[0]}@10" if METRICS[meant[0]].has_cutoff else meant[0]
            found.append((kind, word, value))
    found += [("dataset", plain(name), name) for name in names.datasets if len(name) >= 4]
    by_letter: dict[str, list[tuple[str, str, Any]]] = {}
    for one in found:
        if len(one[1]) >= _SHORTEST:
            by_letter.setdefault(one[1][0], []).append(one)
    return by_letter
