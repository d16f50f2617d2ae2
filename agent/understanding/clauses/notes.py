"""What a person tells to be remembered: its words are a note as they stand, and no orders.

"Remember: …", "note, …" and "keep in mind: …" hold up to the end of the message, or of the quotes that follow;
"remember that …" up to the end of its sentence, or up to "…, and then start ease".
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.understanding.clauses.mood_words import ASKED, POLITENESS
from agent.understanding.clauses.reader import ClauseReading, Reading
from agent.understanding.clauses.segments import Segment
from agent.words.said import Said

_VERB = (
    r"(?:re?mem?ber|memori[sz]e|note|(?:keep|bear|have)\s+(?:it\s+|this\s+)?in\s+mind|(?:write|note|jot|take)\s+"
    r"(?:it\s+|this\s+)?down|(?:make|take|keep)\s+a\s+note|(?:do\s+not|don['’]?t|never)\s+forget)"
)
_FOR = r"(?:\s+(?:this|that|it))?(?:\s+for\s+\w+(?:\s+\w+){0,2}?)?"
_HEAD = r"(?:memo|lesson|reminder|note\s+to\s+(?:self|yourself)|for\s+the\s+record|fyi)"
_POINTS = r"(?:and|or|but|please|for|then|one|too|now|as|so|result|value|trial(?=\s*(?:[.,;!?]|$))|is\s+all)\b"
_OPENS = re.compile(
    rf"[\W_]*{POLITENESS}(?:(?:can|could|will|would)\s+(?:you|u)\s+{POLITENESS}|i\s+want\s+you\s+to\s+|you\s+(?:should|must)\s+)?"
    rf"(?:(?:{_VERB}{_FOR}|{_HEAD})\s*(?P<whole>:)\s*(?=\S)|{_VERB}(?:\s+for\s+\w+(?:\s+\w+){{0,2}}?)?"
    rf"(?:\s*(?P<comma>,)\s*(?=\S)|\s+that\s+(?!{_POINTS})(?=\w|[\"'“‘«])))",
    re.IGNORECASE,
)
_QUOTES = {'"': '"', "“": "”", "«": "»", "‘": "’", "'": "'"}
_SENTENCE_ENDS = re.compile(r"[.!?…]+(?=\s)|\n")
_GOES_ON = re.compile(r"\b(?:then|now)\b", re.IGNORECASE)
_TURNS = re.compile(
    r"^\W*(?:(?:oh|ok|okay|so|well)\W+)*(?:and|now|then|also|please|pls|next|but|can|could)\b", re.IGNORECASE
)
"""How a sentence after a note turns to something else: "Now stop the study", "Oh and forget the thing about …"."""
_OWN = 0.5  # the probability from which a clause after "then" asks for something of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Where a note stands in a message, with the words that open it."""

    start: int
    end: int


def opener(text: str) -> "re.Match[str] | None":
    """The words that open a note at the beginning of a text: "please remember that "; what follows is the note.

    A question is none: "remember that trial 3 was better?".
    """
    found = _OPENS.match(text)
    is_asked = found is not None and found["whole"] is None and text.rstrip(" \"'”").endswith("?")
    return None if is_asked and not ASKED.match(text.lower()) else found


def is_note(text: str) -> bool:
    """Whether a message is a note as a whole."""
    found = opener(text)
    return found is not None and _end(text, found) >= len(text.rstrip())


def as_notes(reading: Reading, said: Said) -> Reading:
    """The reading with each note as one clause that asks to remember it, whatever the network took its words for."""
    notes = notes_in(reading, said)
    if not notes:
        return reading
    kept = [one for one in reading.clauses if not any(note.start <= one.start < note.end for note in notes)]
    made = [_clause(note, reading) for note in notes]
    clauses = tuple(sorted((*kept, *made), key=lambda clause: clause.start))
    if clauses[0] not in made:
        return replace(reading, clauses=clauses)
    relations = dict.fromkeys(reading.relations, 0.0) | {"new": 1.0}
    return Reading(clauses=clauses, whole=clauses[0].acts, relations=relations)


def notes_in(reading: Reading, said: Said) -> list[Note]:
    """The notes of a message, each from the beginning of a clause to the end of one."""
    found: list[Note] = []
    for place, clause in enumerate(reading.clauses):
        if found and clause.start < found[-1].end:
            continue
        text = said.text[clause.start :]
        opened = _OPENS.match(text) if found else opener(text)
        if opened is None:
            continue
        end = clause.start + _end(text, opened)
        if opened["whole"] is None and opened["comma"] is None:
            end = min(end, _order_after(reading.clauses[place:], said))
        end = max([one.end for one in reading.clauses if clause.start <= one.start < end], default=end)
        found.append(Note(start=clause.start, end=end))
    return found


def follows_note(segment: Segment, notes: Sequence[Note], said: Said) -> bool:
    """Whether what a segment asks for may still belong to the note before it, as nothing turns away from that."""
    start = segment.parts[0][0]
    before = [note for note in notes if note.end <= start]
    return bool(before) and not _TURNS.match(said.text[before[-1].end : start] + said.text[start:])


def _end(text: str, opened: "re.Match[str]") -> int:
    """Where the note ends that these words open."""
    closing = _QUOTES.get(text[opened.end() : opened.end() + 1])
    closed = text.find(closing, opened.end() + 1) if closing else -1
    if closed >= 0:
        return closed + 1
    if opened["whole"] or opened["comma"]:
        return len(text)
    ends = _SENTENCE_ENDS.search(text, opened.end())
    return ends.end() if ends else len(text)


def _order_after(clauses: Sequence[ClauseReading], said: Said) -> int:
    """Where, after "then" or "now", a clause asks for something of its own."""
    for before, clause in itertools.pairwise(clauses):
        act = max(clause.acts, key=lambda label: clause.acts[label])
        joint = said.text[before.end : clause.start] + said.text[clause.start : clause.start + 5]
        is_own = act not in ("none", "remember_lesson") and clause.acts[act] >= _OWN
        if is_own and _GOES_ON.search(joint) and not said.within(clause.start, clause.start + 1):
            return clause.start
    return len(said.text)


def _clause(note: Note, reading: Reading) -> ClauseReading:
    first = reading.clauses[0]
    return ClauseReading(
        start=note.start,
        end=note.end,
        acts=dict.fromkeys(first.acts, 0.0) | {"remember_lesson": 1.0},
        moods=dict.fromkeys(first.moods, 0.0) | {"order": 1.0},
    )
