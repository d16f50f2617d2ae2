"""What a study left that the ledger does not know, since an older ledger took the place of a newer one, for example.

No new study takes its name: it would write over the weights and memories, which the newer ledger still stands for.
"""

from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from agent.errors import USER_ERRORS, UserError
from agent.studies.ledger import Ledger

if TYPE_CHECKING:
    from memory.store import TrialMemory


class Left:
    """Looks for it in the folder of weights and in the memory."""

    def __init__(self, checkpoints: Path, ledger: Ledger, memory: "TrialMemory | None") -> None:
        self._checkpoints = checkpoints
        self._ledger = ledger
        self._memory = memory

    def check(self, name: str) -> None:
        """Raises UserError: a study of this name left something, and is not in the ledger."""
        if name not in self._ledger.taken() and (found := self.by(name)) is not None:
            raise UserError(f"{found} of a study {name!r}, which this ledger does not know; choose another name")

    def by(self, name: str) -> str | None:
        """What a study of this name left, in words; None: nothing."""
        folder = self._checkpoints / name
        if folder.exists() and any(folder.iterdir()):
            return f"{folder} holds weights"
        return "the memory holds trials" if name in self._remembered else None

    @cached_property
    def _remembered(self) -> frozenset[str]:
        """The studies of the trials in the memory, and of those in the ledger that no study of it measured."""
        ids = set(self._ledger.notes.ids()["trial"])
        with suppress(*USER_ERRORS):  # what cannot be read is not written over, as the study itself will say
            ids |= self._memory.ids("trial") if self._memory is not None else set()
        return frozenset(id.rpartition("/")[0] for id in ids)
