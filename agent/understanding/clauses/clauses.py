"""The clauses of a message: the pieces that can each ask for something of their own."""

import re

from agent.understanding.bounds.nouns import TRIALS
from agent.words.said import Said

_END = re.compile(r"[.!?;…]+(?=\s|$)|\n+|(?<=[\u3400-\u9fff])[.!?;]|\s+[-–—]+\s+")
_JOINT = re.compile(
    r",\s*(?:and\s+(?:then\s+|also\s+)?|then\s+|but\s+|so\s+|or\s+|plus\s+|also\s+)?|\s+(?:and\s+then|and\s+also|and|then|but|plus|&|\+|und\s+dann|und|aber|et|puis|y|luego|pero)\s+",
    re.IGNORECASE,
)
_ALL = re.compile(r"\b(?:everything|anything|all|any|every|nothing|none)(?:\s+(?:the\s+)?\w+)?\s*$", re.IGNORECASE)
"""What "but" makes an exception of."""
_OPEN = re.compile(r"[\[(][^\])]*$")
_SO_ON = re.compile(r"^\s*(?:…|\.\.\.+)\s*,?\s*(?:(?:up\s+)?(?:to|until)\s+)?", re.IGNORECASE)
_SO_ON_BEFORE = re.compile(r"\s*,?\s*(?:…|\.\.\.+)\s*$")
_GOES_ON = re.compile(r"\s*,?\s*(?:(?:up\s+)?(?:to|until)\s+)?[\ue001-\uf8ff]", re.IGNORECASE)
_RANGE = rf"{{amount}}\s+[-–—]\s+{{amount}}(?!\s*-?\s*(?:{{param}}|{{metric}}|{TRIALS}|more\b|seeds?\b))"
"""Not "lr 0.01 - 20 trials"."""
_QUOTED = re.compile(r"[\"“«][^\"”»]{1,80}[\"”»]|(?<!\w)'[^'\n]{2,80}'(?!\w)")
_NAMES = re.compile("[\ue000-\uf8ff]")
_AND_UP = re.compile(r"\s*(?:more|up|upwards?|above|higher|over|better)\b(?!\s+[\ue000-\uf8ff])", re.IGNORECASE)
"""What goes on after an amount: "ratings of 4 and more"; not "4 and more epochs"."""
_AMOUNT = re.compile(r"[\ue001-\uf8ff]\s*(?:stars?|points?)?$", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|from|both|zwischen|entre)\s+\S+\s*$", re.IGNORECASE)


def clauses(said: Said) -> list[tuple[int, int]]:
    """The places (start, end) of the clauses, in order, without the words that join them.

    A joint between two names or amounts ("ease and bpr_mf", "between 1 and 3") is no border; neither is "…" in a series,
    nor anything within quotes.
    """
    marked = said.marked
    ranges = [match.span() for match in said.find(_RANGE)]
    borders = [  # the mark belongs to its clause
        (match.end(), match.end())
        for match in _END.finditer(marked)
        if not _is_within(marked, match) and not any(start <= match.start() < end for start, end in ranges)
    ]
    for match in _JOINT.finditer(marked):
        before = _SO_ON_BEFORE.sub("", marked[max(0, match.start() - 80) : match.start()]).rstrip()
        after = _SO_ON.sub("", marked[match.end() : match.end() + 40]).lstrip()
        joins_names = _NAMES.match(before[-1:]) and _NAMES.match(after[:1])
        is_exception = match[0].strip().lower() == "but" and _ALL.search(before)
        goes_up = _AMOUNT.search(before) and _AND_UP.match(after)
        if not joins_names and not goes_up and not is_exception and not _BETWEEN.search(before):
            borders.append((match.start(), match.end()))
    quoted = [match.span() for match in _QUOTED.finditer(said.text)]
    found: list[tuple[int, int]] = []
    start = 0
    for border_start, border_end in sorted(borders):
        if any(opened < border_start < closed for opened, closed in quoted):
            continue
        if border_start > start:
            found.append((start, border_start))
        start = max(start, border_end)
    found.append((start, len(marked)))
    found = [(start + len(marked[start:end]) - len(marked[start:end].lstrip()), end) for start, end in found]
    return [(start, end) for start, end in found if re.search(r"\w|[\ue000-\uf8ff]", marked[start:end])]


def _is_within(marked: str, match: "re.Match[str]") -> bool:
    """Whether a mark stands between the amounts of one range or series: "[0.1; 0.5]", "16, 32, … 128"."""
    if not _GOES_ON.match(marked, match.end()) or not _NAMES.match(marked[: match.start()].rstrip(" ,")[-1:]):
        return False
    return (
        match[0][0] == "…"
        or match[0].startswith("...")
        or (match[0] == ";" and _OPEN.search(marked[: match.start()]) is not None)
    )
