"""What is imported, held against what a home has: nothing is doubled or replaced, and no note of others binds here."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from agent.studies.shared_names import renamed
from memory.record import Lesson, Record, TrialRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What a home has, to which records of a file come."""

    trials: Sequence[TrialRecord]  # of its studies, and imported before
    lessons: Sequence[Lesson]
    studies: frozenset[str]  # names that are taken


def adopted(records: Sequence[Record], home: Home) -> list[Record]:
    """The records that are new here, under ids that are free; evidence follows its trials."""
    by_id = {trial.id: trial for trial in home.trials}
    by_content = {_content(trial): trial.id for trial in home.trials if trial.finished_at}
    trials = [record for record in records if isinstance(record, TrialRecord)]
    called: dict[str, str] = {}  # id in the file → here
    for trial in trials:
        same = by_id.get(trial.id)
        if same is not None and _content(same) == _content(trial):
            called[trial.id] = trial.id
        elif trial.finished_at and (id := by_content.get(_content(trial))) is not None:
            called[trial.id] = id
    new = [trial for trial in trials if trial.id not in called]
    mark = f"imported-{_digest(records)}"
    moved = {trial.study: f"{trial.study}-{mark}" for trial in new if trial.study in home.studies or trial.id in by_id}

    def there(id: str) -> str:
        study, _, number = id.rpartition("/")
        return called.get(id) or (f"{moved[study]}/{number}" if study in moved else id)

    def named(record: Record) -> Record:
        return renamed(record, lambda study: moved.get(study, study), there)

    lessons = _new_lessons([record for record in records if isinstance(record, Lesson)], home.lessons)
    others = [record for record in records if not isinstance(record, TrialRecord | Lesson)]
    came = [replace(trial, checkpoint=None) for trial in new]  # its file lies in another's home
    return [*(named(trial) for trial in came), *(named(lesson) for lesson in lessons), *others]


def _new_lessons(lessons: Iterable[Lesson], own: Sequence[Lesson]) -> list[Lesson]:
    """Those whose words are not here yet, each once, marked as imported."""
    ids, said = {lesson.id for lesson in own}, {(lesson.text, lesson.dataset) for lesson in own}
    new = []
    for lesson in lessons:
        if (lesson.text, lesson.dataset) in said:
            continue
        said.add((lesson.text, lesson.dataset))
        id = f"lesson/imported-{_digest([lesson])}" if lesson.id in ids else lesson.id
        new.append(replace(lesson, id=id, imported=True, weighed_in=()))
    return new


def _content(trial: TrialRecord) -> str:
    """All that was measured, apart from what the trial is called and where its files lie."""
    bare = replace(trial, id="", study="", number=0, checkpoint=None, evidence=(), rationale="")
    return repr(bare)


def _digest(records: Sequence[Record]) -> str:
    """Of what is imported, so that the same file twice gives the same ids."""
    return hashlib.sha256("\n".join(sorted(map(repr, records))).encode("utf-8", "replace")).hexdigest()[:8]
