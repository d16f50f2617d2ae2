"""What a person takes back within one message: "bpr, no wait, ease", "6 trials, make that 8", "ease instead of sasrec"."""

import re
from dataclasses import replace

from agent.words.said import Said, Span
from agent.words.spelling import loosely

MARKER = re.compile(
    r"(?:(?<=[\ue000-\uf8ff])(?:\.\.\.+|…)(?=\s+{any})|(?<![\w'])(?:no|nope|nah|nein|non|er|err|erm|argh)(?=\s*[,.;:!…–—-]+)|(?<![\w'])(?:no+|oh|argh|ups|oops)[,\s]+(?:wait|sorry|make|better|rather|i\s+mean)|(?<![\w'])(?:wait|(?:no,?\s+)?h[oa](?:ld|ng)\s+on|sorry|sry|scratch\s+that|strike\s+that|"
    r"i\s+mean(?:t)?|i\s+ment|actually|correction|my\s+bad|oops|or\s+(?:better|rather|no)|(?:better|rather)(?=\s+{any})|make\s+(?:that|it)(?=\s+{any})|ach\s+nein|pardon|perd[óo]n)(?![\w'])|"
    r"不对|不是|说错了|改成|应该是|等等|いや|じゃなくて)".replace("{any}", "[\ue001-\uf8ff]"),
    re.IGNORECASE,
)
_SECOND_THOUGHT = re.compile(
    r"(?<=[,;.…—–-])\s*(?:or\s+)?(?:hm+|uh+|um+|ah|oh|erm?|well|(?:let'?s\s+)?say|maybe)[,.…\s—–-]+(?:rather\s+|better\s+|maybe\s+)?(?={any})".replace(
        "{any}", "[\ue001-\uf8ff]"
    ),
    re.IGNORECASE,
)
"""A pause before an amount or a name: "20 trials — well 25"; it corrects where it follows one of its kind."""
_HESITATIONS = (
    r"(?<=[\ue000-\uf8ff])\s+(?:hm+|uh+|um+|argh|erm?)\s+(?=[\ue001-\uf8ff])",
    r"(?<=[\ue000-\uf8ff])\s*[,.;…—–-]+\s*(?:no|take)\s+(?={amount})",
)
"""A pause without a mark, and a bare no: "64 hmm 32", "with 3, no 5 seeds"."""
_JOINS = re.compile(
    r"(?:\b(?:and|or|with|to|of|for|on|at|by|is|as|between|from|vs|versus|the|an?|in|use|try|than|plus)|[=:(+])[\s,.…—–-]*$",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"\b(?:"
    + loosely("instead")
    + r"\s+of|rather\s+than|in\s+place\s+of|and\s+not|statt|au\s+lieu\s+de|en\s+vez\s+de)\s+(?:the\s+)?(?:trial\s+|study\s+|dataset\s+|user\s+|seed\s+)?#?(?=[\ue001-\uf8ff])",
    re.IGNORECASE,
)
_INSTEAD_OF_NOUN = re.compile(
    r"\b(?:instead\s+of|rather\s+than|in\s+place\s+of)\s+(?:the\s+|a\s+|any\s+)?(?P<noun>trials?|runs?|epochs?|seeds?|rounds?|time(?:\s+limit)?)\b",
    re.IGNORECASE,
)
"""An amount that is given up for another kind: "5 trials, or rather half an hour instead of trials"."""
_AMOUNTS = ("number", "share", "fraction")
_KINDS = ("dataset", "metric", "study", "user", "trial", "sampler", "split", "path", "number", "share", "duration")
_NOT = (
    r"(?P<good>{{{kind}}})(?:\s+(?:\w+|{{param}}))?\s*[,;(]*\s*(?:and\s+|but\s+)?\bnot\s+(?:the\s+|just\s+|only\s+|with\s+|on\s+|for\s+|against\s+|trials?\s+|users?\s+|seeds?\s+)*(?P<bad>{{{kind}}})(?!\s*[,;]?\s*(?:but|and\s+not))",
    r"\bnot\s+(?:the\s+|just\s+|only\s+)?(?P<bad>{{{kind}}})(?:\s+\w+)?\s*(?:[,;.!:-]+\s*(?:but\s+)?|\s+but\s+)(?:it'?s\s+|the\s+)?(?P<good>{{{kind}}})",
)
"""What is right and what is wrong, in either order: "0.4, not 0.3", "not shop, films"."""
_MEANT = (
    r"(?P<bad>{{{kind}}})(?:\s+\w+)?\s*[,.;?…—–-]+\s*(?P<good>{{{kind}}})\s*,?\s*(?:i\s+mean(?:t)?|sorry|actually|rather)\b(?=\s*(?:$|[.,;!?]|please|then|and\b))",
    r"\b(?:wrote|said|typed|put)\s+(?:\w+\s+)?(?P<bad>{{{kind}}})[^.;]{{0,24}}?[,.;]\s*(?:but\s+)?(?:it|that|this)?\s*(?:should|was\s+(?:meant|supposed))\s+(?:to\s+)?(?:be|have\s+been|read)\s+(?P<good>{{{kind}}})",
    r"(?P<bad>{{{kind}}})\s*[,;.…—–-]+\s*(?:hm+|uh+|um+|well|oh|ah|no|,|\s)*(?:that'?s\s+|that\s+is\s+|it'?s\s+)?(?:(?:a\s+bit|far|way|much)\s+)?(?:too\s+\w+|not\s+enough|not\s+strict\s+enough|no\s+good)\W+(?:say\s+|rather\s+|better\s+|make\s+(?:it|that)\s+|take\s+|let'?s\s+say\s+)?(?P<good>{{{kind}}})",
    r"(?P<bad>{{{kind}}})(?:\s+\w+|\s*{{param}}){{0,2}}\s+(?:is|are|was|were)\s+(?:\w+\s+)?(?:too\s+\w+|not\s+enough|a\s+typo|wrong)\b[^;]{{0,24}}?(?P<good>{{{kind}}})(?=\s*(?:$|[.,;!?]|please\b|instead\b|then\b))",
)
"""What was said and what was meant, which stands in its place: "0.5, 0.05 I mean", "I wrote 4, it should be 2"."""
_WRONG_AMOUNTS = (
    r"\b(?:do|did)(?:\s+not|n'?t)\s+(?:want|mean|need|ask\s+for|say)\s+(?:the\s+|a\s+)?(?P<bad>{number})",
    r"(?:{ms}|{size}|{duration}|{share})[^.;]{0,24}?[,;]?\s*\bnot\s+(?P<bad>{number})(?=\W*$)",
    r"(?:{user}|{trial}|{study})\s*,?\s*\bnot\s+(?P<bad>{number})(?![\w%])",
    r"\b(?:better|rather|prefer)\s+(?:to\s+have\s+)?{number}[^.;]{0,30}?\bthan\s+(?P<bad>{number})",
)
"""A wrong amount without its unit: "4 ms, not 40", "better 3 epochs than 2"."""
_TAKEN_BACK = ("dataset", "model", "metric", "study", "user", "trial", "sampler", "split", "path", "number", "share", "fraction", "duration", "param")  # fmt: skip
_LEAD = 24  # characters before a name in which it is ruled out
_REACH = 48  # characters after the marker in which the right word stands
_LIST = re.compile(r"\s*(?:,|and|&|\+|und|et|y|和|、|\s)+\s*", re.IGNORECASE)
_ONE_BY_ONE = re.compile(
    r"\s*(?:,|and|or|to|until|-|–|vs\.?|versus|against|&|\+|/|und|et|y|和|、|\s)+\s*", re.IGNORECASE
)
_ADDS = re.compile(r"\b(?:on\s+top\s+of|in\s+addition\s+to|besides|beyond)\b", re.IGNORECASE)
_RULES_OUT = re.compile(r"\b(?:not|without|forget|skip|drop|except|never|don'?t|leave\s+out)\b", re.IGNORECASE)
_NO_NOUN = re.compile(r"\s*(?:instead|please|then|is|will|should|would|on|and|but|for|it|that|at|in)\b", re.IGNORECASE)


def settled(said: Said) -> Said:
    """The message as it was meant in the end: a value that was taken back stands no more."""
    spans = list(said.spans)
    for kind in _KINDS:
        for pattern in _NOT:
            for match in said.find(pattern.format(kind=kind)):
                spans = _exchanged(spans, said.span(match, "bad"), said.span(match, "good"))
        for pattern in _MEANT:
            for match in said.find(pattern.format(kind=kind)):
                spans = _moved(spans, said.span(match, "bad"), said.span(match, "good"))
    for pattern in _WRONG_AMOUNTS:
        for match in said.find(pattern):
            spans = _without(spans, [said.span(match, "bad")])
    for match in _INSTEAD_OF_NOUN.finditer(said.marked):
        spans = _without(
            spans, [span for span in spans if span.end <= match.start() and _is_of(said, span, match["noun"])]
        )
    for match in _INSTEAD.finditer(said.marked):
        spans = _without(spans, [span for span in spans if span.start == match.end()])
    for match in MARKER.finditer(said.marked):
        spans = _corrected(said, spans, match.start(), match.end())
    hesitations = (match for pattern in _HESITATIONS for match in said.find(pattern))
    for match in (*_SECOND_THOUGHT.finditer(said.marked), *hesitations):
        if not _JOINS.search(said.marked[: match.start()]):
            spans = _corrected(said, spans, match.start(), match.end(), is_soft=True)
    return said if spans == list(said.spans) else Said(said.text, spans)


def _is_of(said: Said, span: Span, noun: str) -> bool:
    """Whether an amount counts this noun, or is a time where time is the noun."""
    if noun.lower().startswith("time"):
        return span.kind == "duration"
    after = re.match(r"\s*-?\s*(\w+)", said.text[span.end :])
    return span.kind == "number" and after is not None and after[1].lower().rstrip("s") == noun.lower().rstrip("s")


def _exchanged(spans: list[Span], bad: Span, good: Span) -> list[Span]:
    """Without what is wrong; where it was said before, too, the right one stands there: "256 — not 256, 128"."""
    earlier = [s for s in spans if s.kind == bad.kind and s.value == bad.value and s.end <= min(bad.start, good.start)]
    if not earlier:
        return _without(spans, [bad])
    return _without(_moved(spans, earlier[-1], good), [bad])


def _moved(spans: list[Span], old: Span, new: Span) -> list[Span]:
    """The new one at the place of the old one."""
    moved = replace(old, kind=old.kind if old.kind == "trial" else new.kind, value=new.value, parts=new.parts)
    return _without([moved if s is old else s for s in spans], [new])


def marker_between(said: Said, start: int, end: int) -> bool:
    """Whether something is taken back in this stretch."""
    return MARKER.search(said.marked, start, end) is not None


def _corrected(said: Said, spans: list[Span], start: int, end: int, *, is_soft: bool = False) -> list[Span]:
    """The spans after one correction.

    Args:
        is_soft: It may be a mere pause, so that an amount of another noun is no correction.
    """
    after = [s for s in spans if end <= s.start < end + _REACH and s.kind in _TAKEN_BACK]
    after = [s for s in after if not re.search(r"[.!?]\s+[A-Z]", said.text[end : s.start])]
    if not after:
        return spans
    first = after[0]
    if _ADDS.search(said.text[end : first.start]):
        return spans
    metrics = [s for s in spans if s.kind == "metric" and s.end <= start]
    if first.kind == "number" and said.text[first.start - 1] == "@" and metrics:
        right = replace(metrics[-1], value=f"{str(metrics[-1].value).partition('@')[0]}@{first.value}")
        return _without([right if s is metrics[-1] else s for s in spans], [first])
    kinds = _AMOUNTS if first.kind in _AMOUNTS else (first.kind,)
    nearest = max((s for s in spans if s.end <= start and s.kind != "gone"), key=lambda s: s.end, default=first)
    if first.kind == "number" and nearest.kind == "trial":  # "trial 3, no, 4"
        kinds = ("trial",)
    before = [s for s in spans if s.end <= start and s.kind in kinds]
    if not before or (first.kind == "param" and len(after) > 1):
        return spans
    if _RULES_OUT.search(said.text[end : first.start]) and not _RULES_OUT.search(
        said.text[: before[-1].start][-_LEAD:]
    ):
        return spans
    old, new = before[-1], _group_after(said, [s for s in after if s.kind in kinds])
    group = _group(said, before, _ONE_BY_ONE if len(new) > 1 else _LIST)
    if first.kind in (*_AMOUNTS, "duration") and not (len(group) > 1 and len(new) > 1):
        return _with_amount(said, spans, old, after, start, is_soft=is_soft)
    if first.kind in _AMOUNTS:  # "3 to 5 layers... no, 2 to 4"
        n = min(len(group), len(new))
        for one, other in zip(group[-n:], new[:n], strict=True):
            spans = _moved(spans, one, other)
        return spans
    if {s.value for s in group} & {s.value for s in new}:  # "ease and bpr, no, only ease": the new list stands
        return _without(spans, [s for s in group if s not in new])
    if len(group) == len(new) == 1 and _RULES_OUT.search(said.text[: old.start][-_LEAD:]):
        return _moved(spans, old, new[0])  # it is ruled out instead of the other
    return _without(spans, group)


_SAME_THING = re.compile(
    r"\s*-?\s*(?:\w*|[\ue001-\uf8ff]\ue000*)(?:\s+(?:on|for|in|of|to)\s+(?:the\s+)?[\ue001-\uf8ff]\ue000*|\s+(?:any\s+)?more|\s+in\s+all|\s+max)?[\s,.…—–-]*",
    re.IGNORECASE,
)
"""What stands between an amount and a pause before a better one: no more than its noun."""


def _is_bare(said: Said, span: Span) -> bool:
    """Whether an amount has no noun of its own, neither before nor after it."""
    before, after = said.marked[: span.start], said.marked[span.end :]
    is_owned = re.search(r"(?:\b(?:seeds?|patience|k|top)|[\ue001-\uf8ff]\ue000*)\s*[=:]?\s*$", before, re.IGNORECASE)
    return is_owned is None and re.match(r"\s*[,;.…—–-]", after) is not None


def _with_amount(
    said: Said, spans: list[Span], old: Span, after: list[Span], start: int, *, is_soft: bool
) -> list[Span]:
    new = after[0]
    alone = not any(s.kind in (*_AMOUNTS, "duration") for s in after[1:2])
    noun = re.match(r"\s*-?\s*[a-z]{3,}", said.text[new.end :], re.IGNORECASE)
    has_noun = noun is not None and not _NO_NOUN.match(said.text, new.end)
    same_noun = noun and re.match(re.escape(noun[0].strip()[:4]), said.text[old.end :].strip(), re.IGNORECASE)
    if is_soft and (
        (has_noun and not same_noun and not _is_bare(said, old))
        or not _SAME_THING.fullmatch(said.marked[old.end : start])
    ):
        return spans
    if (alone or is_soft) and not has_noun:
        return _moved(spans, old, new)
    if alone and not same_noun and old.kind == "number" and said.text[old.end : old.end + 12].strip()[:5].isalpha():
        return spans  # another noun: "6 trials, sorry, 10 minutes"
    return _without(spans, [old])


def _group(said: Said, before: list[Span], joint: "re.Pattern[str]") -> list[Span]:
    """The last list of names: those that are joined to the last one."""
    group = [before[-1]]
    for span in reversed(before[:-1]):
        if not joint.fullmatch(said.marked[span.end : group[0].start]):
            break
        group.insert(0, span)
    return group


def _group_after(said: Said, spans: list[Span]) -> list[Span]:
    group = spans[:1]
    for span in spans[1:]:
        if not _ONE_BY_ONE.fullmatch(said.marked[group[-1].end : span.start]):
            break
        group.append(span)
    return group


def _without(spans: list[Span], gone: list[Span]) -> list[Span]:
    return [replace(span, kind="gone") if span in gone else span for span in spans]
