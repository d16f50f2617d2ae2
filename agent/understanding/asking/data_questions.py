"""Questions about what a dataset holds, several of them in one message: what was left out, its dates, its size, its rows.

>>> data_questions("how many users n items, and why rows left out?", ("shop",)).looks
({'what': 'size', 'of': 'users'}, {'what': 'left_out'})

A message is one of these where all its words belong to such questions; any other goes on to the planner.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agent.understanding.asking.plain_question import NAMED, PlainQuestion, plain_question
from agent.words.digits import COUNTS
from agent.words.spelling import words_of

MAX_ROWS = 30
"""What is shown of a dataset at most."""
Look = dict[str, Any]
"""Arguments of `inspect_data`, without the dataset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataQuestions:
    """What is asked, in the order of the message, and the datasets that are named."""

    looks: tuple[Look, ...]
    named: tuple[str, ...] = ()
    unknown: str | None = None  # a name that stands where a dataset's stands, and is none


_USERS = (
    r"(?:users?|customers?|people|persons?|readers?|members?|buyers?|shoppers?|clients?|listeners?|visitors?|viewers?|students?|"
    r"learners?|participants?|accounts?|players?|subscribers?|compan(?:y|ies)|who)"
)
_ITEMS = (
    r"(?:items?|products?|articles?|books?|movies?|films?|songs?|tracks?|teas?|courses?|documents?|docs?|titles?|games?|dishes|"
    r"things?|skus?|parts?|goods)"
)
_ROWS = (
    r"(?:rows?|events?|interactions?|records?|orders?|purchases?|ratings?|loans?|plays?|clicks?|lines?|entry|entries|stars?|sales?|"
    r"views?|reviews?|visits?|data\s*points?|transactions?)"
)
_NOUNS = {"users": _USERS, "items": _ITEMS, "rows": _ROWS}
_GAP = r"(?:(?!\b(?:what|which|how|why|when|who|columns?|if|and)\b)[^?;,])*?"
_OUT = (
    r"(?:(?:left|leave|leaves|taken|took|take|thrown|throw|threw|filtered|filter|sorted|kicked|cut)\s+(?:them\s+|it\s+|those\s+)?(?:out|away|off)|"
    r"(?:dropped|drop|removed|excluded|discarded|skipped|thrown\s+away|lost|rejected|not\s+(?:used|taken|kept|read|included)|missing))"
)
_WHY = r"(?:\s*,?\s*(?:and|,)?\s*(?:why|for\s+(?:what|which)\s+reasons?|because\s+of\s+what|the\s+reasons?))?"
_NUMBERS = "|".join(COUNTS)
_KINDS: tuple[tuple[str, str], ...] = (
    (
        "left_out",
        rf"\b(?:what|which|why|how\s+many|how\s+much|were|was|are|is|did|any|anything)\b(?:\s+and\s+why)?{_GAP}\b(?:left\s+out\s+{_ROWS}|{_OUT})\b"
        rf"(?:\s+(?:of|from|in|on)\s+(?:the\s+)?(?:it|this|that|there|{NAMED}|way))*{_WHY}|"
        rf"\b(?:did|do|were|are|have)\s+(?:the\s+)?{_GAP}\b{_ROWS}\s+(?:go|come|get|gone)\s+(?:in|into\s+it)(?:\s+(?:too|also|as\s+well))?",
    ),
    ("regular", rf"\b(?:which|how\s+many|what|who)\b{_GAP}\b(?:every|each)\s+(?P<period>month|week|day)\b"),
    (
        "repeats",
        rf"\b(?:how\s+many|any|anything|which|what|are|is|was|were|do|does|who|did|has|have)\b{_GAP}\b"
        rf"(?:repeats?|repeated|duplicates?|duplicated|doubles?|doubled|twice|more\s+than\s+once|re-?buy\w*|re-?order\w*|(?:the\s+)?same\s+{_ITEMS}\s+(?:again|twice)|again)\b"
        rf"(?:\s+{_ROWS})?",
    ),
    (
        "values",
        rf"\bhow\s+many\s+(?:of\s+the\s+)?{_ROWS}\s+(?:are|is|were|count\s+as|get)\s+(?:a\s+)?(?:likes?|liked|positive)(?:\s+and\s+how\s+many\s+(?:are\s+)?not)?\b|"
        r"\bwhich\s+(?:ratings|stars|rows)\s+(?:are|count\s+as)\s+likes?d?\b",
    ),
    (
        "head",
        rf"\b(?:show|give|print|list|see|display|look\s+at)\b(?:\s+(?:me|us))?{_GAP}(?:\b(?:rows?|lines?|records|samples?|examples|entries)\b(?:\s+(?:rows?|lines?|records|entries))?)|"
        rf"\b(?:the\s+)?first\s+(?:\d+\s+|(?:{_NUMBERS})\s+|few\s+)?(?:rows|lines|records|entries)\b",
    ),
    (
        "dates",
        rf"\b(?:what|which)\s+(?:is\s+|are\s+)?(?:the\s+)?(?:(?:date|time)s?\s*(?:range|span|period|frame|interval)s?|period|dates|months|years|time\s*range)\b"
        rf"|\b(?:date|time)s?\s*(?:range|span|period|frame)s?\b|\bfrom\s+when\s+(?:to|until|till)\s+when\b|\bfrom\s+(?:which|what)\s+(?:date|day|month)\b{_GAP}\bto\s+(?:which|what)\s+(?:date|day|month)\b"
        rf"|\b(?:un)?till?\s+(?:which|what)\s+(?:date|day|month)\b|\b(?:since|until)\s+when\b|\bhow\s+far\s+(?:back|does)\b|\bhow\s+(?:recent|old|new)\s+(?:is|are)\b"
        rf"|\bwhen\s+(?:was|is|were)\s+(?:the\s+)?(?:very\s+)?(?:last|first|latest|earliest|newest|oldest)\s+{_ROWS}\b|\b(?:first|earliest)\s+and\s+(?:the\s+)?(?:last|latest)\s+(?:date|day|{_ROWS})\b"
        rf"|\bwhen\s+(?:do|does|did)\s+(?:it|they|the\s+(?:data|{_ROWS})|{NAMED})\s+(?:begin|start|end)(?:\s+and\s+(?:end|begin|start))?",
    ),
    (
        "newest",
        r"\b(?:which|what)\s+(?:(?:data\s*set|data|one|version)\s+is\s+(?:the\s+)?(?:newest|latest|most\s+recent|last)|is\s+(?:the\s+|my\s+)?(?:newest|latest|most\s+recent)\s+(?:data\s*set|version|data))\b"
        r"(?:\s*(?:,|and)\s*(?:from\s+what|of\s+what|how|what|where)\s+(?:was|is|did|does)\s+it\s+(?:made|come|built|created)(?:\s+(?:from|of|about))?)?",
    ),
    (
        "top_rated",
        rf"\b(?:which|what)\s+{_ITEMS}\s+(?:has|have|got|gets|is|are)\s+(?:the\s+)?(?:best|highest|top|most)[\s-]+(?:rated|stars?|ratings?|scores?|marks?|reviews?|mean|liked)\b|\b(?:best|highest|top)[\s-]rated\s+{_ITEMS}\b",
    ),
    (
        "low_rated",
        rf"\b(?:which|what)\s+{_ITEMS}\s+(?:has|have|got|gets|is|are)\s+(?:the\s+)?(?:worst|lowest|fewest)[\s-]+(?:rated|stars?|ratings?|scores?|marks?|reviews?|mean)\b|\b(?:worst|lowest)[\s-]rated\s+{_ITEMS}\b",
    ),
    (
        "top_users",
        rf"\bwho\s+(?:gave|has|have|made|bought|ordered|wrote|did|took|is|are|rated|reads?|buys?|orders?|listens?)\s+(?:the\s+)?most\b(?:\s+active)?(?:\s+{_ROWS})?|"
        rf"\b(?:which|what)\s+{_USERS}\s+(?:{_GAP}\s)?(?:the\s+)?(?:most\s+active|most\s+{_ROWS}|most|biggest|top)\b|\b(?:most\s+(?:active|frequent|loyal)|biggest|top|best)\s+(?:\d+\s+)?{_USERS}\b",
    ),
    (
        "popular",
        rf"\b(?:what|which\s+(?:{_ITEMS}|one))\s+(?:is\s+|are\s+|was\s+|were\s+)?(?:being\s+)?(?:sells?|sold|bought|read|watched|played|ordered|taken|borrowed|goes|popular|clicked|lent)\s+(?:the\s+)?(?:most|best)\b|"
        rf"\b(?:what|which)\s+(?:is|are)\s+(?:the\s+|my\s+)?(?:most|best)[\s-]+(?:sold|selling|popular|bought|ordered|read|watched|played|borrowed|clicked)\b(?:\s+{_ITEMS})?|\b(?:what|which)\s+(?:is|are)\s+(?:the\s+|my\s+)?best[\s-]?sellers?\b",
    ),
    (
        "columns",
        r"\b(?:what|which)\s+(?:all\s+)?(?:columns?|fields?|attributes)\b(?:\s+of\s+the\s+file)?\s*(?:did|do|does|have|has|are|were|is)?\s*(?:you|it|we|there|in\s+there)?\s*(?:take|took|taken|keep|kept|use|used|read|have|got|in\s+(?:it|there)|there)?\b(?:\s+in\s+(?:it|there))?",
    ),
)
_HOW_MANY = re.compile(
    r"\b(?:how\s+(?:many|much)|(?:what\s+is\s+)?the\s+(?:total\s+)?number\s+of|count\s+of)\s+(?P<what>[^?;¦]*?)"
    r"(?=(?:\s*,)?\s*(?:\band\s+|\bor\s+)?(?:\b(?:how|what|which|why|when|until|since)\b|also\b|\?|;|¦|\.\s|\.?$))"
)
_BIG = re.compile(
    rf"\bhow\s+(?:big|large)\s+(?:is|are)\s+(?:it|this|that|the\s+data(?:\s*set)?|{NAMED})|\bthe\s+size\s+of\s+(?:it|this|{NAMED})"
)
_MORE_THAN = re.compile(
    rf"\b(?:has|does|is|are|do|have)\s+(?P<a>{NAMED})\s+(?:have\s+)?(?:more|fewer|less|as\s+many|bigger|larger|smaller)\s*(?P<what>\w+)?\s+(?:than|as)\s+(?P<b>{NAMED})"
)
_ASIDE = re.compile(r"\bhow\s+is\s+(?:it|that)(?:\s+(?:now|looking|then))?\s*(?=[?,.])")
"""What asks for nothing by itself."""
_FILLERS = words_of(
    "do does did is are was were be been being there in it its this that these those of the a an my our your we i you they them he she has have had got "
    "get gets now total altogether all different distinct unique exactly about currently left still any from by for at on with and or to so "
    "then ok okay hi hello hey please tell me us can could know give show want like dataset data set datasets file table one ones here inside "
    "comes come came make makes made exist remain remaining contain contains contained included overall alone just only really actually "
    "cover covers span spans reach reaches begin begins end ends ordered bought buy order ordering use using uses used gave give read borrowed rated play listened borrow stayed go goes done already hm hmm no wait also too as well again number some version want see new"
) - {"new"}
_BLOCKED = re.compile(
    r"\b(?:tun(?:e|es|ed|ing)|re-?tun\w*|train\w*|stud(?:y|ies)|trials?|models?|recommend\w*|export\w*|append\w*|import|undo|rename|confirm\w*|"
    r"personal|privacy|readable|e-?mails?|address(?:es)?|hash\w*|pseudonym\w*|encrypt\w*|key|gdpr|purge\w*|ndcg\S*|metrics?|params?|"
    r"per|fewer|less\s+than|more\s+than(?!\s+once)|at\s+least|at\s+most|each\s+user|average|last\s+(?:\d+\s+)?rows|hyper\w*|epochs?|seeds?|if|would|suppose|should|lessons?|measur\w*|evaluat\w*|versions?|changed|changes|differ(?!ent\b)\w*|compare|baselines?|"
    r"valid\w*|test|split|better|worse|predict\w*|bots?|robots?|crawlers?|score|columns?\s+.*\b(?:not|ignored|unused|dropped|left\s+out|skipped|removed))\b"
)


def data_questions(say: str, datasets: Sequence[str]) -> DataQuestions | None:
    """What is asked of datasets; None where the message asks for something else as well, or for nothing.

    Args:
        datasets: Those that are known by name.
    """
    plain = plain_question(re.sub(r"\bso\s+that\b.*$", "", say, flags=re.IGNORECASE | re.DOTALL), datasets)
    if _BLOCKED.search(plain.text) or re.match(
        r"\W*(?:add|read|load|take|keep|drop|remove|leave|delete|hash)\b", plain.text
    ):
        return None
    rest = _ASIDE.sub(" ", _as_nouns(plain))
    found: list[tuple[int, Look]] = []
    if (more := _MORE_THAN.search(rest)) is not None:
        return DataQuestions(looks=(_compared(more, plain),), named=(_name(more["a"], plain),))
    for what, pattern in _KINDS:
        found += [(match.start(), _look(what, match)) for match in re.finditer(pattern, rest)]
        rest = re.sub(pattern, _blank, rest)
    for match in _HOW_MANY.finditer(rest):
        if (look := _counted(match["what"])) is None:
            return None
        found.append((match.start(), look))
    rest = _BIG.sub(_blank, _HOW_MANY.sub(_blank, rest))
    if "¦" in rest and not found:
        found.append((0, {"what": "size"}))
    if not found:
        return None
    return _told(found, rest, plain)


def _as_nouns(plain: PlainQuestion) -> str:
    """The text in which a dataset that is called like what is counted is one only where it does not stand for that."""

    def noun(match: "re.Match[str]") -> str:
        name = plain.named[int(match["n"])].lower()
        is_noun = any(re.fullmatch(nouns, name) for nouns in _NOUNS.values())
        return f"{match['before']}{name}" if is_noun else match[0]

    return re.sub(
        r"(?P<before>\b(?:how\s+many|and|or)\s+)§(?P<n>\d+)(?=\s+(?:are|is|did|do|does|has|have|were|was)\b)",
        noun,
        plain.text,
    )


def _told(found: list[tuple[int, Look]], rest: str, plain: PlainQuestion) -> DataQuestions | None:
    """The questions, where no word is left over that belongs to none of them."""
    looks = [look for _, look in sorted(found, key=lambda one: one[0])]
    if any(look["what"] == "left_out" for look in looks):
        rest = re.sub(r"\b(?:why|reasons?|because)\b", " ", rest)
    left = [word for word in re.findall(r"[^\s?,;:.!()\"'“”¦]+", re.sub(NAMED, " ", rest)) if word not in _FILLERS]
    unknown = None
    if left and looks[-1]["what"] == "left_out":
        looks[-1] = {**looks[-1], "filter": " ".join([*filter(None, [looks[-1].get("filter")]), *left])}
    elif left:
        placed = re.search(r"\b(?:of|in|from|for|has|does)\s+([\w.-]*[\w])\s*[?.!]*$", rest)
        if len(left) > 1 or placed is None or placed[1] != left[0] or plain.named:
            return None
        unknown = left[0]
    unique: list[Look] = []
    for look in looks:
        if not any(look["what"] == one["what"] and look["what"] in ("size", "left_out", "dates") for one in unique):
            unique.append(look)
    return DataQuestions(looks=tuple(unique), named=_named(plain), unknown=unknown)


def _named(plain: PlainQuestion) -> tuple[str, ...]:
    kept = re.findall(r"§(\d+)", _as_nouns(plain))
    return tuple(dict.fromkeys(plain.named[int(n)] for n in kept))


def _blank(match: "re.Match[str]") -> str:
    return " ¦ "


def _look(what: str, match: "re.Match[str]") -> Look:
    if what == "regular":
        return {"what": what, "filter": match["period"]}
    if what == "head" and (n := _number(match[0])) is not None:
        return {"what": what, "n_rows": n}
    if what == "left_out":
        about = [word for word in re.findall(r"[\w@.-]{4,}", match[0]) if word not in _FILLERS | _OUT_WORDS]
        of = {"of": "users"} if re.search(rf"\b(?!who\b){_USERS}\b", match[0]) else {}
        return {"what": what} | ({"filter": " ".join(about)} if about else {}) | of
    return {"what": what}


_OUT_WORDS = words_of(
    "what which many much were left leave leaves taken took take thrown throw threw filtered filter sorted kicked dropped drop removed "
    "excluded discarded skipped away lost rejected used kept read included missing anything reason reasons because rows row orders users "
    "customers members people items events records lines ratings interactions products data"
)


def _number(text: str) -> int | None:
    digits = re.search(r"\b\d+\b", text)
    if digits is not None:
        return max(1, min(MAX_ROWS, int(digits[0])))
    word = next((word for word in text.split() if word in COUNTS), None)
    return COUNTS[word] if word else 5 if re.search(r"\b(?:few|some)\b", text) else None


def _counted(what: str) -> Look | None:
    """The look of "how many …": the size, or a share where more is said of what is counted."""
    words = [word.strip(".") for word in re.findall(r"[^\s?,;:!()\"'“”]+", re.sub(NAMED, " ", what))]
    of = next((side for word in words for side, nouns in _NOUNS.items() if re.fullmatch(nouns, word)), None)
    said = [
        word
        for word in words
        if word and word not in _FILLERS and not any(re.fullmatch(n, word) for n in _NOUNS.values())
    ]
    if of is None:
        return None
    if said:
        return {"what": "share", "filter": " ".join(said), "of": of}
    return {"what": "size", "of": of}


def _compared(match: "re.Match[str]", plain: PlainQuestion) -> Look:
    of = next((side for side, nouns in _NOUNS.items() if match["what"] and re.fullmatch(nouns, match["what"])), "rows")
    return {"what": "size", "of": of, "against": _name(match["b"], plain)}


def _name(marked: str, plain: PlainQuestion) -> str:
    return plain.named[int(marked[1:])]
