"""Several trials that one order is of: "repeat trial 3 and 4", "export 1 to 3", "explain the best and trial 5"."""

import re
from dataclasses import dataclass
from typing import Any

from agent.understanding.arguments.trial_words import bare_numbers, placed
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.known import Known
from agent.words.said import Span

_MOST = 10  # trials of one order; a longer list is asked about as what was not used
_JOINER = r"(?:,|;|&|\+|\band\b|\bas\s+well\s+as\b|\bplus\b|\bthen\b|、|和|与|跟)"
_FILLER = r"(?:\s|\bthe\b|\bof\b|\btrials?\b|\bruns?\b|\bnumbers?\b|\balso\b|#|试验|第)"
_AND = re.compile(rf"{_FILLER}*(?:{_JOINER}{_FILLER}*)+", re.IGNORECASE)
_TO = re.compile(rf"\s*(?:\b(?:to|through|thru|till|until|up\s+to)\b|-|–|—|到|至){_FILLER}*", re.IGNORECASE)
_WORD = re.compile(r"[\w-]+(?:\s+(?:one|trial|run|model))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialList:
    """The trials, as numbers and as words such as "best"."""

    trials: tuple[Any, ...]
    spans: tuple[Span, ...]  # that say them

    def __bool__(self) -> bool:
        return len(self.trials) > 1


def trials_listed(stretch: Stretch, known: Known, without: tuple[Span, ...] = ()) -> TrialList:
    """The longest list of trials in the stretch; empty where there is none of two.

    Args:
        without: Numbers that are something else, such as seeds.
    """
    if (group := _group(stretch, known)) is not None:
        return group
    spans = [span for span in (*stretch.spans("trial"), *bare_numbers(stretch)) if span not in without]
    marked = stretch.said.marked
    named: list[tuple[int, int, Any, Span | None]] = [
        (span.start, span.end, value, span)
        for span in dict.fromkeys(spans)
        for value in span.parts or (span.value,)
        if isinstance(value, int)
    ]
    for start, word in placed(stretch, without=("it", "next", "previous", "default")):
        match = _WORD.match(marked, start)
        named.append((start, match.end() if match else start, word, None))
    runs: list[list[tuple[int, int, Any, Span | None]]] = []
    for one in sorted(named, key=lambda place: place[:2]):
        last = runs[-1][-1] if runs else None
        between = "" if last is None else marked[last[1] : one[0]]
        if last is not None and _TO.fullmatch(between) and _is_range(last[2], one[2]):
            runs[-1] += [(one[0], one[1], number, one[3]) for number in range(last[2] + 1, one[2] + 1)]
        elif last is not None and (last[:2] == one[:2] or _AND.fullmatch(between)):
            runs[-1].append(one)
        else:
            runs.append([one])
    longest = max(runs, key=len, default=[])
    trials = tuple(dict.fromkeys(one[2] for one in longest))
    if not 1 < len(trials) <= _MOST:
        return TrialList(trials=(), spans=())
    return TrialList(trials=trials, spans=tuple(one[3] for one in longest if one[3] is not None))


_GROUP = (
    r"\b(?P<which>top|best|last|latest|first|worst)\s+(?P<n>{number})\s*(?:trials?|runs?|models?|ones)\b|"
    r"(?P<m>{number})\s+(?P<that>best|last|latest|worst|first)\s*(?:trials?|runs?|models?|ones)\b"
)


def _group(stretch: Stretch, known: Known) -> TrialList | None:
    """ "the best two trials", of the study at hand."""
    for match in stretch.find(_GROUP) if not stretch.spans("study") else ():
        span = stretch.said.span(match, "n" if match["n"] else "m")
        which, n = (match["which"] or match["that"]).lower(), span.value
        if isinstance(n, int) and 1 < n <= _MOST:
            trials = known.ranking if which in ("top", "best", "worst") else known.trials
            found = trials[-n:] if which in ("last", "latest", "worst") else trials[:n]
            return TrialList(trials=found, spans=(span,)) if len(found) == n else None
    return None


def _is_range(first: object, last: object) -> bool:
    return isinstance(first, int) and isinstance(last, int) and first < last
