"""What a person takes back within one message: "bpr, no wait, ease", "6 trials, make that 8", "ease instead of sasrec"."""

import re
from dataclasses import replace

from agent.words.said import Said, Span
from agent.words.spelling import loosely

MARKER = re.compile(
    r"(?:(?<=[\ue000-\uf8ff])(?:\.\.\.+|…)(?=\s+{any})|(?<![\w'])(?:no|nope|nah|nein|non|er|erm)(?=\s*[,.;:!…-]+)|(?<![\w'])(?:no+|oh|argh|ups|oops)[,\s]+(?:wait|sorry|make|better|rather|i\s+mean)|(?<![\w'])(?:wait|hold\s+on|sorry|sry|scratch\s+that|strike\s+that|"
    r"i\s+mean(?:t)?|i\s+ment|actually|correction|my\s+bad|oops|or\s+(?:better|rather|no)|(?:better|rather)(?=\s+{any})|make\s+(?:that|it)(?=\s+{any})|ach\s+nein|pardon|perd[óo]n)(?![\w'])|"
    r"不对|不是|说错了|改成|应该是|等等|いや|じゃなくて)".replace("{any}", "[\ue001-\uf8ff]"),
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"\b(?:"
    + loosely("instead")
    + r"\s+of|rather\s+than|in\s+place\s+of|and\s+not|statt|au\s+lieu\s+de|en\s+vez\s+de)\s+(?:the\s+)?(?:trial\s+|study\s+|dataset\s+|user\s+|seed\s+)?#?(?=[\ue001-\uf8ff])",
    re.IGNORECASE,
)
_KINDS = ("dataset", "metric", "study", "user", "trial", "sampler", "split", "path", "number", "share", "duration")
_NOT = (
    r"(?P<good>{{{kind}}})(?:\s+\w+)?\s*[,;(]*\s*(?:and\s+|but\s+)?\bnot\s+(?:the\s+|just\s+|only\s+)?(?P<bad>{{{kind}}})(?!\s*[,;]?\s*(?:but|and\s+not))",
    r"\bnot\s+(?:the\s+|just\s+|only\s+)?(?P<bad>{{{kind}}})(?:\s+\w+)?\s*[,;.!:-]+\s*(?:but\s+)?(?:it'?s\s+|the\s+)?(?P<good>{{{kind}}})",
)
"""What is right and what is wrong, in either order: "0.4, not 0.3", "not shop, films"."""
_WRONG_AMOUNTS = (
    r"(?:{ms}|{size}|{duration}|{share})[^.;]{0,24}?[,;]?\s*\bnot\s+(?P<bad>{number})(?=\W*$)",
    r"(?:{user}|{trial}|{study})\s*,?\s*\bnot\s+(?P<bad>{number})(?![\w%])",
    r"\b(?:better|rather|prefer)\s+(?:to\s+have\s+)?{number}[^.;]{0,30}?\bthan\s+(?P<bad>{number})",
)
"""A wrong amount without its unit: "4 ms, not 40", "better 3 epochs than 2"."""
_TAKEN_BACK = ("dataset", "model", "metric", "study", "user", "trial", "sampler", "split", "path", "number", "share", "duration", "param")  # fmt: skip
_REACH = 48  # characters after the marker in which the right word stands
_LIST = re.compile(r"\s*(?:,|and|&|\+|und|et|y|和|、|\s)+\s*", re.IGNORECASE)


def settled(said: Said) -> Said:
    """The message as it was meant in the end: a value that was taken back stands no more."""
    spans = list(said.spans)
    for kind in _KINDS:
        for pattern in _NOT:
            for match in said.find(pattern.format(kind=kind)):
                spans = _without(spans, [said.span(match, "bad")])
    for pattern in _WRONG_AMOUNTS:
        for match in said.find(pattern):
            spans = _without(spans, [said.span(match, "bad")])
    for match in _INSTEAD.finditer(said.marked):
        spans = _without(spans, [span for span in spans if span.start == match.end()])
    for match in MARKER.finditer(said.marked):
        spans = _corrected(said, spans, match.start(), match.end())
    return said if spans == list(said.spans) else Said(said.text, spans)


def marker_between(said: Said, start: int, end: int) -> bool:
    """Whether something is taken back in this stretch."""
    return MARKER.search(said.marked, start, end) is not None


def _corrected(said: Said, spans: list[Span], start: int, end: int) -> list[Span]:
    """The spans after one correction."""
    after = [s for s in spans if end <= s.start < end + _REACH and s.kind in _TAKEN_BACK]
    after = [s for s in after if not re.search(r"[.!?]\s+[A-Z]", said.text[end : s.start])]
    if not after:
        return spans
    first = after[0]
    before = [s for s in spans if s.end <= start and s.kind == first.kind]
    if not before or (first.kind == "param" and len(after) > 1):
        return spans
    old = before[-1]
    if first.kind in ("number", "share", "duration"):
        return _with_amount(said, spans, old, after, start)
    group = _group(said, before)
    new = _group_after(said, [s for s in after if s.kind == first.kind])
    if {s.value for s in group} & {s.value for s in new}:  # "ease and bpr, no, only ease": the new list stands
        return _without(spans, [s for s in group if s not in new])
    return _without(spans, group)


def _with_amount(said: Said, spans: list[Span], old: Span, after: list[Span], start: int) -> list[Span]:
    new = after[0]
    alone = not any(s.kind in ("number", "share", "duration") for s in after[1:2])
    noun = re.match(r"\s*-?\s*[a-z]{3,}", said.text[new.end :], re.IGNORECASE)
    if alone and (
        noun is None
        or re.match(r"\s*(?:instead|please|then|is|will|should|on|and|but|for)\b", said.text[new.end :], re.I)
    ):
        moved = replace(old, value=new.value, parts=new.parts)
        return _without([moved if s is old else s for s in spans], [new])
    same_noun = noun and re.match(re.escape(noun[0].strip()[:4]), said.text[old.end :].strip(), re.IGNORECASE)
    if alone and not same_noun and old.kind == "number" and said.text[old.end : old.end + 12].strip()[:5].isalpha():
        return spans  # another noun: "6 trials, sorry, 10 minutes"
    return _without(spans, [old])


def _group(said: Said, before: list[Span]) -> list[Span]:
    """The last list of names: those that are joined to the last one."""
    group = [before[-1]]
    for span in reversed(before[:-1]):
        if not _LIST.fullmatch(said.marked[span.end : group[0].start]):
            break
        group.insert(0, span)
    return group


def _group_after(said: Said, spans: list[Span]) -> list[Span]:
    group = spans[:1]
    for span in spans[1:]:
        if not _LIST.fullmatch(said.marked[group[-1].end : span.start]):
            break
        group.append(span)
    return group


def _without(spans: list[Span], gone: list[Span]) -> list[Span]:
    return [replace(span, kind="gone") if span in gone else span for span in spans]
