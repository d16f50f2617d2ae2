"""Tools about what is remembered: past trials, and lessons that the person told."""

import difflib
import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field

from agent.answers.evidence import lesson_shown, trial_shown, why_withdrawn
from agent.answers.facts import quoted
from agent.errors import ToolInputError
from agent.results.memory import LessonForgotten, LessonList, LessonListed, LessonNoted, Recalled
from agent.results.result import extended
from agent.results.trial import TrialRecalled
from agent.tools.checking import acts_now
from agent.tools.studies_at_hand import StudyName, data_title, known_dataset, logged, study_at_hand, study_read
from agent.understanding.asking.prospect import Prospect
from agent.understanding.bounds.noted import bound_in, bound_words
from agent.workspace import Workspace
from memory.content import Content
from memory.record import Lesson, TrialRecord, to_dict

MAX_LESSONS = 50  # in one answer
MAX_USES = 3  # trials of one lesson in one answer


def recall_trials(
    workspace: Workspace,
    query: Annotated[str, Field(description="what to look for, in words", max_length=500)] = "",
    dataset: Annotated[str | None, Field(description="only trials on this dataset")] = None,
    k: Annotated[int, Field(ge=1, le=20)] = 5,
    study: Annotated[str | None, Field(description="only trials on the dataset of this study")] = None,
) -> Recalled:
    """Search the memory for past trials and lessons that resemble the query, across all studies."""
    title = None if dataset is None else known_dataset(workspace, dataset)
    key = None if title is None else workspace.catalogue.key_of(title)
    if study is not None and key is None:
        key = study_read(workspace, study).spec.dataset
        title = data_title(workspace, key)
    trials = workspace.memory.recall(query, kind="trial", dataset=key, k=k)
    lessons = workspace.memory.recall(query, kind="lesson", k=min(k, 3))
    return Recalled(
        query=quoted(query) if query else "",
        dataset=title,
        trials=tuple(
            extended(
                TrialRecalled,
                trial_shown(found.record),
                dataset=data_title(workspace, found.record.dataset),
                similarity=found.similarity,
            )
            for found in trials
            if isinstance(found.record, TrialRecord)
        ),
        lessons=tuple(lesson_shown(found.record) for found in lessons if isinstance(found.record, Lesson)),
    )


def remember_lesson(
    workspace: Workspace,
    text: Annotated[str, Field(description="what the person knows, in their words", min_length=3, max_length=1000)],
    study: StudyName = None,
    as_bound: Annotated[
        bool, Field(description="true: later studies are held to it, as the person agreed; it names a param and values")
    ] = False,
) -> LessonNoted:
    """Keep something that the person knows or wants, so that later proposals and answers can rest on it."""
    chosen = study_at_hand(workspace, study) if study is not None else workspace.runner.current()
    words = " ".join(text.split())
    if not words:
        raise ToolInputError("there is nothing to remember: the text is empty")
    content = bound_in(words, workspace.catalogue.names())
    if as_bound and content is None:
        raise ToolInputError(
            "the note is no bound that can be read: say one param with its values, such as "
            "“never use embedding_size above 128” or “dropout at most 0.3 for sasrec”"
        )
    lesson = Lesson(
        id=f"lesson/{hashlib.sha256(words.encode()).hexdigest()[:12]}",
        text=words,
        source="user",
        study=chosen.spec.name if chosen else None,
        dataset=chosen.spec.dataset if chosen else None,
        created_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        content=_of_key(content, workspace) if as_bound else None,
    )
    was = workspace.memory.get(lesson.id)
    if isinstance(was, Lesson) and not was.imported:
        kept = was.content if content is None or not as_bound else lesson.content
        lesson = replace(was, content=kept)
    with logged(workspace, "remember_lesson", lesson=to_dict(lesson)) as entry:
        if was is not None:
            entry.before["was"] = to_dict(was)
        entry.says = f"{quoted(words, 80)} was noted{' as a bound' if as_bound else ''}"
        entry.is_kept = was != lesson
        workspace.memory.remember(lesson)
    return LessonNoted(
        lesson=lesson.id,
        text=quoted(words),
        dataset=_title(workspace, lesson),
        number=_number(workspace, lesson),
        bound="" if content is None else bound_words(content),
        is_bound=lesson.content is not None,
    )


def _of_key(content: Content | None, workspace: Workspace) -> Content | None:
    """With the dataset by its key, which stays when it is renamed."""
    if content is None or content.dataset is None:
        return content
    return replace(content, dataset=workspace.catalogue.key_of(content.dataset))


def list_lessons(
    workspace: Workspace,
    study: Annotated[str | None, Field(description="only those of this study", max_length=100)] = None,
) -> LessonList:
    """List what is remembered apart from trials: what the person told, what trials taught, and whether it holds."""
    chosen = None if study is None else study_read(workspace, study)
    found = [
        (number, lesson)
        for number, lesson in enumerate(lessons_in_order(workspace), start=1)
        if chosen is None or lesson.study == chosen.name
    ]
    return LessonList(
        study=chosen.title if chosen else None,
        count=len(found),
        n_told=sum(_is_own(lesson) for _, lesson in found),
        n_withdrawn=sum(not lesson.holds for _, lesson in found),
        lessons=tuple(
            LessonListed(
                number=number,
                text=quoted(lesson.text),
                source="imported" if lesson.imported else lesson.source,
                dataset=_title(workspace, lesson),
                withdrawn=why_withdrawn(lesson),
                weighed_in=lesson.weighed_in[-MAX_USES:],
                n_weighed_in=len(lesson.weighed_in),
                bound=_bound(workspace, lesson),
            )
            for number, lesson in found[:MAX_LESSONS]
        ),
    )


def forget_lesson(
    workspace: Workspace,
    lesson: Annotated[str | int, Field(description="its text, or its number in list_lessons")],
) -> LessonForgotten:
    """Forget a lesson; undo brings it back."""
    found = _meant(lessons_in_order(workspace), lesson)
    acts_now(Prospect(runs={"note": found.text}))
    with logged(workspace, "forget_lesson", lesson=to_dict(found)) as entry:
        entry.says = f"{quoted(found.text, 80)} was forgotten"
        workspace.memory.forget(found.id)
    return LessonForgotten(lesson=found.id, text=quoted(found.text))


def lessons_in_order(workspace: Workspace) -> list[Lesson]:
    """All lessons, what people told first, each kind the oldest first: what their numbers count, from 1."""
    lessons = [record for record in workspace.memory.records("lesson") if isinstance(record, Lesson)]
    return sorted(lessons, key=lambda lesson: (not _is_own(lesson), lesson.created_at, lesson.id))


def _is_own(lesson: Lesson) -> bool:
    """Whether the person told it here."""
    return lesson.source == "user" and not lesson.imported


def _bound(workspace: Workspace, lesson: Lesson) -> str:
    """What later studies are held to by it; empty where it binds nothing."""
    content = lesson.content
    if content is None or content.says != "bound" or lesson.imported:
        return ""
    dataset = None if content.dataset is None else data_title(workspace, content.dataset)
    return bound_words(replace(content, dataset=dataset))


def _title(workspace: Workspace, lesson: Lesson) -> str | None:
    """What the dataset of a lesson is called now."""
    return None if lesson.dataset is None else data_title(workspace, lesson.dataset)


def _number(workspace: Workspace, lesson: Lesson) -> int:
    return next(n for n, other in enumerate(lessons_in_order(workspace), start=1) if other.id == lesson.id)


def _meant(lessons: list[Lesson], wanted: str | int) -> Lesson:
    """The lesson of that number, id or text; of a part of a text, where it stands in one lesson only.

    Raises:
        ToolInputError: There is none, or several; the text says which there are.
    """
    said = str(wanted).strip().strip("#“”\"'").rstrip(".")
    if said.isdecimal() and 1 <= int(said) <= len(lessons):
        return lessons[int(said) - 1]
    texts = [lesson.text.rstrip(".").lower() for lesson in lessons]
    exact = [lesson for lesson, text in zip(lessons, texts, strict=True) if said.lower() in (text, lesson.id)]
    part = [lesson for lesson, text in zip(lessons, texts, strict=True) if len(said) >= 3 and said.lower() in text]
    near = [lessons[texts.index(text)] for text in difflib.get_close_matches(said.lower(), texts, n=3, cutoff=0.6)]
    for found in (exact, part or near):
        if len(found) == 1:
            return found[0]
    among = part or near or lessons
    listed = "; ".join(f"{lessons.index(lesson) + 1}: {quoted(lesson.text, 80)}" for lesson in among[:10])
    problem = "several lessons are like that" if part or near else f"there is no lesson {quoted(said, 80)}"
    raise ToolInputError(f"{problem}; say its number: {listed}" if lessons else "nothing is remembered yet")
