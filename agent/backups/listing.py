"""The copies of a home folder's databases that there are, each with a name that stays."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from agent.backups import contents
from agent.errors import UserError

TIME = "%Y%m%dT%H%M%SZ"
_COPY = re.compile(r"(?P<stem>[\w.-]+)-(?P<at>\d{8}T\d{6}Z)\.db")
_ASIDE = re.compile(r"(?P<file>.+)\.(?P<how>replaced|damaged)-\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A copy of a database as it was at a time, or the database itself that another took the place of."""

    path: Path
    file: str  # the name of the file it is of
    at: datetime
    is_replaced: bool = False

    @property
    def name(self) -> str:
        """What it is asked for by."""
        return self.path.name.removesuffix(".db")

    def holds(self) -> Mapping[str, int]:
        """How many studies, trials, lessons or chats there are in it."""
        return contents.counts(self.path)

    def fault(self) -> str | None:
        """Why it cannot take the place of its file; None: it can."""
        return contents.fault(self.path, self.file)


def backups(folder: Path, file: str | None = None) -> list[Backup]:
    """Those in a folder, or those of one file, the latest first; what is no file is left out.

    Raises:
        UserError: The folder cannot be read.
    """
    found = [one for path, is_file in _copies(folder) if is_file and (one := _copy(path)) is not None]
    return sorted((one for one in found if file in (None, one.file)), key=lambda one: (one.at, one.file), reverse=True)


def strays(folder: Path) -> list[Path]:
    """What lies in a folder of backups, is called as one and cannot be one: a folder, a link to nothing."""
    return sorted(path for path, is_file in _copies(folder) if not is_file or _copy(path) is None)


def replaced(place: Path) -> list[Backup]:
    """The whole files that backups took the place of, the latest first.

    Raises:
        UserError: The folder cannot be read.
    """
    found = []
    for path in _in(place.parent):
        match = _ASIDE.fullmatch(path.name)
        if match and match["file"] == place.name and path.is_file():
            at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            one = Backup(path=path, file=place.name, at=at, is_replaced=True)
            if match["how"] == "replaced" or one.fault() is None:  # an earlier version called all of them damaged
                found.append(one)
    return sorted(found, key=lambda one: (one.at, one.path.name), reverse=True)


def _copy(path: Path) -> Backup | None:
    match = _COPY.fullmatch(path.name)
    try:
        at = datetime.strptime(match["at"], TIME).replace(tzinfo=UTC) if match else None
    except ValueError:  # the 99th of a month
        return None
    return Backup(path=path, file=f"{match['stem']}.db", at=at) if match and at else None


def _copies(folder: Path) -> list[tuple[Path, bool]]:
    """What is called as a backup, and whether it is a file."""
    try:
        return [(path, path.is_file()) for path in _in(folder) if _COPY.fullmatch(path.name)]
    except OSError as error:
        raise _unreadable(folder, error) from error


def _in(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unreadable(folder, error) from error


def _unreadable(folder: Path, error: OSError) -> UserError:
    return UserError(f"the backups in {folder} cannot be read: {error.strerror or error}")
