"""What an order to tune says of leaving out what earlier trials and notes taught: "without using the memory".

>>> without_past("start a study without using the memory: ease on shop")
('without using the memory',)
"""

import re

_PAST = r"(?:(?:any|the|my|your|our|all|of|its|past|earlier|previous|old|other|these|those)\s+){0,4}(?:memory|memories|history|histories|notes?|lessons?|past(?:\s+(?:trials?|studies|runs))?|(?:earlier|previous|old)\s+(?:trials?|studies|runs))\b"
_WORDS = re.compile(
    rf"\b(?:without(?:\s+(?:using|heeding|looking\s+at))?|no|ignor(?:e|ing)|skip(?:ping)?|(?:do\s+not|don['’]?t|never)\s+(?:use|heed|look\s+at|consult|follow|read))\s+{_PAST}"
    r"|(?:不用|不要用|不使用|忽略|别用|不看|不参考)(?:任何|你的|我的|以前的|过去的)?(?:记忆|历史|笔记|经验)",
    re.IGNORECASE,
)
_BLIND = ("tpe", "gp", "cmaes", "nsga2", "grid", "random")
_NOTES = re.compile(r"\bnotes?\b|\blessons?\b|笔记", re.IGNORECASE)


def without_past(text: str) -> tuple[str, ...]:
    """The words that want it so, as they stand."""
    return tuple(dict.fromkeys(match[0] for match in _WORDS.finditer(text)))


def not_left_out(words: tuple[str, ...], sampler: object) -> tuple[str, ...]:
    """Those of the words that a study with the sampler does not follow: samplers but the advisor look at no past trials."""
    return tuple(one for one in words if sampler not in _BLIND or _NOTES.search(one))


def said_of_past(words: tuple[str, ...], *, zh: bool) -> str:
    """What can be done instead, in one paragraph."""
    has_notes = any(map(_NOTES.search, words))
    if zh:
        notes = "笔记不能只为一次研究忽略；说“忘掉……”可以去掉一条笔记。" if has_notes else ""
        return f"采样器 `advisor` 总会参考过去的试验；要不看过去，请说“采样器 gp”。{notes}"
    notes = (
        " Notes cannot be ignored for one study alone: `forget` takes a note away, and `undo` brings it back."
        if has_notes
        else ""
    )
    return f"The sampler `advisor` always looks at past trials. To look at none, say `sampler gp`.{notes}"
