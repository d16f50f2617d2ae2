"""Why a place cannot be read or written, for the person: whose it is, and what gives the right."""

import getpass
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal

Act = Literal["read", "written"]


def may(place: Path, act: Act) -> bool:
    """Whether this process may do so, as far as the rights of the place itself and of the folders above it say."""
    return next(_obstacles(place, act), None) is None


def refusal(place: Path, act: Act) -> str:
    """In one sentence without a full stop; of the folder above it where that one is in the way."""
    at = next(_obstacles(place, act), place)
    if act == "written" and _is_read_only(at):
        return f"{place} cannot be written: it lies on a file system that is mounted for reading only"
    whose, me = _owner(at), _me()
    why = "it" if at == place.absolute() else f"the folder {at}, which may not be opened,"
    helps = f"`chmod u+rwX {at}` gives the right back" if whose == me else f"run recpilot as {whose}, or ask {whose}"
    return f"{place} may not be {act} by {me}: {why} belongs to {whose} and has the rights {_bits(at)}; {helps}"


def _obstacles(place: Path, act: Act) -> Iterator[Path]:
    """What is in the way, from the top down: folders that may not be entered, then the place itself."""
    place = place.absolute()
    yield from (above for above in reversed(place.parents) if not _allows(above, os.X_OK))
    wanted = os.R_OK if act == "read" else os.W_OK
    with suppress(OSError):
        if place.exists() and not _allows(place, wanted | (os.X_OK if place.is_dir() else 0)):
            yield place


def _allows(place: Path, mode: int) -> bool:
    """For whom this process acts, where the system knows the difference; what is not there is in nobody's way."""
    by_effect = os.access in os.supports_effective_ids
    return not place.exists() or os.access(place, mode, effective_ids=by_effect)


def _is_read_only(place: Path) -> bool:
    with suppress(OSError, AttributeError):  # AttributeError: not on Windows
        return bool(os.statvfs(place).f_flag & os.ST_RDONLY)
    return False


def _owner(place: Path) -> str:
    try:
        return place.owner()
    except (OSError, KeyError, NotImplementedError):
        return "another user"


def _me() -> str:
    try:
        import pwd

        return pwd.getpwuid(os.geteuid()).pw_name
    except (ImportError, KeyError):
        return getpass.getuser()


def _bits(place: Path) -> str:
    try:
        return oct(place.stat().st_mode & 0o777)[2:].zfill(3)
    except OSError:
        return "unknown"
