"""What was changed in chats, for ever and in order: undo reads it, and what is undone is one more row.

recpilot_acts   number, at, chat, tool, study, args, before, outcome, undoes

A row is written before its act (`begun`) and closed after it (`done`, `failed`), so that a kill in between leaves
an act that may have happened and that undo takes back all the same: taking back twice changes nothing.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from agent.studies.rows import readable
from memory.record import Lesson, Record, TrialRecord, from_dict

METADATA = sa.MetaData()
_ACTS = sa.Table(
    "recpilot_acts",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("chat", sa.String(64)),  # NULL: in no chat
    sa.Column("tool", sa.String(64), nullable=False),
    sa.Column("study", sa.String(255)),  # its own name; NULL: the act is about data or the memory
    sa.Column("says", sa.Text, nullable=False, default=""),
    sa.Column("before", sa.Text, nullable=False),  # JSON: what taking it back needs
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("undoes", sa.Integer),  # the number of the act that this one took back
)
DATA = "add_dataset"
_OF_DATA = (DATA, "rename_dataset", "remove_dataset", "filter_dataset")
IMPORT, NOTE, FORGET = "import_trials", "remember_lesson", "forget_lesson"  # tools whose rows hold whole records


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One act."""

    number: int
    at: str
    chat: str | None
    tool: str
    study: str | None
    says: str  # what was done, in words
    before: Mapping[str, Any]
    outcome: str  # begun: it may have happened, done
    undoes: int | None = None


@dataclass(slots=True, kw_only=True)
class Entry:
    """An act in the making; what is only known afterwards is filled in before it closes."""

    says: str = ""
    study: str | None = None
    before: dict[str, Any]
    is_kept: bool = True  # False: nothing was changed, so there is nothing to take back


class ActsLog:
    """The acts of one ledger."""

    def __init__(self, engine: sa.Engine) -> None:
        """The table is there: `tables.create_tables` made it."""
        self._engine = engine

    @contextmanager
    def act(
        self,
        tool: str,
        *,
        chat: str | None,
        study: str | None = None,
        before: Mapping[str, Any],
        undoes: int | None = None,
    ) -> Iterator[Entry]:
        """Log what the block does: begun before it, done or failed after it."""
        entry = Entry(study=study, before=dict(before))
        at = datetime.now(UTC).isoformat(timespec="seconds")
        row = {"at": at, "chat": chat, "tool": tool, "outcome": "begun", "undoes": undoes, **_row(entry)}
        with self._engine.begin() as connection:
            number = int(connection.execute(sa.insert(_ACTS).values(row)).inserted_primary_key[0])  # type: ignore[index]
        try:
            yield entry
        except Exception:
            self._close(number, entry, "failed")
            raise
        self._close(number, entry, "done" if entry.is_kept else "failed")

    def n_done(self) -> int:
        """How many acts are over: another number says that something of the home may have changed."""
        with self._engine.connect() as connection:
            query = sa.select(sa.func.count()).where(_ACTS.c.outcome == "done")
            return int(connection.execute(query).scalar_one())

    def last(self, chat: str | None, study: str | None = None, *, dataset: str | None = None) -> list[Logged]:
        """What may be taken back, the latest first: the acts of a chat that still stand.

        Args:
            study: Only those about this study, by its own name.
            dataset: Only those about this dataset, by any of its names.
        """
        found, undone = self._of_chat(chat)
        return [
            act
            for act in found
            if act.undoes is None
            and act.number not in undone
            and (study is None or act.study == study)
            and (dataset is None or _is_about(act, dataset))
        ]

    def taken_back(self, chat: str | None, dataset: str) -> list[Logged]:
        """The acts of a chat about a dataset that were taken back, the latest first."""
        found, undone = self._of_chat(chat)
        return [act for act in found if act.number in undone and _is_about(act, dataset)]

    def _of_chat(self, chat: str | None) -> tuple[list[Logged], set[int]]:
        """The acts of a chat, the latest first, and the numbers of those that were taken back."""
        query = sa.select(_ACTS).where(_ACTS.c.outcome != "failed").order_by(_ACTS.c.number.desc())
        query = query.where(_ACTS.c.chat.is_(None) if chat is None else _ACTS.c.chat == chat)
        with self._engine.connect() as connection:
            found = readable(connection.execute(query), _logged, "an act")
        undone = {
            act.undoes for act in found if act.outcome == "done"
        }  # a begun one is done once more, which costs nothing
        return found, {number for number in undone if number is not None}

    def done_to(self, study: str, tools: Sequence[str]) -> list[Logged]:
        """What these tools did to a study, by its own name, the latest first; in any chat."""
        query = sa.select(_ACTS).where(_ACTS.c.study == study, _ACTS.c.tool.in_(tools), _ACTS.c.outcome == "done")
        with self._engine.connect() as connection:
            return readable(connection.execute(query.order_by(_ACTS.c.number.desc())), _logged, "an act")

    def told(self, study: str, tool: str) -> list[str]:
        """What a tool did for a study, in words, the latest first; in any chat."""
        query = sa.select(_ACTS.c.says).where(_ACTS.c.study == study, _ACTS.c.tool == tool, _ACTS.c.outcome == "done")
        with self._engine.connect() as connection:
            return [row.says for row in connection.execute(query.order_by(_ACTS.c.number.desc()))]

    def imported(self) -> list[TrialRecord]:
        """Trials that people brought, as long as nothing took that back; the memory is rebuilt from them too."""
        rows = [row for act in self._standing(IMPORT) for row in act.before.get("records", ())]
        records = readable(rows, from_dict, "an imported trial")
        return [record for record in records if isinstance(record, TrialRecord)]

    def columns_told(self, dataset: str) -> dict[str, str]:
        """What people said of the columns of a dataset, by its key, when its file was read last: role → column."""
        acts = [act for act in self._standing(DATA) if act.before.get("dataset") == dataset]
        return dict(acts[-1].before.get("columns") or {}) if acts else {}

    def lessons(self) -> list[Lesson]:
        """What people told in chats, as long as nothing took that back."""
        found: dict[str, Record] = {}
        for act in self._standing(NOTE, FORGET):
            if "lesson" not in act.before:
                continue
            lesson = from_dict(act.before["lesson"])
            if act.tool == NOTE:
                found[lesson.id] = lesson
            else:
                found.pop(lesson.id, None)
        return [record for record in found.values() if isinstance(record, Lesson)]

    def _standing(self, *tools: str) -> list[Logged]:
        """The acts of these tools that nothing took back, in order."""
        query = sa.select(_ACTS).where(_ACTS.c.outcome != "failed").order_by(_ACTS.c.number)
        with self._engine.connect() as connection:
            rows = connection.execute(query.where(sa.or_(_ACTS.c.tool.in_(tools), _ACTS.c.undoes.is_not(None)))).all()
        acts = readable(rows, _logged, "an act")
        undone = {act.undoes for act in acts if act.outcome == "done"}
        return [act for act in acts if act.tool in tools and act.number not in undone]

    def _close(self, number: int, entry: Entry, outcome: str) -> None:
        with self._engine.begin() as connection:
            values = {"outcome": outcome, **_row(entry)}
            connection.execute(sa.update(_ACTS).where(_ACTS.c.number == number).values(values))


def _is_about(act: Logged, dataset: str) -> bool:
    """Whether an act names a dataset, in its words or as its first or earlier name."""
    if act.tool not in _OF_DATA:
        return False
    said = re.search(rf"(?<![\w.-]){re.escape(dataset)}(?![\w-])", act.says, re.IGNORECASE) is not None
    return said or dataset.lower() in (str(act.before.get(name)).lower() for name in ("dataset", "title"))


def _row(entry: Entry) -> dict[str, Any]:
    return {"says": entry.says, "study": entry.study, "before": json.dumps(entry.before)}


def _logged(row: Any) -> Logged:
    return Logged(
        number=row.number,
        at=row.at,
        chat=row.chat,
        tool=row.tool,
        study=row.study,
        says=row.says,
        before=json.loads(row.before),
        outcome=row.outcome,
        undoes=row.undoes,
    )
