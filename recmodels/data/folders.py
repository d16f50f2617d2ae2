"""Folders that appear whole or not at all: written beside their place, then renamed."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from recmodels.errors import SetupError

UNFINISHED = ".unfinished-"


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A temporary folder that takes the place of `folder` when the block ends well, and vanishes when it does not.

    Raises:
        SetupError: The place cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder.parent))
    except OSError as error:
        raise SetupError(f"cannot write to {folder.parent}: {error.strerror}; choose a folder you may write") from error
    try:
        yield temporary
        _swap_in(temporary, folder)
    except OSError as error:
        raise SetupError(f"cannot write {folder}: {error.strerror}") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _swap_in(temporary: Path, folder: Path) -> None:
    temporary.chmod(0o755)  # mkdtemp makes it private
    try:
        temporary.rename(folder)
        return
    except OSError:
        if not folder.exists():
            raise
    old = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder.parent))
    folder.rename(old / folder.name)
    temporary.rename(folder)
    shutil.rmtree(old)


def remove_folder(folder: Path) -> None:
    """Remove a folder at once for every reader, then its files; no error when it is not there.

    Raises:
        SetupError: The place cannot be written.
    """
    try:
        if folder.exists():
            gone = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder.parent))
            folder.rename(gone / folder.name)
            shutil.rmtree(gone)
    except OSError as error:
        raise SetupError(f"cannot remove {folder}: {error.strerror}") from error
