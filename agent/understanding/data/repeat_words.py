"""What a message says about items that people had before: "keep repeats", "hide what they already bought"."""

import re

from agent.understanding.bounds.stretch import Stretch
from agent.words.said import Said

_WHO = r"(?:people|customers?|users?|buyers?|listeners?|shoppers?|clients?|they|everyone|everybody|someone|(?:a|each|every)\s+(?:person|user|customer))"
_HAVE = (
    r"(?:buy|bought|buys|buying|have|had|has|listen(?:s|ed|ing)?(?:\s+to)?|play(?:s|ed)?|hear|heard|order(?:s|ed)?|purchased?|watch(?:ed|es)?|"
    r"read|use[ds]?|seen|saw|see|know|knew|knows|own(?:s|ed)?|got|eat|ate|eaten|rent(?:ed|s)?|interacted\s+with)"
)
_THINGS = r"(?:items?|things?|products?|songs?|tracks?|artists?|books?|films?|movies?|purchases|stuff)"
_REPEATS = r"(?:repeat(?:s|ed)?(?:[\s-]+(?:events?|purchases?|buys?|listens?|plays?|orders?|consumption|items?))?)"
_HAD = (
    rf"(?:(?:what(?:ever)?|everything|all|those|the|any|all\s+the)\s+)?(?:{_THINGS}\s+)?(?:that\s+|which\s+)?(?:{_WHO}\s+)?(?:have\s+|has\s+|had\s+|'ve\s+)?"
    rf"(?:already\s+|just\s+|once\s+)?{_HAVE}(?:\s+(?:already|before|earlier|in\s+the\s+past))?(?:\s+{_THINGS})?"
)
_CHOICE, _TWICE = "{choice}", r"(?:{factor}|{number}|twice)"  # "mask" is also a choice of a param
_NOT = r"(?:do\s+not|don'?t|never|please\s+don'?t|should\s+not|shouldn'?t)"
_HIDE = r"(?:hide|mask|leave\s+out|exclude|drop|filter(?:\s+out)?|skip|remove)"
_KEEPS = (
    rf"\b(?<!not\s)(?<!n't\s)(?:keep|allow|include|recommend|count|want)\s+(?:the\s+)?{_REPEATS}(?:\s+in\s+the\s+lists?)?\b|"
    rf"\b{_REPEATS}\s+(?:should\s+|do\s+)?(?:count|are\s+(?:allowed|fine|ok|okay|relevant|kept|wanted))\b|"
    rf"\b{_WHO}\s+(?:often\s+|usually\s+|do\s+|will\s+|like\s+to\s+|tend\s+to\s+|mostly\s+|keep\s+)*{_HAVE}(?:\s+(?:it|them|the\s+same|(?:the\s+)?(?:same\s+)?{_THINGS}))?\s+(?:again(?:\s+and\s+again)?|repeatedly|more\s+than\s+once|several\s+times|many\s+times)\b|"
    rf"\b{_NOT}\s+{_HIDE}\s+(?:{_HAD}|{_REPEATS})|"
    rf"\b(?<!not\s)(?<!n't\s)keep\s+(?:seen|known)\s+{_THINGS}(?:\s+in\s+the\s+lists?)?\b|"
    r"\brepeat[\s_-]events\s*[=:]?\s*keep\b|会重复(?:购买|听|消费)|保留重复"
)
_MASKS = (
    rf"(?<!not\s)(?<!n't\s)(?<!never\s)\b{_HIDE}\s+(?:{_HAD}|{_REPEATS}|(?:seen|known)\s+{_THINGS})|"
    rf"\b{_NOT}\s+(?:keep|allow|include|recommend|count|show|list)\s+(?:{_REPEATS}|{_HAD}|the\s+same\s+{_THINGS}\s+(?:twice|again))|"
    rf"\b(?:no|without)\s+{_REPEATS}\b|\b(?:nobody|no\s+one)\s+{_HAVE}(?:\s+(?:it|anything|the\s+same|the\s+same\s+{_THINGS}))?\s+(?:{_TWICE}|again\b)|{_CHOICE}\s+{_REPEATS}\b|"
    r"\bonly\s+new\s+"
    + _THINGS
    + r"\b|\brepeat[\s_-]events\s*[=:]?\s*(?:{choice}|mask\b)|不(?:再)?推荐(?:已|用户)(?:买|有|听)过的"
)
_FILLING = re.compile(
    r"\b(?:so|and|but|please|then|now|because|since|here|in|this|study|lists?|the|from|of|it|that|for|me|us|ok|okay|no|instead|rather|as|say|want|i|let|let's|also|again|just)\b|\W|_",
    re.IGNORECASE,
)


def repeat_events_in(stretch: Stretch) -> dict[str, str]:
    """`{"repeat_events": "keep"}` of a start; empty where nothing is said."""
    for kind, pattern in (("keep", _KEEPS), ("mask", _MASKS)):
        if stretch.take(pattern) is not None:
            return {"repeat_events": kind}
    return {}


def says_repeat_events(stretch: Stretch) -> bool:
    """Whether it says what becomes of items that people had before."""
    return any(stretch.has(pattern) for pattern in (_KEEPS, _MASKS))


def is_repeat_events_alone(said: Said) -> bool:
    """Whether a message says that and nothing else: "people buy again, so do not hide what they had"."""
    if "?" in said.text or not says_repeat_events(Stretch(said, [(0, len(said.text))])):
        return False
    plain = rf"{_KEEPS}|{_MASKS}".replace(_CHOICE, "mask").replace(_TWICE, "twice")
    return not _FILLING.sub("", re.sub(plain, " ", said.text, flags=re.IGNORECASE))
