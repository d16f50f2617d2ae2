"""What a sentence claims that no verdict of it judged: its numbers may be right, and "both", "lowest" or "never" not."""

import re
from collections.abc import Callable

from agent.grounding.known import Known
from agent.grounding.sentence import Sentence
from agent.grounding.verdict import Verdict

_OF_MANY = frozenset(("count", "choice", "only", "baseline", "rank", "importance", "data", "clear", "setting", "contender", "group"))  # fmt: skip
_OF_PLACE = frozenset(("rank", "importance", "item", "count", "data", "comparison", "cause", "group", "proposer"))
_NO_CLAIM = frozenset(("value", "interval", "general"))  # what numbers alone are judged as
_A_NUMBER = r"(?!\s+(?:a |an |the )?(?:\d|half|twice|doubl|trebl|tripl|one|two|three|four|five|six|seven|eight|nine|ten|third|quarter|second|minute|hour))"
_MANY = re.compile(
    r"\b(?:both|each|every|(?<!of )(?<!it )all(?! (?:in all|told|together)\b)|none|neither|no (?:one|other|trial|run|model|param\w*|user|item|book|film)|"
    r"nobody|nothing (?:has|have|was|is|beats?|failed)|never|always|any|only one|most of)\b",
    re.I,
)
_PLACE = re.compile(
    r"\b(?:highest|lowest|largest|smallest|greatest|fewest|(?<!at )least|worst|weakest|strongest|longest|shortest|cheapest|"
    r"closest|nearest|brings? up the rear|most (?:important|influential|similar|alike))\b",
    re.I,
)
_TWO = re.compile(
    rf"\b(?:(?:higher|lower|more|less|fewer|better|worse|larger|smaller|longer|shorter|faster|slower|cheaper|quicker|stronger|weaker) than{_A_NUMBER}|"
    r"as (?:good|important|fast|slow|many|much|large|diverse) as|(?:more|less|twice|times) (?:as )?(?:important|influential|diverse|accurate))\b",
    re.I,
)
_NOT = re.compile(
    r"\b(?:is|are|was|were|has|have|had|does|do|did|will|can|could)(?: not|n't)\b|\bcannot\b|\bper (?:trial|run|epoch)\b|"
    r"\b(?:broken off|cut short|breaks?|broke|violat\w*|in relative terms|by default)\b",
    re.I,
)


def unread_claims(sentence: Sentence, verdicts: list[Verdict], known: Known) -> list[Verdict]:
    """The words that claim something of which no verdict is; none where nothing was judged, or a text says it so."""
    judged = {verdict.kind for verdict in verdicts}
    if sentence.mood != "states" or not verdicts or "quoted" in judged:
        return []
    for pattern, kinds, is_read in _CLAIMS:
        match = pattern.search(sentence.text)
        if match is None or sentence.is_covered(match.start()) or judged & (kinds or judged - _NO_CLAIM):
            continue
        is_name = any(who.start <= match.start() < who.end for who in sentence.whos)
        is_claimed = any(match[0].lower() in v.claim.lower() for v in verdicts)
        if not is_name and not is_claimed and not is_read(match, sentence, known):
            return [Verdict(outcome="unknown", claim=match[0], kind="unread", why="no result says this")]
    return []


def _is_of_both(match: "re.Match[str]", sentence: Sentence, known: Known) -> bool:
    """Whether all whom the sentence names have its numbers: both use 0.2."""
    named = list(dict.fromkeys(who.one for who in sentence.whos if who.one))
    if len(named) < 2 or not sentence.amounts or match[0].lower() not in ("both", "each", "all"):
        return False
    values = [[f.number for f in known.by_subject.get(one, ()) if f.number is not None] for one in named]
    return all(any(map(amount.stands_for, own)) for amount in sentence.amounts for own in values)


def _is_of_stated(match: "re.Match[str]", sentence: Sentence, known: Known) -> bool:
    """Whether the numbers on both sides of the words say it themselves: 0.19, which is less than 0.21; 58 more than."""
    before = [one for one in sentence.amounts if one.end <= match.start()]
    after = [one for one in sentence.amounts if one.start >= match.end()]
    if before and re.fullmatch(r"\s*(?:\w+\s+)?", sentence.text[before[-1].end : match.start()]):
        return True  # by how much is judged with its number
    if not before or not after or before[-1].unit != after[0].unit:
        return False
    is_up = re.match(r"higher|more|better|larger|longer|slower|stronger", match[0], re.I) is not None
    return (before[-1].value > after[0].value) == is_up


def _no(match: "re.Match[str]", sentence: Sentence, known: Known) -> bool:
    return False


_CLAIMS: tuple[tuple[re.Pattern[str], frozenset[str], Callable[["re.Match[str]", Sentence, Known], bool]], ...] = (
    (_MANY, _OF_MANY, _is_of_both),
    (_PLACE, _OF_PLACE, _no),
    (_TWO, frozenset(), _is_of_stated),
    (_NOT, frozenset(), _no),
)
