"""What a study left that the ledger does not know, since an older ledger took the place of a newer one, for example.

No new study takes its name: it would write over the weights and memories, which the newer ledger still stands for.
"""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from agent.errors import USER_ERRORS, UserError
from agent.studies.ledger import Ledger

if TYPE_CHECKING:
    from memory.store import TrialMemory

_FIRST = 400  # trials; that all of them were interrupted and only later ones taught something is not to be expected


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
        return "the memory holds trials" if self._is_remembered(name) else None

    def _is_remembered(self, name: str) -> bool:
        """Whether the memory holds its first trials, or the ledger such that no study of it measured."""
        ids = [f"{name}/{number}" for number in range(_FIRST)]
        if not self._ledger.notes.ids()["trial"].isdisjoint(ids):
            return True
        with suppress(*USER_ERRORS):  # what cannot be read is not written over, as the study itself will say
            return self._memory is not None and bool(self._memory.holding(ids))
        return False
