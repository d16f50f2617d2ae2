"""A whole recording run again without a language model, and what differs.

report = check(read_recording(folder), scratch)
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from agent.recording.reading import Passage, Recording
from agent.replaying.comparing import Difference, differences
from agent.replaying.decisions import replayed_decision
from agent.replaying.turns import replayed_turn
from agent.workspace import Workspace

OpenScratch = Callable[[], AbstractContextManager[Workspace]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A passage that cannot be run again."""

    where: str
    why: str
    is_cut_off: bool = False  # the recording itself is not whole


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What came of running a recording again."""

    n_turns: int  # that were run
    n_decisions: int
    skipped: tuple[Skipped, ...]
    differences: tuple[Difference, ...]

    @property
    def is_same(self) -> bool:
        """Of what was run."""
        return not self.differences

    @property
    def passes(self) -> bool:
        """Whether the recording stands as a test: something was run, all of it is the same, and nothing is cut off."""
        n_run = self.n_turns + self.n_decisions
        return self.is_same and n_run > 0 and not any(one.is_cut_off for one in self.skipped)


def check(recording: Recording, open_scratch: OpenScratch, home: Workspace | None = None) -> CheckReport:
    """Every passage, each from what was recorded before it, so that one difference does not hide the next.

    Args:
        open_scratch: Opens a workspace on a home that is thrown away, where a chat can be held.
        home: Where reading tools are run; None: their results come from the record.
    """
    found: list[Difference] = []
    skipped: list[Skipped] = []
    n_turns = n_decisions = 0
    with open_scratch() as scratch:
        for passage in recording.passages:
            where = passage.name
            if why := _why_not(passage):
                skipped.append(Skipped(where=where, why=why, is_cut_off=not passage.is_whole))
            elif passage.turn is not None:
                n_turns += 1
                now = replayed_turn(scratch, passage, home)
                found += differences(where, passage, now, with_results=home is not None)
            else:
                n_decisions += 1
                found += differences(where, passage, replayed_decision(passage), with_results=False)
    return CheckReport(n_turns=n_turns, n_decisions=n_decisions, skipped=tuple(skipped), differences=tuple(found))


def _why_not(passage: Passage) -> str | None:
    if not passage.is_whole:
        return "it was cut off before its end"
    if passage.turn is not None and passage.turn["files"]:
        return "files were dropped in, which are not recorded"
    return None
