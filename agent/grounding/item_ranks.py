"""Claims of an item's place in a list: the second recommendation is X, X tops the list, first X, then Y, X above Y."""

import itertools
import re

from agent.grounding.fact import Subject
from agent.grounding.known import Known
from agent.grounding.sentence import Sentence
from agent.grounding.subjects import Who
from agent.grounding.verdict import Verdict

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_NTH = rf"(?P<nth>{'|'.join(ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th)|last)"
_NUMBER = r"(?:number|no\.|nr\.|rank(?:ed)?|place|position|#)\s*(?P<n>\d{1,2}|one|two|three)\b"
_FIRST = r"(?P<top>most[- ](?:popular|rated|read|watched|recommended|liked)|tops?|heads|leads|opens|at the (?:very )?top|comes out on top|best[- ]?sell\w*|favou?rite)"
_LAST = r"(?P<end>closes|at the (?:very )?(?:bottom|end)|bottom of|brings up the rear|least popular|ends)"
_PLACE = re.compile(rf"\b(?:{_NTH}(?!-| (?:of all\b|time|half|contact\b))|{_NUMBER}|{_FIRST}|{_LAST})\b", re.I)
_ABOVE = re.compile(
    r"\b(?P<up>more popular than|scores? higher than|better placed than|above|ahead of|before|higher than|over|in front of)|\b(?P<down>less popular than|scores? lower than|below|behind|after|lower than|under)\b",
    re.I,
)
_COUNTED = re.compile(r"\b(?:more|fewer|less|than)\b", re.I)


def judge_item_ranks(sentence: Sentence, known: Known) -> list[Verdict]:
    """The places that the sentence gives to items that it names."""
    whos = [who for who in sentence.whos if who.one and who.one.kind == "item"]
    if sentence.mood == "asks" or not whos:
        return []
    return (
        listed
        if (listed := _respectively(sentence, known, whos))
        else [*_places(sentence, known, whos), *_orders(sentence, known, whos)]
    )


def _places(sentence: Sentence, known: Known, whos: list[Who]) -> list[Verdict]:
    found, place = [], 0
    used: set[Subject] = set()
    whos = [who for who in whos if who.role != "nth"]
    for match in _PLACE.finditer(sentence.text):
        who = _nearest(match, sentence, [one for one in whos if one.one not in used])
        if (
            any(one.start <= match.start() < one.end and one.role != "nth" for one in whos)
            or who is None
            or who.one is None
        ):
            continue
        ranks = _ranks(who.one, known)
        if (match["top"] or "").lower() == "most popular" and re.search(
            r"\bthe\s+(?:\w+\s+)?\w+(?:st|nd|rd|th|ond|ird)\s+$", sentence.text[: match.start()], re.I
        ):
            continue  # the second most popular, which is read with its ordinal
        said = _said(match, known)
        if (
            not ranks
            or said is None
            or re.search(r"\b(?:among|of|one of)\s+the\s+$", sentence.text[: match.start()], re.I)
        ):
            continue
        used.add(who.one)
        place = said
        found.append(_verdict(match[0], holds=said in ranks, why=f"{who.one} is number {ranks[0]}"))
    return [*found, *_then(sentence, known, whos, place)]


_TWO = re.compile(rf"\b(?P<a>{'|'.join(ORDINALS)}) and (?P<b>{'|'.join(ORDINALS)})\b", re.I)


def _respectively(sentence: Sentence, known: Known, whos: list[Who]) -> list[Verdict]:
    """The Mask and Beauty and the Beast are fifth and sixth."""
    match = _TWO.search(sentence.text)
    named = [who for who in whos if who.role != "nth"]
    if not match or len(named) != 2:
        return []
    said = [ORDINALS.index(match[name].lower()) + 1 for name in ("a", "b")]
    ranks = [_ranks(who.one, known) for who in named if who.one]
    holds = all(place in known_ranks for place, known_ranks in zip(said, ranks, strict=False))
    return [_verdict(match[0], holds=holds, why=f"they are numbers {', '.join(str(r[0]) for r in ranks if r)}")]


def _then(sentence: Sentence, known: Known, whos: list[Who], place: int) -> list[Verdict]:
    """What follows: first X, then Y, then Z."""
    found = []
    for who in whos:
        lead = re.search(r"\b(?:then|followed by|and then|next)\s+[\"“*_\s]*$", sentence.text[: who.start], re.I)
        ranks = _ranks(who.one, known) if who.one else []
        if lead and place and ranks:
            place += 1
            found.append(_verdict(lead[0].strip(), holds=place in ranks, why=f"{who.one} is number {ranks[0]}"))
    return found


def _orders(sentence: Sentence, known: Known, whos: list[Who]) -> list[Verdict]:
    found = []
    for first, second in itertools.pairwise(whos):
        gap = sentence.text[first.end : second.start]
        match = _ABOVE.search(gap)
        if not match or len(gap) > 45 or _COUNTED.search(gap.replace(match[0], "")) or not (first.one and second.one):
            continue
        one, other = _ranks(first.one, known), _ranks(second.one, known)
        if one and other:
            is_next = re.search(r"\b(?:right|directly|immediately|just)\s+$", gap[: match.start()], re.I)
            holds = (one[-1] < other[-1]) == bool(match["up"]) and (not is_next or abs(one[-1] - other[-1]) == 1)
            found.append(_verdict(match[0], holds=holds, why=f"number {one[-1]} against number {other[-1]}"))
    return found


def _nearest(match: "re.Match[str]", sentence: Sentence, whos: list[Who]) -> Who | None:
    """The item that stands next to a place: with few words between and no other item."""
    start, end = sentence.clause(match.start())
    near = [who for who in whos if start <= who.start < end]
    gaps = [(who.start - match.end() if who.start >= match.end() else match.start() - who.end + 1, who) for who in near]
    gaps = [(gap, who) for gap, who in gaps if 0 <= gap < 60]
    return min(gaps, key=lambda pair: pair[0])[1] if gaps else None


def _said(match: "re.Match[str]", known: Known) -> int | None:
    n = max((int(f.number or 0) for f in known.numbers.get("rank", ()) if f.subject.kind == "item"), default=0)
    if match["top"]:
        return 1
    if match["end"] or (match["nth"] or "").lower() == "last":
        return n
    word = (match["nth"] or match["n"]).lower()
    if word in ORDINALS:
        return ORDINALS.index(word) + 1
    return {"one": 1, "two": 2, "three": 3}.get(word) or int(re.sub(r"\D", "", word))


def _ranks(item: Subject, known: Known) -> list[int]:
    return [int(fact.number) for fact in known.values(item, "rank") if fact.number is not None]


def _verdict(claim: str, *, holds: bool, why: str) -> Verdict:
    return Verdict(outcome="checked" if holds else "contradicted", claim=claim, kind="rank", why="" if holds else why)
