"""What an order to add a file says that no argument of it used: it is asked about before the file is added.

>>> words_left("add orders.csv as shop, without the cancelled orders", ["orders.csv", "shop"])
('without the cancelled orders',)
>>> words_left("please add orders.csv as shop, the vendor sent it", ["orders.csv", "shop"])
()
"""

import re
from collections.abc import Iterable

from agent.understanding.data.at_reading import speaks_of_hiding
from agent.words.spelling import words_of

_READS = r"(?:read|use|keep|take|load|import|include|count|store|save|add)"
_SAME_RULES = (
    r"(?:(?:with|by|use|apply|keep|under)\s+)?(?:the\s+)?(?:very\s+|exact\s+)?same\s+(?:rules?|filters?|conditions?|limits?|choices|criteria|way)"
    r"(?:\s+(?:as\s+(?:before|then|last\s+time|always|there|\W+)|apply|hold|again|too))*"
)
_MARKED = re.compile(
    r"(?<![\w-])(?:without|only|just\s+(?:the|those|rows?|events?|users?|items?)|except|excluding|but\s+not|not|"
    rf"(?:don['’]?t|do\s+not|never)\s+{_READS}|no(?=\s+(?!(?:wait|problem|hurry|rush|need|idea|questions?|longer|worries|doubt|one|as)\b)[^\W\d_])|"
    r"ignor(?:e|ing)|drop(?:ping)?|skip(?:ping)?|omit(?:ting)?|exclud(?:e|ing)|leav(?:e|ing)\s+(?:.*\s)?(?:out|off|away)|remov(?:e|ing)|"
    r"delet(?:e|ing)|filter(?:ed|ing)?|minus|unless|where|whose|"
    r"(?:de-?)?duplicat\w*|dedup\w*|sampl(?:e|es|ed|ing)\b|aggregat\w*|group(?:ed|ing)?\s+by|sort(?:ed|ing)?|shuffl\w*|weighted|normali[sz]\w*|"
    r"binari[sz]\w*|clean(?:ed|ing)?\s+(?:up|of|the)|convert\w*|translat\w*|lower-?case\w*|merged?\s+by|instead\s+of|"
    r"(?:[\w@.-]+\s+){1,5}?(?:stays?|remains?|(?:is|are|be)\s+(?:to\s+be\s+)?(?:kept|left))\s+(?:out|away|off)|keep(?:ing)?\s+(?:.*\s)?(?:out|away)|"
    rf"{_SAME_RULES}|nur|ohne|außer|nicht)(?![\w-])|只|除了|去掉|排除|不要|仅|过滤",
    re.IGNORECASE,
)
"""What makes an order to add a file another one, whatever follows."""
_HARMLESS = re.compile(
    r"(?:not\s+(?:yet|there|added|sure|tun\w+|train\w+|as\s+trials)\b.*|only\s+(?:add|read|load|look|this|that|the\s+file|import)\b\W*(?:it|file)?|"
    r"not\s+(?:in|on)\s+(?:the|my|our)\s+list|not\s+\S+\.\w{2,7}|drop(?:ped)?\s+(?:it|this|that)\b.*|where\s+(?:it|the\s+file|i|we)\b.*|only|not|drop|no)\W*",
    re.IGNORECASE,
)
_OF_THE_FILE = re.compile(r"\s*(?:(?:in\s+)?as\s+[\w.-]+\s*$|(?:is|are|has|was|that|at\s+last)\b)", re.IGNORECASE)
"""What stands behind a file and tells of it, or is a name that was taken back."""
_NOT_THAT_COLUMN = re.compile(r"not\s+[\"“'`]?[\w.]+[\"”'`]?", re.IGNORECASE)
_PIECES = re.compile(r"[,;:\n，。；：!?()]|\.(?=\s|$)|\b(?:and|then|und)\b")
_CONDITION = re.compile(r"[^\W\d]\s*(?:!=|<>|>=|<=|==?|≠|≥|≤|[<>])\s*\w")
_LISTED = re.compile(
    r"(?<![\w-])(?:without|except|ignor(?:e|ing)|drop(?:ping)?|skip(?:ping)?|exclud(?:e|ing)|remov(?:e|ing)|not)\s+(?:the\s+)?[\w-]+"
    r"(?:,\s*[\w-]+(?=\s*(?:,|and\b|or\b)))*(?:\s+(?:&|or)\s+[\w-]+)?(?:,?\s+and\s+[\w-]+(?=\s*(?:[,.;]|$)))?",
    re.IGNORECASE,
)
"""Several things that are left out, with commas between."""
_HAN_CLAUSE = re.compile(r"[\u3400-\u9fff]{2,}\s*(?:is|=|not|as|above|below|at)\s")
"""What Chinese says of something that has no English word: a column and its value."""
_HAN = re.compile(r"[\u3400-\u9fff]+")
_COMMA, _AND = "\x01", "\x02"  # that part no pieces
_OTHERS = re.compile(
    r"\b(?:tune|train|study|studies|trials?|start|run|recommend|export|optimi[sz]e|compare|show|describe|tell|search|baseline|report|"
    r"epochs?|seeds?|ndcg\S*|recall\S*|hours?|minutes?|undo|rename|likes?)\b",
    re.IGNORECASE,
)
_FILLERS = words_of(
    "be ds a an the this that these those it its them one here there is are was be been has have had i we you me us my our your "
    "of in on at to into from for with by as under via out up off or but so now next first too also please pls plz kindly "
    "thanks thank thx cheers ok okay yes great can could would will shall should may might must let want need like do did "
    "go ahead get make put take use keep add adds added read reading load loaded import include register bring open append "
    "appended join attach merge extend call called name named title label labelled save store file files data dataset "
    "datasets set sets table tables csv tsv parquet json jsonl zip log logs folder path directory new another again more other "
    "else all everything both time today tomorrow later soon quickly quick when if once before after while we list tool "
    "recpilot work available ready rather instead insted way column columns user item rating weight sku who wait "
    "wants gets goes orders loans events purchases sales system collection board stock colleagues top"
)


def words_left(text: str, used: Iterable[str], *, is_all: bool = True, tells_columns: bool = False) -> tuple[str, ...]:
    """What a text says beside what was used of it, piece by piece.

    Args:
        text: Without what it says of columns, of rows and of ids.
        used: What arguments hold: the file, its name, the dataset that it is joined to.
        is_all: It asks for nothing else; then what follows the file counts too, whatever it is.
        tells_columns: It told columns as well, so that "not date" is of these.
    """
    for word in sorted({one for one in used if one}, key=len, reverse=True):
        text = re.sub(rf"(?<![\w@-])[\"“'`]?{re.escape(word)}[\"”'`]?(?![\w-])", " · ", text)
    text = _LISTED.sub(lambda match: match[0].replace(",", _COMMA).replace(" and ", f" {_AND} "), text)
    found = [_left(piece, is_all=is_all, tells_columns=tells_columns) for piece in _PIECES.split(text)]
    return tuple(dict.fromkeys(piece for piece in found if piece))


def without_same_rules(left: Iterable[str]) -> tuple[str, ...]:
    """What is left of an order to join a file: that the rules of the dataset hold needs no asking, since they do."""
    return tuple(one for one in left if not _ONLY_SAME_RULES.fullmatch(one))


_ONLY_SAME_RULES = re.compile(rf"{_SAME_RULES}(?:\s+(?:please|pls|plz))?\W*", re.IGNORECASE)


def _left(piece: str, *, is_all: bool, tells_columns: bool) -> str | None:
    if _OTHERS.search(piece):
        return None
    if speaks_of_hiding(piece) or _CONDITION.search(piece):
        return _shown(piece)
    marked = _MARKED.search(piece)
    if marked is not None:
        said = _shown(piece[marked.start() :])
        is_of_columns = tells_columns and _NOT_THAT_COLUMN.fullmatch(said)
        return None if is_of_columns or _HARMLESS.fullmatch(said) else said
    if _HAN_CLAUSE.search(piece):
        return _shown(piece)
    after = piece.partition("·")[2]
    is_told = is_all and _is_unknown(after) and not _OF_THE_FILE.match(after)
    return _shown(after) if is_told else None


def _is_unknown(words: str) -> bool:
    """Whether a word could mean something; those of other scripts are not told apart, numbers are looked at elsewhere."""
    return any(one.isascii() and one.lower() not in _FILLERS for one in re.findall(r"[^\W\d_][\w'’-]*", words))


def _shown(piece: str) -> str:
    piece = re.sub(r"\s+(?:as|called|named|under)\s*$", "", re.sub(r"\s*·\s*", " ", piece))
    return piece.replace(_COMMA, ",").replace(_AND, "and").strip()


def in_chinese(words: str, say: str) -> str:
    """The clause of a Chinese message that glossed words come from; other words as they are."""
    runs = _HAN.findall(words)
    clauses = [clause.strip() for clause in re.split(r"[，,；;。！!？?\n]", say)]
    return next((clause for clause in clauses if runs and all(run in clause for run in runs)), words)
