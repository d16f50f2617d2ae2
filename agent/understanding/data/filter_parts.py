"""The parts of a filter in words: bots, users and items by their events, ratings, conditions on columns, dates.

Each is read both ways, for what is kept and for what goes; which of them is meant, `filter_polarity` says.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

Kind = Literal["bots", "count", "row", "date"]
Lean = Literal["keep", "drop", "either"]
Args = Mapping[str, Any]

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
_SINCE, _AFTER = ("since", "from"), ("after", "newer than", "later than")
_BEFORE, _UNTIL = ("before", "older than", "earlier than"), ("until", "till", "up to", "to")
_FEWER = ("fewer than", "less than", "<", "under", "below", "fewer", "less")
_UP_TO = (
    "at most",
    "up to",
    "<=",
    "≤",
    "no more than",
    "not more than",
    "max",
    "max.",
    "maximum",
    "a maximum of",
    "maximally",
)
_MOST = (*_UP_TO, "or fewer", "or less", "and fewer", "and less")
_OVER = ("more than", "over", ">", "above")
_FROM = (
    "at least",
    ">=",
    "≥",
    "no fewer than",
    "no less than",
    "not fewer than",
    "not less than",
    "min",
    "a minimum of",
    "minimum",
)
_LEAST = (*_FROM, "+", "or more", "and more", "and up", "or up", "and above", "or above", "and over", "or over")
_PEOPLE = (
    r"(?:users?|customers?|clients?|people|ppl|persons?|buyers?|shoppers?|readers?|listeners?|viewers?|visitors?|members?|"
    r"students?|learners?|borrowers?|accounts?|everybody|everyone|anybody|anyone|those)"
)
_THINGS = r"(?:items?|products?|movies?|films?|books?|articles?|songs?|tracks?|artists?|games?)"
_DID = r"ordered|bought|purchased|rated|clicked|sold|seen|viewed|watched|played|got|made|placed"
_HAVING = rf"(?:with|w/?|having|of|(?:that|who|which)\s+(?:(?:have|has|had|was|were)\s+)?(?:{_DID})|(?:that|who|which)\s+(?:have|has|had))"
_EVENTS = (
    r"(?:\s*(?:(?!and\b|or\b)\w+\s+)?(?:rows?|ev\w{0,2}nts?|ratings?|interactions?|items?|users?|clicks?|orders?|views?|purchases?|"
    r"plays?|times|entries|reviews?|actions?|loans?|bookings?|visits?|records?|sales)\b)"
)


def _any(words: tuple[str, ...]) -> str:
    listed = (re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))
    return "|".join(listed)


_HOW_MANY = rf"(?:(?P<how>{_any((*_FEWER, *_UP_TO, *_OVER, *_FROM))})\s*(?P<n>\d+)|(?P<m>\d+)\s*(?P<tail>{_any((*_LEAST[len(_FROM) :], *_MOST[len(_UP_TO) :]))}))"
_HOW_MANY_2 = re.sub(r"<(how|n|m|tail)>", r"<\1_2>", _HOW_MANY)
_MANY = (
    rf"\b(?P<who>{_PEOPLE}|{_THINGS})(?:\s+(?:of|in|from)\s+·)?\s*,?\s*(?:{_HAVING}\s+(?:only\s+)?{_HOW_MANY}{_EVENTS}?|"
    rf"{_HOW_MANY_2}{_EVENTS})"
)
_CAPPED = (
    rf"\b(?P<who>{_PEOPLE})\s+(?:at|to)\s+(?:{_any(_UP_TO)})?\s*(?P<n>\d+){_EVENTS}(?:\s+each)?",
    rf"\b(?:{_any((*_UP_TO, 'to', 'at'))})\s*(?P<n>\d+){_EVENTS}\s*(?:a|an|per|each|for\s+(?:each|every)|by|of\s+each|/)\s*(?P<who>{_PEOPLE})\b",
)
_AT_LEAST_EACH = rf"\b(?:{_any(_FROM)})\s*(?P<n>\d+){_EVENTS}\s*(?:a|an|per|each|for\s+(?:each|every)|by|of\s+each|/)\s*(?P<who>{_PEOPLE})\b"
_WHOLE_USERS = "A filter leaves out the users with more, with all of their events; it cuts no history short."
_BETWEEN = (
    r"\b(?P<column>[^\W\d][\w.]*)\s+(?:(?:is|are|of|from|in)\s+)?(?:between\s+)?(?P<low>\d+(?:\.\d+)?)\s*"
    r"(?:to|and|through|-|–)\s*(?P<high>\d+(?:\.\d+)?)(?![\w-])"
)
_BOTS = r"(?<![\w@.-])(?:(?:the|any|all)\s+)?(?:bots?|robots?|crawlers?)(?:\s+out)?(?![\w@-])"
_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_ID = (
    r"\b(?:the\s+)?(?:(?P<whose>users?|customers?|(?:test\s+)?(?:accounts?|users?)|crawlers?|bots?|robots?|items?|products?)\s+"
    rf"(?P<value>\"[^\"]+\"|“[^”]+”|{_MAIL}|(?=[\w-]*\d)(?!\d+\s+[a-z])[\w-]+)|(?P<mail>{_MAIL}))(?![\w@-])"
)
_LITERAL = r"(?P<column>[^\W\d][\w.]*)\s*(?P<sign>!=|>=|<=|=|>|<)\s*(?P<value>\"[^\"]+\"|“[^”]+”|[\w.|@+-]*[\w-])"
_VALUE = r"(?:\"[^\"]+\"|“[^”]+”|[\w.|@+-]*[\w-])"
_IN_WORDS = (
    r"\b(?:where|whose|and|or)\s+(?:the\s+)?(?P<column>[^\W\d][\w.]*)\s+(?:is|are|equals)\s+(?P<not>not\s+)?"
    rf"(?P<value>(?!above|below|over|under|at|more|less){_VALUE}(?:\s+or\s+(?!(?:{_PEOPLE}|{_THINGS}|{_RATED})\b|[\w.]+\s*(?:[=<>!]|is\b|are\b)){_VALUE})*)"
)
_HEAD = re.compile(
    r"\b(?:what|everything|anything|all|rows?|data|history|ratings?|events?|orders?|interactions?|clicks?|purchases?)\s+"
    r"(?:(?:that|which|is|are|was|were|came|comes?|happened|made|dated?)\s+)*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A place of the text that tells a part of the data."""

    start: int
    end: int
    kind: Kind
    kept: Args | None  # arguments of the filter where this is kept; None: there is no such filter
    gone: Args | None  # where it goes
    lean: Lean = "either"  # what people mostly do with it
    note: str = ""  # what must be said before this is done
    has_head: bool = False  # of a date: "what came before 2020", not "before 2020" alone


def parts_of(text: str) -> list[Part]:
    """All parts of a text in their order."""
    found: list[Part] = []
    left = text
    for pattern, read in _PATTERNS:
        for match in re.finditer(pattern, left, re.IGNORECASE):
            if (part := read(match)) is not None:
                found.append(part)
                left = left[: part.start] + "·" * (part.end - part.start) + left[part.end :]
    return sorted(found, key=lambda part: part.start)


def _part(match: re.Match[str], kind: Kind, kept: Args | None, gone: Args | None, lean: Lean = "either") -> Part:
    return Part(start=match.start(), end=match.end(), kind=kind, kept=kept, gone=gone, lean=lean)


def _bots(match: re.Match[str]) -> Part:
    return _part(match, "bots", None, {"without_bots": True}, "drop")


def _many(match: re.Match[str]) -> Part:
    said = [match[name] for name in ("how", "tail", "how_2", "tail_2", "n", "m", "n_2", "m_2") if match[name]]
    how, n = " ".join(said[0].lower().split()), int(said[1])
    is_below = how in (*_FEWER, *_MOST)
    bound = n + 1 if how in (*_OVER, *_MOST) else n  # the least of what is above
    is_of_users = re.fullmatch(_PEOPLE, match["who"], re.IGNORECASE) is not None
    above: Args = {"min_user_events" if is_of_users else "min_item_events": bound}
    below: Args | None = {"max_user_events": bound - 1} if is_of_users else None
    lean: Lean = "drop" if how in _FEWER else "keep" if how in _LEAST else "either"
    return _part(match, "count", below if is_below else above, above if is_below else below, lean)


def _capped(match: re.Match[str]) -> Part:
    part = _part(match, "count", {"max_user_events": int(match["n"])}, None, "keep")
    return replace(part, note=_WHOLE_USERS)


def _each(match: re.Match[str]) -> Part:
    n = int(match["n"])
    return _part(match, "count", {"min_user_events": n}, {"max_user_events": n - 1}, "keep")


def _between(match: re.Match[str]) -> Part | None:
    """A range of a column; both ends are kept. What lies outside of it is no filter."""
    column, low, high = match["column"], float(match["low"]), float(match["high"])
    is_spoken = re.fullmatch(
        r"(?i)between|and|or|to|from|of|in|is|since|until|the|rows?|with|only|where|events?", column
    )
    if low > high or is_spoken is not None or re.fullmatch(_PEOPLE, column, re.IGNORECASE):
        return None
    column = "weight" if re.fullmatch(_RATED, column, re.IGNORECASE) else column
    return _part(match, "row", {"where": [f"{column}>={low:g}", f"{column}<={high:g}"]}, None, "keep")


def _condition(match: re.Match[str]) -> Part | None:
    values = re.split(r"\s+or\s+", match["value"], flags=re.IGNORECASE)
    column, value = match["column"], "|".join(one.strip('"“”') for one in values)
    given = match.groupdict()
    sign = given.get("sign") or ("!=" if given.get("not") else "=")
    if sign not in ("=", "!=") and re.fullmatch(r"\d+(?:\.\d+)?", value) is None:
        return None
    if re.fullmatch(
        rf"{_RATED}|{_PEOPLE[:-1]}|{_THINGS[3:]}" if sign not in ("=", "!=") else _RATED, column, re.IGNORECASE
    ):
        return None  # a weight, or a number of events
    kept, gone = ({"where": [f"{column}{one}{value}"]} for one in (sign, _OPPOSITE[sign]))
    return _part(match, "row", kept, gone)


def _named(match: re.Match[str]) -> Part:
    """One user or item by its id."""
    is_item = re.match(r"item|product", match["whose"] or "", re.IGNORECASE) is not None
    column, name = "item" if is_item else "user", (match["value"] or match["mail"]).strip('"“”')
    return _part(match, "row", {"where": [f"{column}={name}"]}, {"where": [f"{column}!={name}"]})


def _weight(sign: str) -> Callable[[re.Match[str]], Part]:
    def read(match: re.Match[str]) -> Part:
        kept, gone = (_of_weight(one, float(match["n"])) for one in (sign, _OPPOSITE[sign]))
        return _part(match, "row", kept, gone, "drop" if sign == "<" else "keep" if sign == ">=" else "either")

    return read


def _of_weight(sign: str, number: float) -> Args:
    if sign == ">=":
        return {"min_weight": int(number) if number == int(number) else number}
    return {"where": [f"weight{sign}{number:g}"]}


def _date(match: re.Match[str]) -> Part:
    word, day = " ".join(match["word"].lower().split()), match["day"]
    first, last = _whole(day, is_end=False), _whole(day, is_end=True)
    of_word: dict[tuple[str, ...], tuple[Args, Args]] = {
        _SINCE: ({"since": first}, {"until": _moved(first, -1)}),
        _AFTER: ({"since": _moved(last, 1)}, {"until": last}),
        _BEFORE: ({"until": _moved(first, -1)}, {"since": first}),
        _UNTIL: ({"until": last}, {"since": _moved(last, 1)}),
    }
    kept, gone = next(both for words, both in of_word.items() if word in words)
    has_head = _HEAD.search(match.string[: match.start()]) is not None
    return Part(start=match.start(), end=match.end(), kind="date", kept=kept, gone=gone, has_head=has_head)


_PATTERNS: tuple[tuple[str, Callable[[re.Match[str]], Part | None]], ...] = (
    (_LITERAL, _condition),
    (_IN_WORDS, _condition),
    (_ID, _named),
    (_BOTS, _bots),
    (_MANY, _many),
    *((pattern, _capped) for pattern in _CAPPED),
    (_AT_LEAST_EACH, _each),
    (rf"\b(?P<word>{_any((*_SINCE, *_AFTER, *_BEFORE, *_UNTIL))})\s+(?:on\s+|the\s+)?{_DAY}", _date),
    (_BETWEEN, _between),
    *((pattern, _weight(sign)) for pattern, sign in _WEIGHTS),
)


def with_since(text: str) -> str:
    """`2023 and later` as `since 2023`."""
    later = rf"\b(?:(?:to|from|in)\s+)?{_DAY}\s+(?:and|or)\s+(?:later|after|newer|on|onwards?)\b"
    return re.sub(later, r"since \g<day>", text, flags=re.IGNORECASE)


def _whole(day: str, *, is_end: bool) -> str:
    """A year or a month as its first or last day; what is no date stays as it is, and the filter says so."""
    year, month, *rest = [*map(int, day.split("-")), *([12 if is_end else 1] * (day.count("-") == 0))]
    if rest or not 1 <= month <= 12:
        return day
    return date(year, month, monthrange(year, month)[1] if is_end else 1).isoformat()


def _moved(day: str, n: int) -> str:
    """The day that comes `n` days later."""
    try:
        return (date.fromisoformat(day) + timedelta(days=n)).isoformat()
    except (ValueError, OverflowError):
        return day
