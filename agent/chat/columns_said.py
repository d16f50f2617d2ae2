"""What a message says to a question about the columns of a file: `customer_no`, "the user is column 2", "the last"."""

import re
from collections.abc import Iterator

from agent.results.result import ColumnsAsked
from agent.understanding.data.column_words import columns_apart, left_out
from agent.understanding.data.role_words import ROLE_WORDS
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
    apart = left_out(text)
    return {**_roles_said(apart.rest, question), **apart.columns}


def columns_said_later(text: str, question: ColumnsAsked) -> dict[str, str]:
    """The same, after something else was talked of: only the names of columns that were asked about count."""
    told = columns_said(text, question)
    is_theirs = all(column in question.candidates for column in told.values())
    return told if is_theirs and len(text.split()) <= _SHORT else {}


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
    return {role: known.get(plain(name), name) for role, name in found.items()}


def _mentions(text: str, question: ColumnsAsked) -> Iterator[tuple[int, int, str]]:
    """Where columns stand in a text: start, end, column; by name, or by number in the file."""
    known = list(question.samples[0]) if question.samples else []
    taken: list[tuple[int, int]] = []
    for name in sorted({*question.candidates, *known}, key=len, reverse=True):
        if name.isdigit() or (name not in question.candidates and not re.search(r"\W|_|\d", name)):
            continue  # of columns that are not asked about, only names that are no words
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
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
