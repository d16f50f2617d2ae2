"""A copy of a database, made at a start now and then; of each file a few are kept."""

import filecmp
import logging
import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from agent.backups import contents
from agent.backups.listing import TIME, Backup, backups
from agent.errors import UserError

N_LATEST = 3  # that are kept of each file, with the last of each of
N_DAYS = 4  # days, and with the largest
EVERY_S = 600.0
LARGE_BYTES = 20_000_000  # which takes a tenth of a second
EVERY_LARGE_S = 24 * 3600.0
CHECKED_BYTES = 5_000_000  # up to this a look at every page takes some 20 ms
_log = logging.getLogger(__name__)


def back_up(file: Path, folder: Path) -> Backup | None:
    """Copy a database, unless it is there already as it is, or the last copy is young; it never fails.

    A damaged file is told as a warning and takes no backup's place; a small one is looked at each time.
    """
    try:
        last = next(iter(backups(folder, file.name)), None)
        size = file.stat().st_size
        if size <= CHECKED_BYTES:
            contents.check(file)
        every_s = EVERY_LARGE_S if size > LARGE_BYTES else EVERY_S
        if not size or (last and 0 <= time.time() - last.path.stat().st_mtime < every_s):
            return None
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{file.stem}-{os.getpid()}.part"
        try:
            copy(file, draft)
            if not any(contents.counts(draft).values()):
                return None  # nothing is in it yet
            return _keep(draft, file, folder, last)
        finally:
            draft.unlink(missing_ok=True)
    except sqlite3.DatabaseError as error:
        _log.warning("%s is damaged (%s); `recpilot restore` lists the backups of it", file, error)
    except UserError as error:
        _log.warning("no backup of %s is made: %s", file, error)
    except OSError as error:  # a full disk stops no start
        _log.info("no backup of %s: %s", file, error)
    return None


def copy(file: Path, draft: Path) -> None:
    """By SQLite's own means, which takes a file in use as it is at one moment.

    Raises:
        sqlite3.DatabaseError: The copy is damaged.
    """
    with contents.reading(file) as source, closing(sqlite3.connect(draft)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    contents.check(draft)


def _keep(draft: Path, file: Path, folder: Path, last: Backup | None) -> Backup | None:
    """Give the copy its name, unless the last one is the same; then drop the oldest."""
    if last is not None and filecmp.cmp(draft, last.path, shallow=False):
        last.path.touch()
        return None
    draft.chmod(0o600)
    draft.replace(folder / f"{file.stem}-{datetime.now(UTC).strftime(TIME)}.db")
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
