"""Where files that are being uploaded lie until they are kept: a folder of the home that ends with the server."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

VARIABLE = "GRADIO_TEMP_DIR"
PREFIX = "incoming-"
FORGOTTEN_S = 86_400  # after which a folder of which no lock tells whose it was is removed
UNSENT_S = 3_600  # after which a file that no message took is removed


@contextmanager
def incoming(home: Path) -> Iterator[Path]:
    """The folder, which Gradio is told of."""
    _remove_left(home)
    before = os.environ.get(VARIABLE)
    with tempfile.TemporaryDirectory(dir=home, prefix=PREFIX, ignore_cleanup_errors=True) as folder:
        lock = _lock(Path(folder))
        lock.acquire()  # the system lets go of it when this process ends, however it does
        os.environ[VARIABLE] = folder
        try:
            yield Path(folder)
        finally:
            os.environ.pop(VARIABLE)
            if before is not None:
                os.environ[VARIABLE] = before
            lock.release()
            Path(lock.lock_file).unlink(missing_ok=True)


def _lock(folder: Path) -> FileLock:
    """Held by the server that the folder belongs to."""
    return FileLock(folder.with_name(f".{folder.name}.lock"), timeout=0, mode=0o600)


def _remove_left(home: Path) -> None:
    """Remove the folders of servers that were killed."""
    for left in home.glob(f"{PREFIX}*"):
        lock = _lock(left)
        with suppress(OSError, Timeout):  # Timeout: its server runs
            if Path(lock.lock_file).exists():
                with lock:
                    shutil.rmtree(left)
                Path(lock.lock_file).unlink(missing_ok=True)
            elif time.time() - left.stat().st_mtime > FORGOTTEN_S:
                shutil.rmtree(left)


def let_go(files: Iterable[str]) -> None:
    """Removes files of that folder, once what is needed of them was kept elsewhere; others stay."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        return
    for file in map(Path, files):
        with suppress(OSError, ValueError):
            if file.resolve(strict=True).is_relative_to(Path(folder).resolve()):
                file.unlink()
                file.parent.rmdir()
