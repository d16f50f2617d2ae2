"""From a file to UTF-8 bytes: archives, compression, encodings and binary junk are told apart by content."""

import gzip
import io
import os
import stat
import zlib
from dataclasses import dataclass
from pathlib import Path

from recmodels.data.reading.archive_files import kind_of
from recmodels.data.reading.charsets import utf8
from recmodels.data.reading.foreign import foreign_kind
from recmodels.data.reading.limits import Limits
from recmodels.errors import DataError, LimitError

_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1a"))
PARQUET = b"PAR1"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a file holds: a Parquet file's bytes, or text as UTF-8 with `\\n` or `\\r\\n` at line ends."""

    data: bytes
    is_parquet: bool
    notes: tuple[str, ...] = ()


def read_content(path: Path) -> Content:
    """Read, unpack and decode a file.

    Raises:
        DataError: It cannot be read, is no regular file, holds too much, is empty, an archive, or binary.
    """
    limits = Limits.current()
    data = _unpacked(path, _raw(path, limits), limits)
    if data.startswith(PARQUET):
        return Content(data=data, is_parquet=True)
    if kind := foreign_kind(data):
        raise LimitError(f"{path.name} is {kind[0]}, whatever its ending; {kind[1]}")
    data, notes = utf8(path, data)
    _refuse_binary(path, data)
    if not data or data.isspace():
        raise LimitError(f"{path.name} is empty; a dataset needs a user and an item on each line")
    if b"\r" in data and b"\n" not in data:
        data = data.replace(b"\r", b"\n")  # line ends of old Macs
    return Content(data=data, is_parquet=False, notes=notes)


def check_path(path: Path) -> os.stat_result:
    """What the system knows about a regular file or a folder.

    Raises:
        LimitError: There is nothing, or it is a pipe, a device or a socket, which might never end.
    """
    shown = str(path)[:200]
    try:
        about = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        if archive := archive_above(path):
            return archive.stat()
        raise LimitError(f"there is no file {shown}") from None
    except (OSError, ValueError) as error:  # ValueError: a null byte
        raise LimitError(f"cannot read {shown!r}: {getattr(error, 'strerror', None) or error}") from None
    if not (stat.S_ISREG(about.st_mode) or stat.S_ISDIR(about.st_mode)):
        kind = {stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket"}.get(stat.S_IFMT(about.st_mode), "device")
        raise LimitError(f"only regular files can be read, {shown} is a {kind}")
    return about


def archive_above(path: Path) -> Path | None:
    """The archive that a path such as `archive.zip/ratings.csv` leads into; None where it leads into none."""
    try:
        above = next((parent for parent in (path, *path.parents) if parent.exists()), path)
        if above == path or not above.is_file():
            return None
        return above if kind_of(above) else None
    except (OSError, ValueError):
        return None


def _raw(path: Path, limits: Limits) -> bytes:
    n_bytes = check_path(path).st_size
    limits.check(path, n_bytes)
    try:
        with path.open("rb") as file:
            return file.read(n_bytes)  # nothing of what is made up under /proc, which has no size
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror}") from error


def _unpacked(path: Path, data: bytes, limits: Limits) -> bytes:
    """Unpacked block by block, so that a small file which holds far too much is refused before it fills the memory."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    whole = io.BytesIO()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            while block := packed.read(_BLOCK):
                whole.write(block)
                limits.check(path, whole.tell(), len(data))
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path.name} is a damaged gzip file: {error}") from error
    return whole.getvalue()


def _refuse_binary(path: Path, data: bytes) -> None:
    head = data[: 1 << 16]
    n_control = len(head) - len(head.translate(None, _CONTROL))
    if b"\0" in data or n_control > len(head) / 100:
        at = data.find(b"\0") if b"\0" in data else next(i for i, byte in enumerate(head) if byte in _CONTROL)
        raise DataError(
            f"{path.name} is a binary file, not text or Parquet: byte 0x{data[at]:02x} in line "
            f"{data.count(10, 0, at) + 1:,}; export it as CSV or Parquet"
        )
