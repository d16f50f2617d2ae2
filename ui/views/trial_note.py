"""A note and tags of a trial, as the page writes them."""

from collections.abc import Mapping

from agent.errors import UserError
from agent.studies.trial_notes import TrialNote
from agent.workspace import Workspace


def keep_note(
    workspace: Workspace, study: str, trial: int, given: Mapping[str, object], person: str | None = None
) -> TrialNote:
    """Write what a form gave: `note`, and `tags` as a list or apart by commas; both empty take the note away.

    Raises:
        UserError: There is no such study or finished trial, or the note is too long.
    """
    found = workspace.runner.peek(study)
    found.record(trial)
    note, tags = given.get("note", ""), given.get("tags", "")
    words = [str(tag) for tag in tags] if isinstance(tags, list | tuple) else tags
    if not isinstance(note, str) or not isinstance(words, str | list):
        raise UserError("a note on a trial is a text, and its tags are words apart by commas")
    kept = TrialNote.read(note, words, person)
    workspace.ledger.trial_notes.keep(found.name, trial, kept)
    return kept
