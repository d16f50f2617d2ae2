"""What a message says about the columns of a file that it adds: which plays which role, which are not read.

>>> columns_apart("add base.csv as d2, ignore the rating column").columns
{'ignore': 'rating'}
>>> columns_apart("add lib.csv, user is Borrower Number, time is Issue Date").columns
{'user': 'Borrower Number', 'time': 'Issue Date'}
"""

import re
from dataclasses import dataclass

from agent.understanding.data.role_words import CHINESE_FORMS, CHINESE_IGNORED, ROLE_WORDS, role_of
from agent.words.lexicon import lexicons, runs
from recmodels.data.reading.encodings import encoding_called
from recmodels.data.reading.options import DATES, DECIMALS, ENCODING, IGNORE, KEEP, THOUSANDS

_QUOTED = r"\"[^\"\n]{1,80}\"|“[^”\n]{1,80}”|‘[^’\n]{1,80}’|`[^`\n]{1,80}`|«[^»\n]{1,80}»|(?<!\w)'[^'\n]{1,80}'(?!\w)"
_ROLE = "|".join(ROLE_WORDS.values())
_END = r"(?=\s*(?:[,;\n!)\x00]|\.(?:\s|$)|$|\b(?:and|und|but|aber)\s+|\bthen\s+|\bplease\b|\bpls\b))"
_WORDS = r"[^\s,;\n\"“`'«()][^,;\n()]*?(?:\([^()\n]*\)[^,;\n()]*?)?"
_IS = r"(?:\s*(?:=|:|->|→)\s*|\s+(?:(?:is|are)\s+(?:called|named|in|under)|column\s+(?:is|called)|(?:should|must|has\s+to|ought\s+to)\s+be|should\s+have\s+been|is|are|from|in|called|lives\s+in|sits\s+in|stands\s+in|(?:ist|sind)(?:\s+in)?|(?:steht|stehen|liegt)\s+in|hei(?:ß|ss)t)\s+)"
_CALLED = r"(?:(?:the\s+|der\s+|die\s+)?(?:columns?|cols?|fields?|spalten?)\s+|called\s+|named\s+|in\s+|the\s+)*"
_ROLE_FIRST = re.compile(
    rf"(?<![\w.-])(?:(?:the|its|our|my|a|der|die|das|unsere?|meine?)\s+)?(?:columns?\s+(?:of|for|with)\s+(?:the\s+|a\s+)?)?(?<!many\s)(?<!which\s)(?<!what\s)(?P<role>{_ROLE})(?:[\s_-]?ids?|\s+(?:columns?|cols?|fields?|one))*"
    rf"{_IS}{_CALLED}(?P<column>{_QUOTED}|{_WORDS})(?:\s+(?:columns?|cols?|fields?))?{_END}",
    re.IGNORECASE,
)
_COLUMN_FIRST = re.compile(
    rf"(?:(?<![\w.-])(?:treat|use|take|read)\s+)?(?:(?:the\s+)?(?<![\w.-])(?:columns?|cols?|fields?)\s+)?(?P<column>{_QUOTED}|(?<![^\s,;(])[^\s,;\"“`'«(]+)(?:\s+(?:columns?|fields?))?"
    rf"(?:\s*(?:=|->|→)\s*|\s+(?:is|are|as|means|holds|has|for|stays|remains)\s+)(?:(?:the|a|our)\s+)?(?P<role>{_ROLE})(?:[\s_-]?ids?|\s+columns?)?(?![\w-])(?:{_END}|(?=\s+(?:in|of|for)\s))",
    re.IGNORECASE,
)
_DESCRIBED = r"(?:phone|customer|account|member|card|order|product|article|part)\s+(?:numbers?|no\.?|ids?|codes?|names?)|e-?mail(?:\s+address)?|numbers?|ids?|codes?"
"""What is said of a column before its name: "the phone number msisdn is the user"."""
_COLUMNS_FIRST = re.compile(
    rf"(?:^|[,;:\n]\s*|\b(?:and|where|with)\s+)(?:the\s+)?(?:columns?\s+|(?:{_DESCRIBED})\s+(?=\S+\s))?(?P<column>\w[^,;:\n]*?)(?:\s+(?:columns?|fields?))?\s+(?:is|means|holds|stays|remains)\s+(?:the|a|our)\s+(?P<role>{_ROLE})(?:[\s_-]?ids?|\s+columns?)?{_END}",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    rf"(?<![\w.-])(?:change|set|switch|correct|make)\s+(?:the\s+|its\s+)?(?P<role>{_ROLE})(?:[\s_-]?ids?|\s+(?:columns?|cols?|fields?))*(?P<of>\s+(?:of|in|for)\s+[\w.-]+)?\s+to\s+(?:be\s+)?{_CALLED}(?P<column>{_QUOTED}|{_WORDS}){_END}",
    re.IGNORECASE,
)
_WRONG = re.compile(
    rf"(?:(?:the\s+)?wrong\s+(?P<role>{_ROLE})(?:\s+(?:columns?|cols?))?|(?:the\s+)?(?P<role_2>{_ROLE})(?:\s+(?:columns?|cols?))?\s+(?:is|was|are)\s+wrong)\W+(?:it|that|this)?\s*(?:(?:should|must|has\s+to)\s+be|is|=)\s+{_CALLED}(?P<column>{_QUOTED}|{_WORDS}){_END}",
    re.IGNORECASE,
)
_PAIR = re.compile(
    rf"(?<![^\s,;:(])(?P<one>{_QUOTED}|[^\W\d][\w.-]*)=(?P<other>{_QUOTED}|[^\W\d][\w.-]*)(?=[\s,;!)]|\.(?:\s|$)|$)",
    re.IGNORECASE,
)
_TAKEN = "\0"  # in place of what was said of a role
_ELIDED = re.compile(
    rf"{_TAKEN}\s*,?\s*(?:and\s+)?(?:the\s+)?(?P<role>{_ROLE})(?:[\s_-]?ids?)?\s+(?P<column>{_QUOTED}|[^\s,;\"“`'«(]+){_END}",
    re.IGNORECASE,
)
"""The verb is said once: "the user is kunde and the item artikel"."""
_NO_WEIGHT = re.compile(
    rf"(?<!\w)(?:there(?:\s+(?:is|are)|['’]s)|(?:it|the\s+file|this|we)\s+(?:has|have))\s+no\s+(?:{ROLE_WORDS['weight']})(?:\s+columns?)?(?!\w)|没有(?:评分|权重)列?",
    re.IGNORECASE,
)
_RATHER_THAN = re.compile(
    r"\s+(?:(?:and\s+|but\s+)?not|instead(?:\s+of)?|rather\s+than)(?:\s+.*)?$", re.IGNORECASE | re.DOTALL
)
_COMPLAINS = re.compile(r"\b(?:took|taken|guessed|picked|chose|chosen|mistook)\s+(?:the\s+)?$", re.IGNORECASE)
"""What stands before a column that was read wrongly: "you took stars as the rating"."""
_COUNTS_AS = re.compile(r"(?:counts?|treat|take)\s+(?:.*\s)?as\s+(?:a\s+)?likes?", re.IGNORECASE)
"""What says which ratings are likes, and no column."""
_NAME = rf"(?:{_QUOTED}|[^\s,;\"“`'«.]+(?:\.\w+)*)"
_LIST = rf"{_NAME}(?:(?:\s*,\s*(?:and\s+)?|\s+(?:and|or|nor)\s+|\s*[&+]\s*)(?:the\s+)?{_NAME})*"
_LONG = rf"(?:{_QUOTED}|\S+(?:[ ,]+\S+){{0,8}}?)"  # several words, or several names
_LEAVE = (
    r"(?:(?:please\s+)?(?:ignor(?:e|ing)|leav(?:e|ing)\s+(?:out|off|away)|skip(?:ping)?|drop(?:ping)?|exclud(?:e|ing)|omit(?:ting)?|discard(?:ing)?)|"
    r"(?:do(?:\s+not|n'?t|n’t)|don'?t|without|not)\s+(?:read(?:ing)?|us(?:e|ing)|tak(?:e|ing)|load(?:ing)?|import(?:ing)?|includ(?:e|ing)|keep(?:ing)?)(?:\s+in)?|"
    r"without|except(?:\s+for)?|but\s+not|minus)"
)
_COLUMN = r"(?:columns?|cols?|fields?)"
_IGNORED = (
    rf"(?<![\w-]){_LEAVE}\s+(?:(?:the|its|all)\s+)*{_COLUMN}\s+(?:called\s+|named\s+)?(?P<names>{_LIST}){_END}",
    rf"(?<![\w-]){_LEAVE}\s+(?:(?:the|its|all)\s+)*(?P<names>{_LONG})\s+{_COLUMN}(?!\w)",
    rf"(?<![\w-])leave\s+(?:(?:the|its)\s+)*(?P<names>{_LONG})\s+{_COLUMN}\s+(?:out|away)(?!\w)",
    rf"(?<![\w-]){IGNORE}\s*[=:]\s*(?P<names>(?:{_QUOTED}|[^\s;\"“`'«]+))",
    CHINESE_IGNORED,
    rf"(?<![\w-])(?P<bare>ignore|leave\s+out|skip|omit)\s+(?:the\s+)?(?P<names>{_NAME}){_END}",
)
_KEPT = (
    rf"(?<![\w-])(?:but\s+)?keep(?:ing)?\s+(?:(?:the|its)\s+)*{_COLUMN}\s+(?:called\s+|named\s+)?(?P<names>{_LIST}){_END}",
    rf"(?<![\w-])(?:but\s+)?keep(?:ing)?\s+(?:(?:the|its)\s+)*(?!only\b|just\b)(?P<names>{_LONG})\s+{_COLUMN}(?!\w)",
    rf"(?<![\w-]){KEEP}\s*[=:]\s*(?P<names>(?:{_QUOTED}|[^\s;\"“`'«]+))",
)
_DATE_ORDER = re.compile(
    r"\bdates?\b\s*(?:(?:are|is|=|:|as|read|written|have|with|put)\s*)*(?:the\s+)?(day|month|year)[- _]?first\b",
    re.IGNORECASE,
)
_ENCODINGS = r"(?:(?:windows|cp|win)[- _]?(?:\d{3,4})|latin[- _]?\d+|iso[- _]?8859[- _]\d+|utf[- _]?8|gbk|gb[- _]?18030|gb[- _]?2312|big[- _]?5|shift[- _]?jis|sjis|euc[- _](?:jp|kr)|koi8[- _][ru])"
_ENCODING = re.compile(
    rf"(?<![\w.-])(?:(?:the\s+)?(?:encoding|charset|codepage|code\s+page)\s*(?:is|=|:|was|should\s+be)\s*(?P<said>[\w-]+)"
    rf"|(?:as|in|with|using|it\s+is|it[’']s|that\s+is|is|als)\s+(?:the\s+|a\s+)?(?P<known>{_ENCODINGS})(?:\s+(?:encoding|encoded|text|file))?"
    rf"|(?:(?:as|in|with|using)\s+(?:the\s+)?)?(?P<plain>{_ENCODINGS}|windows|ansi)[- ](?:encoding|encoded|codierung|kodierung))(?![\w-])",
    re.IGNORECASE,
)
_NO_COLUMN = re.compile(
    r"(?:(?:a|an|the|column|called|it|that|there|in|this|which|what|who|how\s+much|only|not|no|at|above|over|below|under|more|less|most|least|"
    r"between|from|up|of|and|or|if|very|too|all|still|also|missing|unknown|positive|negative|relevant|short|limited)(?:\s+.*)?|users?|items?|time|here|there|wrong|right|fine|ok(?:ay)?|good|"
    r"(?!\d{1,3}$)\d.*|[<>≥≤].*|.*\.(?:csv|tsv|parquet|jsonl?|xlsx?|gz|zip|tar|tgz|txt))",
    re.IGNORECASE | re.DOTALL,
)
_JOINS = re.compile(
    r"\b(?:append|attach|join|merge|add|put)\b[^.;!?]*\s(?:to|onto|into|with)\s+(?:(?:the|my|our)\s+)?(?:data\s?set\s+|data\s+)?$",
    re.IGNORECASE,
)
"""What goes before a dataset that a file is joined to: "append may.csv to shop as ratings" names no column."""
_BORDER = r"\s*(?:,|[&+]\s|\b(?:and|or|nor)\s)"
_JOINT = re.compile(r"^[\s,&+]*(?:(?:and|or|nor)\s+)?(?:(?:the|its)\s+)?", re.IGNORECASE)
_PLACE = re.compile(r"(?:the\s+)?(?:column\s*)?(\d{1,3})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsApart:
    """A message, taken apart: what it says of columns, and the rest."""

    rest: str
    columns: dict[str, str]  # by role; `ignore` and `keep` hold several, separated by commas
    said: tuple[str, ...]  # its words on columns that are not read, or kept all the same


def columns_apart(say: str) -> ColumnsApart:
    """What a message that adds a file says of its columns, and the message without it."""
    found = left_out(say)
    columns, rest = dict(found.columns), found.rest
    if order := _DATE_ORDER.search(rest):
        columns[DATES] = f"{order[1].lower()}-first"
        rest = rest.replace(order[0], "", 1)
    if (encoding := _ENCODING.search(rest)) and (name := _encoding(encoding)):
        columns[ENCODING] = name
        rest = rest.replace(encoding[0], "", 1)
    if without := _NO_WEIGHT.search(rest):
        columns["weight"] = ""
        rest = rest.replace(without[0], "", 1)
    rest = _without_pairs(rest, columns)
    for form in (_WRONG, _CHANGED, _ROLE_FIRST, _ELIDED, _COLUMNS_FIRST, _COLUMN_FIRST, *CHINESE_FORMS):
        rest = _without_roles(form, rest, columns)
    rest = rest.replace(_TAKEN, "")
    return ColumnsApart(rest=_tidy(rest) if rest != say else say, columns=columns, said=found.said)


def left_out(say: str) -> ColumnsApart:
    """What a message says of columns that are not read, or are kept all the same."""
    columns: dict[str, str] = {}
    left: list[str] = []
    rest = say
    for role, patterns in (
        (IGNORE, _IGNORED),
        (KEEP, _KEPT),
        (THOUSANDS, _said_as(THOUSANDS)),
        (DECIMALS, _said_as(DECIMALS)),
    ):
        names: list[str] = []
        for pattern in patterns:
            for match in re.finditer(pattern, rest, re.IGNORECASE):
                found = _names(match["names"] or match["names_2"])
                is_bare = "bare" in match.groupdict()
                if any(
                    (_NO_COLUMN.fullmatch(name) and not role_of(name)) or (is_bare and _is_ours(name)) for name in found
                ):
                    continue
                names += found
                left.append(match[0].strip())
            for words in left:
                rest = rest.replace(words, "", 1)
        if names:
            columns[role] = ",".join(dict.fromkeys(names))
    return ColumnsApart(rest=_tidy(rest) if rest != say else say, columns=columns, said=tuple(left))


def _encoding(found: "re.Match[str]") -> str | None:
    """The encoding of "as windows 1252", as Python calls it; an unknown one that is said to be one stays as it is."""
    if said := found["said"]:
        return encoding_called(said) or said
    word = re.sub(r"[ _]", "-", (found["known"] or found["plain"]).lower())
    return encoding_called(word) or encoding_called(re.sub(r"^(?:windows|win|cp)-?", "cp", word))


def _said_as(word: str) -> tuple[str]:
    """`thousands=price`, as an error tells people to say it."""
    return (rf"(?<![\w-]){word}\s*[=:]\s*(?P<names>(?:{_QUOTED}|[^\s;\"“`'«]+))",)


def _without_roles(form: "re.Pattern[str]", text: str, columns: dict[str, str]) -> str:
    """The text without what it says of roles, which is put into `columns`."""
    cut: list[tuple[int, int, str]] = []
    for match in form.finditer(text):
        groups = match.groupdict()
        role = role_of(match["role"] or groups.get("role_2") or "")
        column = _unquoted(_RATHER_THAN.sub("", match["column"]))
        if form is _ROLE_FIRST and role_of(column) == role and _is_swapped(match, column):
            column = match["role"]
        is_quoted = re.fullmatch(_QUOTED, match["column"].strip()) is not None
        is_name = (
            is_quoted
            or not match[0].isascii()
            or column.lower() == (match["role"] or "").lower()
            or not _NO_COLUMN.fullmatch(column)
        )
        if (
            role
            and column
            and is_name
            and not _COUNTS_AS.fullmatch(match[0].strip())
            and not _COMPLAINS.search(text[: match.start()])
            and not (match["column"] == column and _JOINS.search(text[: match.start("column")]))
            and role not in columns
            and column not in columns.values()
        ):
            columns[role] = column
            cut.append((*match.span(), groups.get("of") or ""))
    for start, end, of in reversed(cut):
        text = f"{text[:start]}{of}{_TAKEN}{text[end:]}"
    return text


def _is_swapped(match: "re.Match[str]", column: str) -> bool:
    """Whether of "Artikel is product" the word before the verb is the column."""
    is_told = re.match(r"(?:the|its|our|my|der|die|das|unsere?|meine?)\s", match[0], re.IGNORECASE) is not None
    begins = re.search(r"(?:^|[,;:.\n\0(]|\b(?:and|where|with))\s*$", match.string[: match.start()]) is not None
    return begins and not is_told and column.lower() != match["role"].lower() and is_column_first(match["role"], column)


def _without_pairs(text: str, columns: dict[str, str]) -> str:
    """The text without `user=company` and `part_no=item`, several of which may stand in a row."""

    def take(match: "re.Match[str]") -> str:
        one, other = match["one"], match["other"]
        role, column = (other, one) if is_column_first(one, other) else (one, other)
        found = role_of(role)
        if found is None or found in columns or column in columns.values() or _NO_COLUMN.fullmatch(column):
            return match[0]
        columns[found] = _unquoted(column)
        return _TAKEN

    return _PAIR.sub(take, text)


def is_column_first(one: str, other: str) -> bool:
    """Whether of "Artikel is product" the first is the column: where both sides are called like a role."""
    if role_of(one) is None or role_of(other) is None:
        return role_of(one) is None
    return one.lower() not in _ROLES and not (other[:1].isupper() and not one[:1].isupper())


_ROLES = ("user", "users", "item", "items", "weight", "weights", "time")


def _names(text: str) -> list[str]:
    parts = re.findall(rf"{_QUOTED}|{_BORDER}|(?:(?!{_BORDER}).)+", text)
    return [name for part in parts if (name := _unquoted(_JOINT.sub("", part)).rstrip("?"))]


def _unquoted(text: str) -> str:
    text = text.strip()
    quoted = re.fullmatch(_QUOTED, text)
    text = text[1:-1] if quoted else text.rstrip(".")
    place = None if quoted else _PLACE.fullmatch(text)
    return place[1] if place else text.strip()


def _is_ours(name: str) -> bool:
    """Whether a word names a model, a param or a metric: "leave out ease"."""
    return any(lexicons()[kind].places(name, runs(name)) for kind in ("model", "param", "metric", "sampler"))


def _tidy(text: str) -> str:
    text = re.sub(
        r"(?:\s*[,;，；、]\s*(?:and\b\s*|but\b\s*)?|\s+(?:and|but|where|with)\b\s*)+(?=[,;.!?，；。]|$)",
        "",
        text.strip(),
    )
    text = re.sub(r"\(\s*[,;\s]*\)", "", text)
    text = re.sub(r"(?<=[.!?])(?:\s+\.)+", "", text)
    return re.sub(r"\s*[,;](?:\s*[,;])+", ",", re.sub(r"\s{2,}", " ", text)).strip(" ,;，；")
