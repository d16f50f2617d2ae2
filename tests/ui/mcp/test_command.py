"""What `recpilot mcp` makes of where it was started."""

from pathlib import Path

import pytest

from ui.cli.mcp import data_folder_of


def test_files_of_a_folder_that_nobody_chose_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, project = tmp_path / "recpilot", tmp_path / "project"
    project.mkdir()
    monkeypatch.setenv("RECPILOT_HOME", str(home))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("RECPILOT_DATA_FOLDER", raising=False)
    for wide in (Path("/"), tmp_path):
        monkeypatch.chdir(wide)
        assert data_folder_of(None) == home / "uploads"
        assert data_folder_of(project) == project
    monkeypatch.chdir(project)
    assert data_folder_of(None) is None  # the working folder
    monkeypatch.chdir("/")
    monkeypatch.setenv("RECPILOT_DATA_FOLDER", str(project))
    assert data_folder_of(None) is None  # that of the variable
