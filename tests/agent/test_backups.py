"""Backups of a home folder's databases: when they are made, which are kept, and what a restore leaves."""

import logging
import os
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from agent.backups.contents import lacking
from agent.backups.listing import Backup, backups, replaced, strays
from agent.backups.making import EVERY_S, N_DAYS, N_LATEST, back_up
from agent.backups.restoring import put_back
from agent.confirming.readings import Readings
from agent.errors import UserError

if TYPE_CHECKING:
    from conftest import Processes

HALF_WRITTEN = """
import sqlite3
connection = sqlite3.connect(f"{folder}/chats.db", isolation_level=None)
connection.execute("PRAGMA cache_size = 1")  # so that pages reach the file before the end of the transaction
connection.execute("BEGIN")
connection.execute("UPDATE trials SET a = hex(randomblob(9999))")
connection.execute("CREATE TABLE half AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9999) "
                   "SELECT i, hex(randomblob(99)) AS text FROM n")
pipe.send("written")
pipe.recv()
"""


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


def test_what_a_killed_process_left_half_written_is_not_called_damage(
    tmp_path: Path, processes: "Processes", caplog: pytest.LogCaptureFixture
) -> None:
    file = ledger(tmp_path / "chats.db")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("CREATE TABLE chats (id, title, touched_at)")
        connection.execute("INSERT INTO chats VALUES (1, 'a', 'b')")
        connection.commit()
    writer, pipe = processes.start(HALF_WRITTEN, folder=tmp_path)
    assert pipe.recv() == "written"
    writer.kill()
    writer.join()
    assert back_up(file, tmp_path / "backups") is not None
    assert not caplog.records and n_trials(file) == 3


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
    assert put_back(backup, file) == tmp_path / "studies.db.damaged-1"
    assert n_trials(file) == 3 and not file.with_name("studies.db-wal").exists()
    assert (tmp_path / "studies.db.damaged-1").read_bytes() == b"junk"
    assert (tmp_path / "studies.db.damaged-1-wal").read_bytes() == b"log"
    assert replaced(file) == [], "what is damaged is no backup"
    assert put_back(backup, file) == tmp_path / "studies.db.replaced-1"
    file.unlink()
    assert put_back(backup, file) is None


def test_readings_of_test_stay_counted_after_a_restore(tmp_path: Path) -> None:
    file = ledger(tmp_path / "studies.db")
    backup = back_up(file, tmp_path / "backups")
    assert backup is not None
    readings = Readings(sa.create_engine(f"sqlite:///{file}"))
    for n in range(3):
        readings.read("data", "random", 1, f"key {n}")
    put_back(backup, file)
    again = Readings(sa.create_engine(f"sqlite:///{file}"))
    assert again.count("data", "random", 1) == 3 and n_trials(file) == 3
    assert again.read("data", "random", 1, "key 1") == 2, "one that is known counts once"
    assert again.read("data", "random", 1, "key 3") == 4


def test_what_a_backup_took_the_place_of_can_be_put_back_with_its_log(tmp_path: Path) -> None:
    file = ledger(tmp_path / "studies.db")
    backup = back_up(file, tmp_path / "backups")
    assert backup is not None
    with closing(sqlite3.connect(file)) as held, held:
        held.execute("PRAGMA journal_mode=WAL")
        held.execute("INSERT INTO trials VALUES ('in the log')")
        held.commit()
        assert file.with_name("studies.db-wal").stat().st_size, "not in the file yet"
        assert put_back(backup, file) == tmp_path / "studies.db.replaced-1"
    assert n_trials(file) == 3
    (old,) = replaced(file)
    assert (old.name, old.is_replaced, old.fault(), old.holds()["trial"]) == ("studies.db.replaced-1", True, None, 4)
    put_back(old, file)
    assert n_trials(file) == 4 and len(replaced(file)) == 2
    old.path.rename(tmp_path / "studies.db.damaged-7")
    assert len(replaced(file)) == 2, "as earlier versions called whole ones too"


@pytest.mark.parametrize("how", ["empty", "junk", "truncated", "another's", "a page"])
def test_a_damaged_backup_is_known_and_takes_no_place(tmp_path: Path, how: str) -> None:
    file = ledger(tmp_path / "studies.db", n_trials=20)
    backup = back_up(file, tmp_path / "backups")
    assert backup is not None and backup.fault() is None
    content, before = backup.path.read_bytes(), file.read_bytes()
    of_another = tmp_path / "another.db"
    with closing(sqlite3.connect(of_another)) as connection, connection:
        connection.execute("CREATE TABLE chats (a)")
    spoilt = {
        "empty": b"",
        "junk": b"junk" * 3000,
        "truncated": content[: len(content) // 2],
        "another's": of_another.read_bytes(),
        "a page": content[:-4096] + os.urandom(4096),
    }
    backup.path.write_bytes(spoilt[how])
    assert backup.fault()
    with pytest.raises(UserError, match=r"studies-\w+\.db is damaged .* stays as it is"):
        put_back(backup, file)
    assert file.read_bytes() == before and replaced(file) == []


def test_what_is_called_as_a_backup_and_is_none_hides_no_other(tmp_path: Path) -> None:
    file, folder = ledger(tmp_path / "studies.db"), tmp_path / "backups"
    folder.mkdir()
    (folder / "studies-20991231T000000Z.db").mkdir()
    (folder / "studies-20991299T000000Z.db").write_bytes(b"no such day")
    (folder / "chats-20991231T000000Z.db").symlink_to("nothing")
    backup = back_up(file, folder)
    assert backup is not None and backups(folder) == [backup]
    assert len(strays(folder)) == 3


def test_a_folder_of_backups_that_cannot_be_read_is_not_called_empty(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file, folder = ledger(tmp_path / "studies.db"), tmp_path / "backups"
    assert backups(folder) == [], "there is none yet"
    back_up(file, folder)
    folder.chmod(0)
    is_root = os.geteuid() == 0
    if is_root:  # whom no permission keeps out
        os.seteuid(65534)
    try:
        with pytest.raises(UserError, match=f"the backups in {folder} cannot be read: Permission denied"):
            backups(folder)
        back_up(file, folder)
    finally:
        if is_root:
            os.seteuid(0)
        folder.chmod(0o700)
    assert "no backup of" in caplog.text and "Permission denied" in caplog.text


def test_what_is_newer_than_a_backup_is_known(tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "studies.db"
    tables = """
        CREATE TABLE studies (study_id, study_name); CREATE TABLE trials (study_id, number, datetime_start);
        CREATE TABLE recpilot_notes (id, kind, record);
        INSERT INTO studies VALUES (1, 's1'); INSERT INTO trials VALUES (1, 0, '10:00'), (1, 1, '10:01');
    """
    since = """
        CREATE TABLE recpilot_shelf (study_id, title); CREATE TABLE recpilot_confirmations (study, number);
        INSERT INTO studies VALUES (2, 's2'), (3, 's3'); INSERT INTO recpilot_shelf VALUES (2, 'books');
        INSERT INTO trials VALUES (1, 2, '11:00'), (2, 0, '11:01'), (3, 0, '11:02');
        UPDATE trials SET datetime_start = '10:59' WHERE study_id = 1 AND number = 1;
        INSERT INTO recpilot_notes VALUES ('a', 'lesson', ''), ('b', 'trial', '');
        INSERT INTO recpilot_confirmations VALUES ('s1', 1), ('s2', 1);
    """
    for file, script in ((old, tables), (new, tables + since)):
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.executescript(script)
    lost = lacking(new, old)
    assert lost.studies == ("s3", "books") and lost.chats == ()
    assert (lost.n_trials, lost.n_confirmations, lost.n_lessons) == (2, 1, 1), "a repeated trial is another one"
    none = lacking(old, old)
    assert not (none.studies or none.n_trials or none.n_lessons or none.n_confirmations)


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
            put_back(backup, file)
        with pytest.raises(UserError, match=f"is used by process {other.pid}; end that first"):
            put_back(backup, tmp_path / "chats.db", (file,))  # which a server opens at its first visitor
        other.kill()
