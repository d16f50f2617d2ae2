"""Questions about how a dataset came to be: its versions, what changed, bots, its columns, and who is measured.

>>> asked_of_data("what changed between d9 and zz?", ("d9", "zz"), None).args
{'what': 'changes', 'dataset': 'zz', 'against': 'd9'}
"""

import re
from collections.abc import Sequence
from typing import Any

from agent.understanding.asking.asked_of_keeping import asked_of_privacy, asks_whether_it_holds
from agent.understanding.clauses.mood_words import POLITENESS
from agent.understanding.data.role_words import ROLE_WORDS
from agent.understanding.plan import Request

_STARTS = (
    rf"^\W*(?:{POLITENESS})(?:(?:can|could|would)\s+(?:you|i|we)\s+(?:please\s+)?)?(?:(?:tell|show)\s+(?:me|us)\s+)?"
)
_DATA = r"(?:(?:the|my|our)\s+)?(?:data\s?sets?\s+|data\s+)?[\"'“`]?"
_AND = r"[\"'”`]?\s*(?:,|and|with|to|vs\.?|versus|against|from|&|和|与|跟)\s*"
_ASKS_CHANGES = (
    r"(?:(?:compare|diff|contrast)|(?:(?:what|how|which)\b.{0,40}?\b(?:differ(?:s|ence|ences|ent)?|changed|drifted|new)\b.*?\b(?:between|from|of|do|does|is|are)?)"
    r"|(?:the\s+)?differences?\s+between|how\s+(?:do|does|is|are)|比较(?:一下)?)"
)
_COLUMN = r"[\"'“”`]?(?P<column>[\w.-]+)[\"'“”`]?"
_THE = r"(?:(?:the|my|our|a)\s+)*"
_UNUSED = r"(?:not\s+(?:been\s+)?(?:used|read|kept|taken|considered)|unused|ignored|left\s+out|dropped|skipped)"
_OF_COLUMN = (
    rf"why\s+(?:is|was|are|were|isn['’]?t|wasn['’]?t|did\s+you|do\s+you|don['’]?t\s+you|didn['’]?t\s+you)\s+(?:not\s+)?(?:use\s+|ignore\s+|skip\s+|leave\s+out\s+|drop\s+)?{_THE}(?:columns?\s+{_COLUMN}|{_COLUMN.replace('column', 'column_2')}\s+columns?)(?=\s|\W*$)",
    rf"what\s+(?:happened|was\s+done|did\s+you\s+do)\s+(?:to|with)\s+{_THE}(?:columns?\s+{_COLUMN}|{_COLUMN.replace('column', 'column_2')}\s+columns?)(?!\w)",
)
_ROLE = "|".join(ROLE_WORDS.values())
_ASKS = {
    "reading": (
        rf"what\s+(?:did|have|was|were|do)\s+(?:you\s+)?(?:take|took|taken|read|guess\w*|understand)\s+(?:.*\s)?(?:for|as)\s+(?:the\s+)?(?:what|which|columns?|{_ROLE})(?!\w)",
        rf"which\s+columns?\s+.*\b{_UNUSED}|which\s+columns?\s+(?:did|have)\s+you\s+(?:not\s+)?(?:use|ignore|skip|leave|drop)",
        r"(?:what|which|any)\s+(?:warnings?|notes?|problems?|remarks?)\b.*\b(?:read|reading|data|loading|import\w*|added?)",
        r"from\s+(?:which|what)\s+file\b",
        r"(?:is|are)\s+(?:the\s+|my\s+|our\s+)?(?:data|dataset)\b.*\b(?:ok(?:ay)?|clean|fine|good|alright|in\s+order)\b",
    ),
    "origin": (
        r"(?:where|which\s+file)\s+(?:does|did|do|is|was)\s+.*\b(?:come|came|from)\b|how\s+did\s+.*\bcome\s+about|when\s+was\s+.*\b(?:made|added|read)\b",
    ),
    "versions": (r"(?:what|which|list|show|how\s+many|are\s+there)\b.*\bversions?\b|.*(?:哪些|几个)版本",),
    "bots": (
        r"(?:are|is|any|how\s+many|do|does|did|which|what|could|can|check|look|find)\b.*\b(?:bots?|robots?|crawlers?|scrapers?|(?:fake|test)\s*(?:users?|accounts?|customers?))\b|.*(?:机器人|爬虫|测试账号)",
    ),
    "measured": (
        r"(?:how\s+many|which|on\s+(?:how\s+many|which)|why)\b.*\b(?:users?|customers?|people|persons?)\b.*\b(?:measured|evaluated|tested)\b",
        r"(?:why|how\s+come)\b.*\b(?:not\s+all|only\s+some|only\s+\d+|so\s+few)\b.*\b(?:users?|customers?|people)\b.*\b(?:measured|evaluated|tested|counted)\b",
    ),
}
_CHANGED_NOW = (
    r"\W*(?:(?:so|and|ok|okay|now)\W+)*(?:what(?:['’]?s|\s+is|\s+has|\s+have|\s+did|\s+was)?\s+(?:you\s+|it\s+)?(?:changed?|new|different|added)"
    r"(?:\s+(?:now|then|there|here|by\s+(?:that|this|it)|in\s+(?:it|the\s+(?:data|new\s+(?:version|one)|version))))?|(?:有)?(?:什么|哪些)(?:变化|变了|新的|不同)(?:了)?|(?:变了|改了|多了)(?:什么|哪些))\W*"
)
"""Asked right after an append or a filter."""
_OF_STUDY = re.compile(r"\b(?:trials?|stud(?:y|ies)|confirm\w*|models?)\b|研究", re.IGNORECASE)
_DESCRIBES = r"(?:describe|profile|inspect|summari[sz]e)"


def asked_of_data(
    say: str, datasets: Sequence[str], at_hand: str | None, *, made: str | None = None, study: str | None = None
) -> Request | None:
    """The call that answers a question about data; None for any other message.

    Args:
        datasets: Those that are known by name.
        at_hand: The one that was talked of last.
        made: The one that was read or made last, where nothing else was done since: "what changed?" asks of it.
        study: The study that was talked of last.
    """
    args = (
        _asked(say, datasets, at_hand) if (kept := _asked_of_keeping(say, datasets, at_hand, study)) is None else kept
    )
    if made in datasets and re.fullmatch(_CHANGED_NOW, say, re.IGNORECASE):
        args = {"what": "changes", "dataset": made}
    if args is not None:
        return Request(tool="inspect_data", args=args, mood="question", words=say)
    described = re.fullmatch(rf"{_STARTS}{_DESCRIBES}\s+{_DATA}(?P<of>{_any(datasets)})[\"'”`]?\W*", say, re.IGNORECASE)
    if described is None:
        return None
    return Request(tool="describe_dataset", args={"dataset": described["of"]}, mood="order", words=say)


def _asked(say: str, datasets: Sequence[str], at_hand: str | None) -> dict[str, Any] | None:
    if (changes := _changes(say, datasets)) is not None:
        return changes
    named = re.findall(_any(datasets), say, re.IGNORECASE)
    dataset = named[-1] if named else at_hand
    of = {"dataset": dataset} if dataset else {}
    for pattern in _OF_COLUMN:
        if match := re.search(_STARTS + pattern, say, re.IGNORECASE):
            return {"what": "reading", "filter": match["column"] or match["column_2"], **of}
    for what, patterns in _ASKS.items():
        if any(re.search(_STARTS + f"(?:{pattern})", say, re.IGNORECASE) for pattern in patterns):
            if what in ("reading", "origin") and not (named if what == "origin" else of):
                return None
            if what == "measured" and _OF_STUDY.search(say):
                return None
            what = "reading" if what == "origin" else what
            return {"what": what, **(of if what != "versions" or named else {})}
    return None


def _asked_of_keeping(
    say: str, datasets: Sequence[str], at_hand: str | None, study: str | None
) -> dict[str, Any] | None:
    """The arguments where a message asks who sees the data, or whether what was tuned on them still holds."""
    named = re.findall(_any(datasets), say, re.IGNORECASE)
    here = {"dataset": named[-1]} if named else {"dataset": at_hand} if at_hand in datasets else {}
    if (aspect := asked_of_privacy(say)) is not None:
        return {"what": "privacy", "filter": aspect, **(here if named or aspect in ("hashed", "ids") else {})}
    if asks_whether_it_holds(say):
        return {"what": "studies", **({"study": study} if study and not named and _OF_STUDY.search(say) else here)}
    return None


def _changes(say: str, datasets: Sequence[str]) -> dict[str, Any] | None:
    known = _any(datasets)
    both = rf"{_DATA}(?P<old>{known}){_AND}{_DATA}(?P<new>{known})[\"'”`]?"
    tail = r"(?:\s+(?:differ|different|please))?\W*"
    match = re.fullmatch(rf"{_STARTS}{_ASKS_CHANGES}\s*{both}{tail}", say, re.IGNORECASE)
    match = match or re.fullmatch(
        rf"{_STARTS}(?:diff|compare)\s+{_DATA}(?P<old>{known})\s+(?P<new>{known}){tail}", say, re.IGNORECASE
    )
    if match is not None and match["old"].lower() != match["new"].lower():
        return {"what": "changes", "dataset": match["new"], "against": match["old"]}
    news = rf"{_STARTS}what(?:['’]?s|\s+is|\s+has)?\s+(?:new|changed|different)\s+(?:in|with|about)\s+{_DATA}(?P<of>{known})[\"'”`]?\W*"
    only = re.fullmatch(news, say, re.IGNORECASE)
    return None if only is None else {"what": "changes", "dataset": only["of"]}


def _any(names: Sequence[str]) -> str:
    """A pattern for one of the names, the longest first."""
    listed = "|".join(map(re.escape, sorted(names, key=len, reverse=True))) or "(?!)"
    return rf"(?<![\w.-])(?:{listed})(?![\w-])"
