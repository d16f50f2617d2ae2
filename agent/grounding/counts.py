"""Claims of how many of a group do something: six used sasrec, none failed, all but one beat the defaults, the other two."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.grounding.amounts import Amount
from agent.grounding.fact import Subject
from agent.grounding.groups import Group, groups_of, members_of, study_of
from agent.grounding.known import Known
from agent.grounding.quantifiers import EXCEPT, OF, Quantifier, Reading, is_held, only
from agent.grounding.sentence import Sentence
from agent.grounding.verdict import Verdict
from agent.words.digits import COUNTS

_WORDS = re.compile(
    r"\b(?:(?P<few>not all|not every)|(?P<all>all(?! (?:trials )?so far)|every(?: (?:single )?one)?|each(?: one)?|both)|"
    r"(?P<none>no(?=\s+(?:\w+\s+){0,2}(?:trials?|runs?|items?|books?|films?|titles?|candidates?|contenders?|params?|parameters?|studies)\b)|none|not one|not a single(?: one)?|neither|nothing(?= (?:failed|was pruned|crashed)))|"
    r"(?P<over>more than half|over half|the majority|(?<!the )most(?= of (?:the|its|our|them|these)\b| (?!popular|rated|watched|read|important|influential|recent)(?:\w+ )?(?:trials|runs|items|books|films|titles|params|parameters|candidates)\b))|(?P<half>half)|"
    r"(?P<one>one(?= of (?:the|its|our|them|these)\b)|a single(?= (?:\w+ )?(?:trial|run))|(?:(?<=\band )|(?<=, )|(?<=; )|(?<=but ))one(?= (?:was|is|had|has|did|failed|used|ran|by|with)\b))|(?P<never>never)(?= (?:took|got|reached|fell|went|exceed|rose|needed|trained|dropped|scored)\w*)|(?P<always>always)(?= (?:took|stayed|reached|got|above|below|trained)\w*)|(?P<rest>the rest|the others|all (?:the )?others))\b",
    re.I,
)
_OF_GAP = re.compile(r"\s*(?:of|out of)\s+(?:all\s+)?(?:the |its |our |these |those )?(?:other )?", re.I)
_MORE_BEFORE = re.compile(r"\b(?:another|further|additional|extra)\s+$", re.I)
_MORE = re.compile(r"\s*(?:more|further|additional|extra|others?)\b", re.I)
_OTHER = re.compile(r"\b(?:the\s+)?(?:other|remaining|rest of the)\s+$", re.I)
_RANK_BEFORE = re.compile(
    r"\b(?:rank\w*|place|position|epochs?|trials?|number|no\.|top|step|seed|study|users?|than|least|most|above|below|over|under|past|exceeds?|to|from|between|by|@|#|at|after)\s*$", re.I
)  # fmt: skip
_TIMES = {"once": 1, "twice": 2, "thrice": 3, "one time": 1, "two times": 2, "three times": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The claims of counts in a sentence."""

    verdicts: tuple[Verdict, ...] = ()
    used: frozenset[int] = frozenset()  # starts of the numbers that they are made of
    covered: tuple[tuple[int, int], ...] = ()  # stretches that are said of a group and not of a trial


def judge_counts(sentence: Sentence, known: Known) -> Counted:
    """What the sentence says of how many."""
    if sentence.mood == "asks":
        return Counted()
    counter = _Counter(sentence, known)
    verdicts, used = counter.judge()
    return Counted(verdicts=tuple(verdicts), used=frozenset(used), covered=tuple(counter.covered))


class _Counter:
    """Reads one sentence; what was counted last is kept, of which others may remain."""

    def __init__(self, sentence: Sentence, known: Known) -> None:
        self._sentence, self._known = sentence, known
        self._groups = groups_of(sentence, known)
        self._numbers = {amount.start: amount for amount in sentence.amounts}
        self._done: set[int] = set()
        self.covered: list[tuple[int, int]] = []  # what was read whole as said of a group
        self._last: tuple[list[Subject], list[Subject]] | None = None  # a group, and those of it that were counted

    def judge(self) -> tuple[list[Verdict], set[int]]:
        found: list[Verdict] = []
        self._quantifiers = self._read()
        for place, one in enumerate(self._quantifiers):
            if one.start in self._done:
                continue
            after = [q.start for q in self._quantifiers[place + 1 :] if not self._is_total(q)]
            verdict = self._judged(one, min(after, default=len(self._sentence.text)))
            found += [verdict] if verdict else []
        self._done |= self._whole_numbers()
        return [*found, *_how_often(self._sentence, self._known)], self._done

    def _whole_numbers(self) -> set[int]:
        """The numbers of all trials or items that only point at them."""
        numbers = (a for a in self._sentence.amounts if a.is_whole and a.unit == "" and a.value < 1e6)
        read = (Quantifier(start=a.start, end=a.end, text=a.text, kind="number", n=int(a.value)) for a in numbers)
        return {one.start for one in read if self._is_whole_number(one)}

    def _read(self) -> list[Quantifier]:
        text = self._sentence.text
        found = [
            Quantifier(start=a.start, end=a.end, text=a.text, kind="number", n=int(a.value), bound=a.bound)
            for a in self._sentence.amounts
            if a.is_whole and a.unit == "" and 0 <= a.value < 1e6 and self._counts(a)
        ]
        taken = [(one.start, one.end) for one in found]
        words = [
            Quantifier(start=m.start(), end=m.end(), text=m[0], kind=str(m.lastgroup))
            for m in _WORDS.finditer(text)
            if all(m.end() <= start or m.start() >= end for start, end in taken)
            and not re.search(r"\b(?:but|except(?: for)?)\s+$", text[: m.start()], re.I)
        ]
        only = [
            Quantifier(start=m.start(), end=m.end(), text=m[0], kind="only")
            for m in re.finditer(r"\bonly\s+(?=trials?\b|\d)", text, re.I)
            if any(who.role == "trial" and -8 < m.end() - who.start <= 7 for who in self._sentence.whos)
        ]
        return sorted([*found, *words, *only], key=lambda one: one.start)

    def _counts(self, amount: Amount) -> bool:
        """Whether a number is one of members of a group and no value."""
        text = self._sentence.text
        before, after = text[: amount.start], text[amount.end :]
        if re.search(r"\b(?:but|except|except for|apart from)\s+$", before, re.I):
            return False
        if _OTHER.search(before):
            return bool(self._groups)
        if OF.search(before):
            return self._noun_after(amount.end) is not None
        if self._sentence.mood != "states" and (_MORE_BEFORE.search(before) or _MORE.match(after)):
            return False
        if _RANK_BEFORE.search(before) and not re.search(
            r"\b(?:more|fewer|less) than\s*$|\bat (?:least|most)\s*$|\bover\s*$", before, re.I
        ):
            return False
        noun = self._noun_after(amount.end)
        if noun is not None:
            return True
        if re.match(r"\s*(?:of (?:them|these|those|the)|out of)\b", after, re.I):
            return True
        is_second = any(group.end <= amount.start for group in self._groups)
        return (
            is_second
            and re.match(r"\s+(?:are|were|is|was|have|had|used?|failed|ran|by|of\s+\w)|\s+(?=[A-Z])", after) is not None
        )

    def _noun_after(self, place: int) -> Group | None:
        """The group noun that belongs to a quantifier: within a few words, with no verb and no other number between."""
        for group in self._groups:
            gap = self._sentence.text[place : group.start] if group.start >= place else "?"
            gap = re.sub(
                r"^\s*(?:of|out of)\s+(?:all\s+)?(?:the |its |our |these |those )?(?:\d+|\w+(?=\s+\w))?", "", gap
            )
            is_near = group.start >= place and len(gap) < 45 and not re.search(r"[.;:(),]|\d|\bper\b", gap)
            if is_near and not re.search(
                r"\b(?:is|are|was|were|and|for|with|in|on|to|from|by|over|at|has|have)\b", gap, re.I
            ):
                return group
        return None

    def _is_total(self, one: Quantifier) -> bool:
        """Whether others are counted of it: six of the eight."""
        text = self._sentence.text
        return one.kind == "number" and any(
            other.end <= one.start and _OF_GAP.fullmatch(text[other.end : one.start]) for other in self._quantifiers
        )

    def _judged(self, one: Quantifier, stop: int) -> Verdict | None:
        if self._is_total(one):
            return None
        group = self._noun_after(one.end) or next((g for g in reversed(self._groups) if g.end <= one.start), None)
        if group is None and not self._groups and self._is_of_items(one):
            listed = members_of("item", self._sentence, self._known)
            group = Group(kind="item", members=listed, start=one.end, end=one.end)
        is_elided = one.kind in ("none", "all", "only", "never", "always") or self._is_of_them(one)
        if group is None and is_elided and (not self._groups or one.kind == "only"):  # none failed
            those = members_of("trial", self._sentence, self._known)
            whole = self._known.is_whole(study_of(self._sentence, self._known))
            group = Group(kind="trial", members=those, start=one.end, end=one.end, is_whole=whole) if those else None
        if group is None:
            return None
        noun = group if group.start >= one.start else None
        end = self._clause_end(one.start, stop)
        read = Reading.of(one, group, noun, end, self._sentence, self._known)
        total = self._total(one, noun)
        if (known := self._told(one, group, read.text, self._sentence.text[one.end : read.end or end])) is not None:
            return self._verdict(one, known == (one.n or 0), f"it is {known}", read)
        if read.predicate is None and read.restriction is None:
            return self._plain_total(one, group, read)
        if not group.is_whole:
            return None
        is_after = re.search(r"\btrials\b[^;:.]*$", self._sentence.text[: one.start], re.I)
        if one.text.lower() == "all" and group.kind == "trial" and is_after and len(pair := self._spoken()) > 1:
            read = replace(read, members=pair)
        if one.text.lower() == "both" and group.kind == "trial" and len(pair := self._spoken()) == 2:
            read = replace(read, members=pair)
        members: list[Subject] = [member for member in read.members if member not in read.excepted]
        if read.predicate is None and one.kind != "number":
            return self._unread(one)
        excluded = EXCEPT.search(self._sentence.text, one.end)
        if excluded:  # but two, which is a number of these
            self._done |= {a.start for a in self._sentence.amounts if 0 <= a.start - excluded.end() < 6}
        if read.predicate is None and OF.search(self._sentence.text[: one.start]):
            return self._verdict(one, one.n == len(members), f"there are {len(members)}", read)
        if read.predicate is None:
            counted, members = members, list(group.members)
        else:
            counted = [member for member in members if read.predicate.test(member)]
        if one.kind == "only":
            named = only(one, self._sentence)
            return self._verdict(one, set(counted) == named, f"it is {_names(counted)}", read) if named else None
        if one.kind == "rest" or _OTHER.search(self._sentence.text[: one.start]):
            return self._rest(one, members, counted, read)
        self._last = (members if read.predicate else list(group.members), counted)
        if total is not None:
            self._done.add(total.start)
            about = Subject(kind="study", name=study_of(self._sentence, self._known))
            planned = [self._known.number(about, name) for name in ("n_trials", "n_all", "n_finished")]
            totals = (len(members), len(_complete(members, self._known)), len(group.members), *planned)
            if int(total.value) not in totals:
                return self._verdict(one, False, f"there are {len(members)}", read)
        holds = is_held(one, len(counted), len(members), read)
        if (
            not holds and not read.is_sure and not (read.is_plain and (counted or self._sentence.is_short))
        ):  # it may mean something else
            return self._unread(one)
        return self._verdict(one, holds, f"{len(counted)} of {len(members)} do", read)

    def _unread(self, one: Quantifier) -> Verdict:
        """Something is said of all or none of them that is not understood."""
        return Verdict(outcome="unknown", claim=one.text, kind="count", why="no result says this of them")

    def _spoken(self) -> list[Subject]:
        """The trials that the sentence names by number."""
        return list(dict.fromkeys(who.one for who in self._sentence.whos if who.one and who.role == "trial"))

    def _is_of_them(self, one: Quantifier) -> bool:
        return re.match(r"\s*of (?:them|these|those)\b", self._sentence.text[one.end :], re.I) is not None

    def _is_of_items(self, one: Quantifier) -> bool:
        """Whether it is said of the ten, and ten items are listed."""
        total = re.match(r"\s*of the (?P<n>\w+)\b(?!\s*%)", self._sentence.text[one.end :], re.I)
        n = len(members_of("item", self._sentence, self._known))
        said = total["n"].lower() if total else ""
        return n > 1 and (COUNTS.get(said) or (int(said) if said.isdigit() else 0)) == n

    def _rest(self, one: Quantifier, members: list[Subject], counted: list[Subject], read: "Reading") -> Verdict | None:
        """The other two: those that were not counted before."""
        if self._last is None:
            return None
        left = [member for member in self._last[0] if member not in self._last[1]]
        n = len(left) if one.n is None else one.n
        holds = n == len(left) and (read.predicate is None or all(read.predicate.test(member) for member in left))
        return self._verdict(one, holds, f"{len(left)} are left", read)

    def _is_whole_number(self, one: Quantifier) -> bool:
        """Whether it is only the number of all: the weakest of the ten, the mean of the ten values."""
        trials = self._known.trials(study_of(self._sentence, self._known))
        sizes = {len(trials), len(_complete(trials, self._known)), len(members_of("item", self._sentence, self._known))}
        return (
            one.n in sizes
            and re.search(r"\bof (?:all |the |its |our |these )+$", self._sentence.text[: one.start], re.I) is not None
        )

    def _plain_total(self, one: Quantifier, group: Group, read: "Reading") -> Verdict | None:
        """Three contenders; the other four, of which nothing else is said."""
        if one.kind != "number" or one.n is None:
            return None
        if _OTHER.search(self._sentence.text[: one.start]) and self._last is not None:
            return self._rest(one, [], [], read)
        is_named = re.search(r"\bthe\s+$", self._sentence.text[: one.start], re.I) is not None
        if group.kind == "param" and is_named and one.n == len(group.members):
            return self._verdict(one, True, "", read)
        sizes = {len(group.members), len(_complete(group.members, self._known))}
        if group.kind in ("contender", "candidate", "baseline") or (
            group.kind == "trial" and group.is_whole and one.n in sizes
        ):
            return self._verdict(one, one.n in sizes, f"it is {len(group.members)}", read)
        return None

    def _told(self, one: Quantifier, group: Group, text: str, own: str) -> int | None:
        """What a result counts itself: trials on the front and beaten."""
        if (one.n is None and one.kind != "none") or group.kind != "trial" or group.is_part:
            return None
        about = Subject(kind="study", name=study_of(self._sentence, self._known))
        for pattern, name in (
            (r"\bbeaten|dominated\b", "n_beaten"),
            (r"\bfront\b", "n_front"),
            (r"^[^,:]{0,25}?(?:\b(?:are|is|trials?|still) left\b|\bto go\b|\bremain(?:s|ing)?\b)", "time_left.n_left"),
        ):
            if (
                re.search(pattern, own if name.startswith("time") else text, re.I)
                and (n := self._known.number(about, name)) is not None
            ):
                return int(n)
        return None

    def _clause_end(self, place: int, stop: int) -> int:
        """Where what is said of a count ends: at the next count, or at the end of the clause."""
        match = re.compile(
            r"[;:]|\.\s|,\s(?:and|but|while|so|although|though|yet)\b|\bbut\b(?!\s+(?:one|two|three|four|trials?|\d))"
        ).search(self._sentence.text, place)
        return min(stop, match.start() if match else len(self._sentence.text))

    def _total(self, one: Quantifier, noun: Group | None) -> Amount | None:
        end = noun.start if noun else len(self._sentence.text)
        inner = [a for a in self._sentence.amounts if one.end <= a.start < end and a.is_whole]
        text = self._sentence.text
        return next(
            (
                a
                for a in inner
                if OF.search(text[: a.start]) or re.fullmatch(r"\s*(?:the\s+)?", text[one.end : a.start])
            ),
            None,
        )

    def _verdict(self, one: Quantifier, holds: bool, why: str, read: "Reading") -> Verdict:
        self._done |= {one.start, *read.used}
        self.covered.append((one.start, read.end))
        return Verdict(
            outcome="checked" if holds else "contradicted", claim=one.text, kind="count", why="" if holds else why
        )


def _names(members: Sequence[Subject]) -> str:
    return ", ".join(member.name for member in members) or "none"


def _complete(members: Sequence[Subject], known: Known) -> list[Subject]:
    return [member for member in members if known.value(member, "state") in ("complete", None)]


def _how_often(sentence: Sentence, known: Known) -> list[Verdict]:
    """bpr_mf was tried twice."""
    match = re.search(
        r"\b(?:tried|used|ran|run|tested|trained)\s+(?:only\s+|just\s+)?(?P<n>once|twice|thrice)\b", sentence.text, re.I
    )
    models = [str(span.value) for span in sentence.said.of("model")]
    study = study_of(sentence, known)
    if not match or len(models) != 1 or not known.is_whole(study):
        return []
    n = sum(known.value(trial, "model") == models[0] for trial in known.trials(study))
    holds = n == _TIMES[match["n"].lower()]
    return [
        Verdict(
            outcome="checked" if holds else "contradicted",
            claim=match["n"],
            kind="count",
            why="" if holds else f"it is {n}",
        )
    ]
