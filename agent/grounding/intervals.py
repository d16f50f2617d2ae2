"""Claims with two ends: the interval of a difference, of a value or a prediction, and the range of a param or of values.

Both ends must be those of one interval, with their signs; a difference may be taken the other way round.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from agent.grounding.amounts import Amount
from agent.grounding.attributes import is_named
from agent.grounding.fact import Subject
from agent.grounding.groups import study_of
from agent.grounding.known import Known
from agent.grounding.sentence import Sentence
from agent.grounding.verdict import Verdict

_GAP = re.compile(
    r"\s*%?\s*(?:to|and|up to|through|until|–|—|-|−|\.\.+|…|,|;)\s*(?:about |around |roughly |some )?\+?\s*", re.I
)
_OPENS = re.compile(r"(?:\bbetween|\bwithin|\bfrom|\[|\(|\binterval(?: of| is| from)?|\brang\w+(?: of)?|\bof|\bis|:|,|\bto|\bis limited to|\bat|\bscale of)\s*(?:about |around |roughly |some |only )?\+?$", re.I)  # fmt: skip
_SPEAKS = re.compile(
    r"\b(?:intervals?|confiden\w*|ci|credible|at\s+9\d(?=\s?%)|sure|certain|somewhere|anywhere|uncertainty)\b|\d\s?%\s*\)",
    re.I,
)
_PREDICTED = re.compile(r"\b(?:predict\w*|expect\w*|forecast\w*|will|proposal|proposed|next|would)\b", re.I)
_DIFFERS = re.compile(
    r"\b(?:gain\w*|differ\w*|gap|improv\w*|lead\w*|led|trail\w*|better|worse|advantage|ahead|behind|effect|lower|higher|over|beats?|beat|margin|edge|short|won|lost|benefit|drop\w*)\b|\s-\s|\s[−–]\s",
    re.I,
)
_BY = re.compile(r"\bby\s+(?:between|from|anything|somewhere|some)\b", re.I)
_TEST = re.compile(r"\btest\b", re.I)
_UP_TO = re.compile(r"\b(?:(?:can't|cannot|can not|may not|must not|never) exceed|up to|upper (?:end|bound|limit)(?: (?:is|of|at|lies at))?|at most|no (?:more|higher) than|as (?:high|far) as|maximum (?:is|of)|limited to|capped at|tops out at|ends at|as many as)\s+(?:about |around |roughly )?$", re.I)  # fmt: skip
_DOWN_TO = re.compile(r"\b(?:down to|lower (?:end|bound|limit)(?: (?:is|of|at|lies at))?|at least|no (?:less|lower) than|as low as|minimum (?:is|of)|starts? (?:at|from))\s+(?:about |around |roughly )?$", re.I)  # fmt: skip
_MAY = re.compile(r"\b(?:can't|cannot|may|can|could|allow\w*|range\w*|search\w*|space|limit\w*|bound\w*|go(?:es)? (?:up|down) to|tuned|declared|cap\w*)\b", re.I)  # fmt: skip
_CHANGES = re.compile(r"\b(?:rose|ris\w+|fell|fall\w*|went|moved|moves|chang\w*|increas\w*|decreas\w*|grew|grow\w*|drop(?:s|ped)|rais\w*|lower\w*|halv\w*|doubl\w*|cut|shrank|jump\w*)\b", re.I)  # fmt: skip
_STEP = re.compile(
    r"\b(?:optimum|best|seems?|goes|going|go|cut\w*|down|up|step\w*|mov\w*|lies?|is|was)\b[^.;]{0,30}\b(?:from|between)\s+$|\bfrom\s+$",
    re.I,
)
_DECLARED = re.compile(r"\b(?:declared|in principle|originally|by default|in general)\b", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Two ends that are known."""

    low: float
    high: float
    confidence: float | None = None
    subject: Subject | None = None
    minus: Subject | None = None  # of a difference

    @property
    def turned(self) -> "Interval":
        """The same difference the other way round."""
        return Interval(
            low=-self.high, high=-self.low, confidence=self.confidence, subject=self.minus, minus=self.subject
        )

    def is_said(self, first: Amount, second: Amount) -> bool:
        """Whether two numbers are its ends; both without their sign where it lies on one side of 0."""
        if _is(first, self.low) and _is(second, self.high):
            return True
        is_beyond = self.low < 0 and self.high < 0 and not (first.is_signed or second.is_signed)
        if is_beyond and first.stands_for(self.high) and second.stands_for(self.low):
            return True
        return is_beyond and first.stands_for(self.low) and second.stands_for(self.high)


def _is(amount: Amount, value: float) -> bool:
    """Whether an end is this value, its sign and all."""
    written = amount.value
    is_same_side = written * value > 0 or abs(value) < amount.precision or written == value
    return is_same_side and amount.stands_for(value)


def judge_intervals(sentence: Sentence, known: Known) -> tuple[list[Verdict], set[int]]:
    """The verdicts, and the places of the numbers that they are of."""
    found: list[Verdict] = []
    done: set[int] = set()
    if sentence.mood == "asks" or sentence.is_row:
        return found, done
    for first, second in _pairs(sentence):
        if first.start in done or (known_ends := _candidates(first, second, sentence, known)) is None:
            continue
        level = _level(sentence)
        if (
            first.is_whole
            and second.is_whole
            and not any(one.low.is_integer() or one.high.is_integer() for one in known_ends)
        ):
            continue  # whole numbers are no ends of what is measured
        holds = [one for one in known_ends if one.is_said(first, second)]
        text = sentence.text[first.start : second.end]
        shown = " or ".join(dict.fromkeys(f"{one.low:.4g} to {one.high:.4g}" for one in known_ends[:2]))
        if not holds:
            found.append(Verdict(outcome="contradicted", claim=text, kind="interval", why=f"it is {shown}"))
        elif level and all(one.confidence not in (None, level.value) for one in holds):
            why = f"that interval is one of {holds[0].confidence:.0%}"
            found.append(Verdict(outcome="contradicted", claim=level.text, kind="interval", why=why))
        else:
            found.append(Verdict(outcome="checked", claim=text, kind="interval"))
        done |= {first.start, second.start, *([level.start] if level else [])}
    for amount in sentence.amounts:
        if amount.start not in done and (verdict := _one_end(amount, sentence, known)):
            found.append(verdict)
            done.add(amount.start)
    return found, done


def _pairs(sentence: Sentence) -> Iterator[tuple[Amount, Amount]]:
    """Two numbers that a sentence gives as ends."""
    text = sentence.text
    for first, second in zip(sentence.amounts, sentence.amounts[1:], strict=False):
        gap = text[first.end : second.start]
        if not _GAP.fullmatch(gap) or not _OPENS.search(text[: first.start]):
            continue
        is_open = re.search(r"\b(?:between|within)\s+\S*\s*$", text[: first.start], re.I) is not None
        if (
            re.search(r"\band\b", gap)
            and not is_open
            and not re.search(r"\bbetween\b", text[max(0, first.start - 20) : first.start], re.I)
        ):
            continue
        if "," in gap and "[" not in text[max(0, first.start - 3) : first.start]:
            continue
        if first.unit == second.unit or first.unit == "":
            yield first, second


def _level(sentence: Sentence) -> Amount | None:
    """The confidence that the sentence gives."""
    levels = [a for a in sentence.amounts if a.unit == "share" and 0.5 <= a.value < 1]
    near = [
        a
        for a in levels
        if re.match(
            r"\W*(?:\w+\s+)?(?:interval|confidence|ci\b|credible|sure|certain|over|\))", sentence.text[a.end :], re.I
        )
    ]
    return next(iter(near), None)


def _candidates(first: Amount, second: Amount, sentence: Sentence, known: Known) -> Sequence[Interval] | None:
    """The intervals that may be meant; None where the two numbers are no ends of one."""
    text = sentence.text
    if re.search(r"\bscale\b|\bratings?\b|\bstars?\b", text, re.I) and "weight_min" in known.numbers and first.is_whole:
        return [
            Interval(low=f.number or 0.0, high=g.number or 0.0)
            for f, g in zip(known.numbers["weight_min"], known.numbers["weight_max"], strict=False)
        ]
    if first.unit in ("s", "ms", "bytes", "points"):
        return None
    speaks = _SPEAKS.search(text) is not None
    param = _param_before(first, sentence)
    if param and (not speaks or _MAY.search(text)):
        return _of_param(param, first, sentence, known)
    is_one = re.search(
        r"\b(?:between|within|from)\s+(?:about |around |roughly )?\+?[-−]?$|\[$", text[: first.start], re.I
    )
    if not is_one and not speaks:
        return None
    is_prediction = _PREDICTED.search(text) is not None and sentence.has(
        r"\bpredict\w*|\bexpect\w*|\bforecast|\bmodel is\b|\bwill\b|\bgp\b"
    )
    if is_prediction and (found := list(_predictions(sentence, known))):
        return found
    if (speaks or _BY.search(text)) and (_DIFFERS.search(text) or not _values(sentence, known)):
        return _differences(sentence, known) or None
    if speaks:
        return _values(sentence, known) or None
    if re.search(r"\b(?:with|whose|of these|two|three|four|five)\b", text[: first.start], re.I):
        return None  # of some of them
    if re.search(
        r"\brang\w+\b|\bspan\w*\b|\bvar(?:y|ies|ied)\b|\bspread\b|\blie\b|\ball (?:lie|fall|are)\b",
        text[: first.start],
        re.I,
    ):
        return _spread(sentence, known)
    return None


def _param_before(amount: Amount, sentence: Sentence) -> tuple[str, ...]:
    """The names of the param that stands last before the number, and has no number of its own since."""
    start, _ = sentence.clause(amount.start)
    near = [m for m in sentence.mentions if m.kind == "param" and m.end <= amount.start]
    if not near:
        after = [m for m in sentence.mentions if m.kind == "param" and 0 <= m.start - amount.end < 25]
        return after[0].names if after and re.search(r"\bup to\s*$", sentence.text[: amount.start], re.I) else ()
    is_far = any(near[-1].end <= one.start < amount.start for one in sentence.amounts) and near[-1].start < start
    return () if is_far else near[-1].names


def _of_param(names: tuple[str, ...], first: Amount, sentence: Sentence, known: Known) -> Sequence[Interval] | None:
    """The ranges that a param is searched in; None where the numbers are values of trials."""
    if _STEP.search(sentence.text[: first.start]) and not _MAY.search(sentence.text):
        return None
    has_trial = any(s.kind == "trial" for w in sentence.whos if w.role != "model" for s in w.subjects)
    if _CHANGES.search(sentence.text[: first.start]) and not sentence.has(r"\brange\b|\bsearch"):
        return None
    if (has_trial and not _MAY.search(sentence.text)) or (
        sentence.mood == "advises" and not _MAY.search(sentence.text)
    ):
        return None
    return list(ranges_of(names, first, sentence, known)) or None


def ranges_of(names: tuple[str, ...], place: Amount, sentence: Sentence, known: Known) -> Iterator[Interval]:
    """What a space gives a param of the models that are named before it, else of all."""
    models = [str(s.value) for s in sentence.said.of("model", end=place.start)][-1:]
    lows = ("declared.low", "declared.high") if _DECLARED.search(sentence.text) else ("low", "high")
    of_name = [s for s in known.by_subject if s.kind == "param" and s.name in names and known.values(s, "default")]
    owned = [s for s in of_name if s.study in models] or of_name
    for subject in owned:
        low, high = (known.number(subject, name) for name in lows)
        low, high = (low, high) if low is not None else (known.number(subject, "low"), known.number(subject, "high"))
        choices = [f.number for f in known.values(subject, "choice") if f.number is not None]
        if low is not None and high is not None:
            yield Interval(low=low, high=high, subject=subject)
        elif choices:
            yield Interval(low=min(choices), high=max(choices), subject=subject)


def _predictions(sentence: Sentence, known: Known) -> Iterator[Interval]:
    spoken = {who.one for who in sentence.whos if who.one}
    for subject in known.by_subject:
        ends = known.number(subject, "expected.low"), known.number(subject, "expected.high")
        if subject.kind != "trial" or ends[0] is None or ends[1] is None:
            continue
        if not spoken or subject in spoken or known.is_only_proposed(subject):
            level = known.number(subject, "expected.confidence")
            yield Interval(low=ends[0], high=ends[1], confidence=level, subject=subject)


def _differences(sentence: Sentence, known: Known) -> list[Interval]:
    """Of the pair that is named, each way round unless "A minus B" or "over" says which."""
    is_test = _TEST.search(sentence.text) is not None
    found = []
    trials = [s for who in sentence.whos for s in who.subjects if s.kind in ("trial", "baseline")]
    spoken = list(dict.fromkeys(trials))
    for fact in known.differences:
        if fact.low is None or fact.high is None or fact.minus is None or (fact.part == "test") != is_test:
            continue
        if len(spoken) >= 2 and not {fact.subject, fact.minus} <= set(spoken):
            continue
        if len(spoken) == 1 and not {fact.subject, fact.minus} & set(spoken):
            continue
        level = known.number(Subject(kind="study", name=fact.subject.study), "paired.confidence") or 0.95
        one = Interval(low=fact.low, high=fact.high, confidence=level, subject=fact.subject, minus=fact.minus)
        order = said_order(sentence)
        found += [way for way in (one, one.turned) if order is None or (way.subject, way.minus) == order]
    return found


_MINUS = re.compile(r"^\s*(?:-|−|–)\s*$")
_SIGNED = re.compile(r"\b(?:gain|improvement|advantage|lead|edge)\b", re.I)


def said_order(sentence: Sentence) -> tuple[Subject, Subject] | None:
    """What is taken from what: of "trial 6 minus trial 1", and of a gain, which is the better one's."""
    whos = [who for who in sentence.whos if who.one and who.one.kind in ("trial", "baseline")]
    for first, second in itertools.pairwise(whos):
        if _MINUS.match(sentence.text[first.end : second.start]) and first.one and second.one:
            return first.one, second.one
    return None


def _values(sentence: Sentence, known: Known) -> list[Interval]:
    """Of single values: of the trials and baselines that are named."""
    is_test = _TEST.search(sentence.text) is not None
    found = []
    for who in sentence.whos:
        for subject in who.subjects:
            if subject.kind == "baseline" and not is_test:
                low, high = known.number(subject, "low"), known.number(subject, "high")
                found += (
                    [Interval(low=low, high=high, confidence=0.95, subject=subject)]
                    if low is not None and high is not None
                    else []
                )
            for fact in known.values(subject, known.objective(subject.study)):
                if fact.low is not None and fact.high is not None and (fact.part == "test") == is_test:
                    found.append(Interval(low=fact.low, high=fact.high, confidence=0.95, subject=subject))
                elif (
                    (half := known.number(subject, "half_width") or known.number(subject, "uncertainty"))
                    and fact.number is not None
                    and fact.part != "test"
                ):
                    found.append(
                        Interval(low=fact.number - half, high=fact.number + half, confidence=0.95, subject=subject)
                    )
    return found


def _spread(sentence: Sentence, known: Known) -> Sequence[Interval] | None:
    """Of the values of trials: sasrec trials range from 0.022 to 0.206."""
    study = study_of(sentence, known)
    models = [str(s.value) for s in sentence.said.of("model")]
    named = [
        n for m in sentence.mentions if m.kind in ("metric", "param") for n in known.numbers if is_named(n, m.names)
    ]
    name = named[0] if named else known.objective(study)
    trials = [t for t in known.trials(study) if not models or known.value(t, "model") in models]
    found = []
    for members in (trials, [t for t in trials if known.value(t, "state") in ("complete", None)]):
        values = [v for t in members if (v := known.number(t, name)) is not None]
        found += [Interval(low=min(values), high=max(values))] if values else []
    return found if known.is_whole(study) and found else None


def _one_end(amount: Amount, sentence: Sentence, known: Known) -> Verdict | None:
    """A number that is one end: dropout may go up to 0.7; the interval ends at 0.285."""
    before = sentence.text[: amount.start]
    up, down = _UP_TO.search(before), _DOWN_TO.search(before)
    if not (up or down) or amount.unit not in ("", "share"):
        return None
    names = _param_before(amount, sentence)
    if names and _MAY.search(sentence.text) and not any(w.one and w.one.kind == "trial" for w in sentence.whos):
        found = list(ranges_of(names, amount, sentence, known))
    elif _SPEAKS.search(sentence.text) and _PREDICTED.search(sentence.text):
        found = list(_predictions(sentence, known))
    else:
        return None
    if not found:
        return None
    ends = [one.high if up else one.low for one in found]
    holds = any(replace(amount, bound=0, is_about=False).stands_for(end) for end in ends)
    why = "" if holds else f"it is {ends[0]:.4g}"
    return Verdict(outcome="checked" if holds else "contradicted", claim=amount.text, kind="interval", why=why)
