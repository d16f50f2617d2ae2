"""Claims that something rose or fell from one trial to another, is just as fast, or lies above the default."""

import itertools
import re
from collections.abc import Iterator

from agent.grounding.attributes import Mention, is_named
from agent.grounding.fact import Subject
from agent.grounding.known import Known
from agent.grounding.sentence import Sentence
from agent.grounding.verdict import Verdict
from recmodels.models import MODELS

_UP = r"rises?|rose|rising|climbs?|climbed|increas(?:es?|ed)|grows?|grew|goes up|went up|gains?|gained|raises?|raised|improves?|improved|adds?|buys?|jumps?|jumped"
_DOWN = r"falls?|fell|drops?|dropped|decreas(?:es?|ed)|goes down|went down|goes (?:actually )?down|sinks?|sank|loses?|lost|costs?|shrinks?|shrank|lowers?|lowered|sacrifices?|gives up|gave up|declines?|declined|worsens?"
_MOVES = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\b(?! to\b(?! (?:trial|the)))", re.I)
_TAKES = re.compile(r"^(?:gains?|gained|raises?|raised|improves?|improved|adds?|buys?|loses?|lost|costs?|lowers?|lowered|sacrifices?|gives up|gave up|increas\w*|decreas\w*)$", re.I)  # fmt: skip
_FROM_TO = re.compile(r"\bfrom\s+(?:the\s+)?$", re.I)
_AGAINST = re.compile(
    r"\b(?:compared (?:to|with)|than|over|against|relative to|versus|vs\.?|from .{1,20} (?:with|in|of|for))\s+(?:the\s+)?$",
    re.I,
)
_NOT = re.compile(r"(?:\b(?:not|never|no|hardly|neither|nor)|n't)\s+(?:\w+\s+){0,2}$", re.I)
_AS = re.compile(r"\b(?P<lead>\w+\s+)?(?:just |equally |exactly |about |roughly |practically )?as (?P<word>fast|quick|slow|good|accurate|large|big|high|wide|long|well)\s+as\b", re.I)  # fmt: skip
_CLOSE = 0.15  # a share: closer values may be called the same
_SIZE = re.compile(
    r"\b(?:(?P<up>larger|higher|more|bigger|longer|wider|greater|stronger|heavier|deeper)|(?P<down>smaller|lower|fewer|less|shorter|narrower|weaker|lighter|shallower))\s+(?P<what>(?:\w+\s+){0,3}?\w+)(?=\s*(?:,|\.|$|than\b|and\b|but\b))",
    re.I,
)
_THAN_DEFAULT = re.compile(r"\bthan (?:the |its |by )?defaults?\b(?! (?:trial|run))", re.I)


def judge_changes(sentence: Sentence, known: Known) -> list[Verdict]:
    """All claims of this kind."""
    if sentence.mood != "states":
        return []
    return [
        *_moves(sentence, known),
        *_from_to(sentence, known),
        *_alikes(sentence, known),
        *_against_defaults(sentence, known),
    ]


def _moves(sentence: Sentence, known: Known) -> Iterator[Verdict]:
    pair = _pair(sentence, known)
    if pair is None:
        return
    new, old = pair
    for match in _MOVES.finditer(sentence.text):
        is_up = (match["up"] is not None) != (_NOT.search(sentence.text[: match.start()]) is not None)
        for mention in _moved(match, sentence):
            name = next((n for n in known.numbers if is_named(n, mention.names)), "")
            first, second = known.number(new, name), known.number(old, name)
            if first is None or second is None or first == second:
                continue
            holds = (first > second) == is_up
            yield _verdict(match[0], f"{name} is {second:.4g} in {old} and {first:.4g} in {new}", holds=holds)


def _moved(match: "re.Match[str]", sentence: Sentence) -> list[Mention]:
    """What rose: the metric or param in front of the verb, or those behind one that takes an object."""
    start, end = sentence.clause(match.start())
    named = [m for m in sentence.mentions if m.kind in ("metric", "param")]
    behind = [m for m in named if match.end() <= m.start < max(end, match.end())]
    before = [m for m in named if start <= m.start < match.start()]
    other = next((m.start() for m in _MOVES.finditer(sentence.text, match.end())), len(sentence.text))
    price = re.compile(r"\b(?:for|at the (?:cost|price|expense) of|against|in exchange for)\b", re.I).search(
        sentence.text, match.end()
    )
    other = min(other, price.start() if price else other)
    if _TAKES.match(match[0]) and (behind := [m for m in behind if m.start < other]):
        return behind
    last = before[-1:]
    has_own = last and last[0].kind == "param" and any(last[0].end <= a.start < match.start() for a in sentence.amounts)
    return [] if has_own else last  # l2 = 263 loses 0.01, which is no l2


def _pair(sentence: Sentence, known: Known) -> tuple[Subject, Subject] | None:
    """The trial that is moved to, and that which it is compared with."""
    whos = [who for who in sentence.whos if who.one and who.one.kind in ("trial", "baseline")]
    for first, second in itertools.pairwise(whos):
        is_to = re.fullmatch(r"\s*to\s+(?:the\s+)?", sentence.text[first.end : second.start], re.I)
        if is_to and _FROM_TO.search(sentence.text[: first.start]):
            return (second.one, first.one) if first.one and second.one else None
    compared = [who for who in whos if _AGAINST.search(sentence.text[: who.start])]
    others = [who.one for who in whos if who not in compared and who.one]
    topic = next((w.one for w in sentence.before if w.one and w.one.kind == "trial"), None)
    if len(compared) == 1 and compared[0].one:
        new = others[0] if others else topic
        return (new, compared[0].one) if new and new != compared[0].one else None
    return None


def _from_to(sentence: Sentence, known: Known) -> Iterator[Verdict]:
    """The learning rate was raised from 0.002 to 0.0065: the second is what the trial has that is spoken of."""
    for first, second in itertools.pairwise(sentence.amounts):
        is_pair = re.fullmatch(
            r"\s*(?:up |down )?to\s+(?:about |around )?", sentence.text[first.end : second.start], re.I
        )
        before = sentence.text[: first.start]
        if not is_pair or not re.search(r"\bfrom\s+(?:about |around )?$", before, re.I) or first.unit != second.unit:
            continue
        named = [m for m in sentence.mentions if m.kind == "param" and m.end <= first.start]
        names = [n for m in named[-1:] for n in m.names if n in known.numbers]
        pair = _pair(sentence, known)
        spoken = [w for w in sentence.whos if w.one and w.one.kind == "trial" and not w.is_pronoun]
        topic = next((w.one for w in sentence.before if w.one and w.one.kind == "trial"), None)
        new = pair[0] if pair else topic if not spoken else spoken[0].one if spoken[0].start < 15 else None
        value = known.number(new, names[0]) if new and names else None
        if value is None or sentence.has(r"\brange|\bsearch|\btrials\b"):
            continue
        if known.about and (own := known.number(known.about, names[0])) is not None and second.stands_for(own):
            continue
        is_turned = first.stands_for(value) and not second.stands_for(value)
        if is_turned and len({w.one for w in sentence.whos if w.one and w.one.kind == "trial"}) < 2:
            yield _verdict(f"from {first.text} to {second.text}", f"{new} has {value:.4g}", holds=False)


def _alikes(sentence: Sentence, known: Known) -> Iterator[Verdict]:
    """Trains and serves just as fast as trial 0."""
    for match in _AS.finditer(sentence.text):
        before = [a for a in sentence.amounts if a.end <= match.start() + 6 and match.start() - a.end < 6]
        whos = [who for who in sentence.whos if who.one and who.one.kind in ("trial", "baseline")]
        first = next((w.one for w in whos if w.end <= match.start()), None)
        second = next((w.one for w in whos if w.start >= match.end()), None)
        is_bound = re.search(r"\b(?:at least|times|twice|half|statistically|not|nearly|almost|n't)\s*$", sentence.text[: match.start("word") - 3].rstrip() + " ", re.I)  # fmt: skip
        if before or not first or not second or is_bound or sentence.has(r"\bstatistic|as far as\b|tell"):
            continue
        names = (
            ["train_s", "latency_ms"]
            if match["word"].lower() in ("fast", "quick", "slow")
            else [known.objective(first.study)]
        )
        if len(names) == 2:
            trains, serves = sentence.has(r"\btrain"), sentence.has(r"\bserv|\banswer|\blatency|recommend")
            names = [n for n, said in zip(names, (trains, serves), strict=True) if said] or names
        for name in names:
            one, other = known.number(first, name), known.number(second, name)
            if one is not None and other is not None:
                holds = abs(one - other) <= _CLOSE * max(abs(one), abs(other))
                yield _verdict(match[0], f"{name} is {one:.4g} against {other:.4g}", holds=holds)


def _against_defaults(sentence: Sentence, known: Known) -> Iterator[Verdict]:
    """A larger embedding than the default, and a smaller learning rate."""
    if not (than := _THAN_DEFAULT.search(sentence.text)):
        return
    trial = next(
        (
            w.one
            for w in (*sentence.whos, *sentence.before)
            if w.one and w.one.kind == "trial" and w.one != known.defaults(w.one.study)
        ),
        None,
    )
    trial = trial or known.best()
    entry = MODELS.get(str(known.value(trial, "model"))) if trial else None
    if trial is None or entry is None:
        return
    for match in _SIZE.finditer(sentence.text):
        named = [
            m for m in sentence.mentions if m.kind == "param" and match.start("what") - 1 <= m.start < match.end("what")
        ]
        names = [n for m in named for n in m.names if n in entry.space and n in known.numbers]
        if not names or match.start() > than.end() + 60:
            continue
        value, default = known.number(trial, names[0]), entry.space[names[0]].default
        if value is not None and isinstance(default, int | float):
            holds = (value > default) == (match["up"] is not None) and value != default
            yield _verdict(match[0], f"{names[0]} is {value:.4g}, its default {default:.4g}", holds=holds)


def _verdict(claim: str, why: str, *, holds: bool) -> Verdict:
    return Verdict(
        outcome="checked" if holds else "contradicted", claim=claim, kind="comparison", why="" if holds else why
    )
