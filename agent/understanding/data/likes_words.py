"""What a message says about which ratings count as likes: "only ratings of 4 and more", "count every rating"."""

import re
from collections.abc import Sequence

from agent.understanding.bounds.stretch import Stretch
from agent.words.said import Said, Span

_NOUN = r"(?:(?:star\s+)?(?:ratings?|votes?|scores?|grades?|marks?)|stars?|{dataset})"
_LIKE = r"(?:likes?|liked|positives?|relevant)"
_EVERY = (
    rf"\b(?:every|all|any)\s+(?:(?:of\s+)?the\s+)?{_NOUN}\s+(?:counts?|(?:is|are)\s+(?:a\s+)?{_LIKE}|as\s+(?:a\s+)?{_LIKE})|"
    rf"\b(?:count|treat|take|use|keep)\s+(?:every|all|any)\s+(?:(?:of\s+)?the\s+)?{_NOUN}(?:\s+as\s+(?:a\s+)?{_LIKE})?|"
    r"每个评分都算|所有评分都算"
)
_UP = r"(?:(?:and|or)\s+(?:more|up|upwards?|above|higher|over|better|greater)\b|\+)"
_ABOVE = r"(?P<strict>above|over|(?:greater|more|higher|better)\s+than|>(?!\s?=))"
_FROM = r"(?P<least>>\s?=|≥|at\s+least|from)"
_BOUNDS = (
    rf"{_NOUN}\s+(?:(?:of|that\s+are|which\s+are|are|is|with)\s+)?(?:{_ABOVE}|{_FROM})?\s*(?P<n>{{number}})(?:\s*{_NOUN})?(?:\s*(?P<up>{_UP}))?",
    rf"(?:{_ABOVE}|{_FROM})?\s*(?P<n>{{number}})[\s-]*(?P<up>{_UP})?\s*{_NOUN}(?:\s*(?P<up_2>{_UP}))?",
    rf"(?P<n>{{number}})(?P<up>\s*(?:and|or|,|&|to|-)\s*{{number}})[\s-]*{_NOUN}",
    rf"\b{_LIKE}\s+(?:is|are|means?|=)\s+(?:{_ABOVE}|{_FROM})?\s*(?P<n>{{number}})(?:\s*(?P<up>{_UP}))?",
    r"\b(?P<least>ab)\s+(?P<n>{number})\s*(?:sternen?|punkten?|{dataset})?\s+(?:\w+\s+){0,2}als\s+(?:ein\w*\s+)?(?:likes?|positiv\w*|gut)",
    rf"\b(?:count|treat|take)\s+(?:only\s+)?(?:{_ABOVE}|{_FROM})?\s*(?P<n>{{number}})\s*(?P<up>{_UP})?\s+as\s+(?:a\s+)?{_LIKE}",
)
_BOUNDS_OF_VERBS = (
    rf"(?:{_NOUN}\s+(?:of\s+)?)?(?:{_ABOVE}|{_FROM})?\s*(?P<n>{{number}})(?:\s*(?:of|out\s+of|/)\s*{{number}})?\s*(?P<up>{_UP})?\s+"
    rf"(?:(?:should|shall|must|will|to)\s+)?(?:counts?|be|is|are)\s+(?:counted\s+)?(?:as\s+)?(?:an?\s+)?{_LIKE}",
)
_IS_MEANT = rf"\bals\s+(?:positiv|gut)|\b{_LIKE}\b|\b(?:only|just)\s+(?:count\s+|use\s+|take\s+|the\s+)*{_NOUN}|\bcounts?\b|^\W*(?:only|just)\b.*\bstars?\W*$"
_RULED = r"(?:likes?|liked|positives?|relevant|good)"
_ROWS = r"(?:(?:star\s+)?ratings?|rows?|stars?|votes?|scores?|values?|interactions?|events?)"
_ASKS = re.compile(
    rf"(?:what|which(?:\s+{_ROWS})?|when|how\s+many\s+stars?|from\s+(?:which|what)\s+rating(?:\s+on)?)\s+(?:(?:do|does|is|are|will|would|a|an|the|it|you|i|{_ROWS})\s+)*"
    rf"(?:counts?|counted|treated?|taken?|considered?|seen|regarded)\s+(?:as\s+)?(?:(?:a|an|the)\s+)?{_RULED}\b|"
    rf"which\s+{_ROWS}\s+are\s+(?:the\s+)?{_RULED}\b|what(?:'s|\s+is|\s+are)\s+(?:a|the|an)\s+(?:rule\s+for\s+(?:the\s+)?)?(?:likes?|positives?)\s+(?:in|on|of|here|for)\b|"
    r"(?:什么|哪些评分|多少分).*算.{0,2}喜欢|分.*算.{0,2}喜欢.{0,3}[吗么?？]",
    re.IGNORECASE,
)
_FILLING = re.compile(
    r"\b(?:a|an|the|is|are|as|of|and|or|only|just|count|counts|take|use|treat|please|now|then|from|that|up|more|above|for|me|us|let|let's|it|be|means?|"
    r"like|likes|liked|positives?|relevant|in|this|study|make|set|to|i|say|say|want|ok|okay|no|instead|rather|here|every|all|any|star|stars|ratings?|votes?|scores?|marks?|should|shall|must|acutally)\b|\W|_",
    re.IGNORECASE,
)


def positive_in(stretch: Stretch) -> dict[str, str]:
    """`{"positive": ">=4"}` of a start, with its words used; empty where nothing is said."""
    found = _rule(stretch)
    if found is None:
        return {}
    stretch.use(*found[1])
    return {"positive": found[0]}


def says_positive(stretch: Stretch) -> bool:
    """Whether it says which ratings count as likes."""
    return _rule(stretch) is not None


def is_positive_alone(said: Said) -> bool:
    """Whether a message says which ratings count as likes, and nothing else: "a like is 4 stars and up"."""
    found = _rule(Stretch(said, [(0, len(said.text))]))
    if found is None or "?" in said.text:
        return False
    taken = [
        span for span in said.spans if span.kind != "number" and said.words(span).lower() not in ("ratings", "stars")
    ]
    words = re.sub(r"[\ue000-\uf8ff]", " ", said.marked)
    return not taken and not _FILLING.sub("", words)


def asked_dataset(say: str, datasets: Sequence[str], at_hand: str | None) -> str | None:
    """The dataset of which a question asks what counts as a like, "" for the one at hand; None: it asks something else."""
    if (match := _ASKS.search(say)) is None:
        return None
    names = "|".join(map(re.escape, sorted(datasets, key=len, reverse=True))) or "(?!)"
    named = re.search(rf"(?<![\w.-])(?:{names})(?![\w-])", say[match.end() :], re.IGNORECASE)
    other = None if named else _OF_OTHER.match(say, match.end())
    return named[0] if named else other["name"] if other else at_hand or ""


_OF_OTHER = re.compile(
    r"\s+(?:in|on|of|for)\s+(?:the\s+)?(?:data\s?set\s+)?(?!(?:it|this|that|here|there|my|our|the|data|study|a|an|now|me|us)\b)(?P<name>\w[\w-]*)",
    re.IGNORECASE,
)
"""A dataset that is not known: the tool says so."""


def _rule(stretch: Stretch) -> tuple[str, list[Span]] | None:
    """The rule, and the amounts and names that say it: "ratings" may also be what a dataset is called."""
    for pattern in (*_BOUNDS, *_BOUNDS_OF_VERBS) if stretch.says(_IS_MEANT) else ():
        for match in stretch.find(pattern):
            groups, span = match.groupdict(), stretch.said.span(match, "n")
            is_bound = any(groups.get(name) for name in ("strict", "least", "up", "up_2"))
            if is_bound and isinstance(span.value, int | float):
                sign = ">" if groups.get("strict") else ">="
                return f"{sign}{span.value:g}", stretch.said.within(match.start(), match.end())
    every = next(stretch.find(_EVERY), None)
    return None if every is None else ("all", stretch.said.within(every.start(), every.end()))
