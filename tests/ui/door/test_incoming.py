"""The folder of files that are being uploaded: one a server, gone with it."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ui.door.incoming import FORGOTTEN_S, PREFIX, incoming

if TYPE_CHECKING:
    from conftest import Processes

KILLED = """
    import os
    from ui.door.incoming import incoming
    with incoming(home) as folder:
        (folder / "a.csv").write_text("user,item")
        os._exit(9)
"""


def test_the_folder_of_a_killed_server_is_removed_at_the_next_start_and_that_of_a_running_one_stays(
    tmp_path: Path, processes: "Processes"
) -> None:
    assert processes.run(KILLED, home=tmp_path) == 9
    [left] = tmp_path.glob(f"{PREFIX}*")
    with incoming(tmp_path) as first:
        assert not left.exists()
        with incoming(tmp_path) as second:
            assert first.is_dir() and second.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_no_lock_tells_of_is_removed_after_a_day(tmp_path: Path) -> None:
    old, young = tmp_path / f"{PREFIX}old", tmp_path / f"{PREFIX}young"
    for folder in (old, young):
        folder.mkdir()
    os.utime(old, (0, old.stat().st_mtime - FORGOTTEN_S - 60))
    with incoming(tmp_path):
        assert not old.exists() and young.exists()
