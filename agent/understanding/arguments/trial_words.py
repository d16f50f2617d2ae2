"""Trials in a message: numbers, and "the best", "the last one", "the one before", "the worst", "the runner-up"."""

import re
from typing import Any

from agent.understanding.bounds.bounds import bounds_in
from agent.understanding.bounds.fitting import cost
from agent.understanding.bounds.nouns import counted
from agent.understanding.bounds.pairing import paired
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.clauses.corrections import marker_between
from agent.understanding.known import Known
from agent.words.said import Span
from agent.words.spelling import loosely

_ONE = r"(?:one|trial|trail|run|row|config|result|model|version)"
ONE_AFTER = rf"\b(?:the\s+)?{_ONE}\s+after\b"
RELATIVE: tuple[tuple[str, str], ...] = (
    ("second_best", r"\b(?:second[- ]+best|2nd\s+best|next[- ]best|runner[- ]?up|number\s+two)\b|第二好"),
    ("worst", rf"\b(?:{loosely('worst')}|poorest|weakest|lowest[- ]scoring|loser|schlechteste\w*|pire|peor)\b|最差"),
    (
        "best",
        rf"\b(?:{loosely('best', 'winner', 'winning', 'champion')}|leader|leading|top(?!\s*-?\s*(?:\d|k\b|{{number}}|of|end|five|three|ten))(?=\s+(?:{_ONE}|scorer|performer|dog)|\s+(?:against|vs|with|and)\b|\W*$)|"
        r"beste[rsnm]?|meilleure?|mejor|number\s+one)\b|最好|最佳|最优",
    ),
    (
        "previous",
        rf"\b(?:the\s+)?{_ONE}\s+(?:before|earlier)(?:\s+(?:that|it|this|the\s+last))?\b|\b(?:{loosely('previous', 'preceding')}|prev|penultimate)\b|\bbefore\s+last\b|上一个",
    ),
    ("next", rf"{ONE_AFTER}|\b(?:following|next)\s+{_ONE}\b"),
    (
        "last",
        rf"\b(?:last|lst|{loosely('latest', 'newest')}|most\s+recent|letzte[nrs]?|derni[eè]re?|[úu]ltim[oa])\b(?!\s+(?:week|month|year|time|night|{{number}}|few|two|three|hour|thing|but))|最后|最新|最近",
    ),
    ("first", rf"\b(?:first|1st|very\s+first)\s+{_ONE}\b|\btrial\s+zero\b|第一个"),
    (
        "default",
        r"\b(?:defaults?|baseline|default\s+(?:trial|one|run|params|settings|config\w*))\b(?!\s*(?:value|for))|默认",
    ),
    ("it", r"\b(?:it|that|this|that\s+one|this\s+one|that\s+trial|this\s+trial|the\s+same(?:\s+(?:one|trial))?)\b"),
)


def numbers(stretch: Stretch, *, bare: bool = False) -> list[int]:
    """The trials named by number, which are used; `bare`: numbers that no name claims count too."""
    found = [(span.start, [int(span.value)]) for span in stretch.spans("trial")]
    stretch.use(*stretch.spans("trial"))
    if bare:
        for span in bare_numbers(stretch):
            values = list(span.parts) or [span.value]
            if all(0 <= value < _MANY for value in values):
                found.append((span.start, values))
                stretch.use(span)
    return [value for _, values in sorted(found) for value in values]


_MANY = 100_000  # no study has so many trials
_NEXT = re.compile(
    r"\s*(?:$|[^\w\s]|(?:seed|sed|lr|again|please|pls|plz|vs|versus|and|or|n|y|et|und|with|w|in|on|of|from|is|was|did|does|do|has|had|got|get|gets|to|against|over|once|one\s+more|"
    r"really|significant\w*|equal|differ\w*|any|beat|beats|better|best|so|for|as|than|but|if|when|instead|now|then|tried|chosen|failed|wins?|won|seems?|looks?|using|same|different|the|by|out|first|last|worst|too|at|because|actually|good|bad|worse|side|next|together|head)\b|和|与|vs\.)",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:\b(?:row|rows|line|number|no\.?|nr\.?|config|run|runs|trial|trials|trail|trails|one|explain|compare|repeat|redo|rerun|rpt|export|why|was|did|does|is|of|about|and|or|vs\.?|versus|against|with|than|between|do|"
    r"to|for|from|in|the|are|beat|beats|over|on|how|n|what|tell\s+me|say|y|et|und|then|show|use|using|like|not|rather|e|hm+|uh|um|no|it'?s|is)|[#=:,;&/(-]|^|[和与第对比])\s*$",
    re.IGNORECASE,
)


_ALL_OF = re.compile(r"\b(?:those|these|them|both|other|any|all|which)\s+$", re.IGNORECASE)
"""What stands before a number that counts trials: "those two"."""
_PLACE = re.compile(
    r"\b(?:s|at|before|after|by|card|until|till|since|about|around|up\s+to|seed|sed|lr)\s*$", re.IGNORECASE
)


_TRIAL_LEAD = re.compile(r"\b(?:explain|repeat|redo|rerun|rpt|export|run)\s*$", re.IGNORECASE)


def bare_numbers(stretch: Stretch, *, only: "re.Pattern[str]" = _LEAD) -> list[Span]:
    """The whole numbers that can be trials: no param, metric or counted noun claims them.

    Args:
        only: What stands before them; by default also what is no place, seed or time.
    """
    owners = [*stretch.spans("param", "metric"), *counted(stretch, without=("n_trials",))]
    pairs = paired(owners, bounds_in(stretch), stretch, cost)
    claimed = {span for bounds in pairs.values() for bound in bounds for span in bound.spans}
    marked, found = stretch.said.marked, []
    for start, end in stretch.parts:
        for span in stretch.said.of("number", start=start, end=end):
            if span in stretch.used or span in claimed or not (span.parts or isinstance(span.value, int)):
                continue
            before = marked[start : span.start]
            is_led = only.search(before) or (only is _LEAD and not _PLACE.search(before))
            if _NEXT.match(marked[span.end : end]) and is_led and not _ALL_OF.search(marked[start : span.start]):
                found.append(span)
    return found


def relative(stretch: Stretch, *, without: tuple[str, ...] = ()) -> list[str]:
    """The trials named by what they are, in the order of the text; "it" last."""
    return list(dict.fromkeys(name for _, name in placed(stretch, without=without)))


def placed(stretch: Stretch, *, without: tuple[str, ...] = ()) -> list[tuple[int, str]]:
    """Each such name with its place."""
    found: list[tuple[int, int, str]] = []
    for name, pattern in RELATIVE:
        for match in stretch.find(pattern) if name not in without else ():
            if all(match.end() <= start or match.start() >= end for start, end, _ in found):
                found.append((match.start(), match.end(), name))
    return [(start, name) for start, _, name in sorted(found, key=lambda one: (one[2] == "it", one[0]))]


def one_trial(stretch: Stretch, *, bare: bool = False, without: tuple[str, ...] = ("it", "next")) -> Any:
    """The trial that is meant: a number, or a word that `resolved` knows; None where none is named.

    Where it is only pointed at ("it"), it is the trial that the same message named before.
    """
    ends = [span.start for span in stretch.spans("trial", "number")]
    named = numbers(stretch, bare=bare)
    places = placed(stretch, without=without)
    later = [
        word for start, word in places if named and word != "it" and marker_between(stretch.said, max(ends), start)
    ]
    if named:
        return later[-1] if later else named[-1]
    words = [word for _, word in places]
    if words and words[0] != "it":
        real = [(start, word) for start, word in places if word != "it"]
        is_corrected = marker_between(stretch.said, real[0][0], real[-1][0])
        return real[-1][1] if is_corrected else words[0]
    return (earlier_trial(stretch) or "it") if words else None


def earlier_trial(stretch: Stretch) -> Any:
    """The trial that was named last before this request in the same message."""
    before = stretch.earlier()
    named = [(span.start, span.value) for span in (*before.spans("trial"), *bare_numbers(before, only=_TRIAL_LEAD))]
    words = placed(before, without=("it", "next", "default", "first"))
    return max((*named, *words), key=lambda one: one[0])[1] if named or words else None


def resolved(trial: Any, known: Known, at_hand: int | None = None) -> int | None:
    """The number of a trial; None where the study has no such trial.

    Args:
        at_hand: The trial that was last talked of.
    """
    if isinstance(trial, int):
        return trial
    ranking, trials = known.ranking, known.trials
    last = at_hand if at_hand is not None else trials[-1] if trials else None
    place: dict[str, int | None] = {
        "best": ranking[0] if ranking else None,
        "second_best": ranking[1] if len(ranking) > 1 else None,
        "worst": ranking[-1] if ranking else None,
        "last": trials[-1] if trials else None,
        "first": trials[0] if trials else None,
        "default": 0,
        "it": last if last is not None else ranking[0] if ranking else None,
        "previous": last - 1 if last is not None and last > 0 else None,
        "next": last + 1 if last is not None else None,
    }
    return place.get(str(trial))
