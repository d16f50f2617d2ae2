"""What a study tells the memory, after the ledger: its trials and their lessons."""

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from agent.events import Event, LessonLearned, StudyNoted
from agent.studies.moment import Finished
from agent.studies.reflection import reflect
from memory.record import Record, TrialRecord

if TYPE_CHECKING:
    from memory.store import TrialMemory

_log = logging.getLogger(__name__)


class Learner:
    """Writes to the memory; the ledger has it all already, so a failure costs nothing but the hint."""

    def __init__(self, study: str, memory: "TrialMemory | None", tell: Callable[[Event], None]) -> None:
        self._study = study
        self._memory = memory
        self._tell = tell

    def learn(self, finished: Finished) -> None:
        """Remember a trial, with its lesson if it taught one."""
        lesson = reflect(finished.goal, finished.record, finished.proposal, finished.earlier)
        self._remember(finished.record, *((lesson,) if lesson else ()))
        if lesson is not None:
            self._tell(LessonLearned(study=self._study, lesson=lesson))

    def remember_missed(self, records: Sequence[TrialRecord]) -> None:
        """Trials that a crash kept from the memory."""
        memory = self._memory
        if memory is None:
            return
        try:
            missed = [record for record in records if memory.get(record.id) is None]
        except Exception:  # noqa: BLE001 - as below; the next write says so
            _log.warning("the memory cannot be read", exc_info=True)
            return
        self._remember(*missed)

    def _remember(self, *records: Record) -> None:
        if self._memory is None or not records:
            return
        try:
            self._memory.remember(*records)
        except Exception as error:  # noqa: BLE001 - the memory can be rebuilt from the ledger
            _log.warning("the memory cannot be written", exc_info=True)
            text = f"the memory could not be written ({error}); the ledger has the trial, and the next resume adds it"
            self._tell(StudyNoted(study=self._study, text=text))
