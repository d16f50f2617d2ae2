"""Our own tables next to Optuna's in the ledger's database: what a study keeps, and who works on it.

recpilot_states   study_id, format, state (JSON)              written by whoever holds the claim
recpilot_claims   study_id, owner, host, pid, started, beat   one row while a process works on the study
recpilot_names    names that are being given, see naming.py
recpilot_shelf    what people call the studies, see shelf.py
recpilot_acts     what was changed in chats, see acts_log.py
recpilot_notes    lessons and other records that no study measured, see notes.py
recpilot_trial_notes  what people write about a trial, see trial_notes.py

Optuna has neither a compare-and-set, which a claim needs, nor a place for a state that readers need not parse.
"""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy
from sqlalchemy import Column, Engine, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from agent.studies import acts_log, naming, notes, shelf, trial_notes
from agent.studies.claims import Claim, claim_table

_METADATA = MetaData()
_STATES = Table(
    "recpilot_states",
    _METADATA,
    Column("study_id", Integer, primary_key=True, autoincrement=False),
    Column("format", Integer, nullable=False),
    Column("state", Text, nullable=False),
)
_CLAIMS = claim_table("recpilot_claims", _METADATA, Column("study_id", Integer, primary_key=True, autoincrement=False))
# Optuna's own, by the schema that its dashboard reads too: the storage counts trials by reading them all
_TRIALS = sqlalchemy.table(
    "trials", sqlalchemy.column("study_id"), sqlalchemy.column("number"), sqlalchemy.column("state", String)
)
_STUDIES = Table("studies", MetaData(), Column("study_id", Integer), Column("study_name", String(512)))
_NAMES_ARE_UNIQUE = Index("ix_studies_study_name", _STUDIES.c.study_name, unique=True)
_ATTRIBUTES = sqlalchemy.table(
    "study_user_attributes", sqlalchemy.column("study_id"), sqlalchemy.column("key"), sqlalchemy.column("value_json")
)
FINISHED = ("COMPLETE", "PRUNED", "FAIL")  # Optuna's states of a trial that ended


def create_tables(engine: Engine) -> None:
    """Make the tables that are not there yet, and the index of Optuna's that keeps names of studies apart.

    Optuna makes it right after the table, and never again: a process that is killed between the two leaves a ledger in
    which two studies can have one name.
    """
    _NAMES_ARE_UNIQUE.create(engine, checkfirst=True)
    parts = (naming, shelf, acts_log, notes, trial_notes)
    for metadata in (_METADATA, *(part.METADATA for part in parts)):
        try:
            metadata.create_all(engine)
        except (OperationalError, ProgrammingError, IntegrityError):  # another process made them at the same moment
            metadata.create_all(engine)


def own_studies(engine: Engine) -> dict[str, int]:
    """The studies that have a spec, so that are ours, by name, with their number; nothing of them is read."""
    joined = _STUDIES.join(_ATTRIBUTES, _STUDIES.c.study_id == _ATTRIBUTES.c.study_id)
    query = sqlalchemy.select(_STUDIES.c.study_name, _STUDIES.c.study_id).select_from(joined)
    with engine.connect() as connection:
        return {row.study_name: row.study_id for row in connection.execute(query.where(_ATTRIBUTES.c.key == "spec"))}


def begun_studies(engine: Engine) -> dict[int, Any]:
    """What is kept of who began a study, by its number."""
    query = sqlalchemy.select(_ATTRIBUTES.c.study_id, _ATTRIBUTES.c.value_json).where(_ATTRIBUTES.c.key == "begun")
    with engine.connect() as connection:
        return {number: json.loads(text) for number, text in connection.execute(query)}


def studies_of_data(engine: Engine, dataset: str) -> frozenset[int]:
    """The numbers of the studies on a dataset, by its key; nothing else of them is read."""
    query = sqlalchemy.select(_ATTRIBUTES.c.study_id, _ATTRIBUTES.c.value_json).where(_ATTRIBUTES.c.key == "spec")
    with engine.connect() as connection:
        specs = [(number, json.loads(text)) for number, text in connection.execute(query)]
    return frozenset(number for number, spec in specs if isinstance(spec, dict) and spec.get("dataset") == dataset)


def finished_trials(engine: Engine) -> list[tuple[str, int]]:
    """Study's own name and number of every trial that ended, without reading it."""
    joined = _TRIALS.join(_STUDIES, _TRIALS.c.study_id == _STUDIES.c.study_id)
    query = sqlalchemy.select(_STUDIES.c.study_name, _TRIALS.c.number).select_from(joined)
    with engine.connect() as connection:
        return [(name, number) for name, number in connection.execute(query.where(_TRIALS.c.state.in_(FINISHED)))]


class StudyTables(Claim):
    """The rows of one study: what it keeps, and who works on it."""

    def __init__(self, engine: Engine, study_id: int) -> None:
        super().__init__(engine, _CLAIMS, study_id)
        self._id = study_id

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
