"""The tables next to LangGraph's in the file of chats, and how a file of an earlier version gets them."""

import sqlite3
from collections.abc import Sequence

from agent.errors import SetupError

VERSION = 3  # in the file as `user_version`; the first version had 0 and the first three columns of `chats`

_FIRST = "CREATE TABLE IF NOT EXISTS chats (id TEXT PRIMARY KEY, title TEXT NOT NULL, touched_at TEXT NOT NULL)"
_ADDED: Sequence[str] = (
    "created_at TEXT NOT NULL DEFAULT ''",  # empty: not known
    "rank INTEGER NOT NULL DEFAULT 0",  # how well the title tells what the chat is about
    "pinned_at TEXT",
    "deleted_at TEXT",
    "study TEXT",  # the chat's own
    "searched_at TEXT NOT NULL DEFAULT ''",  # `touched_at` when what was said was last made ready to be searched
)
_TABLES: Sequence[str] = (
    # what was said, as search reads it; the messages themselves are LangGraph's
    "CREATE TABLE said (chat TEXT NOT NULL, place INTEGER NOT NULL, text TEXT NOT NULL, folded TEXT NOT NULL, "
    "PRIMARY KEY (chat, place))",
    # when what studies did was first shown
    "CREATE TABLE shown (chat TEXT NOT NULL, key TEXT NOT NULL, turn INTEGER NOT NULL, at TEXT NOT NULL, "
    "PRIMARY KEY (chat, key))",
    # turns that were given again or said otherwise, as they were
    "CREATE TABLE replaced (id INTEGER PRIMARY KEY, chat TEXT NOT NULL, by_turn INTEGER NOT NULL, at TEXT NOT NULL, "
    "kind TEXT NOT NULL, messages BLOB NOT NULL)",
    "CREATE INDEX replaced_by_chat ON replaced (chat)",
)
_STEPS: Sequence[Sequence[str]] = (
    (_FIRST, *(f"ALTER TABLE chats ADD COLUMN {column}" for column in _ADDED), *_TABLES),
    ("ALTER TABLE shown ADD COLUMN entry TEXT",),  # JSON of what no ledger tells again; NULL: one does
    (  # what was said and is not answered yet, and the process that has to
        "CREATE TABLE taken (chat TEXT NOT NULL, turn INTEGER NOT NULL, at TEXT NOT NULL, text TEXT NOT NULL, "
        "files TEXT NOT NULL, owner TEXT NOT NULL, PRIMARY KEY (chat, turn))",
    ),
)
"""By the version that they start from: what brings a file to the next one."""
OF_A_CHAT = ("said", "shown", "replaced", "taken")
"""The tables whose rows go with their chat."""


def set_up(cursor: sqlite3.Cursor) -> None:
    """Makes the tables, or brings those of an earlier version to this one, all at once; all that is there stays.

    Raises:
        agent.errors.SetupError: A later version of recpilot made the file.
    """
    if _version(cursor) == VERSION:
        return
    cursor.execute("BEGIN IMMEDIATE")
    try:
        found = _version(cursor)  # now that no other process can change it
        if found > VERSION:
            raise SetupError(f"a later version of recpilot made the chats (version {found}, this one reads {VERSION})")
        for step in _STEPS[found:]:
            for statement in step:
                cursor.execute(statement)
        cursor.execute(f"PRAGMA user_version = {VERSION}")
    except BaseException:
        cursor.connection.rollback()
        raise


def _version(cursor: sqlite3.Cursor) -> int:
    (found,) = cursor.execute("PRAGMA user_version").fetchone()
    return int(found)
