"""What an order to tune says of a part of the data that is not read: it is asked about, and never lost.

>>> part_left(read("tune ease on shop without the returns, 3 trials", Names(datasets=("shop",))))
('without the returns',)
"""

import re
from collections.abc import Collection, Iterable

from agent.understanding.bounds.stretch import Stretch
from agent.words.said import Said, Span

_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|march|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|"
    r"januar|februar|märz|mai|juni|juli|oktober|dezember)"
)
_DAY = (
    rf"(?:(?:19|20)\d\d\b|q[1-4]\b|{_MONTHS}\b|may\b(?!\s+(?:be|have|need|take))|(?:last|this|past|previous)\s+(?:\w+\s+)?(?:days?|weeks?|months?|quarters?|years?|"
    r"spring|summer|autumn|fall|winter)\b|yesterday\b|(?:spring|summer|autumn|winter|christmas|easter)\b)"
)
_TIMES = rf"(?:since|from|after|before|until|till|up\s+to|during|older\s+than|newer\s+than)(?=\s+(?:the\s+)?(?:(?:start|begin\w*|end|middle)\s+of\s+)?{_DAY})"
_SOME = (
    r"rows?|events?|orders?|purchases?|sales|returns?|users?|customers?|buyers?|people|accounts?|items?|products?|ratings?|reviews?|clicks?|"
    r"views?|ones"
)
_REST = r"[^,;.!?\n，。；！？()]*"
_MARKED = re.compile(
    r"(?<![\w/-])(?:without|w/o|except(?:\s+for)?|excluding|minus|leaving\s+out|dropping|ignoring|omitting|skipping|apart\s+from|but\s+not|"
    r"(?:where|whose)(?=\s+(?!i\b|we\b|you\b|it\b|they\b|things?\b|that\b|everyone\b)(?:the\s+)?[\w.]+\s*(?:=|<|>|≥|≤|!=|(?:is|are|equals|was|has|contains)\b))|"
    rf"(?<!not\s)(?:only|just)\s+(?:(?:for|with|on|the|those|these|our|my|from)\s+)*(?:[\w-]+\s+)?(?:{_SOME})|"
    r"(?:only|just)\s+(?:from|for|with|on|in)\s+(?=[\w-]+\s*(?:[,;.]|$))|"
    rf"(?<!n['’]t\s)(?<!not\s)(?<!never\s)(?:drop|skip|exclude|discard|omit|(?:leave|take|throw|filter|kick|cut|weed)\s+(?:out|away)|get\s+rid\s+of|"
    rf"(?:remove|ignore|delete|leave|keep|take|throw|filter)(?=\s+(?:\w+\s+){{0,3}}(?:{_SOME}|out|away)\b))|"
    rf"(?:not?|without)(?=\s+(?:the\s+|any\s+)?(?:[\w-]+\s+){{0,2}}(?:{_SOME}|bots?|crawlers?|robots?|(?:test|fake)\w*)\b)|"
    r"no(?=\s+(?!(?:way|sorry|no|not|longer|better|worse|base|more|less|objections?|lunch|stud(?:y|ies)|idea|rush|wait|thanks?|please|doubt|need|big|"
    r"matter|luck|fun|chance|kidding|joke)\b)(?:[\w-]+\s+)?[\w-]+\s*(?:[,;.]|$))|"
    r"ohne|nur|außer|ausser|sans|sauf|seulement|uniquement|senza|tranne|sem|apenas|zonder|behalve)(?![\w/-])[^,;.!?\n，。；！？()]*",
    re.IGNORECASE,
)
_COUNTS = re.compile(
    rf"(?<![\w/-])(?:(?:drop|keep|remove|exclude|only|without)\s+)?(?:(?:users?|customers?|people|items?|products?)\s+(?:with|of|having|that\s+have|who\s+have)\s+)?"
    r"(?:at\s+(?:least|most)|(?:more|fewer|less)\s+than|min(?:imum)?|max(?:imum)?|most|over|under)\s+(?:of\s+)?[\d\ue000-\uf8ff]+\s+"
    rf"(?:{_SOME})\b{_REST}",
    re.IGNORECASE,
)
WHEN = re.compile(
    rf"(?<![\w/-])(?:(?:only|just)\s+(?:\w+\s+){{0,2}})?{_TIMES}{_REST}|\b(?:weighted\s+by|dedup\w*|deduplicat\w*|aggregated|sampled)(?!\w){_REST}",
    re.IGNORECASE,
)
"""What tells a part of the data whatever else it speaks of."""
_YEAR = re.compile(r"(?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?")
_ONLY_AFTER = re.compile(
    r"(?<![\w-])(?:(?!(?:on|in|with|for|of|and|but|to|the|a|is|are|as|at|from)\b)[\w-]+\s+){1,3}(?:only|alone|nur)(?=\s*(?:[,;.!()]|$|please\b))",
    re.IGNORECASE,
)
"""What stands before "only": "tune ease on shop, purchases only"."""
_THEN = re.compile(
    r"\s+(?:and|then|but|for)\s+(?=(?:then\s+)?(?:tune|train|show|tell|call|name|use|stop|give|let|ask|only|[\d\ue000-\uf8ff]))",
    re.IGNORECASE,
)
_OF_THE_STUDY = re.compile(
    r"[\ue000-\uf8ff]|\d|\b(?:trials?|runs?|epochs?|seeds?|confirm\w*|confirmation|approv\w*|permission|ask\w*|prun\w*|rules|baselines?|repeat\w*|"
    r"limits?|limiting|defaults?|wait\w*|stop\w*|pause|memory|notes?|lessons?|models?|adapters?|par(?:a|am)\w*|constraints?|text\w*|fuss|"
    r"hurry\w*|last\s+(?:one|item|event)|data\s?sets?|problems?|errors?|questions?|further|ado|delay|explan\w*|explain\w*|reports?|advisor|warm\w*|popularity|likes?|already|"
    r"possible|needed|necessary|appropriate|chang\w*|touch\w*|test\w*(?!\s+(?:accounts?|users?|customers?|orders?|data|people|rows?|events?))|metrics?|objectives?|goals?|validation|training|tuning|search\w*|"
    r"ranges?|space|names?|plots?|output|help|you|me|it|us|ok|okay|consent|"
    r"agreement|improv\w*|any(?:one|body)|popular|sequential|gpu|cuda|cpu|time|header|versuche?|durchläufe?|mal|noch|essais?)\b",
    re.IGNORECASE,
)
_DATASET = re.compile("[\ue003]\ue000*")
_FILLERS = re.compile(
    r"\b(?:the|those|these|of|in|on|from|that|which|for|with|any|all|our|my|is|are|to|a|an|and|die|der|das|den|les|la|le)\b|\W|[\ue000-\uf8ff]",
    re.IGNORECASE,
)


def part_left(said: Said, used: Collection[Span] = ()) -> tuple[str, ...]:
    """The words that seem to leave out, or to choose, a part of the data, and speak of nothing else that is known.

    Args:
        said: Of an order to tune in which no part of the data was read.
        used: What the order used of it.
    """
    found = []
    for match in (
        *WHEN.finditer(said.text),
        *(match for pattern in (_COUNTS, _MARKED, _ONLY_AFTER) for match in pattern.finditer(said.marked)),
    ):
        words = _THEN.split(match[0], maxsplit=1)[0]
        end = match.start() + len(words)
        told = words if match.re is _ONLY_AFTER else re.sub(r"^\S+\s*", "", words)
        amounts = [span for span in said.within(match.start(), end) if span.kind not in ("dataset", "gone")]
        is_read = bool(amounts) and all(span in used for span in amounts)
        if match.re is WHEN:
            is_read = False
        elif match.re is not _COUNTS:
            is_read = _OF_THE_STUDY.search(_DATASET.sub(" ", told)) is not None or not _FILLERS.sub("", told)
        if not is_read:
            found.append((match.start(), said.text[match.start() : end].strip()))
    return longest(text for _, text in sorted(found))


def use_times(stretch: Stretch) -> None:
    """The amounts of times ("since April 2024") are no amounts of a study."""
    said = stretch.said.text
    for match in WHEN.finditer(said):
        amounts = stretch.said.of("number", start=match.start(), end=match.end())
        stretch.use(*(span for span in amounts if _YEAR.fullmatch(said, span.start, span.end)))


def longest(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts, each once, without those that stand in a longer one."""
    all_ = list(dict.fromkeys(texts))
    return tuple(one for one in all_ if not any(one != other and one in other for other in all_))
