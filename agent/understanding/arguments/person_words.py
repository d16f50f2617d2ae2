"""The person that a request means where no id marks them: a name in a person's place, or "it"."""

import re

from agent.understanding.bounds.stretch import Stretch
from agent.words.numbered import whole_id
from agent.words.said import Span
from agent.words.spelling import ORDINARY, words_of

_ID = r"[A-Za-z][\w.@-]*\d[\w-]*|\+?\d{2,}|\+?{number}|(?<!\w)\w+:(?=\w)"
_NAME = r"(?!(?:for|to|the|and|with|of)\b)[^\W\d_\u3040-\u9fff\ue000-\uf8ff][\w-]{1,30}"
_QUOTES = ("'", '"', "“", "`")
_TITLES = r"(?:our\s+|the\s+|my\s+|customer\s+|user\s+|client\s+|reader\s+|buyer\s+|mr\.?\s+|mrs\.?\s+|ms\.?\s+|old\s+|good\s+|dear\s+|kund\w+\s+|nutzer\w*\s+)*"
_LIST = r"(?:recs?|recos?|recommendations?|list|items?|picks?|suggestions?|top|history|films?|movies?|next|watch\w*|bought|purchases?|orders?)"
_PLACES = (
    rf"(?:\b(?:for|to|about|does|did|would|will|could|might|can|user|customer)\s+|(?:客户|用户|给)\s*){_TITLES}[\"'“`]?(?P<id>{_ID})",
    r"[\"“`](?P<id>[^\"”`]{2,40})[\"”`]|(?<!\w)'(?P<id2>[^']{2,40})'(?!\w)",
    rf"(?:\b(?:for|to|about|does|did|would|will|could|might|should|has|show|give|tell|serve|pitch|recommend|recs?|user|customer|buyer|named|called|für|pour|para)\s+|(?:客户|用户|给)\s*){_TITLES}(?P<id>{_NAME})(?!\w)",
    rf"(?<![\w'])(?P<id>{_NAME})'?s\s+(?:\w+\s+)?{_LIST}\b",
    rf"^\W*(?:and\s+|what\s+about\s+|now\s+|no\W+|sorry\W+|i\s+mean\w*\s+|ok\W+|it'?s\s+)*(?P<id>{_NAME})(?:'s)?(?=\s*(?:[,.!?:;]|$|\bplease\b|\binstead\b))",
    rf"\b(?P<id>{_NAME})\s+(?:gets?|bought|buys?|likes?|liked|watched|would|listened|read)\b",
)
_NO_PERSON = words_of(
    "me us you him her them it this that the a an my our your their someone somebody everyone everybody all each "
    "users user people customers items films movies today now model best trial one same we they he she who i what "
    "get see actually like recs recommendations list show give want need buy watch another other others any anyone "
    "some new old these those there here just only please thanks production testing fun example instance sure "
    "dinner lunch tonight tomorrow demo shop worst last previous next first random both two three five ten"
)
_FIRST_NAMES = words_of(
    "anna ana ann anne maria marie mary peter paul tom tim ben bob max eva emma lisa laura julia sara sarah jane john jack "
    "james mark sam alex kim lee tina nina lena ida ada ali leo theo frank grace rose hans klaus jan luis ines carlos pedro "
    "juan lucas felix oscar martin simon david daniel thomas andrea sofia lucy amy joe dan"
)
"""Names of people that are common words, too."""
_POINTED = r"\b(?:him|her|them|his|their|hers|she|he|they|(?:that|this|the\s+same|same)\s+(?:user|one|person|customer|guy|lady|buyer|client|reader))\b|他|她"


def person_in(stretch: Stretch) -> str | None:
    """A name in a person's place; the person named before in the message, or "it", where one is only pointed at."""
    for pattern in _PLACES:
        for match in stretch.find(pattern):
            group = next(name for name, value in match.groupdict().items() if value)
            start, end = match.span(group)
            if stretch.said.text[start - 1 : start] not in _QUOTES:
                start, end = whole_id(stretch.said.text, start, end)
            said = stretch.said.text[start:end]
            if _is_name(said):
                stretch.use(*[s for s in stretch.said.spans if start <= s.start < end])
                return said
    if not stretch.has(_POINTED):
        return None
    earlier = stretch.earlier().spans("user")
    return str(earlier[-1].value) if earlier else "it"


_NEXT = re.compile(r"\b(?P<side>after|following|before|preceding)\s+(?:user\s+|customer\s+|buyer\s+)?$", re.IGNORECASE)


def next_person(stretch: Stretch, span: Span) -> str:
    """The id of a span, or the one next to it of "the user right after u100"."""
    said = str(span.value)
    side = _NEXT.search(stretch.said.marked[max(0, span.start - 24) : span.start])
    number = re.search(r"\d+$", said)
    if side is None or number is None or not stretch.has(r"\b(?:user|one|customer|buyer|reader|person)\b"):
        return said
    step = 1 if side["side"].lower() in ("after", "following") else -1
    return said[: number.start()] + str(max(0, int(number[0]) + step)).zfill(len(number[0]))


def _is_name(said: str) -> bool:
    low = said.lower()
    is_word = low in ORDINARY and low not in _FIRST_NAMES
    return low not in _NO_PERSON and (re.search(r"\d", said) is not None or not is_word)
