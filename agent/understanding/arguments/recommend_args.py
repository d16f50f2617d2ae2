"""What a message says about whom to recommend to, and how much."""

import re
from typing import Any

from agent.understanding.arguments import trial_words
from agent.understanding.arguments.person_words import next_person, person_in
from agent.understanding.arguments.study_words import about_study
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.known import Known
from agent.words.said import Span
from agent.words.spelling import loosely

Args = dict[str, Any]

ITEMS = (
    rf"(?:{loosely('items', 'movies', 'films', 'products', 'recommendations', 'suggestions', 'articles')}|item|books?|movie|films?|recs?|recos?|recommendation|suggestion|songs?|tracks?|product|games?|"
    r"article|jobs?|titles?|things|picks|of\s+them|entries|ideas|artikel|filme?|pel[ií]culas?|art[ií]culos?|部|个|条|件|本)"
)
_LENGTH = (
    rf"\bk\s*(?:=|:|of|is|to)?\s*(?P<a>{{number}})|\btop[-\s]?(?:k\s*=?\s*)?(?P<b>{{number}})|\b(?:first|best|next)\s+(?P<c>{{number}})|(?P<d>{{number}})\s*(?:[\w'-]+\s+)?(?:{ITEMS}(?!\w)|{{dataset}}(?!\s*-))|"
    r"\b(?:just|only|make\s+(?:it|that)|give\s+(?:me|him|her|them)|list\s+of|lists?\s+of|length)\s+(?P<h>{number})(?!\s*(?:trial|seeds?))|"
    r"{user}\s*[:,x×]\s*(?P<i>{number})(?=\W*$)|^\W*(?P<j>{number})\s*[:,]?\s*(?:for\s+)?{user}|(?P<e>{number})\s+(?:is|are|will\s+do|would\s+do|instead|please|pls|only|max|enough|results?|for|to|each|long)\b|前\s*(?P<f>{number})|推荐\s*(?P<g>{number})"
)


def recommend_items(stretch: Stretch, known: Known) -> list[Args]:
    """One set of arguments a person; "it" is the person who was last talked of."""
    args = about_study(stretch, known)
    users = _people(stretch)
    if (length := _length(stretch)) is not None:
        args["k"] = length
    stretch.use(*users)
    trials = _with_trials(stretch) or [_trial(stretch)]
    named: list[str | None] = [next_person(stretch, span) for span in users]
    named = named or [person_in(stretch)]
    calls = [args | ({"user": user} if user is not None else {}) for user in dict.fromkeys(named)]
    return [call | ({"trial": trial} if trial is not None else {}) for call in calls for trial in trials]


def _with_trials(stretch: Stretch) -> list[Any]:
    """The trials whose models are asked, one after the other: "for u10 with 0 and the same with 2"."""
    if not stretch.has(r"\bsame\b"):
        return []
    pattern = r"\b(?:with|by|using|from)\s+(?:trial\s+|#)?(?P<n>{number}|{trial})(?=\s*(?:[,.;:!?]|$|and\b|&))"
    spans = [stretch.said.span(match, "n") for match in stretch.find(pattern)]
    stretch.use(*spans)
    return [span.value for span in spans if isinstance(span.value, int)]


def _people(stretch: Stretch) -> list[Span]:
    """Those who are named by an id, a number where no other word says who it is: "for number 12"."""
    return stretch.spans("user") or [
        stretch.said.span(match, "n")
        for match in stretch.find(r"\b(?:for|to)\s+(?:number|no\.?|nr\.?|#)\s*(?P<n>{trial})")
    ]


def _length(stretch: Stretch) -> int | str | None:
    if match := stretch.take(r"(?P<n>{number})\s+more\s+(?:than|of)\b"):
        return f"+{stretch.value(match, 'n')}"
    if match := stretch.take(_LENGTH):
        return int(stretch.value(match, next(name for name, value in match.groupdict().items() if value)))
    joined = re.search(r"\btop(\d{1,4})\b", stretch.text, re.IGNORECASE)
    return int(joined[1]) if joined else None


def _trial(stretch: Stretch) -> Any:
    trials = stretch.spans("trial")
    stretch.use(*trials)
    if trials:
        return trials[-1].value
    if stretch.has(
        r"\b(?:with|from|by|of|using)\s+(?:the\s+)?default(?:s|\s+(?:one|model|trial|params|settings|version))?\b"
    ):
        return 0
    words = trial_words.placed(stretch, without=("it", "next", "default", "first"))
    words = [
        (start, word)
        for start, word in words
        if not re.match(r"\w+\s+(?:items?|films?|movies?|of)", stretch.said.marked[start:])
    ]
    if words and stretch.has(r"\b(?:models?|trials?|run|one|version|whatever|with|from|using|by|of)\b"):
        return words[0][1]
    is_model = stretch.has(r"\b(?:with|using|from|by)\s+(?:it|that\s+(?:one|trial|model))\b")
    return trial_words.earlier_trial(stretch) if is_model else None
