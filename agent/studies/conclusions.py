"""What a study that has ended concludes: lessons that its trials contradict are withdrawn, and new ones are drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.standing import counted
from agent.studies.across_trials import drawn
from agent.studies.past_of_others import past_of_others
from agent.studies.relevance import LIKE, relevance
from agent.studies.study_spec import StudySpec
from agent.studies.withdrawal import withdrawn
from memory.record import Lesson, TrialRecord

if TYPE_CHECKING:
    from memory.store import TrialMemory


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusions:
    """Lessons to keep in place of what the memory has by their ids."""

    withdrawn: tuple[Lesson, ...] = ()
    drawn: tuple[Lesson, ...] = ()


def conclude(
    spec: StudySpec, records: Sequence[TrialRecord], profile: Mapping[str, float], memory: "TrialMemory"
) -> Conclusions:
    """Of a study's trials, and the remembered ones of others on data like its own."""
    own = counted(records)
    if not own:
        return Conclusions()
    others = [r for r, likeness in past_of_others(memory, spec.models, profile, spec.name) if likeness >= LIKE]
    ran = {record.model for record in own}
    looked_at = [
        lesson
        for lesson in memory.lessons("worse", "fails")
        if lesson.content is not None and lesson.content.model in ran and relevance(lesson, spec.dataset, profile)
    ]
    gone = [found for lesson in looked_at if (found := withdrawn(lesson, [*own, *others], len(looked_at)))]
    new = [lesson for lesson in drawn(spec, own) if _is_new(lesson, memory) and withdrawn(lesson, others) is None]
    return Conclusions(withdrawn=tuple(gone), drawn=tuple(new))


def _is_new(lesson: Lesson, memory: "TrialMemory") -> bool:
    """Whether it is not kept yet as it is; one that was withdrawn stays so."""
    kept = memory.get(lesson.id)
    return not isinstance(kept, Lesson) or (kept.holds and kept.evidence != lesson.evidence)
