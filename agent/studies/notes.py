"""What is remembered that no study of this ledger measured: lessons, datasets and trials from elsewhere.

recpilot_notes        id, kind, record (JSON)    the truth, of which the memory is a copy
recpilot_remembered   place, trial, is_kept      which trials of this ledger the memory at a place has been given

The second table tells at a start which trials a kill kept from the memory; a trial that taught nothing is looked at
once and stands there as not kept. A row without a trial says that the ledger has all that the memory holds. In the row
of the place "home" stands, for a trial, what this home is called on a memory that several share.
"""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from agent.studies.rows import readable
from memory.record import KINDS, Record, from_dict, kind_of, to_dict

METADATA = sa.MetaData()
_NOTES = sa.Table(
    "recpilot_notes",
    METADATA,
    sa.Column("id", sa.String(255), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("record", sa.Text, nullable=False),
)
_REMEMBERED = sa.Table(
    "recpilot_remembered",
    METADATA,
    sa.Column("place", sa.String(255), primary_key=True),
    sa.Column("trial", sa.String(255), primary_key=True),
    sa.Column("is_kept", sa.Boolean, nullable=False),
)
_HOME = "home"  # no place: the one row names the home
_MET = ""  # no trial: ledger and memory were compared
_ROWS = 400  # in one statement: databases bound how many values it may carry


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The trials that a memory has been told of, by id."""

    kept: frozenset[str]
    taught_nothing: frozenset[str]
    is_known: bool  # whether the ledger has all that this memory held when a process first used it


class Notes:
    """The notes of one ledger."""

    def __init__(self, engine: sa.Engine) -> None:
        """The tables are there: `tables.create_tables` made them."""
        self._engine = engine

    def keep(self, records: Sequence[Record]) -> None:
        """Write the records in one transaction; one whose id is there is replaced."""
        rows = {record.id: _row(record) for record in records}
        with self._engine.begin() as connection:
            for ids in _batches(rows):
                connection.execute(sa.delete(_NOTES).where(_NOTES.c.id.in_(ids)))
                connection.execute(sa.insert(_NOTES), [rows[id] for id in ids])

    def drop(self, id: str) -> None:
        """Remove the record of that id, if there is one."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(_NOTES).where(_NOTES.c.id == id))

    def ids(self) -> Mapping[str, frozenset[str]]:
        """The ids of each kind."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(_NOTES.c.kind, _NOTES.c.id)).all()
        return {kind: frozenset(row.id for row in rows if row.kind == kind) for kind in KINDS}

    def records(self) -> list[Record]:
        """All of them that can be read, sorted by id."""
        with self._engine.connect() as connection:
            texts = connection.execute(sa.select(_NOTES.c.record).order_by(_NOTES.c.id)).scalars().all()
        return readable(texts, lambda text: from_dict(json.loads(text)), "a lesson or imported record")

    def given(self, place: str) -> Given:
        """Which trials the memory at a place was given so far."""
        query = sa.select(_REMEMBERED.c.trial, _REMEMBERED.c.is_kept).where(_REMEMBERED.c.place == place)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return Given(
            kept=frozenset(row.trial for row in rows if row.is_kept),
            taught_nothing=frozenset(row.trial for row in rows if not row.is_kept and row.trial != _MET),
            is_known=any(row.trial == _MET for row in rows),
        )

    def home(self) -> str:
        """What tells the home of this ledger from others, on a memory that they share; made when it is first asked."""
        query = sa.select(_REMEMBERED.c.trial).where(_REMEMBERED.c.place == _HOME).order_by(_REMEMBERED.c.trial)
        with self._engine.begin() as connection:
            if connection.execute(query).first() is None:
                row = {"place": _HOME, "trial": uuid.uuid4().hex[:8], "is_kept": False}
                connection.execute(sa.insert(_REMEMBERED), [row])
            return str(connection.execute(query).scalars().first())  # the first: of two processes each may make one

    def know(self, place: str) -> None:
        """Note that the ledger has all that the memory at a place holds."""
        self.give(place, (_MET,), is_kept=False)

    def give(self, place: str, trials: Iterable[str], *, is_kept: bool = True) -> None:
        """Note that the memory at a place has these trials, or need not have them."""
        rows = {trial: {"place": place, "trial": trial, "is_kept": is_kept} for trial in trials}
        if not rows:
            return
        with self._engine.begin() as connection:
            for ids in _batches(rows):
                where = (_REMEMBERED.c.place == place, _REMEMBERED.c.trial.in_(ids))
                connection.execute(sa.delete(_REMEMBERED).where(*where))
                connection.execute(sa.insert(_REMEMBERED), [rows[id] for id in ids])


def _row(record: Record) -> dict[str, str]:
    return {"id": record.id, "kind": kind_of(record), "record": json.dumps(to_dict(record))}


def _batches(rows: Mapping[str, object]) -> Iterable[list[str]]:
    ids = list(rows)
    return (ids[start : start + _ROWS] for start in range(0, len(ids), _ROWS))
