"""What a stretch of a sentence says of each member of a group: a threshold, a model, a state, a choice, words of a text."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from agent.grounding.amounts import Amount
from agent.grounding.attributes import Mention, is_named
from agent.grounding.fact import Kind, Subject
from agent.grounding.groups import study_of
from agent.grounding.known import Known, sign_of
from agent.grounding.sentence import Sentence
from agent.words.spelling import ORDINARY
from recmodels.metrics import METRICS
from recmodels.models import MODELS

_SHARES = frozenset(name for name, metric in METRICS.items() if metric.range[1] <= 1)
Test = Callable[[Subject], bool]
STATES = {
    "pruned": r"\b(?:pruned|stopped early|cut short|ended early)\b",
    "failed": r"\b(?:failed|crashed|broke down|diverged|failures?)\b",
    "complete": r"\b(?:complete[d]?|ran to (?:the )?end|to completion|finished completely)\b",
}
_ABOVE = re.compile(
    r"\b(?:reach\w*|gets? to|got to|hits?|pass\w*|cross\w*|attain\w*|above|over|more than|at least|exceed\w*|better than|past|higher than|beyond|or more|or better|greater than|larger than|longer than|north of)\b|\bbeats?\s*$|[>≥]",
    re.I,
)
_BELOW = re.compile(
    r"\b(?:below|under|less than|at most|worse than|lower than|fewer than|or less|or fewer|smaller than|shorter than|short of|up to|within)\b|[<≤]",
    re.I,
)
_BETTER = re.compile(r"\b(?:beat\w*|better than|outperform\w*|ahead of|improv\w* (?:on|over)|above|surpass\w*|exceed\w*|won against)\b", re.I)  # fmt: skip
_WORSE = re.compile(r"\b(?:lost to|lose to|loses to|worse than|behind|below|trail\w*|fell short of|falls? short of)\b", re.I)  # fmt: skip
_GROUP = re.compile(
    r"\b(?:within (?:the )?(?:noise|error)|(?:leading|top|best|same|first) group|indistinguishable|as good as the best|on a par with the best|"
    r"(?:can(?:not|'t| not)|could(?: not|n't)) be (?:told apart|distinguished|separated|told)|statistically (?:as good|equal|tied|the same))\b",
    re.I,
)
_FRONT = re.compile(r"\b(?:front|non-?dominated|pareto[- ]optimal)\b", re.I)
_BEATEN = re.compile(r"\b(?:beaten|dominated)\b", re.I)
_FINISHED = re.compile(r"\b(?:finished|done|through|over|ended)\b(?! (?:at|with|in|than))", re.I)
_HELD = re.compile(r"\b(?:held|fixed|frozen|constant|not (?:searched|tuned)|untuned|left alone)\b", re.I)
_TUNED = re.compile(r"\b(?:searched|tuned|free|varied)\b", re.I)
_NO = re.compile(r"\b(?:no|not|n't|never|without|isn't|aren't|wasn't|weren't|didn't|zero)\s+(?:\w+\s+){0,2}$|\w+n't\s+(?:\w+\s+){0,2}$", re.I)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate:
    """A test of members, and the numbers of the sentence that it is made of."""

    test: Test
    used: frozenset[int] = frozenset()  # starts of amounts
    is_sure: bool = False  # its words mean nothing else: failed, pruned
    is_plain: bool = False  # they hardly mean another: a model, a threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    start: int
    end: int
    sentence: Sentence
    known: Known
    kind: Kind

    @property
    def text(self) -> str:
        return self.sentence.text[self.start : self.end]

    def amounts(self) -> list[Amount]:
        return [one for one in self.sentence.amounts if self.start <= one.start < self.end]

    def mentions(self, *kinds: str) -> list[Mention]:
        return [m for m in self.sentence.mentions if self.start <= m.start < self.end and m.kind in kinds]


def predicate_of(start: int, end: int, sentence: Sentence, known: Known, kind: Kind) -> Predicate | None:
    """What a stretch says of members of this kind; None where it says nothing that is understood."""
    stretch = _Stretch(start=start, end=end, sentence=sentence, known=known, kind=kind)
    found = [
        one for reader in (_compared, _threshold, _equal, _worded, _plain, _models, _texts) for one in reader(stretch)
    ]
    if not found:
        return None
    tests, used = [one.test for one in found], frozenset().union(*(one.used for one in found))
    return Predicate(
        test=lambda member: all(test(member) for test in tests),
        used=used,
        is_sure=any(one.is_sure for one in found),
        is_plain=any(one.is_plain for one in found),
    )


def _compared(at: _Stretch) -> Iterable[Predicate]:
    """Beat the defaults; at least twice as good as the popularity baseline."""
    if at.kind != "trial":
        return
    whos = [who for who in at.sentence.whos if at.start <= who.start < at.end and who.one]
    whos = [who for who in whos if who.one and who.one.kind in ("trial", "baseline")]
    others = whos or [
        who
        for who in at.sentence.whos
        if at.start <= who.start < at.end and who.role == "model" and len(who.subjects) == 2
    ]
    if not others:
        return
    other = others[-1].subjects[0]
    better, worse = _BETTER.search(at.text), _WORSE.search(at.text)
    factor = next((one for one in at.amounts() if one.unit == "factor"), None)
    named = [n for m in at.mentions("metric") for n in at.known.numbers if is_named(n, m.names)]
    name = named[0] if named else at.known.objective(other.study)
    bar = at.known.number(other, name)
    if bar is None or not (better or worse or factor):
        return
    sign, limit = sign_of(name) * (-1 if worse and not better else 1), bar * (factor.value if factor else 1.0)
    used = frozenset({factor.start}) if factor else frozenset()
    yield Predicate(
        test=lambda one: one != other and (v := at.known.number(one, name)) is not None and sign * (v - limit) > 0,
        used=used,
        is_plain=at.sentence.is_short,
    )


def _threshold(at: _Stretch) -> Iterable[Predicate]:
    """Above 0.15; under 2 s; of 46 interactions or more."""
    for amount in at.amounts():
        if amount.unit == "factor":
            continue
        around = (
            at.sentence.text[max(at.start, amount.start - 22) : amount.start],
            at.sentence.text[amount.end : amount.end + 10],
        )
        up = any(map(_ABOVE.search, around))
        down = any(map(_BELOW.search, around))
        name = _measured(at, amount)
        is_no_metric = name is not None and name.partition("@")[0] in _SHARES and amount.value > 1.5
        if up == down or name is None or is_no_metric:
            continue
        sign, limit = (1 if up else -1), amount.value
        is_with = (
            re.search(r"\b(?:at least|at most|or more|or less|or fewer|up to)\b|[≥≤]", " ".join(around), re.I)
            is not None
        )
        yield Predicate(
            test=lambda one, name=name, sign=sign, limit=limit, is_with=is_with: (  # type: ignore[misc]
                (v := at.known.number(one, name)) is not None and (sign * (v - limit) > 0 or (is_with and v == limit))
            ),
            used=frozenset({amount.start}),
            is_plain=at.sentence.is_short,
        )


def _measured(at: _Stretch, amount: Amount) -> str | None:
    """What a threshold is of: what is named, else what the unit says, else the objective or the score."""
    if amount.unit in ("s", "ms"):
        timed = "latency_ms" if amount.unit == "ms" else "train_s"
        return timed if timed in at.known.numbers else None
    named = [n for m in at.mentions("metric", "param") for n in at.known.numbers if is_named(n, m.names)]
    if at.kind == "item":
        return next((name for name in ("score", "n") if name in at.known.numbers), None)
    return (
        (named[0] if named else at.known.objective(study_of(at.sentence, at.known)) or None)
        if at.kind == "trial"
        else None
    )


def _equal(at: _Stretch) -> Iterable[Predicate]:
    """With 2 layers; a batch size of 64; without dropout; used label smoothing."""
    if at.kind not in ("trial", "candidate"):
        return
    for mention in at.mentions("param"):
        names = [name for name in mention.names if name in at.known.valued and name != "rank"]
        if not names:
            continue
        before = at.sentence.text[max(0, mention.start - 30) : mention.start]
        near = [
            a
            for a in at.amounts()
            if a.unit in ("", "share") and min(abs(a.start - mention.end), abs(mention.start - a.end)) < 14
        ]
        near = [
            a
            for a in near
            if not _ABOVE.search(at.sentence.text[max(0, a.start - 14) : a.start])
            and not _BELOW.search(at.sentence.text[max(0, a.start - 14) : a.start])
        ]
        if near:
            amount = near[0]
            yield Predicate(test=_any_equal(at.known, names, amount), used=frozenset({amount.start}))
        elif re.search(r"\b(?:no|without|zero)\s+(?:\w+\s+)?$", before, re.I):
            yield Predicate(test=lambda one, names=names: _has_any(one, names, at.known) is False)  # type: ignore[misc]
        elif re.search(r"\b(?:us(?:e|es|ed|ing)|with|ha[sd]|have|appl\w+|turn\w* on)\s+(?:\w+\s+)?$", before, re.I):
            yield Predicate(test=lambda one, names=names: _has_any(one, names, at.known) is True)  # type: ignore[misc]


def _has_any(one: Subject, names: list[str], known: Known) -> bool | None:
    """Whether a member has one of the params other than 0, none or False; None where it has no such param."""
    values = [value for name in names if (value := known.value(one, name)) is not None]
    return any(value not in (0, False, "none", "None") for value in values) if values else None


def _worded(at: _Stretch) -> Iterable[Predicate]:
    """Params whose values are words: the softmax loss, tf-idf, uniform negatives; a model's name only next to its param."""
    if at.kind not in ("trial", "candidate"):
        return
    mentioned = {name for m in at.mentions("param") for name in m.names}
    places = [(match.start(), word) for word in at.known.worded if (match := find_word(word, at.text))]
    taken: set[tuple[str, ...]] = set()
    for _, word in sorted(places):
        names, value = at.known.worded[word]
        match = None if names in taken else find_word(word, at.text)
        is_meant = match and (mentioned & set(names) or (word not in AMBIGUOUS and len(word) > 3))
        if match and is_meant:
            taken.add(names)  # of several values of one param the first: eight used tf-idf, one cosine
            meant = [name for name in names if name in mentioned] or list(names)
            yield _signed(_has_choice(at.known, meant, value), at.text[: match.start()])


AMBIGUOUS = frozenset(("none", "true", "false", "popularity", "random", "mask", "constant", *MODELS, "bpr"))


def find_word(word: str, text: str) -> "re.Match[str] | None":
    """Where a value stands, however it is hyphenated: tf-idf, TF IDF, tfidf."""
    return re.search(r"(?<![a-z0-9])" + r"[\s_-]?".join(map(re.escape, word)) + r"(?![a-z0-9])", text, re.I)


def _any_equal(known: Known, names: list[str], amount: Amount) -> Test:
    return lambda one: any((v := known.number(one, name)) is not None and amount.stands_for(v) for name in names)


def _has_state(known: Known, state: str) -> Test:
    return lambda one: known.value(one, "state") == state


def _plain(at: _Stretch) -> Iterable[Predicate]:
    """States, the leading group, the front, held params, the defaults."""
    known, text = at.known, at.text
    if at.kind == "trial":
        for state, pattern in STATES.items():
            if match := re.search(pattern, text, re.I):
                yield replace(_signed(_has_state(known, state), text[: match.start()]), is_sure=True)
        group = {
            f"{f.number:.0f}"
            for f in known.numbers.get("group", known.numbers.get("standing.group", ()))
            if f.number is not None
        }
        if (match := _GROUP.search(text)) and group:
            is_out = re.search(
                r"\b(?:out of|outside|not in|left out of|leave|drop out of|fall out of)\s+(?:the\s+)?$",
                text[: match.start()],
                re.I,
            )
            yield Predicate(test=lambda one: (one.name in group) == (is_out is None))
        elif group and re.search(r"\b(?:out of|outside)\b(?: of)? it\b", text, re.I):
            yield Predicate(test=lambda one: one.name not in group)
        front = {f"{f.number:.0f}" for f in known.numbers.get("front", ()) if f.number is not None}
        if front and (match := _FRONT.search(text)):
            yield _signed(lambda one: one.name in front, text[: match.start()])
        if front and (match := _BEATEN.search(text)):
            yield _signed(lambda one: one.name not in front, text[: match.start()])
        if match := _FINISHED.search(text):
            yield _signed(
                lambda one: known.value(one, "state") in ("complete", "pruned", "failed"), text[: match.start()]
            )
    if at.kind == "study":
        for state in ("stopped", "finished", "running", "paused", "waiting"):
            if match := re.search(rf"\b{state}\b", text, re.I):
                yield _signed(lambda one, state=state: known.value(one, "state") == state, text[: match.start()])  # type: ignore[misc]
    if at.kind == "param":
        if match := _HELD.search(text):
            yield Predicate(test=lambda one: bool(known.value(one, "is_held") or known.value(one, "is_fixed")))
        elif match := _TUNED.search(text):
            yield _signed(
                lambda one: not (known.value(one, "is_held") or known.value(one, "is_fixed")), text[: match.start()]
            )
    if at.kind == "contender":
        if re.search(r"\bdefaults?\b", text, re.I) and not re.search(r"tuned|left out", text, re.I):
            yield Predicate(test=lambda one: "defaults" in one.name)
        elif re.search(r"\b(?:tuned|tried|trials?)\b", text, re.I):
            yield Predicate(test=lambda one: "defaults" not in one.name)


def _signed(test: Test, before: str) -> Predicate:
    """The test, or its opposite behind "not"."""
    is_not = _NO.search(before) is not None
    return Predicate(test=lambda one: test(one) != is_not)


def _models(at: _Stretch) -> Iterable[Predicate]:
    spans = at.sentence.said.of("model", start=at.start, end=at.end)
    names = [
        str(s.value)
        for s in spans
        if not re.match(r"\s*(?:\(\s*)?(?:baseline|defaults?)", at.sentence.text[s.end :], re.I)
    ]
    if not names or at.kind not in ("trial", "candidate", "contender"):
        return
    if _BETTER.search(at.text) or _WORSE.search(at.text):
        return
    before = at.sentence.text[at.start : spans[0].start]
    is_of = _signed(
        lambda one: (
            str(at.known.value(one, "model")) in names or (at.kind == "contender" and any(n in one.name for n in names))
        ),
        before,
    )
    yield replace(is_of, is_plain=True)


def _has_choice(known: Known, names: list[str], value: str) -> Test:
    """Whether a member has a value that is a word in one of these params."""
    return lambda one: any(str(known.value(one, name)).lower() == value for name in names)


def _texts(at: _Stretch) -> Iterable[Predicate]:
    """Words that stand in the texts of items: by Jonas Jansen, science fiction, comedies."""
    if at.kind != "item":
        return
    texts = {s: str(at.known.value(s, "text") or "").lower() for s in at.known.by_subject if s.kind == "item"}
    fields = " ".join(text.partition(";")[2] for text in texts.values())  # who wrote it, and of which kind it is
    words = [
        _stem(w)
        for w in re.findall(r"[^\W\d_][\w'-]+", at.text)
        if len(w) > 2
        and (w[0].isupper() or w.lower() not in ORDINARY or re.search(rf"\b{re.escape(_stem(w))}", fields))
    ]
    told = [
        w for w in words if w not in _NOUNS and any(re.search(rf"\b{re.escape(w)}", text) for text in texts.values())
    ]
    if told:
        test = lambda one: all(re.search(rf"\b{re.escape(w)}", texts.get(one, "")) for w in told)  # noqa: E731
        yield Predicate(test=test, is_plain=True)


_NOUNS = (
    "book",
    "item",
    "film",
    "movie",
    "title",
    "the",
    "and",
    "with",
    "more",
    "than",
    "above",
    "below",
    "all",
    "are",
)


def _stem(word: str) -> str:
    """Comedies → comed, thrillers → thriller."""
    word = word.lower().removesuffix("'s")
    return word[:-3] if word.endswith("ies") else word[:-1] if word.endswith("s") and len(word) > 4 else word
