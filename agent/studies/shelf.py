"""What people call the studies of a ledger, and which are out of sight; a study's own name never changes.

recpilot_shelf   study_id, title, is_hidden, is_forgotten

Events, trials' ids, checkpoints and confirmations carry a study's name, which its title only stands for. A deleted
study is hidden: its trials, weights and readings of test stay, so that it can be brought back. Every change is one
statement.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

METADATA = sa.MetaData()
_SHELF = sa.Table(
    "recpilot_shelf",
    METADATA,
    sa.Column("study_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("title", sa.String(100), unique=True),  # NULL: the study's own name
    sa.Column("is_hidden", sa.Boolean, nullable=False, default=False),
    sa.Column("is_forgotten", sa.Boolean, nullable=False, default=False),  # its trials are not for the memory either
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """How a study stands on the shelf."""

    title: str | None = None  # None: its own name
    is_hidden: bool = False
    is_forgotten: bool = False


class Shelf:
    """The titles of one ledger's studies."""

    def __init__(self, engine: sa.Engine) -> None:
        """The tables are there: `tables.create_tables` made them."""
        self._engine = engine

    def places(self) -> Mapping[int, Shelved]:
        """Those of the studies that were ever renamed or hidden, by their number."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(_SHELF)).all()
        return {
            row.study_id: Shelved(title=row.title, is_hidden=row.is_hidden, is_forgotten=row.is_forgotten)
            for row in rows
        }

    def place(self, study_id: int) -> Shelved:
        """That of one study."""
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(_SHELF).where(_SHELF.c.study_id == study_id)).first()
        if row is None:
            return Shelved()
        return Shelved(title=row.title, is_hidden=row.is_hidden, is_forgotten=row.is_forgotten)

    def rename(self, study_id: int, title: str | None) -> bool:
        """Call the study so, None: by its own name; False where another study has the title."""
        try:
            self._put(study_id, title=title)
        except sa.exc.IntegrityError:
            return False
        return True

    def hide(self, study_id: int, *, forgets: bool = False) -> None:
        """Take the study out of sight; `forgets`: out of the memory too."""
        self._put(study_id, is_hidden=True, is_forgotten=forgets)

    def show(self, study_id: int) -> None:
        """Put it back."""
        self._put(study_id, is_hidden=False, is_forgotten=False)

    def clear(self, study_id: int) -> None:
        """Drop the row: Optuna gives the number of a deleted study to the next one."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(_SHELF).where(_SHELF.c.study_id == study_id))

    def _put(self, study_id: int, **row: str | bool | None) -> None:
        with self._engine.begin() as connection:
            done = connection.execute(sa.update(_SHELF).where(_SHELF.c.study_id == study_id).values(**row))
            if not done.rowcount:
                blank = {"title": None, "is_hidden": False, "is_forgotten": False}
                connection.execute(sa.insert(_SHELF).values(study_id=study_id, **(blank | row)))
