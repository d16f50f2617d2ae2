"""A sentence read once: its numbers, whom it speaks of, what it measures, and whether it states, advises or asks."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from agent.grounding.amounts import Amount, amounts_of
from agent.grounding.amounts_joined import joined
from agent.grounding.attributes import Mention, mentions_of
from agent.grounding.chinese_statements import stated
from agent.grounding.known import Known
from agent.grounding.subjects import Who, whos_of
from agent.words.chinese import is_chinese
from agent.words.names import read
from agent.words.said import Said, Span

Mood = Literal["states", "advises", "asks"]
_NOT_NUMBERS = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?)?(?: UTC|Z)?|\bv?\d+(?:\.\d+){2,}\w*|"
    r"\b\d{1,2}:\d\d(?::\d\d)?\b|(?<![\w.])t\d+\.[\w@.]+"
)
"""Dates, versions and times of the day, which are checked as names."""
_MARKED = re.compile(r"(?P<lead>[:,;→]\s+)(?P<marker>\d{1,2}[.)])(?=\s+[A-Za-z“\"])")
"""Markers of a list within a sentence: "1. b590, 2. b11"."""
_COUNTED = re.compile(r"(?<=users|items)\s*[:=]?\s*(?=\d)")
"""Between a count and what it counts, where a reader of messages would take the number for a name."""
_PARTS = re.compile(r"(?<![a-z])(?:valid|validation)_(?=[a-z])|(?<=\s)_+|_+(?=[\s.,;:])")
"""The part that stands before a metric's name, and signs of emphasis."""
_ADVICE = re.compile(
    r"\b(?:would|could|should|might|may|shall|let'?s|let me|suggest\w*|recommend(?!s? items)\w*|advise|propose to|i'd|i'll|i will|"
    r"want me to|you can|we can|i can|if you|how about|consider|worth (?:a )?try\w*|try|aim|next i|going to|plan to|tell me|to try|"
    r"look on the other side|i (?:go|look|take|set|give|choose|pick|lower|raise|move|keep|stay|use|double|halve|increase|reduce|want|prefer|explore)\b|so i\b)",
    re.I,
)
_GUESS = re.compile(
    r"\b(?:evidently|obviously|simply reflects?|quite typical|recommended in|pass for|lean towards)\b|\b(?:would|could|might|should|may)\b(?! (?:compare|pit|train|be trial|keep|use|take))|\b(?:probably|likely|presumably|i'd expect|i expect|i think|i guess|published|literature|usually|typically|in general)\b",
    re.I,
)
CLAUSE = re.compile(
    r";\s|\s[—–]\s|:\s(?!\d)|,\s(?:and|but|while|whereas|which|so|yet|although|though|with)\b|\b(?:while|whereas|but)\b|"
    r"\band\b(?=\s+(?:trials?|the|its?|its)\b)|,\s(?=(?:trials?|the|ahead|up|down|followed|against|compared)\b)|\s\|\s"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What the sentences before leave to the next one."""

    whos: tuple[Who, ...] = ()  # whom it may call "it"
    stated: tuple[Amount, ...] = ()  # numbers that it may compare


NOTHING = Before()
_SHORT = 60  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """What a sentence speaks of."""

    text: str
    said: Said
    amounts: tuple[Amount, ...]
    mentions: tuple[Mention, ...]
    whos: tuple[Who, ...]
    before: tuple[Who, ...]  # of the sentences before, what "it" may stand for
    mood: Mood
    stated: tuple[Amount, ...] = ()  # numbers of the sentences before
    is_row: bool = False  # of a table
    covered: tuple[tuple[int, int], ...] = ()  # stretches that are said of a group, as counts are

    def clause(self, place: int) -> tuple[int, int]:
        """The ends of the clause around a place."""
        start, end = 0, len(self.text)
        for match in CLAUSE.finditer(self.text):
            if any(who.start < match.start() < who.end for who in self.whos):  # the colon of a title
                continue
            if match.end() <= place:
                start = match.end()
            elif match.start() >= place:
                end = match.start()
                break
        return start, end

    @property
    def is_open(self) -> bool:
        """Whether it guesses at what no trial has shown: would probably, should be, published figures."""
        return _GUESS.search(self.text) is not None

    @property
    def is_short(self) -> bool:
        """Whether it is one plain clause, which says one thing."""
        return len(self.text) < _SHORT and re.search(r"[,;:(]", self.text) is None

    def is_covered(self, place: int) -> bool:
        """Whether what stands there is said of a group and has been judged so."""
        return any(start <= place < end for start, end in self.covered)

    def has(self, pattern: str) -> bool:
        """Whether the text matches, whatever the case."""
        return re.search(pattern, self.text, re.I) is not None


def read_sentence(text: str, known: Known, before: Before = NOTHING, *, is_row: bool = False) -> Sentence:
    """The sentence, read with what is known."""
    text = stated(text) if is_chinese(text) else text
    plain = _NOT_NUMBERS.sub(lambda match: "\ue0ff" * len(match[0]), text.replace("*", " ").replace("`", " "))
    plain = _COUNTED.sub(lambda match: " " * (len(match[0]) - 1) + "—", plain)
    plain = re.sub(r"(@\d+)(?= trials?\b)", r"\1 of", plain)  # in ndcg@10 trial 5 is better
    plain = re.sub(r"\bminus\b", "  -  ", plain)
    plain = _MARKED.sub(lambda match: match["lead"] + " " * len(match["marker"]), plain)
    plain = _PARTS.sub(lambda match: " " * len(match[0]), plain)
    said = read(plain, known.names)
    if wrong := [span for span in said.of("trial") if _is_no_trial(span, said, known)]:
        spans = [replace(span, kind="number") if span in wrong else span for span in said.spans]
        said = Said(said.text, spans)
    if bare := bare_trials(said, known):
        said = Said(said.text, [replace(span, kind="trial") if span in bare else span for span in said.spans])
    whos = tuple(whos_of(said, known, before.whos))
    amounts = tuple(
        one for one in joined(amounts_of(said), said.text) if not any(who.start <= one.start < who.end for who in whos)
    )
    return Sentence(
        text=plain,
        said=said,
        amounts=amounts,
        mentions=tuple(
            m
            for m in mentions_of(said, known.params)
            if m.kind in ("metric", "param") or not any(w.start <= m.start < w.end for w in whos)
        ),
        whos=whos,
        before=before.whos,
        stated=before.stated,
        is_row=is_row,
        mood="asks" if text.rstrip().endswith("?") else "advises" if _ADVICE.search(text) else "states",
    )


def _is_no_trial(span: Span, said: Said, known: Known) -> bool:
    """Whether a number is only read as a trial since it follows one in a row: "that of trial 1, 46 against 64"."""
    before = said.text[: span.start]
    if re.match(r"\s?(?:ms|s|seconds?|minutes?|%|per ?cent|times|points?)\b", said.text[span.end :], re.I):
        return True
    is_row = re.search(r"\btrial \d+\s*,\s*$|\d\s*(?:against|vs\.?|versus)\s+$", before, re.I) is not None
    is_place = re.search(r"\b(?:no\.|number|#)\s*$", said.words(span)[:-1] + before[-10:], re.I) is not None
    return (is_row or is_place) and known.trial(span.value) is None


_LISTED = re.compile(
    r"(?:\btrials?\b[^;]{0,40}(?::\s*|,\s+|\bare\s+|\bonly\s+)|\b(?:except(?: for)?|but for|apart from|only|number|no\.|unlike)\s+(?:the\s+)?(?:trials?\s+|number\s+)?)$",
    re.I,
)
_NO_COUNT = re.compile(
    r"\s*(?:$|[,.;:)(]|(?:and|or|&)\s+\d|(?:is|are|was|were|isn't|aren't|fall|fell|lost?|lose|beat|had|have|has|did|do|got|ran|used|led|leads?|won|came|comes?|make|took|ended?|stay\w*|drop|remain|reach\w*|cannot|can't|at|with|in)\b)",
    re.I,
)


def bare_trials(said: Said, known: Known) -> list[Span]:
    """Numbers without the word that are trials in a row of them: "the front has 2 trials, 5 and 2", "only 0 and 2"."""
    found: list[Span] = []
    if not known.trials() or not re.search(r"\btrials?\b|\bfront\b|\bgroup\b|\bruns?\b", said.text, re.I):
        return found
    for span in said.of("number"):
        text, before = said.words(span), said.text[: span.start]
        last = found[-1] if found else None
        is_next = last is not None and re.fullmatch(
            r"\s*(?:,\s*)?(?:and\s+|or\s+|then\s+|&\s*)?", said.text[last.end : span.start]
        )
        is_first = _LISTED.search(before) is not None
        is_trial = text.isdigit() and len(text) < 4 and known.trial(int(text)) is not None
        if is_trial and (is_next or is_first) and _NO_COUNT.match(said.text[span.end :]):
            found.append(span)
    return found


_RECALLED = 12  # numbers of the sentences before that a sentence may compare


def carried(sentence: Sentence) -> Before:
    """What the next sentence may mean without a name: the first trial of this one, then that of the sentences before."""
    trials = [who for who in sentence.whos if who.one and who.one.kind == "trial"]
    others = [who for who in sentence.whos if who.subjects and who not in trials]
    whos = tuple(dict.fromkeys((*trials[:1], *sentence.before[:1], *trials[1:], *others)))
    return Before(whos=whos, stated=(*sentence.stated, *sentence.amounts)[-_RECALLED:])
