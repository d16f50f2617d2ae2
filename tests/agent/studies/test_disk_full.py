"""A disk that is full in the middle of a study: a sentence, nothing lost, and the study goes on when there is space."""

import resource
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agent.studies.ledger import Ledger
from recmodels.data.folders import disk_full, is_disk_full, whole_folder
from recmodels.errors import SetupError

if TYPE_CHECKING:
    from conftest import Processes

STUDY = """
    import logging, resource, signal, sys
    sys.path.insert(0, tests)
    import test_kill as t
    from agent.events import StudyStateChanged, StudyFinished, StudyNoted
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # as in a program that Python runs
    records = []
    handler = logging.Handler()
    handler.emit = records.append
    logging.getLogger().addHandler(handler)
    study = t.study_at(home)
    if limit:
        size = max(file.stat().st_size for file in home.glob("studies.db*")) + limit
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    told = [getattr(e, "reason", "") or getattr(e, "text", "") for e in study.run()
            if isinstance(e, (StudyStateChanged, StudyFinished, StudyNoted))]
    tracebacks = [r.getMessage() for r in records if r.exc_info and r.levelno >= logging.ERROR]
    pipe.send((told, tracebacks, study.state))
"""


@pytest.mark.parametrize("limit", [60_000, 200_000])
def test_a_full_disk_ends_a_study_with_a_sentence_and_it_goes_on_later(
    tmp_path: Path, processes: "Processes", limit: int
) -> None:
    tests = str(Path(__file__).parent)
    process, pipe = processes.start(STUDY, home=tmp_path, tests=tests, limit=limit)
    told, tracebacks, _ = pipe.recv()
    process.join()
    assert tracebacks == []
    assert any("the disk is full" in text and "recpilot study resume" in text for text in told), told
    ledger = Ledger(f"sqlite:///{tmp_path / 'studies.db'}")
    before = ledger.open("s").records()
    process, pipe = processes.start(STUDY, home=tmp_path, tests=tests, limit=0)
    _, _, state = pipe.recv()
    process.join()
    after = ledger.open("s").records()
    ledger.close()
    assert state == "finished" and after[: len(before)] == before


def test_what_is_written_whole_says_that_the_disk_is_full(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"the disk is full.*free space"), whole_folder(tmp_path / "x") as folder:
        raise OSError(28, "No space left on device", str(folder))
    with pytest.raises(SetupError, match="the disk is full"), whole_folder(tmp_path / "x"):
        raise RuntimeError("I/O error: No space left on device (os error 28)")  # as libraries in Rust say it
    with pytest.raises(RuntimeError, match="a bug"), whole_folder(tmp_path / "x"):
        raise RuntimeError("a bug")
    assert not is_disk_full(OSError(13, "Permission denied")) and list(tmp_path.iterdir()) == []
    assert isinstance(disk_full(tmp_path), SetupError)


def test_a_ledger_that_cannot_be_written_is_no_error_of_the_database(tmp_path: Path, processes: "Processes") -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    code = """
        import resource, signal
        from agent.errors import DiskFullError
        from agent.studies.ledger import Ledger
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))
        try:
            Ledger(f"sqlite:///{home / 'studies.db'}")
        except DiskFullError as error:
            pipe.send(str(error))
    """
    process, pipe = processes.start(code, home=tmp_path)
    assert "the disk is full" in pipe.recv()
    process.join()
