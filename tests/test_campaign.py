"""The campaign itself: what it counts, what it keeps, and how it ends."""

import signal
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import ModuleType

import pytest

from tests.campaign import PARTS, Attempt, attempts_of
from tests.campaign.__main__ import main
from tests.campaign.damage import Run, made_home


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[object]:
    """Runs a campaign of one made-up part; its exit status."""

    def run(attempts: object, *options: str) -> int:
        made_up = ModuleType("made_up")
        made_up.attempts = attempts  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "made_up", made_up)
        monkeypatch.setitem(PARTS, "made_up", "made_up")
        keep = ["--only", "made_up", "--keep", str(tmp_path / "kept")]
        monkeypatch.setattr(sys, "argv", ["campaign", *keep, *options])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0)

    yield run


def test_a_failure_is_counted_and_kept_with_its_seed_and_number(run, tmp_path: Path, capsys) -> None:
    def attempts(seed: int, folder: Path) -> Iterator[Attempt]:
        (folder / "bad.csv").write_text(str(seed))
        yield Attempt(what="a good file")
        yield Attempt(what="a bad file", problem="it hung", kept=(folder / "bad.csv",))

    assert run(attempts, "--seed", "7") == 1
    assert (tmp_path / "kept" / "made_up-7-1" / "bad.csv").read_text() == "7"
    part, whole, again = capsys.readouterr().out.splitlines()[-3:]
    assert part.split()[:3] == ["made_up", "2", "1"] and whole.split()[:4] == ["in", "all", "2", "1"]
    assert again == "again: python -m tests.campaign --only made_up --seed 7 --attempts 2 --minutes 600"


def test_a_part_that_goes_on_for_ever_ends_and_is_cleaned_up(run, capsys) -> None:
    ended = []

    def attempts(seed: int, folder: Path) -> Iterator[Attempt]:
        try:
            while True:
                yield Attempt(what="nothing")
        finally:
            ended.append(folder)

    assert run(attempts, "--minutes", "0.0001") == 0
    assert run(attempts, "--attempts", "3") == 0
    assert capsys.readouterr().out.splitlines()[-2].split()[:3] == ["made_up", "3", "0"]
    assert len(ended) == 2 and not any(folder.exists() for folder in ended)


def test_a_part_that_breaks_has_failed(run, capsys) -> None:
    def attempts(seed: int, folder: Path) -> Iterator[Attempt]:
        yield Attempt(what="nothing")
        raise OSError("no such thing")

    assert run(attempts) == 1
    assert "OSError: no such thing" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("part", "n"),
    [
        ("writes", 4),
        pytest.param("disk", 6, marks=pytest.mark.slow),
        pytest.param("door", 60, marks=pytest.mark.slow),
        pytest.param("kills", 12, marks=pytest.mark.slow),
        pytest.param("models", 40, marks=pytest.mark.slow),
    ],
)
def test_the_first_attempts_of_a_part_hold(part: str, n: int, tmp_path: Path) -> None:
    attempts = attempts_of(part)(0, tmp_path)
    try:
        for attempt in islice(attempts, n):
            assert attempt.problem is None, attempt
    finally:
        attempts.close()  # type: ignore[attr-defined]


def test_a_home_that_takes_too_long_to_make_is_told_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hung = Run(status=-signal.SIGALRM, out="Trial 1", errors="")
    monkeypatch.setattr("tests.campaign.damage.in_child", lambda *_: hung)
    with pytest.raises(RuntimeError, match=r"making the home took more than 300 s, as on a busy machine: data add"):
        made_home(tmp_path / "home")
