"""Durations as people write and read them: the one reader and the one writer of command line, chat and answers.

>>> [seconds(text) for text in ("90", "1h30", "2m30", "2 days 3 hours", "half an hour", "1,5 h")]
[90.0, 5400.0, 150.0, 183600.0, 1800.0, 5400.0]
>>> [in_words(time_s) for time_s in (0.05, 8.21, 90, 1800, 5400, 172800)]
['50 ms', '8.2 s', '1.5 min', '30 min', '1.5 h', '48 h']
"""

import math
import re
from typing import NamedTuple

from recmodels.errors import ParamError

RULE = "a duration, such as a time limit, is written 90s, 30m or 1h30m and is above 0"
_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60
_BELOW: dict[int | None, int] = {_DAY: _HOUR, _HOUR: _MINUTE, _MINUTE: 1}
_SHORT = {"d": _DAY, "h": _HOUR, "m": _MINUTE, "s": 1}
_LONG = (  # seconds, and the names in the languages that the chat hears of
    (_DAY, r"days?|tage?n?|jours?|días?|giorn[oi]"),
    (_HOUR, r"hours?|hrs?|stunden?|heures?|horas?|or[ae]|小时|小時"),
    (_MINUTE, r"minutes?|mins?|minuten|minutos?|minut[oi]|分钟|分鐘"),
    (1, r"seconds?|secs?|sekunden?|secondes?|segundos?|second[oi]|秒"),
)
_NAMES = "|".join(names for _, names in _LONG)
_NUMBER = r"\d+(?:\.\d+|,\d{1,2}(?!\d))?|\.\d+"
_COUNTED = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_OF = r"(?: of an?| an?)?"
_WORDS = {
    rf"(?:three|3) quarters of an?|(?:¾|3/4){_OF}": 0.75,
    rf"(?:two|2) thirds of an?|(?:⅔|2/3){_OF}": 2 / 3,
    rf"(?:a |one )?third of an?|(?:⅓|1/3){_OF}": 1 / 3,
    rf"(?:a |one )?quarter of an?|(?:¼|1/4){_OF}": 0.25,
    rf"half(?: of)? an?|1/2{_OF}|½(?: of an?| an?)|(?:eine |une |una )?(?:halben?|demie?|media|mezza)": 0.5,
    r"a couple(?: of)?": 2.0,
    r"an?|eine|une|una": 1.0,
}
_PARTS = {"three quarters": 0.75, "a quarter": 0.25, "a third": 1 / 3, "two thirds": 2 / 3, "a half": 0.5}
_PART = rf"\s+and\s+(?:{'|'.join(_PARTS).replace(' ', chr(92) + 's+')})"
_PIECE = re.compile(
    rf"(?:(?P<worded>{'|'.join(_WORDS)}|½)|(?P<number>{_NUMBER})|(?P<counted>{_COUNTED}))(?P<part>{_PART}|\s?½)?"
    rf"\s*-?\s*(?:(?P<long>{_NAMES})|(?P<short>[dhms]))?(?![^\W\d_]|\.\w|%)(?P<too>{_PART}(?!\w|\s+of\s+an?\b))?",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\s*(?:(?:,(?!\d)|\+|&|\b(?:and|und|et|y|e)\b)\s*)?", re.IGNORECASE)
_STARTS = re.compile(rf"(?<![\w.,@/])(?={_PIECE.pattern})", re.IGNORECASE)
_BARE_END = re.compile(r"\s*(?:$|[.,;:!?)])")
_COUNTS = re.compile(r"\s*(?:users|items|rows|param|weights|interactions)", re.IGNORECASE)


class Found(NamedTuple):
    """A duration within a text."""

    seconds: float
    start: int  # its place in the text
    end: int


class _Piece(NamedTuple):
    amount: float
    unit: int | None  # in seconds
    end: int


def seconds(text: str) -> float:
    """A duration that is the whole text.

    Largest unit first; a last number without a unit is of the unit below the one before it, a lone one of seconds.

    Raises:
        ParamError: It is no duration, or not above 0.
    """
    start = len(text) - len(text.lstrip())
    found = _read(text.rstrip(), start)
    if found is None or found.end < len(text.rstrip()) or not 0 < found.seconds < math.inf:
        raise ParamError(f"{RULE}, got {text!r}")
    return found.seconds


def durations_in(text: str) -> list[Found]:
    """The durations that a sentence names, in its order; a number without a unit is none, and 5 m users are none."""
    found: list[Found] = []
    for match in _STARTS.finditer(text):
        if found and match.start() < found[-1].end:
            continue
        one = _read(text, match.start(), within=True)
        if one is not None and one.seconds > 0 and not _COUNTS.match(text, one.end):
            found.append(one)
    return found


def in_words(time_s: float) -> str:
    """`50 ms`, `8.2 s`, `1.5 min`, `2 h`."""
    if time_s < 1:
        thousandths = time_s * 1000
        return f"{_tidy(round(thousandths, 1 if thousandths < 10 else 0))} ms"
    if time_s < 90:
        return f"{time_s:.1f} s" if time_s < 10 and time_s != int(time_s) else f"{time_s:.0f} s"
    return f"{_tidy(round(time_s / 60, 1))} min" if time_s < 5400 else f"{_tidy(round(time_s / 3600, 1))} h"


def _tidy(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _read(text: str, start: int, *, within: bool = False) -> Found | None:
    """The longest duration that begins here: pieces of ever smaller units.

    Args:
        within: It stands in a sentence: its first number has a unit, and one without is the end of a clause.
    """
    total, end = 0.0, start
    before: int | None = None
    while piece := _piece(text, end if before is None else _joined(text, end)):
        unit = piece.unit
        if unit is None:
            if within and (before is None or not _ends(text, end, piece.end)):
                break
            unit = _BELOW.get(before, 1)
        if before is not None and unit >= before:
            break
        total, end, before = total + piece.amount * unit, piece.end, unit
        if piece.unit is None:  # nothing follows a number without a unit
            break
    return None if before is None else Found(total, start, end)


def _joined(text: str, place: int) -> int:
    match = _JOINED.match(text, place)
    return match.end() if match else place


def _ends(text: str, before: int, end: int) -> bool:
    """Whether a number without a unit belongs to what stands before it: "1h30", or "1 hour 30" where a clause ends."""
    return text[before : before + 1].isdigit() or _BARE_END.match(text, end) is not None


def _piece(text: str, place: int) -> _Piece | None:
    match = _PIECE.match(text, place)
    if match is None:
        return None
    unit = _unit(match)
    is_word = match["number"] is None and not re.match(r"[½¼¾⅓⅔\d]", match["worded"] or "")
    if (is_word and (match["long"] is None or unit == 1)) or (unit is None and (match["too"] or match["worded"])):
        return None  # "a", "one" and "half" alone; "a second" is no measured time
    return _Piece(_amount(match) + _part(match["part"]) + _part(match["too"]), unit, match.end())


def _part(said: str | None) -> float:
    """0.25 of " and a quarter"; a half of any that is none of the words."""
    if said is None:
        return 0.0
    return _PARTS.get(" ".join(said.lower().split()[1:]), 0.5)


def _amount(match: "re.Match[str]") -> float:
    if match["number"]:
        return float(match["number"].replace(",", "."))
    if match["counted"]:
        return 1.0 + _COUNTED.split("|").index(match["counted"].lower())
    return next((value for words, value in _WORDS.items() if re.fullmatch(words, match["worded"], re.I)), 0.5)


def _unit(match: "re.Match[str]") -> int | None:
    if match["short"]:
        return _SHORT[match["short"].lower()]
    long = match["long"] or ""
    return next((unit for unit, names in _LONG if re.fullmatch(names, long, re.IGNORECASE)), None)
