"""What a sentence says of a quantifier: whom it counts, what is said of them, who is left out, and whether it holds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.grounding.fact import Subject
from agent.grounding.groups import Group
from agent.grounding.known import Known
from agent.grounding.predicates import Predicate, predicate_of
from agent.grounding.sentence import Sentence

OF = re.compile(r"\b(?:of|out of)\s+(?:all\s+)?(?:the |its |our |these |those )?$", re.I)
EXCEPT = re.compile(
    r"\b(?:except(?:\s+for)?|(?:after|beyond)(?=\s+trials?\s+\d)|but(?=\s+(?:one|two|three|trial))|apart from|other than|besides|aside from|excluding)\b",
    re.I,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|isn't|aren't|wasn't|weren't|be|been|us(?:e|es|ed)|ha(?:s|ve|d)|ran|runs?|beats?|beat|lost|loses?|got|gets?|reach\w*|lies?|lay|failed|"
    r"took|takes?|scor\w+|need\w*|train\w*|came|comes?|come|stay\w*|makes?|made|went|goes|fell|falls?|fall|sits?|belongs?|beaten|did|do|does|show\w*|gave|gives?|cannot|can't|exceed\w*|"
    r"outperform\w*|improv\w*|pass\w*|land\w*|count\w*|end\w*|finish\w*|diverged|crashed)\b",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantifier:
    """A place that says how many."""

    start: int
    end: int
    text: str
    kind: str  # number, all, none, half, over, few, one, rest, only
    n: int | None = None
    bound: int = 0  # 1: at least, -1: at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a sentence says of a quantifier's members."""

    members: Sequence[Subject]  # those that are meant: the group, as far as words next to its noun restrict it
    restriction: Predicate | None
    predicate: Predicate | None
    excepted: Sequence[Subject]
    n_excepted: int
    text: str  # of the clause
    end: int

    @property
    def is_sure(self) -> bool:
        return any(one.is_sure for one in (self.restriction, self.predicate) if one)

    @property
    def is_plain(self) -> bool:
        return any(one.is_plain for one in (self.restriction, self.predicate) if one)

    @property
    def used(self) -> frozenset[int]:
        return frozenset().union(*(p.used for p in (self.restriction, self.predicate) if p))

    @classmethod
    def of(
        cls, one: Quantifier, group: Group, noun: Group | None, end: int, sentence: Sentence, known: Known
    ) -> "Reading":
        def read(start: int, stop: int) -> Predicate | None:
            return predicate_of(start, stop, sentence, known, group.kind)

        behind = noun.end if noun else one.end
        end = max(end, behind)
        excluded = EXCEPT.search(sentence.text, one.end, end) or EXCEPT.search(sentence.text, 0, one.start)
        excepted, n_excepted, cut = _excepted(excluded, sentence, behind, end)
        verb = _VERB.search(sentence.text, cut if cut > behind else behind, end)
        restrictions = [read(one.end, noun.start)] if noun else []
        if noun and verb and verb.start() > behind + 2 and cut <= behind:
            restrictions.append(read(behind, verb.start()))
        predicate = read(verb.start() if verb else max(behind, cut), end)
        if one.kind == "only":
            predicate = read(_behind_trials(one, sentence), end)
        start, _ = sentence.clause(one.start)
        has_model = noun is not None and bool(sentence.said.of("model", start=one.end, end=noun.start))
        is_total = OF.search(sentence.text[: one.start]) is not None
        if predicate is None and one.kind == "number" and not has_model and excluded is None and not is_total:
            predicate = read(sentence.text.rfind(";", 0, one.start) + 1, one.start)
        tests = [r for r in restrictions if r]
        restriction = (
            Predicate(
                test=lambda m: all(r.test(m) for r in tests),
                used=frozenset().union(*(r.used for r in tests)),
                is_sure=any(r.is_sure for r in tests),
                is_plain=any(r.is_plain for r in tests),
            )
            if tests
            else None
        )
        members = [m for m in group.members if restriction is None or restriction.test(m)]
        return cls(
            members=members, restriction=restriction, predicate=predicate, excepted=excepted, n_excepted=n_excepted,
            text=sentence.text[start:end], end=end if predicate else one.end,
        )  # fmt: skip


def _behind_trials(one: Quantifier, sentence: Sentence) -> int:
    """Where the trials end that "only" names."""
    end = one.end
    for who in sentence.whos:
        if (
            who.role == "trial"
            and who.start >= one.start
            and re.fullmatch(r"[\s,]*(?:and|or|trials?)?\s*", sentence.text[end : who.start], re.I)
        ):
            end = who.end
    return end


def only(one: Quantifier, sentence: Sentence) -> set[Subject]:
    end = _behind_trials(one, sentence)
    return {who.one for who in sentence.whos if who.one and one.start <= who.start < end}


def _excepted(
    match: "re.Match[str] | None", sentence: Sentence, behind: int, end: int
) -> tuple[list[Subject], int, int]:
    """The trials that are left out, how many where they are not named, and where the words for it end."""
    if match is None:
        return [], 0, behind
    place, named = match.end(), []
    for who in sentence.whos:
        is_next = re.fullmatch(
            r"[\s,]*(?:and|or|trials?|numbers?|nos?\.?|the)?\s*",
            sentence.text[place : who.start] if who.start >= place else "?",
            re.I,
        )
        if who.one and who.one.kind == "trial" and is_next:
            named.append(who.one)
            place = who.end
    if named:
        return named, 0, place if match.start() >= behind else behind
    word = re.match(r"\s*(?:for\s+)?(?P<n>one|two|three|four|\d+)\b", sentence.text[match.end() :], re.I)
    n = {"one": 1, "two": 2, "three": 3, "four": 4}.get(word["n"].lower(), 0) if word else 0
    return [], n, match.end() + word.end() if word and match.start() >= behind else behind


def is_held(one: Quantifier, n: int, total: int, read: Reading) -> bool:
    """Whether this many of that many are what the quantifier says."""
    if read.excepted and read.predicate and any(read.predicate.test(s) for s in read.excepted) and one.kind == "all":
        return False
    if one.kind == "all":
        is_pair = one.text.lower() != "both" or total == 2
        return total > 0 and n == total - read.n_excepted and is_pair
    if one.kind == "number" and one.n is not None:
        return (n > one.n if one.bound > 0 else n < one.n if one.bound < 0 else n == one.n) or (
            one.bound != 0 and n == one.n
        )
    return {
        "none": n == 0,
        "never": n == 0,
        "always": n == total,
        "half": 2 * n == total,
        "over": 2 * n > total,
        "few": n < total,
        "one": n == 1,
    }.get(one.kind, True)
