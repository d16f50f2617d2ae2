"""Backups of a home folder's databases: when they are made, which are kept, and what a restore leaves."""

import logging
import os
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.backups import EVERY_S, N_DAYS, N_LATEST, Backup, back_up, backups, restore
from agent.errors import UserError


def ledger(file: Path, n_trials: int = 3) -> Path:
    """A database with the tables that people know the numbers of."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript("CREATE TABLE IF NOT EXISTS studies (a); CREATE TABLE IF NOT EXISTS trials (a TEXT)")
        connection.execute("INSERT INTO studies VALUES (1)")
        connection.executemany("INSERT INTO trials VALUES (?)", [("x" * 2000,)] * n_trials)
    return file


def n_trials(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT count(*) FROM trials").fetchone()[0])


def age(backup: Backup, seconds: float) -> None:
    """As though it had been made so long ago."""
    at = datetime.now(UTC) - timedelta(seconds=seconds)
    moved = backup.path.with_name(f"studies-{at:%Y%m%dT%H%M%SZ}.db")
    backup.path.rename(moved)
    os.utime(moved, (time.time() - seconds,) * 2)


def test_a_backup_is_made_now_and_then_and_only_of_what_changed(tmp_path: Path) -> None:
    file, folder = ledger(tmp_path / "studies.db"), tmp_path / "backups"
    first = back_up(file, folder)
    assert first is not None and first.holds() == {"study": 1, "trial": 3}
    assert first.path.stat().st_mode & 0o077 == 0, "no one else may read it"
    ledger(file)
    assert back_up(file, folder) is None, "the last one is young"
    age(first, 2 * EVERY_S)
    assert back_up(file, folder) is not None
    age(backups(folder)[0], 1.5 * EVERY_S)
    assert back_up(file, folder) is None and len(backups(folder)) == 2, "nothing has changed"


def test_a_ledger_without_a_study_is_not_worth_a_backup(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "studies.db")) as connection, connection:
        connection.executescript("CREATE TABLE studies (a); CREATE TABLE trials (a)")
    assert back_up(tmp_path / "studies.db", tmp_path / "backups") is None
    assert back_up(tmp_path / "none.db", tmp_path / "backups") is None


@pytest.mark.parametrize("how", ["truncated", "junk", "zeroes"])
def test_a_damaged_file_is_told_and_takes_no_backups_place(
    tmp_path: Path, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    file, folder = ledger(tmp_path / "studies.db", n_trials=20), tmp_path / "backups"
    age(back_up(file, folder) or pytest.fail("none"), 2 * EVERY_S)
    content = file.read_bytes()
    half = len(content) // 2
    damaged = {"truncated": content[:half], "junk": os.urandom(half), "zeroes": content[:half] + bytes(half)}
    file.write_bytes(damaged[how])
    with caplog.at_level(logging.WARNING):
        assert back_up(file, folder) is None
    assert back_up(file, folder) is None and caplog.text.count(f"{file} is damaged") == 2, "it is told at each start"
    assert "`recpilot restore`" in caplog.text
    assert [one.holds()["trial"] for one in backups(folder)] == [20]
    assert [path.suffix for path in folder.iterdir()] == [".db"], "no draft is left"


def test_the_latest_one_of_each_day_and_the_largest_are_kept(tmp_path: Path) -> None:
    file, folder = tmp_path / "studies.db", tmp_path / "backups"
    hours = [1, 2, 3, 4, 5, *(24 * day + 1 for day in range(1, 9))]
    for hour in reversed(hours):
        ledger(file, n_trials=400 if hour == hours[-1] else 1)
        age(back_up(file, folder) or pytest.fail("none"), hour * 3600)
        if hour == hours[-1]:
            file.unlink()
    left = backups(folder)
    assert len(left) <= N_LATEST + N_DAYS + 2
    assert left[-1].holds()["trial"] == 400, "of a ledger that was begun again"
    assert len({one.at.date() for one in left}) >= N_DAYS


def test_a_restore_keeps_what_was_there_and_its_log(tmp_path: Path) -> None:
    file, folder = ledger(tmp_path / "studies.db"), tmp_path / "backups"
    backup = back_up(file, folder)
    assert backup is not None
    file.write_bytes(b"junk")
    file.with_name("studies.db-wal").write_bytes(b"log")
    assert restore(backup, file) == tmp_path / "studies.db.damaged-1"
    assert n_trials(file) == 3 and not file.with_name("studies.db-wal").exists()
    assert (tmp_path / "studies.db.damaged-1").read_bytes() == b"junk"
    assert (tmp_path / "studies.db.damaged-1-wal").read_bytes() == b"log"
    assert restore(backup, file) == tmp_path / "studies.db.damaged-2"
    file.unlink()
    assert restore(backup, file) is None


def test_a_file_in_use_by_another_process_is_not_replaced(tmp_path: Path) -> None:
    import subprocess
    import sys

    file = ledger(tmp_path / "studies.db")
    backup = back_up(file, tmp_path / "backups")
    assert backup is not None
    code = f"file = open({str(file)!r}); print('open', flush=True); input()"
    with subprocess.Popen([sys.executable, "-S", "-c", code], stdin=-1, stdout=-1) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(UserError, match=f"is used by process {other.pid}; end that first"):
            restore(backup, file)
        other.kill()
