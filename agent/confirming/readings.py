"""How often a test part was read, each study's confirmations, and who works on one: tables of ours in the ledger.

Readings are counted for ever, over all studies and single runs, by the data's fingerprint and the split. One is written
before test is measured, so that none is forgotten; it carries a key, so that a confirmation that goes on reads once.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from agent.confirmation import Confirmation
from agent.studies.claims import Claim, claim_table
from agent.studies.rows import readable
from agent.studies.weights import kept_path, whole_path

_tables = sa.MetaData()
_READINGS = sa.Table(
    "recpilot_readings",
    _tables,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("data", sa.String(64), nullable=False, index=True),
    sa.Column("split", sa.String(32), nullable=False),
    sa.Column("split_seed", sa.Integer, nullable=False),
    sa.Column("key", sa.String(255), nullable=False, unique=True),
    sa.Column("at", sa.String(32), nullable=False),
)
_CONFIRMATIONS = sa.Table(
    "recpilot_confirmations",
    _tables,
    sa.Column("study", sa.String(255), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("record", sa.Text, nullable=False),
)

_CLAIMS = claim_table("recpilot_confirming", _tables, sa.Column("study", sa.String(255), primary_key=True))


class Readings:
    """The test parts that were read, in one database."""

    def __init__(self, engine: sa.Engine, checkpoints: Path | None = None) -> None:
        """`checkpoints`: the folder that paths of weights are kept below, see `agent/studies/weights.py`."""
        self._engine, self._checkpoints = engine, checkpoints
        _tables.create_all(engine)

    def read(self, data: str, split: str, split_seed: int, key: str) -> int:
        """Note that test is read now; which reading of this part that is, from 1. A key that is known counts once."""
        seed, of_part = _part(data, split, split_seed)
        with self._engine.begin() as connection:
            known = connection.execute(sa.select(_READINGS.c.number).where(_READINGS.c.key == key)).scalar()
            if known is None:
                at = datetime.now(UTC).isoformat(timespec="seconds")
                row = {"data": data, "split": split, "split_seed": seed, "key": key, "at": at}
                known = connection.execute(sa.insert(_READINGS).values(row)).inserted_primary_key[0]  # type: ignore[index]
            upto = sa.select(sa.func.count()).select_from(_READINGS).where(*of_part, _READINGS.c.number <= known)
            return int(connection.execute(upto).scalar_one())

    def count(self, data: str, split: str, split_seed: int) -> int:
        """How often a test part was read so far."""
        _, of_part = _part(data, split, split_seed)
        with self._engine.connect() as connection:
            count = sa.select(sa.func.count()).select_from(_READINGS).where(*of_part)
            return int(connection.execute(count).scalar_one())

    def save(self, confirmation: Confirmation) -> None:
        """Write a confirmation as it stands."""
        key = {"study": confirmation.study, "number": confirmation.number}
        record = json.dumps(_moved(confirmation, lambda path: kept_path(path, self._checkpoints)).to_dict())
        where = (_CONFIRMATIONS.c.study == key["study"], _CONFIRMATIONS.c.number == key["number"])
        with self._engine.begin() as connection:
            if not connection.execute(sa.update(_CONFIRMATIONS).where(*where).values(record=record)).rowcount:
                connection.execute(sa.insert(_CONFIRMATIONS).values(key | {"record": record}))

    def confirmations(self, study: str) -> list[Confirmation]:
        """Those of a study, the first first; the last may not be done."""
        query = sa.select(_CONFIRMATIONS.c.record).where(_CONFIRMATIONS.c.study == study)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(_CONFIRMATIONS.c.number)).scalars().all()
        found = readable(rows, lambda row: Confirmation.from_dict(json.loads(row)), f"a confirmation of study {study}")
        return [_moved(one, lambda path: whole_path(path, self._checkpoints, study)) for one in found]

    def done(self, study: str) -> list[Confirmation]:
        """Those of a study, by its own name, that are done, the first first."""
        return [found for found in self.confirmations(study) if found.is_done]

    def claim(self, study: str) -> Claim:
        """The claim on the confirmation of a study, which one worker has at a time."""
        return Claim(self._engine, _CLAIMS, study)


def _moved(confirmation: Confirmation, move: Callable[[str | None], str | None]) -> Confirmation:
    """With other paths of the weights."""
    return replace(confirmation, runs=tuple(replace(run, checkpoint=move(run.checkpoint)) for run in confirmation.runs))


def _part(data: str, split: str, split_seed: int) -> tuple[int, tuple[sa.ColumnElement[bool], ...]]:
    """The seed by which a test part is known, and the rows of it."""
    seed = split_seed if split in ("random", "given") else 0  # the other splits know no seed
    return seed, (_READINGS.c.data == data, _READINGS.c.split == split, _READINGS.c.split_seed == seed)
