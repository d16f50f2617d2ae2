"""Where a message names a model, a param, a metric, a sampler, a split or a choice, and where a word only looks so."""

import re
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from agent.words.digits import COUNTS
from agent.words.lexicon import Place, lexicons, plain, runs
from agent.words.said import Span
from recmodels.metrics import METRICS

_SIZE = rf"(?P<{{}}>\d{{{{1,4}}}}|{'|'.join(COUNTS)})(?![\w%]|[.,]\d|\s?(?:ms|%|percent|trials?|epochs?)\b)"
_ALONE = rf"{_SIZE}(?!\s?(?:runs?|seeds?(?!\s*[=:]?\s*\d)|min\w*|h(?:ours?)?)\b)"
_CUTOFF = re.compile(
    rf"\s?@\s?(?:k\s?=\s?)?{_SIZE.format('a')}|\s+at\s+(?:k\s?=?\s?)?{_ALONE.format('b')}|"
    rf"[\s,]\s?(?:(?:in|within|of|for|over|on|among|at)\s+)?(?:the\s+|a\s+)?top[\s-]?{_ALONE.format('c')}|"
    rf"\s+(?:in|within|of|for|over|among|at)\s+the\s+(?:first|best)\s+{_ALONE.format('d')}|"
    rf"\s?\(?\s?\b(?:with\s+)?(?:k|cutoff)\s?(?:=|of|at|is)\s?{_SIZE.format('e')}\)?|(?P<f>\d{{1,3}})(?![\w%]|[.,]\d)",
    re.IGNORECASE | re.ASCII,
)
_TOP_BEFORE = re.compile(rf"(?<!\w)top[\s-]?(?P<n>\d{{1,4}}|{'|'.join(COUNTS)})[\s-]$", re.IGNORECASE | re.ASCII)
_WITH_CUTOFF = re.compile(r"(?P<name>[a-z]+)(?P<k>\d{1,3})")


class Cutoff(NamedTuple):
    """The length of the lists that a metric is measured on, and where the words for it end."""

    k: int
    end: int


def cutoff_after(text: str, place: int) -> Cutoff | None:
    """The cutoff of a metric whose name ends here: "@20", " at five", " in the top 20"."""
    match = _CUTOFF.match(text, place)
    if match is None:
        return None
    said = next(value for value in match.groups() if value)
    return Cutoff(COUNTS.get(said.lower()) or int(said), match.end()) if COUNTS.get(said.lower(), said) != "0" else None


_NO_METRIC = {  # words that are metrics only where what follows or precedes says so
    "recall": re.compile(r"(?:^|\b(?:please|you|i|to|and|then|we)\s+)\W*$", re.IGNORECASE | re.ASCII),
    "hit": re.compile(r"\b(?:i|you|please|to|we|they|it|he|she)\s+$", re.IGNORECASE | re.ASCII),
    "hits": re.compile(r"\b(?:it|he|she|we|they|study|this|that)\s+$", re.IGNORECASE | re.ASCII),
    "hr": re.compile(r"(?:another|anohter|an|one|half|more|extra|\d)\s*$", re.IGNORECASE | re.ASCII),
    "map": re.compile(r"\b(?:a|to|the)\s+$", re.IGNORECASE | re.ASCII),
}

_COMPARED = re.compile(r"\s*(?:vs\.?|versus|against)\s|\s?[/&]", re.IGNORECASE)


def declared(text: str) -> list[Span]:
    """Every name that the text may say; they may overlap."""
    places = runs(text)
    found = [*_joined_cutoffs(places), *_dashed_cutoffs(text)]
    for kind, lexicon in lexicons().items():
        if kind == "param":
            found += [*_single(text, places), *_glued(text)]
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
    has_cutoff = METRICS[name].has_cutoff
    cutoff = cutoff_after(text, match.end) if has_cutoff else None
    if cutoff and text[match.end].isdigit() and not match.said.isascii():
        cutoff = None
    before = _TOP_BEFORE.search(text[: match.start]) if has_cutoff and not cutoff else None
    outside = _NO_METRIC.get(match.said.lower()) if not cutoff and not _COMPARED.match(text, match.end) else None
    if outside and outside.search(text[: match.start]):
        if match.said == text.strip(" .!?"):  # the whole answer to a question
            return Span(kind="metric", value=f"{name}@10", start=match.start, end=match.end)
        return None
    if before:
        value = f"{name}@{COUNTS.get(before['n'].lower()) or int(before['n'])}"
        return Span(kind="metric", value=value, start=before.start(), end=match.end)
    value = f"{name}@{cutoff.k if cutoff else 10}" if has_cutoff else name
    return Span(kind="metric", value=value, start=match.start, end=cutoff.end if cutoff else match.end)


def _single(text: str, places: Sequence[Place]) -> list[Span]:
    """What a param counts where there is one of it, and that one in words: "1 head", "one layer"."""
    param = lexicons()["param"]
    found: list[Span] = []
    for place in places:
        one = re.search(r"\b(?:1|(?P<word>one|single))\s+$", text[: place.start], re.IGNORECASE | re.ASCII)
        meant = param.meaning(place.word) or param.meanings.get(f"{place.word}s", ())
        if one is None or not meant:
            continue
        found.append(Span(kind="param", value=meant, start=place.start, end=place.end))
        if one["word"]:
            found.append(Span(kind="number", value=1, start=one.start("word"), end=one.end("word")))
    return found


def _glued(text: str) -> list[Span]:
    """Params that are written onto their number: "5epochs", "two-layer", "rank-8"."""
    param = lexicons()["param"]
    return [
        Span(kind="param", value=meant, start=match.start("word"), end=match.end("word"))
        for pattern in _ONTO
        for match in pattern.finditer(text)
        if (meant := param.meaning(word := match["word"].lower()) or param.meanings.get(f"{word}s", ()))
    ]


_ONTO = (
    re.compile(
        rf"(?<![\w.])(?:\d+(?:[.,]\d+)?-?|(?:{'|'.join(COUNTS)})-)(?P<word>[A-Za-z]{{4,}})(?![\w-])", re.I | re.A
    ),
    re.compile(r"(?<![\w.@/-])(?P<word>[A-Za-z]{4,})-(?=\d+(?![\w-]|\.\w))", re.I | re.A),
)
"""A param after its number, and before it."""


def _joined_cutoffs(places: Sequence[Place]) -> list[Span]:
    """Metrics whose cutoff is written onto them: "ndcg20"."""
    found = []
    for place in places:
        match = _WITH_CUTOFF.fullmatch(place.said.lower())
        names = lexicons()["metric"].meaning(match["name"]) if match else ()
        if match and names and METRICS[names[0]].has_cutoff and int(match["k"]):
            found.append(Span(kind="metric", value=f"{names[0]}@{int(match['k'])}", start=place.start, end=place.end))
    return found


_DASHED = re.compile(r"(?<![\w.@/-])(?P<name>[A-Za-z]{3,})[-_](?P<k>[1-9]\d{0,2})(?![\w-]|\.\w)", re.ASCII)


def _dashed_cutoffs(text: str) -> list[Span]:
    """Metrics whose cutoff a dash joins: "ndcg-10"."""
    return [
        Span(kind="metric", value=f"{names[0]}@{match['k']}", start=match.start(), end=match.end())
        for match in _DASHED.finditer(text)
        if (names := lexicons()["metric"].meaning(match["name"].lower())) and METRICS[names[0]].has_cutoff
    ]


_SLASHED = re.compile(
    r"(?<![\w./~@-])(?P<a>[A-Za-z][\w-]*)(?P<k>@\d+)?\s?[/@](?=\s?(?P<b>[A-Za-z][\w-]*(?!\.\w|[\w/-]*\.\w)|\d+\s?(?:t|tr|trials?|h|min|epochs?)\b))",
    re.ASCII,
)


def parted(text: str, own: Collection[str]) -> str:
    """The text with commas where a slash parts two names, as in "ndcg/coverage" and "hstu/demo"; else it makes a path.

    Args:
        own: The names that the person gave.
    """
    names, given = lexicons().values(), {plain(name) for name in own}

    def is_name(said: str) -> bool:
        return said[0].isdigit() or plain(said) in given or any(one.meaning(plain(said)) for one in names)

    def comma(match: "re.Match[str]") -> str:
        return match[0][:-1] + ("," if is_name(match["a"]) and is_name(match["b"]) else match[0][-1])

    while (parted := _SLASHED.sub(comma, text)) != text:
        text = parted
    return text


_EASE = re.compile(r"\s+(?:the|up|off|into|of|my|our|your|this|that|it|in)\b", re.IGNORECASE | re.ASCII)
_GERMAN = re.compile(
    r"(?<![\w-])(?:ab|der|die|das|dem|den|ein|eine[mnrs]?|und|oder|nicht|kein|keine|mehr|weniger|besser|größer|kleiner|ist|sind|wird|"
    r"zähl\w*|gilt|gelten|gelte|werte\w*|nimm|nehme\w*|bitte|nur|für|auf|sterne[ns]?|bewertung(?:en)?|versuche?)(?![\w-])",
    re.IGNORECASE,
)
_GERMAN_ALS = re.compile(
    r"\s+(?:n|das|der|die|die|erst|ich|wir|ob|letzt|ein|datens|likes?\b|positiv|gut)", re.IGNORECASE | re.ASCII
)
"""What makes "als" the German word: another one in the message, or what follows it."""


def _is_no_model(text: str, match: Place) -> bool:
    said, after = match.said.lower(), text[match.end : match.end + 12]
    if said == "ease" and match.said != "EASE":
        return bool(_EASE.match(after)) and not after.lower().startswith(" in ")
    if said == "als":
        return match.said.islower() and bool(_GERMAN_ALS.match(after) or _GERMAN.search(text))
    return said == "ranker" and bool(re.search(r"re-?$", text[: match.start], re.IGNORECASE | re.ASCII))
