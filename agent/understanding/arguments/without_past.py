"""What an order to tune says of leaving out what earlier trials and notes taught: "without using the memory".

>>> without_past("start a study without using the memory: ease on shop")
('without using the memory',)
"""

import re

_PAST = r"(?:(?:any|the|my|your|our|all|of|its|past|earlier|previous|old|other|these|those)\s+){0,4}(?:memory|memories|history|histories|notes?(?:\s+(?:number\s+)?#?\d+)?|lessons?(?:\s+(?:number\s+)?#?\d+)?|past(?:\s+(?:trials?|studies|runs|results?))?|(?:earlier|previous|old)\s+(?:trials?|studies|runs|results?))\b"
_NOT = r"(?:do\s+not|don['’]?t|never|not|must\s+not|should\s+not|shouldn['’]?t|must\s+be|is|are|to\s+be)"
_WORDS = re.compile(
    rf"\b(?:without(?:\s+(?:using|use\s+of|heeding|looking\s+at|the\s+help\s+of|help\s+of))?|no|ignor(?:e|ing)|skip(?:ping)?|disregard(?:ing)?|leav(?:e|ing)\s+(?:out|aside)|(?:do\s+not|don['’]?t|never|not)\s+(?:use|using|heed|look\s+at|looking\s+at|consult|follow|read|rely\s+on|learn\s+from))\s+{_PAST}"
    rf"|\b{_PAST}(?:\s+please)?\s+(?:{_NOT}\s+)?(?:do\s+not|don['’]?t|not|never)\s+(?:be\s+)?(?:use|used|heed|heeded|look\s+at|consult|consulted|touch|read)\b"
    rf"|\b(?:leave|keep)\s+{_PAST}\s+(?:out|aside|away)\b|\b{_PAST}\s+(?:off|(?:(?:is|are|to\s+be|shall\s+be)\s+)?(?:left\s+out|left\s+aside|ignored|switched\s+off|turned\s+off))\b"
    r"|\b(?:forget|ignore|ignoring|without)\s+(?:all\s+|everything\s+)?(?:what(?:ever)?\s+)?(?:that\s+)?(?:you|we|it|has\s+been)\s+(?:have\s+|ever\s+)?(?:learn\w*|know|knew|saw|seen|remember\w*)"
    r"|\bas\s+if\s+(?:you|it)\s+(?:knew|remembered|had\s+seen|had\s+learn\w+)\s+nothing\b"
    r"|(?:不用|不要用|不使用|不要使用|忽略|别用|不看|不要看|不参考|不要参考|不要|抛开|不管)(?:任何|你的|我的|以前的?|过去的?|之前的?|历史)*(?:记忆|历史|笔记|经验|试验)(?:\s*\d+)?"
    r"|记忆(?:请)?(?:不要用|别用|不用|关闭|关掉)",
    re.IGNORECASE,
)
_ORDERS = re.compile(
    r"\W*(?:please\s+)?(?:tune|start|train|optimi[sz]e|run)\b[^?]*$|[^?？吗]*(?:上|中|里|对)?\s*(?:调优?|调参|训练|优化)[^?？吗]*$",
    re.IGNORECASE,
)
_BLIND = ("tpe", "gp", "cmaes", "nsga2", "grid", "random")
_NOTES = re.compile(r"\bnotes?\b|\blessons?\b|笔记", re.IGNORECASE)


def without_past(text: str) -> tuple[str, ...]:
    """The words that want it so, as they stand."""
    return tuple(dict.fromkeys(match[0] for match in _WORDS.finditer(text)))


def orders_tuning(text: str) -> bool:
    """Whether the words begin with an order to tune: "tune …", "在radio上调…"."""
    return _ORDERS.match(text) is not None


def not_left_out(words: tuple[str, ...], sampler: object) -> tuple[str, ...]:
    """Those of the words that a study with the sampler does not follow: samplers but the advisor look at no past trials."""
    return tuple(one for one in words if sampler not in _BLIND or _NOTES.search(one))


def is_of_past(words: str, past: tuple[str, ...]) -> bool:
    """Whether a part of the message was read from such words, and asks for nothing of its own."""
    return any(one in words or words in one for one in past)


def said_of_past(words: tuple[str, ...], sampler: object, *, zh: bool) -> str:
    """What can be done instead, in one paragraph."""
    is_blind = sampler in _BLIND
    has_notes = any(map(_NOTES.search, words))
    if zh:
        notes = "笔记不能只为一次研究忽略；说“忘掉……”可以去掉一条笔记。" if has_notes else ""
        if is_blind:
            return notes
        return f"采样器 `advisor` 总会参考过去的试验；要不看过去，请说“采样器 gp”。{notes}"
    notes = (
        " Notes cannot be ignored for one study alone: `forget` takes a note away, and `undo` brings it back."
        if has_notes
        else ""
    )
    if is_blind:
        return notes.strip()
    return f"The sampler `advisor` always looks at past trials. To look at none, say `sampler gp`.{notes}"
