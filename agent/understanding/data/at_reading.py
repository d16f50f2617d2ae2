"""What a message that adds a file says of its rows and ids: which rows are read, and whether ids are hashed.

>>> at_reading("add events.zip as buys only event=transaction, then tune ease").args
{'where': ['event=transaction']}
>>> at_reading("add log.csv with hashed user ids").args
{'hash_ids': ['user']}
"""

import re
from dataclasses import dataclass
from typing import Any

from agent.understanding.data.chinese_reading import hashed_apart, rows_apart
from agent.understanding.data.role_words import role_of

_QUOTED = r"\"[^\"\n]{1,60}\"|“[^”\n]{1,60}”|`[^`\n]{1,60}`"
_VALUE = rf"(?:{_QUOTED}|[^\W_][\w.|-]*[\w]|[^\W_])"
_VALUES = rf"{_VALUE}(?:\s+or\s+(?![\w.]+\s*[=<>!]){_VALUE})*"
_COLUMN = rf"(?:{_QUOTED}|[^\W\d][\w.]*)"
_SIGNED = rf"(?P<column>{_COLUMN})\s*(?P<sign>!=|<>|≠|>=|≥|<=|≤|==?|>|<)\s*(?P<value>{_VALUES})"
_SPOKEN = (
    rf"(?:the\s+|its\s+)?(?P<column>{_COLUMN})\s+(?:is|are|was|equals)\s+(?P<not>not\s+)?"
    rf"(?P<value>(?!above|below|over|under|at|more|less|not|the|in\b){_VALUES})"
)
_CONDITION = re.compile(
    rf"(?:{_SIGNED})|(?:{_SPOKEN.replace('P<column>', 'P<column_2>').replace('P<value>', 'P<value_2>')})", re.IGNORECASE
)
_ONE = re.sub(r"\?P<\w+>", "?:", _CONDITION.pattern)
_SOME = rf"(?:{_ONE})(?:\s*(?:,|\band\b|,\s*and\b)\s*(?:{_ONE}))*"
_ROWS = r"(?:(?:the|those|these|all|any)\s+)?(?:rows?|lines?|events?|orders?|records?|entries|interactions?|purchases?|ones)"
_WITH = r"(?:with|where|whose|of|having|in\s+which|for\s+which|(?:that|which)\s+(?:have|has))"
_READ = r"(?:(?:and\s+|but\s+|,\s*)?(?:read|keep|take|use|load|import)(?:ing)?\s+)?"
_ONLY = r"(?:only|just|nothing\s+but)"
_AWAY = (
    r"(?:without|w/o|except(?:\s+for)?|but\s+not|not|drop(?:ping)?|ignor(?:e|ing)|exclud(?:e|ing)|leav(?:e|ing)\s+out|skip(?:ping)?|"
    r"remov(?:e|ing)|omit(?:ting)?|minus|no)"
)
_KEPT = (
    rf"{_READ}(?:with\s+)?{_ONLY}\s+(?:{_ROWS}\s+)?(?:{_WITH}\s+)?(?P<said>{_SOME})",
    rf"{_READ}{_ROWS}\s+{_WITH}\s+(?P<said>{_SOME})(?:\s+only)?",
    rf"(?:with\s+)?(?P<said>{_SOME})\s+only",
    rf"\b(?:where|whose)\s+(?P<maybe>{_SOME})",
)
_GONE = rf"{_AWAY}\s+(?:{_ROWS}\s+)?(?:{_WITH}\s+)?(?P<said>{_ONE})"
_OPPOSITE = {"=": "!=", "!=": "=", ">=": "<", "<": ">=", ">": "<=", "<=": ">"}
_PLAIN = {"==": "=", "<>": "!=", "≠": "!=", "≥": ">=", "≤": "<="}

_WHOSE = r"(?:users?|customers?|clients?|buyers?|visitors?|members?|persons?|people|items?|products?|articles?)"
_ID = rf"(?:(?:(?:the|all|our|their|its|these|those|both|every|each)\s+)*(?:{_WHOSE}['’]?s?\s+(?:and\s+{_WHOSE}\s+)?)?(?:e-?mail\s+addresses|e-?mails?|ids?|identifiers?)|(?:(?:the|all|our)\s+)*{_WHOSE}|(?:it|them)(?!\w))"
_DONE = r"(?:hashed|pseudonymi[sz]ed)"
_BORDER = r"(?![\w/-]|\.\w)"
_HASHED = (
    rf"(?:with\s+)?{_ID}\s+(?:(?:must|should|shall|have|has|are|need|ought|will)\s+(?:to\s+)?(?:be\s+)?|to\s+be\s+)?{_DONE}{_BORDER}",
    rf"(?:with\s+)?(?:keyed\s+)?(?<![\w./-]){_DONE}\s+{_ID}{_BORDER}",
    rf"(?:and\s+|but\s+|please\s+)*(?<![\w./-])(?<!the\s)(?:hash|pseudonymi[sz]e)\s+{_ID}{_BORDER}",
    rf"(?:with|by|while|and)\s+(?:hashing|pseudonymi[sz]ing)\s+{_ID}{_BORDER}",
    rf"(?:with|using|as)\s+(?:keyed\s+)?(?:pseudonyms|hashes)\s+(?:for|of)\s+{_ID}{_BORDER}",
    rf"(?:with|using|as)\s+(?:keyed\s+)?(?:pseudonyms|hashes)\s+(?:instead|in\s+(?:the\s+)?place)\s+of\s+{_ID}{_BORDER}",
    rf"(?<![\w./-])(?<!as\s){_DONE}(?=\s*(?:please\b)?\s*(?:[,;!]|\.?\s*$))",
    rf"(?:with\s+|using\s+)?(?<!\w)--hash(?:-item)?-ids{_BORDER}",
)
_NOT_HASHED = rf"(?:(?<!\w)(?:not|no|without|never|don['’]?t|do\s+not)\s+(?:(?:be|need|any)\s+)?(?:hash(?:ed|ing|es)?|pseudonym\w*|anonymi\w*)(?:\s+{_ID})?|(?<!\w)unhashed){_BORDER}"
_PRIVATE = re.compile(
    r"(?<![\w./=-])(?:(?<!is\s)(?<!called\s)(?<!column\s)(?<!columns\s)hash(?!\s+columns?\b)|(?:un)?hash(?:ed|es|ing)|salt(?:ed|ing)|anonymi[sz]\w*|anonym(?:ous(?:ly)?|ity)?|anonymisiert|pseudonym\w*|de-?identif\w*|"
    r"encrypt\w*|mask(?:ed|ing)|scrambl\w*|obfuscat\w*|redact\w*|gehasht\w*|personal\s+(?:data|information|details)|personally|pii|gdpr|dsgvo|"
    r"clear\s+text|plain\s+text)" + _BORDER + r"|哈希|散列|匿名|脱敏|假名|个人(?:信息|数据)|加密",
    re.IGNORECASE,
)
"""What speaks of hiding who people are, in whatever words."""
_PIECES = re.compile(r"[,;\n，。；!]|\.(?=\s|$)|\b(?:and\s+)?then\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class AtReading:
    """A message, taken apart: which rows are read, whose ids are hashed, and the rest."""

    rest: str
    where: tuple[str, ...] = ()
    hash_ids: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()  # what was said of hiding persons in words that hashed ids may not be all of

    @property
    def args(self) -> dict[str, Any]:
        """Of `add_dataset`."""
        return {name: list(one) for name, one in (("where", self.where), ("hash_ids", self.hash_ids)) if one}


def at_reading(say: str) -> AtReading:
    """What a message says of the rows and the ids of the file that it adds."""
    rest, of_chinese = hashed_apart(say)
    rest, hashed, unsure = _hashing(rest)
    hashed = tuple(dict.fromkeys((*of_chinese, *hashed)))
    rest, conditions = rows_apart(rest)
    where: list[str] = [*conditions]
    rest = _rows(_GONE, rest, where, is_away=True)
    for pattern in _KEPT:
        rest = _rows(pattern, rest, where, is_away=False)
    return AtReading(
        rest=say if rest == say else _tidy(rest),
        where=tuple(dict.fromkeys(where)),
        hash_ids=hashed,
        unsure=unsure,
    )


def speaks_of_hiding(text: str) -> str | None:
    """The words of a text that want persons hidden: "hashed", "anonymised", "without personal data"."""
    found = _PRIVATE.search(re.sub(_NOT_HASHED, " ", text, flags=re.IGNORECASE)) or re.search(r"--hash\S+", text)
    return None if found is None else found[0]


def _hashing(say: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The text without what it says of hashing, whose ids are hashed, and the words that may mean more than that."""
    found: list[str] = []

    def take(match: "re.Match[str]") -> str:
        found.append(match[0])
        return " "

    rest = re.sub(_NOT_HASHED, " ", say, flags=re.IGNORECASE)
    for pattern in _HASHED:
        asks = rf"(?:{pattern})(?!\W*\?)"
        rest = re.sub(asks, take, rest, flags=re.IGNORECASE)
    pieces = [(piece, match) for piece in _PIECES.split(rest) if (match := _PRIVATE.search(piece)) is not None]
    unsure = tuple(_phrase(piece, match) for piece, match in pieces)
    for words in unsure:
        rest = rest.replace(words, " ", 1)
    if not found and not unsure:
        return rest, (), ()
    of_items = [
        words for words in found if re.search(r"\b(?:items?|products?|articles?)\b|item-ids", words, re.IGNORECASE)
    ]
    of_both = [w for w in found if re.search(r"\band\b.*\bids\b", w, re.IGNORECASE)]
    is_of_users = len(of_items) < len(found) or bool(of_both) or bool(unsure)
    hashed = (*(("user",) if is_of_users else ()), *(("item",) if of_items else ()))
    return rest, hashed, unsure


def _phrase(piece: str, match: "re.Match[str]") -> str:
    """The words that speak of hiding, with what they are said of, where a piece holds the file's name as well."""
    before = re.search(
        r"(?:\b(?:without|no|with|fully|all|the|keep|any|make|made|be|is|are|must|in|every\w*)\s+|\bit\s+)*$",
        piece[: match.start()],
        re.IGNORECASE,
    )
    after = re.match(r"(?:\s+(?!as\b|and\b|user\b)[^\W\d_][\w-]*(?!\.\w)){0,4}", piece[match.end() :])
    start = match.start() if before is None else before.start()
    return piece[start : match.end() + (after.end() if after else 0)].strip()


def _rows(pattern: str, text: str, where: list[str], *, is_away: bool) -> str:
    def take(match: "re.Match[str]") -> str:
        groups = match.groupdict()
        said = groups.get("said") or groups.get("maybe") or ""
        found = list(_CONDITION.finditer(said))
        of_roles = [one for one in (found[1:] if groups.get("said") else found) if _tells_column(one)]
        end = of_roles[0].start() if of_roles and not is_away else len(said)
        kept = [_condition(one, is_away=is_away) for one in found if one.end() <= end]
        where.extend(kept)
        start = match.start("said" if groups.get("said") else "maybe") - match.start()
        return f" {match[0][start + end :]}" if kept else match[0]

    return re.sub(rf"(?<![\w-]){pattern}(?![\w=])", take, text, flags=re.IGNORECASE)


def _tells_column(match: "re.Match[str]") -> bool:
    """Whether it says which column plays a role: "where user=email", "…, the user is company"."""
    return match["sign"] in (None, "=", "==") and role_of(_unquoted(match["column"] or match["column_2"])) is not None


def _condition(match: "re.Match[str]", *, is_away: bool) -> str:
    """As the command line takes it: `Status=geliefert`."""
    column = _unquoted(match["column"] or match["column_2"])
    sign = match["sign"] or ("!=" if match["not"] else "=")
    sign = _PLAIN.get(sign, sign)
    values = re.split(r"\s+or\s+", match["value"] or match["value_2"], flags=re.IGNORECASE)
    return f"{column}{_OPPOSITE[sign] if is_away else sign}{'|'.join(map(_unquoted, values))}"


def _unquoted(text: str) -> str:
    return text.strip().strip('"“”`')


def _tidy(text: str) -> str:
    text = re.sub(r"\s{2,}", " ", text)
    text = re.sub(r"(?:\s*[,;]\s*(?:and\b|but\b)?\s*|\s+(?:and|but|with)\s*)+(?=[,;.!?]|$)", "", text.strip())
    return re.sub(r"\s+([,;.!?])", r"\1", text).strip(" ,;")
