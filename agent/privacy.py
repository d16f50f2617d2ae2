"""What lies in the home is its owner's alone: data, chats and studies of one person are no other user's business."""

import os
import stat
from contextlib import suppress
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO
_FILES = ("chats.db*", "debug.log*", "studies.db*", "users.json")
_FOLDERS = ("backups", "checkpoints", "datasets", "exports", "memory*", "models", "reports", "uploads")


def only_mine() -> None:
    """From now on this program makes files that their owner alone can read."""
    os.umask(OTHERS)


def keep_private(home: Path) -> None:
    """Takes what others may do with the parts of a home from them, as earlier versions made those readable.

    The home itself is left as it is, since it may be a folder that holds other things too.
    """
    for pattern in (*_FILES, *_FOLDERS):
        for part in home.glob(pattern):
            with suppress(OSError):  # another person's, or gone just now
                mode = stat.S_IMODE(part.lstat().st_mode)
                if not part.is_symlink() and mode & OTHERS:
                    part.chmod(mode & ~OTHERS)
