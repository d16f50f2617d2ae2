"""What is done to data on the command line and not in the chat, or nowhere: such an order is answered and never half done.

>>> said_elsewhere("keep only rows of shop since 2024", ("shop",))
'Rows are not filtered in the chat. On the command line `recpilot data filter shop --since 2024-01-01` keeps that part as a new version of `shop`. Nothing was done.'
"""

import re
import shlex
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from agent.understanding.mood_words import POLITENESS

_HASH = re.compile(
    r"(?<![\w.-])(?:hash|anonymi[sz]e|pseudonymi[sz]e|encrypt|scramble|obfuscate|mask|salt)\s+(?:(?:all|the|our|my|its|their|every|each|of|these|those|both)\s+)*"
    r"(?:(?:[\w-]+\s+){0,3}?(?:e-?mails?|addresse?s?|ids?|names?|columns?|customers?|users?|people|persons?|phones?|data\s?(?:sets?)?)\b|(?:it|them)\b)(?:\s+[\w-]+){0,4}",
    re.IGNORECASE,
)
_STARTS = rf"\W*(?:{POLITENESS})(?:(?:can|could|would)\s+(?:you|i|we)\s+(?:please\s+)?|how\s+(?:do|can|could)\s+(?:i|we|you)\s+|(?:i|we)\s+(?:want|need|would\s+like)\s+(?:you\s+)?to\s+)?{POLITENESS}"
_FILTERS = re.compile(
    rf"{_STARTS}(?:(?P<away>drop|remove|delete|throw\s+(?:out|away)|cut|leave\s+out)|(?:keep|take|use|leave)\s+(?:only|just|nothing\s+but)|(?:only|just)\s+(?:keep|take|use)|filter|restrict|limit|narrow|trim|reduce|cut\s+down)\b",
    re.IGNORECASE,
)
_OTHER_ORDERS = re.compile(
    r"\b(?:tune|train|study|trials?|start|recommend|export|likes?|counts?\s+as)\b", re.IGNORECASE
)
_ROWS = re.compile(
    r"\b(?:rows?|users?|customers?|people|items?|ratings?|events?|interactions?|data|everything|what|history|stars)\b",
    re.IGNORECASE,
)
_RATED = r"(?:weights?|ratings?|scores?|stars?|votes?)"
_LEAST = rf"(?:{_RATED}\s+(?:(?:of|are|is|that\s+are)\s+)*(?:at\s+least\s+|from\s+|>=\s*|≥\s*)?(?P<n>\d+(?:\.\d+)?)|(?:at\s+least\s+|from\s+|>=\s*|≥\s*)?(?P<m>\d+(?:\.\d+)?)\s*(?:\+|and\s+(?:more|up|above)|or\s+(?:more|above|higher|better))?\s*{_RATED})"
_ABOVE = rf"{_RATED}\s+(?:(?:of|are|is)\s+)*(?:above|over|>|(?:more|higher|better)\s+than)\s*(?P<n>\d+(?:\.\d+)?)"
_BELOW = rf"{_RATED}\s+(?:(?:of|are|is)\s+)*(?:below|under|<|(?:less|lower|worse)\s+than)\s*(?P<n>\d+(?:\.\d+)?)"
_DAY = r"(?P<day>\d{4}(?:-\d{2}(?:-\d{2})?)?)(?![\d-])"
_SINCE, _UNTIL = r"(?:since|from|after)", r"(?:until|till|up\s+to|before|to)"
_EVENTS = r"(?:\s+(?:\w+\s+)?(?:rows?|events?|ratings?|interactions?|items?|users?|clicks?|orders?|views?))?"
_MANY = rf"(?P<who>users?|customers?|people|persons?|items?|products?|movies?|films?|books?)\s+(?:with|that\s+have|who\s+have|having)\s+(?P<how>at\s+least|>=?|≥|more\s+than|over|fewer\s+than|less\s+than|<|under|below)\s*(?P<n>\d+){_EVENTS}"


def said_elsewhere(say: str, datasets: Sequence[str], at_hand: str | None = None) -> str | None:
    """The answer to a message that orders what the chat has no tool for; None for any other message.

    Args:
        datasets: Those that are known by name.
        at_hand: The one that was talked of last.
    """
    if (hashing := _HASH.search(say)) is not None:
        return (
            f"I cannot hash, mask or encrypt values (“{hashing[0]}”): a file is kept as it is read. Instead, leave the column out"
            " while the file is added (`add FILE, ignore the … column`); where it is the user, write numbers in its place in"
            " the file first. Nothing was added and nothing else was done."
        )
    return _filtering(say, datasets, at_hand)


def _filtering(say: str, datasets: Sequence[str], at_hand: str | None) -> str | None:
    """The command that keeps a part of a dataset, from what was said."""
    verb = _FILTERS.match(say)
    if verb is None or _OTHER_ORDERS.search(say):
        return None
    named = re.search(_any(datasets), say, re.IGNORECASE)
    text = say if named is None else f"{say[: named.start()]}·{say[named.end() :]}"
    options, notes = _options(text, is_away=verb["away"] is not None)
    is_of_rows = named is not None or (at_hand is not None and _ROWS.search(text) and set(options) - {"--min-weight"})
    if not options or not is_of_rows:
        return None
    dataset = named[0] if named else at_hand
    command = shlex.join(
        ["recpilot", "data", "filter", str(dataset), *(word for pair in options.items() for word in pair)]
    )
    told = " ".join(("", *notes))
    return f"Rows are not filtered in the chat. On the command line `{command}` keeps that part as a new version of `{dataset}`.{told} Nothing was done."


def _options(text: str, *, is_away: bool) -> tuple[dict[str, str], list[str]]:
    """The options of `recpilot data filter`, and what they do not say quite as it was said."""
    found: dict[str, str] = {}
    notes: list[str] = []
    for match in re.finditer(_MANY, text, re.IGNORECASE):
        is_less = match["how"].lower().split()[0] in ("fewer", "less", "<", "under", "below")
        is_strict = match["how"].lower().split()[0] in ("more", "over", ">")
        if is_less == is_away:
            side = "user" if re.match(r"user|customer|people|person", match["who"], re.IGNORECASE) else "item"
            found[f"--min-{side}-events"] = str(int(match["n"]) + is_strict)
    text = re.sub(_MANY, "·", text, flags=re.IGNORECASE)
    text = re.sub(
        rf"\b(?:(?:to|from|in)\s+)?{_DAY}\s+(?:and|or)\s+(?:later|after|newer|on|onwards?)\b",
        r"since \g<day>",
        text,
        flags=re.IGNORECASE,
    )
    for match in re.finditer(rf"\b(?P<word>{_SINCE}|{_UNTIL})\s+(?:on\s+|the\s+)?{_DAY}", text, re.IGNORECASE):
        word, day = match["word"].lower(), match["day"]
        is_since = re.fullmatch(_SINCE, word) is not None
        is_before = word == "before" if not is_away else word in ("since", "from")
        is_start = is_since != is_away
        whole = _whole(day, is_end=not is_start and not is_before)
        found["--since" if is_start else "--until"] = _day_before(whole) if is_before else whole
    text = re.sub(_DAY, "·", text)
    below, above, least = (re.search(form, text, re.IGNORECASE) for form in (_BELOW, _ABOVE, _LEAST))
    if is_away and below:
        found["--min-weight"] = below["n"]
    elif not is_away and above:
        found["--min-weight"] = above["n"]
        notes.append(f"It keeps a rating of exactly {above['n']}, too.")
    elif not is_away and least:
        found["--min-weight"] = least["n"] or least["m"]
    return found, notes


def _whole(day: str, *, is_end: bool) -> str:
    """A year or a month as its first or last day; what is no date stays as it is, and the command says so."""
    year, month, *rest = [*map(int, day.split("-")), *([12 if is_end else 1] * (day.count("-") == 0))]
    if rest or not 1 <= month <= 12:
        return day
    return date(year, month, monthrange(year, month)[1] if is_end else 1).isoformat()


def _day_before(day: str) -> str:
    try:
        return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    except ValueError:
        return day


def _any(names: Sequence[str]) -> str:
    """A pattern for one of the names, the longest first."""
    listed = "|".join(map(re.escape, sorted(names, key=len, reverse=True))) or "(?!)"
    return rf"(?<![\w.-])(?:{listed})(?![\w-])"
