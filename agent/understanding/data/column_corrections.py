"""A message that says what the columns of a dataset are, after it was read: "no, the item is sku", "用户列是 kunde".

>>> correction("no, the item is sku", ("shop",), "shop")
Correction(dataset='shop', columns={'item': 'sku'})
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agent.understanding.data.at_reading import at_reading
from agent.understanding.data.column_words import columns_apart
from agent.understanding.data.role_words import ROLE_WORDS

_FILLING = re.compile(
    r"\b(?:no|nope|sorry|oops|wait|actually|hm+|ah|oh|please|pls|plz|but|and|also|wrong|that'?s|it'?s|its|is|are|was|were|all|only|just|views?|clicks?|purchases?|"
    r"add(?:ed)?|keep|rows?|again|once\s+more|re-?read|re-?load|read|load|take|use|change|correct|fix|in|of|for|with|the|an?|data\s?sets?|data|file|it|this|that|instead|should|must|be|columns?|"
    r"encoded|encoding|text|german|french|spanish|western|european|polish|czech|russian|greek|turkish|korean|chinese|japanese|"
    rf"then|so|ok(?:ay)?|i\s+mean(?:t)?|not\s+(?:the\s+)?[\w.-]+|one|now|(?:{ROLE_WORDS['user']}|{ROLE_WORDS['item']})\s+(?:is|are)|"
    r"go|back|to|stays?|remains?|as|nein|bitte|doch|aber|und|im|in|datensatz|nochmal|falsch)\b|不对|不是|错了|请|重新|读取?|数据集?|在|里|中|把|的|而|但|[\W_]",
    re.IGNORECASE,
)
_AGAIN, _ENDING = (
    re.compile(r"\b(?:again|once\s+more|re-?read|re-?load)\b", re.IGNORECASE),
    r"(?:\.(?:csv|tsv|txt|jsonl?))?",
)
_SENTENCE = re.compile(r"\s(?:should|must|is|are|was)\s", re.IGNORECASE)
"""What no column is called: of "the user in shp should be x", where shp is no dataset."""
_BY_PLACE = re.compile(r"\b(?:col(?:umn)?s?|fields?|spalten?)\b|列|字段", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Of which dataset, and what its columns are."""

    dataset: str
    columns: dict[str, str] = field(default_factory=dict)  # by role
    more: Mapping[str, Any] = field(default_factory=dict)  # of rows and ids: `where`, `hash_ids` of `add_dataset`

    @property
    def args(self) -> dict[str, object]:
        """Of `add_dataset`."""
        return {"corrects": self.dataset, **({"columns": self.columns} if self.columns else {}), **self.more}


def correction(text: str, datasets: Sequence[str], at_hand: str | None, *, is_added: bool = False) -> Correction | None:
    """What a message corrects that says nothing else; None for any other message.

    Args:
        datasets: Those that are known by name.
        at_hand: The one that was read or looked at last.
        is_added: It was read by the turn before, so that its rows and ids may be meant without "again".
    """
    if "?" in text or "？" in text:
        return None
    of_rows = at_reading(text) if is_added or _AGAIN.search(text) else None
    more = {} if of_rows is None or of_rows.unsure else of_rows.args
    say = of_rows.rest if of_rows is not None and more else text
    names = "|".join(map(re.escape, sorted(datasets, key=len, reverse=True))) or "(?!)"
    placed = re.search(
        rf"\s*\b(?:(?P<in>in|of|for)|from)\s+(?:the\s+)?(?:data\s?set\s+|data\s+|file\s+)?(?P<name>{names})"
        rf"(?(in){_ENDING})(?![\w-]|\.\w)",
        say,
        re.IGNORECASE,
    )
    apart = columns_apart(say if placed is None else f"{say[: placed.start()]}{say[placed.end() :]}")
    named = re.search(
        rf"(?<![\w.-])(?P<name>{names}){_ENDING if _AGAIN.search(text) else ''}(?![\w.-])", apart.rest, re.IGNORECASE
    )
    rest = apart.rest if named is None else f"{apart.rest[: named.start()]} {apart.rest[named.end() :]}"
    dataset = placed["name"] if placed else at_hand if named is None else named["name"]
    by_place = [column for column in apart.columns.values() if column.isdigit()]
    is_other = _FILLING.sub("", rest) or (by_place and not _BY_PLACE.search(text))  # "the weight is 5"
    is_sentence = any(_SENTENCE.search(column) for column in apart.columns.values())
    if dataset is None or not (apart.columns or more) or is_other or is_sentence:
        return None
    return Correction(dataset=dataset, columns=apart.columns, more=more)


_NAME = r"[\"'`“]?([\w.]+)[\"'`”]?"
_THE = r"(?:the\s+|columns?\s+)*"
_SWAPS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^\W*(?:(?:no|nope|sorry|please|oops|wait)\W+)*(?:swap|exchange|switch|interchange)\s+{_THE}{_NAME}\s+(?:and|with|for|&)\s+{_THE}{_NAME}(?:\s+(?:columns?|please|around|round))*\W*$",
        rf"^\W*(?:(?:no|nope|sorry|oops|wait)\W+)*{_THE}{_NAME}\s+and\s+{_THE}{_NAME}\s+(?:columns?\s+)?(?:are|were|got)\s+(?:swapped|mixed\s+up|exchanged|the\s+wrong\s+way\s+(?:a?round))\W*$",
        rf"^\W*(?:请|不对|不)?\W*(?:交换|对调|互换|把)\s*{_NAME}\s*(?:和|与|跟)\s*{_NAME}\s*(?:交换|对调|互换|换)?(?:一下)?\W*$",
    )
)


def swapped(text: str, columns: Mapping[str, str]) -> dict[str, str]:
    """By role, the columns of a dataset of which a message says that two are exchanged; empty for any other message.

    Args:
        columns: Of the dataset, by role.
    """
    found = next((match for pattern in _SWAPS if (match := pattern.match(text))), None)
    if found is None:
        return {}
    one, other = found[1], found[2]
    first, second = _role_in(one, columns), _role_in(other, columns)
    if first is not None and first == second:  # "user" is the role, and "member" a column
        told = next((by for by, of in ((other, one), (one, other)) if of.lower() == first), columns[first])
        return {} if told.lower() == columns[first].lower() else {first: told}
    if first is None and second is None:
        return {}
    if first is not None and second is not None:
        return {first: columns[second], second: columns[first]}
    return {first: other} if first is not None else {str(second): one}


def _role_in(name: str, columns: Mapping[str, str]) -> str | None:
    """The role that a column plays, or that a word names; None: it is another column."""
    by_column = next((role for role, column in columns.items() if column.lower() == name.lower()), None)
    named = next((role for role, words in ROLE_WORDS.items() if re.fullmatch(words, name, re.IGNORECASE)), None)
    return by_column or (named if named in columns else None)
