"""What a message says about which ratings count as likes: "only ratings of 4 and more", "count every rating"."""

from agent.understanding.stretch import Stretch
from agent.words.said import Span

_NOUN = r"(?:(?:star\s+)?(?:ratings?|votes?|scores?|grades?)|stars?|{dataset})"
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
)
_IS_MEANT = rf"\b{_LIKE}\b|\b(?:only|just)\s+(?:count\s+|use\s+|take\s+|the\s+)*{_NOUN}|\bcounts?\b"


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


def _rule(stretch: Stretch) -> tuple[str, list[Span]] | None:
    """The rule, and the amounts and names that say it: "ratings" may also be what a dataset is called."""
    for pattern in _BOUNDS if stretch.says(_IS_MEANT) else ():
        for match in stretch.find(pattern):
            groups, span = match.groupdict(), stretch.said.span(match, "n")
            is_bound = any(groups.get(name) for name in ("strict", "least", "up", "up_2"))
            if is_bound and isinstance(span.value, int | float):
                sign = ">" if groups.get("strict") else ">="
                return f"{sign}{span.value:g}", stretch.said.within(match.start(), match.end())
    every = next(stretch.find(_EVERY), None)
    return None if every is None else ("all", stretch.said.within(every.start(), every.end()))
