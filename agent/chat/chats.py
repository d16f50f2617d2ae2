"""The chats on disk: LangGraph's SQLite checkpointer, and which chats there are, what they are called and hold."""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from langgraph.checkpoint.sqlite import SqliteSaver

from agent.chat import taken
from agent.chat.chat_tables import OF_A_CHAT, set_up
from agent.chat.finding import folded, snippet, words_of
from agent.chat.taken import Taken
from agent.chat.titles import Rank, Title, first_title
from agent.errors import SetupError, UserError
from agent.secrets import without_keys
from agent.stopping import StoppedError, current_stop
from agent.studies.faults import told
from recmodels.outside import on_one_line

LONGEST_OWN = 80  # characters of a title that a person gives
KEPT_DAYS = 30  # a deleted chat can be brought back for so long
_KEPT = "studies, datasets, weights and the memory are not touched"
_MARKS = re.compile(r"[*`|#]+")  # of Markdown
_COLUMNS = "id, title, created_at, touched_at, pinned_at IS NOT NULL, study, deleted_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSummary:
    """One chat in a list."""

    id: str
    title: str
    created_at: str  # ISO 8601, UTC; empty: not known of a chat of an earlier version
    touched_at: str  # when it was last spoken in
    is_pinned: bool = False
    study: str | None = None  # the chat's own
    deleted_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatFound:
    """A chat in which words were found."""

    chat: ChatSummary
    snippet: str  # the text around them; empty: they stand in the title


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Something that a study did, as a chat showed it."""

    key: str
    turn: int  # after which it stands
    at: str  # when it was first shown, ISO 8601 in UTC
    entry: str | None = None  # JSON of what is shown; None: the study tells it again


class _Saver(SqliteSaver):
    """LangGraph's, with a sentence for the person where the file is damaged or cannot be written."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__(connection)
        self._path = path

    @contextmanager
    def cursor(self, transaction: bool = True) -> Iterator[sqlite3.Cursor]:
        stop = current_stop()
        try:
            with super().cursor(transaction) as cursor:
                if transaction and stop is not None and stop.is_left:  # the chat has gone on without this answer
                    raise StoppedError
                yield cursor
        except (sqlite3.Error, ValueError) as error:
            found = told("file of chats", self._path, error, _KEPT)
            if found is None:
                raise
            raise found from error


class Chats:
    """All chats of a home folder. One connection, used under the saver's lock from any thread."""

    def __init__(self, path: Path) -> None:
        """Opens the file; deleted chats that were kept for long enough go for good.

        Raises agent.errors.SetupError: the file cannot be opened or written.
        """
        try:
            connection = sqlite3.connect(path, check_same_thread=False, timeout=30)
            self.saver: SqliteSaver = _Saver(connection, path)
            with self.saver.cursor() as cursor:  # sets its tables up, in WAL mode
                set_up(cursor)
        except sqlite3.Error as error:
            known = told("file of chats", path, error, _KEPT)
            raise known or SetupError(f"the chats in {path} cannot be opened: {error}") from error
        self._purge()

    # -- used -----------------------------------------------------------------------------------------------

    def touch(self, chat: str, message: str) -> None:
        """Note that a message comes in; a chat's first one gives the first title."""
        with self.saver.cursor() as cursor:
            _touch(cursor, chat, message)

    def take(self, chat: str, message: Taken) -> None:
        """Keep a message that this process is to answer; when it ends before that, the message is `lost`."""
        with self.saver.cursor() as cursor:
            _touch(cursor, chat, "" if message.files else message.text)
            taken.keep(cursor, chat, message)

    def let_go(self, chat: str, turns: Sequence[int]) -> None:
        """Messages that were taken were answered, or taken back."""
        with self.saver.cursor() as cursor:
            taken.let_go(cursor, chat, turns)

    def lost(self, chat: str) -> list[Taken]:
        """Messages whose server ended before it answered them, in their order."""
        with self.saver.cursor(transaction=False) as cursor:
            return taken.lost(cursor, chat)

    def finish(self, chat: str, title: Title, turn: int | None = None) -> None:
        """Note that a turn is over; the title counts unless that of before says as much, or is the person's own.

        Of what LangGraph keeps, each step with all messages, the last step stays.
        """
        with self.saver.cursor() as cursor:
            for table in ("writes", "checkpoints"):
                cursor.execute(
                    f"DELETE FROM {table} WHERE thread_id = ? AND checkpoint_id < "  # noqa: S608 - names of its own
                    "(SELECT max(checkpoint_id) FROM checkpoints WHERE thread_id = ?)",
                    (chat, chat),
                )
            taken.let_go(cursor, chat, () if turn is None else (turn,))
            cursor.execute("UPDATE chats SET searched_at = '' WHERE id = ?", (chat,))
            cursor.execute(
                "UPDATE chats SET title = ?, rank = ? WHERE id = ? AND rank < ?",
                (title.text, title.rank, chat, title.rank),
            )

    def rank(self, chat: str) -> Rank:
        """How well the chat's title tells what it is about."""
        with self.saver.cursor(transaction=False) as cursor:
            row = cursor.execute("SELECT rank FROM chats WHERE id = ?", (chat,)).fetchone()
        return Rank(row[0]) if row else Rank.FIRST_WORDS

    def study(self, chat: str) -> str | None:
        """The chat's own study; None: it has none, or is not there."""
        with self.saver.cursor(transaction=False) as cursor:
            row = cursor.execute("SELECT study FROM chats WHERE id = ?", (chat,)).fetchone()
        return row[0] if row else None

    def turn_to(self, chat: str, study: str | None) -> None:
        """Note the chat's own study."""
        with self.saver.cursor() as cursor:
            cursor.execute("UPDATE chats SET study = ? WHERE id = ?", (study, chat))

    def shown(self, chat: str) -> list[Shown]:
        """What studies did that was shown in the chat, in order."""
        with self.saver.cursor(transaction=False) as cursor:
            query = "SELECT key, turn, at, entry FROM shown WHERE chat = ? ORDER BY turn, at"
            rows = cursor.execute(query, (chat,)).fetchall()
        return [Shown(key=key, turn=turn, at=at, entry=entry) for key, turn, at, entry in rows]

    def note_shown(self, chat: str, shown: Sequence[Shown]) -> None:
        """Keep that this was shown."""
        with self.saver.cursor() as cursor:
            rows = [(chat, one.key, one.turn, one.at, one.entry) for one in shown]
            cursor.executemany("INSERT OR REPLACE INTO shown VALUES (?, ?, ?, ?, ?)", rows)

    # -- listed ---------------------------------------------------------------------------------------------

    def all(self) -> list[ChatSummary]:
        """The chats that are not deleted: the pinned ones, then the others, each the latest first."""
        return self._listed("deleted_at IS NULL")

    def deleted(self) -> list[ChatSummary]:
        """The chats that can be brought back, the latest deleted first."""
        return self._listed("deleted_at IS NOT NULL", "deleted_at DESC")

    def get(self, chat: str) -> ChatSummary | None:
        """One chat, deleted or not."""
        return next(iter(self._listed("id = ?", values=(chat,))), None)

    def find(self, words: str) -> list[ChatFound]:
        """The chats, in the order of `all`, whose title or one of whose messages has all the words, in any case."""
        looked_for = words_of(words)
        if not looked_for:
            return [ChatFound(chat=chat, snippet="") for chat in self.all()]
        self._make_searchable()
        has_all = " AND ".join("instr(folded, ?)" for _ in looked_for)
        with self.saver.cursor(transaction=False) as cursor:
            rows = cursor.execute(
                f"SELECT chat, text, max(place) FROM said WHERE {has_all} GROUP BY chat",  # noqa: S608 - no text of others
                looked_for,
            ).fetchall()
        said = {chat: text for chat, text, _ in rows}
        found = []
        for chat in self.all():
            if all(word in folded(chat.title) for word in looked_for):
                found.append(ChatFound(chat=chat, snippet=""))
            elif chat.id in said:
                found.append(ChatFound(chat=chat, snippet=snippet(said[chat.id], looked_for)))
        return found

    # -- changed by the person ------------------------------------------------------------------------------

    def rename(self, chat: str, title: str) -> str:
        """Call a chat as the person wishes, from now on; returns the title as it is kept.

        Raises:
            UserError: There is no such chat, or the title is empty, too long or of several lines.
        """
        kept = without_keys(title.strip())
        if "\n" in kept or "\r" in kept:
            raise UserError("a title is one line, this one has several")
        kept = on_one_line(kept)
        if not 1 <= len(kept) <= LONGEST_OWN:
            raise UserError(f"a title has 1 to {LONGEST_OWN} characters, this one has {len(kept)}")
        self._change(chat, "title = ?, rank = ?", kept, Rank.PERSON)
        return kept

    def pin(self, chat: str, *, is_pinned: bool = True) -> None:
        """Keep a chat at the top of the list, or no longer.

        Raises:
            UserError: There is no such chat.
        """
        self._change(chat, "pinned_at = ?", _now() if is_pinned else None)

    def delete(self, chat: str) -> None:
        """Take a chat out of the list; for 30 days `restore` brings it back. What it began stays.

        Raises:
            UserError: There is no such chat.
        """
        self._change(chat, "deleted_at = ?", _now())

    def restore(self, chat: str) -> None:
        """Bring a deleted chat back, whole.

        Raises:
            UserError: There is no such chat.
        """
        self._change(chat, "deleted_at = ?", None)

    def forget(self, chat: str) -> None:
        """Delete a chat and its messages for good."""
        self.saver.delete_thread(chat)
        with self.saver.cursor() as cursor:
            cursor.execute("DELETE FROM chats WHERE id = ?", (chat,))
            for table in OF_A_CHAT:
                cursor.execute(f"DELETE FROM {table} WHERE chat = ?", (chat,))  # noqa: S608 - names of our own

    def close(self) -> None:
        with self.saver.lock:
            self.saver.conn.close()

    def messages(self, chat: str) -> list[AnyMessage]:
        """A chat's messages as they are kept."""
        kept = self.saver.get_tuple({"configurable": {"thread_id": chat, "checkpoint_ns": ""}})
        return list(kept.checkpoint["channel_values"].get("messages", ())) if kept else []

    def written(self, chat: str) -> tuple[object, ...]:
        """Differs when something was written of the chat's messages."""
        with self.saver.cursor(transaction=False) as cursor:
            last = cursor.execute("SELECT max(checkpoint_id) FROM checkpoints WHERE thread_id = ?", (chat,)).fetchone()
            query = "SELECT count(*) FROM writes WHERE thread_id = ? AND checkpoint_id = ?"
            return (*last, *cursor.execute(query, (chat, last[0])).fetchone())

    def _listed(self, which: str, order: str = "", values: tuple[str, ...] = ()) -> list[ChatSummary]:
        order = order or "pinned_at IS NULL, touched_at DESC"
        with self.saver.cursor(transaction=False) as cursor:
            query = f"SELECT {_COLUMNS} FROM chats WHERE {which} ORDER BY {order}"  # noqa: S608 - words of our own
            rows = cursor.execute(query, values).fetchall()
        return [
            ChatSummary(
                id=row[0],
                title=row[1],
                created_at=row[2],
                touched_at=row[3],
                is_pinned=bool(row[4]),
                study=row[5],
                deleted_at=row[6],
            )
            for row in rows
        ]

    def _change(self, chat: str, change: str, *values: str | int | None) -> None:
        with self.saver.cursor() as cursor:
            cursor.execute(f"UPDATE chats SET {change} WHERE id = ?", (*values, chat))  # noqa: S608 - words of our own
            if not cursor.rowcount:
                raise UserError("there is no such chat; what is only begun is kept from its first message on")

    def _make_searchable(self) -> None:
        """Reads what was said since the last search."""
        with self.saver.cursor(transaction=False) as cursor:
            rows = cursor.execute("SELECT id, touched_at FROM chats WHERE searched_at <> touched_at").fetchall()
        for chat, touched_at in rows:
            texts = [text for message in self.messages(chat) if (text := _said(message))]
            with self.saver.cursor() as cursor:
                cursor.execute("DELETE FROM said WHERE chat = ?", (chat,))
                cursor.executemany(
                    "INSERT INTO said VALUES (?, ?, ?, ?)",
                    [(chat, place, text, folded(text)) for place, text in enumerate(texts)],
                )
                cursor.execute("UPDATE chats SET searched_at = ? WHERE id = ?", (touched_at, chat))

    def _purge(self) -> None:
        """Forgets the chats that were deleted long ago."""
        until = (datetime.now(UTC) - timedelta(days=KEPT_DAYS)).isoformat(timespec="microseconds")
        for chat in self._listed("deleted_at < ?", values=(until,)):
            self.forget(chat.id)


def _touch(cursor: sqlite3.Cursor, chat: str, message: str) -> None:
    title, at = first_title(message), _now()
    cursor.execute(
        "INSERT INTO chats (id, title, rank, created_at, touched_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET touched_at = excluded.touched_at",
        (chat, title.text, title.rank, at, at),
    )


def _said(message: AnyMessage) -> str:
    """What the person or the agent said; empty: a call or a result."""
    if isinstance(message, HumanMessage):
        files = message.additional_kwargs.get("files", ())
        words = message.additional_kwargs.get("beside", "") if files else message.text
        return " ".join([*(Path(file).name for file in files), words])
    if not isinstance(message, AIMessage) or message.tool_calls:
        return ""
    return _MARKS.sub("", message.text)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
