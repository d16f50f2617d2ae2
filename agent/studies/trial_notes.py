"""What people write about a trial: a note and tags. No sampler and no lesson reads them.

recpilot_trial_notes          study, trial, note, tags (JSON), person, at
recpilot_trial_notes_before   the same, of what stood there before the last change
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from agent.errors import UserError
from agent.secrets import without_keys
from agent.studies.rows import readable
from recmodels.outside import on_one_line

METADATA = sa.MetaData()


def _table(name: str) -> sa.Table:
    return sa.Table(
        name,
        METADATA,
        sa.Column("study", sa.String(255), primary_key=True),  # its own name, which no other study can have
        sa.Column("trial", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("tags", sa.Text, nullable=False),
        sa.Column("person", sa.String(255)),  # NULL: nobody had logged in
        sa.Column("at", sa.String(32), nullable=False),
    )


_NOTES, _BEFORE = _table("recpilot_trial_notes"), _table("recpilot_trial_notes_before")
LONGEST_NOTE, LONGEST_TAG, MOST_TAGS = 2000, 30, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialNote:
    """What is written about one trial."""

    note: str = ""
    tags: tuple[str, ...] = ()
    person: str | None = None  # who wrote it last
    at: str = ""  # ISO 8601, UTC

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing."""
        return not self.note and not self.tags

    @property
    def said(self) -> str:
        """Its words and tags in one text."""
        tags = f"tags {', '.join(self.tags)}" if self.tags else ""
        return "; ".join(filter(None, (f"“{self.note}”" if self.note else "", tags)))

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
        return cls(note=note, tags=kept, person=person, at=datetime.now(UTC).isoformat(timespec="milliseconds"))


class NoteChanged(UserError):
    """Another note stands there than its writer had read."""

    def __init__(self, stands: TrialNote, said: str = "the note was changed meanwhile") -> None:
        super().__init__(said)
        self.stands = stands


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

    def keep(self, study: str, trial: int, note: TrialNote, *, seen: str = "") -> TrialNote:
        """Write a note in place of the one before; an empty one takes it away.

        Args:
            seen: The `at` of the note that its writer had read; empty: there was none.

        Returns:
            What stood there, which `before` gives from then on.

        Raises:
            NoteChanged: Another one stands there now than was read.
        """
        mine = (_NOTES.c.study == study, _NOTES.c.trial == trial)
        with self._engine.begin() as connection:
            was = _one(connection, _NOTES, study, trial)
            gone = connection.execute(sa.delete(_NOTES).where(*mine, _NOTES.c.at == seen)).rowcount
            if was.at != seen or gone != bool(was.at):
                raise NoteChanged(was)
            connection.execute(sa.delete(_BEFORE).where(_BEFORE.c.study == study, _BEFORE.c.trial == trial))
            for table, one in ((_BEFORE, was), (_NOTES, note)):
                if one.is_empty:
                    continue
                row = {"note": one.note, "tags": json.dumps(one.tags), "person": one.person, "at": one.at}
                try:
                    connection.execute(sa.insert(table).values(study=study, trial=trial, **row))
                except IntegrityError:  # another was written at this very moment
                    raise NoteChanged(was) from None
        return was

    def before(self, study: str, trial: int) -> TrialNote:
        """What stood there before the last change; an empty note: nothing."""
        with self._engine.connect() as connection:
            return _one(connection, _BEFORE, study, trial)


def _one(connection: sa.Connection, table: sa.Table, study: str, trial: int) -> TrialNote:
    row = connection.execute(sa.select(table).where(table.c.study == study, table.c.trial == trial)).first()
    return TrialNote() if row is None else _noted(row)[1]


def _noted(row: Any) -> tuple[int, TrialNote]:
    tags = tuple(str(tag) for tag in json.loads(row.tags))
    return row.trial, TrialNote(note=row.note, tags=tags, person=row.person, at=row.at)
