"""An answer, checked: kept where its claims hold, marked where nothing supports them, cut where something refutes them.

checked("Trial 6 won with 0.206. Trial 5 has 0.9.", known).text  # → "Trial 6 won with 0.206."
"""

import re
from dataclasses import dataclass

from agent.grounding.citations import filled
from agent.grounding.judging import Judged, judged
from agent.grounding.known import Known
from agent.grounding.sentence import Before
from agent.grounding.sentences import lines_of

MARK = "*(not checked)*"  # behind a sentence that nothing supports or refutes
_PARENTHESIS = re.compile(r"\s*\([^()]*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A sentence that was cut, and why."""

    text: str
    why: str
    claims: tuple[str, ...] = ()  # what does not hold, as it was written


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """An answer in which every claim was looked at."""

    text: str
    cuts: tuple[Cut, ...] = ()
    not_checked: tuple[str, ...] = ()  # sentences that are marked
    kept_share: float = 1.0  # of the sentences, in [0, 1]

    @property
    def is_mostly_gone(self) -> bool:
        return self.kept_share < 0.5 or not self.text

    @property
    def removed(self) -> tuple[str, ...]:
        """What was wrong, as it was written."""
        return tuple(dict.fromkeys(claim for cut in self.cuts for claim in cut.claims))

    @property
    def reasons(self) -> str:
        """What a model is told to put right."""
        return "\n".join(f"- “{cut.text}”: {cut.why}" for cut in self.cuts)


def checked(text: str, known: Known, *, is_marked: bool = True) -> Checked:
    """The text without what does not hold, with ids of facts filled in.

    Args:
        is_marked: Whether each sentence that nothing supports or refutes is marked in the text; else only one of whose
            numbers it is not clear what they are of.
    """
    text = filled(text.replace(f" {MARK}", ""), known)
    lines, cuts, loose, n, n_kept = [], list[Cut](), list[str](), 0, 0
    before = Before()
    is_code = False
    for line in lines_of(text):
        kept = []
        is_code ^= any(written.startswith("```") for written, _ in line.sentences)
        for written, read in line.sentences:
            one = judged(read, known, before, is_row=line.is_row)
            rest, cut = _rest(one, written, known, before)
            cuts += cut
            n, n_kept = n + 1, n_kept + bool(rest)
            is_loose = bool(rest) and one.fate == "not checked" and not (line.is_row or is_code)
            loose += [written.strip()] if is_loose else []
            kept += [_marked(rest) if is_loose and (is_marked or one.has_loose_numbers) else rest] if rest else []
            before = one.after if rest else before
        if kept or not line.sentences:
            lines.append(line.lead + " ".join(kept))
    if not cuts and not loose:
        return Checked(text=text)
    whole = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return Checked(text=whole, cuts=tuple(cuts), not_checked=tuple(loose), kept_share=n_kept / n if n else 1.0)


def _rest(one: Judged, written: str, known: Known, before: Before) -> tuple[str, list[Cut]]:
    """What stays of a sentence; only a parenthesis goes where the rest holds without it."""
    if one.fate != "cut":
        return written, []
    cut = [Cut(text=written.strip(), why=one.why, claims=one.claims)]
    without = _PARENTHESIS.sub("", written)
    if without != written and without.strip(" .") and not written.lstrip().startswith("|"):
        again = judged(without, known, before)
        if again.fate != "cut":
            return without, cut
    return "", cut


def _marked(sentence: str) -> str:
    return sentence if MARK in sentence else f"{sentence} {MARK}"
