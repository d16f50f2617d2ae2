"""What is wrong with a database of a home folder that is damaged or cannot be written, in one sentence each."""

import sqlite3
from pathlib import Path

import sqlalchemy
from sqlalchemy.engine import ExceptionContext

from agent.errors import DamagedError, DiskFullError, SetupError

_CANNOT_WRITE = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_TRUNCATE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_SHM")
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR_SHORT_READ", "SQLITE_IOERR_READ")
_SAYS_DAMAGED = ("malformed", "could not decode", "no such table")
LEDGER_KEEPS = "datasets, weights, chats and what the memory remembers are not touched"


def told(what: str, place: str | Path, error: BaseException, keeps: str) -> SetupError | None:
    """The error for the person; None where the database is neither damaged nor unwritable.

    Args:
        what: "ledger", "chats"; said before the place.
        keeps: What the damage does not touch.
    """
    name, text = getattr(error, "sqlite_errorname", None) or "", str(error)
    if name.startswith(_CANNOT_WRITE) or "no space left" in text.lower():
        return DiskFullError(
            f"the {what} {place} cannot be written: the disk is full, or a limit of file sizes reached; free space, "
            "then go on with `recpilot study resume NAME`"
        )
    if isinstance(error, UnicodeDecodeError | ValueError | KeyError) or name.startswith(_DAMAGED):
        return _damaged(what, place, text, keeps)
    return _damaged(what, place, text, keeps) if any(sign in text.lower() for sign in _SAYS_DAMAGED) else None


def explain_errors(engine: sqlalchemy.Engine, place: str) -> None:
    """Raise such an error instead of what the database's driver raises, whoever uses the engine."""

    def explain(context: ExceptionContext) -> None:
        error = context.original_exception
        if isinstance(error, sqlite3.Error | UnicodeDecodeError):
            found = told("ledger", place, error, LEDGER_KEEPS)
            if found is not None:
                raise found from error

    sqlalchemy.event.listen(engine, "handle_error", explain)


def _damaged(what: str, place: str | Path, detail: str, keeps: str) -> DamagedError:
    first = " ".join((detail.splitlines() or [""])[0].split())[:120]
    return DamagedError(
        f"the {what} {place} is damaged ({first}); {keeps}. `recpilot restore` lists backups that can take its place"
    )
