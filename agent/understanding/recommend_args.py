"""What a message says about whom to recommend to, and how much."""

import re
from typing import Any

from agent.understanding import trial_words
from agent.understanding.known import Known
from agent.understanding.person_words import person_in
from agent.understanding.stretch import Stretch
from agent.understanding.study_words import about_study
from agent.words.spelling import loosely

Args = dict[str, Any]

ITEMS = (
    rf"(?:{loosely('items', 'movies', 'products', 'recommendations', 'suggestions', 'articles')}|item|books?|movie|films?|recs?|recos?|recommendation|suggestion|songs?|tracks?|product|games?|"
    r"article|jobs?|titles?|things|picks|of\s+them|entries|ideas|artikel|filme?|pel[ií]culas?|art[ií]culos?|部|个|条|件|本)"
)
_LENGTH = (
    rf"\bk\s*(?:=|:|of|is|to)?\s*(?P<a>{{number}})|\btop[-\s]?(?:k\s*=?\s*)?(?P<b>{{number}})|\b(?:first|best|next)\s+(?P<c>{{number}})|(?P<d>{{number}})\s*(?:[\w'-]+\s+)?(?:{ITEMS}(?!\w)|{{dataset}}(?!\s*-))|"
    r"\b(?:just|only|make\s+(?:it|that)|give\s+(?:me|him|her|them)|list\s+of|lists?\s+of|length)\s+(?P<h>{number})(?!\s*(?:trial|seeds?))|"
    r"{user}\s*[:,x×]\s*(?P<i>{number})(?=\W*$)|^\W*(?P<j>{number})\s*[:,]?\s*(?:for\s+)?{user}|(?P<e>{number})\s+(?:is|are|will\s+do|would\s+do|instead|please|pls|only|max|enough|results?|for|to|each|long)\b|前\s*(?P<f>{number})|推荐\s*(?P<g>{number})"
)


def recommend_items(stretch: Stretch, known: Known) -> Args:
    """The arguments of `recommend_items`; "it" is the person who was last talked of."""
    args = about_study(stretch, known)
    users = stretch.spans("user")
    if (length := _length(stretch)) is not None:
        args["k"] = length
    stretch.use(*users)
    if (trial := _trial(stretch)) is not None:
        args["trial"] = trial
    user = users[-1].value if users else person_in(stretch)
    if user is not None:
        args["user"] = user
    return args


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
