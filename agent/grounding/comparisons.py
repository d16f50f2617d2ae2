"""Claims that one beats another, judged by the known values: better, higher, faster, more, ahead of."""

import re
from dataclasses import dataclass, replace

from agent.grounding.attributes import is_named
from agent.grounding.fact import Subject
from agent.grounding.known import Known, sign_of
from agent.grounding.sentence import Sentence
from agent.grounding.subjects import Who
from agent.grounding.verdict import Verdict
from recmodels.metrics import METRICS

_BETTER = r"better|ahead(?= on| in)|stronger|beat(?:s|en|ing)?|outperform\w*|ahead of|surpass\w*|superior|won (?:over|against)|wins over|improve\w* (?:on|over|upon)|exceed\w*|outdid|outscor\w*|edge[sd]? out|overtak\w*|overtook|best(?:s|ed) |(?:leads|led)(?= (?:the |trial|it\b))"
_WORSE = r"worse|weaker|behind|trail(?:s|ed|ing)\b(?! \d)|lost to|loses to|inferior|falls? short of|fell short of|underperform\w*"
_MORE = r"higher|more|larger|greater|bigger|longer|above|over twice|wider|broader"
_LESS = r"lower(?! quartile| end| bound| limit| half)|less|fewer|smaller|shorter|below|narrower|under half"
_FASTER = r"faster|quicker"
_SLOWER = r"slower"
_SPEAKS = re.compile(
    rf"\b(?:(?P<better>{_BETTER})|(?P<worse>{_WORSE})|(?P<faster>{_FASTER})|(?P<slower>{_SLOWER})|(?P<more>{_MORE})|(?P<less>{_LESS}))\b",
    re.I,
)
_NOT = re.compile(
    r"(?:\b(?:not|never|no|neither|nor|without being|rather than|instead of|hardly|cannot)|n't)\s+(?!(?:far|much|long)\b)(?:\w+\s+){0,2}$",
    re.I,
)
_CLEAR = re.compile(
    r"\b(?:clear\w*|significan\w*|certain\w*|beyond (?:the )?(?:noise|chance)|for sure|real|decisive\w*|reliabl\w*|convincing\w*|definite\w*)\b",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Who is said to lie above whom, in what."""

    subject: Who
    other: Who
    attribute: str
    sign: int  # 1: the subject has more
    is_negated: bool
    text: str
    is_test: bool = False


def judge_comparisons(sentence: Sentence, known: Known) -> list[Verdict]:
    """The comparisons that the sentence makes between those whom it names."""
    if sentence.mood == "asks":
        return []
    return [verdict for one in _comparisons(sentence, known) if (verdict := _judged(one, known))]


def _comparisons(sentence: Sentence, known: Known) -> list[Comparison]:
    found = []
    for match in _SPEAKS.finditer(sentence.text):
        if sentence.is_covered(match.start()):
            continue
        pair = _pair(match.start(), match.end(), sentence)
        is_negated = _NOT.search(sentence.text[: match.start()])
        pair = pair or _implied(match, sentence, known)
        if pair is None or (is_negated and _CLEAR.search(is_negated[0])):  # not clearly better may well be better
            continue
        kind = str(match.lastgroup)
        named = _attribute(match.end(), match.start(), kind, sentence, known, pair[0])
        if named is None:
            continue
        found += [
            Comparison(
                subject=pair[0],
                other=pair[1],
                attribute=attribute,
                sign=_sign(kind, attribute),
                is_negated=is_negated is not None,
                text=match[0],
            )
            for attribute in _listed(match.end(), kind, sentence, known) or [named]
        ]
        is_test = sentence.has(r"\b(?:on|in) (?:the )?test\b|\btest (?:part|set|data)")
        found = [replace(one, is_test=is_test and "@" in one.attribute) for one in found]
    return found


def _implied(match: "re.Match[str]", sentence: Sentence, known: Known) -> tuple[Who, Who] | None:
    """The other one of two that were compared: trial 6 has the better recall@10."""
    whos = [who for who in sentence.whos if who.one and who.one.kind == "trial"]
    pairs = [(f.subject, f.minus) for f in known.differences if f.minus and f.part != "test"]
    named = {who.one for who in whos}
    behind = sentence.text[match.end() : match.end() + 12]
    is_full = re.match(r"\s*(?:than|by\b|trial|it\b)", behind, re.I) or sentence.amounts or sentence.has(r"\bthan\b")
    if len(named) != 1 or is_full or not whos or whos[0].start > match.start():
        return None
    others = {other for pair in pairs if whos[0].one in pair for other in pair if other != whos[0].one}
    if len(others) != 1:
        return None
    return whos[0], Who(start=match.end(), end=match.end(), subjects=(next(iter(others)),), role="trial")


def _listed(place: int, kind: str, sentence: Sentence, known: Known) -> list[str]:
    """All of several attributes: better on ndcg, recall and latency."""
    lead = re.search(r"\b(?:on|in|by|for|both in)\s+(?:both\s+)?", sentence.text[place:], re.I)
    _, end = sentence.clause(place)
    behind = [
        m
        for m in sentence.mentions
        if m.kind == "metric" and lead and place + lead.end() <= m.start < max(end, place + 1)
    ]
    names = [next((n for n in known.numbers if is_named(n, m.names)), "") for m in behind]
    return [name for name in dict.fromkeys(names) if name] if kind in ("better", "worse") and len(behind) > 1 else []


def _sign(kind: str, attribute: str) -> int:
    if kind in ("more", "less"):
        return 1 if kind == "more" else -1
    if kind in ("faster", "slower"):
        return -1 if kind == "faster" else 1
    return sign_of(attribute) * (1 if kind == "better" else -1)


def _pair(start: int, end: int, sentence: Sentence) -> tuple[Who, Who] | None:
    """Who stands before the word and who behind it: trial 6 is better than trial 1."""
    left, _ = sentence.clause(start)
    whos = [who for who in sentence.whos if who.subjects and who.subjects[0].kind in ("trial", "baseline", "model")]
    before = [who for who in whos if who.end <= start]
    behind = [who for who in whos if who.start >= end]
    first = (
        before[0]
        if before
        and re.match(
            r"\W*(?:compared (?:with|to)|unlike|relative to)\s+(?:the\s+)?$", sentence.text[: before[0].start], re.I
        )
        else None
    )
    if first and len(before) > 1 and not behind:
        return before[-1], first
    if not before or not behind:
        return None
    gap = sentence.text[end : behind[0].start]
    if re.match(r"above|below|over|more|less|under", sentence.text[start:end], re.I) and any(
        end <= a.start < behind[0].start for a in sentence.amounts
    ):  # below 0.15, which is no subject
        return None
    if (
        re.search(r"\bby\b|\bbeaten\b|;", gap + sentence.text[max(0, start) : end], re.I)
        and re.search(r"beaten|surpassed|outperformed", sentence.text[start:end], re.I)
        and re.match(r"\s*by\b", gap)
    ):
        return behind[0], before[0]
    if not re.search(
        r"\b(?:than|over|of|to|on|upon|above|below)\b|^\s*(?:the\s+)?(?:current |present |so far |previous |old )?$",
        gap,
        re.I,
    ):
        return None
    near = [who for who in before if who.start >= left] or before
    subject = (
        near[0]
        if not re.search(r"\b(?:than|over|against|to|on)\s+(?:the\s+)?$", sentence.text[: near[0].start], re.I)
        else near[-1]
    )
    return subject, behind[0]


def _attribute(end: int, start: int, kind: str, sentence: Sentence, known: Known, who: Who) -> str | None:
    """What is compared: the metric or param that is named in the clause, else what the word itself says."""
    left, right = sentence.clause(start)
    kinds = ("metric",) if kind in ("better", "worse") else ("metric", "param")
    near = [m for m in sentence.mentions if left <= m.start < max(right, end + 40) and m.kind in kinds]
    is_by_much = any(0 <= start - a.end <= 1 for a in sentence.amounts)  # 0.02 less than, which is a value
    if is_by_much or re.match(r"above|below", sentence.text[start:end], re.I):
        near = [m for m in near if m.kind == "metric"]
    near = [m for m in near if m.kind == "metric" or 0 <= start - m.end < 12 or 0 <= m.start - end < 12]
    if kind in ("more", "less", "better", "worse") and near:
        chosen = min(near, key=lambda m: min(abs(m.start - end), abs(start - m.end)))
        named = [name for name in known.numbers if is_named(name, chosen.names)]
        return named[0] if named else None
    study = who.subjects[0].study
    if kind in ("faster", "slower"):
        return (
            "train_s"
            if sentence.has(r"\btrain\w*|\bto train|fit\w*") or not known.numbers.get("latency_ms")
            else "latency_ms"
        )
    if kind in ("more", "less"):
        follows = sentence.text[end : end + 12]
        if sentence.has(r"\b(?:took|takes?|train\w*) \w*\s*(?:longer|shorter)") and "train_s" in known.numbers:
            return "train_s"
        is_place = re.match(r"above|below", sentence.text[start:end], re.I)
        if (is_place or re.match(r"\s*(?:than|the)\b", follows)) and not sentence.has(
            r"\b(?:time|took|long\w*|epochs?|seconds?|ms)\b"
        ):
            return known.objective(study) or None
        return None
    return known.objective(study) or None


_ALL_BASELINES = re.compile(
    rf"\b(?:(?P<better>{_BETTER}|above)|(?P<worse>{_WORSE}|below))\s+(?P<which>both|all|either|any|neither)(?: of)?(?: the)?(?: \w+)? baselines?\b",
    re.I,
)


def judge_all_baselines(sentence: Sentence, known: Known) -> list[Verdict]:
    """The best trial beats both baselines."""
    match = _ALL_BASELINES.search(sentence.text)
    if not match or sentence.mood == "asks":
        return []
    trials = [who.one for who in (*sentence.whos, *sentence.before) if who.one and who.one.kind == "trial"]
    trial = trials[0] if trials else known.best()
    name = known.objective(trial.study if trial else "")
    value = known.number(trial, name) if trial else None
    bars = [v for s in known.by_subject if s.kind == "baseline" and (v := known.number(s, name)) is not None]
    if value is None or not bars:
        return []
    sign = sign_of(name) * (1 if match["better"] else -1)
    each = [sign * (value - bar) > 0 for bar in bars]
    is_negated = _NOT.search(sentence.text[: match.start()]) is not None
    holds = (any(each) if match["which"].lower() in ("either", "any") else all(each)) != is_negated
    why = "" if holds else f"{value:.4g} against {', '.join(f'{bar:.4g}' for bar in bars)}"
    return [Verdict(outcome="checked" if holds else "contradicted", claim=match[0], kind="comparison", why=why)]


_OF_BASELINES = re.compile(
    r"\b(?P<up>stronger|better|strongest|best|harder)|\b(?P<down>weaker|worse|weakest|worst|easier)", re.I
)


def judge_baselines(sentence: Sentence, known: Known) -> list[Verdict]:
    """Which of the baselines is the stronger one."""
    match = _OF_BASELINES.search(sentence.text)
    whos = [s for who in sentence.whos for s in who.subjects if s.kind == "baseline"]
    is_said = re.search(
        r"\b(?:of the (?:\w+ )?baselines|(?:stronger|weaker|better|worse|best|strongest|weakest) baseline)\b",
        sentence.text,
        re.I,
    )
    if not match or not is_said or len(set(whos)) != 1 or sentence.mood == "asks":
        return []
    name = known.objective(whos[0].study)
    values = {
        s: value for s in known.by_subject if s.kind == "baseline" and (value := known.number(s, name)) is not None
    }
    sign = sign_of(name) * (1 if match["up"] else -1)
    if whos[0] not in values or len(values) < 2:
        return []
    holds = whos[0] == max(values, key=lambda one: sign * values[one])
    why = ", ".join(f"{one.name} {value:.4g}" for one, value in values.items())
    return [
        Verdict(
            outcome="checked" if holds else "contradicted", claim=match[0], kind="comparison", why="" if holds else why
        )
    ]


def _judged(one: Comparison, known: Known) -> Verdict | None:
    first, second = _values(one.subject, one, known), _values(_without(one.subject, one.other), one, known)
    if not first or not second:
        return Verdict(
            outcome="unknown", claim=one.text, kind="comparison", why=f"{one.attribute} of both is not known"
        )
    if set(one.subject.subjects) == set(one.other.subjects):
        return None
    if _top(first, one.attribute) == _top(second, one.attribute) and set(one.subject.subjects) & set(
        one.other.subjects
    ):
        return None
    holds = one.sign * (_top(first, one.attribute) - _top(second, one.attribute)) > 0
    if holds != one.is_negated:
        return Verdict(outcome="checked", claim=one.text, kind="comparison")
    why = f"{one.attribute} is {_top(first, one.attribute):.4g} against {_top(second, one.attribute):.4g}"
    return Verdict(outcome="contradicted", claim=one.text, kind="comparison", why=why)


def _without(who: Who, other: Who) -> Who:
    """The other, where it is a model that the first one ran: its baseline, or its other trials."""
    if other.role != "model" or not who.one or who.one not in other.subjects:
        return other
    baselines = tuple(s for s in other.subjects if s.kind == "baseline")
    return replace(other, subjects=baselines or tuple(s for s in other.subjects if s != who.one))


def _values(who: Who, compared: Comparison, known: Known) -> list[float]:
    attribute, is_test = compared.attribute, compared.is_test
    found = [v for subject in who.subjects if (v := known.number(subject, attribute, is_test=is_test)) is not None]
    proposed = [s for s in who.subjects if known.is_only_proposed(s) and attribute == known.objective(s.study)]
    return found or [value for s in proposed if (value := known.number(s, "expected")) is not None]


def _top(values: list[float], attribute: str) -> float:
    """What a model with several trials stands by: its best."""
    is_metric = attribute.partition("@")[0] in METRICS
    return max(values, key=lambda value: sign_of(attribute) * value) if is_metric else max(values)


def judge_clearness(sentence: Sentence, known: Known) -> list[Verdict]:
    """Whether a difference is said to be clear, or not to be, as the paired test has it."""
    says = _clear_said(sentence)
    if (
        says is None
        or sentence.mood == "asks"
        or sentence.has(r"\b(?:would|will|should) (?:\w+ )*(?:turn out|become|be|get)\b")
    ):
        return []
    found = [
        fact
        for fact in known.differences
        if fact.is_clear is not None and _is_spoken_of(fact.subject, fact.minus, sentence, known)
    ]
    claim = "clear" if says else "not clear"
    if not found:
        return [_by_group(sentence, known, says, claim)]
    holds = any(fact.is_clear == says for fact in found)
    why = f"{found[0].subject} minus {found[0].minus}: {found[0].low:.3g} to {found[0].high:.3g}"
    return [Verdict(outcome="checked" if holds else "contradicted", claim=claim, kind="clear", why=why)]


_SAYS_NOT = re.compile(
    r"(?:\b(?:not|no|never|cannot|without)|n't)\s+(?:\w+\s+){0,4}(?:separated|clear\w*|significan\w*|certain|reliabl\w*|convincing\w*|distinguish\w*|tell|told|real|proof|evidence)|"
    r"\bwithin (?:the )?(?:noise|chance|error|margin)|\b(?:may|might|could) (?:\w+ )?be (?:\w+ )?(?:chance|noise|luck|a fluke)|\bdown to luck|\ba fluke|indistinguishable|statistically (?:on a par|tied|equal|as good|the same|alike|level)|on a par|cannot be told|can't be told|unclear|"
    r"(?:includes?|contains?|crosses|spans|straddles) (?:0|zero)|statistical tie|insignifican\w*|too close to call|by chance|just noise|down to (?:chance|noise)",
    re.I,
)
_SAYS = re.compile(
    r"\bclear(?:ly)?\b(?! that)|\bsignificant(?:ly)?\b|beyond (?:the )?(?:noise|chance)|(?:leaves?|excludes?) (?:0|zero)(?: out)?|does(?:n't| not) (?:include|contain|cross) (?:0|zero)|"
    r"statistically|\breal (?:difference|gain|improvement|win)|\b(?:not|n't|more than) (?:just )?(?:noise|chance|luck)|decisive\w*|convincing\w*",
    re.I,
)


def _clear_said(sentence: Sentence) -> bool | None:
    text = sentence.text
    if re.search(
        r"does(?:n't| not) (?:include|contain|cross) (?:0|zero)|(?:\bnot|n't|more than) (?:just |mere |only )?(?:noise|chance|luck|by chance|due to chance)|leaves? (?:0|zero)",
        text,
        re.I,
    ):
        return True
    if _SAYS_NOT.search(text):
        return False
    return True if _SAYS.search(text) else None


def _is_spoken_of(first: Subject, second: Subject | None, sentence: Sentence, known: Known) -> bool:
    spoken = list(dict.fromkeys(who.trial for who in sentence.whos if who.trial))
    if len(spoken) < 2:
        spoken += [who.one for who in sentence.before if who.one and who.one.kind == "trial" and who.one not in spoken]
    if len(spoken) >= 2:
        return {first, second} == set(spoken[:2])
    ends = {first, second}
    return not spoken or (
        spoken[0] in ends and bool(ends & {known.best(first.study), known.defaults(first.study)} - {spoken[0]})
    )


def _by_group(sentence: Sentence, known: Known, says: bool, claim: str) -> Verdict:
    """Against the group that cannot be told apart from the best."""
    spoken = [who.one for who in sentence.whos if who.one and who.one.kind == "trial"]
    best = known.best(spoken[0].study if spoken else "")
    others = [trial for trial in spoken if trial != best]
    flags = [known.value(trial, name) for trial in others for name in ("in_group", "is_like_best")]
    flags = [flag for flag in flags if isinstance(flag, bool)]
    if best in spoken and flags:
        holds = flags[0] != says
        return Verdict(
            outcome="checked" if holds else "contradicted", claim=claim, kind="clear", why="the group of the best"
        )
    from agent.grounding.quoted import texts_say

    said = texts_say(sentence, known, says)
    if said is not None:
        why = "" if said else "a result says otherwise"
        return Verdict(outcome="checked" if said else "contradicted", claim=claim, kind="clear", why=why)
    return Verdict(outcome="unknown", claim=claim, kind="clear", why="no paired test of these is known")
