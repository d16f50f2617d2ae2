"""What is said beside a dropped file, of that file: its columns, what to call it, what it is joined to; and the rest.

>>> said_beside("this is our shop, the user is kunde, tune ease for 5 trials", ())
Beside(columns={'user': 'kunde'}, name='shop', is_told=False, append=None, rest='tune ease for 5 trials')
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.understanding.clauses.mood_words import POLITENESS
from agent.understanding.data.column_words import columns_apart
from agent.words.spelling import words_of

_START = rf"(?:^|(?<=[,.;!\n，。；])|\band\b|\bthen\b)\s*(?:{POLITENESS})"
_END = r"(?=\s*(?:[,;!\n，。；]|\.(?:\s|$)|$|\band\b|\bthen\b|\bplease\b|\bpls\b))"
_IT = r"(?:it|this|that|these|them|(?:this|the|that|my)\s+(?:one|file|data|data\s?set|upload))"
_NAME = r"[\"'“‘`]?(?P<name>[^\W_][\w.-]*)[\"'”’`]?"
_CALLED = (
    rf"(?:call|name|title|label)\s+{_IT}\s+(?:as\s+)?{_NAME}",
    rf"(?:(?:it|this|that)(?:['’]?s|\s+is|\s+(?:shall|should|will)\s+be)\s+|to\s+be\s+)(?:called|named)\s+{_NAME}",
    rf"(?:(?:the\s+|its\s+)?(?:name|title)\s*(?:is|=|:)|called|named)\s*{_NAME}",
    rf"(?:add|read|load|save|keep|import|store)\s+(?:{_IT}\s+)?(?:as|under(?:\s+the\s+name)?)\s+{_NAME}",
    rf"as\s+{_NAME}",
    rf"nenn\w*\s+(?:es|das|sie|ihn|die\s+datei)\s+{_NAME}",
    rf"(?:叫(?:它|做)?|命名为|名字?(?:是|叫)|名称是|取名)\s*{_NAME}",
)
_IS_OURS = rf"(?:this|that|it|here|these|those)\s*(?:is|are|['’]s)\s+(?:our|my|the)\s+(?:[\w-]+\s+)?{_NAME}"
_VERB = r"(?:append|attach|join|merge)(?:ed|s)?"
_ONTO = r"(?:to|onto|into|with)\s+(?:(?:the|my|our)\s+)?(?:data\s?set\s+|data\s+)?"
_JOINED_AS = rf"(\b(?:{_VERB}|add|put)\s+(?:{_IT}\s+)?{_ONTO}[\"'“`]?[^\W_][\w.-]*[\"'”`]?)\s+(?=(?:as|called|named)\s)"
_NO_NAME = words_of(
    "data dataset file files csv table export upload new latest first last one thing it us all everything log logs "
    "input stuff sheet excel is as was what which"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A text beside a file, taken apart."""

    columns: dict[str, str] = field(default_factory=dict)  # by role
    name: str | None = None
    is_told: bool = True  # the name; else it is only what the file is said to be: "this is our shop"
    append: str | None = None  # the dataset that its events are joined to
    rest: str  # what is said of anything else


def said_beside(text: str, datasets: Sequence[str]) -> Beside:
    """What a text says of the file that it stands beside."""
    apart = columns_apart(re.sub(_JOINED_AS, r"\1, ", text, flags=re.IGNORECASE))
    rest, append = _taken(apart.rest, _appends(datasets), "base")
    rest, name = _taken(rest, _CALLED, "name")
    is_told = name is not None
    if name is None:
        rest, name = _taken(rest, (_IS_OURS,), "name")
    return Beside(columns=apart.columns, name=name, is_told=is_told, append=append, rest=_tidy(rest))


def called_apart(text: str, datasets: Sequence[str]) -> tuple[str, dict[str, str]]:
    """A text without what it says of a file's name and of the dataset that it is joined to, and these as arguments."""
    rest, append = _taken(text, _appends(datasets), "base")
    rest, name = _taken(rest, _CALLED, "name")
    return _tidy(rest), {key: value for key, value in (("append", append), ("name", name)) if value}


def _appends(datasets: Sequence[str]) -> tuple[str, ...]:
    known = "|".join(map(re.escape, sorted(datasets, key=len, reverse=True))) or "(?!)"
    quoted = rf"[\"'“`]?(?P<base>{known})(?![\w-])[\"'”`]?"
    return (
        rf"{_VERB}\s+(?:{_IT}\s+)?{_ONTO}[\"'“`]?(?P<base>[^\W_][\w.-]*)[\"'”`]?",
        rf"(?:add|put)\s+(?:{_IT}\s+)?{_ONTO}{quoted}",
        rf"(?:extend|grow|enlarge|update)\s+(?:(?:the|my|our)\s+)?{quoted}(?:\s+(?:with|by)\s+{_IT})?",
        rf"(?:把?它?)?(?:追加|加|合并|添加)(?:到|进|至)\s*{quoted}",
    )


def _taken(text: str, patterns: Sequence[str], group: str) -> tuple[str, str | None]:
    """The text without the first words that match, and what they say."""
    for pattern in patterns:
        for match in re.finditer(_START + pattern + _END, text, re.IGNORECASE):
            said = match[group].rstrip(".")
            if said.lower() not in _NO_NAME:
                return f"{text[: match.start()]}{text[match.end() :]}", said
    return text, None


def _tidy(text: str) -> str:
    text = re.sub(r"\s*([,;，；])(?:\s*[,;，；.])+", r"\1", text)
    return re.sub(
        r"^(?:[\s,.;!，。；]|and\b|then\b|please\b|pls\b)+|[\s,;，；]+$", "", text.strip(), flags=re.IGNORECASE
    )
