"""A text as lines of sentences, the rows of a table read with the words of its head."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MARKER = re.compile(r"\s*(?:#+\s+|(?:[-*+•]|\d{1,3}[.)])\s+)?")  # a list marker is no number of the answer
_ABBREVIATED = "".join(rf"(?<!\b{short}\.)" for short in ("Mr", "Mrs", "Ms", "Dr", "St", "No", "no", "vs", "approx", "ca", "etc", "resp", "incl", "cf", "e.g", "i.e", "fig", "max", "min", "avg"))  # fmt: skip
_SENTENCE_END = re.compile(
    rf"(?<=[.!?]){_ABBREVIATED}(?P<closed>[\"”’)*`]*)\s+(?=[A-Z“\"(*`\[])|(?<=[a-z0-9)%][.!?]){_ABBREVIATED}(?P<small>)\s+(?=[a-z_]{{3,}})"
)
_RULE = re.compile(r"\s*\|?[\s:|-]+\|?\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line: its marker, and its sentences as they are written and as they are read."""

    lead: str
    sentences: tuple[tuple[str, str], ...]

    @property
    def is_row(self) -> bool:
        return bool(self.sentences) and self.sentences[0][0].lstrip().startswith("|")


def lines_of(text: str) -> Iterator[Line]:
    """The lines of a text."""
    head: list[str] = []
    for line in text.splitlines():
        if not line.lstrip().startswith("|"):
            head = []
            start = marker.end() if (marker := _MARKER.match(line)) else 0
            parts = _SENTENCE_END.sub(lambda end: f"{end['closed'] or ''}\n", line[start:]).split("\n")
            yield Line(lead=line[:start], sentences=tuple((part, part) for part in parts if part.strip()))
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not head or _RULE.fullmatch(line):
            head = head or cells
            yield Line(lead="", sentences=((line, ""),))
        else:
            yield Line(lead="", sentences=((line, _read_row(head, cells)),))


def _read_row(head: list[str], cells: list[str]) -> str:
    """A row in words: "trial 6; model sasrec; ndcg@10 0.206"."""
    pairs = [pair for pair in zip(head, cells, strict=False) if pair[0] not in ("", "#") or not pair[1].isdigit()]
    cells = [cell.strip("★✗ ") for cell in cells]
    return "; ".join(f"{name} {cell}".strip() for name, cell in pairs if cell and cell not in ("–", "-"))
