"""Numbers of texts that tools gave: our own sentences within results, read as an answer is, and held to the same subjects."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.grounding.amounts import Amount
from agent.grounding.binding import Binding, bind
from agent.grounding.fact import Subject
from agent.grounding.sentence import Sentence, read_sentence

if TYPE_CHECKING:
    from agent.grounding.known import Known

_END_OF = re.compile(r"\[[^\]]*$|\binterval\b.{0,30}$", re.I)
_CONFIDENCE = re.compile(r"\s*(?:interval|over|confidence)", re.I)
_INTERVAL = r"interval|\[|between|\bci\b|range|from"
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A number of a text, with whom and what its sentence speaks of."""

    value: float
    unit: str
    subjects: tuple[Subject, ...]
    names: tuple[str, ...]
    is_test: bool
    is_end: bool = False  # of an interval


def quoted_of(text: str, known: "Known", about: tuple[Subject, ...]) -> list[Quoted]:
    """The numbers of one text."""
    found = []
    for part in _END.split(text):
        sentence = read_sentence(part, known)
        for amount in sentence.amounts:
            if _CONFIDENCE.match(part[amount.end :]):
                continue
            bound = bind(amount, sentence)
            found.append(
                Quoted(
                    value=amount.value,
                    unit=amount.unit,
                    subjects=bound.subjects or about,
                    names=bound.tight or (*bound.near, *bound.wide),
                    is_test=" test" in part.lower(),
                    is_end=_END_OF.search(sentence.text[: amount.start]) is not None,
                )
            )
    return found


def quoted_support(amount: Amount, bound: Binding, sentence: Sentence, known: "Known") -> bool:
    """Whether a text holds the number, of the same subject and on the same part."""
    is_test = sentence.has(r"\btest\b")
    is_interval = sentence.has(_INTERVAL)
    return any(_is_same(one, amount, bound, is_test, is_interval) for one in known.quoted)


def _is_same(one: Quoted, amount: Amount, bound: Binding, is_test: bool, is_interval: bool) -> bool:
    if {one.unit, amount.unit} - {"", "share"} and one.unit != amount.unit:
        return False
    if not amount.stands_for(one.value) or is_test != one.is_test:
        return False
    if one.is_end and not is_interval:
        return False
    kinds = {subject.kind for subject in bound.subjects}
    is_whole = all(s.kind == "study" or (s.kind == "dataset" and "trial" not in kinds) for s in one.subjects)
    if bound.subjects and not is_whole and not set(bound.subjects) & set(one.subjects):
        return False
    names = (*bound.tight, *bound.words) if bound.tight else bound.params or bound.near
    names = tuple(name for name in names if name != "default")
    if not names and any(subject.kind == "dataset" for subject in one.subjects):
        return False
    return not names or not one.names or bool(set(names) & set(one.names))


def texts_say(sentence: Sentence, known: "Known", is_clear: bool) -> bool | None:
    """Whether a text of a result says the same of the same subjects: that a difference is clear, or is not.

    None where no text speaks of it.
    """
    spoken = {subject for who in sentence.whos for subject in who.subjects}
    found = None
    for text in dict.fromkeys(str(fact.value) for fact in known.facts if isinstance(fact.value, str)):
        for part in _END.split(text) if "clear" in text else ():
            about = {subject for who in read_sentence(part, known).whos for subject in who.subjects}
            if len(spoken & about) >= min(2, len(spoken)) and spoken:
                says_not = re.search(r"\bnot (?:a )?clear|\bno clear|cannot be told", part) is not None
                found = found or says_not != is_clear
    return found
