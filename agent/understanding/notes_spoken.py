"""Notes as people speak of them: their numbers, what they are about, which was told last, and lines that list them.

>>> numbers_in("2, 3 and 5-7")
[2, 3, 5, 6, 7]
"""

import re
from collections.abc import Sequence

from agent import outside
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known, NoteKnown
from agent.understanding.plan import Plan
from agent.words.chinese import is_chinese
from agent.words.names import read

LEAD = r"^\W*(?:(?:please|pls|ok|okay|now|and|then|also|so|can\s+you|could\s+you|would\s+you|i\s+want\s+(?:you\s+)?to|let'?s|just)\W+)*"
END = r"(?:\W+(?:please|pls|thanks|now|again|any\s*more|from\s+now\s+on|from\s+(?:your|the)\s+memory|of\s+mine))*\W*$"
GO = r"(?:forget|delete|remove|drop|erase|discard|scrap|get\s+rid\s+of|throw\s+away|strike|clear|wipe|cancel)(?:\s+about)?"
NOTE = r"(?:notes?|lessons?)"
THE = r"(?:the\s+|my\s+|your\s+|those\s+|these\s+|that\s+|this\s+)?"
NUMBERS = r"(?:(?:numbers?|nos?\.?|nr\.?)\s*)?#?\s*(?P<numbers>\d+(?:\s*(?:,|，|、|&|and|or|to|-|–|through|until|\.\.|,\s*and)\s*(?:notes?\s+)?#?\s*\d+)*)"
NTH = rf"{THE}{NOTE}\s*{NUMBERS}"
_SHOWN = 12  # notes that a question lists


def numbers_in(text: str) -> list[int]:
    """The numbers of a list, ranges written out: "2, 3 and 5-7"."""
    found: list[int] = []
    for low, high in re.findall(r"(\d{1,6})(?:\s*(?:to|-|–|through|until|\.\.)\s*#?(\d{1,6}))?", text):
        first, last = int(low), int(high or low)
        found += range(min(first, last), min(max(first, last), min(first, last) + 200) + 1)
    return list(dict.fromkeys(found))


def told_notes(known: Known) -> list[NoteKnown]:
    """What people told, no matter who it was."""
    return [note for note in known.notes() if note.is_own]


def speaks_of(note: NoteKnown, what: str, known: Known) -> bool:
    """Whether a note is about a param that the words name, or holds the words."""
    params = {param for span in read(what, known.names).of("param") for param in span.value}
    return bool(params & set(note.params)) or what.strip().lower() in note.text.lower()


def told_last(dialogue: Dialogue, own: Sequence[NoteKnown]) -> NoteKnown | None:
    """The note that the turn before kept, asked about, or showed alone."""
    asked = dialogue.waiting.requests if dialogue.waiting is not None else ()
    for request in reversed((*dialogue.last, *asked)):
        if request.tool == "list_lessons" and len(numbers := list(request.args.get("numbers") or ())) == 1:
            return next((note for note in own if note.number == numbers[0]), None)
        if request.tool == "remember_lesson":
            return next((note for note in own if note.text == request.args.get("text")), None)
    return None


def which_note(own: Sequence[NoteKnown]) -> str:
    """The question which of them is meant."""
    return f"Which note? Name it by its number or its words.\n\n{lines_of(own)}".strip()


def lines_of(notes: Sequence[NoteKnown]) -> str:
    """A line for each, with its number and who told it."""
    lines = [f"- {note.number}: {outside.text(note.text[:120])}{_by(note)}" for note in notes[:_SHOWN]]
    more = len(notes) - _SHOWN
    return "\n".join([*lines, f"- and {more} more"] if more > 0 else lines)


def _by(note: NoteKnown) -> str:
    return f" (told by {outside.text(note.told_by)})" if note.told_by else ""


def said_in(say: str, english: str, chinese: str) -> Plan:
    """An answer in the language of the message, with which nothing is done."""
    return Plan(say=say, answer=chinese if is_chinese(say) else english)
