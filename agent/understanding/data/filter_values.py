"""Values of a dataset's columns in a filter, as people say them: "Land DE or AT", "customers from DE".

>>> with_values("customers from DE", {"Land": ("DE", "AT")}).text
'customers Land="DE" '
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from agent.words.spelling import words_of

_COLUMN = re.compile(r"[^\W\d][\w.]*")
_JOINT = r"\s*(?:,|/|\bor\b|,?\s*\band\b)\s*"
_LEAD = r"(?:\b(?:from|in|of|with|called)\s+)?(?:the\s+)?"
_SIGN = r"\s*(?:==?|:|is\b|are\b|of\b)?\s*"
_NO_VALUE = words_of(
    "all any and are both but by data for from in is it new no not of off old on one only or out rows the to up with yes"
)
_SHORT = 3  # letters of a value that is found in its own case only


@dataclass(frozen=True, slots=True, kw_only=True)
class Valued:
    """A text with its values as conditions, `Land="DE|AT"`, and those that several columns hold."""

    text: str
    several: Mapping[str, tuple[str, ...]]  # value → columns


def with_values(text: str, values: Mapping[str, tuple[str, ...]]) -> Valued:
    """The text with each value behind its column, said or found.

    Args:
        values: Of each column that can stand in a condition.
    """
    columns = {name: _told(known) for name, known in values.items() if _COLUMN.fullmatch(name)}
    columns = {name: known for name, known in columns.items() if known}
    done: list[str] = []
    for name, known in columns.items():
        said = rf"(?<![\w.]){re.escape(name)}{_SIGN}(?P<said>{_several(known)})"
        text = re.sub(said, partial(_put, done, name, known), text, flags=re.IGNORECASE)
    where: dict[str, list[str]] = {}
    for name, known in columns.items():
        for value in filter(_is_found_alone, known):
            where.setdefault(value, []).append(name)
    several = {one: tuple(names) for one, names in where.items() if len(names) > 1 and re.search(_one(one), text)}
    for name, known in columns.items():
        if own := tuple(value for value, names in where.items() if names == [name]):
            text = re.sub(rf"{_LEAD}(?P<said>{_several(own)})", partial(_put, done, name, known), text)
    return Valued(text=re.sub(r"\x00(\d+)\x00", lambda match: done[int(match[1])], text), several=several)


def _put(done: list[str], column: str, known: tuple[str, ...], match: re.Match[str]) -> str:
    """A place for the condition that stands there, so that nothing is found within it."""
    found = [_as_kept(one, known) for one in re.split(_JOINT, match["said"], flags=re.IGNORECASE)]
    done.append(f'{column}="{"|".join(dict.fromkeys(found))}"')
    return f"\x00{len(done) - 1}\x00 "


def _told(known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in known if one and not re.search(r"[\"“”|=<>]", one))


def _is_found_alone(value: str) -> bool:
    """Whether a value means something without its column: no number, no letter and no common word."""
    return len(value) > 1 and re.search(r"[^\W\d]", value) is not None and value.lower() not in _NO_VALUE


def _one(value: str) -> str:
    """A pattern for a value: in any case where it is long, with an `s` behind words."""
    case = "(?i:{})" if len(value) > _SHORT else "{}"
    plural = "s?" if value[-1:].isalpha() and len(value) > _SHORT else ""
    return rf"(?<![\w@.-]){case.format(re.escape(value))}{plural}(?![\w@-])"


def _several(values: tuple[str, ...]) -> str:
    one = "|".join(map(_one, sorted(values, key=len, reverse=True)))
    return rf"(?:{one})(?:(?i:{_JOINT})(?:{one}))*"


def _as_kept(said: str, known: tuple[str, ...]) -> str:
    said = said.strip()
    forms = (said, said.removesuffix("s"))
    return next((one for form in forms for one in known if one.lower() == form.lower()), said)
