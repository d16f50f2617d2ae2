"""What a database of a home folder holds, what is wrong with it, and what of it another one lacks."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

_TABLES = {"chats.db": ("chats",)}  # without which a file is not what it is called
_LEDGERS = ("studies", "trials")
_COUNTS = {  # of which file's tables people know the number
    "study": "SELECT count(*) FROM studies",
    "trial": "SELECT count(*) FROM trials",
    "lesson": "SELECT count(*) FROM recpilot_notes WHERE kind = 'lesson'",
    "chat": "SELECT count(*) FROM chats",
}
_STUDIES = (  # of an early version's ledger the second
    "SELECT study_name, coalesce(title, study_name) FROM studies LEFT JOIN recpilot_shelf USING (study_id)",
    "SELECT study_name, study_name FROM studies",
)
_CHATS = ("SELECT id || ' ' || touched_at, title FROM chats ORDER BY touched_at DESC",)
_TRIALS = (
    "SELECT study_name || '/' || number || ' ' || coalesce(datetime_start, ''), study_name FROM trials "
    "JOIN studies USING (study_id)",
)
_LESSONS = ("SELECT id, id FROM recpilot_notes WHERE kind = 'lesson'",)
_CONFIRMATIONS = ("SELECT study || '/' || number, study FROM recpilot_confirmations",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """What one database holds and another does not; a chat that went on since counts as another."""

    studies: tuple[str, ...]  # what they are called, the latest created first
    chats: tuple[str, ...]  # their titles
    n_trials: int  # of other studies
    n_confirmations: int  # of other studies
    n_lessons: int


@contextmanager
def reading(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection that writes nothing, but rolls back what a killed process left half written."""
    mode = "rw" if file.with_name(f"{file.name}-journal").exists() else "ro"
    with closing(sqlite3.connect(f"file:{quote(str(file))}?mode={mode}", uri=True, timeout=10)) as connection:
        yield connection


def check(file: Path) -> None:
    """Raises sqlite3.DatabaseError: a page of the file does not fit the others."""
    with reading(file) as connection:
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise sqlite3.DatabaseError(" ".join(str(found).split())[:120])


def fault(file: Path, name: str) -> str | None:
    """Why a file cannot stand for the database of this name; None: it can."""
    try:
        with file.open("rb") as content:
            if not content.read(1):
                return "empty"
        check(file)
        with reading(file) as connection:
            found = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except OSError as error:
        return error.strerror or str(error)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return " ".join(str(error).split())[:120]
    missing = [table for table in _TABLES.get(name, _LEDGERS) if table not in found]
    return f"without the table {missing[0]!r}" if missing else None


def counts(file: Path) -> Mapping[str, int]:
    """How many studies, trials, lessons or chats there are in it; what cannot be read is left out."""
    found = {}
    for thing, query in _COUNTS.items():
        with suppress(sqlite3.Error), reading(file) as connection:  # it has no such table
            found[thing] = int(connection.execute(query).fetchone()[0])
    return found


def lacking(file: Path, other: Path) -> Lacking:
    """What `file` holds and `other` does not, as far as both can be read."""

    def gone(*queries: str) -> dict[str, str]:
        there = _named(other, *queries)
        return {key: name for key, name in _named(file, *queries).items() if key not in there}

    studies = gone(*_STUDIES)
    return Lacking(
        studies=tuple(reversed(list(studies.values()))),
        chats=tuple(gone(*_CHATS).values()),
        n_trials=sum(study not in studies for study in gone(*_TRIALS).values()),
        n_confirmations=sum(study not in studies for study in gone(*_CONFIRMATIONS).values()),
        n_lessons=len(gone(*_LESSONS)),
    )


def carry_readings(file: Path, other: Path) -> int:
    """Write the readings of test that `other` lacks into it, since they are counted for ever; how many there were.

    As far as `file` can be read; its tables are those of `agent.confirming.readings`.
    """
    with suppress(sqlite3.Error, UnicodeDecodeError):
        with reading(file) as connection:
            found = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'recpilot_readings'").fetchone()
            rows = connection.execute(
                "SELECT data, split, split_seed, key, at FROM recpilot_readings ORDER BY number"
            ).fetchall()
        with closing(sqlite3.connect(other)) as connection, connection:
            connection.execute(found[0].replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS", 1))
            added = connection.executemany(
                "INSERT OR IGNORE INTO recpilot_readings (data, split, split_seed, key, at) VALUES (?, ?, ?, ?, ?)",
                rows,
            )
            return max(added.rowcount, 0)
    return 0


def _named(file: Path, *queries: str) -> dict[str, str]:
    """Key → name of what the first of the queries finds that can be asked."""
    for query in queries:
        with suppress(sqlite3.Error, UnicodeDecodeError), reading(file) as connection:
            return {str(key): str(name) for key, name in connection.execute(query)}
    return {}
