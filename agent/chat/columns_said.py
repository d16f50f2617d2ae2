"""What a message says to a question about the columns of a file: `customer_no`, "the user is column 2", "the last"."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath

from agent.results.result import ColumnsAsked
from agent.understanding.data.at_reading import at_reading
from agent.understanding.data.column_words import columns_apart, left_out
from agent.understanding.data.role_words import ROLE_WORDS, role_of
from agent.words.digits import chinese_number
from recmodels.data.column_names import plain

_NUMBERED = (
    r"(?:col(?:umn)?s?\.?[\s_]*(?:no\.?|number)?\s*#?|第\s*)"
    r"(?P<number>\d{1,4}|[一二三四五六七八九十]{1,3})(?:列|个|(?!\w))"
)
_ORDINALS = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "last": -1}
_BETWEEN = r"(?:\s|ids?\b|is\b|are\b|as\b|=|:|->|→|in\b|for\b|the\b|an?\b|column\b|called\b|named\b|[\"'“”‘’`])*"
_NOT_THE_OTHER = re.compile(r"(?<=\w)\s*,?\s+(?:and\s+)?not\s+(?:the\s+)?[\w-]+\W*$", re.IGNORECASE)
"""Of "the user is member, not user": what is ruled out besides."""
_NO = re.compile(r"\bnot\b|n't\b|\bneither\b|\bnone\b|不是", re.IGNORECASE)


def columns_said(text: str, question: ColumnsAsked) -> dict[str, str]:
    """Role → column, as far as the message says it; empty where it says none, or says what is not.

    Columns that are not to be read, or kept all the same, are roles of their own (`ignore`, `keep`). A role may get a
    name that the file has not: the reader says which one it has.
    """
    apart = left_out(at_reading(_by_name(text, question)).rest)
    said = {**_roles_said(apart.rest, question), **apart.columns}
    return said if _says_no_more(apart.rest, said, question) else {}


_PLACE_IN_CHINESE = re.compile(
    r"(?:(?P<last>最后)一?|第\s*(?P<number>\d{1,4}|[一二三四五六七八九十]{1,3})\s*)(?:列|栏|个字段)(?P<role>(?=用户|客户|会员|物品|商品|评分|时间))?"
)


def _by_name(text: str, question: ColumnsAsked) -> str:
    """The text with the names of columns that it tells in Chinese by their place: "用户是第 2 列"."""
    known = list(question.samples[0]) if question.samples else []

    def named(match: "re.Match[str]") -> str:
        last = known[-1] if known else None
        column = last if match["last"] else _numbered(_number(match["number"]), known, question)
        return f"“{column}”{'' if match['role'] is None else '是'}" if column else match[0]

    return _PLACE_IN_CHINESE.sub(named, text)


def rows_kept(text: str, question: ColumnsAsked) -> dict[str, object]:
    """The arguments that ask the question again, with the rows that a message chooses; empty where it says more."""
    told = at_reading(text)
    if not told.args or _FILLING.sub("", told.rest):
        return {}
    return with_more({**arguments(question), "columns": question.columns or {}}, told.args)


def arguments(question: ColumnsAsked) -> dict[str, object]:
    """Those of `add_dataset` that wait for the answer, without the columns."""
    corrects = {"corrects": question.corrects} if question.corrects else {}
    return {"path": question.path, "name": question.name, **corrects, **question.more}


def with_more(args: Mapping[str, object], more: Mapping[str, list[str]]) -> dict[str, object]:
    """The arguments with more rows and ids beside those that they hold."""
    found = dict(args)
    for name, values in more.items():
        before = found.get(name)
        found[name] = list(dict.fromkeys([*(before if isinstance(before, list | tuple) else ()), *values]))
    return found


def speaks_of_file(text: str, question: ColumnsAsked) -> bool:
    """Whether a message speaks of the file that waits: of one of its columns, or of the dataset that it will be."""
    known = (*(question.samples[0] if question.samples else ()), *question.candidates)
    names = (question.name or PurePath(question.path).name.partition(".")[0], *known)
    return any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE) for name in names if name)


def _says_no_more(text: str, said: Mapping[str, str], question: ColumnsAsked) -> bool:
    """Whether nothing but columns, roles and words of an answer is left: no order, no condition."""
    known = (*(question.samples[0] if question.samples else ()), *question.candidates, *said.values())
    for match in re.finditer(
        rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})\s*[=<>≠≥≤!]+\s*(?P<value>[\w.-]*)", text, re.I
    ):
        if role_of(match["value"]) is None and match["value"].lower() not in map(str.lower, known):
            return False  # "visitor_id=7" is a condition of the rows
    rest = columns_apart(_NOT_THE_OTHER.sub(" ", text)).rest
    for name in sorted({*known}, key=len, reverse=True):
        rest = re.sub(_whole(name), " ", rest, flags=re.IGNORECASE) if name else rest
    rest = re.sub(_NUMBERED, " ", rest, flags=re.IGNORECASE)
    if any(sign in _SIGNS_LEFT.sub("", rest) for sign in "=<>"):
        return False
    return not _FILLING.sub("", _SIGNS_LEFT.sub("", rest))


def columns_said_later(text: str, question: ColumnsAsked) -> dict[str, str]:
    """The same, after something else was talked of: only the names of columns that were asked about count."""
    told = columns_said(text, question)
    is_theirs = all(column in question.candidates for column in told.values())
    return told if is_theirs and len(text.split()) <= _SHORT else {}


_ROLES = "|".join(ROLE_WORDS.values())
_SIGNS_LEFT = re.compile(
    rf"\b(?:{_ROLES})\b\s*(?:ids?)?\s*(?:=|->|→)|(?:=|->|→)\s*(?:the\s+)?(?:{_ROLES})\b", re.IGNORECASE
)
_FILLING = re.compile(
    rf"(?<![\w-])(?:{_ROLES}|{'|'.join(_ORDINALS)}|the|an?|it['’]?s|its?|that['’]?s|that|this|is|are|to|as|in|on|of|for|by|with|and|or|columns?|cols?|fields?|ids?|"
    r"numbers?|no\.?|ones?|called|named|please|pls|thanks?|you|thank|sorry|ok(?:ay)?|yes|yep|yeah|sure|course|well|so|then|just|hm+|oh|ah|use|take|read|choose|pick|"
    r"i|we|think|guess|mean|meant|would|should|must|be|say|said|my|our|probably|maybe|definitely|here|go|let['’]?s|answer|call|\d+|"
    r"die|der|das|den|ist|sind|bitte|spalten?)(?![\w-])|用户|客户|会员|顾客|物品|商品|产品|评分|时间|列|第|个|是|的|请|吧|用|选|那|就|应该|应当|谢谢|这|一|为|作|把|当|它|好|对|了|啊|嗯|字段|\W|_",
    re.IGNORECASE,
)
"""What an answer consists of beside the columns themselves."""
_SHORT = 8  # words of an answer that is nothing else


def _roles_said(text: str, question: ColumnsAsked) -> dict[str, str]:
    if _NO.search(_NOT_THE_OTHER.sub("", text)):
        return {}
    mentions = list(_mentions(text, question))
    stated = dict(_stated(text, mentions)) | _named(text, question)
    columns = list(dict.fromkeys(column for *_, column in mentions))
    if stated:
        return stated if len(set(stated.values())) == len(stated) else {}
    if len(columns) == 1:
        return {question.role: columns[0]}
    return {} if columns else _by_place(text, question)


def _named(text: str, question: ColumnsAsked) -> dict[str, str]:
    """Of "the rating is Bewertung": roles and columns, spelt as in the file; numbers are read elsewhere."""
    known = {plain(name): name for name in (*(question.samples[0] if question.samples else ()), *question.candidates)}
    found = {role: name for role, name in columns_apart(text).columns.items() if not name.isdigit()}
    turned = {role: _turned(text, role, name, known) for role, name in found.items()}
    return {role: known.get(plain(name), name) for role, name in turned.items()}


def _turned(text: str, role: str, name: str, known: Mapping[str, str]) -> str:
    """The column of "日期是时间", which both are words of a role, where the file has one of them only."""
    if plain(name) in known or role_of(name) != role:
        return name
    of_role = [one for one in known.values() if role_of(one) == role]
    return next((one for one in of_role if re.search(rf"{re.escape(one)}\s*是\s*{re.escape(name)}", text)), name)


def _whole(name: str) -> str:
    """A pattern of a name that stands by itself; Chinese has no spaces around it."""
    sides = r"[A-Za-z0-9_]" if len(name) > 1 and re.fullmatch("[\u3400-\u9fff]+", name) else r"\w"
    return rf"(?<!{sides}){re.escape(name)}(?!{sides})"


def _mentions(text: str, question: ColumnsAsked) -> Iterator[tuple[int, int, str]]:
    """Where columns stand in a text: start, end, column; by name, or by number in the file."""
    known = list(question.samples[0]) if question.samples else []
    taken: list[tuple[int, int]] = []
    for name in sorted({*question.candidates, *known}, key=len, reverse=True):
        if name.isdigit() or (name not in question.candidates and not re.search(r"\W|_|\d", name)):
            continue  # of columns that are not asked about, only names that are no words
        for match in re.finditer(_whole(name), text, re.IGNORECASE):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                taken.append(match.span())
                yield *match.span(), name
    for match in re.finditer(_NUMBERED, text, re.IGNORECASE):
        is_new = not any(start < match.end() and match.start() < end for start, end in taken)
        if is_new and (column := _numbered(_number(match["number"]), known, question)):
            yield *match.span(), column


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else chinese_number(text)


def _numbered(number: int, known: list[str], question: ColumnsAsked) -> str | None:
    if f"column_{number}" in {*question.candidates, *known}:
        return f"column_{number}"
    return known[number - 1] if 1 <= number <= len(known) else None


def _stated(text: str, mentions: list[tuple[int, int, str]]) -> Iterator[tuple[str, str]]:
    """Role and column of "the user is customer_no" and of "customer_no is the user"."""
    for start, end, column in mentions:
        for role, words in ROLE_WORDS.items():
            before = re.search(rf"(?<!\w)(?:{words}){_BETWEEN}$", text[:start], re.IGNORECASE)
            after = re.match(
                rf"{_BETWEEN}\b(?:is|are|as|=|for)\s{_BETWEEN}(?:{words})(?!\w)", text[end:], re.IGNORECASE
            )
            if before or after:
                yield role, column


def _by_place(text: str, question: ColumnsAsked) -> dict[str, str]:
    """Of "the second one": a place among the choices; of a bare number: a column that is one."""
    bare = re.fullmatch(r"\W*(?:the\s+)?(\w+?)(?:\s+(?:one|column))?\W*", text.strip(), re.IGNORECASE)
    if not bare:
        return {}
    word = bare[1].lower()
    if word.isdigit():
        found = f"column_{word}"
        return {question.role: found} if found in question.candidates else {}
    place = _ORDINALS.get(word)
    is_there = place is not None and place < len(question.candidates)
    return {question.role: question.candidates[place]} if is_there and place is not None else {}
