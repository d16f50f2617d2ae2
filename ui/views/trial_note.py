"""A note and tags of a trial, as the page writes them: never over one that its writer has not seen."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.errors import UserError
from agent.studies.trial_notes import NoteChanged, TrialNote
from agent.workspace import Workspace
from recmodels.outside import on_one_line

MOST_TOLD = 300  # characters of a note in a message


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was written, and what stood there before."""

    note: TrialNote
    was: TrialNote


def keep_note(
    workspace: Workspace, study: str, trial: int, given: Mapping[str, object], person: str | None = None
) -> Kept:
    """Write what a form gave: `note`, and `tags` as a list or apart by commas; both empty take the note away.

    Args:
        given: With `seen`, when the note was written that the form showed (empty: there was none); `back` in place of
            the others writes again what stood there before.

    Raises:
        UserError: There is no such study or finished trial, or the note is too long.
        NoteChanged: Another one stands there than was seen; the text says whose, and both.
    """
    found = workspace.runner.peek(study)
    found.record(trial)
    notes = workspace.ledger.trial_notes
    note = notes.before(found.name, trial) if given.get("back") else _read(given, person)
    try:
        return Kept(note=note, was=notes.keep(found.name, trial, note, seen=str(given.get("seen") or "")))
    except NoteChanged as changed:
        raise NoteChanged(changed.stands, _changed(changed.stands, note, person)) from None


def _read(given: Mapping[str, object], person: str | None) -> TrialNote:
    note, tags = given.get("note", ""), given.get("tags", "")
    words = [str(tag) for tag in tags] if isinstance(tags, list | tuple) else tags
    if not isinstance(note, str) or not isinstance(words, str | list):
        raise UserError("a note on a trial is a text, and its tags are words apart by commas")
    return TrialNote.read(note, words, person)


def _changed(stands: TrialNote, note: TrialNote, person: str | None) -> str:
    who = "Another tab" if stands.person in (None, person) else stands.person
    now = f"{who} changed it meanwhile to {_told(stands)}" if stands.at else "It was taken away meanwhile"
    yours = f"Yours was not kept: {_told(note)}." if not note.is_empty else "It was not taken away."
    return f"{now}. {yours} Save again to put yours in its place."


def _told(note: TrialNote) -> str:
    said = on_one_line(note.said)
    return said if len(said) <= MOST_TOLD else f"{said[:MOST_TOLD]} …"
