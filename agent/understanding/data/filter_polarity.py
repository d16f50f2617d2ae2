"""Whether a part of a filter is kept or goes: a verb, or a word such as "without", holds for all that is joined to it.

"drop A and B, since D" drops A and B and keeps what came since D; "without A and B" keeps neither. Where a sentence can
be read in both ways the reading is not certain, and the person is asked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.understanding.data.filter_parts import Part

_NOT = (
    r"without|w/o|except(?:\s+for)?|excluding|minus|other\s+than|apart\s+from|neither|nor|leaving\s+out|dropping|"
    r"but(?!\s+(?:only|with|keep|not|no|without))|(?:no|(?<!is )(?<!are )not)(?!\s+(?:more|fewer|less|only)\b)"
)
_ONLY = r"only|just|keeping|(?<!up )to(?!\s*\d)|(?:(?<=and )|(?<=but )|(?<=, ))with"
MARKED = rf"(?:{_NOT}|{_ONLY})"
"""A word that says whether what follows is kept or goes."""
_MARKS = re.compile(rf"(?<![\w/-])(?:(?P<away>{_NOT})|(?P<keep>{_ONLY}))(?![\w/])", re.IGNORECASE)
_BUT = re.compile(r"except|other|apart|but|not", re.IGNORECASE)
_ALL = re.compile(r"\b(?:everything|everybody|everyone|anything|all|whatever)\b[^,;]*$", re.IGNORECASE)
_CUTS = re.compile(r"trim|reduce", re.IGNORECASE)
_OPEN = re.compile(r"filter|trim|reduce", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sense:
    """How a part is meant."""

    is_away: bool
    is_certain: bool = True
    mark: tuple[int, int] | None = None  # where the word stands that says so


def senses(text: str, parts: Sequence[Part], verb: str, *, is_away: bool) -> list[Sense]:
    """One for each part of a text that stands behind a verb.

    Args:
        verb: As it was said.
        is_away: Whether it leaves out.
    """
    marks = [mark for mark in _MARKS.finditer(text) if not any(one.start < mark.end() <= one.end for one in parts)]
    found = []
    for place, part in enumerate(parts):
        mark = next((one for one in reversed(marks) if one.end() <= part.start), None)
        before = parts[place - 1] if place else None
        is_direct = before is None or (mark is not None and mark.start() >= before.end)
        joint = text[before.end : part.start] if before is not None else ""
        away, is_sure, source = is_away, True, "open" if _OPEN.fullmatch(verb) else "verb"
        if mark is not None:
            source = "word"
            away, is_sure = _of_mark(text, mark, is_away=is_away)
        sense = _date(part, away, source, joint, is_direct) if part.kind == "date" else None
        sense = sense or (_direct(part, away, source, verb) if is_direct else _carried(part, away, source, joint))
        span = mark.span() if mark is not None and is_direct else None
        found.append(Sense(is_away=sense.is_away, is_certain=sense.is_certain and is_sure, mark=span))
    return found


def _of_mark(text: str, mark: re.Match[str], *, is_away: bool) -> tuple[bool, bool]:
    """Whether what follows goes, and whether that is certain: "drop all except A" keeps A."""
    if mark["away"] is None:
        return False, True
    if not is_away or _BUT.match(mark[0]) is None:
        return True, True
    return False, _ALL.search(text[: mark.start()]) is not None


def _direct(part: Part, away: bool, source: str, verb: str) -> Sense:
    if source == "open" and part.lean == "drop":
        return Sense(is_away=True, is_certain=False)
    if source == "open" and part.kind == "count" and part.lean == "either":
        return Sense(is_away=_CUTS.fullmatch(verb) is not None, is_certain=False)
    return Sense(is_away=away)


def _carried(part: Part, away: bool, source: str, joint: str) -> Sense:
    """Of a part that is joined to the one before it."""
    is_joined = re.search(r"[,;+&]|\b(?:and|or|nor)\b", joint, re.IGNORECASE) is not None
    has_and = re.search(r"\b(?:and|or|nor)\b|[+&]", joint, re.IGNORECASE) is not None
    if not away:
        return Sense(is_away=part.kind == "bots" and source == "open", is_certain=part.lean != "drop")
    if part.lean == "drop":
        return Sense(is_away=True, is_certain=is_joined)
    if source == "verb":
        return Sense(
            is_away=has_and or part.lean == "either", is_certain=has_and or (is_joined and part.lean == "either")
        )
    return Sense(is_away=part.lean == "either", is_certain=re.search(r"\b(?:or|nor)\b", joint) is not None)


def _date(part: Part, away: bool, source: str, joint: str, is_direct: bool) -> Sense | None:
    """Of a date that does not say what goes: "…, since 2023" keeps."""
    if not away or is_direct or part.has_head:
        return None
    has_and = re.search(r"\b(?:and|or|nor)\b", joint, re.IGNORECASE) is not None
    if source == "word":
        keeps_since = part.kept is not None and "since" in part.kept
        return Sense(is_away=False, is_certain=keeps_since or not has_and)
    return Sense(is_away=False, is_certain=not has_and and "," in joint)
