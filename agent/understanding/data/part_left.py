"""What an order to tune says of a part of the data that is not read: it is asked about, and never lost.

>>> part_left(read("tune ease on shop without the returns, 3 trials", Names(datasets=("shop",))))
('without the returns',)
"""

import re

from agent.words.said import Said

_MARKED = re.compile(
    r"(?<![\w/-])(?:without|w/o|except(?:\s+for)?|excluding|minus|leaving\s+out|dropping|ignoring|omitting|skipping|apart\s+from|"
    r"(?:where|whose)(?=\s+(?!i\b|we\b|you\b|it\b|they\b|things?\b|that\b|everyone\b)(?:the\s+)?[\w.]+\s*(?:=|<|>|≥|≤|!=|(?:is|are|equals|was|has|contains)\b))|"
    r"(?<!not\s)(?:only|just)\s+(?:(?:for|with|on|the|those|these|our|my)\s+)*(?:[\w-]+\s+)?(?:rows?|events?|orders?|purchases?|sales|"
    r"users?|customers?|buyers?|people|accounts?|items?|products?|ratings?|reviews?|clicks?|views?|ones)|"
    r"ohne|nur|außer|ausser|sans|sauf|seulement|uniquement|senza|tranne|sem|apenas|zonder|behalve)(?![\w/-])[^,;.!?\n，。；！？()]*",
    re.IGNORECASE,
)
_THEN = re.compile(
    r"\s+(?:and|then|but|for)\s+(?=(?:then\s+)?(?:tune|train|show|tell|call|name|use|stop|give|let|ask|only|[\d\ue000-\uf8ff]))",
    re.IGNORECASE,
)
_OF_THE_STUDY = re.compile(
    r"[\ue000-\uf8ff]|\d|\b(?:trials?|runs?|epochs?|seeds?|confirm\w*|confirmation|approv\w*|permission|ask\w*|prun\w*|baselines?|repeat\w*|"
    r"limits?|limiting|defaults?|wait\w*|stop\w*|pause|memory|notes?|lessons?|models?|adapters?|par(?:a|am)\w*|constraints?|text\w*|fuss|"
    r"hurry\w*|problems?|errors?|questions?|further|ado|delay|explan\w*|explain\w*|reports?|advisor|warm\w*|popularity|likes?|already|"
    r"possible|needed|necessary|appropriate|chang\w*|touch\w*|test\w*|metrics?|objectives?|goals?|validation|training|tuning|search\w*|"
    r"ranges?|space|names?|plots?|output|help|you|me|it|us|ok|okay|consent|"
    r"agreement|improv\w*|any(?:one|body)|popular|sequential|gpu|cuda|cpu|time|header|versuche?|durchläufe?|mal|noch|essais?)\b",
    re.IGNORECASE,
)
_DATASET = re.compile("[\ue003]\ue000*")
_FILLERS = re.compile(
    r"\b(?:the|those|these|of|in|on|from|that|which|for|with|any|all|our|my|is|are|to|a|an|and|die|der|das|den|les|la|le)\b|\W|[\ue000-\uf8ff]",
    re.IGNORECASE,
)


def part_left(said: Said) -> tuple[str, ...]:
    """The words that seem to leave out, or to choose, a part of the data, and speak of nothing else that is known.

    Args:
        said: Of an order to tune in which no part of the data was read.
    """
    found = []
    for match in _MARKED.finditer(said.marked):
        words = _THEN.split(match[0], maxsplit=1)[0]
        told = re.sub(r"^\S+\s*", "", words)
        if _OF_THE_STUDY.search(_DATASET.sub(" ", told)) or not _FILLERS.sub("", told):
            continue
        found.append(said.text[match.start() : match.start() + len(words)].strip())
    return tuple(dict.fromkeys(found))
