"""One copy of a database put in the place of its file, which is kept."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

from agent.backups import contents
from agent.backups.listing import Backup
from agent.backups.making import copy
from agent.errors import UserError

_PARTS = ("-wal", "-shm", "")  # the log of changes belongs to the file, which is moved last


def put_back(backup: Backup, file: Path, home: Sequence[Path] = ()) -> Path | None:
    """Put a backup in the place of its file; returns where that lies now, None where there was none.

    It is called `replaced` there, `damaged` where it was. Readings of test stay counted.

    Args:
        home: The other databases that are used with this one.

    Raises:
        UserError: The backup is damaged, another process uses the files, or the folder cannot be written.
    """
    check_usable(backup, file, home)
    draft = file.with_name(f".{file.name}.part")
    try:
        draft.unlink(missing_ok=True)
        copy(backup.path, draft)
        draft.chmod(0o600)
        contents.carry_readings(file, draft)
        aside = _set_aside(file) if file.exists() else None
        draft.replace(file)
    except (OSError, sqlite3.Error) as error:
        raise UserError(f"{file} cannot be replaced: {getattr(error, 'strerror', None) or error}") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return aside


def check_usable(backup: Backup, file: Path, home: Sequence[Path] = ()) -> None:
    """Raises UserError: the backup is damaged, or another process uses one of the files."""
    fault = backup.fault()
    if fault is not None:
        raise UserError(f"the backup {backup.path} is damaged ({fault}); {file} stays as it is")
    for used in dict.fromkeys((file, *home)):
        users = [pid for pid in _users(used) if pid != os.getpid()]
        if users:
            raise UserError(f"{used} is used by process {', '.join(map(str, users))}; end that first")


def _set_aside(file: Path) -> Path:
    how = "replaced" if contents.fault(file, file.name) is None else "damaged"
    if how == "replaced":  # with its log in it, so that it can be copied as it lies
        with suppress(sqlite3.Error), closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    aside = next(place for n in range(1, 10_000) if not (place := file.with_name(f"{file.name}.{how}-{n}")).exists())
    for ending in _PARTS:
        if (part := file.with_name(file.name + ending)).exists():
            part.replace(aside.with_name(aside.name + ending))
    os.utime(aside)  # it was as it is until now
    return aside


def _users(file: Path) -> Iterator[int]:
    """The processes that have the file open, as far as this one may see."""
    import psutil  # type: ignore[import-untyped]

    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if any(Path(one.path) == file.resolve() for one in process.open_files()):
                yield process.pid
