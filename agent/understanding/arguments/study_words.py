"""The study that a message means; left out where it is the one at hand."""

import re
from typing import Any

from agent.understanding.bounds.stretch import Stretch
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.names.pointing import pointed
from agent.understanding.names.references import resolve
from agent.words.chinese import gloss, is_chinese
from agent.words.names import read
from agent.words.said import Span
from agent.words.spelling import loosely

Args = dict[str, Any]


def about_study(stretch: Stretch, known: Known) -> Args:
    """The study alone: a name, or "other", "previous", "it" where it is only pointed at."""
    spans = stretch.spans("study")
    meant = [span for span in spans if not _is_left_alone(stretch, span)]
    if meant:
        stretch.use(*spans)
        return {"study": meant[-1].value}
    return next(({"study": name} for name, pattern in _POINTED if stretch.has(pattern)), {})


def study_meant(say: str, known: Known, dialogue: Dialogue) -> str | None:
    """The study that a whole message names or points at; None where it means the one at hand."""
    said = pointed(read(gloss(say) if is_chinese(say) else say, known.names), known, dialogue)
    args = about_study(Stretch(said, [(0, len(said.text))]), known)
    found = resolve("study_status", args, known, dialogue)[0].get("study")
    return None if found is None else str(found)


def whole_study(stretch: Stretch, known: Known) -> Args:
    """The study of what is asked of a whole one, so that "that one" is a study as well."""
    args = about_study(stretch, known)
    return args or ({"study": "it"} if stretch.has(_THAT_ONE) else {})


_THAT_ONE = r"\b(?:that|this)\s+one\b"


def steered_study(stretch: Stretch, known: Known) -> Args:
    """The study that is paused, resumed or stopped: named with the verb, not elsewhere in the message."""
    stretch.use(*[span for span in stretch.spans("study") if _is_before(stretch, span, _SPARED)])
    for start, end in stretch.parts:
        part = Stretch(stretch.said, [(start, end)], stretch.used)
        spans = [span for span in part.spans("study") if not _is_left_alone(part, span)]
        if spans and part.has(_STEERS):
            part.use(*spans)
            return {"study": spans[-1].value}
    rest = Stretch(stretch.said, [part for part in stretch.parts if not _has_study(stretch, part)])
    return whole_study(rest, known)


def _has_study(stretch: Stretch, part: tuple[int, int]) -> bool:
    return bool(stretch.said.of("study", start=part[0], end=part[1]))


_STEERS = rf"\b(?:{loosely('pause', 'resume', 'stop', 'continue', 'halt', 'cancel', 'abort', 'suspend', 'restart')}|go\s+on|carry\s+on|freeze|hold|end|kill|quit|pick\s+up)\b"
_SPARED = re.compile(
    r"\b(?:not|keep|leave|except(?:\s+for)?|instead\s+of|rather\s+than|don'?t\s+touch|spare)\s+(?:the\s+|study\s+)*$",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(r"\b(?:still\s+in|back\s+to|go\s+to|and\s+open)\s+(?:the\s+|study\s+)*$", re.IGNORECASE)


def _is_left_alone(stretch: Stretch, span: Span) -> bool:
    """Whether what stands before a study says that it is not the one that is meant: "stop that one, keep the latter"."""
    return _is_before(stretch, span, _SPARED) or _is_before(stretch, span, _ELSEWHERE)


def _is_before(stretch: Stretch, span: Span, words: "re.Pattern[str]") -> bool:
    return words.search(stretch.said.marked[max(0, span.start - 40) : span.start]) is not None


_POINTED = (
    ("other", r"\b(?:the\s+|teh\s+|that\s+)?other\s+(?:study|search|run|one(?=\s*[?.!]*$))|\bother\s+study\b|另一个研究"),
    (
        "previous",
        r"\b(?:previous|earlier|last|prior|old)\s+(?:study|search)\b|\b(?:study|search)\s+before\b|\bthe\s+(?:one|study|search)\s+(?:that\s+)?(?:(?:we|i)\s+(?:had|were\s+in|worked\s+on|looked\s+at|was\s+in)|from)(?:\s+open)?\s+(?:before|earlier|previously)\b|"
        r"\b(?:back\s+to|open|reopen)\s+the\s+(?:one\s+before|previous\s+one|last\s+one|earlier\s+one)\b",
    ),
    ("it", r"\b(?:that|this)\s+(?:study|search)\b"),
)  # fmt: skip
