"""The clauses of a message: the pieces that can each ask for something of their own."""

import re

from agent.words.said import Said

_END = re.compile(r"[.!?;…]+(?=\s|$)|\n+|(?<=[\u3400-\u9fff])[.!?;]|\s+[-–—]+\s+")
_JOINT = re.compile(
    r",\s*(?:and\s+(?:then\s+|also\s+)?|then\s+|but\s+|so\s+|or\s+|plus\s+|also\s+)?|\s+(?:and\s+then|and\s+also|and|then|but|plus|&|\+|und\s+dann|und|aber|et|puis|y|luego|pero)\s+",
    re.IGNORECASE,
)
_NAMES = re.compile("[\ue000-\uf8ff]")
_BETWEEN = re.compile(r"\b(?:between|from|both|zwischen|entre)\s+\S+\s*$", re.IGNORECASE)


def clauses(said: Said) -> list[tuple[int, int]]:
    """The places (start, end) of the clauses, in order, without the words that join them.

    A joint between two names or amounts ("ease and bpr_mf", "between 1 and 3") is no border.
    """
    marked = said.marked
    borders = [(match.end(), match.end()) for match in _END.finditer(marked)]  # the mark belongs to its clause
    for match in _JOINT.finditer(marked):
        before, after = marked[: match.start()].rstrip(), marked[match.end() :].lstrip()
        joins_names = _NAMES.match(before[-1:]) and _NAMES.match(after[:1])
        if not joins_names and not _BETWEEN.search(before):
            borders.append((match.start(), match.end()))
    found: list[tuple[int, int]] = []
    start = 0
    for border_start, border_end in sorted(borders):
        if border_start > start:
            found.append((start, border_start))
        start = max(start, border_end)
    found.append((start, len(marked)))
    found = [(start + len(marked[start:end]) - len(marked[start:end].lstrip()), end) for start, end in found]
    return [(start, end) for start, end in found if re.search(r"\w|[\ue000-\uf8ff]", marked[start:end])]
