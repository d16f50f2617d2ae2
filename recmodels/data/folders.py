"""Folders that appear whole or not at all: written beside their place, then renamed."""

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from recmodels import rights
from recmodels.errors import SetupError

UNFINISHED = ".unfinished-"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def is_hidden(path: Path) -> bool:
    """Whether a relative path leads through a name that begins with a dot: keys and settings, never data."""
    return any(part.startswith(".") for part in path.parts)


def is_filled(place: Path) -> bool:
    """Whether a place is more than an empty folder; one that may not be read counts."""
    try:
        return any(place.iterdir())
    except OSError:  # a file, or no right to look
        return True


@contextmanager
def draft_folder(parent: Path) -> Iterator[Path]:
    """A temporary folder below `parent`, for `swap_in`; it vanishes at the end of the block where it is still there.

    Raises:
        SetupError: The place cannot be written.
    """
    try:
        parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=parent))
    except OSError as error:
        raise cannot_write(parent, error) from error
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A temporary folder that takes the place of `folder` when the block ends well, and vanishes when it does not.

    Raises:
        SetupError: The place cannot be written.
    """
    with draft_folder(folder.parent) as temporary:
        try:
            yield temporary
        except Exception as error:
            if isinstance(error, OSError) or is_disk_full(error):
                raise cannot_write(folder, error) from error
            raise
        swap_in(temporary, folder)


def swap_in(temporary: Path, folder: Path) -> None:
    """Put a draft in the place of `folder`, which is there whole at every moment, or not at all.

    Raises:
        SetupError: The place cannot be written.
    """
    try:
        _swap_in(temporary, folder)
    except OSError as error:
        raise cannot_write(folder, error) from error


def is_disk_full(error: BaseException) -> bool:
    """Whether nothing could be written for want of space; what libraries in Rust raise has no number, but says it."""
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in _FULL
    return any(f"(os error {number})" in str(error) for number in _FULL)


def disk_full(place: Path) -> SetupError:
    """What is to be done about it, in a sentence."""
    return SetupError(
        f"{place} cannot be written: the disk is full, or a limit of file sizes was reached; free space, then run it "
        "again (a study goes on with `recpilot study resume NAME`)"
    )


def cannot_write(place: Path, error: BaseException) -> SetupError:
    """Why a folder or file cannot be written, whatever wrote it, in a sentence: the disk, the rights, or what it says.

    Args:
        error: What was raised; of another kind than OSError where `is_disk_full`.
    """
    if is_disk_full(error):
        return disk_full(place)
    if isinstance(error, PermissionError):
        blocked = place if not rights.may(place, "written") else place.parent
        return SetupError(f"cannot write to {place}: {rights.refusal(blocked, 'written')}; or choose another folder")
    return SetupError(f"cannot write to {place}: {getattr(error, 'strerror', None) or error}")


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
