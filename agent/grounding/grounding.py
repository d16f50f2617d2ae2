"""No number in an answer that does not stand in the evidence: what is not grounded goes, with its sentence or clause.

ground("It reached 0.123. It won by 0.5.", [{"value": 0.12345}]).text  # → "It reached 0.123."
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from agent.grounding.numbers import Evidence

_MARKER = re.compile(r"\s*(?:#+\s+|(?:[-*+•]|\d{1,3}[.)])\s+)?")  # a list marker is no number of the answer
_SENTENCE_END = re.compile(r"(?<=[.!?])(?P<closed>[\"”’)*`]*)\s+(?=[A-Z“\"(*`\[])")
_CLAUSE_END = re.compile(r"(;\s+|\s+[—–]\s+)")
_PARENTHESIS = re.compile(r"\s*\([^()]*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounded:
    """An answer in which every number stands in the evidence."""

    text: str
    removed: tuple[str, ...] = ()  # numbers as they were written
    kept_share: float = 1.0  # of the sentences, in [0, 1]

    @property
    def is_mostly_gone(self) -> bool:
        return self.kept_share < 0.5 or not self.text


def ground(text: str, evidence: Evidence | Iterable[Any]) -> Grounded:
    """`text` without the parentheses, clauses or sentences whose numbers do not stand in the evidence.

    A number stands when a value of the evidence, rounded as the number is written, equals it: 0.123 and 12.3 % stand
    for 0.12345. Units of time and size are converted. List markers and names with digits (ml-100k, ndcg@10) are left
    alone; numbers in words are not looked at. Grounding twice changes nothing.
    """
    known = evidence if isinstance(evidence, Evidence) else Evidence.of(*evidence)
    removed: list[str] = []
    lines, n_sentences, n_kept = [], 0, 0
    for line in text.split("\n"):
        marker = _MARKER.match(line)
        start = marker.end() if marker else 0
        kept = []
        for sentence in _sentences(line[start:]):
            missing = known.missing(sentence)
            rest = _without_missing(sentence, known) if missing else sentence
            removed += missing
            n_sentences += 1
            n_kept += bool(rest)
            kept += [rest] if rest else []
        if kept or not line[start:].strip():
            lines.append(line[:start] + " ".join(kept))
    if not removed:
        return Grounded(text=text)
    whole = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return Grounded(text=whole, removed=tuple(removed), kept_share=n_kept / n_sentences)


def _sentences(line: str) -> list[str]:
    """The sentences of one line; a row of a table is one."""
    if not line.strip() or line.lstrip().startswith("|"):
        return [line] if line.strip() else []
    return [part for part in _SENTENCE_END.sub(r"\g<closed>\n", line).split("\n") if part.strip()]


def _without_missing(sentence: str, known: Evidence) -> str:
    """The sentence without the parentheses and clauses that are not grounded; empty where nothing is left."""
    if sentence.lstrip().startswith("|"):
        return ""
    rest = _PARENTHESIS.sub(lambda match: "" if known.missing(match[0]) else match[0], sentence)
    clauses = [clause for clause in _CLAUSE_END.split(rest)[::2] if clause and not known.missing(clause)]
    if not clauses:
        return ""
    rest = "; ".join(clauses).strip()
    if not any(char.isalpha() for char in rest):
        return ""
    rest = rest[0].upper() + rest[1:] if sentence[:1].isupper() else rest
    return rest if rest[-1] in ".!?:|" else f"{rest}."
