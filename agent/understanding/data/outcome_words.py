"""What a message says that outcomes count: "clicks count 1, carts 3, purchases 10", "purchases ten times a click"."""

import re

from agent.understanding.bounds.stretch import Stretch
from agent.words.said import Said
from recmodels.data.act_words import meaning_of
from recmodels.data.column_names import OUTCOME, plain

_A = r"(?:(?:an?|each|every|one|the)\s+)?"
_NAME = r"(?<![\w-])(?P<name>(?:add(?:ed|s)?[\s_-]?to[\s_-]?)?[^\W\d_]+)"
_WORTH = r"(?:counts?|weighs?|(?:is|are)\s+worth|gets?)"
_AS_MUCH = r"(?:times\s+)?(?:(?:as\s+(?:much|many|high(?:ly)?)\s+as|more\s+than|of|over)\s+)?"
_RATIO = rf"{_NAME}\s+(?:{_WORTH}\s+|as\s+)?(?P<n>{{number}}|{{factor}})\s*{_AS_MUCH}{_A}(?P<other>[^\W\d_]+)\b"
_NO_WEIGHT = r"(?![\w%.]|\s*(?:trials?|epochs?|seeds?|minutes?|hours?)\b)"
_EACH = (
    rf"{_NAME}\)?\s*(?:{_WORTH}\s+|(?:at|as|to)\s+|[=:]\s*)?(?P<n>{{number}}|{{factor}}){_NO_WEIGHT}",
    rf"(?P<n>{{number}})\s+(?:for|per)\s+{_A}{_NAME}\b",
)
_SHARES = (
    rf"(?P<n>{{share}})\s*(?:(?:on|for|of|to|from)\s+)?{_A}{_NAME}\b",
    rf"{_NAME}\s*(?:{_WORTH}\s+|(?:at|by)\s+|[=:]\s*)?(?P<n>{{share}})",
)
_IS_MEANT = rf"\b{_WORTH}\b|\bweights?\b|\bweigh\b|\bcount\b|[^\W\d_]\s*=\s*{{number}}"
_FILLING = re.compile(
    r"\b(?:and|but|count|counts|weighs?|weights?|worth|is|are|a|an|the|as|much|times|please|now|for|in|this|study|it|let|"
    r"make|treat|value|want|i|each|every|of|with|then|ok|okay|instead|rather|here|outcomes?)\b|\W|_",
    re.IGNORECASE,
)
_JOINT = re.compile(r"(?:\s*times)?\s*(?:,|&|,?\s*\band\b)\s*(?:count\s+)?(?:an?\s+|the\s+)?", re.IGNORECASE)
_Found = tuple[dict[str, float], list["re.Match[str]"]]


def outcomes_in(stretch: Stretch) -> dict[str, str]:
    """`{"outcomes": "purchase=10,click=1"}` of a start, with its amounts used; empty where nothing is said."""
    weights, matches = _weights(stretch)
    for match in matches:
        stretch.use(*stretch.said.within(match.start(), match.end()))
    return {"outcomes": ",".join(f"{name}={weight:g}" for name, weight in weights.items())} if weights else {}


def says_outcomes(stretch: Stretch) -> bool:
    """Whether it says what outcomes count."""
    return bool(_weights(stretch)[0])


def are_outcomes_alone(said: Said) -> bool:
    """Whether a message says what outcomes count, and nothing else: "count purchases ten times a click"."""
    weights, matches = _weights(Stretch(said, [(0, len(said.text))]))
    if not weights or "?" in said.text:
        return False
    rest = list(said.text)
    for match in matches:
        rest[match.start() : match.end()] = " " * (match.end() - match.start())
    return not _FILLING.sub("", "".join(rest))


def _weights(stretch: Stretch) -> _Found:
    """What each outcome counts, and where that is said; two of them at least, or it may mean anything."""
    for match in stretch.find(_RATIO):
        name, other = _outcome(match["name"]), _outcome(match["other"])
        if name and other and name != other:
            return {name: float(stretch.value(match, "n")), other: 1.0}, [match]
    for patterns in (_SHARES, _EACH if stretch.says(_IS_MEANT) else ()):
        found: dict[str, float] = {}
        matches: list[re.Match[str]] = []
        for pattern in patterns:
            for match in _of_outcomes([*stretch.find(pattern)]):
                name = _outcome(match["name"]) or match["name"].lower()
                if name not in found:
                    found[name] = float(stretch.value(match, "n"))
                    matches.append(match)
            if len(found) > 1:
                return found, matches
    return {}, []


def _of_outcomes(matches: list["re.Match[str]"]) -> list["re.Match[str]"]:
    """Those that name a known outcome, and what is listed right beside one: "count download 5 and share 10"."""
    taken = [_outcome(match["name"]) is not None for match in matches]
    for order in (range(1, len(matches)), range(len(matches) - 2, -1, -1)):
        for place in order:
            other = place - 1 if order.step > 0 else place + 1
            first, second = sorted((place, other))
            between = matches[0].string[matches[first].end() : matches[second].start()]
            taken[place] = taken[place] or (taken[other] and _JOINT.fullmatch(between) is not None)
    return [match for match, is_taken in zip(matches, taken, strict=True) if is_taken]


def _outcome(word: str) -> str | None:
    """The outcome that a word names, as one: `purchase` for purchases; None for any other word."""
    name = plain(word)
    if not OUTCOME.fullmatch(name) and meaning_of(word) is not None:
        return word.lower()
    name = name[:-1] if name.endswith("s") and not name.endswith("ss") else name
    return name if OUTCOME.fullmatch(name) or meaning_of(name) is not None else None
