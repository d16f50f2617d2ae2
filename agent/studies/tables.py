"""Our own two tables beside Optuna's in the ledger's database: what a study keeps, and who works on it.

recpilot_states   study_id, format, state (JSON)              written by whoever holds the claim
recpilot_claims   study_id, owner, host, pid, started, beat   one row while a process works on the study

Optuna has neither a compare-and-set, which a claim needs, nor a place for a state that readers need not parse.
"""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy
from sqlalchemy import Column, Engine, Float, Integer, MetaData, String, Table, Text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from agent.studies.ownership import Owner, is_alive

_METADATA = MetaData()
_STATES = Table(
    "recpilot_states",
    _METADATA,
    Column("study_id", Integer, primary_key=True, autoincrement=False),
    Column("format", Integer, nullable=False),
    Column("state", Text, nullable=False),
)
_CLAIMS = Table(
    "recpilot_claims",
    _METADATA,
    Column("study_id", Integer, primary_key=True, autoincrement=False),
    Column("owner", String(64), nullable=False),
    Column("host", String(255), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started", Float),
    Column("beat", Float, nullable=False),  # seconds since 1970 by the database's clock, which all processes share
)
# Optuna's own, by the schema that its dashboard reads too: the storage counts trials by reading them all
_TRIALS = sqlalchemy.table("trials", sqlalchemy.column("study_id"), sqlalchemy.column("state", String))
_NOW = sqlalchemy.cast(sqlalchemy.extract("epoch", sqlalchemy.func.current_timestamp()), Float)


def create_tables(engine: Engine) -> None:
    """Make the tables that are not there yet."""
    try:
        _METADATA.create_all(engine)
    except (OperationalError, ProgrammingError, IntegrityError):  # another process made them at the same moment
        _METADATA.create_all(engine)


class StudyTables:
    """The rows of one study."""

    def __init__(self, engine: Engine, study_id: int) -> None:
        self._engine = engine
        self._id = study_id

    # -- what the study keeps -------------------------------------------------------------------------------

    def state(self) -> dict[str, Any] | None:
        """What was saved last; None before."""
        with self._engine.connect() as connection:
            text = connection.execute(sqlalchemy.select(_STATES.c.state).where(_STATES.c.study_id == self._id)).scalar()
        return None if text is None else dict(json.loads(text))

    def save(self, state: Mapping[str, Any]) -> None:
        """Replace it."""
        row = {"format": int(state.get("format", 0)), "state": json.dumps(state)}
        with self._engine.begin() as connection:
            done = connection.execute(sqlalchemy.update(_STATES).where(_STATES.c.study_id == self._id).values(row))
            if not done.rowcount:
                connection.execute(sqlalchemy.insert(_STATES).values(study_id=self._id, **row))

    def count(self, states: tuple[str, ...] | None = None) -> int:
        """How many trials there are, or are in these of Optuna's states, without reading them."""
        where = [_TRIALS.c.study_id == self._id]
        where += [_TRIALS.c.state.in_(states)] if states else []
        with self._engine.connect() as connection:
            found = connection.execute(sqlalchemy.select(sqlalchemy.func.count()).select_from(_TRIALS).where(*where))
            return int(found.scalar() or 0)

    def clear(self) -> None:
        """Drop both rows: Optuna gives the number of a deleted study to the next one."""
        with self._engine.begin() as connection:
            for table in (_STATES, _CLAIMS):
                connection.execute(sqlalchemy.delete(table).where(table.c.study_id == self._id))

    # -- who works on it ------------------------------------------------------------------------------------

    def holder(self) -> Owner | None:
        """The living owner of the claim."""
        found = self._claim()
        return None if found is None or not is_alive(*found) else found[0]

    def take(self, owner: Owner) -> Owner | None:
        """Claim the study, in one statement, so that of two one gets it.

        Returns:
            The living owner that has it instead; None when the claim is `owner`'s now.
        """
        found = self._claim()
        if found is not None and found[0].id != owner.id and is_alive(*found):
            return found[0]
        if self._swapped(None if found is None else found[0], owner):
            return None
        return self.holder() or self.take(owner)  # another process was quicker, or has just let go

    def renew(self, owner: Owner) -> bool:
        """Say that the owner still works on the study; False when the claim is not its own any more."""
        return self._update(owner, {"beat": _NOW})

    def holds(self, owner: Owner) -> bool:
        """Whether the claim is this owner's."""
        found = self._claim()
        return found is not None and found[0].id == owner.id

    def release(self, owner: Owner) -> None:
        """Give the study free, if it is this owner's."""
        where = (_CLAIMS.c.study_id == self._id, _CLAIMS.c.owner == owner.id)
        with self._engine.begin() as connection:
            connection.execute(sqlalchemy.delete(_CLAIMS).where(*where))

    def _claim(self) -> tuple[Owner, float] | None:
        """The claim's owner, and for how long it has been silent, in seconds."""
        query = sqlalchemy.select(_CLAIMS, _NOW.label("now")).where(_CLAIMS.c.study_id == self._id)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return Owner(id=row.owner, host=row.host, pid=row.pid, started=row.started), row.now - row.beat

    def _swapped(self, old: Owner | None, new: Owner) -> bool:
        row = {"owner": new.id, "host": new.host, "pid": new.pid, "started": new.started, "beat": _NOW}
        if old is not None:
            return self._update(old, row)
        try:
            with self._engine.begin() as connection:
                connection.execute(sqlalchemy.insert(_CLAIMS).values(study_id=self._id, **row))
        except IntegrityError:
            return False
        return True

    def _update(self, owner: Owner, row: Mapping[str, Any]) -> bool:
        where = (_CLAIMS.c.study_id == self._id, _CLAIMS.c.owner == owner.id)
        with self._engine.begin() as connection:
            return connection.execute(sqlalchemy.update(_CLAIMS).where(*where).values(**row)).rowcount == 1
