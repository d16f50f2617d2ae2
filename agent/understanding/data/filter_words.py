"""What part of a dataset a message wants kept: "keep only ratings of 3 and more of shop since 2024, without the bots".

>>> read_filter("keep only ratings of 3 and more of ·, since 2024").args
{'min_weight': 3, 'since': '2024-01-01'}
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from agent.understanding.data.filter_dates import with_dates
from agent.understanding.data.filter_parts import Part, parts_of, with_since
from agent.understanding.data.filter_polarity import Sense, senses

_AWAY = (
    r"drop|remove|delete|throw\s+(?:out|away)|cut(?!\s+down)|(?:leave|take|throw|filter|kick|sort|weed)\s+out|exclude|"
    r"get\s+rid\s+of|ignore|skip|discard|strip|(?:leave|take|throw|kick|filter)(?=\s(?!only\b)[^,;]*?\s(?:out|away)\b)"
)
_KEEP = (
    r"(?:keep|take|use|leave)\s+(?:only|just|nothing\s+but)|(?:only|just)\s+(?:keep|take|use)|keep(?=\s+(?:users|customers|people|items|"
    r"rows|ratings|events|interactions|orders|what|everything|everybody|everyone|at\s+most|at\s+least|max\w*|since|no\s+more)\b)|"
    r"filter|restrict|limit|cap|narrow|trim|reduce|cut\s+down"
)
VERB = rf"(?:(?P<away>{_AWAY})|(?:{_KEEP}))\b"
_CLAUSES = re.compile(rf"(?:[,;]|\band\b|\bthen\b|\s)+(?={VERB.replace('?P<away>', '?:')})", re.IGNORECASE)
_FILLERS = frozenset(
    re.findall(
        r"\w+",
        "only just keep the a an of to from in with and or rows row events event ratings rating data dataset everything what is "
        "are that who which have having all please me my our for on it its this make new version then were was users user "
        "items item customers people those these out by as interactions part where whose at down be thanks now came come comes but "
        "pls plz too also so ok okay hm hmm sorry orders loans plays accesses entries records lines either both want need i "
        "everybody everyone ppl persons again readers buyers shoppers clients members visitors listeners viewers students borrowers",
    )
)
_NUMBERS = {
    name: number
    for number, name in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], start=1
    )
} | {"twenty": 20, "fifty": 50, "hundred": 100, "thousand": 1000}


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterRead:
    """Arguments of `filter_dataset`, the words that none of them used, and whether it can be read in one way only."""

    args: dict[str, Any]
    left: tuple[str, ...] = ()
    is_certain: bool = True
    notes: tuple[str, ...] = ()  # what is said before it is done, a sentence each


def read_filter(text: str) -> FilterRead:
    """What a part of a message says of what is kept; it begins with a verb of keeping or of leaving out.

    Args:
        text: With the name of the dataset, and the name that is given, as `·`.
    """
    args: dict[str, Any] = {}
    left: list[str] = []
    is_certain = True
    notes: list[str] = []
    text = re.sub(r"(?<=\s)n(?=\s)", "and", with_dates(text, None).text)
    for clause in _CLAUSES.split(with_since(with_digits(text))):
        verb = re.match(rf"\W*{VERB}", clause, re.IGNORECASE)
        rest = clause if verb is None else clause[verb.end() :]
        is_away = verb is not None and verb["away"] is not None
        parts = parts_of(rest)
        meant = senses(rest, parts, verb[0].strip() if verb else "", is_away=is_away)
        is_certain = is_certain and all(one.is_certain for one in meant) and not _mixes_rows(parts, meant)
        words = rest
        used: list[Part] = []
        for part, sense in zip(parts, meant, strict=True):
            if not _taken(args, part.gone if sense.is_away else part.kept, is_either=not sense.is_away):
                continue
            used.append(part)
            notes += [part.note] if part.note else []
            for start, end in filter(None, ((part.start, part.end), sense.mark)):
                words = words[:start] + "·" * (end - start) + words[end:]
        left += [word for word in re.findall(r"[^\s·,;:.!?()]+", words) if word.lower() not in _FILLERS]
        left += _other_ors(rest, used)
    return FilterRead(args=args, left=tuple(left), is_certain=is_certain and not notes, notes=tuple(notes))


def joined(reads: Sequence[FilterRead]) -> FilterRead:
    """What several parts of a message say together; what two of them say otherwise is not certain."""
    args: dict[str, Any] = {}
    is_certain = all(one.is_certain for one in reads)
    for one in reads:
        for name, value in one.args.items():
            is_certain = _taken(args, {name: value}, is_either=False) and is_certain
    return FilterRead(
        args=args,
        left=tuple(word for one in reads for word in one.left),
        is_certain=is_certain,
        notes=tuple(note for one in reads for note in one.notes),
    )


def _taken(args: dict[str, Any], more: Mapping[str, Any] | None, *, is_either: bool) -> bool:
    """Adds what a part says to the arguments, as far as it does not speak of what was said before."""
    if more is None:
        return False
    if "min_weight" in more and "min_weight" in args:
        more = {"where": [f"weight>={more['min_weight']}"]}
    if "where" in more:
        args["where"] = (
            _joined([*args.get("where", ()), *more["where"]]) if is_either else [*args.get("where", ()), *more["where"]]
        )
        return True
    if more.keys() & args.keys():
        return more.items() <= args.items()
    args |= more
    return True


def _joined(where: list[str]) -> list[str]:
    """Two values of one column mean either: `genre=Krimi` and `genre=Roman` are `genre=Krimi|Roman`."""
    *others, last = where
    column, sign, value = last.partition("=")
    for place, other in enumerate(others):
        if sign and column[-1:] not in "!<>" and other.lower().startswith(f"{column.lower()}="):
            return [*others[:place], f"{other}|{value}", *others[place + 1 :]]
    return where


def _columns(part: Part) -> list[str]:
    """The column of a part that is a condition."""
    where = (part.kept or {}).get("where", ())
    return [re.split(r"[!<>=]", one)[0].lower() for one in where]


def _mixes_rows(parts: list[Part], meant: list[Sense]) -> bool:
    """Whether rows go by several columns: those where all holds, or where one does?"""
    columns = [_columns(part) for part, sense in zip(parts, meant, strict=True) if part.kind == "row" and sense.is_away]
    return len({name for names in columns for name in names}) > 1


def _other_ors(text: str, parts: list[Part]) -> list[str]:
    """An "or" between parts of which both must hold here."""
    found = []
    for one, other in pairwise(parts):
        between = text[one.end : other.start]
        is_same = _columns(one) and _columns(one) == _columns(other)
        if re.fullmatch(r"\W*or\W*", between, re.IGNORECASE) and one.kind == other.kind == "row" and not is_same:
            found.append("or")
    return found


def with_digits(text: str) -> str:
    """Numbers in words, and with commas between thousands, in digits."""
    text = re.sub(r"\b\d{1,3}(?:,\d{3})+\b", lambda match: match[0].replace(",", ""), text)
    text = re.sub(r"\b(?:a|one)\s+(?=hundred\b|thousand\b)", "", text, flags=re.IGNORECASE)
    names = "|".join(_NUMBERS)
    return re.sub(rf"\b(?:{names})\b", lambda match: str(_NUMBERS[match[0].lower()]), text, flags=re.IGNORECASE)
