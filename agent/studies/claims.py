"""Who works on something: a row in a table of the ledger's database, taken in one statement.

So of two that want it one gets it. A claim counts as long as its owner's process lives; a dead process' claim is free.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy
from sqlalchemy import Column, Engine, Float, Integer, MetaData, String, Table
from sqlalchemy.exc import IntegrityError

from agent.studies.ownership import Owner, is_alive

_NOW = sqlalchemy.cast(sqlalchemy.extract("epoch", sqlalchemy.func.current_timestamp()), Float)


def claim_table(name: str, metadata: MetaData, key: Column[Any]) -> Table:
    """A table with one row for each thing that is claimed, found by `key`, its primary key."""
    return Table(
        name,
        metadata,
        key,
        Column("owner", String(64), nullable=False),
        Column("host", String(255), nullable=False),
        Column("pid", Integer, nullable=False),
        Column("started", Float),
        Column("beat", Float, nullable=False),  # seconds since 1970 by the database's clock, which all processes share
    )


class Claim:
    """The claim on one thing, held by this or another process."""

    def __init__(self, engine: Engine, table: Table, key: int | str) -> None:
        """`table`: from `claim_table`."""
        self._engine = engine
        self._claims = table
        (column,) = table.primary_key.columns
        self._key = {column.name: key}
        self._is_mine = column == key

    def holder(self) -> Owner | None:
        """The living owner of the claim."""
        found = self._claim()
        return None if found is None or not is_alive(*found) else found[0]

    def take(self, owner: Owner) -> Owner | None:
        """Claim it, in one statement, so that of two one gets it.

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
        """Say that the owner still works on it; False when the claim is not its own any more."""
        return self._update(owner, {"beat": _NOW})

    def holds(self, owner: Owner) -> bool:
        """Whether the claim is this owner's."""
        found = self._claim()
        return found is not None and found[0].id == owner.id

    def release(self, owner: Owner) -> None:
        """Give it free, if it is this owner's."""
        where = (self._is_mine, self._claims.c.owner == owner.id)
        with self._engine.begin() as connection:
            connection.execute(sqlalchemy.delete(self._claims).where(*where))

    def _claim(self) -> tuple[Owner, float] | None:
        """The claim's owner, and for how long it has been silent, in seconds."""
        query = sqlalchemy.select(self._claims, _NOW.label("now")).where(self._is_mine)
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
                connection.execute(sqlalchemy.insert(self._claims).values(**self._key, **row))
        except IntegrityError:
            return False
        return True

    def _update(self, owner: Owner, row: Mapping[str, Any]) -> bool:
        where = (self._is_mine, self._claims.c.owner == owner.id)
        with self._engine.begin() as connection:
            return connection.execute(sqlalchemy.update(self._claims).where(*where).values(**row)).rowcount == 1
