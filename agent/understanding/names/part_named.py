"""A name that goes with words about rows names the part which they want, and renames nothing.

>>> part_wanted("split the kids titles off shop and call it kids", ("shop",))
'split the kids titles off shop'
>>> part_wanted("call shop kids", ("shop",)) is None
True
"""

import re
from collections.abc import Sequence

from agent import outside
from agent.understanding.clauses.mood_words import POLITENESS, QUESTION
from agent.understanding.known import Known
from agent.understanding.meant_tools import OF_DATA, OF_STUDY
from agent.understanding.plan import Plan, Request
from recmodels.models import MODELS

_NAMED = re.compile(
    r"[,;.]?\s*\b(?:and\s+|then\s+|but\s+)*(?:call(?:ed|ing)?|nam(?:e|ed|ing)|title|label|dub)\s+(?:(?:it|that|this|them|these|those|"
    r"the\s+(?:result|rest|part|copy|new\s+(?:one|version|data\s?set)))\s+)?(?:as\s+|to\s+)?[\"“'`]?(?P<name>[^\W\d_][\w.-]*\w|\w)[\"”'`]?"
    r"(?=(?:\s+(?:please|pls|plz|thanks|then|now))*\W*$)",
    re.IGNORECASE,
)
"""The name, at the end of the message."""
_ROWS = (
    r"rows?|events?|orders?|purchases?|sales|returns?|refunds?|users?|customers?|buyers?|people|readers?|members?|accounts?|items?|products?|titles?|ratings?|"
    r"reviews?|clicks?|views?|listens?|ones|stars?|days?|months?"
)
_PART = re.compile(
    rf"(?<![\w-])(?:only|just|alone|drop(?:ping)?|skip(?:ping)?|omit(?:ting)?|discard\w*|exclud\w+|remov\w+|delet\w+|without|w/o|except\w*|minus|limit(?:ed)?\s+to|"
    r"restrict\w*|(?:throw|leave|take|filter|cut|kick|weed|strip|carve|sort|pull|pick)\w*\s+(?:.*\s)?(?:out|away|off|from)|get\s+rid\s+of|"
    r"(?:take|keep|choose|select|extract|want|need|give|filter|split|clean(?:ed|ing|\s+up)?|separate|sample|subset|slice|part|half|copy|duplicate)(?:s|ing)?|"
    rf"(?:fewer|less|more|other)\s+than|at\s+(?:least|most)|but\s+(?:not|the)|where|whose|no(?=\s+(?:\w+\s+)?(?:{_ROWS})\b)|since|until|between|{_ROWS})(?![\w-])",
    re.IGNORECASE,
)
"""Words of rows, of choosing some and of leaving some out."""
_OF_NAMES = re.compile(
    r"\b(?:drop|lose|forget|change|throw\s+(?:out|away)|remove|keep|want|need|delete)\s+(?:(?:the|that|this|its|a|an|another|old|new|silly|better|other|my)\s+)*names?\b(?:\s+·)?|"
    r"\b(?:want|need)\s+(?:you\s+)?to\b|\b(?:keep|leave)\s+(?:the\s+)?(?:stud(?:y|ies)|rest|everything)(?:\s+\w+)?",
    re.IGNORECASE,
)
"""What is said of a name, or of what stays."""
_OTHERS = re.compile(
    rf"\bre-?nam\w*|\b(?:tune|tuning|train\w*|stud(?:y|ies)|search|trials?|runs?|start|recommend|export|likes?|counts?\s+as|append|add|read|load|import|upload|"
    rf"open|undo|lessons?|notes?|remember|seeds?|epochs?|minutes?|hours?|{'|'.join(map(re.escape, MODELS))})\b|"
    r"\.(?:csv|tsv|txt|zip|gz|tar|tgz|parquet|feather|jsonl?|ndjson|xlsx?|dat|inter|db)\b",
    re.IGNORECASE,
)
"""What a name may be of instead: a file that is read, a study; and the plain word for a new name."""
_ASKED_FOR = re.compile(rf"^\W*{POLITENESS}(?:can|could|would|will)\s+(?:you|we)\s+", re.IGNORECASE)
_ONLY_NAMES = re.compile(
    r"^\W*(?:(?:only|just|simply|please|and|no|ok|okay|sorry|actually|let'?s)(?:\W+|$))*$", re.IGNORECASE
)
_SOURCE = re.compile(
    r"\b(?:from|of|off|out\s+of|in)\s+(?:the\s+|my\s+|our\s+)?(?:data\s?set\s+)?[\"“'`]?(?P<source>[^\W\d_][\w.]*[-_][\w.-]*\w)[\"”'`]?\W*$",
    re.IGNORECASE,
)


def part_wanted(say: str, datasets: Sequence[str]) -> str | None:
    """The words that want a part of the data, beside the name for it; None where a name alone is given, or of something else."""
    named = _NAMED.search(say)
    asked = _ASKED_FOR.sub("", say).lower().strip()
    if named is None or "?" in say or QUESTION.match(asked) is not None:
        return None
    wanted = say[: named.start()].strip(" ,;.!")
    plain = wanted
    for name in sorted(datasets, key=len, reverse=True):
        plain = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", "·", plain, flags=re.IGNORECASE)
    if _OTHERS.search(plain) or _ONLY_NAMES.match(plain) or not _PART.search(_OF_NAMES.sub(" ", plain)):
        return None
    return wanted


_TOLD = re.compile(
    r"\b(?:is|are|was|were)\s+(?:named|called)\s+[\"“'`]?(?P<name>[^\s,;]*\w)[\"”'`]?[,;.]?\s+(?:so\s+|and\s+|please\s+)*"
    r"(?:throw|drop|leave|remove|take|kick|exclude|delete|filter|get\s+rid)\b",
    re.IGNORECASE,
)
"""What is told of a name that something has, before it shall go: "the crawler is named crawler-7, throw it out"."""


def _told_plan(say: str, at_hand: str | None, known: Known) -> Plan | None:
    """What is answered to such words of a user or an item; None where a dataset or a study has the name."""
    told = _TOLD.search(say)
    if told is None or at_hand is None or "?" in say or OF_DATA.search(say) or OF_STUDY.search(say):
        return None
    if told["name"].lower() in map(str.lower, (*known.datasets, *known.studies)):
        return None
    name, of = outside.text(told["name"]), outside.text(at_hand)
    answer = f"Nothing was removed or renamed: say which column holds “{name}”, as in “drop rows of {of} where COLUMN={name}”."
    shows = Request(tool="inspect_data", args={"dataset": at_hand, "what": "columns"}, words=say)
    return Plan(say=say, requests=(shows,), answer=answer)


def named_part_plan(say: str, at_hand: str | None, known: Known, *, is_asked: bool = False) -> Plan | None:
    """What is answered where a part that was not understood gets a name; nothing is renamed. None for any other message.

    Args:
        at_hand: The dataset that was talked of last.
        is_asked: A question waits, which words without a dataset may answer.
    """
    if not is_asked and (told := _told_plan(say, at_hand, known)) is not None:
        return told
    named, wanted = _NAMED.search(say), part_wanted(say, known.datasets)
    if named is None or wanted is None:
        return None
    shown, name = outside.text(wanted[:80]), outside.text(named["name"])
    there = [one for one in known.datasets if re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", wanted, re.IGNORECASE)]
    source = _SOURCE.search(wanted)
    if source is not None and source["source"].lower() not in map(str.lower, known.datasets):
        listed = ", ".join(map(outside.code, known.datasets[:8])) or "none"
        answer = (
            f"Nothing was kept or renamed: there is no dataset {outside.code(source['source'])}. There are: {listed}. "
            f"Say it so: “filter DATASET where COLUMN=VALUE, call it {name}”."
        )
        return Plan(say=say, answer=answer)
    if is_asked and not there:
        return None
    dataset = max(there, key=len) if there else at_hand
    if dataset is None:
        return Plan(
            say=say,
            answer=f"Nothing was kept or renamed: I did not understand “{shown}”. Say it so: “filter DATASET where COLUMN=VALUE, call it {name}”.",
        )
    answer = (
        f"Nothing was kept or renamed, and {outside.code(dataset)} stays as it is: I did not understand “{shown}”. Rows go by a column that it keeps: "
        f"“filter {outside.text(dataset)} where COLUMN=VALUE, call it {name}”. For another name alone: “rename {outside.text(dataset)} to {name}”."
    )
    shows = Request(tool="inspect_data", args={"dataset": dataset, "what": "columns"}, words=say)
    return Plan(say=say, requests=(shows,), answer=answer)
