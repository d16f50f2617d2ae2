"""What people write about a trial: a note and tags. No sampler and no lesson reads them.

recpilot_trial_notes   study, trial, note, tags (JSON), person, at
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from agent.errors import UserError
from agent.secrets import without_keys
from agent.studies.rows import readable
from recmodels.outside import on_one_line

METADATA = sa.MetaData()
_NOTES = sa.Table(
    "recpilot_trial_notes",
    METADATA,
    sa.Column("study", sa.String(255), primary_key=True),  # its own name, which no other study can have
    sa.Column("trial", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("tags", sa.Text, nullable=False),
    sa.Column("person", sa.String(255)),  # NULL: nobody had logged in
    sa.Column("at", sa.String(32), nullable=False),
)
LONGEST_NOTE, LONGEST_TAG, MOST_TAGS = 2000, 30, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialNote:
    """What is written about one trial."""

    note: str = ""
    tags: tuple[str, ...] = ()
    person: str | None = None  # who wrote it last
    at: str = ""  # ISO 8601, UTC

    @classmethod
    def read(cls, note: str, tags: str | Iterable[str], person: str | None = None) -> "TrialNote":
        """From what a person wrote; tags are apart by commas, and one that is given twice is kept once.

        Raises:
            UserError: Too long, or too many tags.
        """
        words = tags.split(",") if isinstance(tags, str) else tags
        kept = tuple(dict.fromkeys(filter(None, (" ".join(on_one_line(word).split()) for word in words))))
        note = without_keys(note.strip())
        if len(note) > LONGEST_NOTE:
            raise UserError(f"a note on a trial has at most {LONGEST_NOTE:,} characters, got {len(note):,}")
        if len(kept) > MOST_TAGS:
            raise UserError(f"a trial has at most {MOST_TAGS} tags, got {len(kept)}")
        if long := next((tag for tag in kept if len(tag) > LONGEST_TAG), None):
            raise UserError(f"a tag has at most {LONGEST_TAG} characters, got {long[: 2 * LONGEST_TAG]!r}")
        return cls(note=note, tags=kept, person=person, at=datetime.now(UTC).isoformat(timespec="seconds"))


class TrialNotes:
    """Those of one ledger."""

    def __init__(self, engine: sa.Engine) -> None:
        """The table is there: `tables.create_tables` made it."""
        self._engine = engine

    def of(self, study: str) -> dict[int, TrialNote]:
        """By trial, those of a study, by its own name; one that cannot be read is left out."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(_NOTES).where(_NOTES.c.study == study)).all()
        return dict(readable(rows, _noted, "a note on a trial"))

    def keep(self, study: str, trial: int, note: TrialNote) -> None:
        """Write a note in place of the one before; an empty one takes it away."""
        where = (_NOTES.c.study == study, _NOTES.c.trial == trial)
        with self._engine.begin() as connection:
            connection.execute(sa.delete(_NOTES).where(*where))
            if note.note or note.tags:
                row = {"note": note.note, "tags": json.dumps(note.tags), "person": note.person, "at": note.at}
                connection.execute(sa.insert(_NOTES).values(study=study, trial=trial, **row))


def _noted(row: Any) -> tuple[int, TrialNote]:
    tags = tuple(str(tag) for tag in json.loads(row.tags))
    return row.trial, TrialNote(note=row.note, tags=tags, person=row.person, at=row.at)
