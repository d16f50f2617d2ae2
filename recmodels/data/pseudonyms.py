"""Keyed hashes in the place of ids: the same id gives the same hash, and nobody without the key can tell whose it is.

This is pseudonymisation, not anonymisation: who has the key can find a known person again, and a history may tell whose
it is by itself. The key lies beside the datasets, readable by its owner only.
"""

import hmac
import os
import secrets
from collections.abc import Container, Iterable, Sequence
from pathlib import Path

from recmodels import rights
from recmodels.data.choices import Hashed
from recmodels.errors import SetupError

KEY_FILE = ".ids.key"
N_LETTERS = 24  # hexadecimal: 96 bits, so that two of a billion ids are hardly ever alike
_KEY_BYTES = 32


def made_key(folder: Path) -> Path:
    """The file of the key of a folder of datasets, made where there is none.

    Raises:
        SetupError: It cannot be written.
    """
    place = folder / KEY_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return place
    except OSError as error:
        raise SetupError(f"the key for hashed ids: {rights.refusal(place, 'written')}") from error
    with os.fdopen(file, "w", encoding="ascii") as out:
        out.write(secrets.token_hex(_KEY_BYTES))
    return place


def read_key(folder: Path) -> bytes:
    """The key of a folder of datasets.

    Raises:
        SetupError: It is gone, damaged or may not be read.
    """
    place = folder / KEY_FILE
    try:
        key = bytes.fromhex(place.read_text(encoding="ascii"))
    except FileNotFoundError as error:
        raise SetupError(
            f"the key of the hashed ids, {place}, is gone; without it no id is found again, and no file can be joined"
        ) from error
    except PermissionError as error:
        raise SetupError(f"the key for hashed ids: {rights.refusal(place, 'read')}") from error
    except (OSError, ValueError) as error:
        raise SetupError(f"the key of the hashed ids, {place}, is damaged") from error
    if len(key) != _KEY_BYTES:
        raise SetupError(f"the key of the hashed ids, {place}, is damaged")
    return key


def pseudonym(key: bytes, role: Hashed, id: str) -> str:
    """HMAC-SHA256 of an id, cut to `N_LETTERS` hexadecimal digits. Users and items of one id have different ones."""
    return hmac.digest(key, f"{role}\0{id}".encode(), "sha256").hex()[:N_LETTERS]


def pseudonyms(key: bytes, role: Hashed, ids: Iterable[str]) -> list[str]:
    """Each id's pseudonym, in their order."""
    return [pseudonym(key, role, id) for id in ids]


def as_kept(folder: Path, hashed: Sequence[Hashed], role: Hashed, id: str, known: Container[str]) -> str:
    """What a dataset calls the user or item that somebody typed: itself, or its pseudonym.

    Args:
        folder: Of the datasets.
        known: The dataset's ids.

    Raises:
        SetupError: Its ids are hashed, and the key cannot be read.
    """
    if role not in hashed or not id.strip() or id in known:
        return id
    return pseudonym(read_key(folder), role, id.strip())
