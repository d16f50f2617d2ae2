"""Copies of a home folder's databases, made at a start now and then, and how one takes the place of its file.

back_up(home / "studies.db", home / "backups")                      # studies-20260301T093012Z.db
restore(backups(home / "backups")[0], home / "studies.db")          # what was there lies in studies.db.damaged-1
"""

import filecmp
import logging
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from agent.errors import UserError

N_LATEST = 3  # that are kept of each file, with the last of each of
N_DAYS = 4  # days, and with the largest
EVERY_S = 600.0
LARGE_BYTES = 20_000_000  # which takes a tenth of a second
EVERY_LARGE_S = 24 * 3600.0
CHECKED_BYTES = 5_000_000  # up to this a look at every page takes some 20 ms
_NAME = re.compile(r"(?P<stem>[\w.-]+)-(?P<at>\d{8}T\d{6}Z)\.db")
_AT = "%Y%m%dT%H%M%SZ"
_COUNTS = {  # of which file's tables people know the number
    "study": "SELECT count(*) FROM studies",
    "trial": "SELECT count(*) FROM trials",
    "lesson": "SELECT count(*) FROM recpilot_notes WHERE kind = 'lesson'",
    "chat": "SELECT count(*) FROM chats",
}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A copy of a database as it was at a time."""

    path: Path
    file: str  # the name of the file it is of
    at: datetime

    def holds(self) -> Mapping[str, int]:
        """How many studies, trials, lessons or chats there are in it."""
        found = {}
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
            for thing, query in _COUNTS.items():
                with suppress(sqlite3.Error):  # it has no such table
                    found[thing] = int(connection.execute(query).fetchone()[0])
        return found


def backups(folder: Path, file: str | None = None) -> list[Backup]:
    """Those in a folder, or those of one file, the latest first."""
    matches = [(path, match) for path in folder.glob("*.db") if (match := _NAME.fullmatch(path.name))]
    found = [
        Backup(path=path, file=f"{match['stem']}.db", at=datetime.strptime(match["at"], _AT).replace(tzinfo=UTC))
        for path, match in matches
    ]
    return sorted((one for one in found if file in (None, one.file)), key=lambda one: (one.at, one.file), reverse=True)


def back_up(file: Path, folder: Path) -> Backup | None:
    """Copy a database, unless it is there already as it is, or the last copy is young; it never fails.

    A damaged file is told as a warning and takes no backup's place; a small one is looked at each time.
    """
    last = next(iter(backups(folder, file.name)), None)
    try:
        size = file.stat().st_size
        if size <= CHECKED_BYTES:
            _check(file)
        every_s = EVERY_LARGE_S if size > LARGE_BYTES else EVERY_S
        if not size or (last and 0 <= time.time() - last.path.stat().st_mtime < every_s):
            return None
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{file.stem}-{os.getpid()}.part"
        try:
            _copy(file, draft)
            if not any(Backup(path=draft, file=file.name, at=datetime.now(UTC)).holds().values()):
                return None  # nothing is in it yet
            return _keep(draft, file, folder, last)
        finally:
            draft.unlink(missing_ok=True)
    except sqlite3.DatabaseError as error:
        _log.warning("%s is damaged (%s); `recpilot restore` lists the backups of it", file, error)
    except OSError as error:  # a full disk stops no start
        _log.info("no backup of %s: %s", file, error)
    return None


def restore(backup: Backup, file: Path) -> Path | None:
    """Put a backup in the place of its file; returns where that lies now, None where there was none.

    Raises:
        UserError: Another process uses the file, or the folder cannot be written.
    """
    users = [pid for pid in _users(file) if pid != os.getpid()]
    if users:
        raise UserError(f"{file} is used by process {', '.join(map(str, users))}; end that first")
    aside = next(place for n in range(1, 10_000) if not (place := file.with_name(f"{file.name}.damaged-{n}")).exists())
    draft = file.with_name(f".{file.name}.part")
    try:
        shutil.copyfile(backup.path, draft)
        was_there = file.exists()
        for ending in ("-wal", "-shm", ""):  # the log of changes belongs to the file
            if (part := file.with_name(file.name + ending)).exists():
                part.replace(aside.with_name(aside.name + ending))
        draft.replace(file)
    except OSError as error:
        raise UserError(f"{file} cannot be replaced: {error.strerror or error}") from error
    return aside if was_there else None


def _copy(file: Path, draft: Path) -> None:
    """By SQLite's own means, which takes a file in use as it is at one moment.

    Raises:
        sqlite3.DatabaseError: The copy is damaged.
    """
    with (
        closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as source,
        closing(sqlite3.connect(draft)) as copy,
    ):
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    _check(draft)


def _check(file: Path) -> None:
    """Raises sqlite3.DatabaseError: a page of the file does not fit the others."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as connection:
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise sqlite3.DatabaseError(" ".join(str(found).split())[:120])


def _keep(draft: Path, file: Path, folder: Path, last: Backup | None) -> Backup | None:
    """Give the copy its name, unless the last one is the same; then drop the oldest."""
    if last is not None and filecmp.cmp(draft, last.path, shallow=False):
        last.path.touch()
        return None
    draft.chmod(0o600)
    draft.replace(folder / f"{file.stem}-{datetime.now(UTC).strftime(_AT)}.db")
    found = backups(folder, file.name)
    kept = _worth_keeping(found)
    for one in found:
        if one not in kept:
            one.path.unlink(missing_ok=True)
    return found[0]


def _worth_keeping(found: Sequence[Backup]) -> list[Backup]:
    """The latest, the last of each of some days, and the largest, where a file was lost and begun again.

    Args:
        found: Of one file, the latest first.
    """
    of_days: dict[date, Backup] = {}
    for one in found:
        of_days.setdefault(one.at.date(), one)
    largest = max(found, key=lambda one: one.path.stat().st_size)
    return [*found[:N_LATEST], *list(of_days.values())[:N_DAYS], largest]


def _users(file: Path) -> Iterator[int]:
    """The processes that have the file open, as far as this one may see."""
    import psutil  # type: ignore[import-untyped]

    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if any(Path(one.path) == file.resolve() for one in process.open_files()):
                yield process.pid
