"""People and trials in a message: `u12`, `customer 4711`, `trial 3`, `#5`."""

import re

from agent.words.digits import COUNTS
from agent.words.said import Span

_MOST_IN_WORDS = 12
"""Up to which the number of a trial may be written in words."""

_PERSON = (
    r"(?:users?|usr|readers?|customers?|clients?|visitors?|members?|shoppers?|listeners?|players?|viewers?|buyers?|"
    r"persons?|people|uids?|accounts?|nutzer\w*|kunden?|utilisateur|usuario|utente)"
)
_SIGN = r"[^\W\u3040-\u9fff]"  # of an id; words of Chinese and Japanese are written onto it
_JOINED = rf"(?:[@.+:/-]+{_SIGN}+)*"
_ID = rf"\+?[\u3400-\u9fff]*{_SIGN}+{_JOINED}"
_QUOTED = r"(?<=[\"“`])[^\"”`\n]{1,80}(?=[\"”`])|(?<=')[^'\n]{1,80}(?=')"
_MAIL = rf"{_SIGN}+(?:[.+-]+{_SIGN}+)*@(?!\d+\.){_SIGN}+(?:[.-]{_SIGN}+)*\.[^\W\d_]{{2,}}"
_USER = re.compile(
    rf"(?<!{_SIGN})(?<![\"'“`])(?:{_PERSON}(?!{_SIGN})|(?:用户|客户|ユーザー?)(?!\d))\s*"
    r"(?:number|no\.?|nr\.?|#|id|like|such\s+as|called|named|with\s+id|=|:)*\s*(?:(?<!\w)[\"'“`])?"
    rf"(?P<id>{_QUOTED}|(?![-_]){_ID})(?!{_SIGN})",
    re.IGNORECASE,
)
_BARE_USER = re.compile(
    rf"(?<![\w@/.+:-])(?P<id>{_MAIL}|(?:[uc]|{_PERSON}(?=[-_\d])|cust(?=[-_]))[-_:]?\d{{1,9}}(?!{_SIGN}){_JOINED})"
    rf"(?!{_SIGN}|@)",
    re.IGNORECASE,
)
_QUOTES = "\"'“`"
_NO_ID = re.compile(r"[^\W\d]+@\d+(?:\.[^\W\d]+)?|[^\d@]+", re.IGNORECASE)
"""A word, or a metric with its cutoff."""
_COUNTED_PEOPLE = re.compile(r"\s*(?:trials?|items?|recs?|recommendations?|epochs?|%)", re.IGNORECASE | re.ASCII)


def users(text: str) -> list[Span]:
    """The people that are named by an id."""
    found = []
    for pattern in (_USER, _BARE_USER):
        found += [
            Span(kind="user", value=match["id"], start=match.start("id"), end=match.end("id"))
            for match in pattern.finditer(text)
            if not _COUNTED_PEOPLE.match(text, match.end())
            and (text[match.start("id") - 1] in _QUOTES or not _NO_ID.fullmatch(match["id"]))
        ]
    return found


def whole_id(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the id begins and ends of which a part was found: `005` of `kunde005@gmx.de`."""
    return next(
        (match.span() for match in _WHOLE.finditer(text) if match.start() <= start and end <= match.end()), (start, end)
    )


_WHOLE = re.compile(_ID)
_TRIAL = re.compile(
    r"(?<![\w@/.-])(?:trials?|trails?|(?<!\d)(?<!\d\s)tr\.?|runs?(?=\s*(?:#|\d+\b(?!\s*(?:more|trials?|times|epochs?|of|further|x\b))))|versuche?|essais?|ensayos?|试验|第|number|nr\.?|no\.?|#)\s*"
    r"(?:#|number|no\.?|nr\.?|:|=|id)?\s*(?P<n>\d{1,5}(?:\s*(?:,|;|/|&|\+|and|or|und|et|y|vs\.?|versus|against|with|from|to|与|和|,\s*and)\s*(?:trials?\s*)?#?\d{1,5}(?!\s*(?:trials?|runs?|epochs?|items?|more|min|seeds?|layers|heads|dims?|of\s+them|%)|[\w.]*\d))*)"
    r"(?:(?![\w%@])|(?=s\s+(?:params?|parameters|settings|config\w*|values?|model|learning|lr|dropout)\b))(?![.,:]\d|\s*(?:trials?|runs?|epochs?|items?|more|min\w*|hours?|times|percent|neighbou?rs|layers|heads|negatives|dims?|dimensions|factors|blocks)\b)",
    re.IGNORECASE | re.ASCII,
)


_PLACE = rf"(?:\d{{1,5}}|zero|{'|'.join(word for word, n in COUNTS.items() if n <= _MOST_IN_WORDS)})"
_RUNNING = re.compile(
    rf"(?<![\w@/.-])(?:trial|trail)(?P<many>s?)\s+(?:#|number\s+|no\.?\s*|nr\.?\s*)?(?P<n>{_PLACE}(?:\s*(?:,|and|or|&|,\s*and)\s*(?:trial\s+)?#?{_PLACE})*)"
    r"(?=\s+(?P<verb>runs?\b(?!\s+of\b)|(?:epochs?|items?|more|min\w*|hours?|times|percent|neighbou?rs|layers|heads|negatives|dims?|dimensions|factors|blocks)\b))",
    re.IGNORECASE | re.ASCII,
)
"""Trials, and behind them what they do or have: "why did trial 2 run?", "in trial 3 items come twice"."""
_COUNTING = re.compile(r"\b(?:per|each|every|an?|one|another|single)\s+$", re.IGNORECASE)
_OF_ONE = re.compile(
    r"\b(?:did|does|do|was|were|is|are|has|had|have|will|would|should|could|can|why|when|how|what|which|if|in|of|for|from|than|explain|show|that)\s+$",
    re.IGNORECASE,
)
"""What stands before a trial that is named, whatever follows it."""


def _named_running(text: str) -> list[Span]:
    """The trials behind whose numbers stands a word that counts them elsewhere."""
    found = []
    for match in _RUNNING.finditer(text):
        before, numbers = text[: match.start()], list(re.finditer(_PLACE, match["n"], re.IGNORECASE))
        runs = match["verb"].lower() in ("run", "runs")
        if _COUNTING.search(before) or not (runs or _OF_ONE.search(before)) or (match["many"] and len(numbers) == 1):
            continue
        for number in numbers:
            start, word = match.start("n") + number.start(), number[0].lower()
            value = int(word) if word.isdigit() else COUNTS.get(word, 0)
            found.append(Span(kind="trial", value=value, start=start, end=start + len(word)))
    return found


_SHORT = re.compile(r"(?<![\w@/.-])t#?(?P<n>\d{1,4})(?![\w%@/-]|[.,:]\d)")
"""As people who type little write it: "export t3"."""
_MANY_TRIALS = re.compile(
    r"(?:trials|trails|versuche|essais|ensayos)\b(?!\s*(?:#|number|no\b|nr\b|id))", re.IGNORECASE | re.ASCII
)


_NUMBER_OF = re.compile(r"(?:number|nr\.?|no\.?|#)", re.IGNORECASE)
_OTHER_THING = re.compile(
    r"\b(?:seeds?|layers?|heads?|epochs?|patience|cutoff|column|row|line|note|lesson)\s*$", re.IGNORECASE
)


def trials(text: str) -> list[Span]:
    """The trials that are named by number."""
    found = []
    for match in _TRIAL.finditer(text):
        if re.search(
            r"\b(?:n_?|number\s+of\s+|max\s+|many\s+|the\s+number\s+of\s+)$", text[: match.start()], re.I | re.ASCII
        ):
            continue
        if re.match(r"runs?\b", match[0], re.I | re.ASCII) and re.search(
            r"^\W*(?:please\W+|now\W+|and\W+|then\W+)*$", text[: match.start()]
        ):
            continue
        if _NUMBER_OF.match(match[0]) and _OTHER_THING.search(text[: match.start()]):
            continue  # "seed number 13"
        if re.match(r"no\s", match[0], re.I) and re.search(r"\d\w*\s*[,;.…—–-]+\s*$", text[: match.start()]):
            continue  # "with 3, no 5"
        numbers = list(re.finditer(r"\d+", match["n"]))
        if len(numbers) == 1 and _MANY_TRIALS.match(match[0]):  # "trials: 20" counts them
            continue
        for number in numbers:
            start = match.start("n") + number.start()
            found.append(Span(kind="trial", value=int(number[0]), start=start, end=start + len(number[0])))
    taken = {span.start for span in found}
    found += [span for span in _named_running(text) if span.start not in taken]
    found += [
        Span(kind="trial", value=int(match["n"]), start=match.start(), end=match.end())
        for match in _SHORT.finditer(text)
    ]
    return found
