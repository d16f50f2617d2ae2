"""What is wrong with a database of a home folder that is damaged or cannot be written, in one sentence each."""

import sqlite3
from pathlib import Path

import sqlalchemy
from sqlalchemy.engine import ExceptionContext

from agent.errors import DamagedError, DiskFullError, SetupError
from recmodels import rights

_CANNOT_WRITE = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_TRUNCATE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_SHM")
_NOT_ALLOWED = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH", "SQLITE_IOERR_ACCESS")
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR_SHORT_READ", "SQLITE_IOERR_READ")
_SAYS_DAMAGED = ("malformed", "could not decode", "no such table")
LEDGER_KEEPS = "datasets, weights, chats and what the memory remembers are not touched"


def told(what: str, place: str | Path, error: BaseException, keeps: str) -> SetupError | None:
    """The error for the person; None where the database is neither damaged nor without the right to it.

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
    if name.startswith(_NOT_ALLOWED) and (why := _no_right(Path(place))):
        return SetupError(f"the {what} cannot be used: {why}")
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


def _no_right(place: Path) -> str | None:
    """Why a database's file may not be used; None where its rights do not say it."""
    if place.is_dir():
        return f"a folder is in the place of the file {place}; move it away, and see `recpilot restore` for a backup"
    for part in (place, Path(f"{place}-wal"), Path(f"{place}-shm")):
        if not rights.may(part, "read"):
            return rights.refusal(part, "read")
        if not rights.may(part, "written"):
            return rights.refusal(part, "written")
    return None if rights.may(place.parent, "written") else rights.refusal(place.parent, "written")


def _damaged(what: str, place: str | Path, detail: str, keeps: str) -> DamagedError:
    first = " ".join((detail.splitlines() or [""])[0].split())[:120]
    return DamagedError(
        f"the {what} {place} is damaged ({first}); {keeps}. `recpilot restore` lists backups that can take its place"
    )
