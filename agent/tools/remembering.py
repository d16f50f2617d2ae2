"""Tools about what is remembered: past trials, and lessons that the person told."""

import difflib
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field

from agent import outside
from agent.answers.evidence import lesson_shown, trial_shown, why_withdrawn
from agent.answers.facts import quoted
from agent.answers.status_facts import data_title
from agent.answers.wording import listed
from agent.errors import ToolInputError
from agent.results.memory import LessonForgotten, LessonList, LessonListed, LessonNoted, Recalled
from agent.results.result import extended
from agent.results.trial import TrialRecalled
from agent.studies.at_hand import hand
from agent.studies.bounds_of_notes import contradicted
from agent.studies.study import Study
from agent.tools.checking import acts_now
from agent.tools.studies_at_hand import StudyName, known_dataset, logged, study_at_hand, study_read
from agent.understanding.asking.prospect import Prospect
from agent.understanding.bounds.noted import bound_in, bound_words, dataset_named, says_here
from agent.understanding.known import NoteKnown
from agent.words.names import Names, read
from agent.workspace import Workspace
from memory.content import Content
from memory.record import Lesson, TrialRecord, to_dict

MAX_LESSONS = 50  # in one answer
_SAME = 0.85  # likeness of words from which a note is meant by them, as of a slip of the pen
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
        bool | None,
        Field(
            description="true: later studies are held to it, as the person agreed; it names a param and values. "
            "false: a note that was a bound binds no more"
        ),
    ] = None,
) -> LessonNoted:
    """Keep something that the person knows or wants, so that later proposals and answers can rest on it."""
    chosen = study_at_hand(workspace, study) if study is not None else _spoken_of(workspace)
    words = " ".join(text.split())
    if not words:
        raise ToolInputError("there is nothing to remember: the text is empty")
    id = f"lesson/{hashlib.sha256(words.encode()).hexdigest()[:12]}"
    found = workspace.memory.get(id)
    was = found if isinstance(found, Lesson) and not found.imported else None
    here = was.dataset if was is not None else chosen.spec.dataset if chosen else None
    content = _of_key(bound_in(words, workspace.catalogue.names()), words, here, workspace)
    if as_bound and content is None:
        raise ToolInputError(
            "the note is no bound that can be read: say one param with its values, such as "
            "“never use embedding_size above 128” or “dropout at most 0.3 for sasrec”"
        )
    lesson = Lesson(
        id=id,
        text=words,
        source="user",
        study=chosen.spec.name if chosen else None,
        dataset=_scope(words, here, workspace) or (chosen.spec.dataset if chosen else None),
        created_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        content=content if as_bound else None,
        told_by=_person() or "",
    )
    if was is not None:
        lesson = replace(was, content=was.content if as_bound is None else lesson.content)
    was_bound = was is not None and was.content is not None and lesson.content is None
    others = [one for one in workspace.memory.lessons("bound") if one.id != id and not one.imported]
    against = contradicted(lesson.content, others) if lesson.content is not None else []
    if was is not None and was == lesson and as_bound is False:
        raise ToolInputError(f"{quoted(words, 80)} is a plain note, which binds nothing")
    theirs = [was] if was is not None and was != lesson else []
    acts_now(Prospect(notes=tuple(map(_said_against, against)), asks=_asks(theirs)))
    with logged(workspace, "remember_lesson", lesson=to_dict(lesson)) as entry:
        if was is not None:
            entry.before["was"] = to_dict(was)
        state = " as a bound" if as_bound else " as a plain note again" if was_bound else ""
        entry.says = f"{quoted(words, 80)} was noted{state}"
        entry.is_kept = was != lesson
        workspace.memory.remember(lesson)
    scope = lesson.content.dataset if lesson.content is not None else _scope(words, here, workspace)
    return LessonNoted(
        lesson=lesson.id,
        text=quoted(words),
        dataset=_title(workspace, lesson),
        number=_number(workspace, lesson),
        bound="" if content is None else _words(content, workspace),
        is_bound=lesson.content is not None,
        was_bound=was_bound,
        scope="" if scope is None else data_title(workspace, scope),
        against=tuple(quoted(one.text) for one in against),
    )


def _person() -> str | None:
    mine = hand()
    return mine.person if mine is not None else None


def _asks(notes: Sequence[Lesson]) -> str:
    """What a person is told first who would change or forget notes of others: whose each is."""
    person = _person()
    theirs = [note for note in notes if note.is_of_another(person)]
    return " ".join(f"{outside.text(note.told_by)} told the note “{outside.text(note.text[:200])}”." for note in theirs)


def _spoken_of(workspace: Workspace) -> Study | None:
    """The study at hand; in a chat that has none yet, the latest one only where another person did not begin it."""
    mine, found = hand(), workspace.runner.current()
    if mine is None or found is None or not mine.is_fresh:
        return found
    return None if found.begun.is_of_another(mine.person) else found


def _said_against(note: Lesson) -> str:
    return (
        f"The note {quoted(note.text, 80)} leaves no value together with this one. A study that both are for would "
        "follow the one that was told last, and say so."
    )


def _of_key(content: Content | None, text: str, here: str | None, workspace: Workspace) -> Content | None:
    """With the dataset by its key, which stays when it is renamed; "here" is the dataset at hand."""
    if content is None:
        return None
    return replace(content, dataset=_scope(text, here, workspace))


def _scope(text: str, here: str | None, workspace: Workspace) -> str | None:
    """The key of the only dataset that a note is for; None: every one."""
    named = dataset_named(text, workspace.catalogue.names())
    return workspace.catalogue.key_of(named) if named is not None else here if says_here(text) else None


def list_lessons(
    workspace: Workspace,
    study: Annotated[str | None, Field(description="only those of this study", max_length=100)] = None,
    about: Annotated[
        str | None, Field(description="only those that speak of this param, or hold this word", max_length=100)
    ] = None,
    dataset: Annotated[str | None, Field(description="only notes for this dataset and lessons learned on it")] = None,
    only_bounds: Annotated[bool, Field(description="only notes that later studies are held to")] = False,
    numbers: Annotated[list[int] | None, Field(description="only those of these numbers", max_length=50)] = None,
) -> LessonList:
    """List what is remembered apart from trials: what the person told, what trials taught, and whether it holds."""
    chosen = None if study is None else study_read(workspace, study)
    title = None if dataset is None else known_dataset(workspace, dataset)
    key = None if title is None else workspace.catalogue.key_of(title)
    every = list(enumerate(lessons_in_order(workspace), start=1))
    if unknown := [number for number in numbers or () if not 1 <= number <= len(every)]:
        raise ToolInputError(no_such(unknown, len(every)))
    found = [
        (number, lesson)
        for number, lesson in every
        if (chosen is None or lesson.study == chosen.name)
        and (about is None or _speaks_of(lesson, about))
        and (key is None or _is_for(lesson, key, workspace))
        and (not only_bounds or _bound(workspace, lesson))
        and (numbers is None or number in numbers)
    ]
    person = _person()
    tellers = Counter(by for _, lesson in found if (by := lesson.teller(person)))
    return LessonList(
        study=chosen.title if chosen else None,
        dataset=title,
        about=quoted(about) if about else "",
        only_bounds=only_bounds,
        by_number=numbers is not None,
        count=len(found),
        n_told=tellers.total(),
        n_by=dict(sorted(tellers.items(), key=lambda one: (one[0] != "you", one[0]))),
        n_withdrawn=sum(not lesson.holds for _, lesson in found),
        n_others=len(every) - len(found) if chosen else 0,
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
                told_by=lesson.teller(person),
            )
            for number, lesson in found[:MAX_LESSONS]
        ),
    )


def no_such(numbers: Sequence[int], count: int) -> str:
    """That no lesson has these numbers, and which there are."""
    which = f"note {numbers[0]}" if len(numbers) == 1 else f"notes {listed(map(str, numbers))}"
    there = "nothing is remembered yet" if not count else f"they are numbered from 1 to {count}"
    return f"there is no {which}; {there}"


def _speaks_of(lesson: Lesson, about: str) -> bool:
    """Whether a lesson is about a param, by its content or by its words, or holds the word."""
    return about in _params_of(lesson) or about.lower() in lesson.text.lower()


def _is_for(lesson: Lesson, key: str, workspace: Workspace) -> bool:
    if not lesson.is_told:
        return lesson.dataset == key
    return _scope_of(workspace, lesson) in (None, key)


def forget_lesson(
    workspace: Workspace,
    lesson: Annotated[
        str | int | list[int | str], Field(description="its text, its number in list_lessons, or several of these")
    ],
) -> LessonForgotten:
    """Forget a lesson, or several at once; undo brings them back."""
    every = lessons_in_order(workspace)
    if isinstance(lesson, list):
        numbers = {one for one in lesson if isinstance(one, int)}
        if unknown := sorted(number for number in numbers if not 1 <= number <= len(every)):
            raise ToolInputError(no_such(unknown, len(every)))
        those = [_meant(every, one) for one in lesson]
        found = [one for one in every if one in those]
    else:
        found = [_meant(every, lesson)]
    if not found:
        raise ToolInputError("say which note: its number or its words")
    first, *others = found
    acts_now(Prospect(runs={"note": first.text}, asks=_asks(found)))
    with logged(workspace, "forget_lesson", lesson=to_dict(first)) as entry:
        if others:
            entry.before["others"] = [to_dict(one) for one in others]
        n = len(others)
        entry.says = f"{quoted(first.text, 80)}{f' with {n} more' if n else ''} was forgotten"
        for one in found:
            workspace.memory.forget(one.id)
    return LessonForgotten(lesson=first.id, text=quoted(first.text), others=tuple(quoted(one.text) for one in others))


def lessons_in_order(workspace: Workspace) -> list[Lesson]:
    """All lessons, what people told first, each kind the oldest first: what their numbers count, from 1."""
    lessons = [record for record in workspace.memory.records("lesson") if isinstance(record, Lesson)]
    return sorted(lessons, key=lambda lesson: (not lesson.is_told, lesson.created_at, lesson.id))


def notes_known(workspace: Workspace) -> tuple[NoteKnown, ...]:
    """The lessons by their numbers, with what each is about."""
    person = _person()
    return tuple(
        NoteKnown(
            number=number,
            text=lesson.text,
            is_own=lesson.is_told,
            told_by=lesson.told_by if lesson.is_of_another(person) else "",
            is_bound=bool(_bound(workspace, lesson)),
            params=_params_of(lesson),
            dataset=_title(workspace, lesson),
            told_at=lesson.created_at,
        )
        for number, lesson in enumerate(lessons_in_order(workspace), start=1)
    )


def _params_of(lesson: Lesson) -> tuple[str, ...]:
    """What a lesson is about, by its content and by its words."""
    said = {param for span in read(lesson.text, Names()).of("param") for param in span.value}
    held = {one.param for one in lesson.content.where} if lesson.content is not None else set()
    return tuple(sorted(said | held))


def _bound(workspace: Workspace, lesson: Lesson) -> str:
    """What later studies are held to by it; empty where it binds nothing."""
    content = lesson.content
    if content is None or content.says != "bound" or lesson.imported:
        return ""
    return _words(content, workspace)


def _words(content: Content, workspace: Workspace) -> str:
    dataset = None if content.dataset is None else data_title(workspace, content.dataset)
    return bound_words(replace(content, dataset=dataset))


def _scope_of(workspace: Workspace, lesson: Lesson) -> str | None:
    """The key of the only dataset that a person's note is for; None: every one."""
    if lesson.content is not None:
        return lesson.content.dataset
    return _scope(lesson.text, lesson.dataset, workspace)


def _title(workspace: Workspace, lesson: Lesson) -> str | None:
    """What the dataset is called now that a lesson was learned on, or that a note is for alone."""
    key = _scope_of(workspace, lesson) if lesson.is_told else lesson.dataset
    return None if key is None else data_title(workspace, key)


def _number(workspace: Workspace, lesson: Lesson) -> int:
    return next(n for n, other in enumerate(lessons_in_order(workspace), start=1) if other.id == lesson.id)


def _meant(lessons: list[Lesson], wanted: str | int) -> Lesson:
    """The lesson of that text, number or id; of a part of a text, where it stands in one lesson only.

    Words come before a number, so that a note which is a number is not taken for the one that stands there.

    Raises:
        ToolInputError: There is none, or several; the text says which there are.
    """
    if isinstance(wanted, str) and len(same := [one for one in lessons if one.text == wanted]) == 1:
        return same[0]
    said = str(wanted).strip().strip("#“”\"'").rstrip(".")
    if said.isdecimal() and 1 <= int(said) <= len(lessons):
        return lessons[int(said) - 1]
    texts = [lesson.text.rstrip(".").lower() for lesson in lessons]
    exact = [lesson for lesson, text in zip(lessons, texts, strict=True) if said.lower() in (text, lesson.id)]
    part = [lesson for lesson, text in zip(lessons, texts, strict=True) if len(said) >= 3 and said.lower() in text]
    near = [lessons[texts.index(text)] for text in difflib.get_close_matches(said.lower(), texts, n=3, cutoff=0.6)]
    alike = [lessons[texts.index(text)] for text in difflib.get_close_matches(said.lower(), texts, n=3, cutoff=_SAME)]
    for found in (exact, part or alike):
        if len(found) == 1:
            return found[0]
    among = part or near or lessons
    those = "; ".join(f"{lessons.index(lesson) + 1}: {quoted(lesson.text, 80)}" for lesson in among[:10])
    none = f"there is no lesson {quoted(said, 80)}"
    none = no_such([int(said)], len(lessons)) if said.isdecimal() else none
    problem = "several lessons are like that" if part or near else none
    raise ToolInputError(f"{problem}; say its number: {those}" if lessons else "nothing is remembered yet")
