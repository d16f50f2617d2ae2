"""The study that a message means; left out where it is the one at hand."""

from typing import Any

from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.references import resolve
from agent.understanding.stretch import Stretch
from agent.words.chinese import gloss, is_chinese
from agent.words.names import read

Args = dict[str, Any]


def about_study(stretch: Stretch, known: Known) -> Args:
    """The study alone: a name, or "other", "previous", "it" where it is only pointed at."""
    spans = stretch.spans("study")
    if spans:
        stretch.use(*spans)
        return {"study": spans[-1].value}
    if pointed := next(({"study": name} for name, pattern in _POINTED if stretch.has(pattern)), None):
        return pointed
    return _described(stretch, known)


def study_meant(say: str, known: Known, dialogue: Dialogue) -> str | None:
    """The study that a whole message names or points at; None where it means the one at hand."""
    said = read(gloss(say) if is_chinese(say) else say, known.names)
    args = about_study(Stretch(said, [(0, len(said.text))]), known)
    found = resolve("study_status", args, known, dialogue)[0].get("study")
    return None if found is None else str(found)


_POINTED = (
    ("other", r"\b(?:the\s+|teh\s+|that\s+)?other\s+(?:study|search|run|one(?=\s*[?.!]*$))|\bother\s+study\b|另一个研究"),
    ("previous", r"\b(?:previous|earlier|last|prior|old)\s+(?:study|search)\b|\b(?:study|search)\s+before\b"),
    ("it", r"\b(?:that|this)\s+(?:study|search)\b"),
)  # fmt: skip
_MODELS = r"{model}(?:\s*(?:,|/|&|\+|and|or)\s*{model})*"
_BY_MODEL = (
    rf"\b(?:the|that|my|our|an?)\s+(?P<kind>{_MODELS})\s+(?:study|search|one)\b",
    rf"\b(?:study|search|the\s+one)\s+(?:with|of|for|on|about|tuning|that\s+(?:tunes|tuned|has|had|ran|used))\s+(?P<kind>{_MODELS})",
)
_BY_DATA = (
    r"\b(?:the|that|my|our|an?)\s+(?P<kind>{dataset})\s+(?:study|search|one)\b",
    r"\b(?:study|search|the\s+one)\s+(?:with|of|for|on|about|over|at)\s+(?:the\s+|my\s+|our\s+)?(?P<kind>{dataset})",
)


def _described(stretch: Stretch, known: Known) -> Args:
    """The only study of a model or a dataset, "the ease one"; of data that no study is on, their name."""
    for pattern in _BY_MODEL:
        for match in stretch.find(pattern):
            wanted = {span.value for span in stretch.said.of("model", start=match.start("kind"), end=match.end("kind"))}
            if not wanted <= set(known.study_models):
                found = [name for name in known.studies if wanted <= set(known.of(name).study_models)]
                return _only(found, stretch, match)
            if known.study is not None and match[0].endswith(("study", "search")):
                return _only([known.study], stretch, match)
    for pattern in _BY_DATA:
        for match in stretch.find(pattern):
            dataset = str(stretch.said.span(match, "kind").value)
            if dataset != known.study_dataset:
                found = [name for name in known.studies if known.of(name).study_dataset == dataset]
                return _only(found or [dataset], stretch, match)
    return {}


def _only(found: list[str], stretch: Stretch, match: "Any") -> Args:
    """The study, where there is one of the kind; the words that tell it are used."""
    if len(found) != 1:
        return {}
    stretch.use(*stretch.said.within(match.start("kind"), match.end("kind")))
    return {"study": found[0]}
