"""What an order to tune says of the epoch from which a pruner may stop a trial, which no pruner lets people set.

>>> grace_words("tune bpr_mf on shop, don't prune before epoch 5")
("don't prune before epoch 5",)
"""

import re

_N = r"(?:the\s+)?(?:first\s+)?(?:epochs?\s*#?\s*\d+|\d+(?:st|nd|rd|th)?\s*epochs?|epoch\s+\w+)"
_WORDS = re.compile(
    r"(?:\b(?:don['’]?t|do\s+not|never|no|not|without|start|begin|only)\s+)?(?:to\s+)?\b(?:prun(?:e|es|ed|ing|er)|stop(?:ping)?\s+(?:trials?|early))\b"
    rf"(?:\s+(?:anything|any|trials?|them|it|only|starts?|begins?))*\s+(?:before|until|till|earlier\s+than|in|during|within|after|from|for)\s+(?:at\s+least\s+)?{_N}(?:\s+on\b)?"
    rf"|\b(?:grace(?:\s+period)?|warm-?up)\s+(?:of\s+)?{_N}"
    r"|(?:在?前\s*\d+\s*(?:轮|个?epochs?|个?周期)(?:内|之前|以前)?|第\s*\d+\s*(?:轮|个?epochs?|个?周期)(?:之?前|以前))\s*(?:不要?|别|不得)剪枝",
    re.IGNORECASE,
)


def grace_words(text: str) -> tuple[str, ...]:
    """The words that say so, as they stand."""
    return tuple(dict.fromkeys(match[0].strip() for match in _WORDS.finditer(text)))


def grace_places(text: str) -> list[tuple[int, int]]:
    """Where they stand."""
    return [match.span() for match in _WORDS.finditer(text)]


def said_of_grace(*, zh: bool) -> str:
    """What can be done instead, in one paragraph."""
    if zh:
        return "剪枝从第几轮开始不能设定；说“不剪枝”则每次试验都跑完。"
    return (
        "The epoch from which a pruner may stop a trial cannot be set. With `no pruning` every trial runs to its end."
    )
