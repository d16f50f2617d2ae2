"""The chats on disk: LangGraph's SQLite checkpointer, and which chats there are."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from langgraph.checkpoint.sqlite import SqliteSaver

from agent.errors import SetupError
from agent.studies.faults import told
from recmodels.outside import on_one_line

_KEPT = "studies, datasets, weights and the memory are not touched"
_TITLES = "CREATE TABLE IF NOT EXISTS chats (id TEXT PRIMARY KEY, title TEXT NOT NULL, touched_at TEXT NOT NULL)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSummary:
    """One chat in a list."""

    id: str
    title: str  # the beginning of its first message
    touched_at: str  # ISO 8601, UTC


class _Saver(SqliteSaver):
    """LangGraph's, with a sentence for the person where the file is damaged or cannot be written."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__(connection)
        self._path = path

    @contextmanager
    def cursor(self, transaction: bool = True) -> Iterator[sqlite3.Cursor]:
        try:
            with super().cursor(transaction) as cursor:
                yield cursor
        except (sqlite3.Error, ValueError) as error:
            found = told("file of chats", self._path, error, _KEPT)
            if found is None:
                raise
            raise found from error


class Chats:
    """All chats of a home folder. One connection, used under the saver's lock from any thread."""

    def __init__(self, path: Path) -> None:
        """Raises agent.errors.SetupError: the file cannot be opened or written."""
        try:
            connection = sqlite3.connect(path, check_same_thread=False, timeout=30)
            self.saver: SqliteSaver = _Saver(connection, path)
            with self.saver.cursor() as cursor:  # sets its tables up, in WAL mode
                cursor.execute(_TITLES)
        except sqlite3.Error as error:
            known = told("file of chats", path, error, _KEPT)
            raise known or SetupError(f"the chats in {path} cannot be opened: {error}") from error

    def touch(self, chat: str, message: str) -> None:
        """Note that the chat was used; its first message gives the title."""
        title = on_one_line(message[:400])[:80] or "A file"
        with self.saver.cursor() as cursor:
            cursor.execute(
                "INSERT INTO chats VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET touched_at = excluded.touched_at",
                (chat, title, datetime.now(UTC).isoformat(timespec="microseconds")),
            )

    def all(self) -> list[ChatSummary]:
        """The chats, the latest first."""
        with self.saver.cursor(transaction=False) as cursor:
            rows = cursor.execute("SELECT id, title, touched_at FROM chats ORDER BY touched_at DESC").fetchall()
        return [ChatSummary(id=row[0], title=row[1], touched_at=row[2]) for row in rows]

    def forget(self, chat: str) -> None:
        """Delete a chat and its messages."""
        self.saver.delete_thread(chat)
        with self.saver.cursor() as cursor:
            cursor.execute("DELETE FROM chats WHERE id = ?", (chat,))

    def close(self) -> None:
        with self.saver.lock:
            self.saver.conn.close()
