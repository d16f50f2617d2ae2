"""Where files that are being uploaded lie until they are kept: a folder of the home that ends with the server."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

VARIABLE = "GRADIO_TEMP_DIR"
PREFIX = "incoming-"
FORGOTTEN_S = 86_400  # after which a folder that a killed server left is removed
UNSENT_S = 3_600  # after which a file that no message took is removed


@contextmanager
def incoming(home: Path) -> Iterator[Path]:
    """The folder, which Gradio is told of."""
    for left in home.glob(f"{PREFIX}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > FORGOTTEN_S:
                shutil.rmtree(left)
    before = os.environ.get(VARIABLE)
    with tempfile.TemporaryDirectory(dir=home, prefix=PREFIX, ignore_cleanup_errors=True) as folder:
        os.environ[VARIABLE] = folder
        try:
            yield Path(folder)
        finally:
            os.environ.pop(VARIABLE)
            if before is not None:
                os.environ[VARIABLE] = before


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
