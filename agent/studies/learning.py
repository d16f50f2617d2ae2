"""What a study tells the memory, after the ledger: its trials, their lessons, and what it concludes at its end."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from agent.events import Event, LessonLearned, StudyNoted
from agent.studies.moment import Finished
from agent.studies.reflection import reflect
from agent.studies.study_spec import StudySpec
from memory.record import Lesson, Record, TrialRecord

if TYPE_CHECKING:
    from memory.store import TrialMemory

_log = logging.getLogger(__name__)


class Learner:
    """Writes to the memory; the ledger has it all already, so a failure costs nothing but the hint."""

    def __init__(self, study: str, memory: "TrialMemory | None", tell: Callable[[Event], None]) -> None:
        self._study = study
        self._memory = memory
        self._tell = tell
        self._n_concluded = 0  # trials that were there at the last conclusion

    def learn(self, finished: Finished) -> None:
        """Remember a trial, with its lesson if it taught one."""
        lesson = reflect(finished.goal, finished.record, finished.proposal, finished.earlier)
        self._remember(finished.record, *self._used(finished.record), *((lesson,) if lesson else ()))
        if lesson is not None:
            self._tell(LessonLearned(study=self._study, lesson=lesson))

    def conclude(self, spec: StudySpec, records: Sequence[TrialRecord], profile: Mapping[str, float]) -> None:
        """Draw the lessons of a study that ends, and withdraw those that it contradicts; once for the same trials."""
        from agent.studies.conclusions import conclude  # imports scipy, which a quick command does without

        if self._memory is None or len(records) == self._n_concluded:
            return
        try:
            found = conclude(spec, records, profile, self._memory)
        except Exception:  # noqa: BLE001 - a broken memory costs its hints, never the study
            _log.warning("no lessons were drawn", exc_info=True)
            return
        self._n_concluded = len(records)
        self._remember(*found.withdrawn, *found.drawn)
        for lesson in (*found.withdrawn, *found.drawn):
            self._tell(LessonLearned(study=self._study, lesson=lesson))

    def _used(self, record: TrialRecord) -> list[Lesson]:
        """The lessons that a trial rests on, where they did so in no earlier trial of the study."""
        ids = [id for id in record.evidence if id.startswith("lesson/")]
        if self._memory is None or not ids:
            return []
        try:
            found = [lesson for id in ids if isinstance(lesson := self._memory.get(id), Lesson)]
        except Exception:  # noqa: BLE001 - as above
            _log.warning("the memory cannot be read", exc_info=True)
            return []
        return [used for lesson in found if (used := _used_in(lesson, record)) is not None]

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


def _used_in(lesson: Lesson, trial: TrialRecord) -> Lesson | None:
    """The lesson with the trial that it weighed in for; None where it did in that study already."""
    if any(one.rpartition("/")[0] == trial.study for one in lesson.weighed_in):
        return None
    return replace(lesson, weighed_in=(*lesson.weighed_in, trial.id))
