"""Messages that a server took and has not answered yet: they are on disk before it says that it has them."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from agent.studies.ownership import Owner, is_alive, this_process

_MINE = this_process()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A message of the person."""

    turn: int
    at: str  # when it was said, ISO 8601 in UTC
    text: str
    files: tuple[str, ...] = ()


def keep(cursor: sqlite3.Cursor, chat: str, message: Taken) -> None:
    """From now on this process has to answer it."""
    row = (chat, message.turn, message.at, message.text, json.dumps(message.files), json.dumps(asdict(_MINE)))
    cursor.execute("INSERT OR REPLACE INTO taken VALUES (?, ?, ?, ?, ?, ?)", row)


def let_go(cursor: sqlite3.Cursor, chat: str, turns: Sequence[int]) -> None:
    """They were answered, or taken back."""
    cursor.executemany("DELETE FROM taken WHERE chat = ? AND turn = ?", [(chat, turn) for turn in turns])


def lost(cursor: sqlite3.Cursor, chat: str) -> list[Taken]:
    """Those that nobody answers any more, since their server ended; in their order."""
    query = "SELECT turn, at, text, files, owner FROM taken WHERE chat = ? ORDER BY turn"
    rows = cursor.execute(query, (chat,)).fetchall()
    return [
        Taken(turn=turn, at=at, text=text, files=tuple(json.loads(files)))
        for turn, at, text, files, owner in rows
        if not _is_alive(Owner(**json.loads(owner)), at)
    ]


def _is_alive(owner: Owner, at: str) -> bool:
    silent_s = (datetime.now(UTC) - datetime.fromisoformat(at)).total_seconds()
    return owner == _MINE or is_alive(owner, silent_s)
