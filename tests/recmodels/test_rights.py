"""Why a place cannot be read or written: the folder that is in the way, whose it is, and what helps."""

import os
from pathlib import Path

import pytest

from recmodels import rights


def test_what_may_be_done_is_said_to_be_allowed(unprivileged: Path) -> None:
    file = unprivileged / "a"
    file.write_text("")
    assert rights.may(file, "read") and rights.may(file, "written")
    file.chmod(0o400)
    assert rights.may(file, "read") and not rights.may(file, "written")


def test_the_folder_that_is_in_the_way_is_named(unprivileged: Path) -> None:
    (unprivileged / "a" / "b").mkdir(parents=True)
    (unprivileged / "a").chmod(0)
    says = rights.refusal(unprivileged / "a" / "b", "read")
    assert f"{unprivileged / 'a' / 'b'} may not be read" in says
    assert f"the folder {unprivileged / 'a'}, which may not be opened, belongs to" in says and "rights 000" in says


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a file away")
def test_of_anothers_file_the_owner_is_named_and_no_chmod(unprivileged: Path) -> None:
    file = unprivileged / "a"
    file.write_text("")
    os.chown(file, 65_534, -1)
    file.chmod(0o600)
    says = rights.refusal(file, "written")
    assert "run recpilot as nobody, or ask nobody" in says and "chmod" not in says
