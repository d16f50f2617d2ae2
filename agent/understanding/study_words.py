"""The study that a request means; left out where it is the one at hand."""

from typing import Any

from agent.understanding.known import Known
from agent.understanding.stretch import Stretch

Args = dict[str, Any]


def about_study(stretch: Stretch, known: Known) -> Args:
    """The study alone: a name, or "other", "previous", "it" where it is only pointed at."""
    spans = stretch.spans("study")
    if spans:
        stretch.use(*spans)
        return {"study": spans[-1].value}
    return next(({"study": name} for name, pattern in _POINTED if stretch.has(pattern)), {})


_POINTED = (
    ("other", r"\b(?:the\s+|teh\s+|that\s+)?other\s+(?:study|search|run|one(?=\s*[?.!]*$))|\bother\s+study\b|另一个研究"),
    ("previous", r"\b(?:previous|earlier|last|prior|old)\s+(?:study|search)\b|\b(?:study|search)\s+before\b"),
    ("it", r"\b(?:that|this)\s+(?:study|search)\b"),
)  # fmt: skip
