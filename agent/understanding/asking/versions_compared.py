"""Two datasets that are compared by their names, and whether what was tuned should be tuned again.

>>> versions_compared("compare may and june, worth retuning?", ("may", "june"))
({'what': 'changes', 'dataset': 'june', 'against': 'may'}, {'what': 'studies', 'dataset': 'june'})
"""

import re
from collections.abc import Sequence
from typing import Any

from agent.understanding.asking.plain_question import any_of

_ENGLISH = (
    r"^\W*(?:(?:please|hi|hey|and|so|can\s+you|could\s+you)\W+)*(?:(?:compare|diff)\b|(?:what|how|which)\b.*\b(?:chang\w*|differ\w*|new)\b|"
    r"(?:is|are)\s+there\b.*\bdifferen\w*|(?:the\s+)?differences?\s+between\b)"
)
_CHINESE = r"比较|对比|不同|区别|差别|差异|变化"
_ASKS = re.compile(rf"{_ENGLISH}|{_CHINESE}", re.IGNORECASE | re.DOTALL)
_AGAIN = re.compile(
    r"[,.;?!]?\s*(?:and\s+)?(?:(?:is\s+it\s+|is\s+that\s+)?worth\s+(?:it\s+)?(?:to\s+)?(?:a\s+)?(?:re-?tun\w*|tun\w+)(?:\s+(?:it|again|once\s+more))*|"
    r"(?:must|should|shall|do)\s+(?:i|we)\s+(?:need\s+to\s+|have\s+to\s+)?(?:re-?tune|tune)(?:\s+(?:it|again|once\s+more))*|"
    r"re-?tun\w*\s+(?:needed|necessary|worth\s+it))|[，。？,]?\s*(?:要不要|需要|需不需要|值得|该不该|是否)(?:再|重新)?(?:调参|调)(?:吗)?",
    re.IGNORECASE,
)
_FILLERS = re.compile(
    r"\b(?:and|with|to|vs|versus|against|from|between|of|in|the|my|our|data|datasets?|sets?|what|which|how|has|have|is|are|was|do|does|did|there|"
    r"please|can|could|you|hi|hey|so|compared?|diff|chang\w*|differ\w*|new|any|me|tell|show)\b|&|"
    r"比较|对比|一下|不同|区别|差别|差异|变化|有|什么|哪些|和|与|跟|的|之间|是|了|吗|呢|请|数据集?|多大|把",
    re.IGNORECASE,
)


_LEAD = r"^\W*(?:(?:please|hi|hey|and|so|now|ok|then|can\s+you|could\s+you)\W+)*"
_THESE = re.compile(
    rf"{_LEAD}(?:compare|diff|(?:what(?:'?s|\s+is|\s+are)?|how)\b[^.;!?]*\b(?:differences?\s+between|differs?\s+between|differ|different|compare)|(?:the\s+)?differences?\s+between)\s*(?:do\s+|are\s+)?"
    r"(?:(?:these|those|the|them|both|my|of|all|last|latest|new)\s*)*(?:two|2|three|3|both)?\s*(?:(?:data\s?)?sets?|data|files?|uploads?|csvs?|tables?)?(?:\s+(?:differ|compare|with\s+each\s+other|to\s+each\s+other|please|i\s+(?:just\s+)?(?:uploaded|dropped|added|gave\s+you)))*\W*$"
    r"|^\W*(?:请)?(?:比较|对比)(?:一下)?(?:这|那)?[两三]?(?:个|份)?(?:文件|数据集?|表)?\W*$",
    re.IGNORECASE,
)
_DATA = re.compile(r"\b(?:data|datasets?|sets|files?|uploads?|csvs?|tables?)\b|文件|数据|表", re.IGNORECASE)
_POINTS = re.compile(r"\b(?:these|those|them|both|two|three|2|3)\b|这|那|两|三", re.IGNORECASE)


def compares_those_at_hand(say: str) -> tuple[int, bool] | None:
    """Of "compare these two (files)": how many, and whether it says that they are data; None for any other message."""
    match = _THESE.match(say)
    if match is None or not _POINTS.search(say):
        return None
    n = 3 if re.search(r"\b(?:three|3)\b|三", say, re.IGNORECASE) else 2
    return n, _DATA.search(say) is not None


def versions_compared(say: str, datasets: Sequence[str]) -> tuple[dict[str, Any], ...]:
    """The looks that answer; empty for any other message, and for one that says more than that."""
    known = any_of(datasets)
    named = list(dict.fromkeys(match[0].lower() for match in re.finditer(known, say, re.IGNORECASE)))
    rest = re.sub(known, " ", say, flags=re.IGNORECASE)
    if len(named) != 2 or not datasets or _ASKS.search(rest) is None:
        return ()
    again = _AGAIN.search(rest)
    if re.search(r"\w", _FILLERS.sub(" ", _AGAIN.sub(" ", rest))):
        return ()
    old, new = (next(name for name in datasets if name.lower() == one) for one in named)
    changes = {"what": "changes", "dataset": new, "against": old}
    return (changes, {"what": "studies", "dataset": new}) if again else (changes,)
