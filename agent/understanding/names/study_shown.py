"""A study's name and nothing but the wish to see it: "show demo-1" shows how the study stands.

>>> study_shown("show me demo-1", Known(studies=("demo-1",)))
'demo-1'
"""

from agent.understanding.known import Known
from agent.understanding.names.near_names import near_names
from agent.words.names import read

_SHOWS = (
    r"^\W*(?:(?:please|pls|ok(?:ay)?|now|and|then|can|could|you|let'?s|let\s+me|i\s+want\s+to|请)\W*)*"
    r"(?:show|display|view|see|print|look\s+at|take\s+a\s+look\s+at|显示|看看|查看)(?:\s*一下)?\s*(?:me\s+)?(?:the\s+)?(?:study\s+|研究\s*)?[`'\"“]?{study}[`'\"”]?"
    r"(?:\s+(?:please|again|now|study))?\W*$"
)


def study_shown(say: str, known: Known) -> str | None:
    """The study that is to be shown; None for any other message."""
    said = near_names(read(say, known.names), known)
    spans = said.of("study")
    return str(spans[0].value) if len(spans) == 1 and said.has(_SHOWS) else None
