"""Where a message names a model, a param, a metric, a sampler, a split or a choice, and where a word only looks so."""

import re
from typing import Any

from agent.words.lexicon import Place, lexicons, runs
from agent.words.said import Span
from recmodels.metrics import METRICS

CUTOFF = re.compile(
    r"(?:\s?@\s?|\s+at\s+(?:k\s?=?\s?)?)(\d{1,4})(?![\w%]|[.,]\d|\s?(?:ms|%|percent|trials?|epochs?))|(\d{1,3})(?![\w%]|[.,]\d)",
    re.I | re.ASCII,
)
_NO_METRIC = {  # words that are metrics only where what follows or precedes says so
    "recall": re.compile(r"(?:^|\b(?:please|you|i|to|and|then|we)\s+)\W*$", re.IGNORECASE | re.ASCII),
    "hit": re.compile(r"\b(?:i|you|please|to|we|they|it|he|she)\s+$", re.IGNORECASE | re.ASCII),
    "hits": re.compile(r"\b(?:it|he|she|we|they|study|this|that)\s+$", re.IGNORECASE | re.ASCII),
    "hr": re.compile(r"(?:another|anohter|an|one|half|more|extra|\d)\s*$", re.IGNORECASE | re.ASCII),
    "map": re.compile(r"\b(?:a|to|the)\s+$", re.IGNORECASE | re.ASCII),
}


def declared(text: str) -> list[Span]:
    """Every name that the text may say; they may overlap."""
    found: list[Span] = []
    places = runs(text)
    for kind, lexicon in lexicons().items():
        for match, meant in lexicon.places(text, places):
            if kind == "model" and _is_no_model(text, match):
                continue
            if kind == "metric":
                span = _metric(text, match, meant[0])
                found += [span] if span else []
            else:
                value: Any = meant if kind in ("param", "choice") else meant[0]
                found.append(Span(kind=kind, value=value, start=match.start, end=match.end))
    return found


def _metric(text: str, match: Place, name: str) -> Span | None:
    cutoff = CUTOFF.match(text, match.end) if METRICS[name].has_cutoff else None
    if cutoff and cutoff[2] and not match.said.isascii():
        cutoff = None
    if not cutoff and (outside := _NO_METRIC.get(match.said.lower())) and outside.search(text[: match.start]):
        if match.said == text.strip(" .!?"):  # the whole answer to a question
            return Span(kind="metric", value=f"{name}@10", start=match.start, end=match.end)
        return None
    value = f"{name}@{int(cutoff[1] or cutoff[2])}" if cutoff else f"{name}@10" if METRICS[name].has_cutoff else name
    return Span(kind="metric", value=value, start=match.start, end=cutoff.end() if cutoff else match.end)


_EASE = re.compile(r"\s+(?:the|up|off|into|of|my|our|your|this|that|it|in)\b", re.IGNORECASE | re.ASCII)
_GERMAN_ALS = re.compile(r"\s+(?:n|das|der|die|die|erst|ich|wir|ob|letzt|ein|datens)", re.IGNORECASE | re.ASCII)


def _is_no_model(text: str, match: Place) -> bool:
    said, after = match.said.lower(), text[match.end : match.end + 12]
    if said == "ease" and match.said != "EASE":
        return bool(_EASE.match(after)) and not after.lower().startswith(" in ")
    if said == "als":
        return bool(_GERMAN_ALS.match(after))
    return said == "ranker" and bool(re.search(r"re-?$", text[: match.start], re.IGNORECASE | re.ASCII))
