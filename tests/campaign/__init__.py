"""Breaks recpilot on purpose, again and again, and counts what failed: `python -m tests.campaign`, or `make campaign`.

A part of the campaign is a module, named in `PARTS`, with one function

    def attempts(seed: int, folder: Path) -> Iterator[Attempt]: ...

which tries one thing after the other and yields what came of each. `folder` is the part's own and is empty at first.
The same seed tries the same things in the same order. A part may go on for ever or end by itself; whoever iterates
stops between two attempts, by time in a campaign and by number in the tests, and closes the generator then: what was
opened is closed in a `finally`. An exception that leaves the generator counts as a failed attempt and ends the part.
An attempt ends by itself within a minute or so, whatever the product does: what hangs is a failure with a limit.

    for attempt in islice(attempts(seed=0, folder=tmp_path), 20):
        assert attempt.problem is None, attempt
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One thing that was tried, and what came of it."""

    what: str  # what was done to what, in one line
    problem: str | None = None  # what was wrong with how it ended, in one line; None: it held
    kept: tuple[Path, ...] = ()  # files or folders that show the failure; a campaign copies those of a failed attempt


Attempts = Callable[[int, Path], Iterator[Attempt]]

PARTS = {
    "kills": "tests.campaign.kills",  # processes of several kinds, killed at random moments
    "writes": "tests.campaign.writes",  # kills at each write of a study
    "disk": "tests.campaign.disk",  # a disk that is full at any moment
    "models": "tests.campaign.models",  # language models that answer wrongly, late or never
    "door": "tests.campaign.door",  # requests to the page's server
    "files": "tests.campaign.files",  # malformed data files
    "layouts": "tests.campaign.layouts",  # good files in every layout, written in other ways
    "damage": "tests.campaign.damage",  # damaged ledgers, memories, chats, datasets and checkpoints
    "hostile": "tests.campaign.hostile",  # texts that give orders
}


def attempts_of(part: str) -> Attempts:
    """The function of a part, by the part's name."""
    found: Attempts = import_module(PARTS[part]).attempts
    return found
