"""What part of a dataset a message wants kept: "keep only ratings of 3 and more of shop since 2024, without the bots".

>>> read_filter("keep only ratings of 3 and more of ·, since 2024").args
{'since': '2024-01-01', 'min_weight': 3}
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

_AWAY = (
    r"drop|remove|delete|throw\s+(?:out|away)|cut(?!\s+down)|(?:leave|take|throw)\s+out|exclude|"
    r"(?:leave|take|throw)(?=\s+(?:(?:the|all|any)\s+)?(?:bots?|robots?|crawlers?)\s+(?:out|away))"
)
_KEEP = (
    r"(?:keep|take|use|leave)\s+(?:only|just|nothing\s+but)|(?:only|just)\s+(?:keep|take|use)|keep(?=\s+(?:users|customers|people|items|"
    r"rows|ratings|events|interactions|what|everything)\b)|filter|restrict|limit|narrow|trim|reduce|cut\s+down"
)
VERB = rf"(?:(?P<away>{_AWAY})|(?:{_KEEP}))\b"
_CLAUSES = re.compile(rf"(?:[,;]|\band\b|\bthen\b|\s)+(?={VERB.replace('?P<away>', '?:')})", re.IGNORECASE)
_RATED = r"(?:weights?|ratings?|scores?|stars?|votes?)"
_N = r"(?P<n>\d+(?:\.\d+)?)"
_MORE = r"\s*(?:\+|(?:and|or)\s+(?:more|up|above|over|higher|better))"
_ARE = r"(?:(?:of|are|is|that|which|rated)\s+)*"
_AT_LEAST = r"(?:at\s+least\s+|from\s+|>=\s*|≥\s*)"
_WEIGHTS = (
    (rf"{_RATED}\s+{_ARE}{_AT_LEAST}{_N}(?:{_MORE})?", ">="),
    (rf"{_RATED}\s+{_ARE}{_N}{_MORE}", ">="),
    (rf"{_RATED}\s+{_ARE}(?:above|over|>|(?:more|higher|better)\s+than)\s*{_N}", ">"),
    (rf"{_RATED}\s+{_ARE}(?:below|under|<|(?:less|lower|worse)\s+than)\s*{_N}", "<"),
    (rf"{_RATED}\s+{_ARE}(?:at\s+most|up\s+to|<=|≤)\s*{_N}", "<="),
    (rf"{_AT_LEAST}{_N}(?:{_MORE})?\s*{_RATED}", ">="),
    (rf"{_N}{_MORE}\s*{_RATED}", ">="),
    (rf"{_RATED}\s+{_ARE}{_N}", "="),
)
_OPPOSITE = {"=": "!=", "!=": "=", ">=": "<", "<": ">=", ">": "<=", "<=": ">"}
_DAY = r"(?P<day>\d{4}(?:-\d{2}(?:-\d{2})?)?)(?![\d-])"
_SINCE, _UNTIL = r"(?:since|from|after)", r"(?:until|till|up\s+to|before|to)"
_EVENTS = r"(?:\s+(?:\w+\s+)?(?:rows?|events?|ratings?|interactions?|items?|users?|clicks?|orders?|views?))?"
_FEWER, _MOST = (
    ("fewer than", "less than", "<", "under", "below"),
    ("at most", "up to", "<=", "≤", "no more than", "not more than"),
)
_OVER = ("more than", "over", ">", "above")
_MANY = (
    r"(?P<who>users?|customers?|people|persons?|items?|products?|movies?|films?|books?)\s+(?:with|that\s+have|who\s+have|having|of)\s+"
    r"(?P<how>at\s+least|>=?|≥|<=?|≤|(?:no\s+|not\s+)?more\s+than|over|above|fewer\s+than|less\s+than|under|below|at\s+most|up\s+to)"
    rf"\s*(?P<n>\d+){_EVENTS}"
)
_BOTS = r"(?P<no>(?:without|no|minus|not|except)\s+)?(?:(?:the|any|all)\s+)?(?:bots?|robots?|crawlers?)(?:\s+out)?\b"
_LITERAL = r"(?P<column>[^\W\d][\w.]*)\s*(?P<sign>!=|>=|<=|=|>|<)\s*(?P<value>\"[^\"]+\"|“[^”]+”|[\w.|@+-]*[\w-])"
_IN_WORDS = (
    r"\b(?:where|whose)\s+(?:the\s+)?(?P<column>[^\W\d][\w.]*)\s+(?:is|are|equals)\s+(?P<not>not\s+)?"
    r"(?P<value>\"[^\"]+\"|“[^”]+”|(?!above|below|over|under|at|more|less)[\w.|-]*[\w-])"
)
_FILLERS = frozenset(
    re.findall(
        r"\w+",
        "only just keep the a an of to from in with and or rows row events event ratings rating data dataset everything what is "
        "are that who which have having all please me my our for on it its this make new version then were was users user "
        "items item customers people those these out by as interactions part where whose at down be thanks now came come comes",
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
    """Arguments of `filter_dataset`, and the words that none of them used."""

    args: dict[str, Any]
    left: tuple[str, ...] = ()


def read_filter(text: str) -> FilterRead:
    """What a part of a message says of what is kept; it begins with a verb of keeping or of leaving out.

    Args:
        text: With the name of the dataset, and the name that is given, as `·`.
    """
    args: dict[str, Any] = {}
    left: list[str] = []
    for clause in _CLAUSES.split(_with_digits(text)):
        verb = re.match(rf"\W*{VERB}", clause, re.IGNORECASE)
        rest = clause if verb is None else clause[verb.end() :]
        is_away = verb is not None and verb["away"] is not None
        for reading in (_bots, _many, _conditions, _times, _weights):
            rest = reading(rest, args, is_away)
        left += [word for word in re.findall(r"[^\s·,;:.!?()]+", rest) if word.lower() not in _FILLERS]
    return FilterRead(args=args, left=tuple(left))


def _taken(pattern: str, text: str, take: Callable[[re.Match[str]], bool]) -> str:
    """The text with a `·` for each place that was understood."""
    return re.sub(pattern, lambda match: " · " if take(match) else match[0], text, flags=re.IGNORECASE)


def _bots(text: str, args: dict[str, Any], is_away: bool) -> str:
    def take(match: re.Match[str]) -> bool:
        if (match["no"] is None) != is_away:  # bots alone, or all but bots left out, is no filter
            return False
        args["without_bots"] = True
        return True

    return _taken(_BOTS, text, take)


def _many(text: str, args: dict[str, Any], is_away: bool) -> str:
    def take(match: re.Match[str]) -> bool:
        how, n = " ".join(match["how"].lower().split()), int(match["n"])
        is_below = how in (*_FEWER, *_MOST)
        bound = n + 1 if how in (*_OVER, *_MOST) else n  # the least of what is above
        side = "user" if re.match(r"user|customer|people|person", match["who"], re.IGNORECASE) else "item"
        if is_below == is_away:  # what has too few goes
            name, value = f"min_{side}_events", bound
        else:
            name, value = f"max_{side}_events", bound - 1
        if name == "max_item_events" or name in args:
            return False
        args[name] = value
        return True

    return _taken(_MANY, text, take)


def _conditions(text: str, args: dict[str, Any], is_away: bool) -> str:
    def take(match: re.Match[str]) -> bool:
        column, value = match["column"], match["value"].strip('"“”')
        given = match.groupdict()
        sign = given.get("sign") or ("!=" if given.get("not") else "=")
        if sign not in ("=", "!=") and re.fullmatch(r"\d+(?:\.\d+)?", value) is None:
            return False
        if re.fullmatch(_RATED, column, re.IGNORECASE):
            return False  # a weight
        _with_condition(args, f"{column}{_OPPOSITE[sign] if is_away else sign}{value}")
        return True

    return _taken(_IN_WORDS, _taken(_LITERAL, text, take), take)


def _weights(text: str, args: dict[str, Any], is_away: bool) -> str:
    for pattern, said in _WEIGHTS:
        sign = _OPPOSITE[said] if is_away else said

        def take(match: re.Match[str], sign: str = sign) -> bool:
            number = float(match["n"])
            if sign == ">=" and "min_weight" not in args:
                args["min_weight"] = int(number) if number == int(number) else number
            else:
                _with_condition(args, f"weight{sign}{number:g}")
            return True

        text = _taken(pattern, text, take)
    return text


def _with_condition(args: dict[str, Any], condition: str) -> None:
    args["where"] = [*args.get("where", ()), condition]


def _times(text: str, args: dict[str, Any], is_away: bool) -> str:
    text = re.sub(
        rf"\b(?:(?:to|from|in)\s+)?{_DAY}\s+(?:and|or)\s+(?:later|after|newer|on|onwards?)\b",
        r"since \g<day>",
        text,
        flags=re.IGNORECASE,
    )

    def take(match: re.Match[str]) -> bool:
        word, day = match["word"].lower(), match["day"]
        is_since = re.fullmatch(_SINCE, word) is not None
        is_before = word == "before" if not is_away else word in ("since", "from")
        is_start = is_since != is_away
        whole = _whole(day, is_end=not is_start and not is_before)
        args["since" if is_start else "until"] = _day_before(whole) if is_before and not is_start else whole
        return True

    return _taken(rf"\b(?P<word>{_SINCE}|{_UNTIL})\s+(?:on\s+|the\s+)?{_DAY}", text, take)


def _whole(day: str, *, is_end: bool) -> str:
    """A year or a month as its first or last day; what is no date stays as it is, and the filter says so."""
    year, month, *rest = [*map(int, day.split("-")), *([12 if is_end else 1] * (day.count("-") == 0))]
    if rest or not 1 <= month <= 12:
        return day
    return date(year, month, monthrange(year, month)[1] if is_end else 1).isoformat()


def _day_before(day: str) -> str:
    try:
        return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    except ValueError:
        return day


def _with_digits(text: str) -> str:
    """Numbers in words, and with commas between thousands, in digits."""
    text = re.sub(r"\b\d{1,3}(?:,\d{3})+\b", lambda match: match[0].replace(",", ""), text)
    text = re.sub(r"\b(?:a|one)\s+(?=hundred\b|thousand\b)", "", text, flags=re.IGNORECASE)
    names = "|".join(_NUMBERS)
    return re.sub(rf"\b(?:{names})\b", lambda match: str(_NUMBERS[match[0].lower()]), text, flags=re.IGNORECASE)
