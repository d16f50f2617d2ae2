"""Files that a person drops into the chat: kept below the home folder, where the tools may read them."""

import hashlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from agent.errors import UserError

_UNSAFE = re.compile(r"[^\w.@+ ()-]+")  # separators, control characters, what a shell or Markdown would read
_LONGEST = 100  # bytes of a name, its ending included


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One dropped file: where it is kept, or why it is not."""

    name: str
    path: Path | None = None
    refusal: str = ""


def keep_uploads(uploads: Path, files: Sequence[str | Path]) -> list[Upload]:
    """Copies the files that were dropped together to `<uploads>/<hash of names and contents>/`, in their order.

    Files of different drops never share a path, whatever their names; the same drop again is kept once. Only regular
    files are taken, and their names are made safe.
    """
    named = [(_safe_name(Path(file).name), Path(file)) for file in files]
    try:
        uploads.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=uploads, prefix=".part-") as draft:
            taken = [_copy(file, Path(draft, name)) for name, file in named]
            folder = uploads / _digest(Path(draft))
            if any(upload.path for upload in taken):
                folder.mkdir(exist_ok=True)
            return [_moved(upload, folder) for upload in taken]
    except OSError as error:
        refusal = f"it cannot be kept in {uploads}: {error.strerror}"
        return [Upload(name=name, refusal=f"{name}: {refusal}") for name, _ in named]


def _copy(source: Path, target: Path) -> Upload:
    try:
        with _open_regular(source) as content, target.open("xb") as copy:
            shutil.copyfileobj(content, copy)
    except FileExistsError:
        return Upload(name=target.name, refusal=f"two files called {target.name} were dropped together")
    except UserError as error:
        return Upload(name=target.name, refusal=str(error))
    return Upload(name=target.name, path=target)


def _open_regular(path: Path) -> BinaryIO:
    """Opened without following a link or waiting for a pipe, and checked once open, so that it cannot be exchanged.

    Raises:
        UserError: There is no such file, or it is a link or anything but a regular file.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:
        raise UserError(f"there is no file {str(path)[:200]!r} that can be read") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UserError(f"{str(path)[:200]!r} is not a file")
    return os.fdopen(descriptor, "rb")


def _moved(upload: Upload, folder: Path) -> Upload:
    if upload.path is None:
        return upload
    return Upload(name=upload.name, path=upload.path.replace(folder / upload.name))


def _digest(folder: Path) -> str:
    """12 hexadecimal digits over the names and contents of all files."""
    total = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        with path.open("rb") as content:
            total.update(path.name.encode() + b"\0" + hashlib.file_digest(content, "sha256").digest())
    return total.hexdigest()[:12]


def _safe_name(name: str) -> str:
    """Letters, digits and a few signs, without a dot at either end; a long one is cut before its ending."""
    safe = Path(_UNSAFE.sub("_", name).strip(" ."))
    ending = _cut(safe.suffix, _LONGEST // 4)
    return (_cut(safe.stem, _LONGEST - len(ending.encode())) + ending) or "file"


def _cut(text: str, n_bytes: int) -> str:
    return text.encode()[:n_bytes].decode(errors="ignore")
