"""What JSON files of stored things have in common: they hold an object, whose `format` grows when its meaning changes.

A reader ignores fields that it does not know, takes an object without a format for one of format 1, and refuses one
that is newer than itself.
"""

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from recmodels.errors import DataError


def need_path(name: str, value: object) -> None:
    """Refuse what is no path, which is a slip in a program and no fault of what is stored there.

    Raises:
        TypeError: It is of another type.
    """
    if not isinstance(value, Path):
        raise TypeError(f"`{name}` must be a pathlib.Path, got {value!r}")


def read_object(path: Path) -> dict[str, Any]:
    """The object in a file.

    Raises:
        OSError: The file cannot be read.
        ValueError: It holds no JSON object.
    """
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise ValueError(f"{path.name} holds no JSON object")
    return found


def check_format(about: Mapping[str, Any], newest: int, what: str) -> None:
    """Refuse an object of a newer format than `newest`.

    Raises:
        DataError: It is newer; the message begins with `what`.
        ValueError: Its format is no number.
    """
    number = about.get("format", 1)
    if not isinstance(number, int):
        raise ValueError(f"its format is {number!r}")
    if number > newest:
        raise DataError(f"{what} is of format {number} and this version reads up to {newest}; take a newer version")


def digests(folder: Path) -> dict[str, str]:
    """The sha256 of every file in a folder, by its path below it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): _digest(path) for path in files}


def check_digests(folder: Path, about: Mapping[str, Any], is_needed: Callable[[str], bool]) -> None:
    """Refuse files that are not as they were written.

    Args:
        about: What was written of the folder, `digests` among it; what an earlier version wrote has none.
        is_needed: Whether a file is to be looked at, by its path below the folder.

    Raises:
        DataError: One is damaged or missing; the message names it.
    """
    known = about.get("digests")
    for name, digest in known.items() if isinstance(known, dict) else ():
        if not is_needed(name):
            continue
        path = folder / name
        try:
            is_whole = _digest(path) == digest
        except FileNotFoundError as error:
            raise DataError(f"{folder} is damaged: {path} is missing") from error
        if not is_whole:
            raise DataError(f"{folder} is damaged: {name} is not as it was written")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def typed(about: Mapping[str, Any], name: str, kind: type) -> Any:
    """A field that has to be there and of that kind.

    Raises:
        KeyError: It is missing.
        ValueError: It is of another kind.
    """
    value = about[name]
    if not isinstance(value, kind):
        raise ValueError(f"`{name}` is no {kind.__name__}")
    return value


def fields_of(kind: type, about: Mapping[str, Any]) -> dict[str, Any]:
    """What an object says of the fields of a dataclass; other fields are ignored.

    Raises:
        KeyError: One is missing that has no default.
    """
    missing = dataclasses.MISSING
    needed = {
        known.name: known.default is missing and known.default_factory is missing for known in dataclasses.fields(kind)
    }
    return {name: about[name] for name, is_needed in needed.items() if is_needed or name in about}
